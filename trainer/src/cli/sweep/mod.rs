//! Several trainings of one experiment: every combination of the values of `--set`, with every seed of `--seeds`.
//!
//! Each has a folder of its own, with what a single training leaves there, and the same figures to the bit. Side by side,
//! the trainings share the threads of the program and the memory that it may take.

mod override_values;
mod plan;
mod results;
mod seeds;
mod workers;

pub(super) use override_values::{OverrideValues, single};
pub(super) use plan::{PlannedTraining, plan};
pub(super) use results::{SweepFolder, SweepRow, SweepWords};
pub(super) use seeds::Seeds;
pub(super) use workers::Workers;
