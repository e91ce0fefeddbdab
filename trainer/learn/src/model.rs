//! A trainable network: its description, and one flat vector of meta-parameters with a layout.
//!
//! Raw meta-parameters are unconstrained: decays are `sigmoid(raw)`, rates, adaptation strengths and the readout
//! gain are `exp(raw)`, all others are the quantity itself. The kinds of populations and projections in `shared`
//! say which there are. This file gives every number its position, and knows no equation of the network.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::model::{Parameter, logit, sigmoid};
//!
//! let model = Experiment::load("cue-association").unwrap().model;
//! let hidden = model.population("hidden").unwrap();
//! let weights = model.slot(Parameter::Weights(model.projection("input>hidden").unwrap())).unwrap();
//! assert_eq!((model.name(weights.parameter), weights.shape), ("input>hidden.weights".to_owned(), (72, 64)));
//! assert_eq!(weights.range.len(), 72 * 64);
//!
//! // A decay is kept as the number whose sigmoid it is.
//! let mut flat = vec![0.0; model.parameter_count()];
//! flat[model.slot(Parameter::MembraneDecay(hidden)).unwrap().range.start] = logit(0.9);
//! assert!((model.decay(Parameter::MembraneDecay(hidden), &flat) - 0.9).abs() < 1e-6);
//! assert!((sigmoid(logit(0.9)) - 0.9).abs() < 1e-6);
//! ```

use std::ops::Range;

pub use metaplastic_shared::network::{Family, Parameter, Trace};
use metaplastic_shared::network::{MetaParameter, NetworkDescription, Owner};

/// A tensor's position in the flat vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSlot {
    /// Which tensor.
    pub parameter: Parameter,
    /// Its family.
    pub family: Family,
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Where it is.
    pub range: Range<usize>,
}

/// A network with a position for every meta-parameter.
#[derive(Clone, Debug)]
pub struct Model {
    /// The checked description.
    pub network: NetworkDescription,
    /// P_max, the same for all plastic projections.
    pub plastic_limit: f32,
    /// Weight of the modulators' activity in the loss in steps without a label; 0 for none.
    pub modulation_cost: f32,
    /// Weight of the regulariser of spikes in the loss; 0 for none.
    pub spike_cost: f32,
    slots: Vec<ParameterSlot>,
}

impl Model {
    /// Lays out the meta-parameters of a network that has passed [`NetworkDescription::check`]; without
    /// regularisers.
    #[must_use]
    pub fn new(network: NetworkDescription, plastic_limit: f32) -> Self {
        let mut end = 0;
        let slots = network.meta_parameters().map(|MetaParameter { parameter, family, shape, domain: _ }| {
            let start = end;
            end += shape.0 * shape.1;
            ParameterSlot { parameter, family, shape, range: start..end }
        });
        let slots = slots.collect();
        Self { network, plastic_limit, modulation_cost: 0.0, spike_cost: 0.0, slots }
    }

    /// The same with a weight of the regulariser of modulation.
    #[must_use]
    pub fn with_modulation_cost(self, modulation_cost: f32) -> Self {
        Self { modulation_cost, ..self }
    }

    /// The same with a weight of the regulariser of spikes.
    #[must_use]
    pub fn with_spike_cost(self, spike_cost: f32) -> Self {
        Self { spike_cost, ..self }
    }

    /// All tensors in the order of the flat vector.
    #[must_use]
    pub fn slots(&self) -> &[ParameterSlot] {
        &self.slots
    }

    /// Length of the flat vector.
    #[must_use]
    pub fn parameter_count(&self) -> usize {
        self.slots.last().map_or(0, |slot| slot.range.end)
    }

    /// A tensor's slot, if the network has it.
    #[must_use]
    pub fn slot(&self, parameter: Parameter) -> Option<&ParameterSlot> {
        self.slots.iter().find(|slot| slot.parameter == parameter)
    }

    /// A tensor's values, empty if the network does not have it.
    #[must_use]
    pub fn values<'v>(&self, parameter: Parameter, flat: &'v [f32]) -> &'v [f32] {
        self.slot(parameter).map_or(&[], |slot| &flat[slot.range.clone()])
    }

    /// A decay `sigmoid(raw)`; zero if the network does not have it.
    #[must_use]
    pub fn decay(&self, parameter: Parameter, flat: &[f32]) -> f32 {
        self.values(parameter, flat).first().map_or(0.0, |raw| sigmoid(*raw))
    }

    /// A positive scalar `exp(raw)`; zero if the network does not have it.
    #[must_use]
    pub fn positive(&self, parameter: Parameter, flat: &[f32]) -> f32 {
        self.values(parameter, flat).first().map_or(0.0, |raw| raw.exp())
    }

    /// The index of the population of a name.
    #[must_use]
    pub fn population(&self, name: &str) -> Option<usize> {
        self.network.populations.iter().position(|population| population.name == name)
    }

    /// The index of the first projection of a name such as `input>hidden`.
    #[must_use]
    pub fn projection(&self, name: &str) -> Option<usize> {
        (0..self.network.projections.len()).find(|index| self.projection_name(*index) == name)
    }

    /// The name of a tensor for readers, for example `input>hidden.weights`.
    #[must_use]
    pub fn name(&self, parameter: Parameter) -> String {
        let owner = match parameter.owner() {
            Owner::Population(index) => self.network.populations[index].name.as_str().to_owned(),
            Owner::Projection(index) => self.projection_name(index),
            Owner::Readout => "readout".to_owned(),
        };
        format!("{owner}.{}", parameter.name())
    }

    /// The name of a projection for readers, for example `input>hidden`.
    #[must_use]
    pub fn projection_name(&self, index: usize) -> String {
        let projection = &self.network.projections[index];
        let name = |population: u8| &self.network.populations[usize::from(population)].name;
        format!("{}>{}", name(projection.pre), name(projection.post))
    }
}

/// `1 / (1 + e^-x)`.
#[must_use]
pub fn sigmoid(raw: f32) -> f32 {
    1.0 / (1.0 + (-raw).exp())
}

/// The raw parameter whose sigmoid is `decay`, for `decay` in 0..1 exclusive.
#[must_use]
pub fn logit(decay: f32) -> f32 {
    (decay / (1.0 - decay)).ln()
}
