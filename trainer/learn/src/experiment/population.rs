//! `[[network.population]]`: the list of population kinds, one line per kind.

use metaplastic_files::integer::integer;
use metaplastic_shared::network::{MAX_INPUTS, PopulationKind};
use serde::{Deserialize, Deserializer, Serialize};

use super::analog::AnalogTable;
use super::error::Fault;
use super::given::GivenStart;
use super::lif::LifTable;
use super::modulator::ModulatorTable;

/// `[[network.population]]`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum PopulationTable {
    Input(InputTable),
    Lif(LifTable),
    Modulator(ModulatorTable),
    Analog(AnalogTable),
}

/// The same as [`read`](super::document::read) has it: the kind is the key of the other keys. An enum with its tag
/// among the keys would forget where they are in the file.
#[derive(Deserialize)]
#[serde(remote = "PopulationTable", rename_all = "kebab-case")]
enum TaggedTable {
    Input(InputTable),
    Lif(LifTable),
    Modulator(ModulatorTable),
    Analog(AnalogTable),
}

impl<'de> Deserialize<'de> for PopulationTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TaggedTable::deserialize(deserializer)
    }
}

/// The keys of an input population.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputTable {
    name: String,
    #[serde(deserialize_with = "integer::<_, _, 1, { MAX_INPUTS as i64 }>")]
    size: u16,
}

impl PopulationTable {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Input(table) => &table.name,
            Self::Lif(table) => &table.name,
            Self::Modulator(table) => &table.name,
            Self::Analog(table) => &table.name,
        }
    }

    /// Neurons; zero where the file leaves them out.
    pub(super) fn size(&self) -> u16 {
        match self {
            Self::Input(table) => table.size,
            Self::Lif(table) => table.size,
            Self::Modulator(table) => table.size,
            Self::Analog(table) => table.size.unwrap_or(0),
        }
    }

    /// Whether its values are the task's analog ones.
    pub(super) fn is_analog(&self) -> bool {
        matches!(self, Self::Analog(_))
    }

    /// Its size as the file may leave it out: that of an analog population.
    pub(super) fn open_size(&mut self) -> Option<&mut Option<u16>> {
        if let Self::Analog(table) = self { Some(&mut table.size).filter(|size| size.is_none()) } else { None }
    }

    /// Channels of a map; one if it has none.
    pub(super) fn channels(&self) -> u16 {
        if let Self::Lif(table) = self { table.channels.max(1) } else { 1 }
    }

    /// The description.
    pub(super) fn kind(&self) -> Result<PopulationKind, Fault> {
        Ok(match self {
            Self::Input(_) => PopulationKind::Input,
            Self::Lif(table) => PopulationKind::Lif(table.lif()?),
            Self::Modulator(table) => PopulationKind::Modulator(table.modulator()?),
            Self::Analog(table) => PopulationKind::Analog(table.analog()?),
        })
    }

    /// What the meta-parameters of population `index` start from.
    pub(super) fn given(&self, index: usize) -> Vec<GivenStart<'_>> {
        match self {
            Self::Input(_) | Self::Analog(_) => Vec::new(),
            Self::Lif(table) => table.given(index),
            Self::Modulator(table) => table.given(index),
        }
    }
}
