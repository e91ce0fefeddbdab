//! Inputs of the visitor's own: a drawing, say, as the page made spikes of it.
//!
//! It knows neither how they were drawn nor what the network makes of them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use metaplastic_task::Requirements;
use metaplastic_task::episode::{Decision, Episode, Phase, PhaseKind};

/// Most steps.
const MOST_STEPS: usize = 1000;

/// Inputs of some steps, and whether they are a sample or a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stimulus {
    /// The steps.
    pub(crate) episode: Episode,
    /// The class whose label is shown.
    pub(crate) label: Option<usize>,
}

impl Stimulus {
    /// The inputs of a page, packed as in an episode; `among` are the candidates of a query.
    ///
    /// # Errors
    /// Says what does not fit the network.
    pub(crate) fn new(
        inputs: &str,
        steps: usize,
        label: Option<usize>,
        among: usize,
        network: Requirements,
    ) -> Result<Self, String> {
        let Requirements { classes, .. } = network;
        if !(1..=MOST_STEPS).contains(&steps) {
            return Err(format!("steps = {steps} is not in 1..={MOST_STEPS}"));
        }
        let class = label.map_or(among, |label| label + 1);
        if !(1..=classes).contains(&class) {
            return Err(format!("the network has {classes} classes, not {class}"));
        }
        let mut episode = network.silent_episode(steps);
        let bytes = BASE64_STANDARD.decode(inputs).map_err(|error| format!("inputs: {error}"))?;
        if bytes.len() != episode.inputs.len() {
            return Err(format!("inputs: {} bytes, {} are needed", bytes.len(), episode.inputs.len()));
        }
        episode.inputs = bytes;
        let (kind, steps) = (label.map(|class| PhaseKind::Support { class }), 0..steps);
        // Nobody but the visitor knows which class is right.
        let query = Decision { start: 0, end: steps.end, target: usize::MAX, among };
        episode.decisions = if label.is_none() { vec![query] } else { Vec::new() };
        episode.phases = vec![Phase { steps, kind: kind.unwrap_or(PhaseKind::Query { item: 0 }) }];
        Ok(Self { episode, label })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: Requirements = Requirements { inputs: 12, analog: 0, classes: 3, commands: 0 };

    #[test]
    fn a_sample_has_a_label_and_a_query_a_decision() {
        let inputs = BASE64_STANDARD.encode([1, 0, 2, 8]);
        let sample = Stimulus::new(&inputs, 2, Some(2), 3, NETWORK).unwrap();
        assert!(sample.episode.is_labelled(1) && sample.episode.decisions.is_empty());
        assert_eq!(sample.episode.spiking_at(1).collect::<Vec<_>>(), [1, 11]);
        let query = Stimulus::new(&inputs, 2, None, 2, NETWORK).unwrap();
        assert_eq!((query.episode.decisions[0].end, query.episode.decisions[0].among), (2, 2));
    }

    #[test]
    fn what_does_not_fit_the_network_is_refused() {
        let inputs = BASE64_STANDARD.encode([0; 4]);
        let refused =
            |inputs: &str, steps, label, among| Stimulus::new(inputs, steps, label, among, NETWORK).unwrap_err();
        assert_eq!(refused(&inputs, 0, None, 2), "steps = 0 is not in 1..=1000");
        assert_eq!(refused(&inputs, 3, None, 2), "inputs: 4 bytes, 6 are needed");
        assert_eq!(refused(&inputs, 2, Some(3), 2), "the network has 3 classes, not 4");
        assert_eq!(refused(&inputs, 2, None, 0), "the network has 3 classes, not 0");
        assert!(refused("?", 2, None, 2).contains("inputs"));
    }
}
