//! What a report shows of a world: lives of the network, whole and with plasticity frozen, and of the controls of its task,
//! all in the same unseen episodes.

mod actor;
mod courses;
mod recorded_life;
mod scores;
mod series;
mod windows;

use anyhow::Result;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::memory::MemoryEstimate;
use metaplastic_report::world_data::WorldReport;
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::Unseen;

use actor::Actor;
pub(super) use actor::beside;
pub(super) use recorded_life::{PathBeside, recorded_life};
use scores::NamedScore;
pub(super) use scores::{measured_rows, named_scores};

/// Steps of all lives of one that acts, at most; but never fewer than [`MIN_LIVES`] lives.
const MAX_STEPS: u64 = 200_000;
const MIN_LIVES: u64 = 10;

/// Runs lives and takes the courses of all that act in them; `scores` are those of the network.
pub(super) fn world_report(
    artifact: &ArtifactFile,
    unseen: &Unseen<'_>,
    scores: &[NamedScore<'_>],
) -> Result<Option<WorldReport>> {
    let Some(first) = unseen.task.measures().first() else { return Ok(None) };
    let controls = unseen.task.controls();
    let mut actors = vec![Actor::network(artifact), Actor::frozen(artifact)];
    actors.extend(controls.iter().map(|control| Actor::control(&**control)));
    let labels: Vec<&str> = actors.iter().map(|actor| &actor.label[..]).collect();
    let unseen = Unseen { episodes: lives(unseen), ..*unseen };
    let all = actors.iter().map(|actor| actor.lives(&unseen)).collect::<Result<Vec<_>>>()?;
    let measured = scores.iter().filter_map(NamedScore::of_network);
    let of_controls = actors[2..].iter().zip(&all[2..]).filter_map(|(actor, lives)| scores::of_lives(actor, lives));
    Ok(Some(WorldReport {
        measure: first.with_unit(),
        scores: measured.chain(of_controls).collect(),
        courses: courses::courses(&labels, &all, unseen.task.step_seconds()),
    }))
}

/// The lives of a course.
fn lives(unseen: &Unseen<'_>) -> u64 {
    let steps = unseen.task.steps(Purpose::Test).max(1) as u64;
    (MAX_STEPS / steps).clamp(MIN_LIVES, unseen.episodes.max(MIN_LIVES))
}

/// The memory of the series of all that act.
pub(super) fn memory(unseen: &Unseen<'_>) -> MemoryEstimate {
    let Unseen { task, .. } = *unseen;
    if task.measures().is_empty() {
        return MemoryEstimate::default();
    }
    let (count, actors) = (lives(unseen), 2 + task.controls().len() as u64);
    let bytes = count * actors * (task.steps(Purpose::Test) * size_of::<f32>()) as u64;
    MemoryEstimate::default().with(format!("the course of {count} lives of the network and its controls"), bytes)
}
