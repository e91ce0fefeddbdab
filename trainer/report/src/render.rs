//! From the data to the page: checks, then all sections in the order of a reader's questions.

use super::ablations::{self, Bars};
use super::check::check;
use super::data::ReportData;
use super::error::ReportError;
use super::section::PageSection;
use super::world_data::WorldReport;
use super::{
    curves, distribution, episode_pictures, life, memory, page, plasticity, raster, tables, third_factor,
    world_course, world_path, world_scores,
};

const ABLATIONS: Bars<'static> = Bars {
    title: "Does it learn on the chip, and from what?",
    caption: "Accuracy on episodes that training never saw; each bar names what ran and which part of its learning, if \
              any, was removed.",
    why_empty: "The network was not evaluated.",
};
const WITHIN_EPISODE: Bars<'static> = Bars {
    title: "Within an episode: does what was learned last?",
    caption: "Accuracy by the number of the query within its episode.",
    why_empty: "Accuracy by the number of the query was not recorded.",
};

/// Makes the page: one HTML document with inline SVG, without script or outside resource. The same data make the
/// same bytes.
///
/// # Errors
/// If the data are inconsistent, naming the field and its limit, or a figure cannot be drawn.
pub fn render(data: &ReportData) -> Result<String, ReportError> {
    check(data)?;
    let episode = data.episode.as_ref();
    let mut sections = vec![curves::section(data)?];
    sections.extend(match &data.world {
        Some(world) => in_world(world, data)?,
        None => in_episodes(data)?,
    });
    // A task without pictures has nothing to leave out here.
    sections.extend(episode_pictures::section(data)?);
    sections.extend(memory::section(data)?);
    sections.extend([
        raster::section(episode)?,
        third_factor::section(episode)?,
        plasticity::section(episode)?,
        distribution::section(&data.plastic_distribution)?,
        tables::rule(&data.rule),
        tables::formats(&data.formats),
        tables::commands(&data.command_lines),
    ]);
    Ok(page::page(data, &sections))
}

/// What decisions that are right or wrong show.
fn in_episodes(data: &ReportData) -> Result<Vec<PageSection>, ReportError> {
    Ok(vec![
        ablations::section(&ABLATIONS, &data.accuracies, data.chance)?,
        ablations::section(&WITHIN_EPISODE, &data.within_episode, data.chance)?,
        life::section(data)?,
    ])
}

/// What lives in a world show.
fn in_world(world: &WorldReport, data: &ReportData) -> Result<Vec<PageSection>, ReportError> {
    let mut sections = vec![world_scores::section(world)?];
    for course in &world.courses {
        sections.push(world_course::section(course)?);
    }
    sections.extend(world_path::section(data.episode.as_ref())?);
    Ok(sections)
}
