//! An episode: the input of one lifetime, its phases, and the windows in which decisions are scored.
//!
//! Tasks make episodes; the differentiable network and every body run them. Neither side knows the other.
//!
//! ```
//! use metaplastic_task::episode::{Decision, Episode, Phase, PhaseKind};
//!
//! // Ten steps of twelve input neurons: neuron 9 is shown with the label of class 1, and then alone.
//! let mut episode = Episode::blank(12, 0, 10);
//! [1, 7].into_iter().for_each(|step| episode.spike(step, 9));
//! episode.add_support(0..5, 1);
//! episode.add_query(5..10, 1, 2);
//!
//! assert_eq!(episode.spiking_at(7).collect::<Vec<_>>(), [9]);
//! assert!(episode.is_labelled(4) && !episode.is_labelled(5));
//! assert_eq!(episode.segments(), [0..5, 5..10]);
//! // The scores of the two candidates decide; a third class is no candidate.
//! assert!(episode.decisions[0].is_right(&[2.0, 3.0, 9.0]));
//! ```

use std::collections::BTreeSet;
use std::ops::Range;

use metaplastic_shared::network::NetworkDescription;

pub use crate::phase::{Phase, PhaseKind};
use crate::world::closed_loop::WorldShape;
use crate::world::start::WorldStart;

/// One lifetime. All state is zero before its first step; before some later steps all state but the plastic weights
/// becomes zero again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Episode {
    /// Input spikes: [`input_bytes`](NetworkDescription::input_bytes) bytes per step, one bit per neuron, least
    /// significant first.
    pub inputs: Vec<u8>,
    /// Values of the analog populations: [`analog_values`](NetworkDescription::analog_values) per step.
    pub analog: Vec<f32>,
    /// Number of steps.
    pub steps: usize,
    /// Steps before which all state but the plastic weights becomes zero, ascending.
    pub state_resets: Vec<usize>,
    /// Windows in which a decision is scored, in order, not overlapping.
    pub decisions: Vec<Decision>,
    /// The phases in order: what is shown in which steps.
    pub phases: Vec<Phase>,
    /// Of each phase, the number of the sample that it shows in the task's data; empty where samples have no numbers.
    pub samples: Vec<usize>,
    /// The world that gives the inputs, step by step, in answer to the network; none where they were drawn beforehand.
    pub world: Option<WorldStart>,
}

/// A window in which class scores are accumulated, and the class that should win.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// First step.
    pub start: usize,
    /// One past the last step.
    pub end: usize,
    /// The right class, below `among`.
    pub target: usize,
    /// Number of candidates: the first `among` classes. Scores of other classes are ignored.
    pub among: usize,
}

impl Decision {
    /// The candidate with the highest score; ties go to the lower index.
    #[must_use]
    pub fn answer<S: PartialOrd>(&self, class_scores: &[S]) -> usize {
        winner(&class_scores[..self.among.min(class_scores.len())])
    }

    /// Whether the answer is the right class.
    #[must_use]
    pub fn is_right<S: PartialOrd>(&self, class_scores: &[S]) -> bool {
        self.answer(class_scores) == self.target
    }
}

impl Episode {
    /// An episode without spikes, all analog values zero, for a network.
    #[must_use]
    pub fn silent(network: &NetworkDescription, steps: usize) -> Self {
        Self::blank(network.input_size(), network.analog_values(), steps)
    }

    /// An episode of so many input neurons and analog values, without spikes and all values zero.
    #[must_use]
    pub fn blank(inputs: usize, analog: usize, steps: usize) -> Self {
        let (inputs, analog) = (vec![0; steps * inputs.div_ceil(8)], vec![0.0; steps * analog]);
        Self { inputs, analog, steps, ..Self::default() }
    }

    /// Adds the support sample of a class, which is shown with its label in some steps.
    pub fn add_support(&mut self, steps: Range<usize>, class: usize) {
        self.phases.push(Phase { steps, kind: PhaseKind::Support { class } });
    }

    /// Adds a query, which is shown in some steps: its class must be decided among the first `among`.
    pub fn add_query(&mut self, steps: Range<usize>, class: usize, among: usize) {
        self.decisions.push(Decision { start: steps.start, end: steps.end, target: class, among });
        self.phases.push(Phase { steps, kind: PhaseKind::Query { item: class } });
    }

    /// An episode in a world, for a network with what the world gives.
    #[must_use]
    pub fn in_world(world: WorldStart) -> Self {
        let WorldShape { analog, spikes, steps, .. } = world.shape();
        Self { world: Some(world), ..Self::blank(spikes, analog, steps) }
    }

    /// Sets a spike of an input neuron in a step; `neuron` counts over all input populations.
    pub fn spike(&mut self, step: usize, neuron: usize) {
        let bytes = self.inputs.len() / self.steps;
        self.inputs[step * bytes + neuron / 8] |= 1 << (neuron % 8);
    }

    /// The input spikes of a step.
    #[must_use]
    pub fn inputs_at(&self, step: usize) -> &[u8] {
        let bytes = self.inputs.len() / self.steps;
        &self.inputs[step * bytes..(step + 1) * bytes]
    }

    /// The input spikes and analog values of a step, to be written.
    pub fn step_mut(&mut self, step: usize) -> (&mut [u8], &mut [f32]) {
        let (bytes, values) = (self.inputs.len() / self.steps, self.analog.len() / self.steps);
        let inputs = &mut self.inputs[step * bytes..(step + 1) * bytes];
        (inputs, &mut self.analog[step * values..(step + 1) * values])
    }

    /// The indices of the input neurons that spike in a step, over all input populations, ascending.
    pub fn spiking_at(&self, step: usize) -> impl Iterator<Item = usize> + '_ {
        let bits = |byte: u8| (0..8).filter(move |bit| byte & (1 << bit) != 0);
        self.inputs_at(step)
            .iter()
            .enumerate()
            .flat_map(move |(index, byte)| bits(*byte).map(move |bit| 8 * index + bit))
    }

    /// The phases in which the label of the right class is shown.
    pub fn labelled_phases(&self) -> impl Iterator<Item = &Phase> {
        self.phases.iter().filter(|phase| phase.kind.is_labelled())
    }

    /// Whether the label of the right class is shown in a step.
    #[must_use]
    pub fn is_labelled(&self, step: usize) -> bool {
        self.labelled_phases().any(|phase| phase.steps.contains(&step))
    }

    /// Whether all state but the plastic weights becomes zero before a step.
    #[must_use]
    pub fn resets_state_before(&self, step: usize) -> bool {
        self.state_resets.binary_search(&step).is_ok()
    }

    /// Consecutive segments that together are the episode. Segments are cut at state resets, and where decisions
    /// and labelled phases begin and end.
    #[must_use]
    pub fn segments(&self) -> Vec<Range<usize>> {
        let decisions = self.decisions.iter().flat_map(|decision| [decision.start, decision.end]);
        let labelled = self.labelled_phases().flat_map(|phase| [phase.steps.start, phase.steps.end]);
        let resets = self.state_resets.iter().copied();
        let edges: BTreeSet<_> = decisions.chain(labelled).chain(resets).chain([0, self.steps]).collect();
        edges.iter().zip(edges.iter().skip(1)).map(|(start, end)| *start..*end).collect()
    }

    /// The analog values of a step.
    #[must_use]
    pub fn analog_at(&self, step: usize) -> &[f32] {
        let count = self.analog.len() / self.steps;
        &self.analog[step * count..(step + 1) * count]
    }
}

/// The class with the highest score; ties go to the lower index.
#[must_use]
pub fn winner<S: PartialOrd>(class_scores: &[S]) -> usize {
    (1..class_scores.len())
        .fold(0, |best, class| if class_scores[class] > class_scores[best] { class } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_end_where_decisions_and_labels_do() {
        let decisions = vec![Decision { start: 6, end: 9, target: 0, among: 2 }];
        let phases = vec![
            Phase { steps: 1..8, kind: PhaseKind::Cue { cue: 0 } },
            Phase { steps: 2..4, kind: PhaseKind::Label { class: 0 } },
        ];
        let episode = Episode { steps: 9, decisions, phases, ..Episode::default() };
        assert_eq!(episode.segments(), [0..2, 2..4, 4..6, 6..9]);
        assert_eq!((0..9).filter(|step| episode.is_labelled(*step)).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(Episode::default().segments(), []);
    }

    #[test]
    fn ties_go_to_the_lower_index() {
        assert_eq!([winner(&[1, 3, 3]), winner(&[2, 2]), winner::<u32>(&[])], [1, 0, 0]);
    }

    #[test]
    fn scores_of_classes_that_are_not_among_the_candidates_do_not_count() {
        let decision = |among| Decision { start: 0, end: 1, target: 1, among };
        assert_eq!([2, 3, 4, 9].map(|among| decision(among).answer(&[-5, 0, -1, 7])), [1, 1, 3, 3]);
        assert!(decision(3).is_right(&[-5, 0, -1, 7]) && !decision(4).is_right(&[-5, 0, -1, 7]));
    }
}
