//! LIF populations, one step backwards:
//!
//! ```text
//! ds_j  = ... + (1 - rho) da_j             drho = sum da_j (a_j(t-1) - s_j)
//! dd_j  = dd_j + ds_j / (1 + k |d_j|)^2    without ds_j while refractory
//! da_j(t-1) = rho da_j - beta dd_j         dbeta = - sum dd_j a_j(t-1)
//! dv_j  = dv_j + dd_j                      da_v = sum dv_j v_j(t-1),  dI_j = dv_j,  db_j = dI_j
//! dv_j(t-1) = a_v dv_j                     ds_j(t-1) = - theta dv_j, if the reset is differentiated
//! ```
//!
//! With a synaptic current, `dI` of the membrane is what comes to it: `di_j = di_j + dv_j`, `dI_j = di_j`,
//! `da_i = sum di_j i_j(t-1)`, `di_j(t-1) = a_i di_j`.

use metaplastic_shared::network::Lif;

use super::ports::Ports;
use crate::lifetime::fused::decays::PopulationDecays;
use crate::lifetime::fused::flat::add;
use crate::lifetime::fused::flush::flush;
use crate::lifetime::fused::forward::lif::{LifContext, LifState, LifTensors, surrogate, with_distances};
use crate::lifetime::fused::lanes::{Kernel, Lanes};
use crate::lifetime::{Spiking, THRESHOLD};

/// Adjoints of a LIF population's state, padded; empty where the neurons have no such quantity.
#[derive(Debug)]
pub(crate) struct LifAdjoint {
    /// dv.
    pub(crate) potential: Vec<f32>,
    /// di of a synaptic current.
    synapse: Vec<f32>,
    /// dd of this step, from psi.
    pub(crate) distance: Vec<f32>,
    /// da.
    adaptation: Vec<f32>,
}

impl LifAdjoint {
    /// How many vectors over neurons there are at most.
    pub(crate) const VECTORS: usize = 4;

    /// Zeros.
    pub(crate) fn new(lif: Lif, padded: usize) -> Self {
        let zeros = |needed: bool| vec![0.0; if needed { padded } else { 0 }];
        Self {
            potential: zeros(true),
            synapse: zeros(lif.synaptic),
            distance: zeros(true),
            adaptation: zeros(lif.adaptive),
        }
    }

    /// Becomes zero.
    pub(crate) fn clear(&mut self) {
        self.vectors_mut().into_iter().for_each(|values| values.fill(0.0));
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        self.vectors_mut().into_iter().for_each(|values| flush(values));
    }

    fn vectors_mut(&mut self) -> [&mut Vec<f32>; Self::VECTORS] {
        let Self { potential, synapse, distance, adaptation } = self;
        [potential, synapse, distance, adaptation]
    }
}

/// The backward step of a LIF population.
#[derive(Clone, Copy)]
pub(crate) struct LifStep<'a> {
    /// The population.
    pub(crate) population: LifContext<'a>,
    /// Its state before the step.
    pub(crate) before: &'a LifState,
    /// Its state after the step.
    pub(crate) after: &'a LifState,
}

impl LifStep<'_> {
    /// From the adjoint of the state after the step to that of the state before it and that of the current.
    pub(crate) fn back(self, ports: &mut Ports, adjoint: &mut LifAdjoint, gradient: &mut LifTensors) {
        let Self { population: LifContext { lif, context, .. }, before, after } = self;
        if lif.adaptive {
            self.adaptation_back(ports, adjoint, gradient);
        }
        if !lif.graded {
            let (slope, size) = (context.slope, context.population.size);
            context.configuration.backend.run(SpikeBack { slope, size, before, after, ports, adjoint });
        }
        if lif.adaptive {
            self.threshold_back(adjoint, gradient);
        }
        self.integrate_back(ports, adjoint, gradient);
        if lif.synaptic {
            self.synapse_back(ports, adjoint, gradient);
        }
        add(&mut gradient.bias, &ports.current);
    }

    /// `a = rho a + (1 - rho) s`.
    fn adaptation_back(self, ports: &mut Ports, adjoint: &mut LifAdjoint, gradient: &mut LifTensors) {
        let rho = self.population.values.adaptation_decay as f32;
        for neuron in 0..self.population.context.population.size {
            let adaptation = adjoint.adaptation[neuron];
            ports.spikes[neuron] += (1.0 - rho) * adaptation;
            adjoint.adaptation[neuron] = rho * adaptation;
            let change = self.before.adaptation[neuron] - self.after.spikes.values[neuron];
            gradient.adaptation_decay += f64::from(adaptation * change);
        }
    }

    /// `d = v - theta - beta a(t-1)`, its last part.
    fn threshold_back(self, adjoint: &mut LifAdjoint, gradient: &mut LifTensors) {
        let strength = self.population.values.adaptation_strength as f32;
        for neuron in 0..self.population.context.population.size {
            let distance = adjoint.distance[neuron];
            adjoint.adaptation[neuron] -= strength * distance;
            gradient.adaptation_strength -= f64::from(distance * self.before.adaptation[neuron]);
        }
    }

    /// `v = a_v v + I - theta s(t-1)`.
    fn integrate_back(self, ports: &mut Ports, adjoint: &mut LifAdjoint, gradient: &mut LifTensors) {
        let LifContext { lif, values, context } = self.population;
        let (decays, size) = (&values.membrane_decay, context.population.size);
        context.configuration.backend.run(IntegrateBack { decays, size, ports, adjoint });
        if context.configuration.spiking == Spiking::Smooth && !lif.graded {
            let resets = ports.spikes_before.iter_mut().zip(&ports.current);
            resets.for_each(|(spike, current)| *spike -= THRESHOLD * current);
        }
        gradient.membrane_decay.accumulate(&ports.current, &self.before.potential);
    }

    /// `i = a_i i + I`.
    fn synapse_back(self, ports: &mut Ports, adjoint: &mut LifAdjoint, gradient: &mut LifTensors) {
        let LifContext { values, context, .. } = self.population;
        let (decays, size) = (&values.synapse_decay, context.population.size);
        context.configuration.backend.run(FilterInputBack { decays, size, ports, adjoint });
        gradient.synapse_decay.accumulate(&ports.current, &self.before.synapse);
    }
}

/// `dd = dd + ds / (1 + k |d|)^2`, without `ds` while refractory.
struct SpikeBack<'a> {
    slope: f32,
    size: usize,
    before: &'a LifState,
    after: &'a LifState,
    ports: &'a mut Ports,
    adjoint: &'a mut LifAdjoint,
}

impl Kernel for SpikeBack<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { slope, size, before, after, ports, adjoint } = self;
        for (spike, waiting) in ports.spikes.iter_mut().zip(&before.refractory) {
            *spike = if *waiting == 0.0 { *spike } else { 0.0 };
        }
        let adjoints = adjoint.distance[..size].iter_mut().zip(&*ports.spikes);
        let LifState { potential, distance, .. } = after;
        with_distances(adjoints, potential, distance, |(distance_adjoint, spike_adjoint), distance| {
            *distance_adjoint += spike_adjoint * surrogate(slope, distance);
        });
    }
}

/// `dI = dv + dd`, `dv(t-1) = a_v dI`; `dd` becomes zero.
struct IntegrateBack<'a> {
    decays: &'a PopulationDecays,
    size: usize,
    ports: &'a mut Ports,
    adjoint: &'a mut LifAdjoint,
}

impl Kernel for IntegrateBack<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { decays, size, ports, adjoint } = self;
        let LifAdjoint { potential, distance, .. } = adjoint;
        let values = potential[..size].iter_mut().zip(distance).zip(&mut ports.current);
        decays.for_each(values, |((potential, distance), current), decay| {
            *current = *potential + *distance;
            *potential = decay * *current;
            *distance = 0.0;
        });
    }
}

/// `di = di + dI`, `di(t-1) = a_i di`; `di` takes the place of `dI`.
struct FilterInputBack<'a> {
    decays: &'a PopulationDecays,
    size: usize,
    ports: &'a mut Ports,
    adjoint: &'a mut LifAdjoint,
}

impl Kernel for FilterInputBack<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Self { decays, size, ports, adjoint } = self;
        let values = adjoint.synapse[..size].iter_mut().zip(&mut ports.current);
        decays.for_each(values, |(synapse, current), decay| {
            *current += *synapse;
            *synapse = decay * *current;
        });
    }
}
