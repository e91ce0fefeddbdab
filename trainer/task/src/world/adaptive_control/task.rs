//! Adaptive control as a task: every episode is a life with an unknown plant.

use toml::Table;

use super::controls::controls;
use super::parameters::AdaptiveControlParameters;
use super::system::AdaptiveControl;
use crate::control::Control;
use crate::episode::Episode;
use crate::error::TaskError;
use crate::measure::Measure;
use crate::scene::{Scene, ScenePanel};
use crate::seed::{EpisodeDraw, Purpose};
use crate::table;
use crate::task::{Requirements, Task};
use crate::world::plant_run;

pub(super) const NAME: &str = "adaptive-control";
pub(super) const MEASURES: [Measure; 2] = [Measure::lower("rmse", ""), Measure::lower("aligned_rmse", "")];

/// What is sensed, in its order.
const SENSED: [&str; 4] = ["sensed value", "desired value", "PD command", "desired rate"];

/// The task.
#[derive(Clone, Debug, Default)]
pub struct AdaptiveControlTask {
    parameters: AdaptiveControlParameters,
}

/// The task with the parameters of a table.
pub(super) fn from_table(table: Table) -> Result<Box<dyn Task>, TaskError> {
    let parameters: AdaptiveControlParameters = table::read(table, &AdaptiveControlParameters::LIMITS)?;
    Ok(Box::new(AdaptiveControlTask { parameters: parameters.checked()? }))
}

impl AdaptiveControlTask {
    fn life(&self, purpose: Purpose) -> AdaptiveControlParameters {
        let mut parameters = self.parameters.clone();
        if purpose != Purpose::Test && parameters.training_seconds > 0.0 {
            parameters.episode_seconds = parameters.training_seconds;
        }
        parameters
    }
}

/// What a network must have.
pub(super) fn requirements() -> Requirements {
    Requirements { analog: 4, commands: 1, ..Requirements::default() }
}

impl Task for AdaptiveControlTask {
    fn name(&self) -> &'static str {
        NAME
    }

    fn episode(&self, purpose: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let plant = AdaptiveControl::draw(self.life(purpose), &mut draw.episode);
        plant_run::episode(plant, draw)
    }

    fn chance(&self) -> f64 {
        0.0
    }

    fn requirements(&self) -> Requirements {
        requirements()
    }

    fn steps(&self, purpose: Purpose) -> usize {
        let parameters = self.life(purpose);
        parameters.episode_steps() * (1 + usize::from(parameters.changes))
    }

    fn decisions(&self) -> usize {
        0
    }

    fn step_seconds(&self) -> Option<f64> {
        Some(self.parameters.step_seconds)
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn controls(&self) -> Vec<Box<dyn Control>> {
        controls(&self.parameters)
    }

    fn scene(&self) -> Scene {
        let (names, unit) = (vec!["controlled value".to_owned()], String::new());
        Scene::new(
            "A plant that the network does not know has to be kept on a path. It learns from the errors what to add to the \
             controller's command; change the plant and see.",
        )
        .with(ScenePanel::Tracking { names, unit })
        .with(ScenePanel::Signals { names: SENSED.map(str::to_owned).to_vec() })
    }

    fn parameters(&self) -> String {
        table::text(NAME, &self.parameters)
    }
}
