//! The pictures of an episode, and the plastic weights onto the readout at its end.

use std::ops::Range;

use metaplastic_runtime::Network;
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::network::NetworkDescription;

use metaplastic_report::data::{Memory, Pictures};
use metaplastic_task::episode::Episode;

/// The pictures of an episode, one per phase; its first input neurons are square pictures of `side` pixels a side.
pub(super) fn pictures(episode: &Episode, side: usize) -> Pictures {
    let seen = |steps: Range<usize>| picture(episode, side, steps);
    let classes = episode.decisions.iter().map(|decision| decision.among).max().unwrap_or(0);
    let of = |class: usize| episode.phases.iter().filter(move |phase| phase.kind.labelled_class() == Some(class));
    let first =
        |class: usize| of(class).next().map_or_else(|| vec![0.0; side * side], |phase| seen(phase.steps.clone()));
    Pictures {
        side,
        shots: of(0).count(),
        support: (0..classes).map(first).collect(),
        query: episode.decisions.iter().map(|decision| seen(decision.start..decision.end)).collect(),
    }
}

/// The fraction of some steps in which each pixel spiked.
fn picture(episode: &Episode, side: usize, steps: Range<usize>) -> Vec<f32> {
    let mut pixels = vec![0.0; side * side];
    let weight = 1.0 / steps.len().max(1) as f32;
    for step in steps {
        let spiking = episode.spiking_at(step).take_while(|neuron| *neuron < side * side);
        spiking.for_each(|pixel| pixels[pixel] += weight);
    }
    pixels
}

/// The current plastic weights onto the first `classes` classes of the readout.
pub(super) fn memories(artifact: &Artifact<'_>, network: &Network<'_>, classes: usize) -> Vec<Memory> {
    let manifest = artifact.manifest();
    let description = &manifest.network;
    let formats = manifest.projections.iter().map(|format| format.plastic);
    let projections = description.projections.iter().zip(formats).enumerate();
    let onto = projections.filter(|(_, (projection, _))| projection.post == description.readout.population);
    let memories = onto.filter_map(|(index, (projection, format))| {
        let scale = (-f32::from(format?.plastic_exponent)).exp2();
        let rows: Vec<&[i16]> = network.plastic_rows(index).collect();
        let (pre, post) = [projection.pre, projection.post].map(usize::from).into();
        let Map { height, width, channels } = map(description, pre);
        let name = |population: usize| &description.populations[population].name;
        Some(Memory {
            projection: format!("{}>{}", name(pre), name(post)),
            height,
            width,
            channels,
            classes: (0..classes).map(|class| weights(description, &rows, class, scale)).collect(),
        })
    });
    memories.collect()
}

/// The mean weight from every presynaptic neuron onto the neurons of a class.
fn weights(description: &NetworkDescription, rows: &[&[i16]], class: usize, scale: f32) -> Vec<f32> {
    let neurons = usize::from(description.readout.neurons_per_class);
    let mean = |row: &&[i16]| {
        let onto = row.iter().skip(class * neurons).take(neurons);
        scale * onto.map(|weight| f32::from(*weight)).sum::<f32>() / neurons as f32
    };
    rows.iter().map(mean).collect()
}

/// The extent of a population's map.
struct Map {
    height: usize,
    width: usize,
    channels: usize,
}

/// The map of a population; a population without one has a single position.
fn map(description: &NetworkDescription, population: usize) -> Map {
    let size = usize::from(description.populations[population].size);
    let (height, width) = description.map_of(population).map_or((1, 1), |(_, convolution)| convolution.post_map());
    Map { height, width, channels: size / (height * width) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metaplastic_task::episode::{Decision, Phase, PhaseKind};

    #[test]
    fn a_picture_is_what_spiked_in_the_steps_of_its_phase() {
        let phase = |start, kind| Phase { steps: start..start + 2, kind };
        let [one, zero] = [1, 0].map(|class| PhaseKind::Support { class });
        let phases = vec![phase(0, one), phase(2, zero), phase(4, PhaseKind::Query { item: 1 })];
        let decisions = vec![Decision { start: 4, end: 6, target: 1, among: 2 }];
        let mut episode = Episode { inputs: vec![0; 6], steps: 6, phases, decisions, ..Episode::default() };
        for (step, neuron) in [(0, 0), (1, 0), (1, 3), (2, 1), (2, 5), (5, 2)] {
            episode.spike(step, neuron);
        }
        let pictures = pictures(&episode, 2);
        assert_eq!((pictures.side, pictures.shots), (2, 1));
        assert_eq!(pictures.support, [[0.0, 0.5, 0.0, 0.0], [1.0, 0.0, 0.0, 0.5]]);
        assert_eq!(pictures.query, [[0.0, 0.0, 0.5, 0.0]]);
    }
}
