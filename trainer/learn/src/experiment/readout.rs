//! `[network.readout]`: the keys and the description. A readout of classes has `classes` and `neurons_per_class`, one of
//! commands `commands` and `range`; both have a population and a gain.

use metaplastic_files::integer::some_integer;
use metaplastic_shared::network::{Command, MAX_CLASSES, MAX_NEURONS, Readout, ReadoutKind};
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::names::PopulationNames;
use super::range::exponent;

/// `[network.readout]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadoutTable {
    population: String,
    #[serde(default, deserialize_with = "some_integer::<_, _, 2, { MAX_CLASSES as i64 }>")]
    classes: Option<u16>,
    #[serde(default, deserialize_with = "some_integer::<_, _, 1, { MAX_NEURONS as i64 }>")]
    neurons_per_class: Option<u16>,
    /// How many, each of one neuron.
    #[serde(default, deserialize_with = "some_integer::<_, _, 1, { MAX_CLASSES as i64 }>")]
    commands: Option<u16>,
    /// The largest magnitude of a command.
    range: Option<f64>,
    /// Start of gamma, or of the gain of commands.
    pub(super) gain: f64,
}

impl ReadoutTable {
    /// The description.
    pub(super) fn readout(&self, names: &PopulationNames<'_>) -> Result<Readout, Fault> {
        let population = names.index(&field("population"), &self.population)?;
        match (self.classes, self.commands) {
            (Some(classes), None) => self.of_classes(population, classes),
            (None, Some(commands)) => self.of_commands(population, commands),
            _ => Err(Fault::ReadoutKeys),
        }
    }

    fn of_classes(&self, population: u8, classes: u16) -> Result<Readout, Fault> {
        absent("range", self.range)?;
        let neurons_per_class = present("neurons_per_class", self.neurons_per_class)?;
        Ok(Readout { population, classes, neurons_per_class, kind: ReadoutKind::Classes })
    }

    fn of_commands(&self, population: u8, commands: u16) -> Result<Readout, Fault> {
        absent("neurons_per_class", self.neurons_per_class)?;
        let exponent = exponent(field("range"), present("range", self.range)?)?;
        let kind = ReadoutKind::Commands(Command { exponent });
        Ok(Readout { population, classes: commands, neurons_per_class: 1, kind })
    }
}

fn field(key: &str) -> String {
    format!("network.readout.{key}")
}

fn present<T>(key: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| Fault::Missing { field: field(key) })
}

fn absent<T>(key: &str, value: Option<T>) -> Result<(), Fault> {
    value.map_or(Ok(()), |_| Err(Fault::Unused { field: field(key) }))
}
