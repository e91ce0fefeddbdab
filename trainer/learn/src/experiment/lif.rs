//! `kind = "lif"`: its keys, the description, and what its meta-parameters start from.

use metaplastic_files::integer::integer;
use metaplastic_shared::network::{DecayScope, Lif, MAX_NEURONS};
use serde::{Deserialize, Serialize};

use super::decay::DecayTable;
use super::error::Fault;
use super::given::{Given, GivenStart};
use crate::model::Parameter;

/// The keys of a LIF population.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LifTable {
    pub(super) name: String,
    #[serde(deserialize_with = "integer::<_, _, 1, { MAX_NEURONS as i64 }>")]
    pub(super) size: u16,
    bias: f64,
    /// Standard deviation of the bias at the start; not written where there is none, as networks without it were not.
    #[serde(default, skip_serializing_if = "is_zero")]
    bias_deviation: f64,
    membrane_decay: DecayTable,
    /// Its presence gives the neurons a synaptic current.
    synapse_decay: Option<DecayTable>,
    #[serde(default, deserialize_with = "integer::<_, _, 0, { u8::MAX as i64 }>")]
    refractory: u8,
    /// Whether the neurons never spike; their output is their potential.
    #[serde(default)]
    graded: bool,
    /// Channels of a map, which share a bias; 0 for one bias per neuron.
    #[serde(default, deserialize_with = "integer::<_, _, 0, { MAX_NEURONS as i64 }>")]
    pub(super) channels: u16,
    adaptation: Option<AdaptationTable>,
}

/// `adaptation`; its presence makes the threshold adaptive.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdaptationTable {
    strength: f64,
    decay: f64,
}

impl LifTable {
    /// The description.
    pub(super) fn lif(&self) -> Result<Lif, Fault> {
        Ok(Lif {
            refractory: self.refractory,
            adaptive: self.adaptation.is_some(),
            graded: self.graded,
            channels: self.channels,
            synaptic: self.synapse_decay.is_some(),
            decay_scope: self.decay_scope()?,
        })
    }

    fn decay_scope(&self) -> Result<DecayScope, Fault> {
        let membrane = self.membrane_decay.scope();
        match &self.synapse_decay {
            Some(synapse) if synapse.scope() != membrane => {
                Err(Fault::DecayScopes { population: self.name.clone() })
            }
            _ => Ok(membrane),
        }
    }

    /// What the meta-parameters of population `index` start from.
    pub(super) fn given<'t>(&self, index: usize) -> Vec<GivenStart<'t>> {
        let mut all = vec![
            GivenStart::new(Parameter::Bias(index), Given::Normal(self.bias, self.bias_deviation)),
            GivenStart::new(Parameter::MembraneDecay(index), Given::DecayTable(self.membrane_decay)),
        ];
        let synapse = self.synapse_decay.map(Given::DecayTable);
        all.extend(synapse.map(|decay| GivenStart::new(Parameter::SynapseDecay(index), decay)));
        if let Some(adaptation) = &self.adaptation {
            let strength = Given::Positive(adaptation.strength);
            all.push(GivenStart::new(Parameter::AdaptationStrength(index), strength));
            all.push(GivenStart::new(Parameter::AdaptationDecay(index), Given::Decay(adaptation.decay)));
        }
        all
    }
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
