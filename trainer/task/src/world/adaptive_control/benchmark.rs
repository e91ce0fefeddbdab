//! The published benchmark's plants as runs: one life with each plant of a file.

use std::path::Path;

use metaplastic_files::memory::MemoryEstimate;
use toml::Table;

use super::controls::controls;
use super::parameters::AdaptiveControlParameters;
use super::plants_file::read_plants;
use super::system::AdaptiveControl;
use super::task::{MEASURES, NAME, requirements};
use crate::benchmark::{BenchmarkRun, BenchmarkRuns};
use crate::error::TaskError;
use crate::seed::{EpisodeDraw, Purpose};
use crate::table;
use crate::world::path::PathPoint;
use crate::world::plant_run;

/// Reads plants of a file of JSON; the noise of plant `k` is that of test episode `k` of seed 0.
pub(super) fn read(table: Table, path: &Path, limit: u64) -> Result<BenchmarkRuns, TaskError> {
    let parameters: AdaptiveControlParameters = table::read(table, &AdaptiveControlParameters::LIMITS)?;
    let parameters = parameters.checked()?;
    let records = read_plants(path).map_err(|error| TaskError::Data(Box::new(error)))?;
    let steps = parameters.episode_steps();
    let bytes = (steps * (requirements().analog * size_of::<f32>() + size_of::<PathPoint>())) as u64;
    let field = format!("the inputs and paths of {} plants, {steps} steps each", records.len());
    let estimate = MemoryEstimate::default().with(field, bytes.saturating_mul(records.len() as u64));
    estimate.check("evaluation", limit).map_err(|error| TaskError::Data(Box::new(error)))?;
    let runs = records.iter().zip(0..).map(|(record, index)| {
        let draw = EpisodeDraw::new(0, Purpose::Test, index, index);
        let plant = AdaptiveControl::of_record(parameters.clone(), record);
        BenchmarkRun { name: format!("plant {index}"), episode: plant_run::episode(plant, &draw) }
    });
    let (requirements, runs, controls) = (requirements(), runs.collect(), controls(&parameters));
    Ok(BenchmarkRuns { task: NAME, requirements, measures: &MEASURES, controls, runs })
}
