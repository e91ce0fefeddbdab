//! The consistency of the data; after this check no figure can index beyond a series or divide by zero.

use super::data::{
    Accuracy, Histogram, LifeCurve, LifePoint, Pictures, Raster, ReadoutWeights, RecordedEpisode, ReportData,
};
use super::error::ReportError;
use super::limits::{finite, index, length, within};
use super::world_check;

/// Checks that the data are consistent.
pub(super) fn check(data: &ReportData) -> Result<(), ReportError> {
    within("chance", data.chance, 0.0, 1.0)?;
    data.accuracies.iter().chain(&data.within_episode).try_for_each(accuracy)?;
    data.lives.iter().try_for_each(life)?;
    data.world.as_ref().map_or(Ok(()), world_check::world)?;
    data.plastic_distribution.iter().try_for_each(histogram)?;
    data.episode.as_ref().map_or(Ok(()), episode)?;
    data.pictures.as_ref().map_or(Ok(()), |one| pictures(one, data.episode.as_ref()))?;
    data.memories.iter().try_for_each(memory)
}

fn accuracy(one: &Accuracy) -> Result<(), ReportError> {
    let field = |part: &str| format!("{} of \"{}\"", part, one.label);
    within(&field("accuracy"), one.accuracy, 0.0, 1.0)?;
    within(&field("lower end of the interval"), one.low, 0.0, one.accuracy)?;
    within(&field("upper end of the interval"), one.high, one.accuracy, 1.0)
}

fn life(life: &LifeCurve) -> Result<(), ReportError> {
    let mut before = 0;
    life.points.iter().try_for_each(|point| {
        let LifePoint { first, last, accuracy, low, high } = *point;
        let field = |part: &str| format!("{part} of episode {first} of the life of \"{}\"", life.label);
        ascending(&field("the number"), before, first)?;
        ascending(&field("the last of the block"), first - 1, last)?;
        before = last;
        within(&field("accuracy"), accuracy, 0.0, 1.0)?;
        within(&field("lower end of the interval"), low, 0.0, accuracy)?;
        within(&field("upper end of the interval"), high, accuracy, 1.0)
    })
}

fn ascending(field: &str, before: u64, number: u64) -> Result<(), ReportError> {
    if number > before {
        return Ok(());
    }
    let (value, low, high) = (number as f64, before as f64 + 1.0, f64::MAX);
    Err(ReportError::Value { field: field.to_owned(), value, low, high })
}

fn histogram(histogram: &Histogram) -> Result<(), ReportError> {
    let field = format!("edges of the histogram of {}", histogram.projection);
    length(&field, histogram.edges.len(), histogram.counts.len() + 1)?;
    length(&format!("counts of the histogram of {}", histogram.projection), histogram.counts.len().min(1), 1)?;
    finite(&field, &histogram.edges)?;
    let mut pairs = histogram.edges.windows(2);
    pairs.try_for_each(|pair| {
        let (low, value) = (f64::from(pair[0]), f64::from(pair[1]));
        if value > low {
            Ok(())
        } else {
            Err(ReportError::Value { field: field.clone(), value, low, high: f64::MAX })
        }
    })
}

fn episode(episode: &RecordedEpisode) -> Result<(), ReportError> {
    segment("the episode", 0, episode.steps, episode.steps)?;
    for phase in &episode.phases {
        segment(&format!("phase \"{}\"", phase.label), phase.start, phase.end, episode.steps)?;
    }
    for answer in &episode.decisions {
        segment("the window of an answer", answer.start, answer.end, episode.steps)?;
    }
    episode.rasters.iter().try_for_each(|raster| population(raster, episode.steps))?;
    episode.life.as_ref().map_or(Ok(()), |life| world_check::life(life, episode.steps))?;
    series(episode).try_for_each(|(field, values)| {
        length(&field, values.len(), episode.steps)?;
        finite(&field, values)
    })
}

fn pictures(pictures: &Pictures, episode: Option<&RecordedEpisode>) -> Result<(), ReportError> {
    length("query pictures", pictures.query.len(), episode.map_or(0, |episode| episode.decisions.len()))?;
    let all = [("a support picture", &pictures.support), ("a query picture", &pictures.query)];
    all.into_iter().try_for_each(|(field, list)| {
        list.iter().try_for_each(|pixels| {
            length(field, pixels.len(), pictures.side * pictures.side)?;
            finite(field, pixels)
        })
    })
}

fn memory(memory: &ReadoutWeights) -> Result<(), ReportError> {
    let field = format!("P of a class of {}", memory.projection);
    let neurons = memory.height * memory.width * memory.channels;
    segment(&format!("the map of {}", memory.projection), 0, neurons, neurons)?;
    memory.classes.iter().try_for_each(|weights| {
        length(&field, weights.len(), neurons)?;
        finite(&field, weights)
    })
}

fn population(raster: &Raster, steps: usize) -> Result<(), ReportError> {
    let name = &raster.population;
    segment(&format!("population {name}"), 0, raster.neurons, raster.neurons)?;
    for band in &raster.bands {
        segment(&format!("band \"{}\" of {name}", band.label), band.start, band.end, raster.neurons)?;
    }
    raster.spikes.iter().try_for_each(|&(step, neuron)| {
        index(&format!("the step of a spike of {name}"), step, steps - 1)?;
        index(&format!("the neuron of a spike of {name}"), neuron, raster.neurons - 1)
    })
}

/// Every series that has one value per step, with its name.
fn series(episode: &RecordedEpisode) -> impl Iterator<Item = (String, &[f32])> {
    let weights = episode.plastic_weights.iter().flat_map(|projection| &projection.weights);
    let traces = episode.modulators.iter().chain(&episode.plastic_rms).chain(weights);
    let named = traces.map(|trace| (trace.label.clone(), trace.values.as_slice()));
    named.chain(episode.third_factor.iter().flat_map(|factor| {
        let parts = [("mean", &factor.mean), ("low", &factor.low), ("high", &factor.high)];
        parts.map(|(part, values)| (format!("third factor of {}, {part}", factor.projection), values.as_slice()))
    }))
}

fn segment(field: &str, start: usize, end: usize, limit: usize) -> Result<(), ReportError> {
    if start >= end {
        return Err(ReportError::Empty { field: field.to_owned(), start, end });
    }
    index(&format!("the end of {field}"), end, limit)
}
