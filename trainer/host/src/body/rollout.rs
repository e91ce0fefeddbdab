//! Running whole episodes on any body, segment by segment: the state is reset where the episode says so, and class
//! scores are summed over each decision's window.

use std::ops::Range;
use std::time::Instant;

use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::{Decision, Episode, winner};
use metaplastic_task::world::life::{EndedLife, WorldLife};

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
    run_segments(body, episode, &mut WholeSegments)
}

/// Runs the segments of an episode, one after another.
pub trait SegmentRunner<B: Body + ?Sized, E> {
    /// Runs the steps of a segment.
    ///
    /// # Errors
    /// Whatever ends the episode.
    fn run(&mut self, body: &mut B, episode: &Episode, steps: Range<usize>) -> Result<RunResult, E>;

    /// Takes a decision, whose window has ended, with its class scores.
    fn decided(&mut self, decision: &Decision, class_scores: &[i32]) {
        let _ = (decision, class_scores);
    }
}

/// A segment in as few messages as it takes.
struct WholeSegments;

impl<B: Body + ?Sized> SegmentRunner<B, BodyError> for WholeSegments {
    fn run(&mut self, body: &mut B, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError> {
        body.run(episode, steps)
    }
}

/// Runs an episode whose inputs were drawn beforehand, from the state that the body is in.
///
/// # Errors
/// If the body does not answer or refuses; and those of the runner.
pub fn run_segments<B: Body + ?Sized, E: From<BodyError>>(
    body: &mut B,
    episode: &Episode,
    runner: &mut dyn SegmentRunner<B, E>,
) -> Result<Rollout, E> {
    let mut rollout = Rollout::default();
    for steps in episode.segments() {
        if episode.resets_state_before(steps.start) {
            body.reset_state()?;
        }
        let result = runner.run(body, episode, steps.clone())?;
        add(&mut rollout, episode, steps.clone(), &result);
        let ended = episode.decisions.iter().find(|decision| decision.end == steps.end);
        if let Some((decision, scores)) = ended.zip(rollout.class_scores.last()) {
            runner.decided(decision, scores);
        }
    }
    Ok(rollout)
}

fn rollout_in_world(body: &mut dyn Body, life: WorldLife) -> Result<Rollout, BodyError> {
    let mut rollout = Rollout::default();
    let is_real = body.is_real();
    let life = run_life(body, life, |body, life, step| {
        let (begin, episode) = (Instant::now(), life.episode());
        let result = body.run(episode, step..step + 1)?;
        if is_real {
            rollout.loop_microseconds.push(begin.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
        }
        let count = StepCount { modulated: result.modulated_steps, all: 1 };
        rollout.modulated_steps.add(episode.is_labelled(step), count);
        Ok::<_, BodyError>(result.class_scores)
    })?;
    Ok(Rollout { life: Some(life.result), ..rollout })
}

/// A life in a world, from the state that the body is in: a step of the body for each of the world's. `run` runs a step, of
/// which the life has what is sensed, and returns its class scores or commands.
///
/// # Errors
/// If the body does not answer or refuses; and those of `run`.
pub fn run_life<B: Body + ?Sized, E: From<BodyError>>(
    body: &mut B,
    mut life: WorldLife,
    mut run: impl FnMut(&mut B, &mut WorldLife, usize) -> Result<Vec<i32>, E>,
) -> Result<EndedLife, E> {
    let command = body.command_exponent();
    for step in 0..life.episode().steps {
        if life.episode().resets_state_before(step) {
            body.reset_state()?;
        }
        life.sense(step);
        let class_scores = run(body, &mut life, step)?;
        life.answer(step, &readout(&class_scores, command), |scores, _| winner(scores));
    }
    Ok(life.end())
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
