//! The task: which of its states is a machine in? Each is shown once with its label, then each is asked for.
pub mod machine;

use machine::recording;
use metaplastic::task::episode::Episode;
use metaplastic::task::seed::{EpisodeDraw, Purpose};
use metaplastic::task::{BuiltInExperiment, Requirements, Task, TaskDescriptor, table};
use serde::{Deserialize, Serialize};
use starter_encoder::{NEURONS, STATES, WINDOW, encode};

const EXPERIMENT: BuiltInExperiment = BuiltInExperiment { name: "starter", text: include_str!("../experiment.toml") };
/// What the program is given. A key that the `[task]` table should not have is refused.
pub const DESCRIPTOR: TaskDescriptor =
    TaskDescriptor::new("starter", |keys, _| Ok(Box::new(table::read::<Starter>(keys, &[])?)))
        .with_experiments(&[EXPERIMENT]);

/// The `[task]` table, without parameters beside the name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Starter {}

impl Task for Starter {
    fn name(&self) -> &'static str {
        DESCRIPTOR.name
    }
    fn episode(&self, purpose: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let mut episode = self.requirements().silent_episode(self.steps(purpose));
        for (number, window) in recording(&mut draw.episode).iter().enumerate() {
            let (start, end, state) = (number * WINDOW, (number + 1) * WINDOW, window.state);
            for (step, samples) in window.samples.iter().enumerate() {
                episode.step_mut(start + step).0.copy_from_slice(&encode(samples, window.label(step)));
            }
            match window.is_labelled {
                true => episode.add_support(start..end, state),
                false => episode.add_query(start..end, state, STATES),
            }
        }
        episode
    }
    fn chance(&self) -> f64 {
        1.0 / STATES as f64
    }
    fn requirements(&self) -> Requirements {
        Requirements { inputs: NEURONS, classes: STATES, ..Requirements::default() }
    }
    fn steps(&self, _: Purpose) -> usize {
        2 * STATES * WINDOW
    }
    fn decisions(&self) -> usize {
        STATES
    }
    fn parameters(&self) -> String {
        table::text(self.name(), self)
    }
}
