//! What the visitor does to the network's inputs: noise on them, and labels that are exchanged; and the list of everything that
//! was done besides, so that it can be done again.
//!
//! It knows neither bodies nor pages. Noise has a random stream of its own, of the life's seed: every input neuron's spike is
//! inverted with the noise's rate, and what is sensed gets a normal deviate of that deviation.

use std::ops::Range;

use metaplastic_task::Task;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::seed::{Purpose, TaskRng, rng};
use rand::Rng;
use rand_distr::StandardNormal;

use crate::lesion::LesionExtent;
use crate::replay::TimedControl;

/// What was done since the life began.
pub(crate) struct Interventions {
    noise: f64,
    chance: TaskRng,
    /// The class whose label is shown in place of each class's.
    labels: Vec<usize>,
    label_neurons: Vec<Range<usize>>,
    pub(crate) lesion: LesionExtent,
    /// Everything, in its order.
    pub(crate) log: Vec<TimedControl>,
}

impl Interventions {
    /// Nothing yet, in a life of that seed.
    pub(crate) fn none(task: &dyn Task, seed: u64) -> Self {
        let label_neurons = task.label_neurons();
        let labels = (0..label_neurons.len()).collect();
        let (chance, lesion) = (rng(seed, Purpose::Initialisation, 0), LesionExtent::default());
        Self { noise: 0.0, chance, labels, label_neurons, lesion, log: Vec::new() }
    }

    /// The noise's rate.
    pub(crate) fn noise(&self) -> f64 {
        self.noise
    }

    pub(crate) fn set_noise(&mut self, rate: f64) {
        self.noise = rate;
    }

    /// The class whose label is shown in place of each class's.
    pub(crate) fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// Exchanges the labels of two classes, from now on.
    ///
    /// # Errors
    /// If one of them has no label.
    pub(crate) fn swap(&mut self, one: usize, other: usize) -> Result<(), String> {
        let count = self.labels.len();
        if one.max(other) >= count {
            return Err(format!("there are {count} labels that can be exchanged"));
        }
        self.labels.swap(one, other);
        Ok(())
    }

    /// The decision with the class that is right now.
    pub(crate) fn due(&self, decision: &Decision) -> Decision {
        Decision { target: self.labels.get(decision.target).copied().unwrap_or(decision.target), ..*decision }
    }

    /// Gives inputs the label of a class in all steps, and no other.
    pub(crate) fn label(&self, episode: &mut Episode, class: Option<usize>) {
        for (other, neurons) in self.label_neurons.iter().enumerate() {
            for (step, neuron) in
                (0..episode.steps).flat_map(|step| neurons.clone().map(move |neuron| (step, neuron)))
            {
                set(episode.step_mut(step).0, neuron, class == Some(other));
            }
        }
    }

    /// The one step as the network is given it; none if it is as it was drawn.
    pub(crate) fn given(&mut self, episode: &Episode, step: usize) -> Option<Episode> {
        let is_swapped = self.labels.iter().enumerate().any(|(class, shown)| class != *shown);
        if self.noise == 0.0 && !is_swapped {
            return None;
        }
        let (inputs, analog) = (episode.inputs_at(step).to_vec(), episode.analog_at(step).to_vec());
        let mut given = Episode { inputs, analog, steps: 1, ..Episode::default() };
        self.exchange_labels(episode, step, &mut given);
        self.add_noise(&mut given);
        Some(given)
    }

    fn exchange_labels(&self, episode: &Episode, step: usize, given: &mut Episode) {
        let inputs = episode.inputs_at(step);
        let spikes = |neuron: usize| inputs[neuron / 8] & (1 << (neuron % 8)) != 0;
        for (class, shown) in self.labels.iter().enumerate() {
            let (from, to) = (self.label_neurons[class].clone(), self.label_neurons[*shown].clone());
            from.zip(to).for_each(|(from, to)| set(&mut given.inputs, to, spikes(from)));
        }
    }

    fn add_noise(&mut self, given: &mut Episode) {
        if self.noise == 0.0 {
            return;
        }
        let inputs = 8 * given.inputs.len();
        for neuron in (0..inputs).filter(|_| self.chance.random_bool(self.noise)) {
            given.inputs[neuron / 8] ^= 1 << (neuron % 8);
        }
        for value in &mut given.analog {
            *value += self.noise as f32 * self.chance.sample::<f32, _>(StandardNormal);
        }
    }
}

fn set(bits: &mut [u8], at: usize, value: bool) {
    let bit = 1 << (at % 8);
    bits[at / 8] = if value { bits[at / 8] | bit } else { bits[at / 8] & !bit };
}

#[cfg(test)]
mod tests {
    use metaplastic_task::CueAssociation;
    use metaplastic_task::unseen::{EpisodeIndex, episode};

    use super::*;

    fn drawn() -> (CueAssociation, Episode) {
        let task = CueAssociation { label_rate: 1.0, ..CueAssociation::default() };
        let episode = episode(&task, 1, Purpose::Test, EpisodeIndex::alone(0));
        (task, episode)
    }

    #[test]
    fn without_an_intervention_a_step_is_as_it_was_drawn() {
        let (task, episode) = drawn();
        let mut none = Interventions::none(&task, 1);
        assert!((0..episode.steps).all(|step| none.given(&episode, step).is_none()));
        assert_eq!(none.due(&episode.decisions[0]), episode.decisions[0]);
    }

    #[test]
    fn exchanged_labels_are_shown_and_expected() {
        let (task, episode) = drawn();
        let mut swapped = Interventions::none(&task, 1);
        swapped.swap(0, 1).unwrap();
        let labelled = episode.labelled_phases().next().unwrap();
        let given = swapped.given(&episode, labelled.steps.start).unwrap();
        let shown = |neuron: usize| given.inputs[neuron / 8] & (1 << (neuron % 8)) != 0;
        let other = 1 - labelled.kind.labelled_class().unwrap();
        let neurons = task.label_neurons();
        assert!(neurons[other].clone().all(shown) && !neurons[1 - other].clone().any(shown));
        assert_eq!(swapped.due(&episode.decisions[0]).target, 1 - episode.decisions[0].target);
        swapped.swap(0, 1).unwrap();
        assert!(swapped.given(&episode, 0).is_none());
        assert_eq!(swapped.swap(0, 2).unwrap_err(), "there are 2 labels that can be exchanged");
    }

    #[test]
    fn noise_inverts_as_many_spikes_as_its_rate_says() {
        let (task, episode) = drawn();
        let mut noisy = Interventions::none(&task, 1);
        noisy.set_noise(0.25);
        let inverted = |step| {
            let given = noisy.given(&episode, step).unwrap();
            let pairs = given.inputs.iter().zip(episode.inputs_at(step));
            pairs.map(|(given, drawn)| (given ^ drawn).count_ones()).sum::<u32>()
        };
        let all: u32 = (0..episode.steps).map(inverted).sum();
        let fraction = f64::from(all) / (72 * episode.steps) as f64;
        assert!((fraction - 0.25).abs() < 0.02, "{fraction}");
    }
}
