//! Worlds that answer: what a network does changes what it senses next. This module may not know the network, nor the
//! body that it runs on.
//!
//! A plant that is differentiated is a [`plant::Plant`], stepped by a [`plant_run::PlantRun`]; every world is a
//! [`closed_loop::World`].

pub mod adaptive_control;
pub mod arm;
pub mod bandit;
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
