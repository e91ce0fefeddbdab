//! The loss on top of the counts: cross entropy of `softmax(gamma counts)`.
//!
//! It knows neither how the counts were made nor what makes gamma.

use dfdx::prelude::*;

use super::tensor::Precision;
use crate::lifetime::reward_loss::WeightedChoice;
use metaplastic_task::episode::Decision;

/// Something on a tape of its own.
pub(super) type Owned<S, E> = Tensor<S, E, Cpu, OwnedTape<E, Cpu>>;

/// `-sum_d log softmax(gamma counts_d)[target_d] / decisions`, nats, from counts `[targets, classes]`. `decisions`
/// are those of the whole batch, of which these may be a part.
pub(super) fn cross_entropy<E: Precision>(
    counts: Owned<(usize, usize), E>,
    gain: Owned<(), E>,
    targets: &[usize],
    decisions: usize,
) -> Owned<(), E>
where
    Cpu: Device<E>,
{
    let shape = *counts.shape();
    let weight = E::ONE / E::from(decisions as f32);
    let mut weights = vec![E::default(); shape.0 * shape.1];
    targets.iter().enumerate().for_each(|(row, target)| weights[row * shape.1 + target] = weight);
    let weights = counts.device().tensor_from_vec(weights, shape);
    let logits = counts * gain.broadcast_like(&shape);
    (logits.log_softmax::<Axis<1>>() * weights).sum::<(), _>().negate()
}

/// `-sum_d (A_d log pi_d[a_d] + entropy_bonus H(pi_d)) / decisions` with `pi_d = softmax(gamma counts_d)`, from counts
/// `[choices, classes]`.
pub(super) fn reward_loss<E: Precision>(
    counts: Owned<(usize, usize), E>,
    gain: Owned<(), E>,
    choices: &[WeightedChoice],
    entropy_bonus: f64,
) -> Owned<(), E>
where
    Cpu: Device<E>,
{
    let (rows, classes) = *counts.shape();
    let scale = 1.0 / rows.max(1) as f64;
    let mut weights = vec![E::default(); rows * classes];
    for (row, choice) in choices.iter().enumerate() {
        weights[row * classes + choice.action] = E::from((choice.advantage * scale) as f32);
    }
    let weights = counts.device().tensor_from_vec(weights, (rows, classes));
    let logits = (counts * gain.broadcast_like(&(rows, classes))).log_softmax::<Axis<1>>();
    let negative_entropy = logits.with_empty_tape().exp() * logits.with_empty_tape();
    let entropy_cost = negative_entropy.sum::<(), _>() * E::from((entropy_bonus * scale) as f32);
    (logits * weights).sum::<(), _>().negate() + entropy_cost
}

/// How many of the rows of `counts`, `[decisions, classes]`, are for the right class.
pub(super) fn count_correct<'d, E: PartialOrd>(
    counts: &[E],
    classes: usize,
    decisions: impl Iterator<Item = &'d Decision>,
) -> usize {
    counts.chunks_exact(classes).zip(decisions).filter(|(row, decision)| decision.is_right(row)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loss_is_the_mean_cross_entropy() {
        // softmax((0, ln 3)) = (1/4, 3/4): surprises ln 4 for class 0 and ln 4/3 for class 1, of 4 decisions. d
        // loss / d gamma = sum over the two rows of (p - target) . counts / 4, with gamma = ln 3 and counts (0, 1):
        // (3/4 - 0 + 3/4 - 1) / 4 = 1/8.
        let device = Cpu::default();
        let gain = device.tensor_from_vec(vec![3_f64.ln()], ());
        let counts = device.tensor_from_vec(vec![0.0, 1.0, 0.0, 1.0], (2, 2)).leaky_traced();
        let loss = cross_entropy(counts, gain.leaky_trace(), &[0, 1], 4);
        assert!((loss.array() - (4_f64.ln() + (4_f64 / 3.0).ln()) / 4.0).abs() < 1e-15);
        assert!((loss.backward().get(&gain).array() - 0.125).abs() < 1e-15);
    }

    #[test]
    fn ties_are_right_only_for_the_lower_class_and_only_candidate_classes_are_compared() {
        let decision = |(target, among)| Decision { start: 0, end: 1, target, among };
        let decisions = [(0, 3), (1, 3), (2, 3), (1, 2)].map(decision);
        let counts = [2.0, 2.0, 1.0, 2.0, 2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0];
        assert_eq!(count_correct(&counts, 3, decisions.iter()), 3);
    }
}
