//! `metaplastic train`: what it leaves, and what it refuses before it has touched anything.

use crate::sandbox::Sandbox;
use crate::trained::{META_STEPS, OUT, arguments, training};

const EXPERIMENT: &str = include_str!("../../learn/experiments/cue-association.toml");

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
    let cases: [(&str, &[&str]); 17] = [
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
        ("batch = 32", "batch = \"all\"", &["batch = \"all\"", "u32"]),
        ("signals = 0", "signals = 0\nsmell = 1", &["unknown field `smell`"]),
        ("membrane_decay = 0.8", "membrane_decay = 1.8", &["membrane_decay = 1.8", "..="]),
    ];
    for (from, to, parts) in cases {
        assert!(EXPERIMENT.contains(from), "the built-in experiment does not say {from:?}");
        sandbox.write("my.toml", EXPERIMENT.replacen(from, to, 1));
        sandbox.refuses("train my.toml --out out", &[&["my.toml"], parts].concat());
    }
}

#[test]
fn what_the_operating_system_reports_is_printed_once() {
    let sandbox = Sandbox::new();
    let error = sandbox.command_fails(&mut sandbox.command("train cue-association --out out --resume"));
    assert_eq!(error.matches("No such file").count(), 1, "{error}");
    assert_eq!(error.matches("out/checkpoint").count(), 1, "{error}");
}

#[test]
fn only_the_same_training_is_resumed() {
    let sandbox = with_checkpoint();
    let cases = [
        (arguments(OUT).replace("--meta-steps 20", "--meta-steps 30"), "meta-steps was 20, now 30"),
        (arguments(OUT) + " --seed 2", "the seed was 1, now 2"),
        (arguments(OUT) + " --engine reference", "the engine was fused, now reference"),
        (arguments(OUT) + " --freeze weights", "the experiment's [meta]"),
        (arguments(OUT) + " --rule oja", "the experiment's [network]"),
        (arguments(OUT).replace("cue-association", "cue-association-8x4"), "the experiment's [task]"),
    ];
    for (arguments, part) in cases {
        sandbox.refuses(&format!("{arguments} --resume"), &["out/checkpoint", part, "start without --resume"]);
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
        sandbox.refuses(&(arguments(OUT) + " --resume"), &["out/checkpoint", part, "start without --resume"]);
    }
}

/// It cannot be known before training that a file will not be writable; then no part of it is there.
#[test]
fn a_file_in_the_way_is_named_and_nothing_half_written_stays() {
    for file in ["checkpoint", "network.plastic"] {
        let sandbox = Sandbox::new();
        sandbox.write(&format!("out/{file}/in-the-way"), "");
        let mut command = sandbox.command("train cue-association --out out --meta-steps 1 --episodes 1");
        let error = sandbox.command_fails(&mut command);
        assert!(error.contains(&format!("out/{file}")), "{error}");
        let expected =
            if file == "checkpoint" { vec![file, "metrics.csv"] } else { vec!["checkpoint", "metrics.csv", file] };
        assert_eq!(sandbox.names("out"), expected);
    }
}
