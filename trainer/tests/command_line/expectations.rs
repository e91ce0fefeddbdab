//! `metaplastic evaluate` with what it must reach: it prints all figures, and fails where they are not reached.

use std::process::{Output, Stdio};

use serde_json::Value;

use crate::sandbox::Sandbox;

const FEW: &str = "evaluate network.plastic --episodes 40";
const BANDIT: &[u8] = include_bytes!("../../../tests/artifacts/bandit.plastic");
const PLANT: &[u8] = include_bytes!("../../../tests/artifacts/adaptive-control-weak-drive.plastic");

/// The command prints what it prints without the expectations, and fails with an error that says all of `parts`.
fn misses(sandbox: &Sandbox, command: &str, expectations: &str, parts: &[&str]) {
    let Output { status, stdout, stderr } = sandbox.command(&format!("{command} {expectations}")).output().unwrap();
    let error = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{expectations}: {error}");
    assert_eq!(error.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{error}");
    for part in parts {
        assert!(error.contains(part), "{expectations}: {part:?} is not in: {error}");
    }
    assert_eq!(String::from_utf8(stdout).unwrap(), sandbox.succeeds(command).text(), "{expectations}");
}

fn object(sandbox: &Sandbox, command: &str) -> (f64, String) {
    let line: Value = sandbox.succeeds(&format!("{command} --json")).json();
    (line["value"].as_f64().unwrap(), line["state_hash"].as_str().unwrap().to_owned())
}

#[test]
fn what_is_reached_changes_nothing() {
    let sandbox = Sandbox::new();
    for command in [FEW, "evaluate network.plastic --life 3 --lives 4"] {
        let (accuracy, hash) = object(&sandbox, command);
        let printed = sandbox.succeeds(command);
        for expectations in [format!("--min-score {accuracy}"), format!("--min-score 0.5 --expect-hash {hash}")] {
            let expected = sandbox.succeeds(&format!("{command} {expectations}"));
            assert_eq!(expected.text(), printed.text(), "{expectations}");
        }
        let upper = format!("{command} --json --expect-hash {}", hash.to_uppercase());
        assert_eq!(sandbox.succeeds(&upper).json()["state_hash"].as_str(), Some(&*hash));
    }
}

#[test]
fn what_is_not_reached_fails_behind_all_figures() {
    let sandbox = Sandbox::new();
    // With all plastic weights at zero, so that the accuracy is not 1.
    let few = format!("{FEW} --freeze plasticity");
    let (accuracy, hash) = object(&sandbox, &few);
    let above = accuracy + 1e-6;
    let [score, other] = [format!("--min-score {above}"), format!("--expect-hash {:016x}", 7)];
    let score_fault = format!("accuracy {accuracy:.6} is below --min-score {above}");
    let hash_fault = format!("state hash {hash} is not --expect-hash 0000000000000007");
    for command in [few.clone(), format!("{few} --json")] {
        misses(&sandbox, &command, &score, &[&score_fault]);
        misses(&sandbox, &command, &other, &[&hash_fault]);
        misses(&sandbox, &command, &format!("{score} {other}"), &[&format!("{score_fault}; {hash_fault}")]);
    }
    misses(
        &sandbox,
        "evaluate network.plastic --life 3 --lives 4 --freeze plasticity",
        "--min-score 0.9",
        &["accuracy", "--min-score 0.9"],
    );
}

/// `| head` ends a command without an error, but not one that missed what was expected of it.
#[test]
fn a_reader_that_is_gone_hides_no_miss() {
    let sandbox = Sandbox::new();
    for (expectations, code) in [("--expect-hash 0000000000000007", 1), ("--min-score 0", 0)] {
        let mut command = sandbox.command(&format!("{FEW} {expectations}"));
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        drop(process.stdout.take());
        assert_eq!(process.wait().unwrap().code(), Some(code), "{expectations}");
    }
}

#[test]
fn a_measure_says_which_way_is_better() {
    let sandbox = Sandbox::new();
    sandbox.write("bandit.plastic", BANDIT);
    sandbox.write("plant.plastic", PLANT);
    let (bandit, plant) = ("evaluate bandit.plastic --episodes 20", "evaluate plant.plastic --episodes 4");
    let [(reward, _), (error, hash)] = [object(&sandbox, bandit), object(&sandbox, plant)];
    sandbox.succeeds(&format!("{bandit} --min-score {}", reward - 0.1));
    sandbox.succeeds(&format!("{plant} --max-score {} --expect-hash {hash}", error + 0.01));
    misses(&sandbox, bandit, "--min-score 100", &["reward", "is below --min-score 100"]);
    misses(&sandbox, plant, "--max-score 0.001", &["rmse", "is above --max-score 0.001"]);
    let refused = [
        (
            bandit,
            "--max-score 3",
            "--max-score: the score is reward, of which a larger value is better; give --min-score",
        ),
        (
            plant,
            "--min-score 3",
            "--min-score: the score is rmse, of which a smaller value is better; give --max-score",
        ),
        (FEW, "--max-score 0.9", "--max-score: the score is accuracy, of which a larger value is better"),
    ];
    for (command, expectation, part) in refused {
        sandbox.refuses(&format!("{command} {expectation}"), &[part]);
    }
}

#[test]
fn bad_expectations_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 8] = [
        ("--min-score 95", &["--min-score = 95 is not in 0..=1; an accuracy of 95 % is 0.95"]),
        ("--min-score NaN", &["--min-score = NaN is not a finite number"]),
        ("--min-score -0.1", &["--min-score = -0.1 is not in 0..=1"]),
        ("--min-score high", &["'high' for '--min-score", "a number"]),
        ("--min-score 0.5 --max-score 0.9", &["--min-score", "cannot be used with", "--max-score"]),
        ("--expect-hash 12", &["'12' for '--expect-hash", "16 hexadecimal digits"]),
        ("--expect-hash +123456789abcdef", &["'+123456789abcdef' for '--expect-hash"]),
        (
            "--expect-hash 0123456789abcdef --float cue-association",
            &["--expect-hash", "cannot be used with", "--float"],
        ),
    ];
    for (options, parts) in cases {
        sandbox.refuses(&format!("{FEW} {options}"), parts);
    }
}
