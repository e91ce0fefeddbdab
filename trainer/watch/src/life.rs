//! The life of a network that is watched: unseen episodes of its task one after another without a reset, as `evaluate --life`
//! runs them, each step when the visitor lets it run.
//!
//! It does not know how messages reach a page.

use std::time::{Duration, Instant};

use metaplastic_host::body::{Body, BodyError, run_life};
use metaplastic_task::Task;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{EpisodeIndex, episode};
use metaplastic_task::world::life::WorldLife;
use serde_json::{Value, json};

use crate::history::EpisodeScores;
use crate::server::PageMessages;
use crate::view::{StepFlags, View};
use crate::visitor::{Interruption, Mode, Visitor};

/// Between two messages.
const BETWEEN_MESSAGES: Duration = Duration::from_millis(1000 / 60);

/// Why a life has ended.
#[derive(Debug)]
pub(crate) enum LifeEnd {
    Interrupted(Interruption),
    Body(BodyError),
}

impl From<BodyError> for LifeEnd {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl From<Interruption> for LifeEnd {
    fn from(interruption: Interruption) -> Self {
        Self::Interrupted(interruption)
    }
}

/// Whoever sees every step.
pub(crate) struct Watcher<'t> {
    pub(crate) task: &'t dyn Task,
    pub(crate) view: View,
    pub(crate) visitor: Visitor,
    pub(crate) messages: PageMessages,
    /// Whether reading the state takes long, so that only steps are looked at behind which a message is due.
    pub(crate) is_slow: bool,
    pub(crate) course: Course,
}

/// Where a life stands.
#[derive(Default)]
pub(crate) struct Course {
    /// Episodes that have ended.
    ended: u64,
    /// Steps of all episodes.
    steps: u64,
    /// Steps of the present episode.
    episode_steps: u64,
    is_reset: bool,
    history: EpisodeScores,
    /// Decisions since the last message.
    decisions: Vec<Value>,
    /// When the last message was sent, and the steps up to it.
    last: Option<(Instant, u64)>,
}

impl Watcher<'_> {
    /// Runs lives until no page can ask for anything any more.
    ///
    /// # Errors
    /// If the body fails; all pages have been told.
    pub(crate) fn run(&mut self, body: &mut dyn Body) -> Result<(), BodyError> {
        loop {
            match self.one_life(body) {
                LifeEnd::Interrupted(Interruption::Again) => {}
                LifeEnd::Interrupted(Interruption::Closed) => return Ok(()),
                LifeEnd::Body(error) => {
                    let header = json!({ "kind": "lost", "why": error.to_string() });
                    self.messages.send(crate::frame::encode(header, &[]));
                    return Err(error);
                }
            }
        }
    }

    fn one_life(&mut self, body: &mut dyn Body) -> LifeEnd {
        self.course = Course::default();
        self.view.clear();
        if let Err(error) = body.reset(self.visitor.freeze) {
            return error.into();
        }
        for index in 0.. {
            let index = EpisodeIndex { life: 0, episode: index };
            let episode = episode(self.task, self.visitor.seed, Purpose::Test, index);
            if let Err(end) = self.run_episode(body, &episode) {
                return end;
            }
        }
        Interruption::Closed.into()
    }

    fn run_episode(&mut self, body: &mut dyn Body, episode: &Episode) -> Result<(), LifeEnd> {
        match WorldLife::begin(episode) {
            Some(life) => self.run_in_world(body, life)?,
            None => self.run_through(body, episode)?,
        }
        self.course.ended += 1;
        self.course.episode_steps = 0;
        self.visitor.end_episode();
        Ok(())
    }

    fn run_in_world(&mut self, body: &mut dyn Body, life: WorldLife) -> Result<(), LifeEnd> {
        let result = run_life(body, life, |body, episode, step| self.step(body, episode, step))?;
        self.course.history.add(result.measured.first().copied().unwrap_or_default(), 1.0);
        Ok(())
    }

    fn run_through(&mut self, body: &mut dyn Body, episode: &Episode) -> Result<(), LifeEnd> {
        let (mut sums, mut right) = (Vec::new(), 0);
        for step in 0..episode.steps {
            if episode.resets_state_before(step) {
                body.reset_state()?;
                self.course.is_reset = true;
            }
            let scores = self.step(body, episode, step)?;
            let within = |decision: &&Decision| (decision.start..decision.end).contains(&step);
            let Some(decision) = episode.decisions.iter().find(within) else { continue };
            if decision.start == step {
                sums = vec![0_i32; scores.len()];
            }
            sums.iter_mut().zip(&scores).for_each(|(sum, score)| *sum = sum.saturating_add(*score));
            if decision.end == step + 1 {
                right += usize::from(self.decide(decision, &sums));
            }
        }
        self.course.history.add(right as f64, episode.decisions.len() as f64);
        Ok(())
    }

    /// Notes a decision for the page; whether it is right.
    fn decide(&mut self, decision: &Decision, scores: &[i32]) -> bool {
        let (answer, episode) = (decision.answer(scores), self.course.ended + 1);
        let among = &scores[..decision.among.min(scores.len())];
        let note = json!({ "episode": episode, "answer": answer, "target": decision.target, "scores": among });
        self.course.decisions.push(note);
        decision.is_right(scores)
    }

    /// Runs a step when it may run; returns its class scores or commands.
    fn step(&mut self, body: &mut dyn Body, episode: &Episode, step: usize) -> Result<Vec<i32>, LifeEnd> {
        self.wait(body)?;
        let result = body.run(episode, step..step + 1)?;
        self.course.steps += 1;
        self.course.episode_steps += 1;
        let reset = std::mem::take(&mut self.course.is_reset);
        let flags = StepFlags { labelled: episode.is_labelled(step), modulated: result.modulated_steps > 0, reset };
        let is_due = self.course.last.is_none_or(|(last, _)| last.elapsed() >= BETWEEN_MESSAGES);
        if self.is_slow && !is_due && self.visitor.mode == Mode::Running {
            self.view.skip();
        } else {
            self.view.add(body, flags)?;
        }
        if is_due {
            self.send(body, None)?;
        }
        Ok(result.class_scores)
    }

    /// Waits until the next step may run; before it waits for a control, the page sees where it stands.
    fn wait(&mut self, body: &mut dyn Body) -> Result<(), LifeEnd> {
        loop {
            while self.visitor.mode == Mode::Paused {
                let hash = body.state_hash()?;
                self.send(body, Some(hash))?;
                self.visitor.take_next()?;
            }
            if self.visitor.wait()? {
                return Ok(());
            }
        }
    }

    fn send(&mut self, body: &mut dyn Body, hash: Option<u64>) -> Result<(), BodyError> {
        let now = Instant::now();
        let rate = self.course.last.map(|(last, steps)| {
            (self.course.steps - steps) as f64 / now.duration_since(last).as_secs_f64().max(1e-9)
        });
        self.course.last = Some((now, self.course.steps));
        let header = json!({
            "kind": "frame",
            "step": self.course.steps,
            "ended": self.course.ended,
            "episode_step": self.course.episode_steps,
            "mode": self.visitor.mode,
            "speed": self.visitor.speed,
            "seed": self.visitor.seed,
            "freeze": self.visitor.freeze,
            "steps_per_second": rate,
            "state_hash": hash.map(|hash| format!("{hash:016x}")),
            "decisions": std::mem::take(&mut self.course.decisions),
            "history": self.course.history.curve(),
        });
        let message = self.view.message(body, header)?;
        self.messages.send(message);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
