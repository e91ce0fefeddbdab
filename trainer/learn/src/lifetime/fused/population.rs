//! The list of population kinds: the meta-parameters and the state of each, one line per kind.

use metaplastic_shared::network::PopulationKind;

use super::flat::{FlatGradient, FlatValues};
use super::forward::lif::{LifState, LifTensors};
use super::forward::modulator::{ModulatorState, ModulatorTensors};
use super::lanes::{LANES, Octet};
use super::plan::PopulationPlan;
use super::sparse::{NO_SPIKES, SparseVector};

/// Meta-parameters of a population, or gradients with respect to them.
#[derive(Clone, Debug)]
pub(crate) enum PopulationTensors {
    /// Input and analog populations have none.
    Outside,
    /// Of a LIF population.
    Lif(LifTensors),
    /// Of a modulator population.
    Modulator(ModulatorTensors),
}

impl PopulationTensors {
    /// Zeros in the shapes of a population.
    pub(crate) fn zeros(population: &PopulationPlan) -> Self {
        match population.kind {
            PopulationKind::Input | PopulationKind::Analog(_) => Self::Outside,
            PopulationKind::Lif(lif) => Self::Lif(LifTensors::zeros(lif, population.padded())),
            PopulationKind::Modulator(_) => Self::Modulator(ModulatorTensors::default()),
        }
    }

    /// An upper estimate of the floats of a population's tensors.
    pub(crate) fn floats(population: &PopulationPlan) -> usize {
        match population.kind {
            PopulationKind::Lif(_) => LifTensors::floats(population.padded()),
            PopulationKind::Input | PopulationKind::Modulator(_) | PopulationKind::Analog(_) => 0,
        }
    }

    /// The values of population `index`.
    pub(crate) fn load(values: FlatValues<'_>, index: usize, population: &PopulationPlan) -> Self {
        match population.kind {
            PopulationKind::Input | PopulationKind::Analog(_) => Self::Outside,
            PopulationKind::Lif(lif) => Self::Lif(LifTensors::load(values, index, lif, population)),
            PopulationKind::Modulator(_) => Self::Modulator(ModulatorTensors::load(values, index)),
        }
    }

    /// Adds another gradient of the same population.
    pub(crate) fn add(&mut self, other: &Self) {
        match (self, other) {
            (Self::Lif(sum), Self::Lif(other)) => sum.add(other),
            (Self::Modulator(sum), Self::Modulator(other)) => sum.add(other),
            _ => {}
        }
    }

    /// Puts this gradient of population `index`, at `values`, into the flat one.
    pub(crate) fn flatten(&self, values: &Self, index: usize, size: usize, flat: &mut FlatGradient<'_>) {
        match (self, values) {
            (Self::Lif(gradient), Self::Lif(values)) => gradient.flatten(values, index, size, flat),
            (Self::Modulator(gradient), Self::Modulator(values)) => gradient.flatten(values, index, flat),
            _ => {}
        }
    }
}

/// State of a population at the end of a step.
#[derive(Debug)]
pub(crate) enum PopulationState {
    /// Of an input population.
    Input(SparseVector),
    /// Of a LIF population.
    Lif(LifState),
    /// Of a modulator population.
    Modulator(ModulatorState),
    /// Of an analog population: its values.
    Analog(SparseVector),
}

impl PopulationState {
    /// The initial state: zero.
    pub(crate) fn new(population: &PopulationPlan) -> Self {
        match population.kind {
            PopulationKind::Input => Self::Input(SparseVector::none(population.padded())),
            PopulationKind::Lif(lif) => Self::Lif(LifState::new(lif, population.padded())),
            PopulationKind::Modulator(_) => Self::Modulator(ModulatorState::new(population.padded())),
            PopulationKind::Analog(_) => Self::Analog(SparseVector::none(population.padded())),
        }
    }

    /// Becomes the initial state.
    pub(crate) fn reset_state(&mut self) {
        match self {
            Self::Input(values) | Self::Analog(values) => values.clear(),
            Self::Lif(state) => state.reset_state(),
            Self::Modulator(state) => state.reset_state(),
        }
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        match self {
            Self::Input(_) | Self::Analog(_) => {}
            Self::Lif(state) => state.flush(),
            Self::Modulator(state) => state.flush(),
        }
    }

    /// An upper estimate of the floats that a population's state takes.
    pub(crate) fn floats(population: &PopulationPlan) -> usize {
        match population.kind {
            PopulationKind::Input | PopulationKind::Analog(_) => SparseVector::floats(population.padded()),
            PopulationKind::Lif(_) => LifState::floats(population.padded()),
            PopulationKind::Modulator(_) => ModulatorState::floats(population.padded()),
        }
    }

    /// s.
    pub(crate) fn spikes(&self) -> &SparseVector {
        match self {
            Self::Input(spikes) => spikes,
            Self::Lif(state) => &state.spikes,
            Self::Modulator(_) | Self::Analog(_) => &NO_SPIKES,
        }
    }

    /// What projections carry: spikes, or analog values.
    pub(crate) fn outputs(&self) -> &SparseVector {
        if let Self::Analog(values) = self { values } else { self.spikes() }
    }

    /// v of LIF neurons; empty for other kinds.
    pub(crate) fn potential(&self) -> &[f32] {
        if let Self::Lif(state) = self { &state.potential } else { &[] }
    }

    /// m of modulators; empty for other kinds.
    pub(crate) fn modulation(&self) -> &[f32] {
        if let Self::Modulator(state) = self { &state.modulation } else { &[] }
    }

    /// d of eight LIF neurons; zero for other kinds, onto which no projection is plastic.
    pub(crate) fn distances(&self, panel: usize) -> Octet {
        if let Self::Lif(state) = self { state.distances(panel) } else { [0.0; LANES] }
    }
}

impl Default for PopulationState {
    fn default() -> Self {
        Self::Input(SparseVector::default())
    }
}

impl Clone for PopulationState {
    fn clone(&self) -> Self {
        match self {
            Self::Input(spikes) => Self::Input(spikes.clone()),
            Self::Lif(state) => Self::Lif(state.clone()),
            Self::Modulator(state) => Self::Modulator(state.clone()),
            Self::Analog(values) => Self::Analog(values.clone()),
        }
    }

    fn clone_from(&mut self, source: &Self) {
        match (self, source) {
            (Self::Input(values), Self::Input(source)) | (Self::Analog(values), Self::Analog(source)) => {
                values.clone_from(source);
            }
            (Self::Lif(state), Self::Lif(source)) => state.clone_from(source),
            (Self::Modulator(state), Self::Modulator(source)) => state.clone_from(source),
            (state, source) => *state = source.clone(),
        }
    }
}
