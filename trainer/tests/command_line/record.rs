//! `metaplastic record`: what is in its arrays, which steps and names are recorded, inputs that are played, and refusals.
//!
//! `tests/run.sh recordings` has numpy open recordings too.

use std::path::Path;

use metaplastic_files::npy::NumberArray;
use metaplastic_files::npz::{self, NpzFile, NumpyArray, NumpyArrays, NumpyValues};
use serde_json::Value;

use crate::sandbox::Sandbox;

const BANDIT: &[u8] = include_bytes!("../../../tests/artifacts/bandit.plastic");
const PLANT: &[u8] = include_bytes!("../../../tests/artifacts/adaptive-control-weak-drive.plastic");
const LIMIT: u64 = 1 << 30;

fn array(sandbox: &Sandbox, file: &str, name: &str) -> NumberArray {
    let mut file = NpzFile::open(&sandbox.path(file), LIMIT).unwrap();
    file.numbers(name).unwrap().unwrap_or_else(|| panic!("no array {name}"))
}

fn has(sandbox: &Sandbox, file: &str, name: &str) -> bool {
    NpzFile::open(&sandbox.path(file), LIMIT).unwrap().numbers(name).unwrap().is_some()
}

fn meta(sandbox: &Sandbox, file: &str) -> Value {
    let text = NpzFile::open(&sandbox.path(file), LIMIT).unwrap().texts("meta").unwrap().unwrap();
    serde_json::from_str(&text.values[0]).unwrap()
}

/// Rows of an array.
fn rows(array: &NumberArray) -> std::slice::ChunksExact<'_, f64> {
    array.values.chunks_exact(array.shape[1..].iter().product())
}

#[test]
fn the_hash_and_the_answers_are_those_of_an_evaluation() {
    let sandbox = Sandbox::new();
    for (options, evaluation) in [
        ("", "--episodes 1"),
        ("--life 3 --every 45 --only hidden", "--life 3 --lives 1"),
        ("--seed 9 --steps 7..8 --freeze plasticity", "--episodes 1 --seed 9 --freeze plasticity"),
        ("--cues 3 --steps 100..", "--episodes 1 --cues 3"),
    ] {
        let printed = sandbox.succeeds(&format!("record network.plastic --out life.npz {options}"));
        let line = sandbox.succeeds(&format!("evaluate network.plastic --json {evaluation}")).json();
        let hash = line["state_hash"].as_str().unwrap();
        assert_eq!(meta(&sandbox, "life.npz")["state_hash"], hash, "{options}");
        assert!(printed.text().contains(&format!("state hash  {hash}")), "{}", printed.text());
        let [answer, target] =
            ["answer", "target"].map(|name| array(&sandbox, "life.npz", &format!("decision.{name}")).values);
        let correct = answer.iter().zip(&target).filter(|(answer, target)| answer == target).count();
        assert_eq!(
            (line["correct"].as_u64(), line["decisions"].as_u64()),
            (Some(correct as u64), Some(answer.len() as u64))
        );
    }
}

#[test]
fn every_quantity_has_its_rows_and_its_scale() {
    let sandbox = Sandbox::new();
    sandbox.succeeds("record network.plastic --out life.npz");
    let shapes: [(&str, &[usize]); 12] = [
        ("input_spikes", &[180, 72]),
        ("input.spikes", &[180, 72]),
        ("hidden.potential", &[180, 64]),
        ("modulator.modulation", &[180, 8]),
        ("input>hidden.M", &[180, 64]),
        ("input>hidden.P", &[180, 72, 64]),
        ("input>hidden.E", &[180, 72, 64]),
        ("input>hidden.E.scale", &[180, 72, 1]),
        ("class_scores", &[180, 2]),
        ("class_scores.scale", &[]),
        ("labelled", &[180]),
        ("decision.start", &[4]),
    ];
    let names = known(&sandbox);
    for (name, shape) in shapes {
        assert_eq!(array(&sandbox, "life.npz", name).shape, shape, "{name} of {names}");
    }
    assert_eq!(array(&sandbox, "life.npz", "input.spikes"), array(&sandbox, "life.npz", "input_spikes"));
    let weights = array(&sandbox, "life.npz", "input>hidden.P");
    let changed = rows(&weights).zip(rows(&weights).skip(1)).filter(|(before, after)| before != after).count();
    let modulated = array(&sandbox, "life.npz", "modulated").values.iter().sum::<f64>();
    assert!(changed > 10 && changed as f64 <= modulated, "{changed} of {modulated}");
    let meta = meta(&sandbox, "life.npz");
    assert_eq!(
        (&meta["task"], &meta["body"], &meta["steps"]["all"]),
        (&"cue-association".into(), &"host".into(), &180.into())
    );
    let inspected = sandbox.succeeds("inspect network.plastic --json").json();
    assert_eq!((&meta["artifact"], &meta["populations"]), (&inspected["checksum"], &inspected["populations"]));
}

/// The names that a refusal lists.
fn known(sandbox: &Sandbox) -> String {
    let mut command = sandbox.command("record network.plastic --out none.npz --only nothing");
    sandbox.command_fails(&mut command)
}

#[test]
fn steps_and_names_are_chosen_and_what_is_kept_is_the_same() {
    let sandbox = Sandbox::new();
    sandbox.succeeds("record network.plastic --out all.npz");
    sandbox.succeeds(
        "record network.plastic --out some.npz --steps 40..61 --every 5 --only hidden.spikes,input>hidden",
    );
    assert_eq!(array(&sandbox, "some.npz", "step").values, [40.0, 45.0, 50.0, 55.0, 60.0]);
    for name in ["hidden.spikes", "input>hidden.P", "input>hidden.E", "class_scores", "input_spikes", "modulated"] {
        let [all, some] = ["all.npz", "some.npz"].map(|file| array(&sandbox, file, name));
        let expected: Vec<f64> = match some.shape.len() {
            1 => (40..61).step_by(5).map(|step| all.values[step]).collect(),
            _ => rows(&all).skip(40).step_by(5).take(5).flatten().copied().collect(),
        };
        assert_eq!(some.values, expected, "{name}");
    }
    assert!(has(&sandbox, "all.npz", "hidden.potential") && !has(&sandbox, "some.npz", "hidden.potential"));
    sandbox.succeeds("record network.plastic --out again.npz");
    assert!(sandbox.read("all.npz") == sandbox.read("again.npz"), "the same command writes other bytes");
}

#[test]
fn worlds_have_what_is_sensed_and_what_is_measured() {
    let sandbox = Sandbox::new();
    sandbox.write("plant.plastic", PLANT);
    sandbox.write("bandit.plastic", BANDIT);
    sandbox.succeeds("record plant.plastic --out plant.npz --steps ..200");
    let [desired, actual, sensed] =
        ["world.desired", "world.actual", "input_analog"].map(|name| array(&sandbox, "plant.npz", name));
    assert_eq!(
        (&desired.shape[..], &actual.shape[..], &sensed.shape[..]),
        (&[200, 1][..], &[200, 1][..], &[200, 4][..])
    );
    assert_eq!(array(&sandbox, "plant.npz", "commands").shape, [200, 1]);
    let line = sandbox.succeeds("evaluate plant.plastic --episodes 1 --json").json();
    let measured = array(&sandbox, "plant.npz", "world.measured");
    assert_eq!(measured.values[0], line["rmse_mean"].as_f64().unwrap());
    assert_eq!(meta(&sandbox, "plant.npz")["measures"][0]["name"], "rmse");
    sandbox.succeeds("record bandit.plastic --out bandit.npz --life 2");
    let [rewards, lives] = ["decision.reward", "world.measured"].map(|name| array(&sandbox, "bandit.npz", name));
    assert_eq!(rewards.values.iter().sum::<f64>(), rows(&lives).map(|row| row[0]).sum::<f64>());
    assert_eq!(array(&sandbox, "bandit.npz", "decision.answer").shape, rewards.shape);
}

/// A network that is given the inputs of a recording keeps the same, in a world too.
#[test]
fn a_recording_is_played_again() {
    let sandbox = Sandbox::new();
    sandbox.write("plant.plastic", PLANT);
    for (network, options) in [("network.plastic", "--life 2"), ("plant.plastic", "--steps ..150")] {
        sandbox.succeeds(&format!("record {network} --out first.npz {options}"));
        sandbox.succeeds(&format!("record {network} --out second.npz --inputs first.npz"));
        let names =
            ["hidden.spikes", "hidden.potential", "input_analog", "input_spikes", "commands", "class_scores"];
        let mut compared = 0;
        for name in names.into_iter().filter(|name| has(&sandbox, "first.npz", name)) {
            assert_eq!(array(&sandbox, "first.npz", name), array(&sandbox, "second.npz", name), "{name}");
            compared += 1;
        }
        assert!(compared >= 4, "{network}");
        let meta = meta(&sandbox, "second.npz");
        assert_eq!((&meta["seed"], &meta["task_parameters"]), (&Value::Null, &Value::Null));
    }
}

fn write(path: &Path, arrays: &[(&str, NumpyArray)]) {
    let arrays: NumpyArrays = arrays.iter().map(|(name, array)| ((*name).to_owned(), array.clone())).collect();
    std::fs::write(path, npz::to_bytes(&arrays).unwrap()).unwrap();
}

fn floats(shape: &[usize], value: f64) -> NumpyArray {
    NumpyArray { shape: shape.to_vec(), values: NumpyValues::F64(vec![value; shape.iter().product()]) }
}

/// Name of a network, arrays of its inputs, and what their refusal says.
type RefusedInputs = (&'static str, Vec<(&'static str, NumpyArray)>, &'static str);

#[test]
fn inputs_that_do_not_fit_are_refused_by_file_and_array() {
    let sandbox = Sandbox::new();
    sandbox.write("plant.plastic", PLANT);
    let step = NumpyArray { shape: vec![3], values: NumpyValues::I64(vec![0, 1, 3]) };
    let spikes = |value| ("input_spikes", floats(&[3, 72], value));
    let cases: [RefusedInputs; 9] = [
        ("network", vec![], "array \"input_spikes\" is missing: the network takes 72 input neurons a step"),
        ("network", vec![("input_spikes", floats(&[3, 71], 0.0))], "has shape [3, 71], it must be [steps, 72]"),
        ("network", vec![("input_spikes", floats(&[0, 72], 0.0))], "has shape [0, 72]"),
        ("network", vec![spikes(0.5)], "array \"input_spikes\", value 0: 0.5 is not 0 or 1"),
        ("network", vec![spikes(0.0), ("input_analog", floats(&[3, 1], 0.0))], "it must be [3, 0]"),
        ("network", vec![spikes(0.0), ("step", step)], "steps are left out behind step 1"),
        (
            "network",
            vec![spikes(1.0), ("state_reset", floats(&[2], 0.0))],
            "array \"state_reset\" has shape [2], it must be [3]",
        ),
        (
            "plant",
            vec![("input_analog", floats(&[3, 4], f64::NAN))],
            "array \"input_analog\", value 0: NaN is not a finite number",
        ),
        (
            "plant",
            vec![("input_analog", floats(&[3, 4], 1.0)), ("input_analog.scale", floats(&[3], 1.0))],
            "array \"input_analog.scale\" has shape [3], it must be [] or [4]",
        ),
    ];
    for (network, arrays, part) in cases {
        write(&sandbox.path("inputs.npz"), &arrays);
        sandbox
            .refuses(&format!("record {network}.plastic --out out.npz --inputs inputs.npz"), &["inputs.npz", part]);
        sandbox.refuses(
            &format!("bench {network}.plastic --on emulator:mps2-an386 --inputs inputs.npz"),
            &["inputs.npz", part],
        );
    }
    sandbox.refuses(
        "record network.plastic --out out.npz --inputs network.plastic",
        &["network.plastic: not an .npz file"],
    );
    sandbox.refuses("record network.plastic --out out.npz --inputs none.npz", &["none.npz: cannot be read"]);
}

#[test]
fn bad_options_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("inputs.npz", "");
    let cases: [(&str, &[&str]); 12] = [
        (
            "--only hiddn",
            &["network.plastic", "--only hiddn: the network has nothing of that name", "hidden.spikes"],
        ),
        ("--steps 180..", &["--steps begins at step 180", "only 180 steps"]),
        ("--steps 5..5", &["'5..5' for '--steps", "no step"]),
        ("--steps 7", &["'7' for '--steps", "A..B"]),
        ("--every 0", &["'0' for '--every", "1..="]),
        ("--episode 0", &["'0' for '--episode", "1..=10000000"]),
        ("--life 0", &["'0' for '--life", "1..=10000"]),
        ("--life 2 --episode 2", &["--life", "cannot be used with", "--episode"]),
        ("--inputs inputs.npz --seed 2", &["--inputs", "cannot be used with", "--seed"]),
        ("--inputs inputs.npz --cues 2", &["--inputs", "cannot be used with", "--cues"]),
        ("--life 10000", &["recording would take about", "--memory-limit is 4.0 GB", "--every"]),
        ("--on moon", &["--on", "moon", "emulator:BOARD"]),
    ];
    for (options, parts) in cases {
        sandbox.refuses(&format!("record network.plastic --out out.npz {options}"), parts);
    }
    sandbox.refuses("record network.plastic", &["--out"]);
    sandbox.refuses("record network.plastic --out network.plastic", &["--out", "the same file as FILE.plastic"]);
    let parts = ["--out", "the same file as --inputs"];
    sandbox.refuses("record network.plastic --out inputs.npz --inputs ./inputs.npz", &parts);
    sandbox.refuses("record network.plastic --out nowhere/out.npz", &["nowhere/out.npz: cannot be written"]);
}
