//! What a diagnosis says.

use super::*;

#[test]
fn the_same_of_another_part_is_another_diagnosis() {
    let saturated = |population: &str, rate| Diagnosis::Saturated { population: population.into(), rate };
    assert!(saturated("output", 0.95).is_like(&saturated("output", 1.0)));
    assert!(!saturated("output", 0.95).is_like(&saturated("hidden", 0.95)));
    assert!(!saturated("output", 1.0).is_like(&Diagnosis::Unlabelled));
    assert_eq!(
        saturated("output", 0.95).to_string(),
        "population output is saturated: 0.95 spikes per neuron and step"
    );
}

#[test]
fn a_guess_in_unseen_episodes_is_named_where_there_are_decisions_enough() {
    let score = |correct, decisions| Score { correct, decisions, ..Score::default() };
    let found = unseen_diagnosis(&score(265, 1000), 0.25);
    assert_eq!(found, Some(Diagnosis::UnseenAtChance { accuracy: 0.265, chance: 0.25 }));
    let text = found.unwrap().to_string();
    assert_eq!(text, "in unseen episodes the network is no better than a guess: 26.5 % right, chance is 25.0 %");
    assert_eq!(unseen_diagnosis(&score(300, 1000), 0.25), None, "above two standard deviations");
    assert_eq!(unseen_diagnosis(&score(2, 8), 0.25), None, "too few decisions");
    let in_a_world = Score { measured: vec![vec![0.5]; 3], ..score(250, 1000) };
    assert_eq!(unseen_diagnosis(&in_a_world, 0.25), None);
}
