//! Running whole episodes on any body, segment by segment: the state is reset where the episode says so, and class
//! scores are summed over each decision's window.

use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Decision, Episode};

use super::error::BodyError;
use super::interface::Body;
use super::run_result::{Rollout, RunResult, StepCount};

/// Runs a whole episode from the initial state.
///
/// # Errors
/// If the body does not answer or refuses.
pub fn run_episode(body: &mut dyn Body, episode: &Episode, freeze: Freeze) -> Result<Rollout, BodyError> {
    body.reset(freeze)?;
    rollout(body, episode)
}

/// Runs a whole episode from the state that the body is in.
///
/// # Errors
/// If the body does not answer or refuses.
pub fn rollout(body: &mut dyn Body, episode: &Episode) -> Result<Rollout, BodyError> {
    let mut rollout = Rollout::default();
    for steps in episode.segments() {
        if episode.resets_state_before(steps.start) {
            body.reset_state()?;
        }
        let result = body.run(episode, steps.clone())?;
        add(&mut rollout, episode, steps, &result);
    }
    Ok(rollout)
}

/// Adds the result of a segment. Its steps are all labelled or all unlabelled, and all or none are in a decision's
/// window.
fn add(rollout: &mut Rollout, episode: &Episode, steps: Range<usize>, result: &RunResult) {
    let count = StepCount { modulated: result.modulated_steps, all: steps.len() };
    rollout.modulated_steps.add(episode.is_labelled(steps.start), count);
    let has_first = |decision: &&Decision| (decision.start..decision.end).contains(&steps.start);
    if let Some(decision) = episode.decisions.iter().find(has_first) {
        rollout.add_class_scores(decision.start == steps.start, &result.class_scores);
    }
}
