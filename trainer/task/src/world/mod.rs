//! Worlds that answer: what a network does changes what it senses next. This module may not know the network, nor the
//! body that it runs on.
//!
//! A plant that is differentiated is a [`plant::Plant`], stepped by a [`plant_run::PlantRun`]; every world is a
//! [`closed_loop::World`].
//!
//! ```
//! use metaplastic_task::episode::winner;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::world::life::WorldLife;
//! use metaplastic_task::{Tasks, episodes};
//!
//! let task = Tasks::built_in().from_text("name = \"bandit\"", toml::Table::new()).unwrap();
//! let episode = episodes(&*task, 1, Purpose::Test, 0..1).remove(0);
//! let mut life = WorldLife::begin(&episode).unwrap();
//! for step in 0..episode.steps {
//!     life.sense(step); // what a network would be given
//!     let scores = [0.0, 1.0, 0.0, 0.0, 0.0]; // what it would answer: the second arm, always
//!     life.answer(step, &scores, |sum, _| winner(sum));
//! }
//! let result = life.end().result;
//! assert!(result.record.choices.iter().all(|choice| choice.action == 1));
//! assert_eq!((result.record.choices.len(), result.measured), (10, vec![result.record.reward()]));
//! ```

pub mod adaptive_control;
pub mod arm;
pub mod bandit;
pub mod changeable;
pub mod closed_loop;
pub mod control;
mod delay;
mod flat_step;
pub mod life;
pub mod path;
pub mod plant;
mod plant_adjoint;
pub mod plant_run;
pub mod recall;
pub mod record;
pub mod scalar;
pub mod start;
mod steps;
#[cfg(test)]
pub(crate) mod tests;
pub mod tracking_cost;
pub mod tracking_score;
