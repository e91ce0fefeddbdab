//! Running whole episodes on any body, segment by segment: the state is reset where the episode says so, and class
//! scores are summed over each decision's window.

use std::ops::Range;
use std::time::Instant;

use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Decision, Episode, winner};
use metaplastic_task::world::life::WorldLife;
use metaplastic_task::world::record::LifeResult;

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
    if let Some(life) = WorldLife::begin(episode) {
        return rollout_in_world(body, life);
    }
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

fn rollout_in_world(body: &mut dyn Body, life: WorldLife) -> Result<Rollout, BodyError> {
    let mut rollout = Rollout::default();
    let is_real = body.is_real();
    let life = run_life(body, life, |body, episode, step| {
        let begin = Instant::now();
        let result = body.run(episode, step..step + 1)?;
        if is_real {
            rollout.loop_microseconds.push(begin.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
        }
        let count = StepCount { modulated: result.modulated_steps, all: 1 };
        rollout.modulated_steps.add(episode.is_labelled(step), count);
        Ok::<_, BodyError>(result.class_scores)
    })?;
    Ok(Rollout { life: Some(life), ..rollout })
}

/// A life in a world, from the state that the body is in: a step of the body for each of the world's. `run` runs a step and
/// returns its class scores or commands.
///
/// # Errors
/// If the body does not answer or refuses; and those of `run`.
pub fn run_life<B: Body + ?Sized, E: From<BodyError>>(
    body: &mut B,
    mut life: WorldLife,
    mut run: impl FnMut(&mut B, &Episode, usize) -> Result<Vec<i32>, E>,
) -> Result<LifeResult, E> {
    let command = body.command_exponent();
    for step in 0..life.episode().steps {
        if life.episode().resets_state_before(step) {
            body.reset_state()?;
        }
        let class_scores = run(body, life.sense(step), step)?;
        life.answer(step, &readout(&class_scores, command), |scores, _| winner(scores));
    }
    Ok(life.end().result)
}

/// The commands that integers stand for; class scores stand for themselves.
fn readout(class_scores: &[i32], command: Option<u8>) -> Vec<f32> {
    let unit = command.map_or(1.0, |exponent| (-f32::from(exponent)).exp2());
    class_scores.iter().map(|score| *score as f32 * unit).collect()
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
