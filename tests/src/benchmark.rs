//! The network of the chip's benchmark of whole steps: by default 128 inputs onto 256 LIF neurons by the event rule, and
//! 8 modulators. An analog value leads onto the modulators; without it, the third factor is exactly zero. With the
//! biases chosen here, a tenth of the neurons spike where a tenth of the inputs spike.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{
    LeakFormat, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat, ProjectionFormat, TraceDecays,
};
use metaplastic_shared::network::{
    Analog, Connectivity, Leak, Lif, Modulator, Name, NetworkDescription, Plasticity, Population, PopulationKind,
    Projection, Readout,
};
use metaplastic_shared::rule::Preset;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::forge;

const MODULATORS: u16 = 8;

/// The network, in a size.
#[derive(Clone, Copy, Debug)]
pub struct BenchmarkNetwork {
    /// Input neurons.
    pub inputs: u16,
    /// LIF neurons, even.
    pub neurons: u16,
    /// How its plastic weights leak.
    pub leak: Option<(Leak, LeakFormat)>,
}

impl Default for BenchmarkNetwork {
    fn default() -> Self {
        Self { inputs: 128, neurons: 256, leak: None }
    }
}

fn network(size: BenchmarkNetwork) -> NetworkDescription {
    let population =
        |name, size, kind| Population { name: Name::try_from(name).expect("a short name"), size, kind };
    NetworkDescription {
        populations: [
            population("input", size.inputs, PopulationKind::Input),
            population("neuron", size.neurons, PopulationKind::Lif(Lif::default())),
            population("modulator", MODULATORS, PopulationKind::Modulator(Modulator::default())),
            population("reward", 1, PopulationKind::Analog(Analog { exponent: 12 })),
        ]
        .into_iter()
        .collect(),
        projections: [
            Projection {
                pre: 0,
                post: 1,
                connectivity: Connectivity::Dense,
                plasticity: Some(Plasticity {
                    leak: size.leak.map(|it| it.0),
                    ..Plasticity::preset(Preset::Event, 2)
                }),
            },
            Projection { pre: 3, post: 2, connectivity: Connectivity::Dense, plasticity: None },
        ]
        .into_iter()
        .collect(),
        surrogate_slope: 5,
        readout: Readout::of_classes(1, 2, size.neurons / 2),
    }
}

fn manifest(size: BenchmarkNetwork) -> Manifest<'static> {
    let plastic = PlasticFormat {
        plastic_exponent: 14,
        plastic_limit: 1 << 14,
        eligibility_exponent: 14,
        eligibility_decay: 63_488,
        traces: TraceDecays { pre: 58_982, post: 52_429, ..TraceDecays::default() },
        third_factor_exponent: 12,
        third_factor_weight_exponent: 6,
        rate: 6554,
        rate_exponent: 18,
        leak: size.leak.map(|it| it.1),
    };
    Manifest {
        network: network(size),
        populations: [
            PopulationFormat::Input,
            PopulationFormat::Lif(LifFormat {
                exponent: 11,
                threshold: 2048,
                decay: 52_429,
                synapse_decay: None,
                adaptation: None,
            }),
            PopulationFormat::Modulator(ModulatorFormat { exponent: 12, decay: 45_875 }),
            PopulationFormat::Analog,
        ]
        .into_iter()
        .collect(),
        projections: [
            ProjectionFormat { weight_exponent: 6, plastic: Some(plastic) },
            ProjectionFormat { weight_exponent: 5, plastic: None },
        ]
        .into_iter()
        .collect(),
        command: None,
        task: "benchmark",
        task_parameters: "",
        training: None,
    }
}

/// The benchmark's artifact.
///
/// # Panics
/// If the encoder refuses it.
#[must_use]
pub fn artifact(size: BenchmarkNetwork) -> ArtifactFile {
    let mut random = Pcg32::seed_from_u64(1);
    let coefficients = [1600_i16, -800, 480, -160].map(i16::to_le_bytes);
    let bias = BIAS.to_le_bytes();
    forge::filled(&manifest(size), |section, at| match section {
        Section::Bias(_) => bias[at % 2],
        Section::Coefficients(_) => coefficients.as_flattened().get(at).copied().unwrap_or(0),
        _ => random.random_range(-40_i8..=40) as u8,
    })
    .expect("the benchmark's network is sound")
}

/// b, found by trial.
const BIAS: i16 = -680;

#[cfg(test)]
mod tests {
    use metaplastic_runtime::{Network, NetworkStorage};

    #[test]
    fn about_a_tenth_of_the_neurons_spike() {
        let file = super::artifact(super::BenchmarkNetwork::default());
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
        let mut network = Network::new(file.artifact(), &mut storage).unwrap();
        let (mut seed, mut spikes) = (1_u32, 0);
        for step in 0..300 {
            let mut input = [0_u8; 16];
            for neuron in 0..128 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                input[neuron / 8] |= u8::from(seed < u32::MAX / 10) << (neuron % 8);
            }
            network.step(&input, &[]);
            spikes += if step < 100 { 0 } else { network.spikes(1).count() };
        }
        let rate = spikes as f64 / 200.0;
        assert!((24.0..27.5).contains(&rate), "{rate} neurons a step");
    }
}
