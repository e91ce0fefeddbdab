//! `metaplastic evaluate` on the host body.

use serde_json::Value;

use crate::sandbox::Sandbox;

const EXPERIMENT: &str = include_str!("../../task/experiments/cue-association.toml");

fn evaluate(sandbox: &Sandbox, options: &str) -> Value {
    sandbox.succeeds(&format!("evaluate network.plastic --json --episodes 40 {options}")).json()
}

#[test]
fn the_same_seed_gives_the_same_figures_on_any_number_of_threads() {
    let sandbox = Sandbox::new();
    let printed = |threads: &str| {
        let mut command = sandbox.command("evaluate network.plastic --json --episodes 40");
        command.env("RAYON_NUM_THREADS", threads);
        sandbox.command_succeeds(&mut command).json()
    };
    let one = printed("1");
    assert_eq!((printed("1"), printed("2"), printed("5")), (one.clone(), one.clone(), one.clone()));
    assert_ne!(evaluate(&sandbox, "--seed 2")["state_hash"], one["state_hash"]);
}

#[test]
fn the_object_has_every_figure() {
    let line = evaluate(&Sandbox::new(), "--seed 3");
    let figure = |key: &str| line[key].as_f64().unwrap();
    assert_eq!((line["task"].as_str(), line["on"].as_str()), (Some("cue-association"), Some("host")));
    assert_eq!((figure("episodes"), figure("decisions"), figure("chance")), (40.0, 160.0, 0.5));
    assert_eq!((figure("seed"), &line["freeze"]), (3.0, &Value::from("nothing")));
    assert_eq!(figure("accuracy"), figure("correct") / 160.0);
    assert!(figure("low") < figure("accuracy") && figure("accuracy") < figure("high"));
    assert_eq!(line["state_hash"].as_str().unwrap().len(), 16);
    // Of every 45 steps of a cue, a label is shown in 5.
    let [modulated, labelled, unlabelled] = ["modulated", "modulated_labelled", "modulated_unlabelled"].map(figure);
    assert!((9.0 * modulated - labelled - 8.0 * unlabelled).abs() < 1e-9, "{line}");
    assert!(0.9 < labelled && unlabelled < labelled, "{line}");
}

#[test]
fn what_is_frozen_takes_the_learning_away() {
    let sandbox = Sandbox::new();
    let learning = evaluate(&sandbox, "");
    for freeze in ["plasticity", "third-factor"] {
        let frozen = evaluate(&sandbox, &format!("--freeze {freeze}"));
        assert_eq!(frozen["freeze"].as_str(), Some(freeze));
        assert!(frozen["high"].as_f64() < learning["low"].as_f64(), "{freeze}: {frozen}");
    }
}

#[test]
fn options_and_files_change_the_task() {
    let sandbox = Sandbox::new();
    assert_eq!(evaluate(&sandbox, "--cues 6")["decisions"], 240);
    assert_ne!(evaluate(&sandbox, "--cue-rate 0.1"), evaluate(&sandbox, ""));
    sandbox.write("task.toml", "[task]\nname = 'cue-association'\ncues = 6\ncue_steps = 20");
    let file = evaluate(&sandbox, "--task task.toml");
    assert_eq!(file, evaluate(&sandbox, "--cues 6 --cue-steps 20"));
    assert_eq!(evaluate(&sandbox, "--task task.toml --cues 5")["decisions"], 200);
    sandbox.write("experiment.toml", EXPERIMENT);
    assert_eq!(evaluate(&sandbox, "--task experiment.toml"), evaluate(&sandbox, ""));
}

#[test]
fn without_json_it_is_printed_in_words() {
    let printed = Sandbox::new().succeeds("evaluate network.plastic --episodes 40");
    for part in [
        "cue-association on host, seed 1",
        "95 % interval",
        "chance      50.00 %",
        "while a label is shown",
        "160 in 40 unseen",
    ] {
        assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
    }
}

#[test]
fn the_page_shows_what_is_printed() {
    let page = include_str!("../../../docs/evaluation.md");
    let printed = Sandbox::new().succeeds("evaluate network.plastic --episodes 200");
    assert!(page.contains(&format!("```text\n{}```", printed.text())), "{}", printed.text());
}

#[test]
fn bad_options_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 17] = [
        ("--episodes 0", &["--episodes", "1..=10000000"]),
        ("--episodes 18446744073709551615", &["--episodes", "1..=10000000"]),
        ("--cues 0", &["network.plastic: --cues = 0 is not in 1..=256"]),
        ("--cues 300 --actions 2", &["network.plastic: --cues = 300 is not in 1..=256"]),
        ("--cues 70000", &["'70000' for '--cues", "an integer in 1..=256"]),
        ("--cues 7x", &["'7x' for '--cues", "an integer in 1..=256"]),
        ("--cue-rate fast", &["'fast' for '--cue-rate", "a number in 0..=1"]),
        ("--episodes 7x", &["'7x' for '--episodes", "an integer in 1..=10000000"]),
        (
            "--ways 5 --cues 2",
            &[
                "network.plastic: --ways is not an option of the network's task, cue-association",
                "--cues, --actions",
            ],
        ),
        ("--cue-rate 1.5", &["--cue-rate = 1.5 is not in 0..=1"]),
        ("--cue-rate NaN", &["--cue-rate = NaN is not in 0..=1"]),
        ("--actions 3", &["network.plastic, --actions", "needs 76 input neurons", "has 72", "change"]),
        ("--freeze mood", &["--freeze", "mood", "plasticity, third-factor"]),
        ("--on moon", &["--on", "moon", "host, serial:PORT", "emulator:BOARD", "mps2-an386", "pico"]),
        ("--on emulator:abacus", &["--on", "abacus", "mps2-an386"]),
        ("--on emulator:nrf52840-dk", &["'nrf52840-dk' is not emulated", "pico", "serial:PORT"]),
        ("--on serial", &["--on", "serial", "host, serial:PORT"]),
    ];
    for (options, parts) in cases {
        sandbox.refuses(&format!("evaluate network.plastic {options}"), parts);
    }
    sandbox.refuses("evaluate missing.plastic", &["missing.plastic", "cannot be read"]);
    // A number that the options did not give is called by its key in the file.
    sandbox.write("task.toml", "[task]\nname = 'cue-association'\ncues = 300");
    let parts = ["network.plastic, task.toml:3: task.cues = 300 is not in 1..=256"];
    sandbox.refuses("evaluate network.plastic --task task.toml --actions 2", &parts);
}

#[test]
fn the_artifact_in_a_folder_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/network.plastic", sandbox.read("network.plastic"));
    for command in ["evaluate folder", "inspect folder/", "bench folder --on host", "flash folder --board pico"] {
        sandbox.refuses(command, &["folder", "is a folder; folder/network.plastic is probably meant"]);
    }
    sandbox.refuses("evaluate tools", &["tools: is a folder; tools/network.plastic is not there either"]);
}

#[test]
fn float_without_its_training_says_where_to_get_one() {
    let parts = [
        "--float needs the checkpoint of the training beside network.plastic",
        "metaplastic train cue-association --out DIR",
        "evaluate DIR/network.plastic",
        "checkpoint: No such file",
    ];
    Sandbox::new().refuses("evaluate network.plastic --float cue-association", &parts);
}

#[test]
fn bad_task_files_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 8] = [
        ("[task", &["line 1"]),
        ("", &["has no [task] table"]),
        ("task = 3", &["has no [task] table"]),
        ("[tusk]\nname = 'cue-association'", &["unknown key \"tusk\"", "[task] table"]),
        ("[task]\nname = 'cue-association'\ncuse = 4", &["unknown field `cuse`", "`cues`"]),
        ("[task]\nname = 'cue-association'\ncues = 400", &["task.cues = 400", "1..=256"]),
        ("[task]\nname = 'chess'", &["\"chess\"", "cue-association"]),
        ("[task]\ncues = 4", &["task.name is missing", "cue-association"]),
    ];
    for (text, parts) in cases {
        sandbox.write("task.toml", text);
        sandbox.refuses("evaluate network.plastic --task task.toml", &[&["task.toml"], parts].concat());
    }
    sandbox.refuses("evaluate network.plastic --task missing.toml", &["missing.toml", "cannot be read"]);
}
