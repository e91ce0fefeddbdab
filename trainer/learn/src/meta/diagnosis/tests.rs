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
