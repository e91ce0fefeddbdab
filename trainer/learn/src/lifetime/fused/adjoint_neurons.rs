//! One step of a population backwards:
//!
//! ```text
//! ds_j  = ... + (1 - rho) da_j             drho = sum da_j (a_j(t-1) - s_j)
//! dd_j  = dd_j + ds_j / (1 + k |d_j|)^2    without ds_j while refractory
//! da_j(t-1) = rho da_j - beta dd_j         dbeta = - sum dd_j a_j(t-1)
//! dI_j  = dv_j + dd_j                      db_j = dI_j,  da_v = sum dI_j v_j(t-1)
//! dv_j(t-1) = a_v dI_j                     ds_j(t-1) = - theta dI_j, if the reset is differentiated
//! dm_k  = dm_k + price m_k / |m|           the cost of modulation, where the right answer is not told
//! du_k  = du_k + (1 - t_k^2) dm_k          without dm_k in the dead zone |t_k| <= d; t_k = tanh(u_k), |m_k| + d outside
//!                                          da_m = sum du_k u_k(t-1),  dS_nk = signal_n du_k
//! ```
//!
//! and then, through every projection, `dI` to `W`, `P` and the spikes that came.

use metaplastic_shared::network::{Lif, Modulator};

use super::adjoint::{Adjoint, NeuronAdjoint, Passage};
use super::dynamics::Dynamics;
use super::kernel::neurons::{IntegrateBack, SpikeBack};
use super::kernel::propagate::{SpikeAdjoint, WeightAdjoint};
use super::lanes::dot;
use super::state::{Neurons, State};
use super::tensors::{PopulationTensors, Tensors};
use crate::lifetime::dead_zone::{dead_zone, slope};
use crate::lifetime::modulation_cost::magnitude;
use crate::lifetime::{Spiking, THRESHOLD};

impl Dynamics {
    /// Back through a LIF population.
    pub(super) fn fire_back(
        &self,
        index: usize,
        lif: Lif,
        before: &State,
        after: &State,
        adjoint: &mut Adjoint,
        gradient: &mut Tensors,
    ) {
        let (previous, neurons) = (&before.neurons[index], &after.neurons[index]);
        let (adjoints, sums) = (&mut adjoint.neurons[index], &mut gradient.populations[index]);
        let size = self.plan.populations[index].size;
        if !neurons.adaptation.is_empty() {
            self.adapt_back(index, size, previous, neurons, adjoints, sums);
        }
        if !lif.graded {
            let slope = self.plan.surrogate_slope;
            self.setting.backend.run(SpikeBack { slope, size, before: previous, neurons, adjoint: adjoints });
        }
        if !neurons.adaptation.is_empty() {
            self.raise_back(index, size, previous, adjoints, sums);
        }
        self.integrate_back(index, size, previous, adjoints, sums);
        self.propagate_back(index, before, after, adjoint, gradient);
    }

    /// `a = rho a + (1 - rho) s`.
    fn adapt_back(
        &self,
        index: usize,
        size: usize,
        previous: &Neurons,
        neurons: &Neurons,
        adjoint: &mut NeuronAdjoint,
        sums: &mut PopulationTensors,
    ) {
        let rho = self.values.populations[index].adaptation_decay as f32;
        for neuron in 0..size {
            let adaptation = adjoint.adaptation[neuron];
            adjoint.spikes[neuron] += (1.0 - rho) * adaptation;
            adjoint.adaptation[neuron] = rho * adaptation;
            let change = previous.adaptation[neuron] - neurons.spikes[neuron];
            sums.adaptation_decay += f64::from(adaptation * change);
        }
    }

    /// `d = v - theta - beta a(t-1)`, its last part.
    fn raise_back(
        &self,
        index: usize,
        size: usize,
        previous: &Neurons,
        adjoint: &mut NeuronAdjoint,
        sums: &mut PopulationTensors,
    ) {
        let strength = self.values.populations[index].adaptation_strength as f32;
        for neuron in 0..size {
            let distance = adjoint.distance[neuron];
            adjoint.adaptation[neuron] -= strength * distance;
            sums.adaptation_strength -= f64::from(distance * previous.adaptation[neuron]);
        }
    }

    /// `v = a_v v + I - theta s(t-1)`.
    fn integrate_back(
        &self,
        index: usize,
        size: usize,
        previous: &Neurons,
        adjoint: &mut NeuronAdjoint,
        sums: &mut PopulationTensors,
    ) {
        let decay = self.values.populations[index].decay as f32;
        self.setting.backend.run(IntegrateBack { decay, size, adjoint, bias: &mut sums.bias });
        if self.setting.spiking == Spiking::Smooth && !self.plan.populations[index].is_graded() {
            let resets = adjoint.spikes_before.iter_mut().zip(&adjoint.current);
            resets.for_each(|(spike, current)| *spike -= THRESHOLD * current);
        }
        sums.decay += f64::from(dot(&adjoint.current, &previous.potential));
    }

    /// Back through a modulator population.
    pub(super) fn modulate_back(
        &self,
        index: usize,
        modulator: Modulator,
        passage: Passage<'_>,
        adjoint: &mut Adjoint,
        gradient: &mut Tensors,
    ) {
        let Passage { episode, prices, step, before, after, .. } = passage;
        let (previous, neurons) = (&before.neurons[index], &after.neurons[index]);
        let (adjoints, sums) = (&mut adjoint.neurons[index], &mut gradient.populations[index]);
        let decay = self.values.populations[index].decay as f32;
        let zone = dead_zone(modulator);
        let magnitude = magnitude(&neurons.modulation);
        for neuron in 0..self.plan.populations[index].size {
            let slope = slope(neurons.modulation[neuron], zone);
            let modulation =
                adjoints.modulation[neuron] + prices.modulation * neurons.modulation[neuron] / magnitude;
            let current = adjoints.potential[neuron] + slope * modulation;
            adjoints.current[neuron] = current;
            adjoints.modulation[neuron] = 0.0;
            adjoints.potential[neuron] = decay * current;
            sums.decay += f64::from(current * previous.potential[neuron]);
        }
        let rows = sums.signal_weights.chunks_exact_mut(adjoints.current.len());
        for (row, signal) in rows.zip(episode.signals_at(step)) {
            let signal = signal.to_num::<f32>();
            row.iter_mut().zip(&adjoints.current).for_each(|(sum, current)| *sum += signal * current);
        }
        self.propagate_back(index, before, after, adjoint, gradient);
    }

    /// Through every projection onto a population; nobody needs the gradient of input spikes.
    fn propagate_back(
        &self,
        population: usize,
        before: &State,
        after: &State,
        adjoint: &mut Adjoint,
        gradient: &mut Tensors,
    ) {
        let current = std::mem::take(&mut adjoint.neurons[population].current);
        for index in self.plan.populations[population].incoming.iter().copied() {
            let wiring = &self.plan.projections[index];
            if let Some(windows) = &wiring.windows {
                let sources = self.sources(index, before, after);
                self.convolve_back(index, windows, sources, &current, adjoint, gradient);
                continue;
            }
            let panels = &current.as_chunks().0[..wiring.shape.panels()];
            self.setting.backend.run(WeightAdjoint {
                sources: self.sources(index, before, after),
                current: panels,
                weights: gradient.projections[index].weights.octets_mut(),
                plastic: adjoint.synapses[index].plastic.octets_mut(),
            });
            if wiring.from_input {
                continue;
            }
            let sender = &mut adjoint.neurons[wiring.pre];
            self.setting.backend.run(SpikeAdjoint {
                rows: wiring.shape.pre,
                weights: self.values.projections[index].weights.octets(),
                plastic: before.synapses[index].plastic.octets(),
                current: panels,
                spikes: if wiring.recurrent { &mut sender.spikes_before } else { &mut sender.spikes },
            });
        }
        adjoint.neurons[population].current = current;
    }
}
