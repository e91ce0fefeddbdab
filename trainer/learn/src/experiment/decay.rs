//! `membrane_decay` and the like of a population: one value, or drawn between two.
//!
//! ```toml
//! membrane_decay = 0.9                                          # one for all neurons
//! membrane_decay = { low = 0.8, high = 0.99, per = "neuron" }   # one per neuron, time constants log-uniform
//! ```

use std::fmt;

use metaplastic_files::limit::{limits, within};
use metaplastic_shared::network::DecayScope;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::error::Fault;
use super::start::{DECAY, StartValues, TimeConstants};

/// A decay as a file gives it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
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
        within(format!("{field}.high"), high, DECAY)?;
        if high < low {
            return Err(Fault::DecayOrder { field: field.to_owned(), low, high });
        }
        Ok(StartValues::TimeConstants(TimeConstants::of_decays(low, high)))
    }
}

/// Written out because an untagged enum that is derived forgets which key of the table is wrong, and where it is.
impl<'de> Deserialize<'de> for DecayTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecayVisitor)
    }
}

struct DecayVisitor;

impl<'de> Visitor<'de> for DecayVisitor {
    type Value = DecayTable;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = limits(&DECAY);
        write!(formatter, "a decay in {limits}, or a table {{ low = .., high = .., per = \"neuron\" }}")
    }

    fn visit_f64<E>(self, value: f64) -> Result<DecayTable, E> {
        Ok(DecayTable::Same(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<DecayTable, E> {
        Ok(DecayTable::Same(value as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DecayTable, A::Error> {
        DrawnDecay::deserialize(MapAccessDeserializer::new(map)).map(DecayTable::Drawn)
    }
}
