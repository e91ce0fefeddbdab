//! From float to integer: exponents from the ranges seen, sections from the meta-parameters, an artifact of both.
//!
//! A quantity of largest magnitude `r` in `b` bits gets the exponent `floor(log2((2^(b-1) - 1) / r))`. This module
//! decides formats; what they mean, and every rounding while the network runs, belongs to `shared` and `runtime`.

mod formats;
mod grid;
mod ranges;
mod sections;
mod table;

pub use grid::round;
pub use ranges::Ranges;
pub use table::{FormatLine, format_lines};

use metaplastic_shared::artifact::{EncodeError, Manifest, Training};

use crate::model::Model;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_task::Task;

/// Quantises a trained network. `ranges` are those seen in episodes of the task; `training` is written into the
/// artifact for readers.
///
/// # Errors
/// If the numbers fit no format, for example a rate so large that its product with the third factor does not.
pub fn quantize(
    model: &Model,
    flat: &[f32],
    ranges: &Ranges,
    task: &dyn Task,
    training: Option<Training>,
) -> Result<ArtifactFile, EncodeError> {
    let (populations, projections) = formats::choose(model, flat, ranges);
    let parameters = task.parameters();
    let manifest = Manifest {
        network: model.network.clone(),
        populations: populations.into_iter().collect(),
        projections: projections.into_iter().collect(),
        task: task.name(),
        task_parameters: &parameters,
        training,
    };
    let sections = sections::sections(model, flat, &manifest);
    ArtifactFile::encode(&manifest, |wanted| {
        sections.iter().find(|(section, _)| *section == wanted).map_or(&[][..], |(_, bytes)| bytes)
    })
}
