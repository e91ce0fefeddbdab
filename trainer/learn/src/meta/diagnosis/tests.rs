//! What is due, and what a diagnosis says.

use super::*;

#[test]
fn looks_are_at_10_25_40_50_and_every_hundred() {
    assert_eq!((1..=300).filter(|step| is_due(*step)).collect::<Vec<_>>(), [10, 25, 40, 50, 100, 200, 300]);
}

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
fn what_two_looks_in_a_row_find_is_told_once() {
    let silent = |population: &str| Diagnosis::Silent { population: population.into(), is_readout: false };
    let mut findings = Findings::default();
    assert_eq!(findings.tell(vec![silent("a")]), []);
    assert_eq!(findings.tell(vec![silent("b")]), []);
    assert_eq!(findings.tell(vec![silent("a"), silent("b")]), [silent("b")]);
    assert_eq!(findings.tell(vec![silent("a"), silent("b")]), [silent("a")]);
}
