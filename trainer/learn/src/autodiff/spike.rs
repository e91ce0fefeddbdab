//! The spike and its surrogate derivative, one custom operation on dfdx's tape.
//!
//! With `d` the distance of the membrane potential from its threshold, forward `s = [d >= 0]` or, smooth,
//! `s = 1/2 + d / (1 + k |d|)`; backward, in both, `ds/dd = psi(d) = 1 / (1 + k |d|)^2`. It knows neither neurons
//! nor refractory periods.

use dfdx::prelude::*;

use super::tensor::Precision;
use crate::lifetime::Spiking;

/// Spikes at distances `d` of any shape, contiguous in memory, with surrogate slope `k`.
pub(super) fn spike<S: Shape, E: Precision, T: Tape<E, Cpu>>(
    distance: Tensor<S, E, Cpu, T>,
    slope: E,
    spiking: Spiking,
) -> Tensor<S, E, Cpu, T> {
    let (distance, mut tape) = distance.split_tape();
    let values = distance.as_vec().into_iter().map(|d| spike_at(d, slope, spiking)).collect::<Vec<_>>();
    let spikes = distance.device().tensor_from_vec(values, *distance.shape());
    let output = spikes.clone();
    tape.add_backward_op(move |gradients| {
        let by_spike = gradients.get_or_alloc_mut(&output)?.to_vec();
        let by_distance = gradients.get_or_alloc_mut(&distance)?;
        for ((sum, d), by_spike) in by_distance.iter_mut().zip(distance.as_vec()).zip(by_spike) {
            *sum += by_spike * surrogate(d, slope);
        }
        Ok(())
    });
    spikes.put_tape(tape)
}

fn spike_at<E: Precision>(d: E, slope: E, spiking: Spiking) -> E {
    match spiking {
        Spiking::Heaviside if d >= E::default() => E::ONE,
        Spiking::Heaviside => E::default(),
        Spiking::Smooth => E::from(0.5) + d / (E::ONE + slope * magnitude(d)),
    }
}

fn surrogate<E: Precision>(d: E, slope: E) -> E {
    let root = E::ONE / (E::ONE + slope * magnitude(d));
    root * root
}

fn magnitude<E: Precision>(d: E) -> E {
    if d < E::default() { E::default() - d } else { d }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISTANCES: [f64; 6] = [-3.0, -0.25, -1e-3, 0.0, 0.5, 2.0];
    const SLOPE: f64 = 4.0;

    /// `sum_n n s(d_n)` and its gradient.
    fn weighted_sum(distances: &[f64], spiking: Spiking) -> (f64, Vec<f64>) {
        let device = Cpu::default();
        let distances = device.tensor_from_vec(distances.to_vec(), (distances.len(),));
        let weights = device.tensor_from_vec((1..=6).map(f64::from).collect(), (6,));
        let sum = (spike(distances.leaky_trace(), SLOPE, spiking) * weights).sum::<(), _>();
        let value = sum.array();
        (value, sum.backward().get(&distances).as_vec())
    }

    #[test]
    fn a_hard_spike_is_a_step_with_the_surrogate_derivative() {
        // 4 + 5 + 6 of the distances that are not negative; psi(-3) = 1/13^2, psi(-1/4) = 1/2^2,
        // psi(1e-3) = 1/1.004^2, psi(0) = 1, psi(1/2) = 1/3^2, psi(2) = 1/9^2, each times its weight.
        let (value, gradient) = weighted_sum(&DISTANCES, Spiking::Heaviside);
        assert_eq!(value, 15.0);
        let expected = [1.0 / 169.0, 2.0 / 4.0, 3.0 / 1.008_016, 4.0, 5.0 / 9.0, 6.0 / 81.0];
        for (computed, expected) in gradient.iter().zip(expected) {
            assert!((computed - expected).abs() < 1e-15, "{computed} {expected}");
        }
    }

    #[test]
    fn a_smooth_spike_has_the_derivative_of_its_forward_pass() {
        // Central differences with step h err by h^2/6 |s'''| <= 4e-10 where s''' exists (|s'''| <= 6 k^2), and by
        // h k = 4e-5 or less at the kink of s' at 0, each times the weight.
        let h = 1e-5;
        let (_, gradient) = weighted_sum(&DISTANCES, Spiking::Smooth);
        for index in 0..DISTANCES.len() {
            let at = |shift: f64| {
                let mut distances = DISTANCES;
                distances[index] += shift;
                weighted_sum(&distances, Spiking::Smooth).0
            };
            let difference = (at(h) - at(-h)) / (2.0 * h);
            let tolerance = if DISTANCES[index] == 0.0 { 2e-4 } else { 1e-8 };
            assert!((gradient[index] - difference).abs() < tolerance, "{index}: {difference} {gradient:?}");
        }
    }

    #[test]
    fn unread_spikes_have_no_gradient() {
        let device = Cpu::default();
        let distances = device.tensor_from_vec(vec![0.5_f64, 1.0], (2,));
        let (_, tape) = spike(distances.leaky_trace(), SLOPE, Spiking::Heaviside).split_tape();
        let other = device.zeros::<()>().put_tape(tape);
        assert_eq!(other.backward().get(&distances).as_vec(), [0.0, 0.0]);
    }
}
