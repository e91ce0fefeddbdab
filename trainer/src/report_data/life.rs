//! The accuracy over a life, of the network of a report and of one beside it, measured on the host body.

use anyhow::{Context, Result};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::evaluate::{Evaluation, Evaluator};
use metaplastic_host::life::{LifeBlock, by_number, growing_blocks};
use metaplastic_report::data::{LifeCurve, LifePoint};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::UnseenLives;
use metaplastic_task::{self as task, Task};

use super::request::ReportRequest;
use crate::episode_progress::EpisodeProgress;
use crate::lives::Lives;

/// Lives, unless others are asked for.
const LIVES: u64 = 20;
/// Steps of all these lives, at most; but never fewer than [`MIN_LIFE`] episodes each.
const MAX_STEPS: u64 = 400_000;
const MIN_LIFE: u64 = 10;
const MAX_LIFE: u64 = 100;

/// The lives of a report of a task, unless others are asked for.
pub(super) fn default_lives(task: &dyn Task) -> Lives {
    let life = MAX_STEPS / (LIVES * task.steps(Purpose::Test).max(1) as u64);
    Lives { life: life.clamp(MIN_LIFE, MAX_LIFE), lives: LIVES }
}

/// The curve of the network, and of the one beside it, in the same episodes.
pub(super) fn curves(
    request: &ReportRequest<'_>,
    artifact: &ArtifactFile,
    unseen: &UnseenLives<'_>,
) -> Result<Vec<LifeCurve>> {
    let mut curves = vec![curve("this network".into(), artifact, unseen, request.quiet)?];
    if let Some(path) = request.beside {
        let beside = ArtifactFile::read(path)?;
        let label = || path.display().to_string();
        check_fits(&beside, unseen.task, request).with_context(label)?;
        Evaluator::host(&beside, Freeze::Nothing).memory(unseen.task).check("the report", request.memory_limit)?;
        curves.push(curve(label(), &beside, unseen, request.quiet)?);
    }
    Ok(curves)
}

/// Refuses a network that the task is not for.
fn check_fits(artifact: &ArtifactFile, task: &dyn Task, request: &ReportRequest<'_>) -> Result<()> {
    let manifest = artifact.artifact();
    let replaced = task::data_table(request.data);
    request.tasks.for_network(&manifest.manifest(), Some(&task.parameters()), replaced)?;
    Ok(())
}

fn curve(label: String, artifact: &ArtifactFile, unseen: &UnseenLives<'_>, quiet: bool) -> Result<LifeCurve> {
    let progress = EpisodeProgress::new(unseen, 1, quiet);
    let Evaluation { by_episode, .. } = Evaluator::host(artifact, Freeze::Nothing).evaluate(&progress)?;
    let blocks = growing_blocks(&by_number(&by_episode, unseen.life));
    Ok(LifeCurve { label, lives: unseen.lives, points: blocks.iter().map(point).collect() })
}

fn point(block: &LifeBlock) -> LifePoint {
    let (low, high) = block.count.interval();
    LifePoint { first: block.first, last: block.last(), accuracy: block.count.accuracy(), low, high }
}
