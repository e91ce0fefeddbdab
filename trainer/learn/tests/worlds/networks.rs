//! Small networks with everything that a world's gradient passes through. This file knows no world.

use metaplastic_learn::lifetime::testing::random_parameters;
use metaplastic_learn::model::{Model, Parameter};
use metaplastic_shared::network::{
    Analog, Command, Connectivity, Lif, Modulator, Name, NetworkDescription, Plasticity, Population,
    PopulationKind, Projection, Readout, ReadoutKind, ThirdFactor,
};
use metaplastic_shared::rule::Preset;
use rand::SeedableRng;
use rand_pcg::Pcg64;

const SOURCE: u8 = 0;
const HIDDEN: u8 = 1;
const READOUT: u8 = 2;
const MODULATORS: u8 = 3;
/// The plastic projection.
pub(crate) const PLASTIC: usize = 2;

/// Source to hidden neurons and modulators; hidden to graded neurons by a plastic projection.
fn network(source: Population, readout: (u16, Readout)) -> NetworkDescription {
    let population = |name, size, kind| Population { name: Name::try_from(name).unwrap(), size, kind };
    let graded = Lif { graded: true, ..Lif::default() };
    let dense = |pre, post, plasticity| Projection { pre, post, connectivity: Connectivity::Dense, plasticity };
    let third_factor = ThirdFactor::Modulators(MODULATORS);
    let plasticity = Plasticity { rule: Preset::Free.rule(), third_factor, leak: None };
    NetworkDescription {
        populations: heapless::Vec::from_iter([
            source,
            population("hidden", 6, PopulationKind::Lif(Lif::default())),
            population("readout", readout.0, PopulationKind::Lif(graded)),
            population("modulators", 3, PopulationKind::Modulator(Modulator::default())),
        ]),
        projections: heapless::Vec::from_iter([
            dense(SOURCE, HIDDEN, None),
            dense(SOURCE, MODULATORS, None),
            dense(HIDDEN, READOUT, Some(plasticity)),
        ]),
        surrogate_slope: 3,
        readout: readout.1,
    }
}

/// A network and its meta-parameters.
pub(crate) struct TestNetwork {
    pub(crate) model: Model,
    pub(crate) flat: Vec<f32>,
}

impl TestNetwork {
    fn new(network: NetworkDescription, seed: u64) -> Self {
        network.check().expect("the networks here are allowed");
        let model = Model::new(network, 1e3);
        let flat = random_parameters(&model, &mut Pcg64::seed_from_u64(seed));
        Self { model, flat }
    }

    /// Analog values in, one command of two neurons out.
    pub(crate) fn of_commands(analog: u16, seed: u64) -> Self {
        let kind = PopulationKind::Analog(Analog { exponent: 10 });
        let source = Population { name: Name::try_from("sense").unwrap(), size: analog, kind };
        let kind = ReadoutKind::Commands(Command { exponent: 8 });
        let readout = Readout { population: READOUT, classes: 1, neurons_per_class: 2, kind };
        Self::new(network(source, (2, readout)), seed).with_gain(1.5)
    }

    /// Spikes in, one of two choices out.
    pub(crate) fn of_choices(channels: u16, seed: u64) -> Self {
        let name = Name::try_from("sense").unwrap();
        let source = Population { name, size: channels, kind: PopulationKind::Input };
        Self::new(network(source, (2, Readout::of_classes(READOUT, 2, 1))), seed).with_gain(0.15)
    }

    fn with_gain(mut self, gain: f32) -> Self {
        let slot = self.model.slot(Parameter::ReadoutGain).unwrap().range.clone();
        self.flat[slot].fill(gain.ln());
        self
    }
}
