//! Recall as a task: every episode has values of its own.

use toml::Table;

use super::controls::controls;
use super::parameters::RecallParameters;
use super::shown_values::ShownValues;
use crate::control::Control;
use crate::descriptor::{OptionValue, TaskDescriptor, TaskOption, experiments};
use crate::episode::{Episode, Phase, PhaseKind};
use crate::error::TaskError;
use crate::measure::Measure;
use crate::scene::{Scene, ScenePanel, numbered};
use crate::seed::{EpisodeDraw, Purpose};
use crate::table;
use crate::task::{Requirements, Task};
use crate::world::plant_run;

const NAME: &str = "recall";
const MEASURES: [Measure; 2] = [Measure::lower("rmse", ""), Measure::lower("squared_error", "")];

/// What a program knows of the task before it is made.
pub const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new(NAME, |table, _| from_table(table))
    .with_options(&[TaskOption::new(
        "resets-state",
        "resets_state",
        OptionValue::Flag,
        "BOOL",
        "Whether all state but the plastic weights is reset between showing and recalling",
    )])
    .with_experiments(experiments!["recall"]);

/// The task.
#[derive(Clone, Debug, Default)]
pub struct RecallTask {
    parameters: RecallParameters,
}

impl From<RecallParameters> for RecallTask {
    fn from(parameters: RecallParameters) -> Self {
        Self { parameters }
    }
}

fn from_table(table: Table) -> Result<Box<dyn Task>, TaskError> {
    let parameters: RecallParameters = table::read(table, &RecallParameters::LIMITS)?;
    Ok(Box::new(RecallTask::from(parameters.checked()?)))
}

impl RecallTask {
    /// The phases of showing, and behind them those of recalling.
    fn phases(&self, order: &[usize]) -> Vec<Phase> {
        let RecallParameters { values, show_steps, query_steps, .. } = self.parameters;
        let (show, query, first) = (show_steps.into(), query_steps.into(), self.parameters.shown_steps());
        let shown = (0..values.into()).map(|class| phase(class * show, show, PhaseKind::Support { class }));
        let due = order.iter().enumerate();
        let due = due.map(|(at, item)| phase(first + at * query, query, PhaseKind::Query { item: *item }));
        shown.chain(due).collect()
    }
}

fn phase(start: usize, steps: usize, kind: PhaseKind) -> Phase {
    Phase { steps: start..start + steps, kind }
}

impl Task for RecallTask {
    fn name(&self) -> &'static str {
        NAME
    }

    fn episode(&self, _: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let shown = ShownValues::draw(self.parameters.clone(), &mut draw.episode);
        let phases = self.phases(shown.order());
        let state_resets = self.parameters.resets_state.then(|| self.parameters.shown_steps());
        Episode { phases, state_resets: state_resets.into_iter().collect(), ..plant_run::episode(shown, draw) }
    }

    fn chance(&self) -> f64 {
        0.0
    }

    fn requirements(&self) -> Requirements {
        Requirements { analog: self.parameters.channels(), commands: 1, ..Requirements::default() }
    }

    fn steps(&self, _: Purpose) -> usize {
        self.parameters.steps()
    }

    fn state_resets(&self) -> usize {
        usize::from(self.parameters.resets_state)
    }

    fn decisions(&self) -> usize {
        0
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn controls(&self) -> Vec<Box<dyn Control>> {
        controls(&self.parameters)
    }

    fn scene(&self) -> Scene {
        let cues = numbered("cue", self.parameters.values.into());
        let names = cues.into_iter().chain(["value".to_owned(), "shown".to_owned()]).collect();
        Scene::new("Values are shown, each with a cue, once. Then the cues come alone, and the network gives each value back.")
            .with(ScenePanel::Tracking { names: vec!["value".to_owned()], unit: String::new() })
            .with(ScenePanel::Signals { names })
    }

    fn parameters(&self) -> String {
        table::text(NAME, &self.parameters)
    }
}
