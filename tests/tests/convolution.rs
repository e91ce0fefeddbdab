//! A convolution of any shape computes exactly what a dense projection with the expanded matrix does.
//!
//! Each network is built twice: with its convolutions, and with every convolution expanded to a matrix and every
//! shared bias to one for each neuron. Both run the same episode; their states must be equal after every step.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{
    Adaptation, LifFormat, PlasticFormat, PopulationFormat, ProjectionFormat, TraceDecays, row_length,
};
use metaplastic_shared::network::{
    Connectivity, Convolution, DecayScope, Lif, Name, NetworkDescription, Plasticity, Population, PopulationKind,
    Projection, Readout, ThirdFactor,
};
use metaplastic_shared::rule::Preset;
use metaplastic_tests::forge::filled;
use proptest::prelude::*;
use proptest::sample::select;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// A network of this test: two input populations onto one map, which feeds a second map, a plastic readout, and
/// optionally itself.
#[derive(Clone, Debug)]
struct Shape {
    first: Convolution,
    /// Channels of the other input population and of the two maps.
    channels: [u16; 3],
    /// Of the convolution between the maps.
    second: (u8, u8, u8),
    recurrent: bool,
    lif: Lif,
    /// Whether the neurons of a channel share their bias.
    shared: bool,
    graded_readout: bool,
    seed: u64,
}

fn convolution(height: u8, width: u8) -> impl Strategy<Value = Convolution> {
    (1..=5_u8).prop_flat_map(move |kernel| {
        (1..=kernel, 0..kernel, 1..=19_u16).prop_map(move |(stride, padding, channels)| {
            let longer = |length: u8| length.max(kernel.saturating_sub(2 * padding));
            Convolution { height: longer(height), width: longer(width), channels, kernel, stride, padding }
        })
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let first = (1..=7_u8, 1..=7_u8).prop_flat_map(|(height, width)| convolution(height, width));
    let channels = [1..=9_u16, 1..=19, 1..=11];
    let second = (1..=3_u8, 1..=3_u8, 0..3_u8)
        .prop_map(|(kernel, stride, padding)| (kernel, stride.min(kernel), padding.min(kernel - 1)));
    let lif = (select(vec![0, 0, 2]), any::<[bool; 3]>());
    let lif = lif.prop_map(|(refractory, [adaptive, synaptic, each])| Lif {
        refractory,
        adaptive,
        synaptic,
        decay_scope: if each { DecayScope::Neuron } else { DecayScope::Population },
        ..Lif::default()
    });
    (first, channels, second, lif, any::<[bool; 3]>(), any::<u64>()).prop_map(
        |(first, channels, second, lif, [recurrent, shared, graded_readout], seed)| Shape {
            first,
            channels,
            second,
            recurrent,
            lif,
            shared,
            graded_readout,
            seed,
        },
    )
}

const OUTPUT: u8 = 4;

/// Row and column of a section: presynaptic and postsynaptic neuron where it is a matrix of weights.
#[derive(Clone, Copy)]
struct Entry {
    row: usize,
    column: usize,
}

impl Entry {
    /// Of an index into rows of a length.
    fn of(index: usize, row_length: usize) -> Self {
        Self { row: index / row_length, column: index % row_length }
    }
}

impl Shape {
    /// The projections that are convolutions.
    fn convolutions(&self) -> Vec<(u8, u8, Convolution)> {
        let (rows, columns) = self.first.post_map();
        let map = |channels, (kernel, stride, padding)| Convolution {
            height: rows as u8,
            width: columns as u8,
            channels,
            kernel,
            stride,
            padding,
        };
        let other = Convolution { channels: self.channels[0], ..self.first };
        let (kernel, stride, padding) = self.second;
        let kernel = kernel.min((rows.min(columns) as u8) + 2 * padding);
        let second = map(self.channels[1], (kernel, stride.min(kernel), padding.min(kernel - 1)));
        let mut all = vec![(0, 2, self.first), (1, 2, other), (2, 3, second)];
        if self.recurrent {
            all.push((2, 2, map(self.channels[1], (3, 1, 1))));
        }
        all
    }

    fn description(&self) -> NetworkDescription {
        let convolutions = self.convolutions();
        let storage = |index: usize| convolutions[index].2.positions() as u16;
        let inputs = [0, 1].map(|index: usize| convolutions[index].2.map_size() as u16);
        let map = |channels| Lif { channels: if self.shared { channels } else { 0 }, ..self.lif };
        let [_, first, second] = self.channels;
        let readout = Lif { graded: self.graded_readout, ..Lif::default() };
        let population = |size, kind| Population { name: Name::new(), size, kind };
        let populations = [
            population(inputs[0], PopulationKind::Input),
            population(inputs[1], PopulationKind::Input),
            population(storage(0) * first, PopulationKind::Lif(map(first))),
            population(storage(2) * second, PopulationKind::Lif(map(second))),
            population(6, PopulationKind::Lif(readout)),
        ];
        let of = |(pre, post, convolution)| Projection {
            pre,
            post,
            connectivity: Connectivity::Convolution(convolution),
            plasticity: None,
        };
        let plasticity = Plasticity { rule: Preset::Event.rule(), third_factor: ThirdFactor::One, leak: None };
        let dense = |pre, post, plasticity| Projection { pre, post, connectivity: Connectivity::Dense, plasticity };
        let plastic = [dense(3, OUTPUT, Some(plasticity)), dense(2, OUTPUT, None)];
        NetworkDescription {
            populations: populations.into_iter().collect(),
            projections: convolutions.into_iter().map(of).chain(plastic).collect(),
            surrogate_slope: 5,
            readout: Readout::of_classes(OUTPUT, 3, 2),
        }
    }

    fn manifest(&self) -> Manifest<'static> {
        let network = self.description();
        let adaptation = Adaptation { strength: 700, decay: 50_000 };
        let population = |population: &Population| match population.kind {
            PopulationKind::Lif(lif) => PopulationFormat::Lif(LifFormat {
                exponent: 9,
                threshold: 1 << 9,
                decay: if lif.decay_scope == DecayScope::Population { 52_429 } else { 0 },
                synapse_decay: lif.synaptic.then_some(match lif.decay_scope {
                    DecayScope::Population => 45_875,
                    DecayScope::Neuron => 0,
                }),
                adaptation: lif.adaptive.then_some(adaptation),
            }),
            _ => PopulationFormat::Input,
        };
        let plastic = PlasticFormat {
            plastic_exponent: 13,
            plastic_limit: 1 << 13,
            eligibility_exponent: 14,
            eligibility_decay: 60_948,
            traces: TraceDecays { pre: 58_982, post: 52_429, ..TraceDecays::default() },
            third_factor_exponent: 12,
            third_factor_weight_exponent: 6,
            rate: 19_661,
            rate_exponent: 16,
            leak: None,
        };
        let projection = |projection: &Projection| ProjectionFormat {
            weight_exponent: 8,
            plastic: projection.plasticity.is_some().then_some(plastic),
        };
        Manifest {
            populations: network.populations.iter().map(population).collect(),
            projections: network.projections.iter().map(projection).collect(),
            network,
            task: "none",
            command: None,
            task_parameters: "",
            training: None,
        }
    }

    /// The weight or bias at a position in a section, always the same for the same position.
    fn number(&self, kind: u64, index: usize, at: Entry) -> i32 {
        let mixed = [kind, index as u64, at.row as u64, at.column as u64]
            .into_iter()
            .fold(self.seed, |seed, part| (seed ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ part);
        Pcg32::seed_from_u64(mixed).random_range(-100..=127)
    }

    fn bias(&self, population: usize, at: usize) -> u8 {
        self.number(1, population, Entry { row: 0, column: at / 2 }).to_le_bytes()[at % 2]
    }

    fn artifact(&self) -> ArtifactFile {
        let manifest = self.manifest();
        let network = &manifest.network;
        filled(&manifest, |section, at| match section {
            Section::Bias(population) => self.bias(population, at),
            Section::Weights(index) => {
                let row = row_length(network.weight_shape(&network.projections[index]).1);
                self.number(0, index, Entry::of(at, row)) as u8
            }
            Section::MembraneDecays(_) | Section::SynapseDecays(_) => at as u8 | 0x80,
            _ => at as u8 % 64,
        })
        .expect("the network is sound")
    }

    /// The same network with every convolution as a matrix and one bias for each neuron.
    fn expanded(&self) -> ArtifactFile {
        let mut manifest = self.manifest();
        let shared = self.description();
        for population in &mut manifest.network.populations {
            if let PopulationKind::Lif(lif) = &mut population.kind {
                lif.channels = 0;
            }
        }
        for projection in &mut manifest.network.projections {
            projection.connectivity = Connectivity::Dense;
        }
        filled(&manifest, |section, at| match section {
            Section::Bias(population) => {
                let values = shared.populations[population].bias_count();
                self.bias(population, at / 2 % values * 2 + at % 2)
            }
            Section::Weights(index) => {
                let projection = &shared.projections[index];
                let row = row_length(shared.shape(projection).1);
                self.synapse(&shared, index, Entry::of(at, row))
            }
            Section::MembraneDecays(_) | Section::SynapseDecays(_) => at as u8 | 0x80,
            _ => at as u8 % 64,
        })
        .expect("the network is sound")
    }

    /// The weight between two neurons.
    fn synapse(&self, shared: &NetworkDescription, index: usize, synapse: Entry) -> u8 {
        let Entry { row: pre, column: post } = synapse;
        let projection = &shared.projections[index];
        let Connectivity::Convolution(convolution) = projection.connectivity else {
            return self.number(0, index, synapse) as u8;
        };
        if post >= shared.shape(projection).1 {
            return 0;
        }
        let number = |value| i32::try_from(value).expect("a small map");
        let (before, after) = (usize::from(convolution.channels), shared.weight_shape(projection).1);
        let (width, columns) = (usize::from(convolution.width), convolution.post_map().1);
        let within = |pre: usize, post: usize| {
            let window =
                number(pre) + i32::from(convolution.padding) - i32::from(convolution.stride) * number(post);
            (0..i32::from(convolution.kernel)).contains(&window).then_some(window as usize)
        };
        let row = within(pre / before / width, post / after / columns);
        let column = within(pre / before % width, post / after % columns);
        row.zip(column).map_or(0, |(u, v)| {
            let row = (u * usize::from(convolution.kernel) + v) * before + pre % before;
            self.number(0, index, Entry { row, column: post % after }) as u8
        })
    }
}

/// Steps of an episode; after half of them its state is reset.
const STEPS: usize = 8;

/// Spikes of all populations but the inputs, and the state's hash with the class scores, after every step.
fn run(file: &ArtifactFile, seed: u64) -> Vec<(usize, u64, Vec<i32>)> {
    let artifact = file.artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let mut random = Pcg32::seed_from_u64(seed);
    let mut class_scores = vec![0; network.classes()];
    let steps = (0..STEPS).map(|step| {
        if step == STEPS / 2 {
            network.reset_state();
        }
        let density = [0.02, 0.2, 0.5, 1.0][step % 4];
        let mut inputs = vec![0_u8; network.input_bytes()];
        (0..8 * inputs.len())
            .filter(|_| random.random_bool(density))
            .for_each(|bit| inputs[bit / 8] |= 1 << (bit % 8));
        network.step(&inputs, &[]);
        network.accumulate_class_scores(&mut class_scores);
        let spikes = (2..network.populations()).map(|population| network.spikes(population).count()).sum();
        (spikes, network.state_hash(), class_scores.clone())
    });
    steps.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_convolution_equals_the_dense_projection_of_its_expanded_matrix(shape in shape()) {
        prop_assert_eq!(run(&shape.artifact(), shape.seed), run(&shape.expanded(), shape.seed));
    }
}

/// A window can have more spikes than the kernel adds at once; here all of its neurons spike.
#[test]
fn a_window_full_of_spikes_is_added_in_several_passes() {
    let first = Convolution { height: 6, width: 5, channels: 19, kernel: 5, stride: 2, padding: 2 };
    let shape = Shape {
        first,
        channels: [9, 19, 11],
        second: (3, 2, 1),
        recurrent: true,
        lif: Lif::default(),
        shared: true,
        graded_readout: true,
        seed: 1,
    };
    let run = run(&shape.artifact(), 1);
    assert_eq!(run, self::run(&shape.expanded(), 1));
    assert!(run.iter().map(|(spikes, ..)| spikes).sum::<usize>() > 100, "{run:?}");
}

/// The spikes of a map are bits, and its sums have the size of one position. Its memory is therefore little more
/// than its potentials.
#[test]
fn a_map_takes_little_more_memory_than_its_potentials() {
    let first = Convolution { height: 28, width: 28, channels: 1, kernel: 3, stride: 2, padding: 1 };
    let words = |channels| {
        let shape = Shape {
            first,
            channels: [1, channels, 4],
            second: (3, 2, 1),
            recurrent: false,
            lif: Lif::default(),
            shared: true,
            graded_readout: true,
            seed: 1,
        };
        let mut manifest = shape.manifest();
        // The dense projection from the first map reads lists, and is removed here.
        manifest.network.projections.pop();
        manifest.projections.pop();
        Network::memory_words(&filled(&manifest, |_, _| 0).unwrap().artifact())
    };
    let (neurons, bytes) = (8 * 14 * 14, 8 * (words(16) - words(8)));
    assert!(bytes <= neurons * 9 / 4, "{bytes} bytes for {neurons} neurons");
}
