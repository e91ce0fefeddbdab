//! Motor adaptation of an arm as a task: every episode is a life with unknown loads.

use toml::Table;

use super::controls::controls;
use super::parameters::ArmParameters;
use super::system::{Arm, SECONDS};
use crate::control::Control;
use crate::descriptor::{OptionValue, TaskDescriptor, TaskOption, experiments};
use crate::episode::Episode;
use crate::error::TaskError;
use crate::measure::Measure;
use crate::scene::{Scene, ScenePanel};
use crate::seed::{EpisodeDraw, Purpose};
use crate::table;
use crate::task::{Requirements, Task};
use crate::world::plant::Plant;
use crate::world::plant_run;

const NAME: &str = "arm";
/// The error over the second half, and in each second behind the last change.
const MEASURES: [Measure; 1 + SECONDS] = [
    Measure::lower("rmse", "rad"),
    Measure::lower("rmse_second_1", "rad"),
    Measure::lower("rmse_second_2", "rad"),
    Measure::lower("rmse_second_3", "rad"),
    Measure::lower("rmse_second_4", "rad"),
    Measure::lower("rmse_second_5", "rad"),
];

/// What a program knows of the task before it is made.
pub const DESCRIPTOR: TaskDescriptor = TaskDescriptor::new(NAME, |table, _| from_table(table))
    .with_options(&[
        TaskOption::new(
            "lowest-payload",
            "lowest_payload",
            OptionValue::Number(0.0..=100.0),
            "KG",
            "The least payload at the hand",
        ),
        TaskOption::new(
            "highest-payload",
            "highest_payload",
            OptionValue::Number(0.0..=100.0),
            "KG",
            "The largest payload at the hand",
        ),
    ])
    .with_experiments(experiments!["arm", "arm-oracle"]);

/// The task.
#[derive(Clone, Debug, Default)]
pub struct ArmTask {
    parameters: ArmParameters,
}

fn from_table(table: Table) -> Result<Box<dyn Task>, TaskError> {
    let parameters: ArmParameters = table::read(table, &ArmParameters::LIMITS)?;
    Ok(Box::new(ArmTask { parameters: parameters.checked()? }))
}

impl ArmTask {
    fn arm(&self, draw: &mut EpisodeDraw) -> Arm {
        Arm::draw(self.parameters.clone(), &mut draw.episode)
    }
}

impl Task for ArmTask {
    fn name(&self) -> &'static str {
        NAME
    }

    fn episode(&self, _: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let arm = self.arm(draw);
        plant_run::episode(arm, draw)
    }

    fn chance(&self) -> f64 {
        0.0
    }

    fn requirements(&self) -> Requirements {
        let shape = self.arm(&mut EpisodeDraw::new(0, Purpose::Test, 0, 0)).shape();
        Requirements { analog: shape.observations, commands: shape.actions, ..Requirements::default() }
    }

    fn steps(&self, _: Purpose) -> usize {
        self.parameters.episode_steps() * (1 + usize::from(self.parameters.changes))
    }

    fn decisions(&self) -> usize {
        0
    }

    fn step_seconds(&self) -> Option<f64> {
        Some(self.parameters.step_seconds)
    }

    fn measures(&self) -> &'static [Measure] {
        let whole_seconds = (self.parameters.episode_seconds + 1e-9) as usize;
        &MEASURES[..=SECONDS.min(whole_seconds)]
    }

    fn controls(&self) -> Vec<Box<dyn Control>> {
        controls(&self.parameters)
    }

    fn scene(&self) -> Scene {
        let ArmParameters { upper_length, lower_length, .. } = self.parameters;
        let names = vec!["first joint".to_owned(), "second joint".to_owned()];
        Scene::new(
            "An arm whose load, friction and motors the network does not know. It learns from its errors what to add to its \
             controller's commands, so that the arm keeps to the path; change the load and see.",
        )
        .with(ScenePanel::Arm { lengths: [upper_length, lower_length] })
        .with(ScenePanel::Tracking { names, unit: "rad".to_owned() })
        .with(ScenePanel::Signals { names: self.parameters.sensed_names() })
    }

    fn parameters(&self) -> String {
        table::text(NAME, &self.parameters)
    }
}
