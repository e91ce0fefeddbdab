//! The result of steps on a body: the readout's class scores, and in how many steps plastic weights could change.

use metaplastic_task::world::record::LifeResult;
use serde::{Deserialize, Serialize};

/// The result of some steps of an episode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunResult {
    /// Score of each class: the spikes of its readout neurons, or the sum of their potentials where they are
    /// graded.
    pub class_scores: Vec<i32>,
    /// In how many steps a third factor was not zero.
    pub modulated_steps: usize,
}

/// The result of a whole episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rollout {
    /// Class scores in each decision's window.
    pub class_scores: Vec<Vec<i32>>,
    /// What happened in its world, if it was in one.
    pub life: Option<LifeResult>,
    /// When plastic weights could change.
    pub modulated_steps: ModulatedSteps,
    /// On real hardware in a world, the microseconds from the inputs of each step to its answer.
    pub loop_microseconds: Vec<u32>,
}

/// In how many steps plastic weights could change, because a third factor was not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulatedSteps {
    /// Of the steps in which a label was shown.
    pub labelled: StepCount,
    /// Of all other steps.
    pub unlabelled: StepCount,
}

/// Modulated steps among some steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCount {
    /// Steps in which a third factor was not zero.
    pub modulated: usize,
    /// All steps.
    pub all: usize,
}

impl RunResult {
    /// Adds the result of the steps that follow.
    pub fn add(&mut self, later: &Self) {
        Self::add_class_scores(&mut self.class_scores, &later.class_scores);
        self.modulated_steps += later.modulated_steps;
    }

    /// Adds to class scores, which saturate.
    pub(super) fn add_class_scores(sums: &mut Vec<i32>, class_scores: &[i32]) {
        sums.resize(class_scores.len(), 0);
        sums.iter_mut().zip(class_scores).for_each(|(sum, more)| *sum = sum.saturating_add(*more));
    }
}

impl Rollout {
    /// Adds class scores to those of the last decision, or to those of a new one.
    pub(super) fn add_class_scores(&mut self, new: bool, class_scores: &[i32]) {
        if new {
            self.class_scores.push(Vec::new());
        }
        if let Some(last) = self.class_scores.last_mut() {
            RunResult::add_class_scores(last, class_scores);
        }
    }
}

impl StepCount {
    /// Modulated steps as a fraction of all; zero where there are none.
    #[must_use]
    pub fn fraction(self) -> f64 {
        self.modulated as f64 / self.all.max(1) as f64
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { modulated: self.modulated + other.modulated, all: self.all + other.all }
    }
}

impl ModulatedSteps {
    /// Labelled and unlabelled steps together.
    #[must_use]
    pub fn overall(self) -> StepCount {
        self.labelled.plus(self.unlabelled)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { labelled: self.labelled.plus(other.labelled), unlabelled: self.unlabelled.plus(other.unlabelled) }
    }

    /// Adds steps that were all labelled or all unlabelled.
    pub(super) fn add(&mut self, labelled: bool, count: StepCount) {
        let sum = if labelled { &mut self.labelled } else { &mut self.unlabelled };
        *sum = sum.plus(count);
    }
}
