//! The fused engine against the reference: loss and every gradient tensor, on random networks, rules and episodes.

use metaplastic_learn::autodiff::{FusedEngine, Reference};
use metaplastic_learn::lifetime::testing::{Case, random_case};
use metaplastic_learn::lifetime::{Engine, Spiking, fused};
use metaplastic_learn::model::{Model, Parameter};
use proptest::prelude::*;

/// The tensor that differs most, as a multiple of what is allowed: 1e-4 of its norm, and three times the rounding
/// error of the reference's own single precision and 1e-6 of the whole gradient, for tensors whose gradient is what
/// remains of a cancellation: the readout gain's is, of counts that rounding changes by 1e-6 where spikes are
/// smooth.
fn worst_tensor(model: &Model, exact: &[f64], reference: &[f32], fused: &[f32]) -> (f64, String) {
    let total = norm(exact.iter().copied());
    let errors = model.slots().iter().map(|slot| {
        let exact = || exact[slot.range.clone()].iter().copied();
        let reference = || reference[slot.range.clone()].iter().map(|value| f64::from(*value));
        let fused = fused[slot.range.clone()].iter().map(|value| f64::from(*value));
        let rounding = norm(reference().zip(exact()).map(|(a, b)| a - b));
        let difference = norm(reference().zip(fused).map(|(a, b)| a - b));
        let remainder = if slot.parameter == Parameter::ReadoutGain { 1e-6 } else { 1e-9 };
        let allowed = 1e-4 * norm(reference()) + 3.0 * rounding + 1e-6 * total + remainder;
        (difference / allowed, model.name(slot.parameter))
    });
    errors.max_by(|a, b| a.0.total_cmp(&b.0)).expect("every model has tensors")
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

fn check(seed: u64, spiking: Spiking) -> Result<(), TestCaseError> {
    let Case { model, flat, episodes } = random_case(seed);
    let lifetime = fused::FusedLifetime::default().with_spiking(spiking);
    let runs = "random cases have decisions and equal lengths";
    let fused = FusedEngine::new(lifetime).gradient(&model, &flat, &episodes).expect(runs);
    let reference = Reference { spiking }.gradient(&model, &flat, &episodes).expect(runs);
    let wide = flat.iter().map(|value| f64::from(*value)).collect::<Vec<_>>();
    let exact = Reference { spiking }.exact_gradient(&model, &wide, &episodes).expect(runs);
    prop_assert_eq!((fused.decisions, fused.correct), (reference.decisions, reference.correct));
    prop_assert!((fused.loss - reference.loss).abs() < 1e-5 * reference.loss.max(1.0));
    let (error, tensor) = worst_tensor(&model, &exact.values, &reference.values, &fused.values);
    prop_assert!(error < 1.0, "{tensor} differs by {error} of what is allowed");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn with_spikes(seed: u64) {
        check(seed, Spiking::Heaviside)?;
    }

    #[test]
    fn with_smooth_spikes_and_a_differentiated_reset(seed: u64) {
        check(seed, Spiking::Smooth)?;
    }
}
