//! `membrane_decay` and the like of a population: one value, or drawn between two.
//!
//! ```toml
//! membrane_decay = 0.9                                          # one, of all neurons
//! membrane_decay = { low = 0.8, high = 0.99, per = "neuron" }   # one a neuron, time constants log-uniform
//! ```

use metaplastic_files::limit::within;
use metaplastic_shared::network::DecayScope;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::start::{DECAY, StartValues, TimeConstants};

/// A decay as a file gives it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "a decay must be a number, or a table { low = .., high = .., per = \"neuron\" }")]
pub(super) enum DecayTable {
    /// The same of all neurons.
    Same(f64),
    /// Drawn.
    Drawn(DrawnDecay),
}

/// A decay whose time constant is drawn log-uniformly.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DrawnDecay {
    low: f64,
    high: f64,
    /// Whether one is drawn for the population or one for each neuron.
    per: DecayScope,
}

impl DecayTable {
    /// How many decays there are.
    pub(super) fn scope(&self) -> DecayScope {
        match self {
            Self::Same(_) => DecayScope::Population,
            Self::Drawn(drawn) => drawn.per,
        }
    }

    /// The start values.
    pub(super) fn start(&self, field: &str) -> Result<StartValues, Fault> {
        let DrawnDecay { low, high, .. } = match self {
            Self::Same(value) => return StartValues::decay(field, *value),
            Self::Drawn(drawn) => *drawn,
        };
        within(format!("{field}.low"), low, DECAY)?;
        within(format!("{field}.high"), high, low..=*DECAY.end())?;
        Ok(StartValues::TimeConstants(TimeConstants::of_decays(low, high)))
    }
}
