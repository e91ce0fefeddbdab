//! There and back.

use super::*;
use crate::lifetime::testing::{Case, random_case};
use crate::model::Family;
use crate::quantize::{Labels, Ranges, quantize};

const SEEDS: std::ops::Range<u64> = 0..32;

fn artifact_of(case: &Case, flat: &[f32]) -> ArtifactFile {
    let ranges = Ranges::observe(&case.model, &case.flat, &case.episodes);
    quantize(&case.model, flat, &ranges, Labels::default()).unwrap()
}

/// The values in an artifact, or others where it holds none.
fn values(slot: &ParameterSlot, file: &ArtifactFile, otherwise: &[f32]) -> Vec<f32> {
    raw_values(slot, file).unwrap_or_else(|| otherwise[slot.range.clone()].to_vec())
}

#[test]
fn a_network_made_of_an_artifact_makes_the_same_artifact() {
    for case in SEEDS.map(random_case) {
        let file = artifact_of(&case, &case.flat);
        check_same_network(&case.model, &file).unwrap();
        let back = |file: &ArtifactFile| -> Vec<f32> {
            case.model.slots().iter().flat_map(|slot| values(slot, file, &case.flat)).collect()
        };
        let flat = back(&file);
        assert_eq!(flat.len(), case.flat.len());
        let again = back(&artifact_of(&case, &flat));
        let same = |(one, other): (&f32, &f32)| (one - other).abs() <= 1e-4 * one.abs().max(1e-2);
        assert!(flat.iter().zip(&again).all(same));
    }
}

#[test]
fn each_value_is_within_its_rounding() {
    for case in SEEDS.map(random_case) {
        let file = artifact_of(&case, &case.flat);
        for slot in case.model.slots() {
            let Some(back) = raw_values(slot, &file) else {
                assert_eq!(slot.family, Family::ReadoutGain);
                continue;
            };
            let original = &case.flat[slot.range.clone()];
            let largest = original.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
            let errors = original.iter().zip(&back).map(|(one, other)| (one - other).abs());
            let error = errors.fold(0.0, f32::max);
            assert!(error <= largest.max(0.1) / 32.0, "{:?}: {error} of {largest}", slot.parameter);
        }
    }
}

#[test]
fn another_network_is_refused_by_its_first_difference() {
    let case = random_case(0);
    let file = artifact_of(&case, &case.flat);
    let refused = |change: &dyn Fn(&mut NetworkDescription)| {
        let mut network = case.model.network.clone();
        change(&mut network);
        check_same_network(&Model::new(network, 1.0), &file).map_err(|why| why.to_string())
    };
    let name = case.model.network.populations[0].name.clone();
    assert_eq!(refused(&|_| ()), Ok(()));
    let larger = refused(&|network| network.populations[0].size += 1);
    assert_eq!(larger, Err(format!("population {name} is another one in the artifact")));
    let fewer = refused(&|network| drop(network.projections.pop()));
    assert!(fewer.unwrap_err().contains("populations and"));
    let other = refused(&|network| network.projections[0].plasticity = None);
    let plastic = case.model.network.projections[0].plasticity.is_some();
    assert_eq!(other.is_err(), plastic);
}
