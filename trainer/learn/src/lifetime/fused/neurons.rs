//! One step of a population:
//!
//! ```text
//! I_j = sum_i s_i (W_ij + P_ij) + b_j
//! v_j = a_v v_j + I_j - theta s_j(t-1)
//! d_j = v_j - theta - beta a_j
//! s_j = [d_j >= 0]                      zero while refractory
//! a_j = rho a_j + (1 - rho) s_j
//! u_k = a_m u_k + sum_i Wm_ik s_i + sum_n S_nk signal_n,   m_k = shrink(tanh(u_k), d)
//! ```

use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{Lif, Modulator};

use super::dynamics::Dynamics;
use super::kernel::neurons::{Integrate, ListActive, Spike};
use super::kernel::propagate::{Propagate, Sources};
use super::plan::Population;
use super::state::{Neurons, State};
use crate::lifetime::Spiking;
use crate::lifetime::dead_zone::{dead_zone, shrink};
use metaplastic_task::episode::Episode;

impl Dynamics {
    /// An input population takes its spikes from the episode.
    pub(super) fn receive(population: &Population, episode: &Episode, step: usize, neurons: &mut Neurons) {
        neurons.spikes.fill(0.0);
        neurons.active.clear();
        let inputs = population.first_input..population.first_input + population.size;
        for place in set_bits(episode.inputs_at(step)).filter(|place| inputs.contains(place)) {
            let neuron = place - population.first_input;
            neurons.spikes[neuron] = 1.0;
            neurons.active.push(neuron as u32);
        }
    }

    /// A LIF population integrates and, unless it is graded, fires.
    pub(super) fn fire(&self, index: usize, lif: Lif, before: &State, after: &State, neurons: &mut Neurons) {
        let tensors = &self.values.populations[index];
        neurons.potential.copy_from_slice(&tensors.bias);
        self.propagate(index, before, after, &mut neurons.potential);
        let size = self.plan.populations[index].size;
        let previous = &before.neurons[index];
        let (decay, strength) = (tensors.decay as f32, tensors.adaptation_strength as f32);
        self.setting.backend.run(Integrate { decay, strength, size, before: previous, neurons });
        if lif.graded {
            return;
        }
        self.spike(lif, size, previous, neurons);
        let rho = tensors.adaptation_decay as f32;
        let adaptation = neurons.adaptation.iter_mut().zip(&previous.adaptation).zip(&neurons.spikes);
        adaptation.for_each(|((a, before), spike)| *a = rho * before + (1.0 - rho) * spike);
    }

    /// Adds what all projections bring to a population.
    fn propagate(&self, population: usize, before: &State, after: &State, current: &mut [f32]) {
        for index in &self.plan.populations[population].incoming {
            let projection = &self.plan.projections[*index];
            if let Some(windows) = &projection.windows {
                self.convolve(*index, windows, self.sources(*index, before, after), current);
                continue;
            }
            self.setting.backend.run(Propagate {
                sources: self.sources(*index, before, after),
                weights: self.values.projections[*index].weights.octets(),
                plastic: before.synapses[*index].plastic.octets(),
                current: &mut current.as_chunks_mut().0[..projection.shape.panels()],
            });
        }
    }

    /// The spikes a projection carries in a step.
    pub(super) fn sources<'s>(&self, projection: usize, before: &'s State, after: &'s State) -> Sources<'s> {
        let wiring = &self.plan.projections[projection];
        let neurons = &if wiring.recurrent { before } else { after }.neurons[wiring.pre];
        Sources { rows: wiring.shape.pre, active: &neurons.active, spikes: &neurons.spikes }
    }

    fn spike(&self, lif: Lif, size: usize, before: &Neurons, neurons: &mut Neurons) {
        let period = f32::from(lif.refractory);
        self.setting.backend.run(Spike { period, size, before, neurons });
        if self.setting.spiking == Spiking::Smooth {
            self.smooth_spike(size, before, neurons);
        }
        self.setting.backend.run(ListActive { neurons });
    }

    fn smooth_spike(&self, size: usize, before: &Neurons, neurons: &mut Neurons) {
        let slope = self.plan.surrogate_slope;
        for neuron in 0..size {
            let distance = neurons.distance_at(neuron);
            let smooth = 0.5 + distance / (1.0 + slope * distance.abs());
            let waits = before.refractory.get(neuron).is_some_and(|waiting| *waiting > 0.0);
            neurons.spikes[neuron] = if waits { 0.0 } else { smooth };
        }
    }

    /// A modulator population integrates spikes and signals.
    pub(super) fn modulate(
        &self,
        index: usize,
        modulator: Modulator,
        signals: &[Signal],
        before: &State,
        after: &State,
        neurons: &mut Neurons,
    ) {
        let tensors = &self.values.populations[index];
        neurons.potential.fill(0.0);
        self.propagate(index, before, after, &mut neurons.potential);
        let width = neurons.potential.len();
        for (signal, weights) in signals.iter().zip(tensors.signal_weights.chunks_exact(width)) {
            let signal = signal.to_num::<f32>();
            let potentials = neurons.potential.iter_mut().zip(weights);
            potentials.for_each(|(potential, weight)| *potential += signal * weight);
        }
        let decay = tensors.decay as f32;
        let zone = dead_zone(modulator);
        let size = self.plan.populations[index].size;
        let previous = &before.neurons[index].potential;
        for neuron in 0..size {
            neurons.potential[neuron] += decay * previous[neuron];
            let held = self.setting.freeze == Freeze::ThirdFactor;
            neurons.modulation[neuron] = if held { 1.0 } else { shrink(neurons.potential[neuron].tanh(), zone) };
        }
    }
}

/// The places of ones, least significant bit first; silent bytes are passed over at once.
fn set_bits(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    bytes.iter().enumerate().flat_map(|(index, byte)| {
        let rest = |rest: &u8| Some(rest & (rest - 1)).filter(|rest| *rest != 0);
        let remainders = std::iter::successors(Some(*byte).filter(|byte| *byte != 0), rest);
        remainders.map(move |rest| 8 * index + rest.trailing_zeros() as usize)
    })
}
