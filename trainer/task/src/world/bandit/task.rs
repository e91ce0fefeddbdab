//! The bandit as a task: every episode is a life with arms of its own.

use toml::Table;

use super::controls::controls;
use super::life::BanditLife;
use super::parameters::BanditParameters;
use crate::control::Control;
use crate::descriptor::{OptionValue, TaskDescriptor, TaskOption, experiments};
use crate::episode::{Decision, Episode, Phase, PhaseKind};
use crate::error::TaskError;
use crate::measure::Measure;
use crate::scene::{Scene, ScenePanel};
use crate::seed::{EpisodeDraw, Purpose};
use crate::table;
use crate::task::{Requirements, Task};
use crate::world::start::WorldStart;

const NAME: &str = "bandit";
const REWARD: Measure = Measure::higher("reward", "of a life");
const MEASURES: [Measure; 1] = [REWARD];
const WITH_REVERSAL: [Measure; 2] = [REWARD, Measure::higher("reward_behind_reversal", "of its first pulls")];

/// What a program knows of the task before it is made.
pub const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new(NAME, |table, _| from_table(table))
    .with_options(&[
        TaskOption::new("pulls", "pulls", OptionValue::Integer(1.0..=10_000.0), "N", "Pulls of a life"),
        TaskOption::new(
            "reward-signal",
            "reward_signal",
            OptionValue::Word(&["actual", "scrambled", "never"]),
            "SIGNAL",
            "What the network sees of its rewards; the others are controls, in which nothing can be learned",
        ),
    ])
    .with_experiments(experiments!["bandit", "bandit-close", "bandit-reversal"]);

/// The task.
#[derive(Clone, Debug, Default)]
pub struct BanditTask {
    parameters: BanditParameters,
}

impl From<BanditParameters> for BanditTask {
    fn from(parameters: BanditParameters) -> Self {
        Self { parameters }
    }
}

fn from_table(table: Table) -> Result<Box<dyn Task>, TaskError> {
    let parameters: BanditParameters = table::read(table, &BanditParameters::LIMITS)?;
    Ok(Box::new(BanditTask::from(parameters.checked()?)))
}

impl BanditTask {
    fn pulls(&self) -> usize {
        self.parameters.pulls.into()
    }

    /// The steps of a pull with the go cue, in which the arm is chosen.
    fn decision(&self, pull: usize) -> Decision {
        let start = pull * self.parameters.pull_steps() + usize::from(self.parameters.silent_steps);
        let end = start + usize::from(self.parameters.cue_steps);
        Decision { start, end, target: 0, among: self.parameters.arms.into() }
    }
}

impl Task for BanditTask {
    fn name(&self) -> &'static str {
        NAME
    }

    fn episode(&self, _: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let life = BanditLife::new(self.parameters.clone(), draw.episode.clone());
        let decisions: Vec<_> = (0..self.pulls()).map(|pull| self.decision(pull)).collect();
        let phase = |(item, decision): (usize, &Decision)| Phase {
            steps: decision.start..decision.end,
            kind: PhaseKind::Query { item },
        };
        let phases = decisions.iter().enumerate().map(phase).collect();
        let resets = (1..self.pulls()).map(|pull| pull * self.parameters.pull_steps());
        let state_resets = if self.parameters.resets_state { resets.collect() } else { Vec::new() };
        let start = WorldStart::new(Box::new(life), draw.life.clone());
        Episode { decisions, phases, state_resets, ..Episode::in_world(start) }
    }

    fn chance(&self) -> f64 {
        f64::from(self.parameters.arms).recip()
    }

    fn requirements(&self) -> Requirements {
        let (inputs, classes) = (self.parameters.channels(), self.parameters.arms.into());
        Requirements { inputs, classes, ..Requirements::default() }
    }

    fn steps(&self, _: Purpose) -> usize {
        self.pulls() * self.parameters.pull_steps()
    }

    fn state_resets(&self) -> usize {
        if self.parameters.resets_state { self.pulls() - 1 } else { 0 }
    }

    fn decisions(&self) -> usize {
        self.pulls()
    }

    fn measures(&self) -> &'static [Measure] {
        if self.parameters.reversal { &WITH_REVERSAL } else { &MEASURES }
    }

    fn controls(&self) -> Vec<Box<dyn Control>> {
        controls(&self.parameters)
    }

    fn scene(&self) -> Scene {
        let count = self.parameters.arms.into();
        Scene::new(
            "A row of machines, each of which pays with a probability that the network does not know. It pulls one after \
             another, sees what it is paid, and finds the best.",
        )
        .with(ScenePanel::Machines { count })
    }

    fn parameters(&self) -> String {
        table::text(NAME, &self.parameters)
    }
}
