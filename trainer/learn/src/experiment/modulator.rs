//! `kind = "modulator"`: its keys, the description, and what its meta-parameters start from.

use metaplastic_files::integer::integer;
use metaplastic_files::limit::within;
use metaplastic_shared::network::{MAX_MODULATORS, Modulator};
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::given::{Given, GivenStart};
use crate::lifetime::dead_zone;
use crate::model::Parameter;

/// The keys of a modulator population.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModulatorTable {
    pub(super) name: String,
    #[serde(deserialize_with = "integer::<_, _, 1, { MAX_MODULATORS as i64 }>")]
    pub(super) size: u16,
    decay: f64,
    /// d, rounded to Q15.
    #[serde(default)]
    dead_zone: f64,
}

impl ModulatorTable {
    /// The description.
    pub(super) fn modulator(&self) -> Result<Modulator, Fault> {
        within(format!("network.{}.dead_zone", self.name), self.dead_zone, 0.0..=0.99)?;
        Ok(dead_zone::modulator(self.dead_zone))
    }

    /// What the meta-parameters of population `index` start from.
    pub(super) fn given(&self, index: usize) -> Vec<GivenStart<'_>> {
        vec![GivenStart::new(Parameter::ModulatorDecay(index), Given::Decay(self.decay))]
    }
}
