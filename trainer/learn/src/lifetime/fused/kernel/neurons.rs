//! The loops over the neurons of a LIF population; for the equations see [`neurons`](crate::lifetime::fused::neurons)
//! and its [adjoint](crate::lifetime::fused::adjoint_neurons).
//!
//! No neuron knows of another, so that the compiler may make vectors of any width of these plain loops: none changes
//! a bit.

use crate::lifetime::THRESHOLD;
use crate::lifetime::fused::adjoint::NeuronAdjoint;
use crate::lifetime::fused::lanes::{Kernel, LANES, Lanes};
use crate::lifetime::fused::learning::surrogate;
use crate::lifetime::fused::state::Neurons;

/// `v = a_v v(t-1) + I - theta s(t-1)`, `I` lying where `v` will, and `d = v - theta - beta a(t-1)` where it is kept.
pub(in crate::lifetime::fused) struct Integrate<'a> {
    /// a_v.
    pub(in crate::lifetime::fused) decay: f32,
    /// beta.
    pub(in crate::lifetime::fused) strength: f32,
    /// Neurons, padding left out.
    pub(in crate::lifetime::fused) size: usize,
    /// Before the step.
    pub(in crate::lifetime::fused) before: &'a Neurons,
    /// After it.
    pub(in crate::lifetime::fused) neurons: &'a mut Neurons,
}

impl Kernel for Integrate<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { decay, strength, size, before, neurons } = self;
        let Neurons { potential, distance, .. } = neurons;
        let potentials = potential[..size].iter_mut().zip(before.potential.iter().zip(&before.spikes));
        for (potential, (before, spike)) in potentials {
            *potential = decay * before + *potential - THRESHOLD * spike;
        }
        let distances = distance.iter_mut().zip(&potential[..size]).zip(&before.adaptation);
        for ((distance, potential), adaptation) in distances {
            *distance = potential - THRESHOLD - strength * adaptation;
        }
    }
}

/// `s = [d >= 0]`, zero while refractory.
pub(in crate::lifetime::fused) struct Spike<'a> {
    /// Steps in which a neuron that has spiked cannot.
    pub(in crate::lifetime::fused) period: f32,
    /// Neurons, padding left out.
    pub(in crate::lifetime::fused) size: usize,
    /// Before the step.
    pub(in crate::lifetime::fused) before: &'a Neurons,
    /// After it.
    pub(in crate::lifetime::fused) neurons: &'a mut Neurons,
}

impl Kernel for Spike<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { period, size, before, neurons } = self;
        let Neurons { spikes, potential, distance, refractory, .. } = neurons;
        let spikes = &mut spikes[..size];
        with_distances(spikes.iter_mut(), potential, distance, |spike, distance| {
            *spike = f32::from(u8::from(distance >= 0.0));
        });
        for ((spike, refractory), waiting) in spikes.iter_mut().zip(refractory).zip(&before.refractory) {
            *spike = if *waiting == 0.0 { *spike } else { 0.0 };
            *refractory = *spike * period + (1.0 - *spike) * (waiting - 1.0).max(0.0);
        }
    }
}

/// Calls `visit` with each of `values` and its neuron's d; one `if` for all neurons, see [`Neurons::distance_at`].
#[inline(always)]
fn with_distances<T>(values: impl Iterator<Item = T>, potential: &[f32], distance: &[f32], visit: impl Fn(T, f32)) {
    if distance.is_empty() {
        values.zip(potential).for_each(|(value, potential)| visit(value, potential - THRESHOLD));
    } else {
        values.zip(distance).for_each(|(value, distance)| visit(value, *distance));
    }
}

/// Notes which neurons spike; without a branch, since nobody can predict spikes.
pub(in crate::lifetime::fused) struct ListActive<'a> {
    /// The neurons.
    pub(in crate::lifetime::fused) neurons: &'a mut Neurons,
}

impl Kernel for ListActive<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Neurons { spikes, active, .. } = self.neurons;
        active.clear();
        for (first, octet) in (0..).step_by(LANES).zip(spikes.as_chunks().0) {
            let spiking = lanes.nonzero(lanes.load(octet));
            let count = active.len() + spiking.count_ones() as usize;
            active.extend_from_slice(&ONES[usize::from(spiking)].map(|lane| first + u32::from(lane)));
            active.truncate(count);
        }
    }
}

/// The places of the ones of each byte, from the lowest on; behind the last one zeros.
const ONES: [[u8; LANES]; 1 << LANES] = {
    let mut ones = [[0; LANES]; 1 << LANES];
    let mut byte = 0;
    while byte < ones.len() {
        let (mut lane, mut count) = (0, 0);
        while lane < LANES {
            ones[byte][count] = lane as u8;
            count += byte >> lane & 1;
            lane += 1;
        }
        byte += 1;
    }
    ones
};

/// `dd = dd + ds / (1 + k |d|)^2`, without `ds` while refractory.
pub(in crate::lifetime::fused) struct SpikeBack<'a> {
    /// k.
    pub(in crate::lifetime::fused) slope: f32,
    /// Neurons, padding left out.
    pub(in crate::lifetime::fused) size: usize,
    /// Before the step.
    pub(in crate::lifetime::fused) before: &'a Neurons,
    /// After it.
    pub(in crate::lifetime::fused) neurons: &'a Neurons,
    /// Their adjoint.
    pub(in crate::lifetime::fused) adjoint: &'a mut NeuronAdjoint,
}

impl Kernel for SpikeBack<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { slope, size, before, neurons, adjoint } = self;
        let NeuronAdjoint { spikes, distance, .. } = adjoint;
        for (spike, waiting) in spikes.iter_mut().zip(&before.refractory) {
            *spike = if *waiting == 0.0 { *spike } else { 0.0 };
        }
        let adjoints = distance[..size].iter_mut().zip(&*spikes);
        let Neurons { potential, distance, .. } = neurons;
        with_distances(adjoints, potential, distance, |(distance_adjoint, spike_adjoint), distance| {
            *distance_adjoint += spike_adjoint * surrogate(slope, distance);
        });
    }
}

/// `dI = dv + dd`, `dv(t-1) = a_v dI`, `db += dI`; `dd` is done with.
pub(in crate::lifetime::fused) struct IntegrateBack<'a> {
    /// a_v.
    pub(in crate::lifetime::fused) decay: f32,
    /// Neurons, padding left out.
    pub(in crate::lifetime::fused) size: usize,
    /// Adjoint of the neurons.
    pub(in crate::lifetime::fused) adjoint: &'a mut NeuronAdjoint,
    /// db.
    pub(in crate::lifetime::fused) bias: &'a mut [f32],
}

impl Kernel for IntegrateBack<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { decay, size, adjoint, bias } = self;
        let NeuronAdjoint { potential, distance, current, .. } = adjoint;
        let values = potential[..size].iter_mut().zip(distance).zip(current.iter_mut().zip(bias));
        for ((potential, distance), (current, bias)) in values {
            *current = *potential + *distance;
            *potential = decay * *current;
            *distance = 0.0;
            *bias += *current;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::fused::lanes::Backend;

    #[test]
    fn all_vectors_list_the_same_neurons() {
        // Every set of eight, one after the other: spikes, what smooth ones are, and a zero of either sign.
        let spike = |neuron: usize| match ((neuron / LANES) >> (neuron % LANES) & 1, neuron % 3) {
            (1, 0) => 1.0,
            (1, _) => 0.25,
            (_, 0) => -0.0,
            _ => 0.0,
        };
        let spikes = (0..LANES << LANES).map(spike).collect::<Vec<f32>>();
        let expected = (0_u32..).zip(&spikes).filter(|(_, spike)| **spike > 0.0).map(|(neuron, _)| neuron);
        let expected = expected.collect::<Vec<_>>();
        for backend in Backend::all() {
            let mut neurons = Neurons { spikes: spikes.clone(), active: vec![7; 3], ..Neurons::default() };
            backend.run(ListActive { neurons: &mut neurons });
            assert_eq!(neurons.active, expected, "{backend:?}");
        }
    }
}
