//! Several trainings of one experiment: every combination of the values of `--set`, with every seed of `--seeds`.
//!
//! Each has a folder of its own, with what a single training leaves there, and the same figures to the bit. Side by side,
//! the trainings share the threads of the program and the memory that it may take.

mod plan;
mod results;
mod seeds;
mod setting_values;
mod workers;

pub(super) use plan::{PlannedTraining, plan};
pub(super) use results::{SweepFolder, SweepRow, SweepWords};
pub(super) use seeds::Seeds;
pub(super) use setting_values::{SettingValues, single};
pub(super) use workers::Workers;
