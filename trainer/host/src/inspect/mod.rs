//! What an artifact contains, in words and figures: populations, projections, rules as equations, flash and RAM.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::inspect::inspect;
//!
//! let file = ArtifactFile::read(Path::new("../../tests/artifacts/cue-association.plastic")).unwrap();
//! let inspection = inspect(&file);
//! assert_eq!((&*inspection.task, inspection.readout), ("cue-association", (2, 4)));
//! assert_eq!(inspection.flash_bytes, file.bytes().len());
//! // It fits the Raspberry Pi Pico, and not every chip.
//! let fits = |board: &str| inspection.boards.iter().find(|line| line.board == board).unwrap().fits;
//! assert!(fits("pico") && !fits("microbit"));
//! ```

mod board;
mod inspection;
mod population;
mod projection;
mod quantity;
mod training;

pub use board::BoardLine;
pub use inspection::{CommandLine, Inspection, inspect};
pub use population::PopulationLine;
pub use projection::{PlasticityLine, ProjectionLine};
pub use training::{ReachedLine, TrainingLine};
