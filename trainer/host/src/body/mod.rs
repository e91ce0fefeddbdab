//! Bodies: what a network runs on. One trait, one episode runner, and a body for each place: this process, an
//! emulator, a serial port.
//!
//! A body knows no task. It is given the input of some steps and returns the readout's class scores.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::body::{Body, BodyName, Host, ModulatedSteps, run_episode};
//! use metaplastic_runtime::{Network, NetworkStorage};
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::{CueAssociation, episodes};
//!
//! let file = ArtifactFile::read(Path::new("../../tests/artifacts/cue-association.plastic")).unwrap();
//! let artifact = file.artifact();
//! let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
//! let mut body = Host::new(artifact, &mut storage).unwrap();
//!
//! let episode = episodes(&CueAssociation::default(), 1, Purpose::Test, 0..1).remove(0);
//! let rollout = run_episode(&mut body, &episode, Freeze::Nothing).unwrap();
//! let answers = episode.decisions.iter().zip(&rollout.class_scores);
//! assert!(answers.filter(|(decision, scores)| decision.is_right(scores)).count() >= 3);
//! // It learned while labels were shown, and not while it answered.
//! let ModulatedSteps { labelled, unlabelled } = rollout.modulated_steps;
//! assert!(labelled.fraction() > 0.5 && labelled.fraction() > 2.0 * unlabelled.fraction(), "{rollout:?}");
//! assert_eq!(body.age().unwrap(), 180);
//!
//! assert!("emulator:pico2".parse::<BodyName>().is_err());
//! ```

mod analog;
pub mod board;
mod client;
mod emulator;
mod error;
mod expected;
mod frames;
mod host;
mod interface;
mod name;
pub mod qemu;
mod remote;
mod rollout;
mod run_result;
mod serial;
mod start;
mod timeout;

pub use analog::AnalogExponents;
pub use client::Client;
pub use emulator::Emulator;
pub use error::BodyError;
pub use expected::Expected;
pub use host::Host;
pub use interface::Body;
pub use name::BodyName;
pub use remote::Remote;

pub use rollout::{SegmentRunner, rollout, run_episode, run_life, run_segments};
pub use run_result::{ModulatedSteps, Rollout, RunResult, StepCount};
pub use serial::Serial;
pub use start::{with_body, with_counting_body};
pub use timeout::{TIMEOUT, TIMEOUT_VARIABLE};
