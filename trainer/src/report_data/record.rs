//! Records one episode on the integer runtime, so that the report shows what a chip computes.

use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{NetworkDescription, Population, Readout};

use super::pictures;
use super::plastic_recorder::PlasticRecorder;
use super::world::{PathBeside, beside, recorded_life};
use metaplastic_host::body::{Body, BodyError, Host, run_episode, run_life};
use metaplastic_report::data::{
    Band, Histogram, Raster, ReadoutWeights, RecordedDecision, RecordedEpisode, RecordedPhase, RecordedPhaseKind,
    RecordedTrace,
};
use metaplastic_report::world_data::RecordedLife;
use metaplastic_task::Control;
use metaplastic_task::episode::{self, Episode};
use metaplastic_task::world::life::WorldLife;
use metaplastic_task::world::record::{Choice, LifeRecord};

/// Neurons of a population with a raster, at most, unless it is presynaptic to a plastic projection.
const MAX_NEURONS: u16 = 512;

/// An episode, and the plastic weights at its end.
pub struct Recording {
    /// The episode.
    pub episode: RecordedEpisode,
    /// The distribution of the plastic weights, one histogram per plastic projection.
    pub distribution: Vec<Histogram>,
    /// The plastic weights onto the readout, by class.
    pub memories: Vec<ReadoutWeights>,
}

/// Runs an episode on the host body and records it, in a world with the paths of the controls beside.
///
/// # Errors
/// If the host body fails.
pub fn record(
    artifact: Artifact<'_>,
    episode: &Episode,
    controls: &[Box<dyn Control>],
) -> Result<Recording, BodyError> {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut host = Host::new(artifact, &mut storage).map_err(|error| BodyError::Answer(error.to_string()))?;
    // Which weights are the largest in the end is known behind a run without a recorder.
    run_episode(&mut host, episode, Freeze::Nothing)?;
    let mut recorder = Recorder::new(&artifact, episode, host.network());
    host.reset(Freeze::Nothing)?;
    if let Some(life) = WorldLife::begin(episode) {
        let record = run_life(&mut host, life, |host, life, step| {
            let result = host.run(life.episode(), step..step + 1)?;
            recorder.step(host.network(), life.episode(), step);
            Ok::<_, BodyError>(result.class_scores)
        })?
        .result
        .record;
        recorder.record.life =
            Some(recorder.life(&artifact, episode, &record, &beside(artifact, controls, episode)?));
        recorder.choices = record.choices;
    } else {
        recorder.run(&mut host, episode)?;
    }
    let network = host.network();
    let distribution = recorder.plastic.iter().map(|plastic| plastic.histogram(network)).collect();
    let classes = episode.decisions.iter().map(|decision| decision.among).max().unwrap_or(0);
    let memories = pictures::memories(network.artifact(), network, classes);
    Ok(Recording { episode: recorder.finish(episode), distribution, memories })
}

/// Records an episode step by step.
struct Recorder {
    record: RecordedEpisode,
    class_scores: Vec<Vec<i32>>,
    /// The populations with a raster.
    spiking: Vec<usize>,
    modulators: Vec<usize>,
    plastic: Vec<PlasticRecorder>,
    /// Analog values that were sensed in a world, in rows.
    analog: Vec<f32>,
    /// Choices in a world.
    choices: Vec<Choice>,
}

impl Recorder {
    /// Before the first step; `network` is behind the last step of the same episode.
    fn new(artifact: &Artifact<'_>, episode: &Episode, network: &Network<'_>) -> Self {
        let ended = network;
        let manifest = artifact.manifest();
        let network = &manifest.network;
        let indices = |condition: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..network.populations.len()).filter(|population| condition(*population)).collect()
        };
        let spiking =
            indices(&|population| network.populations[population].spikes() && is_drawn(network, population));
        let modulators = indices(&|population| network.populations[population].is_modulator());
        let plastic: Vec<_> =
            PlasticRecorder::all(artifact).into_iter().map(|plastic| plastic.of_largest(ended)).collect();
        let record = RecordedEpisode {
            steps: episode.steps,
            phases: episode.phases.iter().map(phase).collect(),
            rasters: spiking.iter().map(|population| raster(network, *population)).collect(),
            without_raster: without_raster(network),
            modulators: modulator_traces(network, &modulators),
            third_factor: plastic.iter().map(PlasticRecorder::third_factor).collect(),
            plastic_rms: plastic.iter().map(PlasticRecorder::trace).collect(),
            plastic_weights: plastic.iter().map(PlasticRecorder::single_weights).collect(),
            decisions: Vec::new(),
            life: None,
        };
        let class_scores = vec![vec![0; network.readout.classes.into()]; episode.decisions.len()];
        Self { record, class_scores, spiking, modulators, plastic, analog: Vec::new(), choices: Vec::new() }
    }

    /// Runs an episode without a world.
    fn run(&mut self, host: &mut Host<'_>, episode: &Episode) -> Result<(), BodyError> {
        for step in 0..episode.steps {
            if episode.resets_state_before(step) {
                host.reset_state()?;
            }
            host.step(episode, step);
            self.step(host.network(), episode, step);
        }
        Ok(())
    }

    /// Records the last step of the network, step `step` of the episode.
    fn step(&mut self, network: &Network<'_>, episode: &Episode, step: usize) {
        self.analog.extend(episode.analog_at(step));
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
            plastic.record_weights(network, &mut self.record.plastic_weights[index]);
        }
        for (scores, decision) in self.class_scores.iter_mut().zip(&episode.decisions) {
            if (decision.start..decision.end).contains(&step) {
                network.accumulate_class_scores(scores);
            }
        }
    }

    /// What was done in a world.
    fn life(
        &self,
        artifact: &Artifact<'_>,
        episode: &Episode,
        record: &LifeRecord,
        beside: &[PathBeside],
    ) -> RecordedLife {
        recorded_life(&artifact.manifest().network, episode, record, &self.analog, beside)
    }

    fn finish(self, episode: &Episode) -> RecordedEpisode {
        let mut choices = self.choices.into_iter();
        let answers = episode.decisions.iter().zip(self.class_scores).map(|(decision, scores)| RecordedDecision {
            start: decision.start,
            end: decision.end,
            target: decision.target,
            answer: decision.answer(&scores),
            reward: choices.next().map(|choice| choice.reward),
            class_scores: scores.into_iter().take(decision.among).collect(),
        });
        RecordedEpisode { decisions: answers.collect(), ..self.record }
    }
}

/// Whether a population gets a raster: it is small enough, or presynaptic to a plastic projection.
fn is_drawn(network: &NetworkDescription, population: usize) -> bool {
    let mut from = network.projections.iter().filter(|projection| usize::from(projection.pre) == population);
    network.populations[population].size <= MAX_NEURONS || from.any(|projection| projection.plasticity.is_some())
}

/// A raster without spikes.
fn raster(network: &NetworkDescription, population: usize) -> Raster {
    let Population { name, size, .. } = &network.populations[population];
    Raster {
        population: name.as_str().to_owned(),
        neurons: (*size).into(),
        bands: bands(&network.readout, population),
        spikes: Vec::new(),
    }
}

/// The names of the spiking populations without a raster.
fn without_raster(network: &NetworkDescription) -> Vec<String> {
    let populations = network.populations.iter().enumerate().filter(|(_, population)| population.spikes());
    let too_large = populations.filter(|(index, _)| !is_drawn(network, *index));
    too_large.map(|(_, population)| population.name.as_str().to_owned()).collect()
}

/// A trace without values for every modulator neuron.
fn modulator_traces(network: &NetworkDescription, populations: &[usize]) -> Vec<RecordedTrace> {
    let sizes = populations.iter().map(|population| &network.populations[*population]);
    let label = |name: &str, neuron| RecordedTrace { label: format!("{name} {neuron}"), values: Vec::new() };
    sizes.flat_map(|population| (0..population.size).map(move |neuron| label(&population.name, neuron))).collect()
}

/// The bands of a population: the classes, if it is the readout.
fn bands(readout: &Readout, population: usize) -> Vec<Band> {
    if population != usize::from(readout.population) {
        return Vec::new();
    }
    let neurons = usize::from(readout.neurons_per_class);
    let classes = 0..usize::from(readout.classes);
    classes
        .map(|class| Band { label: format!("class {class}"), start: class * neurons, end: (class + 1) * neurons })
        .collect()
}

/// A phase as the report shows it.
fn phase(phase: &episode::Phase) -> RecordedPhase {
    let kind = match phase.kind {
        episode::PhaseKind::Cue { .. } => RecordedPhaseKind::Cue,
        episode::PhaseKind::Label { .. } | episode::PhaseKind::Support { .. } => RecordedPhaseKind::Label,
        episode::PhaseKind::Query { .. } => RecordedPhaseKind::Query,
    };
    RecordedPhase { start: phase.steps.start, end: phase.steps.end, label: phase.kind.to_string(), kind }
}
