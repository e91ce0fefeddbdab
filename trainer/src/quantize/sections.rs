//! The raw sections of an artifact from a network's meta-parameters: rounded, rows padded with zeros.

use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{PlasticFormat, PopulationFormat, row_length};

use super::formats::{decay, to_i16};
use super::grid::to_i8;
use crate::model::{Model, Parameter, sigmoid};

/// All sections with their little-endian bytes.
pub(super) fn sections(model: &Model, flat: &[f32], manifest: &Manifest<'_>) -> Vec<(Section, Vec<u8>)> {
    let tensor = |parameter| Tensor::of(model, flat, parameter);
    let mut sections = Vec::new();
    for (index, format) in manifest.populations.iter().enumerate() {
        match format {
            PopulationFormat::Input => {}
            PopulationFormat::Lif(format) => {
                let bias = tensor(Parameter::Bias(index)).to_i16(format.exponent.into(), 1.0, true);
                sections.push((Section::Bias(index), bias));
                sections
                    .push((Section::MembraneDecays(index), tensor(Parameter::MembraneDecay(index)).to_decays()));
                sections.push((Section::SynapseDecays(index), tensor(Parameter::SynapseDecay(index)).to_decays()));
            }
            PopulationFormat::Modulator(format) => {
                let weights = tensor(Parameter::SignalWeights(index)).to_i8(format.signal_exponent.into());
                sections.push((Section::SignalWeights(index), weights));
            }
        }
    }
    for (index, format) in manifest.projections.iter().enumerate() {
        let weights = tensor(Parameter::Weights(index)).to_i8(format.weight_exponent.into());
        sections.push((Section::Weights(index), weights));
        if let Some(plastic) = &format.plastic {
            sections.extend(plastic_sections(index, plastic, tensor));
        }
    }
    sections
}

fn plastic_sections<'v>(
    index: usize,
    format: &PlasticFormat,
    tensor: impl Fn(Parameter) -> Tensor<'v>,
) -> [(Section, Vec<u8>); 2] {
    let gain = format.eligibility_gain() as f32 / 65536.0;
    let coefficients = tensor(Parameter::Coefficients(index));
    let padded = coefficients.columns > 1;
    let third_factor = tensor(Parameter::ThirdFactorWeights(index));
    [
        (Section::Coefficients(index), coefficients.to_i16(format.coefficient_exponent(), gain, padded)),
        (Section::ThirdFactorWeights(index), third_factor.to_i8(format.third_factor_weight_exponent.into())),
    ]
}

struct Tensor<'v> {
    values: &'v [f32],
    columns: usize,
}

impl<'v> Tensor<'v> {
    fn of(model: &Model, flat: &'v [f32], parameter: Parameter) -> Self {
        let columns = model.slot(parameter).map_or(1, |slot| slot.shape.1);
        Self { values: model.values(parameter, flat), columns }
    }

    fn to_i8(&self, exponent: i32) -> Vec<u8> {
        let padding = row_length(self.columns) - self.columns;
        let row = |row: &[f32]| -> Vec<u8> {
            let values = row.iter().map(|value| to_i8(*value, exponent) as u8);
            values.chain(std::iter::repeat_n(0, padding)).collect()
        };
        self.values.chunks_exact(self.columns).flat_map(row).collect()
    }

    /// Decays of raw values, Q0.16.
    fn to_decays(&self) -> Vec<u8> {
        let padding = row_length(self.columns) - self.columns;
        let decays = self.values.iter().flat_map(|raw| decay(sigmoid(*raw)).to_le_bytes());
        decays.chain(std::iter::repeat_n(0, 2 * padding)).collect()
    }

    fn to_i16(&self, exponent: i32, factor: f32, padded: bool) -> Vec<u8> {
        let padding = if padded { row_length(self.columns) - self.columns } else { 0 };
        let row = |row: &[f32]| -> Vec<u8> {
            let values = row.iter().flat_map(|value| to_i16(factor * value, exponent).to_le_bytes());
            values.chain(std::iter::repeat_n(0, 2 * padding)).collect()
        };
        self.values.chunks_exact(self.columns).flat_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use metaplastic_shared::artifact::SectionLength;
    use metaplastic_shared::format::{LifFormat, ProjectionFormat};
    use metaplastic_shared::network::{
        Connectivity, Convolution, Lif, Name, Network, Population, PopulationKind, Projection, Readout,
    };

    use super::*;

    /// One input channel on 2 x 2 places, onto three channels on the same places that share their biases.
    fn network() -> Network {
        let population = |size, kind| Population { name: Name::new(), size, kind };
        let map = PopulationKind::Lif(Lif { graded: true, channels: 3, ..Lif::default() });
        let convolution = Convolution { height: 2, width: 2, channels: 1, kernel: 3, stride: 1, padding: 1 };
        let connectivity = Connectivity::Convolution(convolution);
        Network {
            populations: [population(4, PopulationKind::Input), population(12, map)].into_iter().collect(),
            projections: [Projection { pre: 0, post: 1, connectivity, plasticity: None }].into_iter().collect(),
            signals: 0,
            surrogate_slope: 5,
            readout: Readout { population: 1, classes: 2, neurons_per_class: 6 },
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
        let all = sections(&model, &flat, &manifest);
        let of = |wanted| &all.iter().find(|(section, _)| *section == wanted).expect("a section of the network").1;
        let (bias, weights) = (of(Section::Bias(1)), of(Section::Weights(0)));
        assert_eq!(bias[..], [1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let row = |number: u8| [3 * number + 1, 3 * number + 2, 3 * number + 3, 0, 0, 0, 0, 0];
        assert_eq!(weights[..], (0..9).flat_map(row).collect::<Vec<_>>());
        for SectionLength { section, bytes } in manifest.network.sections() {
            assert_eq!(of(section).len(), bytes, "{section:?}");
        }
    }
}
