//! `metaplastic experiments`: the list, and files that train as the names do.

use crate::sandbox::Sandbox;

#[test]
fn every_experiment_is_listed_with_what_it_is_about() {
    let printed = Sandbox::new().succeeds("experiments");
    let text = printed.text();
    let line = text.lines().find(|line| line.starts_with("bandit-close ")).expect("a line for it");
    assert!(line.contains("The bandit of RL^2"), "{line}");
    assert!(text.lines().all(|line| line.split_whitespace().count() > 3), "{text}");
}

#[test]
fn a_printed_experiment_is_the_file_and_trains_to_the_same_network() {
    let sandbox = Sandbox::new();
    let printed = sandbox.succeeds("experiments cue-association");
    let text = printed.text();
    assert_eq!(text, include_str!("../../task/experiments/cue-association.toml"));
    sandbox.write("mine.toml", text);
    for (experiment, folder) in [("mine.toml", "mine"), ("cue-association", "built-in")] {
        sandbox.succeeds(&format!("train {experiment} --meta-steps 2 --episodes 2 --out {folder}"));
    }
    let network = |folder: &str| sandbox.read(&format!("{folder}/network.plastic"));
    assert!(network("mine") == network("built-in"));
}

#[test]
fn another_name_is_refused_with_those_there_are() {
    Sandbox::new()
        .refuses("experiments vibrations", &["\"vibrations\" is not a built-in experiment", "cue-association, "]);
}
