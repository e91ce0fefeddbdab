//! The bytes of sections.

use metaplastic_shared::artifact::SectionLength;
use metaplastic_shared::format::{CommandFormat, LifFormat, PopulationFormat, ProjectionFormat};
use metaplastic_shared::network::{
    Command, Connectivity, Convolution, Lif, Name, NetworkDescription, Population, PopulationKind, Projection,
    Readout, ReadoutKind,
};

use super::*;
use crate::model::Parameter;

/// One input channel on 2 x 2 positions, onto three channels at the same positions that share their biases.
fn network() -> NetworkDescription {
    let population = |size, kind| Population { name: Name::new(), size, kind };
    let map = PopulationKind::Lif(Lif { graded: true, channels: 3, ..Lif::default() });
    let convolution = Convolution { height: 2, width: 2, channels: 1, kernel: 3, stride: 1, padding: 1 };
    let connectivity = Connectivity::Convolution(convolution);
    NetworkDescription {
        populations: [population(4, PopulationKind::Input), population(12, map)].into_iter().collect(),
        projections: [Projection { pre: 0, post: 1, connectivity, plasticity: None }].into_iter().collect(),
        surrogate_slope: 5,
        readout: Readout { population: 1, classes: 2, neurons_per_class: 6, kind: ReadoutKind::Classes },
    }
}

#[test]
fn a_convolution_is_stored_by_rows_of_its_window_and_a_map_has_a_bias_a_channel() {
    let model = Model::new(network(), 1.0);
    let format = LifFormat { exponent: 8, threshold: 1 << 8, decay: 0, synapse_decay: None, adaptation: None };
    let manifest = Manifest {
        network: network(),
        populations: [PopulationFormat::Input, PopulationFormat::Lif(format)].into_iter().collect(),
        projections: [ProjectionFormat { weight_exponent: 5, plastic: None }].into_iter().collect(),
        command: None,
        task: "",
        task_parameters: "",
        training: None,
    };
    let mut flat = vec![0.0; model.parameter_count()];
    let mut fill = |parameter, lsb: f32| {
        let range = model.slot(parameter).expect("the network has it").range.clone();
        flat[range].iter_mut().zip(1_u8..).for_each(|(value, number)| *value = lsb * f32::from(number));
    };
    fill(Parameter::Bias(1), 1.0 / 256.0);
    fill(Parameter::Weights(0), 1.0 / 32.0);
    let all = sections(TrainedNetwork { model: &model, flat: &flat }, &manifest);
    let of = |wanted| &all.iter().find(|(section, _)| *section == wanted).expect("a section of the network").1;
    let (bias, weights) = (of(Section::Bias(1)), of(Section::Weights(0)));
    assert_eq!(bias[..], [1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let row = |number: u8| [3 * number + 1, 3 * number + 2, 3 * number + 3, 0, 0, 0, 0, 0];
    assert_eq!(weights[..], (0..9).flat_map(row).collect::<Vec<_>>());
    for SectionLength { section, bytes } in manifest.network.sections() {
        assert_eq!(of(section).len(), bytes, "{section:?}");
    }
}

/// The artifact of [`network`] with commands of `exponent` and a gain.
fn with_commands(exponent: u8, gain: f32) -> Result<ArtifactFile, EncodeError> {
    let kind = ReadoutKind::Commands(Command { exponent });
    let readout = Readout { population: 1, classes: 3, neurons_per_class: 1, kind };
    let model = Model::new(NetworkDescription { readout, ..network() }, 1.0);
    let mut flat = vec![0.0; model.parameter_count()];
    flat[model.slot(Parameter::ReadoutGain).expect("every network has it").range.clone()].fill(gain.ln());
    quantize(&model, &flat, &Ranges::none(&model), Labels::default())
}

#[test]
fn the_gain_of_commands_has_the_finest_format_in_which_it_fits() {
    let gain = |gain| with_commands(12, gain).unwrap().artifact().manifest().command;
    assert_eq!(gain(0.25), Some(CommandFormat { gain: 8192, gain_exponent: 15 }));
    assert_eq!(gain(4.0), Some(CommandFormat { gain: 16384, gain_exponent: 12 }));
    let refused = |exponent, gain| with_commands(exponent, gain).unwrap_err().to_string();
    assert!(refused(12, 1e-5).contains("readout: gain is 0, not in 1..=32767"), "{}", refused(12, 1e-5));
    let shift = refused(15, 30_000.0);
    assert!(shift.contains("readout: command shift is -"), "{shift}");
}
