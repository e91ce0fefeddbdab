//! The fused engine against the reference: loss and every gradient tensor, on random networks, rules and episodes.

use metaplastic_learn::autodiff::{ExactGradient, FusedEngine, Reference};
use metaplastic_learn::lifetime::carried::{CarriedState, LaneBatch, TransientState};
use metaplastic_learn::lifetime::carried_part::CarriedPart;
use metaplastic_learn::lifetime::testing::{Case, random_case, random_starts};
use metaplastic_learn::lifetime::{Engine, Spiking, fused};
use metaplastic_learn::model::{Model, Parameter};
use proptest::prelude::*;

/// The gradients of a batch in double precision: with the parameters, and with all of them off by one unit in the last
/// place of single precision. Where a rule multiplies psi and P by each other, that grows from step to step.
struct DoublePrecision {
    exact: ExactGradient,
    perturbed: ExactGradient,
}

impl DoublePrecision {
    fn new(reference: Reference, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> Self {
        let gradient = |factor: f64| {
            let flat = flat.iter().map(|value| factor * f64::from(*value)).collect::<Vec<_>>();
            reference.exact_gradient(model, &flat, batch).expect("random cases have decisions and equal lengths")
        };
        Self { exact: gradient(1.0), perturbed: gradient(1.0 + f64::from(f32::EPSILON)) }
    }
}

/// The tensor that differs most, as a multiple of what is allowed: 1e-4 of its norm, and three times the rounding
/// error of the reference's own single precision or of the parameters' and 1e-6 of the whole gradient, for tensors whose
/// gradient is what remains of a cancellation: the readout gain's is, of counts that rounding changes by 1e-6 where
/// spikes are smooth.
fn worst_tensor(model: &Model, double: &DoublePrecision, reference: &[f32], fused: &[f32]) -> (f64, String) {
    let DoublePrecision { exact, perturbed } = double;
    let (exact, perturbed) = (&exact.values, &perturbed.values);
    let total = norm(exact.iter().copied());
    let errors = model.slots().iter().map(|slot| {
        let exact = || exact[slot.range.clone()].iter().copied();
        let reference = || reference[slot.range.clone()].iter().map(|value| f64::from(*value));
        let fused = fused[slot.range.clone()].iter().map(|value| f64::from(*value));
        let perturbed = perturbed[slot.range.clone()].iter().copied();
        let of_reference = norm(reference().zip(exact()).map(|(a, b)| a - b));
        let rounding = of_reference.max(norm(perturbed.zip(exact()).map(|(a, b)| a - b)));
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

/// Every number of a state.
fn numbers(state: &CarriedState) -> Vec<f32> {
    let TransientState { neurons, synapses } = state.transient.clone().unwrap_or_default();
    let neurons = neurons
        .into_iter()
        .flat_map(|it| [it.spikes, it.potential, it.synapse, it.adaptation, it.refractory].concat());
    let synapses = synapses.into_iter().flat_map(|it| [it.traces.concat(), it.eligibility].concat());
    state.plastic.concat().into_iter().chain(neurons).chain(synapses).collect()
}

/// The largest difference of two ends, as a multiple of what is allowed: 1e-5, and three times the rounding error of the
/// reference's own single precision in the state that differs.
fn worst_end(exact: &CarriedState, reference: &CarriedState, fused: &CarriedState) -> f64 {
    let [exact, reference, fused] = [exact, reference, fused].map(numbers);
    let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
    let (exact, reference, fused) = (wide(&exact), wide(&reference), wide(&fused));
    let rounding = exact.iter().zip(&reference).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let differences = reference.iter().zip(&fused).map(|(a, b)| (a - b).abs() / (1.0 + a.abs()));
    differences.fold(0.0, f64::max) / (1e-5 + 3.0 * rounding)
}

fn check(seed: u64, spiking: Spiking, part: Option<CarriedPart>) -> Result<(), TestCaseError> {
    let case = random_case(seed);
    let starts = part.map(|part| random_starts(&case, part, seed)).unwrap_or_default();
    let starts = starts.iter().map(Option::as_ref).collect::<Vec<_>>();
    let Case { model, flat, episodes } = &case;
    let batch = LaneBatch { starts: &starts, carried: part, ..LaneBatch::fresh(episodes) };
    let lifetime = fused::FusedLifetime::default().with_spiking(spiking);
    let runs = "random cases have decisions and equal lengths";
    let fused = FusedEngine::new(lifetime).gradient(model, flat, batch).expect(runs);
    let reference = Reference { spiking }.gradient(model, flat, batch).expect(runs);
    let double = DoublePrecision::new(Reference { spiking }, model, flat, batch);
    let exact = &double.exact;
    prop_assert_eq!((fused.decisions, fused.correct), (reference.decisions, reference.correct));
    prop_assert!((fused.loss - reference.loss).abs() < 1e-5 * reference.loss.max(1.0));
    let (error, tensor) = worst_tensor(model, &double, &reference.values, &fused.values);
    prop_assert!(error < 1.0, "{tensor} differs by {error} of what is allowed");
    let ends = [&exact.ends, &reference.ends, &fused.ends];
    prop_assert!(ends.iter().all(|ends| ends.len() == part.map_or(0, |_| episodes.len())));
    for (lane, exact) in exact.ends.iter().enumerate() {
        let [exact, reference, fused] = [exact, &reference.ends[lane], &fused.ends[lane]].map(Option::as_ref);
        let (Some(exact), Some(reference), Some(fused)) = (exact, reference, fused) else {
            return Err(TestCaseError::fail("an end is not finite"));
        };
        prop_assert_eq!(exact.transient.is_some(), part == Some(CarriedPart::All));
        let error = worst_end(exact, reference, fused);
        prop_assert!(error < 1.0, "the end of lane {lane} differs by {error} of what is allowed");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn with_spikes(seed: u64) {
        check(seed, Spiking::Heaviside, None)?;
    }

    #[test]
    fn with_smooth_spikes_and_a_differentiated_reset(seed: u64) {
        check(seed, Spiking::Smooth, None)?;
    }

    #[test]
    fn with_plastic_weights_that_carried_over(seed: u64, smooth: bool) {
        let spiking = if smooth { Spiking::Smooth } else { Spiking::Heaviside };
        check(seed, spiking, Some(CarriedPart::PlasticWeights))?;
    }

    #[test]
    fn with_all_state_that_carried_over(seed: u64, smooth: bool) {
        let spiking = if smooth { Spiking::Smooth } else { Spiking::Heaviside };
        check(seed, spiking, Some(CarriedPart::All))?;
    }
}
