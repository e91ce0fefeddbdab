//! Experiments: a task, a network, and how its meta-parameters start and are descended on, in one TOML file.
//!
//! Built-in experiments are files too, with every value written out; they are the place to start a new one from. A
//! kind of population or projection has its keys, its description and its starts in one file. This module may know
//! nothing of how a lifetime is run.
//!
//! ```
//! use metaplastic_learn::experiment::ExperimentReader;
//! use metaplastic_task::Tasks;
//!
//! let tasks = Tasks::built_in();
//! let text = r#"
//! [task]
//! name = "recall"
//!
//! [network]
//! surrogate_slope = 3
//! plastic_limit = 1.0
//! readout = { population = "answer", commands = 1, gain = 0.5, range = 8.0 }
//! population = [
//!     { name = "senses", kind = "analog", size = 5, range = 2.0 },
//!     { name = "answer", kind = "lif", size = 1, graded = true, bias = 0.0, membrane_decay = 0.5 },
//! ]
//! projection = [{ pre = "senses", post = "answer", weights = { deviation = 0.5, scale = "absolute" } }]
//! "#;
//! let experiment = ExperimentReader::new(&tasks).parse("mine.toml", text).unwrap();
//! assert_eq!(experiment.model.network.analog_values(), 5);
//! assert_eq!(experiment.initial(7), experiment.initial(7));
//!
//! let wrong = text.replace("membrane_decay = 0.5", "membrane_decay = 1.5");
//! let error = ExperimentReader::new(&tasks).parse("mine.toml", &wrong).unwrap_err().to_string();
//! assert!(error.contains("network.answer.membrane_decay = 1.5"), "{error}");
//! ```

mod analog;
mod carry_over;
mod configuration;
mod constraints;
mod convolution;
mod decay;
mod definition;
mod document;
mod error;
mod file;
mod given;
mod lif;
mod list;
mod modulator;
mod names;
mod network;
mod overrides;
mod plasticity;
mod population;
mod projection;
mod range;
mod readout;
mod rewards;
mod start;
mod weights;
#[cfg(test)]
mod written_out;

pub use carry_over::CarryOver;
pub use configuration::{META_STEPS, MetaConfiguration};
pub use definition::{Experiment, ExperimentReader, StartRefusal, built_in_names};
pub use document::line;
pub use error::{ExperimentError, Fault};
pub use overrides::Override;
pub use rewards::Rewards;
