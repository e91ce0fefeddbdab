//! A page on which a network is seen to learn, step by step, on any body, and its life is changed by who looks at it.
//!
//! [`WatchPage`] serves the page and runs the network's life; messages from the page are [`PageControl`]s. It may not know how a
//! network is trained.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::body::BodyName;
//! use metaplastic_task::CueAssociation;
//! use metaplastic_watch::{Replay, WatchPage, WatchedNetwork};
//!
//! let artifact = ArtifactFile::read(Path::new("runs/network.plastic")).unwrap();
//! let watch = WatchPage::bind("127.0.0.1:0".parse().unwrap()).unwrap();
//! println!("{}", watch.url());
//! let (body, task, replay) = (BodyName::Host, CueAssociation::default(), Replay::default());
//! let file = "network.plastic";
//! let watched = WatchedNetwork { file, body: &body, artifact: &artifact, task: &task, seed: 1, replay: &replay };
//! watch.run(watched, |text| eprintln!("{text}")).unwrap();
//! ```
#![forbid(unsafe_code)]

mod control;
mod course;
mod export;
mod frame;
mod greeting;
mod history;
mod interventions;
mod lesion;
mod life;
mod page;
mod replay;
mod server;
mod step_source;
mod stimulus;
mod view;
mod visitor;
mod watch;
mod watched;

pub use control::{LesionedPart, PageControl, PageControlError};
pub use export::export;
pub use replay::{Replay, ReplayError};
pub use server::ServerError;
pub use watch::{WatchError, WatchPage};
pub use watched::WatchedNetwork;

/// This package's own files.
pub const SOURCE: &[(&str, &[u8])] = metaplastic_source::source!();
