//! A lesion: an artifact of which some synapses are gone, those of some hidden neurons or any.
//!
//! What is gone has the innate weight zero; the plastic weights there are to be written as zero, and grow again as the rule has
//! it. Of neurons, those are chosen that dense projections alone reach, and that are neither input nor readout. It does not know
//! what runs the network.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::plastic_weights::PlasticWeights;
use metaplastic_shared::artifact::Section;
use metaplastic_shared::network::{NetworkDescription, PopulationKind};
use metaplastic_task::seed::{Purpose, TaskRng, rng};
use rand::Rng;
use serde::Serialize;

/// How much is gone, in per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct LesionExtent {
    /// Of the hidden neurons.
    pub(crate) neurons: f64,
    /// Of the synapses of dense projections.
    pub(crate) weights: f64,
}

/// Which synapses of dense projections are gone: of each projection, by presynaptic and then postsynaptic neuron.
pub(crate) struct Lesion {
    gone: Vec<Vec<bool>>,
    network: NetworkDescription,
}

impl Lesion {
    /// A lesion of a network, drawn from a seed: of the same seed, a larger one contains a smaller one.
    pub(crate) fn draw(network: &NetworkDescription, extent: LesionExtent, seed: u64) -> Self {
        let chance = |index| rng(seed, Purpose::Initialisation, index);
        let neurons = lesioned_neurons(network, extent.neurons, chance(1));
        let mut weights = chance(2);
        let gone = network.projections.iter().map(|projection| {
            let (rows, columns) = network.shape(projection);
            let [pre, post] = [projection.pre, projection.post].map(usize::from);
            let is_gone = |at: usize| neurons[pre][at / columns] || neurons[post][at % columns];
            (0..rows * columns).map(|at| is_lesioned(&mut weights, extent.weights) || is_gone(at)).collect()
        });
        Self { gone: gone.collect(), network: network.clone() }
    }

    /// The artifact without them.
    pub(crate) fn artifact(&self, intact: &ArtifactFile) -> Option<ArtifactFile> {
        let artifact = intact.artifact();
        let manifest = artifact.manifest();
        let mut bytes = artifact.bytes().to_vec();
        let ranges: Vec<_> = artifact.sections(&manifest).collect();
        for (section, range) in &ranges {
            if let Section::Weights(projection) = section
                && is_dense(&self.network, *projection)
            {
                self.erase(*projection, &mut bytes[range.clone()]);
            }
        }
        let range = |wanted| ranges.iter().find(|(section, _)| *section == wanted).map(|(_, range)| range.clone());
        ArtifactFile::encode(&manifest, |section| range(section).map_or(&[][..], |range| &bytes[range])).ok()
    }

    fn erase(&self, projection: usize, weights: &mut [u8]) {
        let (rows, columns) = self.network.shape(&self.network.projections[projection]);
        // Rows may be padded.
        let row = weights.len() / rows.max(1);
        for (at, _) in self.gone[projection].iter().enumerate().filter(|(_, gone)| **gone) {
            weights[at / columns * row + at % columns] = 0;
        }
    }

    /// Plastic weights without them.
    pub(crate) fn plastic_weights(&self, intact: &PlasticWeights) -> PlasticWeights {
        intact.map(|projection, synapse, weight| if self.gone[projection][synapse] { 0 } else { weight })
    }
}

/// Whether any neuron of a network can be lesioned.
pub(crate) fn has_hidden_neurons(network: &NetworkDescription) -> bool {
    (0..network.populations.len()).any(|population| is_hidden(network, population))
}

/// Of every population, which neurons are lesioned.
fn lesioned_neurons(network: &NetworkDescription, percent: f64, mut chance: TaskRng) -> Vec<Vec<bool>> {
    let populations = network.populations.iter().enumerate();
    let lesioned = populations.map(|(index, population)| {
        let percent = if is_hidden(network, index) { percent } else { 0.0 };
        (0..population.size).map(|_| is_lesioned(&mut chance, percent)).collect()
    });
    lesioned.collect()
}

fn is_lesioned(chance: &mut TaskRng, percent: f64) -> bool {
    chance.random_range(0.0..100.0) < percent
}

fn is_hidden(network: &NetworkDescription, population: usize) -> bool {
    let is_lif = matches!(network.populations[population].kind, PopulationKind::Lif(_));
    let touching = network.projections.iter().enumerate().filter(|(_, projection)| {
        usize::from(projection.pre) == population || usize::from(projection.post) == population
    });
    is_lif
        && population != usize::from(network.readout.population)
        && touching.map(|(index, _)| index).all(|index| is_dense(network, index))
}

fn is_dense(network: &NetworkDescription, projection: usize) -> bool {
    network.projections[projection].convolution().is_none()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn intact() -> ArtifactFile {
        ArtifactFile::read(Path::new("../../tests/artifacts/cue-association.plastic")).unwrap()
    }

    fn weights(file: &ArtifactFile) -> Vec<i8> {
        let artifact = file.artifact();
        let manifest = artifact.manifest();
        (0..manifest.network.projections.len())
            .flat_map(|projection| artifact.i8_section(&manifest, Section::Weights(projection)).to_vec())
            .collect()
    }

    fn lesioned(neurons: f64, weights: f64) -> ArtifactFile {
        let intact = intact();
        let network = intact.artifact().manifest().network.clone();
        Lesion::draw(&network, LesionExtent { neurons, weights }, 1).artifact(&intact).unwrap()
    }

    fn zeros(file: &ArtifactFile) -> usize {
        weights(file).iter().filter(|weight| **weight == 0).count()
    }

    #[test]
    fn nothing_changes_without_an_extent_and_all_is_gone_with_the_whole() {
        assert_eq!(lesioned(0.0, 0.0).bytes(), intact().bytes());
        assert!(weights(&lesioned(0.0, 100.0)).iter().all(|weight| *weight == 0));
    }

    #[test]
    fn a_larger_lesion_contains_a_smaller_one() {
        let (small, large) = (weights(&lesioned(0.0, 20.0)), weights(&lesioned(0.0, 40.0)));
        assert!(small.iter().zip(&large).all(|(small, large)| *small != 0 || *large == 0));
        assert!(zeros(&lesioned(0.0, 40.0)) > zeros(&lesioned(0.0, 20.0)));
        assert!(zeros(&lesioned(30.0, 0.0)) > zeros(&intact()));
    }
}
