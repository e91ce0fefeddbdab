//! The course of a life up to now: how far it is, what was decided, and what was seen of it since the last message.
//!
//! It knows neither bodies nor how a message is made.

use std::time::{Instant, SystemTime};

use metaplastic_shared::wire::Cost;
use metaplastic_task::episode::{Decision, Episode, PhaseKind};
use metaplastic_task::world::record::Choice;
use serde_json::{Value, json};

use crate::history::EpisodeScores;

/// Where a life stands.
#[derive(Default)]
pub(crate) struct Course {
    /// Episodes that have ended.
    pub(crate) ended: u64,
    /// The index of the next episode.
    pub(crate) next: u64,
    /// Steps of all episodes.
    pub(crate) steps: u64,
    /// Steps of the present episode.
    pub(crate) episode_steps: u64,
    /// Whether the steps are the visitor's.
    pub(crate) is_presenting: bool,
    history: EpisodeScores,
    /// Right decisions of the present episode.
    right: usize,
    /// What is shown in the last step.
    phase: Option<PhaseKind>,
    /// Decisions since the last message.
    decisions: Vec<Value>,
    /// Choices of the present episode that have been seen.
    seen_choices: usize,
    /// Choices since the last message.
    choices: Vec<Value>,
    /// Sum and unit of the costs since the last message, and of how many steps.
    cost: (f64, Option<Cost>, f64),
    /// When the last message was sent, and the steps up to it.
    pub(crate) last: Option<(Instant, u64)>,
}

impl Course {
    /// Another step of an episode was run.
    pub(crate) fn add_step(&mut self, episode: &Episode, step: usize, cost: Option<(u32, Cost)>) {
        self.steps += 1;
        self.episode_steps += 1;
        let phase = episode.phases.iter().find(|phase| phase.steps.contains(&step));
        self.phase = phase.map(|phase| phase.kind);
        if let Some((cost, unit)) = cost {
            let (sum, _, steps) = self.cost;
            self.cost = (sum + f64::from(cost), Some(unit), steps + 1.0);
        }
    }

    /// Takes the choices of the present episode that are new.
    pub(crate) fn see_choices(&mut self, choices: &[Choice]) {
        let new = choices.iter().skip(self.seen_choices);
        self.choices.extend(new.map(described_choice));
        self.seen_choices = choices.len();
    }

    /// A decision has fallen; its target is the class that is right now.
    pub(crate) fn decide(&mut self, decision: &Decision, scores: &[i32]) {
        let answer = decision.answer(scores);
        let among = &scores[..decision.among.min(scores.len())];
        let mut note = json!({ "answer": answer, "scores": among });
        if self.is_presenting {
            note["presented"] = json!(true);
        } else {
            note["episode"] = json!(self.ended + 1);
            note["target"] = json!(decision.target);
            self.right += usize::from(decision.is_right(scores));
        }
        self.decisions.push(note);
    }

    /// The episode has ended, in which its world measured this first, or else had so many decisions.
    pub(crate) fn end_episode(&mut self, measured: Option<f64>, decisions: usize) {
        let (sum, count) = measured.map_or((self.right as f64, decisions as f64), |measured| (measured, 1.0));
        self.history.add(sum, count);
        self.ended += 1;
        self.begin_episode();
    }

    /// Another episode begins.
    pub(crate) fn begin_episode(&mut self) {
        self.episode_steps = 0;
        self.right = 0;
        self.seen_choices = 0;
    }

    /// What a page is sent of it, and then is not new any more.
    pub(crate) fn described(&mut self) -> Value {
        let now = Instant::now();
        let rate = self
            .last
            .map(|(last, steps)| (self.steps - steps) as f64 / now.duration_since(last).as_secs_f64().max(1e-9));
        self.last = Some((now, self.steps));
        let (sum, unit, steps) = std::mem::take(&mut self.cost);
        json!({
            "kind": "frame",
            "time": milliseconds(),
            "step": self.steps,
            "ended": self.ended,
            "episode_step": self.episode_steps,
            "presenting": self.is_presenting,
            "phase": self.phase.map(described_phase),
            "steps_per_second": rate,
            "decisions": std::mem::take(&mut self.decisions),
            "choices": std::mem::take(&mut self.choices),
            "history": self.history.curve(),
            "cost": unit.map(|_| sum / steps),
            "cost_unit": unit,
        })
    }
}

/// Since 1970, so that a page of the same computer knows how late it is.
fn milliseconds() -> f64 {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    time.map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// A choice, as the page takes it.
pub(crate) fn described_choice(choice: &Choice) -> Value {
    json!({ "action": choice.action, "reward": choice.reward })
}

/// What is shown in a phase, as the page takes it.
pub(crate) fn described_phase(phase: PhaseKind) -> Value {
    let (kind, number) = match phase {
        PhaseKind::Cue { cue } => ("cue", cue),
        PhaseKind::Label { class } => ("label", class),
        PhaseKind::Support { class } => ("support", class),
        PhaseKind::Query { item } => ("query", item),
    };
    json!({ "kind": kind, "number": number })
}
