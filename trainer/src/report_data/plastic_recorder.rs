//! Records the plastic weights and the third factor of one projection.

use metaplastic_report::data::{Histogram, RecordedThirdFactor, RecordedTrace, RecordedWeights};
use metaplastic_runtime::Network;
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::format::PlasticFormat;

/// Bars of a histogram of plastic weights.
const BARS: usize = 41;
/// Single weights that are recorded, at most.
const MOST_WEIGHTS: usize = 12;

/// A plastic projection and its number formats.
pub(super) struct PlasticRecorder {
    projection: usize,
    name: String,
    format: PlasticFormat,
    /// The synapses whose weights are recorded one by one, in rows by presynaptic neuron.
    synapses: Vec<usize>,
}

impl PlasticRecorder {
    /// The plastic projections of an artifact.
    pub(super) fn all(artifact: &Artifact<'_>) -> Vec<Self> {
        let manifest = artifact.manifest();
        let network = &manifest.network;
        let name = |population: u8| network.populations[usize::from(population)].name.as_str();
        let projections = network.projections.iter().zip(&manifest.projections).enumerate();
        let plastic = projections.filter_map(|(index, (projection, format))| {
            let name = format!("{}>{}", name(projection.pre), name(projection.post));
            format.plastic.map(|format| Self { projection: index, name, format, synapses: Vec::new() })
        });
        plastic.collect()
    }

    /// The same, of the synapses that have the largest weights now; synapses without a change are left out.
    pub(super) fn of_largest(mut self, network: &Network<'_>) -> Self {
        let weights: Vec<f32> = self.weights(network).map(f32::abs).collect();
        let mut changed: Vec<usize> = (0..weights.len()).filter(|synapse| weights[*synapse] > 0.0).collect();
        changed.sort_by(|one, other| weights[*other].total_cmp(&weights[*one]));
        changed.truncate(MOST_WEIGHTS);
        changed.sort_unstable();
        self.synapses = changed;
        self
    }

    /// The single weights before the first step.
    pub(super) fn single_weights(&self) -> RecordedWeights {
        let trace = |synapse: &usize| RecordedTrace {
            label: format!("synapse {synapse} of {}", self.name),
            values: Vec::new(),
        };
        RecordedWeights { projection: self.name.clone(), weights: self.synapses.iter().map(trace).collect() }
    }

    /// Appends the single weights after the last step.
    pub(super) fn record_weights(&self, network: &Network<'_>, recorded: &mut RecordedWeights) {
        let weights: Vec<f32> = self.weights(network).collect();
        let values = self.synapses.iter().map(|synapse| weights[*synapse]);
        recorded.weights.iter_mut().zip(values).for_each(|(trace, value)| trace.values.push(value));
    }

    /// The third factor before the first step.
    pub(super) fn third_factor(&self) -> RecordedThirdFactor {
        RecordedThirdFactor { projection: self.name.clone(), ..RecordedThirdFactor::default() }
    }

    /// The root mean square of the plastic weights before the first step.
    pub(super) fn trace(&self) -> RecordedTrace {
        RecordedTrace { label: self.name.clone(), values: Vec::new() }
    }

    /// Appends the third factor of the last step: mean, minimum and maximum over the postsynaptic neurons.
    pub(super) fn record_third_factor(&self, network: &Network<'_>, third_factor: &mut RecordedThirdFactor) {
        let scale = (-f32::from(self.format.third_factor_exponent)).exp2();
        let values = network.third_factor(self.projection).iter().map(|value| scale * f32::from(*value));
        let count = values.len().max(1) as f32;
        third_factor.mean.push(values.clone().sum::<f32>() / count);
        third_factor.low.push(values.clone().fold(f32::INFINITY, f32::min));
        third_factor.high.push(values.fold(f32::NEG_INFINITY, f32::max));
    }

    /// The plastic weights, in units of the threshold.
    fn weights<'n>(&self, network: &'n Network<'_>) -> impl Iterator<Item = f32> + 'n {
        let scale = (-f32::from(self.format.plastic_exponent)).exp2();
        network.plastic_rows(self.projection).flatten().map(move |weight| scale * f32::from(*weight))
    }

    /// The root mean square of the plastic weights.
    pub(super) fn rms(&self, network: &Network<'_>) -> f32 {
        let (sum, count) = self.weights(network).fold((0.0, 0), |(sum, count), p| (sum + p * p, count + 1));
        (sum / count.max(1) as f32).sqrt()
    }

    /// The distribution of the plastic weights.
    pub(super) fn histogram(&self, network: &Network<'_>) -> Histogram {
        let largest = self.weights(network).fold(f32::MIN_POSITIVE, |largest, p| largest.max(p.abs()));
        let width = 2.0 * largest / BARS as f32;
        let edges = (0..=BARS).map(|edge| -largest + width * edge as f32).collect();
        let mut counts = vec![0; BARS];
        for weight in self.weights(network) {
            let bar = ((weight + largest) / width) as usize;
            counts[bar.min(BARS - 1)] += 1;
        }
        Histogram { projection: self.name.clone(), edges, counts }
    }
}
