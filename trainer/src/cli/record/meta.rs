//! The array `meta` of a recording: what was recorded, of which network, on which body, as JSON.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::inspect::{PopulationLine, ProjectionLine, inspect};
use metaplastic_host::recording::{RecordedSteps, StateRecording};
use metaplastic_shared::artifact::VERSION;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::PROTOCOL;
use metaplastic_task::measure::Measure;
use serde::Serialize;

use super::arguments::Record;

/// Version of the arrays and of this object.
const FORMAT: u32 = 1;

/// The object.
#[derive(Serialize)]
pub(super) struct RecordingMeta<'r> {
    format: u32,
    /// Version of this program.
    metaplastic: &'static str,
    artifact_version: u16,
    protocol: u16,
    /// CRC-32 of the artifact, as `inspect` prints it.
    artifact: String,
    task: String,
    /// Parameters of the task as TOML; none of inputs that were played.
    task_parameters: Option<String>,
    body: String,
    freeze: Freeze,
    /// None of inputs that were played.
    seed: Option<u64>,
    /// Number of the first episode, from 1.
    episode: Option<u64>,
    /// Episodes of the life, if it is one.
    life: Option<u64>,
    steps: StepsLine,
    /// As `evaluate` prints it.
    state_hash: String,
    /// What is measured of an episode in a world, in the order of the columns of `world.measured`.
    measures: &'r [Measure],
    populations: Vec<PopulationLine>,
    projections: Vec<ProjectionLine>,
}

/// Which steps were recorded of how many.
#[derive(Serialize)]
struct StepsLine {
    first: u64,
    end: Option<u64>,
    every: u64,
    all: u64,
}

/// What was run: a task, or inputs without one.
pub(super) struct RunTask<'t> {
    pub(super) parameters: Option<String>,
    pub(super) measures: &'t [Measure],
}

impl<'r> RecordingMeta<'r> {
    pub(super) fn of(
        arguments: &Record,
        artifact: &ArtifactFile,
        task: RunTask<'r>,
        recording: &StateRecording,
    ) -> Self {
        let inspection = inspect(artifact);
        let RecordedSteps { first, end, every } = arguments.steps();
        let of_episodes = |value| arguments.inputs.is_none().then_some(value);
        Self {
            format: FORMAT,
            metaplastic: env!("CARGO_PKG_VERSION"),
            artifact_version: VERSION,
            protocol: PROTOCOL,
            artifact: inspection.checksum,
            task: inspection.task,
            task_parameters: task.parameters,
            body: arguments.on.to_string(),
            freeze: arguments.freeze(),
            seed: of_episodes(arguments.seed),
            episode: of_episodes(arguments.life.map_or(arguments.episode, |_| 1)),
            life: arguments.life,
            steps: StepsLine { first, end, every, all: recording.steps },
            state_hash: format!("{:016x}", recording.state_hash),
            measures: task.measures,
            populations: inspection.populations,
            projections: inspection.projections,
        }
    }
}
