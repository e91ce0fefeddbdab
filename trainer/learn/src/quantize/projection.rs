//! Projections: the format and the section of the innate weights, and what plasticity adds.

use metaplastic_shared::artifact::Section;
use metaplastic_shared::format::ProjectionFormat;

use super::format_line::FormatLine;
use super::grid::weight_exponent;
use super::plasticity::{self, SynapseRange};
use super::trained::TrainedNetwork;
use crate::model::Parameter;

/// The format of projection `index`.
pub(super) fn format(trained: TrainedNetwork<'_>, index: usize, range: &SynapseRange) -> ProjectionFormat {
    let projection = &trained.model.network.projections[index];
    let weights = trained.values(Parameter::Weights(index));
    let plasticity = projection.plasticity.as_ref();
    ProjectionFormat {
        weight_exponent: weight_exponent(projection.connectivity, weights) as i8,
        plastic: plasticity.map(|plasticity| plasticity::format(trained, index, plasticity, *range)),
    }
}

/// The sections of projection `index`.
pub(super) fn sections(
    trained: TrainedNetwork<'_>,
    index: usize,
    format: &ProjectionFormat,
) -> Vec<(Section, Vec<u8>)> {
    let weights = trained.to_i8(Parameter::Weights(index), format.weight_exponent.into());
    let plastic = format.plastic.iter().flat_map(|format| plasticity::sections(trained, index, format));
    std::iter::once((Section::Weights(index), weights)).chain(plastic).collect()
}

/// The formats of its quantities, for the table.
pub(super) fn lines(
    trained: TrainedNetwork<'_>,
    index: usize,
    format: &ProjectionFormat,
    range: &SynapseRange,
) -> Vec<FormatLine> {
    let name = trained.model.projection_name(index);
    let weights = trained.largest(Parameter::Weights(index));
    let innate = FormatLine::new(format!("{name}.W"), weights, 8, format.weight_exponent.into());
    let plastic = format.plastic.iter().flat_map(|format| plasticity::lines(&name, format, *range));
    std::iter::once(innate).chain(plastic).collect()
}
