//! Modulator populations in one step, under the current `I_k` that has been added up:
//!
//! ```text
//! u_k = a_m u_k + I_k,   m_k = shrink(tanh(u_k), d)
//! ```

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::Modulator;

use crate::lifetime::dead_zone::{dead_zone, shrink};
use crate::lifetime::fused::configuration::PopulationContext;
use crate::lifetime::fused::flat::{FlatGradient, FlatValues};
use crate::lifetime::fused::flush::flush;
use crate::model::Parameter;

/// Meta-parameters of a modulator population, or gradients with respect to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ModulatorTensors {
    /// a_m.
    pub(crate) decay: f64,
}

impl ModulatorTensors {
    /// The values of population `index`.
    pub(crate) fn load(values: FlatValues<'_>, index: usize) -> Self {
        Self { decay: values.decay(Parameter::ModulatorDecay(index)) }
    }

    /// Adds another gradient.
    pub(crate) fn add(&mut self, other: &Self) {
        self.decay += other.decay;
    }

    /// Puts this gradient of population `index`, at `values`, into the flat one.
    pub(crate) fn flatten(&self, values: &Self, index: usize, flat: &mut FlatGradient<'_>) {
        flat.set_decay(Parameter::ModulatorDecay(index), self.decay, values.decay);
    }
}

/// State of a modulator population, padded with zeros.
#[derive(Debug, Default)]
pub(crate) struct ModulatorState {
    /// u.
    pub(crate) activity: Vec<f32>,
    /// m.
    pub(crate) modulation: Vec<f32>,
}

impl ModulatorState {
    /// The initial state: zero.
    pub(crate) fn new(padded: usize) -> Self {
        Self { activity: vec![0.0; padded], modulation: vec![0.0; padded] }
    }

    /// Becomes the initial state.
    pub(crate) fn reset_state(&mut self) {
        self.activity.fill(0.0);
        self.modulation.fill(0.0);
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        flush(&mut self.activity);
    }

    /// Floats that it takes.
    pub(crate) fn floats(padded: usize) -> usize {
        2 * padded
    }

    /// Begins a step; projections add their currents.
    pub(crate) fn begin(&mut self) -> &mut [f32] {
        self.activity.fill(0.0);
        &mut self.activity
    }
}

impl Clone for ModulatorState {
    fn clone(&self) -> Self {
        Self { activity: self.activity.clone(), modulation: self.modulation.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.activity.clone_from(&source.activity);
        self.modulation.clone_from(&source.modulation);
    }
}

/// A modulator population and all that stays the same during its steps.
#[derive(Clone, Copy)]
pub(crate) struct ModulatorContext<'a> {
    /// Its description.
    pub(crate) modulator: Modulator,
    /// Its meta-parameters.
    pub(crate) values: &'a ModulatorTensors,
    /// Its size, and how it is run.
    pub(crate) context: PopulationContext<'a>,
}

impl ModulatorContext<'_> {
    /// One step, of a state that [began](ModulatorState::begin) and has all currents.
    pub(crate) fn step(self, before: &ModulatorState, after: &mut ModulatorState) {
        let Self { modulator, values, context } = self;
        let decay = values.decay as f32;
        let zone = dead_zone(modulator);
        let frozen = context.configuration.freeze == Freeze::ThirdFactor;
        for neuron in 0..context.population.size {
            after.activity[neuron] += decay * before.activity[neuron];
            after.modulation[neuron] = if frozen { 1.0 } else { shrink(after.activity[neuron].tanh(), zone) };
        }
    }
}
