//! The table of formats that export prints: quantity, range, format, least significant bit.

use metaplastic_shared::artifact::Manifest;
use metaplastic_shared::format::{PlasticFormat, PopulationFormat};
use serde::{Deserialize, Serialize};

use super::ranges::{Ranges, SynapseRange, largest};
use crate::model::{Model, Parameter};

/// How a quantity is represented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormatLine {
    /// Its name, for example `hidden.v`.
    pub quantity: String,
    /// The largest magnitude seen on the desk.
    pub range: f32,
    /// Bits and exponent, for example `i16 x 2^-11`.
    pub format: String,
    /// The value of its least significant bit.
    pub lsb: f32,
}

/// The lines of a quantised network.
#[must_use]
pub fn format_lines(model: &Model, flat: &[f32], ranges: &Ranges, manifest: &Manifest<'_>) -> Vec<FormatLine> {
    let mut lines = Vec::new();
    for (index, format) in manifest.populations.iter().enumerate() {
        let name = &model.network.populations[index].name;
        let quantity = match format {
            PopulationFormat::Input => continue,
            PopulationFormat::Lif(_) => "v",
            PopulationFormat::Modulator(_) => "u",
        };
        lines.push(line(format!("{name}.{quantity}"), ranges.potential[index], 16, format.potential_exponent()));
    }
    for (index, format) in manifest.projections.iter().enumerate() {
        let name = model.projection_name(index);
        let weights = largest(model.values(Parameter::Weights(index), flat));
        lines.push(line(format!("{name}.W"), weights, 8, format.weight_exponent.into()));
        if let Some(plastic) = &format.plastic {
            lines.extend(plastic_lines(&name, plastic, ranges.synapses[index]));
        }
    }
    lines
}

fn plastic_lines(name: &str, format: &PlasticFormat, range: SynapseRange) -> [FormatLine; 3] {
    [
        line(format!("{name}.P"), range.plastic, 16, format.plastic_exponent.into()),
        line(format!("{name}.E"), range.eligibility, 16, format.eligibility_exponent.into()),
        line(format!("{name}.M"), range.third_factor, 16, format.third_factor_exponent.into()),
    ]
}

fn line(quantity: String, range: f32, bits: u32, exponent: i32) -> FormatLine {
    let format = format!("i{bits} x 2^{}", -exponent);
    FormatLine { quantity, range, format, lsb: (-exponent as f32).exp2() }
}
