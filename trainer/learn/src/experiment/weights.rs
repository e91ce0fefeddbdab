//! `weights` of a projection and the like: how a weight matrix is drawn, and what constrains it.

use std::ops::RangeInclusive;

use metaplastic_files::integer::integer;
use metaplastic_files::limit::within;
use metaplastic_shared::network::MAX_NEURONS;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::start::{PLAIN, RowDistribution, StartValues};

const DEVIATION: RangeInclusive<f64> = 0.0..=100.0;

/// How a weight matrix is drawn: normal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeightsTable {
    #[serde(default)]
    pub(super) mean: f64,
    pub(super) deviation: f64,
    pub(super) scale: Scale,
    /// Added to the weight from each neuron to the neuron of the same number.
    #[serde(default)]
    pub(super) diagonal: f64,
    /// Added to the weights from each neuron to its share of the neurons: of the smaller population, every neuron has an
    /// equal block of the larger one.
    #[serde(default)]
    pub(super) block_diagonal: f64,
    /// Keeps the weights onto each neuron or channel at mean 0 and deviation `standardised / sqrt(n_pre)`.
    pub(super) standardised: Option<f64>,
    /// Whether the deviation, of batch-normalised currents or else of the weights, only starts from what is given,
    /// and is then learned neuron by neuron or channel by channel.
    #[serde(default)]
    pub(super) learned_deviation: bool,
    /// Keeps the currents that standardised weights bring at a mean, the bias, and at this deviation.
    pub(super) batch_normalised: Option<f64>,
    /// Whether training runs with these weights rounded as on the chip.
    #[serde(default)]
    pub(super) quantisation_aware: bool,
    /// Whether training leaves these weights at their start values.
    #[serde(default)]
    pub(super) frozen: bool,
    /// Presynaptic neurons with a deviation of their own.
    #[serde(default)]
    channels: Vec<ChannelsTable>,
}

/// The factor on a deviation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scale {
    /// 1.
    Absolute,
    /// `1 / sqrt(n_pre)`.
    FanIn,
}

/// Weights from presynaptic neurons `first..=last` have a deviation and perhaps a mean of their own, always absolute.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelsTable {
    #[serde(deserialize_with = "integer::<_, _, 0, { MAX_NEURONS as i64 - 1 }>")]
    first: usize,
    #[serde(deserialize_with = "integer::<_, _, 0, { MAX_NEURONS as i64 - 1 }>")]
    last: usize,
    deviation: f64,
    mean: Option<f64>,
}

impl WeightsTable {
    /// The start values of a matrix with `rows` rows.
    pub(super) fn start(&self, field: &str, rows: usize) -> Result<StartValues, Fault> {
        within(format!("{field}.deviation"), self.deviation, DEVIATION)?;
        let scale = match self.scale {
            Scale::Absolute => 1.0,
            Scale::FanIn => (rows as f64).sqrt().recip(),
        };
        within(format!("{field}.mean"), self.mean, PLAIN)?;
        within(format!("{field}.diagonal"), self.diagonal, PLAIN)?;
        within(format!("{field}.block_diagonal"), self.block_diagonal, PLAIN)?;
        let (mean, deviation) = (self.mean as f32, (self.deviation * scale) as f32);
        let (diagonal, block_diagonal) = (self.diagonal as f32, self.block_diagonal as f32);
        let mut all = vec![RowDistribution { mean, deviation, diagonal, block_diagonal }; rows];
        for channels in &self.channels {
            channels.apply(&format!("{field}.channels"), &mut all)?;
        }
        Ok(StartValues::Rows(all))
    }
}

impl ChannelsTable {
    fn apply(&self, field: &str, rows: &mut [RowDistribution]) -> Result<(), Fault> {
        within(format!("{field}.deviation"), self.deviation, DEVIATION)?;
        within(format!("{field}.mean"), self.mean.unwrap_or(0.0), PLAIN)?;
        let (first, last, limit) = (self.first, self.last, rows.len() - 1);
        if first > last || last > limit {
            return Err(Fault::Channels { field: field.into(), first, last, limit });
        }
        let mean = self.mean.map(|mean| mean as f32);
        for row in &mut rows[first..=last] {
            (row.deviation, row.mean) = (self.deviation as f32, mean.unwrap_or(row.mean));
        }
        Ok(())
    }
}
