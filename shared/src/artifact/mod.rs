//! The artifact `NAME.plastic`: envelope, manifest and raw sections. `docs/artifact.md` specifies the format.
//!
//! ```text
//! 0   magic "PLASTIC" and a zero byte
//! 8   format version, u16          10  zero, u16
//! 12  total length in bytes, u32   16  CRC-32 of all bytes but these four, u32
//! 20  manifest length, u32         24  manifest, postcard
//! ..  sections, each 8-byte aligned, zero padding between; their order and length follow from the manifest
//! ```
//!
//! All integers are little-endian. [`Artifact::decode`] is the only constructor. It checks every index, shape,
//! exponent and sum; therefore nothing in a later step can fail or wrap.
//!
//! ```
//! use metaplastic_shared::artifact::{Artifact, DecodeError};
//!
//! // Aligned, as in flash.
//! #[repr(align(8))]
//! struct Aligned([u8; include_bytes!("../../../tests/artifacts/bandit.plastic").len()]);
//!
//! let mut file = Aligned(*include_bytes!("../../../tests/artifacts/bandit.plastic"));
//! let artifact = Artifact::decode(&file.0).unwrap();
//! assert_eq!(artifact.manifest().task, "bandit");
//! assert_eq!(artifact.manifest().network.readout.classes, 5);
//!
//! file.0[1000] ^= 1;
//! assert!(Artifact::decode(&file.0).is_err());
//! ```

mod check;
mod decode;
mod encode;
mod layout;
mod read;
mod real;

pub use check::FormatError;
pub use decode::{Artifact, DecodeError};
pub use encode::{EncodeError, encode, encoded_length};

pub use real::Real;

pub use crate::kinds::{Section, SectionLength};

use heapless::Vec;
use serde::{Deserialize, Serialize};

use crate::checksum::CRC;
use crate::format::{CommandFormat, CommandScale, Exponents, PopulationFormat, ProjectionFormat};
use crate::network::{MAX_POPULATIONS, MAX_PROJECTIONS, NetworkDescription, Population, Projection};

/// The first eight bytes of every artifact.
pub const MAGIC: [u8; 8] = *b"PLASTIC\0";
/// The format version this crate writes and reads.
pub const VERSION: u16 = 6;
/// Bytes before the manifest.
pub const HEADER_BYTES: usize = 24;
/// Alignment of the artifact in memory and of each section in it, bytes.
pub const ALIGNMENT: usize = 8;

const VERSION_AT: usize = 8;
const RESERVED_AT: usize = 10;
/// Offset of the total length in the header, u32.
pub const LENGTH_AT: usize = 12;
const CHECKSUM_AT: usize = 16;
const MANIFEST_LENGTH_AT: usize = 20;

/// The description of a network without its raw sections.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manifest<'a> {
    /// Populations, projections, readout.
    pub network: NetworkDescription,
    /// Formats, one for each population.
    pub populations: Vec<PopulationFormat, MAX_POPULATIONS>,
    /// Formats, one for each projection.
    pub projections: Vec<ProjectionFormat, MAX_PROJECTIONS>,
    /// Gain of the readout's commands; present exactly when it has commands.
    pub command: Option<CommandFormat>,
    /// Name of the task it was trained for.
    pub task: &'a str,
    /// The task's parameters, TOML.
    pub task_parameters: &'a str,
    /// The training; none for a network that was not trained.
    pub training: Option<Training>,
}

impl Manifest<'_> {
    /// Exponent of a population's potential v or u; zero where it has none or does not exist.
    #[must_use]
    pub fn potential_exponent(&self, population: usize) -> i32 {
        self.populations.get(population).map_or(0, PopulationFormat::potential_exponent)
    }

    /// Exponents at the two ends of a projection of the network.
    #[must_use]
    pub fn exponents(&self, projection: &Projection) -> Exponents {
        let pre = self.network.populations.get(usize::from(projection.pre));
        Exponents {
            output: pre.map_or(0, Population::output_exponent),
            potential: self.potential_exponent(projection.post.into()),
        }
    }

    /// How the readout's potentials become commands; none if it has no commands.
    #[must_use]
    pub fn command_scale(&self) -> Option<CommandScale> {
        let exponent = self.potential_exponent(self.network.readout.population.into());
        Some(self.command?.scale(self.network.command()?, exponent))
    }
}

/// How a network was trained, and what it reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Seed of initialisation and of the training episodes.
    pub seed: u64,
    /// Optimiser steps.
    pub meta_steps: u32,
    /// What it reached in unseen episodes.
    pub reached: Reached,
}

/// What a network reached in unseen episodes, in float32 and in chip arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// Fractions of right decisions, 0 to 1.
    Accuracy {
        /// In float32.
        float: Real,
        /// In chip arithmetic.
        chip: Real,
        /// Of a random guess, expected.
        chance: Real,
        /// Number of decisions that both were counted over.
        decisions: u32,
    },
    /// Means of the first thing that the task measures of an episode in a world.
    Measured {
        /// In float32.
        float: Real,
        /// In chip arithmetic.
        chip: Real,
        /// Number of episodes that both were measured over.
        episodes: u32,
    },
}

/// CRC-32 (ISO-HDLC) over all of an artifact but the checksum itself; `bytes` holds at least a header.
fn checksum(bytes: &[u8]) -> u32 {
    let mut digest = CRC.digest();
    digest.update(bytes.get(..CHECKSUM_AT).unwrap_or_default());
    digest.update(bytes.get(CHECKSUM_AT + 4..).unwrap_or_default());
    digest.finalize()
}
