//! The artifact of a trained network, and the table of its formats.

use metaplastic_shared::artifact::{EncodeError, Manifest, Section, Training};

use super::format_line::FormatLine;
use super::ranges::Ranges;
use super::trained::TrainedNetwork;
use super::{command, population, projection};
use crate::model::Model;
use metaplastic_files::artifact_file::ArtifactFile;

/// What an artifact says for readers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels<'a> {
    /// Name of the task.
    pub task: &'a str,
    /// Its parameters as TOML.
    pub task_parameters: &'a str,
    /// How it was trained and how well it does.
    pub training: Option<Training>,
}

/// Quantises a trained network. `ranges` are those seen in episodes of the task.
///
/// # Errors
/// If the numbers fit no format, for example a rate so large that its product with the third factor does not.
pub fn quantize(
    model: &Model,
    flat: &[f32],
    ranges: &Ranges,
    labels: Labels<'_>,
) -> Result<ArtifactFile, EncodeError> {
    let trained = TrainedNetwork { model, flat };
    let populations = ranges.populations.iter().enumerate();
    let projections = ranges.projections.iter().enumerate();
    let manifest = Manifest {
        network: model.network.clone(),
        populations: populations.map(|(index, range)| population::format(trained, index, range)).collect(),
        projections: projections.map(|(index, range)| projection::format(trained, index, range)).collect(),
        command: command::format(trained),
        task: labels.task,
        task_parameters: labels.task_parameters,
        training: labels.training,
    };
    let sections = sections(trained, &manifest);
    ArtifactFile::encode(&manifest, |wanted| {
        sections.iter().find(|(section, _)| *section == wanted).map_or(&[][..], |(_, bytes)| bytes)
    })
}

/// All raw sections with their little-endian bytes.
pub(super) fn sections(trained: TrainedNetwork<'_>, manifest: &Manifest<'_>) -> Vec<(Section, Vec<u8>)> {
    let populations = manifest.populations.iter().enumerate();
    let projections = manifest.projections.iter().enumerate();
    let populations = populations.flat_map(|(index, format)| population::sections(trained, index, format));
    populations
        .chain(projections.flat_map(|(index, format)| projection::sections(trained, index, format)))
        .collect()
}

/// The table of formats of a quantised network, one line per quantity.
#[must_use]
pub fn format_lines(model: &Model, flat: &[f32], ranges: &Ranges, manifest: &Manifest<'_>) -> Vec<FormatLine> {
    let trained = TrainedNetwork { model, flat };
    let populations = manifest.populations.iter().zip(&ranges.populations).enumerate();
    let projections = manifest.projections.iter().zip(&ranges.projections).enumerate();
    let populations = populations.flat_map(|(index, (format, range))| {
        population::lines(&model.network.populations[index].name, format, range)
    });
    populations
        .chain(projections.flat_map(|(index, (format, range))| projection::lines(trained, index, format, range)))
        .chain(command::lines(trained, manifest.command.as_ref()))
        .collect()
}

#[cfg(test)]
mod tests;
