//! The task: which of its states is a machine in? Each is shown once with its label, then each is asked for.

mod machine;

use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::phase::{Phase, PhaseKind};
use metaplastic_task::seed::{EpisodeDraw, Purpose, TaskRng};
use metaplastic_task::{Requirements, Task};
use rand::seq::SliceRandom;
use starter_encoder::{NEURONS, SAMPLES, STATES, encode};

/// Steps in which a state is shown; its label, if it is given, in the second half of them.
pub const SHOWN: usize = 20;

/// What happens in a step: the samples, the state, and whether somebody says so.
pub type Step = ([i16; SAMPLES], usize, bool);

/// The course of an episode: every state with its label, then every state without, in random orders.
pub fn course(rng: &mut TaskRng) -> Vec<Step> {
    let machine = machine::Machine::draw(rng);
    let mut states: Vec<usize> = (0..STATES).collect();
    let mut steps = Vec::new();
    for is_labelled in [true, false] {
        states.shuffle(rng);
        for (state, at) in states.iter().flat_map(|state| (0..SHOWN).map(move |at| (*state, at))) {
            steps.push((machine.sample(state, rng), state, is_labelled && at >= SHOWN / 2));
        }
    }
    steps
}

/// The task.
#[derive(Debug)]
pub struct Starter;

impl Task for Starter {
    fn name(&self) -> &'static str {
        "starter"
    }

    fn episode(&self, _: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let course = course(&mut draw.episode);
        let inputs = course.iter().flat_map(|(samples, state, label)| encode(samples, label.then_some(*state)));
        let mut episode = Episode { inputs: inputs.collect(), steps: course.len(), ..Episode::default() };
        for (number, start) in (0..course.len()).step_by(SHOWN).enumerate() {
            let (target, end) = (course[start].1, start + SHOWN);
            if number < STATES {
                let kind = PhaseKind::Support { class: target };
                episode.phases.push(Phase { steps: start + SHOWN / 2..end, kind });
            } else {
                episode.phases.push(Phase { steps: start..end, kind: PhaseKind::Query { item: target } });
                episode.decisions.push(Decision { start, end, target, among: STATES });
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
        2 * STATES * SHOWN
    }

    fn decisions(&self) -> usize {
        STATES
    }

    fn parameters(&self) -> String {
        "name = \"starter\"\n".to_owned()
    }
}
