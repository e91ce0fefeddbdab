//! An experiment as it is written: the tables of its TOML file, with names where a network has indices.
//!
//! Every table refuses keys it does not know. What is optional is a feature that can be absent; every number
//! that training starts from has to be there. This file checks no value.

use metaplastic_files::integer::integer;
use metaplastic_shared::network::MAX_SURROGATE_SLOPE;
use serde::{Deserialize, Serialize};
use toml::Table;

use super::configuration::MetaConfiguration;
use super::names::PopulationNames;
use super::population::PopulationTable;
use super::projection::ProjectionTable;
use super::readout::ReadoutTable;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) task: Table,
    pub(super) network: NetworkTable,
    #[serde(default)]
    pub(super) meta: MetaConfiguration,
}

/// `[network]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkTable {
    #[serde(deserialize_with = "integer::<_, _, 1, { MAX_SURROGATE_SLOPE as i64 }>")]
    pub(super) surrogate_slope: u8,
    pub(super) plastic_limit: f64,
    pub(super) readout: ReadoutTable,
    pub(super) population: Vec<PopulationTable>,
    pub(super) projection: Vec<ProjectionTable>,
}

impl NetworkTable {
    /// The names of the populations.
    pub(super) fn names(&self) -> PopulationNames<'_> {
        PopulationNames(self.population.iter().map(PopulationTable::name).collect())
    }
}
