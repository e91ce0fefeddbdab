//! The whole description of an artifact, made of its parts' descriptions.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::Network;
use metaplastic_shared::artifact::Training;
use serde::Serialize;

use super::board::{BoardLine, boards};
use super::population::{PopulationLine, population};
use super::projection::{ProjectionLine, projection};

/// What an artifact contains.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inspection {
    /// The task it was trained for.
    pub task: String,
    /// CRC-32 of the artifact, hexadecimal.
    pub checksum: String,
    /// Populations in the order they are updated.
    pub populations: Vec<PopulationLine>,
    /// Projections.
    pub projections: Vec<ProjectionLine>,
    /// Classes of the readout and the neurons of each.
    pub readout: (u16, u16),
    /// Flash for the artifact, bytes.
    pub flash_bytes: usize,
    /// RAM for the network's state and scratch, bytes.
    pub ram_bytes: usize,
    /// The memory it needs on each board.
    pub boards: Vec<BoardLine>,
    /// Synapses with a plastic weight.
    pub plastic_synapses: usize,
    /// How it was trained, and its accuracies.
    pub training: Option<Training>,
}

/// Describes an artifact.
#[must_use]
pub fn inspect(file: &ArtifactFile) -> Inspection {
    let artifact = file.artifact();
    let manifest = artifact.manifest();
    let network = &manifest.network;
    Inspection {
        task: manifest.task.to_owned(),
        checksum: format!("{:08x}", artifact.checksum()),
        populations: (0..network.populations.len()).map(|index| population(&artifact, index)).collect(),
        projections: (0..network.projections.len()).map(|index| projection(&artifact, index)).collect(),
        readout: (network.readout.classes, network.readout.neurons_per_class),
        flash_bytes: artifact.bytes().len(),
        ram_bytes: 8 * Network::memory_words(&artifact),
        boards: boards(&artifact),
        plastic_synapses: network.plastic_synapses(),
        training: manifest.training,
    }
}
