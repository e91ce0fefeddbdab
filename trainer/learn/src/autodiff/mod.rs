//! The only module that names dfdx.
//!
//! [`Reference`] is the network's equations in dfdx's plain operations: slow, and what every faster engine is
//! compared with. [`FusedEngine`] puts a lifetime that is differentiated by hand on dfdx's tape as one custom
//! operation. Both share the loss.
//!
//! ```
//! use metaplastic_learn::autodiff::{FusedEngine, Reference};
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::Engine;
//! use metaplastic_learn::lifetime::carried::LaneBatch;
//! use metaplastic_learn::lifetime::fused::FusedLifetime;
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let (model, flat) = (&experiment.model, experiment.initial(1));
//! let batch = episodes(&*experiment.task, 1, Purpose::Training, 0..2);
//! let fused = FusedEngine::new(FusedLifetime::default());
//! let engines: [&dyn Engine; 2] = [&fused, &Reference::default()];
//! let [fused, reference] =
//!     engines.map(|engine| engine.gradient(model, &flat, LaneBatch::fresh(&batch)).unwrap());
//! assert_eq!(fused.values.len(), model.parameter_count());
//! assert!((fused.loss - reference.loss).abs() < 1e-4 * reference.loss);
//! ```

mod activity;
mod episodes;
mod fused;
mod gradient;
mod lanes;
mod lif;
mod lifetimes;
mod loss;
mod modulator;
mod neurons;
mod parameters;
mod plasticity;
mod projections;
mod reference;
mod spike;
mod tensor;

pub use fused::FusedEngine;
pub use gradient::ExactGradient;
pub use reference::Reference;
