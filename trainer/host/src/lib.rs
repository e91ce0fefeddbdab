//! Bodies: what an artifact's network runs on, and what is measured there.
//!
//! A [`body`] is the runtime in this process, an emulated board or a real one at a serial port. [`evaluate`] counts
//! right decisions on it, [`mod@bench`] measures what its steps cost, [`recording`] keeps its state step by step, and a
//! [`state_file`] what it has learned. [`mod@inspect`] says what an artifact contains, [`firmware`] builds it for a board. This
//! package may not know how a network is trained.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::body::BodyName;
//! use metaplastic_host::evaluate::Evaluator;
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::Tasks;
//! use metaplastic_task::unseen::Unseen;
//!
//! let artifact = ArtifactFile::read(Path::new("../../tests/artifacts/bandit.plastic")).unwrap();
//! let task = Tasks::built_in().for_network(&artifact.artifact().manifest(), None, toml::Table::new()).unwrap();
//! let unseen = Unseen { task: &*task, seed: 1, episodes: 200 };
//! let body: BodyName = "host".parse().unwrap(); // or "emulator:mps2-an386", or "serial:/dev/ttyACM0"
//! let evaluation = Evaluator::new(&body, &artifact, Freeze::Nothing).evaluate(&unseen).unwrap();
//! // The reward of ten pulls; at random it is 5.
//! assert!(evaluation.score.estimate(0).unwrap().low > 5.5);
//! ```
#![forbid(unsafe_code)]

pub mod bench;
pub mod board_measurements;
pub mod body;
pub mod costs;
pub mod evaluate;
pub mod firmware;
pub mod inspect;
pub mod life;
pub mod plastic_weights;
pub mod recording;
pub mod state_file;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
