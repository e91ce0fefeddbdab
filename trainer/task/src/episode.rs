//! An episode: one lifetime's input, and when the network is asked for an answer.
//!
//! Tasks make episodes, the differentiable network and every body run them; neither side knows the other.

use std::collections::BTreeSet;
use std::ops::Range;

use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::network::Network;

/// One lifetime. All state is zero at its start; inside it, all but the plastic weights becomes zero where it rests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Episode {
    /// Input spikes: [`input_bytes`](Network::input_bytes) bytes a step, one bit a neuron, least significant first.
    pub inputs: Vec<u8>,
    /// External signals: [`signals`](Network::signals) values a step.
    pub signals: Vec<Signal>,
    /// How many steps.
    pub steps: usize,
    /// Steps before which all state but the plastic weights becomes zero, ascending.
    pub rests: Vec<usize>,
    /// When answers are asked for, in order, not overlapping.
    pub decisions: Vec<Decision>,
    /// What happens when, for readers.
    pub marks: Vec<Mark>,
}

/// A window in which the readout votes, and the class that should win.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// First step.
    pub start: usize,
    /// One behind the last step.
    pub end: usize,
    /// The right class, below `among`.
    pub target: usize,
    /// How many classes can be the answer: the first so many. Votes for others do not count.
    pub among: usize,
}

impl Decision {
    /// The class with the most votes among those that can be the answer; ties go to the lower index.
    #[must_use]
    pub fn answer<V: PartialOrd>(&self, votes: &[V]) -> usize {
        winner(&votes[..self.among.min(votes.len())])
    }

    /// Whether the votes are for the right class.
    #[must_use]
    pub fn is_right<V: PartialOrd>(&self, votes: &[V]) -> bool {
        self.answer(votes) == self.target
    }
}

/// A named stretch of an episode, such as `cue 2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// First step.
    pub start: usize,
    /// One behind the last step.
    pub end: usize,
    /// What readers call it.
    pub label: String,
    /// Whether the network is told the right answer in it.
    pub teaches: bool,
}

impl Episode {
    /// A silent episode for a network.
    #[must_use]
    pub fn silent(network: &Network, steps: usize) -> Self {
        let inputs = vec![0; steps * network.input_bytes()];
        let signals = vec![Signal::ZERO; steps * usize::from(network.signals)];
        Self { inputs, signals, steps, ..Self::default() }
    }

    /// Lets an input neuron spike in a step; `neuron` counts over all input populations.
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

    /// The indices of the input neurons that spike in a step, over all input populations, ascending.
    pub fn spiking_at(&self, step: usize) -> impl Iterator<Item = usize> + '_ {
        let bits = |byte: u8| (0..8).filter(move |bit| byte & (1 << bit) != 0);
        self.inputs_at(step)
            .iter()
            .enumerate()
            .flat_map(move |(index, byte)| bits(*byte).map(move |bit| 8 * index + bit))
    }

    /// Whether the network is told the right answer in a step.
    #[must_use]
    pub fn teaches(&self, step: usize) -> bool {
        self.marks.iter().any(|mark| mark.teaches && (mark.start..mark.end).contains(&step))
    }

    /// Whether all state but the plastic weights becomes zero before a step.
    #[must_use]
    pub fn rests_before(&self, step: usize) -> bool {
        self.rests.binary_search(&step).is_ok()
    }

    /// Stretches of steps that follow one another and fill the episode, none of them with a rest, the edge of a
    /// decision or of a teaching mark inside.
    #[must_use]
    pub fn stretches(&self) -> Vec<Range<usize>> {
        let decisions = self.decisions.iter().flat_map(|decision| [decision.start, decision.end]);
        let teaching = self.marks.iter().filter(|mark| mark.teaches).flat_map(|mark| [mark.start, mark.end]);
        let edges: BTreeSet<_> =
            decisions.chain(teaching).chain(self.rests.iter().copied()).chain([0, self.steps]).collect();
        edges.iter().zip(edges.iter().skip(1)).map(|(start, end)| *start..*end).collect()
    }

    /// The external signals of a step.
    #[must_use]
    pub fn signals_at(&self, step: usize) -> &[Signal] {
        let count = self.signals.len() / self.steps;
        &self.signals[step * count..(step + 1) * count]
    }
}

/// The class with the most votes; ties go to the lower index.
#[must_use]
pub fn winner<V: PartialOrd>(votes: &[V]) -> usize {
    (1..votes.len()).fold(0, |best, class| if votes[class] > votes[best] { class } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_end_where_decisions_and_teaching_do() {
        let mark = |start, end, teaches| Mark { start, end, label: String::new(), teaches };
        let decisions = vec![Decision { start: 6, end: 9, target: 0, among: 2 }];
        let marks = vec![mark(1, 8, false), mark(2, 4, true)];
        let episode = Episode { steps: 9, decisions, marks, ..Episode::default() };
        assert_eq!(episode.stretches(), [0..2, 2..4, 4..6, 6..9]);
        assert_eq!((0..9).filter(|step| episode.teaches(*step)).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(Episode::default().stretches(), []);
    }

    #[test]
    fn ties_go_to_the_lower_index() {
        assert_eq!([winner(&[1, 3, 3]), winner(&[2, 2]), winner::<u32>(&[])], [1, 0, 0]);
    }

    #[test]
    fn votes_for_classes_that_are_not_asked_for_do_not_count() {
        let decision = |among| Decision { start: 0, end: 1, target: 1, among };
        assert_eq!([2, 3, 4, 9].map(|among| decision(among).answer(&[-5, 0, -1, 7])), [1, 1, 3, 3]);
        assert!(decision(3).is_right(&[-5, 0, -1, 7]) && !decision(4).is_right(&[-5, 0, -1, 7]));
    }
}
