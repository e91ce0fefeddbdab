//! A lifetime that is differentiated by hand, as one custom operation on dfdx's tape, and the engine made of it.
//!
//! The operation takes the flat meta-parameters to the counts of all decisions; readout gain and cross entropy are
//! dfdx's own operations on top. What happens inside a lifetime is not known here.

use std::sync::Arc;

use dfdx::prelude::*;

use super::loss::{Owned, count_correct, cross_entropy, reward_loss};
use crate::lifetime::carried::{CarriedState, LaneBatch};
use crate::lifetime::reward_loss::RewardLoss;
use crate::lifetime::{
    BatchSize, Engine, EngineError, ForwardPass, Gradient, Lifetime, NetworkBytes, OuterGradient,
};
use crate::model::{Model, Parameter};
use metaplastic_task::world::record::LifeResult;

/// The engine of a hand-differentiated lifetime. Episodes may differ in length and decisions.
#[derive(Clone, Debug, Default)]
pub struct FusedEngine<L> {
    lifetime: Arc<L>,
}

/// What came of lifetimes, on a tape.
struct TapedLives {
    /// `[decisions, classes]`; without the tape.
    counts: Tensor<(usize, usize), f32, Cpu>,
    /// Of every step of every episode in a world; without the tape.
    costs: Tensor<(usize,), f32, Cpu>,
    tape: OwnedTape<f32, Cpu>,
    lives: Vec<Option<LifeResult>>,
    /// The cost of activity, whose gradient the lifetime adds itself.
    activity_cost: f64,
    /// As [`Gradient::ends`].
    ends: Vec<Option<CarriedState>>,
}

impl<L: Lifetime> FusedEngine<L> {
    /// Makes an engine of a lifetime.
    #[must_use]
    pub fn new(lifetime: L) -> Self {
        Self { lifetime: Arc::new(lifetime) }
    }

    /// The outputs of the forward pass, from the flat meta-parameters.
    fn outputs(&self, flat: Owned<(usize,), f32>, model: &Model, batch: LaneBatch<'_>) -> TapedLives {
        let (flat, mut tape) = flat.split_tape();
        let classes = usize::from(model.network.readout.classes);
        let pass = self.lifetime.forward(model, &flat.as_vec(), batch);
        let ForwardPass { counts, lives, activity_cost, ends, saved } = pass;
        let shape = (counts.len() / classes, classes);
        let counts = flat.device().tensor_from_vec(counts, shape);
        let costs = lives.iter().flatten().flat_map(|life| &life.record.costs).map(|cost| *cost as f32);
        let costs = costs.collect::<Vec<_>>();
        let steps = costs.len();
        let costs = flat.device().tensor_from_vec(costs, (steps,));
        let (of_counts, of_costs, lifetime) = (counts.clone(), costs.clone(), Arc::clone(&self.lifetime));
        tape.add_backward_op(move |gradients| {
            let counts = gradients.get_or_alloc_mut(&of_counts)?.to_vec();
            let costs = gradients.get_or_alloc_mut(&of_costs)?.to_vec();
            let by_parameter = lifetime.backward(saved, OuterGradient { counts: &counts, costs: &costs });
            let sums = gradients.get_or_alloc_mut(&flat)?.iter_mut();
            sums.zip(by_parameter).for_each(|(sum, gradient)| *sum += gradient);
            Ok(())
        });
        TapedLives { counts, costs, tape, lives, activity_cost, ends }
    }
}

impl<L: Lifetime> Engine for FusedEngine<L> {
    fn name(&self) -> &'static str {
        "fused"
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        self.lifetime.facts()
    }

    fn memory(&self, model: &Model, batch: BatchSize) -> NetworkBytes {
        self.lifetime.memory(model, batch)
    }

    fn gradient(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> Result<Gradient, EngineError> {
        let decisions = || batch.episodes.iter().flat_map(|episode| &episode.decisions);
        let in_world = batch.episodes.iter().any(|episode| episode.world.is_some());
        if decisions().next().is_none() && !in_world {
            return Err(EngineError::NoDecisions);
        }
        let flat = Cpu::default().tensor_from_vec(flat.to_vec(), (flat.len(),));
        let outputs = self.outputs(flat.leaky_trace(), model, batch);
        let TapedLives { counts, costs, tape, lives, activity_cost, ends } = outputs;
        let gain = readout_gain(flat.leaky_trace(), model);
        let measured = mean_measured(&lives);
        let correct = if in_world { 0 } else { count_correct(&counts.as_vec(), counts.shape().1, decisions()) };
        let loss = if !in_world {
            let targets = decisions().map(|decision| decision.target).collect::<Vec<_>>();
            cross_entropy(counts.put_tape(tape), gain, &targets, targets.len())
        } else if model.network.command().is_some() {
            costs.put_tape(tape).mean()
        } else {
            let RewardLoss { entropy_bonus, .. } = batch.rewards;
            reward_loss(counts.put_tape(tape), gain, &batch.rewards.weigh(&lives), entropy_bonus)
        };
        let value = f64::from(loss.array()) + activity_cost;
        let values = loss.backward().get(&flat).as_vec();
        Ok(Gradient { loss: value, decisions: decisions().count(), correct, measured, values, ends })
    }
}

/// The mean of what counts in the worlds of a batch; none without a world.
fn mean_measured(lives: &[Option<LifeResult>]) -> Option<f64> {
    let measured: Vec<_> = lives.iter().flatten().filter_map(|life| life.measured.first()).collect();
    let sum: f64 = measured.iter().copied().sum();
    (!measured.is_empty()).then(|| sum / measured.len() as f64)
}

fn readout_gain(flat: Owned<(usize,), f32>, model: &Model) -> Owned<(), f32> {
    let slot = model.slot(Parameter::ReadoutGain).expect("every layout ends with the readout gain");
    flat.slice((slot.range.clone(),)).reshape_like(&()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::testing::{Case, random_case};

    /// Counts that are known functions of the parameters: class `c` of decision `d` counts
    /// `sum_p w_p^2 cos(p + d + 2 c)`, the gain's own parameter left out.
    struct Quadratic;

    fn factor(parameter: usize, index: usize, classes: usize) -> f32 {
        ((parameter + index / classes + 2 * (index % classes)) as f32).cos()
    }

    impl Lifetime for Quadratic {
        type Saved = (Vec<f32>, usize);

        fn facts(&self) -> Vec<(&'static str, String)> {
            Vec::new()
        }

        fn memory(&self, _: &Model, _: BatchSize) -> NetworkBytes {
            NetworkBytes::default()
        }

        fn forward(&self, model: &Model, flat: &[f32], batch: LaneBatch<'_>) -> ForwardPass<Self::Saved> {
            let classes = usize::from(model.network.readout.classes);
            let decisions = batch.episodes.iter().map(|episode| episode.decisions.len()).sum::<usize>();
            let weights = &flat[..flat.len() - 1];
            let square = |index| move |(p, w): (usize, &f32)| w * w * factor(p, index, classes);
            let count = |index| weights.iter().enumerate().map(square(index)).sum();
            let counts = (0..decisions * classes).map(count).collect();
            ForwardPass {
                counts,
                lives: Vec::new(),
                activity_cost: 0.0,
                ends: Vec::new(),
                saved: (flat.to_vec(), classes),
            }
        }

        fn backward(&self, saved: Self::Saved, outer: OuterGradient<'_>) -> Vec<f32> {
            let count_gradient = outer.counts;
            let (flat, classes) = saved;
            let last = flat.len() - 1;
            let of_count = |p| move |(index, gradient): (usize, &f32)| gradient * factor(p, index, classes);
            let of_weight =
                |p: usize| 2.0 * flat[p] * count_gradient.iter().enumerate().map(of_count(p)).sum::<f32>();
            (0..=last).map(|p| if p < last { of_weight(p) } else { 0.0 }).collect()
        }
    }

    #[test]
    fn the_custom_operation_carries_the_gradient_to_every_parameter() {
        // Central differences in f32 with step h = 1/128: rounding errs by about 2^-24 loss / h < 1e-4 and the
        // third derivative by h^2/6 times a few units, under 1e-4; the gradients are of order 1e-1.
        let engine = FusedEngine::new(Quadratic);
        let Case { model, flat, episodes } = random_case(3);
        let gradient = engine.gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap();
        let largest = gradient.values.iter().fold(0.0, |most: f32, value| most.max(value.abs()));
        assert!(largest > 0.01, "the case says nothing");
        for index in 0..flat.len() {
            let at = |shift: f32| {
                let mut flat = flat.clone();
                flat[index] += shift;
                engine.gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap().loss
            };
            let difference = (at(1.0 / 128.0) - at(-1.0 / 128.0)) * 64.0;
            let computed = f64::from(gradient.values[index]);
            assert!((computed - difference).abs() < 2e-3, "{index}: {computed} {difference}");
        }
    }

    #[test]
    fn episodes_without_decisions_are_refused() {
        let Case { model, flat, mut episodes } = random_case(0);
        episodes.iter_mut().for_each(|episode| episode.decisions.clear());
        let refused = FusedEngine::new(Quadratic).gradient(&model, &flat, LaneBatch::fresh(&episodes));
        assert!(matches!(refused, Err(EngineError::NoDecisions)));
    }
}
