//! A corpus of small networks, one for each feature or rule; all numbers are drawn from a seed.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::AnalogExponents;
use metaplastic_runtime::Network;
use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{
    Adaptation, CommandFormat, LeakFormat, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat,
    ProjectionFormat, TraceDecays, row_length,
};
use metaplastic_shared::network::{
    Analog, Command, Connectivity, Convolution, DecayScope, Leak, Lif, Modulator, Name, NetworkDescription,
    Plasticity, Population, PopulationKind, Projection, Readout, ThirdFactor,
};
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic as Post, Preset, Presynaptic as Pre, Rule, Term};
use metaplastic_task::analog::to_value;
use metaplastic_task::episode::Episode;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// A network of the corpus.
pub struct Case {
    /// The name of its feature or rule.
    pub name: &'static str,
    /// Its artifact.
    pub artifact: ArtifactFile,
}

/// The properties of a case; everything else is the same small network.
#[derive(Clone)]
struct Feature {
    lif: Lif,
    rule: Rule,
    third_factor: ThirdFactor,
    recurrent: bool,
    /// Values of an analog population onto the modulators.
    values: u16,
    modulator: Modulator,
    /// Of projections onto modulators.
    drive_exponent: i8,
    eligibility_decay: u16,
    plastic_limit: i16,
    leak: Option<(Leak, LeakFormat)>,
}

const INPUT: u16 = 13;
const HIDDEN: u16 = 9;
const OUTPUT: u16 = 5;
const MODULATORS: u16 = 3;
/// Index of the modulators.
const MODULATOR: u8 = 3;
const ANALOG: PopulationKind = PopulationKind::Analog(Analog { exponent: 12 });

impl Feature {
    fn rule(rule: Rule) -> Self {
        Self {
            lif: Lif::default(),
            rule,
            third_factor: ThirdFactor::Modulators(MODULATOR),
            recurrent: false,
            values: 0,
            modulator: Modulator::default(),
            drive_exponent: 6,
            eligibility_decay: 60_948,
            plastic_limit: 1 << 13,
            leak: None,
        }
    }

    fn preset(preset: Preset) -> Self {
        let leak = preset.decays().then_some((Leak::Always, LeakFormat { rate: 19_661, exponent: 22 }));
        Self { leak, ..Self::rule(preset.rule()) }
    }

    fn plasticity(&self) -> Plasticity {
        let leak = self.leak.map(|(leak, _)| leak);
        Plasticity { rule: self.rule.clone(), third_factor: self.third_factor, leak }
    }
}

/// A rule with every factor that no preset reads.
fn rare_terms() -> Rule {
    let terms = [
        Term::new(Pre::SlowTrace, Post::Spike),
        Term::new(Pre::Trace, Post::SlowTrace),
        Term::new(Pre::Spike, Post::TraceTimesThreshold),
        Term::new(Pre::Trace, Post::Surrogate),
        Term::times_plastic(Pre::Trace, Post::Trace),
        Term::times_plastic(Pre::SlowTrace, Post::One),
        Term::times_plastic(Pre::Spike, Post::Spike),
        Term::new(Pre::One, Post::Trace),
    ];
    Rule { terms: terms.into_iter().collect(), scope: CoefficientScope::Postsynaptic }
}

/// A rule whose only term has both spikes and P: dense, although every term has a spike.
fn plastic_spikes() -> Rule {
    let terms = [Term::new(Pre::Trace, Post::Spike), Term::times_plastic(Pre::Spike, Post::Spike)];
    Rule { terms: terms.into_iter().collect(), scope: CoefficientScope::Projection }
}

fn modulated_leak(rate: i16, exponent: u8) -> Option<(Leak, LeakFormat)> {
    Some((Leak::Modulated, LeakFormat { rate, exponent }))
}

fn postsynaptic(preset: Preset) -> Rule {
    Rule { scope: CoefficientScope::Postsynaptic, ..preset.rule() }
}

/// All cases, in a fixed order.
#[must_use]
pub fn cases() -> Vec<Case> {
    let event = Feature::preset(Preset::Event);
    let features = [
        ("event", event.clone()),
        ("event-postsynaptic", Feature::rule(postsynaptic(Preset::Event))),
        ("event-fast-decay", Feature { eligibility_decay: 20_000, ..event.clone() }),
        ("event-slow-decay", Feature { eligibility_decay: 65_470, ..event.clone() }),
        ("free", Feature::preset(Preset::Free)),
        ("free-postsynaptic", Feature::rule(postsynaptic(Preset::Free))),
        ("hebb-decay", Feature::preset(Preset::HebbDecay)),
        ("mstdpet", Feature::preset(Preset::Mstdpet)),
        ("modulated-oja", Feature::preset(Preset::ModulatedOja)),
        ("rare-terms", Feature::rule(rare_terms())),
        ("no-third-factor", Feature { third_factor: ThirdFactor::One, ..Feature::preset(Preset::ModulatedOja) }),
        ("refractory", Feature { lif: Lif { refractory: 3, adaptive: false, ..Lif::default() }, ..event.clone() }),
        (
            "adaptive",
            Feature { lif: Lif { refractory: 1, adaptive: true, ..Lif::default() }, ..Feature::rule(rare_terms()) },
        ),
        ("recurrent", Feature { recurrent: true, ..event.clone() }),
        ("analog", Feature { values: 2, ..event.clone() }),
        ("clamped", Feature { plastic_limit: 40, ..event.clone() }),
        ("dead-zone", Feature { modulator: Modulator { dead_zone: 26_000 }, drive_exponent: 9, ..event.clone() }),
        ("leak", Feature { leak: modulated_leak(19_661, 19), ..event.clone() }),
        ("leak-at-its-limit", Feature { leak: modulated_leak(i16::MAX, 6), ..event }),
        (
            "leak-without-modulators",
            Feature {
                third_factor: ThirdFactor::One,
                leak: modulated_leak(327, 15),
                ..Feature::rule(plastic_spikes())
            },
        ),
    ];
    let build = |(seed, (name, feature)): (usize, (_, Feature))| Case {
        name,
        artifact: build(seed, &feature, network(&feature)),
    };
    let dense: Vec<_> = features.into_iter().enumerate().map(build).collect();
    dense.into_iter().chain(maps()).chain(neurons()).chain([commands()]).collect()
}

/// Cases of convolutions.
fn maps() -> impl Iterator<Item = Case> {
    let with = |lif| Feature { lif, ..Feature::preset(Preset::Event) };
    let cases = [
        ("convolution", Lif::default()),
        ("convolution-synaptic", Lif { synaptic: true, ..Lif::default() }),
        (
            "convolution-decay-a-neuron",
            Lif {
                synaptic: true,
                decay_scope: DecayScope::Neuron,
                refractory: 2,
                adaptive: true,
                ..Lif::default()
            },
        ),
    ];
    cases.into_iter().enumerate().map(move |(number, (name, lif))| {
        let feature = with(lif);
        Case { name, artifact: build(17 + number, &feature, convolutional_network(&feature)) }
    })
}

/// Cases of dense populations with a synaptic current or one decay for each neuron.
fn neurons() -> impl Iterator<Item = Case> {
    let synaptic = Lif { synaptic: true, ..Lif::default() };
    let decay_a_neuron = Lif { decay_scope: DecayScope::Neuron, ..Lif::default() };
    let cases = [
        ("synaptic", synaptic),
        ("synaptic-refractory-adaptive", Lif { refractory: 2, adaptive: true, ..synaptic }),
        ("decay-a-neuron", decay_a_neuron),
        ("decay-a-neuron-refractory-adaptive", Lif { refractory: 2, adaptive: true, ..decay_a_neuron }),
        ("synaptic-decay-a-neuron", Lif { synaptic: true, ..decay_a_neuron }),
    ];
    cases.into_iter().enumerate().map(|(number, (name, lif))| {
        let feature = Feature { lif, recurrent: true, ..Feature::preset(Preset::Event) };
        Case { name, artifact: build(20 + number, &feature, network(&feature)) }
    })
}

/// Analog values of two formats onto spiking, graded and modulator neurons, one of them declared behind these; commands
/// as the readout; and no spikes as input.
fn commands() -> Case {
    let feature = Feature::preset(Preset::Event);
    let plastic = |pre, post| Projection { plasticity: Some(feature.plasticity()), ..innate(pre, post) };
    let graded = PopulationKind::Lif(Lif { graded: true, ..Lif::default() });
    let coarse = PopulationKind::Analog(Analog { exponent: 9 });
    let populations = [
        population("sense", 5, ANALOG),
        population("hidden", HIDDEN, PopulationKind::Lif(Lif::default())),
        population("command", 3, graded),
        population("modulator", MODULATORS, PopulationKind::Modulator(feature.modulator)),
        population("reward", 2, coarse),
    ];
    let of_values = [(0, 1), (0, MODULATOR), (4, MODULATOR), (4, 2)].map(|(pre, post)| innate(pre, post));
    let network = NetworkDescription {
        populations: populations.into_iter().collect(),
        projections: [plastic(1, 2), plastic(1, 1)].into_iter().chain(of_values).collect(),
        surrogate_slope: 5,
        readout: Readout::of_commands(2, 3, Command { exponent: 10 }),
    };
    Case { name: "commands", artifact: build(25, &feature, network) }
}

/// A case by name.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).expect("a case of the corpus")
}

fn population(name: &str, size: u16, kind: PopulationKind) -> Population {
    Population { name: Name::try_from(name).expect("a short name"), size, kind }
}

fn innate(pre: u8, post: u8) -> Projection {
    Projection { pre, post, connectivity: Connectivity::Dense, plasticity: None }
}

fn network(feature: &Feature) -> NetworkDescription {
    let lif = PopulationKind::Lif(feature.lif);
    let plasticity = Some(feature.plasticity());
    let plastic =
        |pre, post| Projection { pre, post, connectivity: Connectivity::Dense, plasticity: plasticity.clone() };
    let recurrent = feature.recurrent.then(|| [plastic(1, 1), innate(2, 1)]);
    let projections = [plastic(0, 1), plastic(1, 2), innate(0, MODULATOR), innate(1, MODULATOR)];
    let values = (feature.values > 0).then(|| population("analog", feature.values, ANALOG));
    let of_values = values.as_ref().map(|_| innate(4, MODULATOR));
    NetworkDescription {
        populations: [
            population("input", INPUT, PopulationKind::Input),
            population("hidden", HIDDEN, lif),
            population("output", OUTPUT, lif),
            population("modulator", MODULATORS, PopulationKind::Modulator(feature.modulator)),
        ]
        .into_iter()
        .chain(values)
        .collect(),
        projections: projections.into_iter().chain(recurrent.into_iter().flatten()).chain(of_values).collect(),
        surrogate_slope: 5,
        readout: Readout::of_classes(2, 2, 2),
    }
}

/// A recurrent map with a shared bias after a map of inputs, spiking output neurons, and graded neurons as the
/// readout.
fn convolutional_network(feature: &Feature) -> NetworkDescription {
    const ANSWER: u8 = 4;
    let onto_hidden = Convolution { height: 6, width: 5, channels: 2, kernel: 3, stride: 2, padding: 1 };
    let positions = onto_hidden.positions() as u16;
    let channels = 5;
    let within_hidden = Convolution { height: 3, width: 3, channels, kernel: 3, stride: 1, padding: 1 };
    let convolution = |pre, post, convolution| Projection {
        pre,
        post,
        connectivity: Connectivity::Convolution(convolution),
        plasticity: None,
    };
    let plasticity = Some(feature.plasticity());
    let dense = |pre, post, plasticity| Projection { pre, post, connectivity: Connectivity::Dense, plasticity };
    NetworkDescription {
        populations: [
            population("input", onto_hidden.map_size() as u16, PopulationKind::Input),
            population("hidden", positions * channels, PopulationKind::Lif(Lif { channels, ..feature.lif })),
            population("output", OUTPUT, PopulationKind::Lif(feature.lif)),
            population("modulator", MODULATORS, PopulationKind::Modulator(feature.modulator)),
            population(
                "answer",
                4,
                PopulationKind::Lif(Lif { graded: true, refractory: 0, adaptive: false, ..feature.lif }),
            ),
        ]
        .into_iter()
        .collect(),
        projections: [
            dense(1, 2, plasticity.clone()),
            convolution(0, 1, onto_hidden),
            convolution(1, 1, within_hidden),
            dense(2, MODULATOR, None),
            dense(1, ANSWER, plasticity),
        ]
        .into_iter()
        .collect(),
        surrogate_slope: 5,
        readout: Readout::of_classes(ANSWER, 2, 2),
    }
}

fn population_format(population: &Population) -> PopulationFormat {
    let adaptation = Adaptation { strength: 900, decay: 59_000 };
    match population.kind {
        PopulationKind::Input => PopulationFormat::Input,
        PopulationKind::Lif(lif) => PopulationFormat::Lif(LifFormat {
            exponent: 11,
            threshold: 1 << 11,
            decay: if lif.decay_scope == DecayScope::Population { 52_429 } else { 0 },
            synapse_decay: lif.synaptic.then_some(if lif.decay_scope == DecayScope::Population {
                39_322
            } else {
                0
            }),
            adaptation: lif.adaptive.then_some(adaptation),
        }),
        PopulationKind::Modulator(_) => {
            PopulationFormat::Modulator(ModulatorFormat { exponent: 12, decay: 45_875 })
        }
        PopulationKind::Analog(_) => PopulationFormat::Analog,
    }
}

fn plastic_format(feature: &Feature) -> PlasticFormat {
    PlasticFormat {
        plastic_exponent: 13,
        plastic_limit: feature.plastic_limit,
        eligibility_exponent: 14,
        eligibility_decay: feature.eligibility_decay,
        traces: TraceDecays { pre: 58_982, pre_slow: 64_000, post: 52_429, post_slow: 63_000, threshold: 62_000 },
        third_factor_exponent: 12,
        third_factor_weight_exponent: 6,
        rate: 19_661,
        rate_exponent: 16,
        leak: feature.leak.map(|(_, format)| format),
    }
}

fn build(seed: usize, feature: &Feature, network: NetworkDescription) -> ArtifactFile {
    let format = |projection: &Projection| ProjectionFormat {
        weight_exponent: match network.populations[usize::from(projection.pre)].kind {
            PopulationKind::Analog(_) => 5,
            _ if projection.post == MODULATOR => feature.drive_exponent,
            _ => 6,
        },
        plastic: projection.plasticity.is_some().then(|| plastic_format(feature)),
    };
    let manifest = Manifest {
        populations: network.populations.iter().map(population_format).collect(),
        projections: network.projections.iter().map(format).collect(),
        command: network.command().map(|_| CommandFormat { gain: 24_000, gain_exponent: 13 }),
        network,
        task: "none",
        task_parameters: "",
        training: None,
    };
    let sections = sections(&manifest, seed as u64);
    ArtifactFile::encode(&manifest, |wanted| {
        let found = sections.iter().find(|(section, _)| *section == wanted);
        found.map_or(&[][..], |(_, bytes)| bytes)
    })
    .expect("the corpus is sound")
}

fn sections(manifest: &Manifest<'_>, seed: u64) -> Vec<(Section, Vec<u8>)> {
    let mut random = Pcg32::seed_from_u64(seed);
    let network = &manifest.network;
    let of_population = |p| [Section::Bias(p), Section::MembraneDecays(p), Section::SynapseDecays(p)];
    let populations = (0..network.populations.len()).flat_map(of_population);
    let of_projection = |q| [Section::Weights(q), Section::Coefficients(q), Section::ThirdFactorWeights(q)];
    let all = populations.chain((0..network.projections.len()).flat_map(of_projection));
    all.map(|section| (section, contents(section, network, &mut random))).collect()
}

fn i8s(random: &mut Pcg32, length: usize) -> Vec<u8> {
    (0..length).map(|_| random.random_range(-90_i8..=110) as u8).collect()
}

/// Padding of rows is drawn too, as nothing may depend on it.
fn contents(section: Section, network: &NetworkDescription, random: &mut Pcg32) -> Vec<u8> {
    let length = section.length(network);
    let i16s = |random: &mut Pcg32, length: usize, low: i16, high: i16| {
        (0..length / 2).flat_map(|_| random.random_range(low..=high).to_le_bytes()).collect::<Vec<_>>()
    };
    match section {
        // Drawn for every neuron, even where a population has no bias or a shared one, so that all later numbers of
        // the case stay the same.
        Section::Bias(population) => {
            let mut bias = i16s(random, 2 * row_length(network.populations[population].size.into()), 0, 400);
            bias.truncate(length);
            bias
        }
        Section::Coefficients(_) => i16s(random, length, -2500, 4000),
        Section::MembraneDecays(_) | Section::SynapseDecays(_) => {
            (0..length / 2).flat_map(|_| random.random_range(20_000..=65_000_u16).to_le_bytes()).collect()
        }
        _ => i8s(random, length),
    }
}

/// One step of an episode in a network.
pub fn step(network: &mut Network<'_>, episode: &Episode, step: usize) {
    let exponents = AnalogExponents::of(network.artifact());
    let analog: Vec<_> = exponents.integers(episode.analog_at(step)).collect();
    network.step(episode.inputs_at(step), &analog);
}

/// The input of a case, dense enough that all populations spike.
#[must_use]
pub fn episode(case: &Case, steps: usize) -> Episode {
    let artifact = case.artifact.artifact();
    let network = &artifact.manifest().network;
    let mut random = Pcg32::seed_from_u64(0x5eed);
    let mut episode = Episode::silent(network, steps);
    for step in 0..steps {
        (0..network.input_size())
            .filter(|_| random.random_bool(0.15))
            .for_each(|neuron| episode.spike(step, neuron));
    }
    let formats = network.analog_formats().collect::<Vec<_>>();
    for (value, format) in episode.analog.iter_mut().zip(formats.iter().cycle()) {
        *value = to_value(random.random_range(-4096..=4096), format.exponent);
    }
    episode
}
