//! An experiment as it is written: the tables of its TOML file, with names where a network has indices.
//!
//! Every table refuses keys it does not know. What is optional is a feature that can be absent; every number
//! that training starts from has to be there. This file checks no value.

use metaplastic_files::integer::integer;
use metaplastic_shared::network::MAX_SURROGATE_SLOPE;
use serde::{Deserialize, Serialize};
use toml::Table;

use super::configuration::MetaConfiguration;
use super::error::Fault;
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
    /// Gives an analog population without a size the analog values of its task, if they are for it alone.
    ///
    /// # Errors
    /// If there are several populations for them, or none of them.
    pub(super) fn complete(&mut self, analog: usize) -> Result<(), Fault> {
        let count = self.population.iter().filter(|population| population.is_analog()).count();
        for population in &mut self.population {
            let field = format!("network.{}.size", population.name());
            let Some(size) = population.open_size() else { continue };
            if count > 1 {
                return Err(Fault::Missing { field });
            }
            if analog == 0 {
                return Err(Fault::NoAnalogValues { field });
            }
            *size = Some(u16::try_from(analog).unwrap_or(u16::MAX));
        }
        Ok(())
    }

    /// The names of the populations.
    pub(super) fn names(&self) -> PopulationNames<'_> {
        PopulationNames(self.population.iter().map(PopulationTable::name).collect())
    }
}
