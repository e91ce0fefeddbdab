//! Records one episode on the integer runtime: what a report draws is what a chip would do.

use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::format::PlasticFormat;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{Network as Description, Readout};

use super::pictures;
use metaplastic_host::body::{Body, BodyError, Host};
use metaplastic_report::data::{
    Answer, Band, Histogram, Memory, Phase, PhaseKind, Raster, RecordedEpisode, ThirdFactor, Trace,
};
use metaplastic_task::episode::Episode;

/// Bars of a histogram of plastic weights.
const BARS: usize = 41;

/// Spikes of a population of more neurons are not drawn, unless it is presynaptic to a plastic projection.
const MOST_NEURONS: u16 = 512;

/// An episode, and the plastic weights at its end.
pub struct Recording {
    /// What happened.
    pub episode: RecordedEpisode,
    /// How the plastic weights are distributed, one histogram a plastic projection.
    pub distribution: Vec<Histogram>,
    /// The plastic weights onto the readout, by class.
    pub memories: Vec<Memory>,
}

/// Runs an episode on the host body and keeps what happens.
///
/// # Errors
/// If the host body fails.
pub fn record(artifact: Artifact<'_>, episode: &Episode) -> Result<Recording, BodyError> {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).map_err(|error| BodyError::Answer(error.to_string()))?;
    host.reset(Freeze::Nothing)?;
    let mut recorder = Recorder::new(&artifact, episode);
    for step in 0..episode.steps {
        if episode.rests_before(step) {
            host.rest()?;
        }
        host.step(episode, step);
        recorder.step(host.network(), step);
    }
    let network = host.network();
    let distribution = recorder.plastic.iter().map(|plastic| plastic.histogram(network)).collect();
    let classes = episode.decisions.iter().map(|decision| decision.among).max().unwrap_or(0);
    let memories = pictures::memories(network.artifact(), network, classes);
    Ok(Recording { episode: recorder.finish(episode), distribution, memories })
}

struct Recorder {
    record: RecordedEpisode,
    votes: Vec<Vec<i32>>,
    windows: Vec<(usize, usize)>,
    /// The spiking populations, one a raster.
    spiking: Vec<usize>,
    modulators: Vec<usize>,
    plastic: Vec<Plastic>,
}

struct Plastic {
    projection: usize,
    name: String,
    format: PlasticFormat,
}

impl Recorder {
    fn new(artifact: &Artifact<'_>, episode: &Episode) -> Self {
        let manifest = artifact.manifest();
        let network = &manifest.network;
        let name = |population: u8| network.populations[usize::from(population)].name.as_str();
        let plastic = network.projections.iter().zip(&manifest.projections).enumerate();
        let plastic = plastic.filter_map(|(index, (projection, format))| {
            let name = format!("{}>{}", name(projection.pre), name(projection.post));
            format.plastic.map(|format| Plastic { projection: index, name, format })
        });
        let plastic: Vec<Plastic> = plastic.collect();
        let spiking = network.populations.iter().enumerate().filter(|(_, population)| population.spikes());
        let (spiking, crowds): (Vec<_>, Vec<_>) = spiking.partition(|(index, _)| is_drawn(network, *index));
        let rasters = spiking.iter().map(|&(index, population)| Raster {
            population: population.name.as_str().to_owned(),
            neurons: population.size.into(),
            bands: bands(&network.readout, index),
            spikes: Vec::new(),
        });
        let kinds = network.populations.iter().enumerate();
        let modulators = kinds.filter(|(_, population)| population.is_modulator());
        let modulators: Vec<usize> = modulators.map(|(index, _)| index).collect();
        let record = RecordedEpisode {
            steps: episode.steps,
            marks: episode.marks.iter().map(phase).collect(),
            rasters: rasters.collect(),
            without_raster: crowds.iter().map(|(_, population)| population.name.as_str().to_owned()).collect(),
            modulators: modulator_traces(network, &modulators),
            third_factor: plastic.iter().map(Plastic::third_factor).collect(),
            plastic_rms: plastic.iter().map(Plastic::trace).collect(),
            decisions: Vec::new(),
        };
        let windows: Vec<_> = episode.decisions.iter().map(|decision| (decision.start, decision.end)).collect();
        let votes = vec![vec![0; network.readout.classes.into()]; windows.len()];
        let spiking = spiking.iter().map(|(index, _)| *index).collect();
        Self { record, votes, windows, spiking, modulators, plastic }
    }

    fn step(&mut self, network: &Network<'_>, step: usize) {
        for (raster, population) in self.record.rasters.iter_mut().zip(&self.spiking) {
            raster.spikes.extend(network.spikes(*population).map(|neuron| (step, usize::from(neuron))));
        }
        let values = self.modulators.iter().flat_map(|population| network.modulation(*population));
        self.record.modulators.iter_mut().zip(values).for_each(|(trace, value)| {
            trace.values.push(f32::from(*value) / 32768.0);
        });
        for (index, plastic) in self.plastic.iter().enumerate() {
            plastic.record_third_factor(network, &mut self.record.third_factor[index]);
            self.record.plastic_rms[index].values.push(plastic.rms(network));
        }
        for (votes, (start, end)) in self.votes.iter_mut().zip(&self.windows) {
            if (*start..*end).contains(&step) {
                network.count_votes(votes);
            }
        }
    }

    fn finish(self, episode: &Episode) -> RecordedEpisode {
        let answers = episode.decisions.iter().zip(self.votes).map(|(decision, votes)| Answer {
            start: decision.start,
            end: decision.end,
            target: decision.target,
            answer: decision.answer(&votes),
            votes: votes.into_iter().take(decision.among).collect(),
        });
        RecordedEpisode { decisions: answers.collect(), ..self.record }
    }
}

impl Plastic {
    fn third_factor(&self) -> ThirdFactor {
        ThirdFactor { projection: self.name.clone(), ..ThirdFactor::default() }
    }

    fn trace(&self) -> Trace {
        Trace { label: self.name.clone(), values: Vec::new() }
    }

    fn record_third_factor(&self, network: &Network<'_>, third_factor: &mut ThirdFactor) {
        let scale = (-f32::from(self.format.third_factor_exponent)).exp2();
        let values = network.third_factor(self.projection).iter().map(|value| scale * f32::from(*value));
        let count = values.len().max(1) as f32;
        third_factor.mean.push(values.clone().sum::<f32>() / count);
        third_factor.low.push(values.clone().fold(f32::INFINITY, f32::min));
        third_factor.high.push(values.fold(f32::NEG_INFINITY, f32::max));
    }

    fn weights<'n>(&self, network: &'n Network<'_>) -> impl Iterator<Item = f32> + 'n {
        let scale = (-f32::from(self.format.plastic_exponent)).exp2();
        network.plastic_rows(self.projection).flatten().map(move |weight| scale * f32::from(*weight))
    }

    fn rms(&self, network: &Network<'_>) -> f32 {
        let (sum, count) = self.weights(network).fold((0.0, 0), |(sum, count), p| (sum + p * p, count + 1));
        (sum / count.max(1) as f32).sqrt()
    }

    fn histogram(&self, network: &Network<'_>) -> Histogram {
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

/// Whether spikes can be seen: there are not too many neurons, or what is learned is learned from them.
fn is_drawn(network: &Description, population: usize) -> bool {
    let mut from = network.projections.iter().filter(|projection| usize::from(projection.pre) == population);
    network.populations[population].size <= MOST_NEURONS || from.any(|projection| projection.plasticity.is_some())
}

fn modulator_traces(network: &Description, populations: &[usize]) -> Vec<Trace> {
    let sizes = populations.iter().map(|population| &network.populations[*population]);
    let label = |name: &str, neuron| Trace { label: format!("{name} {neuron}"), values: Vec::new() };
    sizes.flat_map(|population| (0..population.size).map(move |neuron| label(&population.name, neuron))).collect()
}

fn bands(readout: &Readout, population: usize) -> Vec<Band> {
    if population != usize::from(readout.population) {
        return Vec::new();
    }
    let votes = usize::from(readout.neurons_per_class);
    let classes = 0..usize::from(readout.classes);
    classes
        .map(|class| Band { label: format!("votes for {class}"), start: class * votes, end: (class + 1) * votes })
        .collect()
}

/// The kind of a phase by the first word of its mark.
fn phase(mark: &metaplastic_task::episode::Mark) -> Phase {
    let kind = match mark.label.split(' ').next() {
        Some("cue") => PhaseKind::Cue,
        Some("label") => PhaseKind::Label,
        Some("query") => PhaseKind::Query,
        _ => PhaseKind::Pause,
    };
    Phase { start: mark.start, end: mark.end, label: mark.label.clone(), kind }
}
