//! `kind = "analog"`: its keys and the description.

use metaplastic_files::integer::some_integer;
use metaplastic_shared::network::{Analog, MAX_ANALOG_VALUES};
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::range::exponent;

/// The keys of an analog population.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnalogTable {
    pub(super) name: String,
    /// As many values as the task gives, if it is left out.
    #[serde(default, deserialize_with = "some_integer::<_, _, 1, { MAX_ANALOG_VALUES as i64 }>")]
    pub(super) size: Option<u16>,
    /// The largest magnitude of the values.
    range: f64,
}

impl AnalogTable {
    /// The description.
    pub(super) fn analog(&self) -> Result<Analog, Fault> {
        Ok(Analog { exponent: exponent(format!("network.{}.range", self.name), self.range)? })
    }
}
