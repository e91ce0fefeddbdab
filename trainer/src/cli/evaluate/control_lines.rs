//! What the controls of a task reach in the episodes of an evaluation.

use metaplastic_task::score::Score;
use metaplastic_task::unseen::Episodes;
use metaplastic_task::{Control, TaskError, control_scores};

use crate::episode_progress::EpisodeProgress;

/// A control and what it reached.
pub(super) struct ControlLine {
    pub(super) name: &'static str,
    pub(super) score: Score,
}

/// Refuses a task without controls, before any episode.
pub(super) fn check(task: &'static str, controls: &[Box<dyn Control>]) -> Result<(), TaskError> {
    if controls.is_empty() { Err(TaskError::NoControls { task }) } else { Ok(()) }
}

/// The scores of controls, a line each.
pub(super) fn lines(controls: &[Box<dyn Control>], episodes: &dyn Episodes) -> Vec<ControlLine> {
    let scores = control_scores(controls, &EpisodeProgress::new(episodes, 1, false));
    controls.iter().zip(scores).map(|(control, score)| ControlLine { name: control.name(), score }).collect()
}
