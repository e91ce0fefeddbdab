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
use metaplastic_report::world_data::WorldReport;
use metaplastic_task::measure::Measure;
use metaplastic_task::unseen::Unseen;

use actor::Actor;
pub(super) use recorded_life::{PathBeside, recorded_life};
use scores::NamedScore;
pub(super) use scores::{further_rows, named_scores};

/// The paths that are drawn beside the network's in a recorded life: with plasticity frozen, and of the first control.
pub(super) use actor::beside;

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
    let all = actors.iter().map(|actor| actor.lives(unseen)).collect::<Result<Vec<_>>>()?;
    let measured = scores.iter().filter_map(NamedScore::of_network);
    let of_controls = actors[2..].iter().zip(&all[2..]).filter_map(|(actor, lives)| scores::of_lives(actor, lives));
    Ok(Some(WorldReport {
        measure: name(first),
        scores: measured.chain(of_controls).collect(),
        courses: courses::courses(&actors, &all, unseen.task.step_seconds()),
    }))
}

/// A measure with its unit.
fn name(measure: &Measure) -> String {
    let named = format!("{} {}", measure.name, measure.unit);
    named.trim_end().to_owned()
}
