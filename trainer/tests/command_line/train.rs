//! `metaplastic train`: what it leaves, and what it refuses before it has touched anything.

use crate::sandbox::Sandbox;
use crate::trained::{META_STEPS, OUT, arguments, training};

const EXPERIMENT: &str = include_str!("../../task/experiments/cue-association.toml");

/// A sandbox with the checkpoint of the shared training in `out`.
fn with_checkpoint() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("out/checkpoint", training().sandbox.read("out/checkpoint"));
    sandbox
}

#[test]
fn a_training_leaves_whole_files_and_nothing_else() {
    let files = ["checkpoint", "metrics.csv", "network.plastic", "report.html", "summary.json"];
    let sandbox = &training().sandbox;
    assert_eq!(sandbox.names(OUT), files);
    let metrics = String::from_utf8(sandbox.read("out/metrics.csv")).unwrap();
    assert_eq!(metrics.lines().count(), 1 + META_STEPS as usize);
    let inspection = sandbox.succeeds("inspect out/network.plastic --json").json();
    assert_eq!(inspection["training"]["meta_steps"], META_STEPS);
}

#[test]
fn the_last_line_has_every_figure() {
    let line = &training().line;
    let figure = |key: &str| line[key].as_f64().unwrap_or_else(|| panic!("{key} in {line}"));
    assert_eq!((line["task"].as_str(), figure("seed")), (Some("cue-association"), 1.0));
    assert_eq!((figure("meta_steps"), figure("chance")), (f64::from(META_STEPS), 0.5));
    for accuracy in ["float_accuracy", "chip_accuracy"] {
        assert!((0.0..=1.0).contains(&figure(accuracy)), "{accuracy} in {line}");
    }
    let synapse_steps = 32.0 * 180.0 * 5120.0 * f64::from(META_STEPS);
    let relative = figure("ns_per_synapse_step") * synapse_steps / (1e9 * figure("wall_seconds"));
    assert!((relative - 1.0).abs() < 1e-9, "{line}");
    if cfg!(target_os = "linux") {
        assert!(figure("peak_rss_bytes") > 1e6, "{line}");
    }
}

#[test]
fn bad_arguments_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 18] = [
        ("nothing --out out", &["nothing", "built-in experiment: cue-association,"]),
        ("tools --out out", &["tools", "built-in experiment: cue-association,"]),
        ("network.plastic --out out", &["network.plastic", "UTF-8"]),
        ("cue-association", &["--out <DIR>"]),
        ("cue-association --out network.plastic", &["network.plastic", "choose a folder that can be written to"]),
        ("cue-association --out network.plastic/out", &["network.plastic/out", "choose a folder"]),
        ("cue-association --out out --meta-steps 0", &["'0' for '--meta-steps", "1..=1000000"]),
        ("cue-association --out out --meta-steps many", &["'many' for '--meta-steps", "an integer in 1..=1000000"]),
        ("cue-association --out out --truncate 0", &["'0' for '--truncate", "an integer in 1..=1000000"]),
        ("cue-association --out out --seed x", &["'x' for '--seed", "an integer in 0..=18446744073709551615"]),
        ("cue-association --out out --episodes x", &["'x' for '--episodes", "an integer in 1..=10000000"]),
        ("cue-association --out out --seed -1", &["--seed", "'-1'", "not an integer in 0..=18446744073709551615"]),
        ("cue-association --out out --episodes 0", &["--episodes", "1..=10000000"]),
        ("cue-association --out out --freeze mood", &["--freeze", "mood", "weights, bias"]),
        ("cue-association --out out --rule custom", &["--rule", "experiment's file"]),
        ("cue-association --out out --engine steam", &["--engine", "fused, reference"]),
        ("cue-association --out out --engine reference --truncate 5", &["--truncate", "use --engine fused"]),
        ("cue-association --out out --resume", &["out/checkpoint", "start without --resume"]),
    ];
    for (arguments, parts) in cases {
        sandbox.refuses(&format!("train {arguments}"), parts);
    }
}

#[test]
fn bad_experiments_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &str, &[&str]); 9] = [
        ("cues = 4 ", "cuse = 4 ", &["unknown field `cuse`", "`cues`"]),
        ("cues = 4 ", "cues = 0 ", &["task.cues = 0", "1..=256"]),
        ("actions = 2 ", "actions = 3 ", &["needs 76 input neurons", "has 72", "change"]),
        ("name = \"cue-association\"", "name = \"chess\"", &["task.name", "chess", "cue-association"]),
        ("batch = 32", "bitch = 32", &["unknown field `bitch`", "`batch`"]),
        ("batch = 32", "batch = 5000", &["meta.batch = 5000", "1..=4096"]),
        ("batch = 32", "batch = \"all\"", &["batch = \"all\"", "an integer in 1..=4096"]),
        ("kind = \"lif\"", "kind = \"lif\"\nsmell = 1", &["unknown field `smell`"]),
        ("membrane_decay = 0.8", "membrane_decay = 1.8", &["membrane_decay = 1.8", "..="]),
    ];
    for (from, to, parts) in cases {
        assert!(EXPERIMENT.contains(from), "the built-in experiment does not say {from:?}");
        sandbox.write("my.toml", EXPERIMENT.replacen(from, to, 1));
        sandbox.refuses("train my.toml --out out", &[&["my.toml"], parts].concat());
    }
}

/// The faults of users' files: each is refused at its own line, by key, value and limits.
#[test]
fn faults_of_users_are_refused_at_their_line() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &str, &[&str]); 3] = [
        (
            "refractory = 0 ",
            "refractory = 256 ",
            &["network.hidden.refractory: ", "integer `256`, expected an integer in 0..=255"],
        ),
        ("size = 64", "size = -64", &["network.hidden.size: ", "integer `-64`, expected an integer in 1..=16384"]),
        (
            "membrane_decay = 0.8 ",
            "membran_decay = 0.8 ",
            &["network.hidden.membran_decay: ", "unknown field `membran_decay`", "`membrane_decay`"],
        ),
    ];
    for (from, fault, parts) in cases {
        assert!(EXPERIMENT.contains(from), "the built-in experiment does not say {from:?}");
        let text = EXPERIMENT.replacen(from, fault, 1);
        let line = text.lines().position(|line| line.starts_with(fault)).unwrap() + 1;
        sandbox.write("my.toml", text);
        sandbox.refuses("train my.toml --out out", &[&["my.toml: ", &format!("at line {line}, ")], parts].concat());
    }
}

#[test]
fn a_number_of_the_task_is_refused_by_key_value_limits_and_line() {
    let sandbox = Sandbox::new();
    let line = EXPERIMENT.lines().position(|line| line.starts_with("cues = 4 ")).unwrap() + 1;
    for (value, refusal) in
        [("70000", "is not in 1..=256"), ("-1", "is not in 1..=256"), ("2.5", "is not an integer in 1..=256")]
    {
        sandbox.write("my.toml", EXPERIMENT.replacen("cues = 4 ", &format!("cues = {value} "), 1));
        let refusal = format!("my.toml:{line}: task.cues = {value} {refusal}");
        sandbox.refuses("train my.toml --out out", &[&refusal]);
        sandbox.refuses(
            "evaluate network.plastic --task my.toml --on host",
            &[&format!("my.toml:{line}"), &format!("task.cues = {value}")],
        );
    }
}

#[test]
fn an_experiment_in_utf_16_is_refused_and_a_bom_before_utf_8_is_not() {
    let sandbox = Sandbox::new();
    let wide = EXPERIMENT.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for bytes in [wide.clone(), [b"\xff\xfe".to_vec(), wide].concat()] {
        sandbox.write("my.toml", bytes);
        for command in ["train my.toml --out out", "evaluate network.plastic --task my.toml --on host"] {
            sandbox.refuses(command, &["my.toml", "UTF-16; save it as UTF-8"]);
        }
    }
    sandbox.write("my.toml", format!("\u{feff}{EXPERIMENT}"));
    sandbox.succeeds("evaluate network.plastic --task my.toml --on host --episodes 1");
}

#[test]
fn what_the_operating_system_reports_is_printed_once() {
    let sandbox = Sandbox::new();
    let error = sandbox.command_fails(&mut sandbox.command("train cue-association --out out --resume"));
    assert_eq!(error.matches("No such file").count(), 1, "{error}");
    assert_eq!(error.matches("out/checkpoint").count(), 1, "{error}");
}

/// The keys that differ, with both values, once; and no advice that loses the training.
#[test]
fn only_the_same_training_is_resumed() {
    let sandbox = with_checkpoint();
    let cases = [
        (arguments(OUT).replace("--meta-steps 20", "--meta-steps 30"), "meta.meta_steps was 20, now 30;"),
        (arguments(OUT) + " --seed 2", "another training: meta.seed was 1, now 2;"),
        (arguments(OUT) + " --truncate 5", "another training: --truncate was none, now 5;"),
        (arguments(OUT) + " --engine reference", "engine was fused, now reference;"),
        (arguments(OUT) + " --freeze weights", "meta.freeze was [], now [\"weights\"];"),
        (arguments(OUT) + " --rule modulated-oja", "network.projection.input>hidden.plasticity."),
        (arguments(OUT).replace("cue-association", "cue-association-8x4"), "task.cues was 4, now 8;"),
    ];
    for (arguments, part) in cases {
        let parts = ["out/checkpoint", part, "choose another folder; --overwrite in place of --resume"];
        sandbox.refuses(&format!("{arguments} --resume"), &parts);
        let error = sandbox.command_fails(&mut sandbox.command(&format!("{arguments} --resume")));
        assert_eq!(error.matches("another training").count(), 1, "{error}");
    }
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let sandbox = with_checkpoint();
    let whole = sandbox.read("out/checkpoint");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let cases = [
        (flipped, "damaged"),
        (whole[..whole.len() - 1].to_vec(), "damaged"),
        (Vec::new(), "not a checkpoint"),
        (sandbox.read("network.plastic"), "not a checkpoint"),
    ];
    for (bytes, part) in cases {
        sandbox.write("out/checkpoint", bytes);
        sandbox.refuses(&(arguments(OUT) + " --resume"), &["out/checkpoint", part, "--overwrite in place of"]);
    }
}

#[test]
fn a_file_in_the_way_is_named_before_training() {
    for file in ["checkpoint", "network.plastic", "report.html"] {
        let sandbox = Sandbox::new();
        sandbox.write(&format!("out/{file}/in-the-way"), "");
        let train = "train cue-association --out out --meta-steps 1 --episodes 1";
        sandbox.refuses(train, &["out: has files of a training", file, "--overwrite"]);
        sandbox.refuses(&format!("{train} --overwrite"), &[&format!("out/{file}: cannot be removed")]);
    }
}

/// An artifact's weights, decays and rule, and a readout of its own.
#[test]
fn a_training_starts_from_an_artifact() {
    let sandbox = Sandbox::new();
    let families = "start_families = ['weights', 'bias', 'membrane-decay', 'synapse-decay', 'modulator-decay', \
                    'modulator-weights', 'coefficients', 'trace-decay', 'eligibility-decay', 'rate', 'leak', \
                    'third-factor-weights']\nfreeze = []";
    sandbox.write("mine.toml", EXPERIMENT.replacen("freeze = []", families, 1));
    let short = "--meta-steps 1 --episodes 40 --json --quiet --out";
    let line = sandbox.succeeds(&format!("train mine.toml --start network.plastic {short} from")).json();
    assert!(line["untrained_accuracy"].as_f64().unwrap() > 0.95, "it has learned before: {line}");
    sandbox.refuses(
        &format!("train mine.toml {short} without"),
        &["meta.start_families is not empty", "--start FILE.plastic"],
    );
    let parts = ["--start", "meta.start_families is empty"];
    sandbox.refuses(&format!("train cue-association --start network.plastic {short} none"), &parts);
    sandbox.write("other.toml", EXPERIMENT.replacen("freeze = []", families, 1).replace("size = 64", "size = 63"));
    let parts = ["--start", "population hidden is another one in the artifact"];
    sandbox.refuses(&format!("train other.toml --start network.plastic {short} other"), &parts);
    // A training is resumed from the same artifact.
    sandbox.refuses(&format!("train mine.toml --resume {short} from"), &["meta.start_families is not empty"]);
    sandbox.succeeds(&format!("train mine.toml --start network.plastic --resume {short} from"));
}
