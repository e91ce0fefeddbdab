//! The whole description of an artifact, made of its parts' descriptions.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::Network;
use metaplastic_shared::format::CommandFormat;
use metaplastic_shared::network::Command;
use serde::Serialize;

use super::board::{BoardLine, boards};
use super::population::{PopulationLine, population};
use super::projection::{ProjectionLine, projection};
use super::quantity::scaled;
use super::training::TrainingLine;

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
    /// Classes, or commands, of the readout and the neurons of each.
    pub readout: (u16, u16),
    /// The commands of the readout; none of a readout of classes.
    pub commands: Option<CommandLine>,
    /// Flash for the artifact, bytes.
    pub flash_bytes: usize,
    /// RAM for the network's state and scratch, bytes.
    pub ram_bytes: usize,
    /// The memory it needs on each board.
    pub boards: Vec<BoardLine>,
    /// Synapses with a plastic weight.
    pub plastic_synapses: usize,
    /// How it was trained, and what it reached.
    pub training: Option<TrainingLine>,
}

/// The commands of a readout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CommandLine {
    /// Exponent of a command, i16.
    pub exponent: u8,
    /// A command is the gain times the sum of the potentials of its neurons.
    pub gain: f64,
}

impl CommandLine {
    fn of(command: Command, format: CommandFormat) -> Self {
        Self { exponent: command.exponent, gain: scaled(format.gain, format.gain_exponent.into()) }
    }
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
        commands: network.command().zip(manifest.command).map(|(command, format)| CommandLine::of(command, format)),
        flash_bytes: artifact.bytes().len(),
        ram_bytes: 8 * Network::memory_words(&artifact),
        boards: boards(&artifact),
        plastic_synapses: network.plastic_synapses(),
        training: manifest.training.map(TrainingLine::from),
    }
}
