//! Modulator populations, one step backwards:
//!
//! ```text
//! dm_k  = dm_k + w m_k / |m|               the regulariser of modulation of weight w, in steps without a label
//! du_k  = du_k + (1 - t_k^2) dm_k          without dm_k in the dead zone |t_k| <= d; |t_k| = |m_k| + d outside
//!                                          da_m = sum du_k u_k(t-1)
//! ```

use super::ports::Ports;
use crate::lifetime::dead_zone::{dead_zone, slope};
use crate::lifetime::fused::flush::flush;
use crate::lifetime::fused::forward::modulator::{ModulatorContext, ModulatorState, ModulatorTensors};
use crate::lifetime::modulation_cost::magnitude;

/// Adjoints of a modulator population's state, padded.
#[derive(Debug)]
pub(crate) struct ModulatorAdjoint {
    /// du.
    activity: Vec<f32>,
    /// dm of this step.
    pub(crate) modulation: Vec<f32>,
}

impl ModulatorAdjoint {
    /// Zeros.
    pub(crate) fn new(padded: usize) -> Self {
        Self { activity: vec![0.0; padded], modulation: vec![0.0; padded] }
    }

    /// Becomes zero.
    pub(crate) fn clear(&mut self) {
        self.activity.fill(0.0);
        self.modulation.fill(0.0);
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        flush(&mut self.activity);
    }
}

/// The backward step of a modulator population.
#[derive(Clone, Copy)]
pub(crate) struct ModulatorStep<'a> {
    /// The population.
    pub(crate) population: ModulatorContext<'a>,
    /// The weight of the regulariser of modulation in this step.
    pub(crate) regulariser_weight: f32,
    /// Its state before the step.
    pub(crate) before: &'a ModulatorState,
    /// Its state after the step.
    pub(crate) after: &'a ModulatorState,
}

impl ModulatorStep<'_> {
    /// From the adjoint of the state after the step to that of the state before it and that of the current.
    pub(crate) fn back(self, ports: &mut Ports, adjoint: &mut ModulatorAdjoint, gradient: &mut ModulatorTensors) {
        let ModulatorContext { modulator, values, context } = self.population;
        let decay = values.decay as f32;
        let zone = dead_zone(modulator);
        let magnitude = magnitude(&self.after.modulation);
        for neuron in 0..context.population.size {
            let value = self.after.modulation[neuron];
            let modulation = adjoint.modulation[neuron] + self.regulariser_weight * value / magnitude;
            let current = adjoint.activity[neuron] + slope(value, zone) * modulation;
            ports.current[neuron] = current;
            adjoint.modulation[neuron] = 0.0;
            adjoint.activity[neuron] = decay * current;
            gradient.decay += f64::from(current * self.before.activity[neuron]);
        }
    }
}
