//! `metaplastic evaluate --life`, and parameters of tasks that chain.

use serde_json::Value;

use crate::one_shot;
use crate::sandbox::Sandbox;

fn evaluate(sandbox: &Sandbox, options: &str) -> Value {
    sandbox.succeeds(&format!("evaluate network.plastic --json {options}")).json()
}

fn sum(line: &Value, list: &str, figure: &str) -> u64 {
    line[list].as_array().unwrap().iter().map(|part| part[figure].as_u64().unwrap()).sum()
}

#[test]
fn the_object_has_every_episode_of_a_life() {
    let line = evaluate(&Sandbox::new(), "--life 6 --lives 10");
    assert_eq!((&line["life"], &line["lives"], &line["episodes"]), (&6.into(), &10.into(), &60.into()));
    let episodes = line["by_episode"].as_array().unwrap();
    let numbers: Vec<_> = episodes.iter().map(|episode| episode["episode"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert!(episodes.iter().all(|episode| episode["decisions"] == 40 && episode["episodes"] == 1));
    for figure in ["correct", "decisions"] {
        assert_eq!(sum(&line, "by_episode", figure), line[figure].as_u64().unwrap());
    }
    let figure = |key: &str| episodes[2][key].as_f64().unwrap();
    assert_eq!(figure("accuracy"), figure("correct") / 40.0);
    assert!(figure("low") <= figure("accuracy") && figure("accuracy") <= figure("high"));
    assert_eq!(line.get("by_candidates"), None);
}

#[test]
fn a_life_of_one_episode_is_an_episode() {
    let sandbox = Sandbox::new();
    let (lives, episodes) = (evaluate(&sandbox, "--life 1 --lives 30"), evaluate(&sandbox, "--episodes 30"));
    for figure in ["state_hash", "correct", "decisions", "modulated"] {
        assert_eq!(lives[figure], episodes[figure], "{figure}");
    }
    assert_ne!(evaluate(&sandbox, "--life 3 --lives 10")["state_hash"], episodes["state_hash"]);
}

#[test]
fn a_life_begins_with_a_given_state_and_the_last_one_is_saved() {
    let sandbox = Sandbox::new();
    let born = evaluate(&sandbox, "--life 3 --lives 2 --save-state first.state");
    let resumed = evaluate(&sandbox, "--life 3 --lives 2 --resume-state first.state --save-state second.state");
    assert_eq!((&born["resumed_save"], &resumed["resumed_save"]), (&Value::Null, &1.into()));
    assert_ne!(born["state_hash"], resumed["state_hash"]);
    let frozen = "--life 3 --lives 2 --freeze plasticity --resume-state second.state --save-state third.state";
    assert_eq!(evaluate(&sandbox, frozen)["resumed_save"], 2);
    // What is frozen was not learned, and stays.
    let weights = |file: &str| sandbox.read(file)[64..2000].to_vec();
    assert!(weights("second.state") == weights("third.state") && weights("first.state") != weights("second.state"));
}

#[test]
fn in_words_it_has_blocks_and_the_lowest() {
    let sandbox = Sandbox::new();
    let printed = sandbox.succeeds("evaluate network.plastic --life 50 --lives 4");
    let text = printed.text();
    for part in
        ["4 lives of 50 episodes without a reset", "1 to 5  ", "46 to 50  ", "lowest  ", "800 in 200 unseen"]
    {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    assert_eq!(
        text.lines().filter(|line| line.contains(" to ") && line.contains("interval")).count(),
        11,
        "{text}"
    );
    let few = sandbox.succeeds("evaluate network.plastic --life 2 --lives 4");
    assert!(few.text().contains("episode 2   "), "{}", few.text());
}

#[test]
fn bad_lives_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 9] = [
        ("--life 0", &["'0' for '--life", "1..=10000"]),
        ("--life 10001", &["'10001' for '--life", "1..=10000"]),
        ("--life ten", &["'ten' for '--life", "an integer in 1..=10000"]),
        ("--life 3 --lives 0", &["'0' for '--lives", "1..=10000000"]),
        ("--life 10000 --lives 5000", &["--life 10000 and --lives 5000 are 50000000 episodes", "10000000"]),
        ("--lives 3", &["--life"]),
        ("--life 3 --episodes 4", &["--life", "--episodes"]),
        ("--life 3 --runs runs", &["--life", "--runs"]),
        ("--life 3 --float cue-association", &["--life", "--float"]),
    ];
    for (options, parts) in cases {
        sandbox.refuses(&format!("evaluate network.plastic {options}"), parts);
    }
}

#[test]
fn cues_may_stay_for_a_life() {
    let sandbox = Sandbox::new();
    let fresh = evaluate(&sandbox, "--life 4 --lives 3");
    assert_eq!(evaluate(&sandbox, "--life 4 --lives 3 --reversal=false"), fresh);
    let reversal = evaluate(&sandbox, "--life 4 --lives 3 --reversal");
    assert_eq!(evaluate(&sandbox, "--life 4 --lives 3 --reversal=true"), reversal);
    assert_ne!(reversal["state_hash"], fresh["state_hash"]);
    sandbox.refuses("evaluate network.plastic --reversal=maybe", &["'maybe' for '--reversal", "true, false"]);
    sandbox
        .refuses("evaluate network.plastic --continual", &["--continual is not an option of the network's task"]);
}

#[test]
fn classes_may_come_one_by_one() {
    let sandbox = one_shot::sandbox();
    let command = "evaluate one-shot.plastic --source synthetic --continual --episodes 20";
    let line = sandbox.succeeds(&format!("{command} --json")).json();
    let candidates: Vec<_> = line["by_candidates"].as_array().unwrap().iter().collect();
    let figures = candidates.iter().map(|part| (part["candidates"].as_u64(), part["decisions"].as_u64()));
    assert_eq!(figures.collect::<Vec<_>>(), [(Some(2), Some(40)), (Some(3), Some(60))]);
    assert_eq!(candidates[0]["chance"], 0.5);
    assert_eq!(sum(&line, "by_candidates", "correct"), line["correct"].as_u64().unwrap());
    assert_eq!(line["chance"], 0.4);
    let printed = sandbox.succeeds(command);
    for part in ["among 2     ", "among 3     ", "chance 33.33 %"] {
        assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
    }
}
