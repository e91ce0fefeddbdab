//! The start values of meta-parameters: each row of each tensor is normal with a mean and a deviation, or decays
//! have time constants drawn log-uniformly.
//!
//! The file's tables give starts in the quantity itself; here they are raw meta-parameters (decays through the
//! logit, positive quantities through the logarithm).

use std::ops::RangeInclusive;

use metaplastic_files::limit::within;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use super::error::Fault;
use crate::model::{Model, ParameterSlot, logit};
use metaplastic_task::seed::{Purpose, rng};

/// Quantities that are their raw number.
pub(super) const PLAIN: RangeInclusive<f64> = -100.0..=100.0;
/// Positive quantities.
pub(super) const POSITIVE: RangeInclusive<f64> = 1e-6..=100.0;
/// Decays.
pub(super) const DECAY: RangeInclusive<f64> = 0.0001..=0.9999;

/// The start values of a tensor.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StartValues {
    /// By rows.
    Rows(Vec<RowDistribution>),
    /// Decays.
    TimeConstants(TimeConstants),
}

/// Decays `exp(-1 / tau)` whose time constants `tau`, in steps, are drawn log-uniformly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TimeConstants {
    low: f64,
    high: f64,
}

impl TimeConstants {
    /// Those of the decays from `low` to `high`, both between 0 and 1.
    pub(super) fn of_decays(low: f64, high: f64) -> Self {
        Self { low: -low.ln().recip(), high: -high.ln().recip() }
    }

    /// The raw parameter of a decay.
    fn draw(self, rng: &mut Pcg64) -> f32 {
        let fraction: f64 = rng.random();
        let tau = self.low * (self.high / self.low).powf(fraction);
        logit((-tau.recip()).exp() as f32)
    }
}

/// All values of a row are drawn from `N(mean, deviation²)`; that of the row's own number has `diagonal` more, and those of
/// the row's own block, among equal blocks along the diagonal, `block_diagonal`. Raw meta-parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct RowDistribution {
    pub(super) mean: f32,
    pub(super) deviation: f32,
    pub(super) diagonal: f32,
    pub(super) block_diagonal: f32,
}

impl StartValues {
    /// A quantity that is its raw number, drawn with a standard deviation.
    pub(super) fn normal(field: &str, mean: f64, deviation: f64) -> Result<Self, Fault> {
        within(format!("{field}_deviation"), deviation, 0.0..=100.0)?;
        within(field, mean, PLAIN)?;
        let (mean, deviation) = (mean as f32, deviation as f32);
        Ok(Self::Rows(vec![RowDistribution { mean, deviation, ..RowDistribution::default() }]))
    }

    /// A positive quantity.
    pub(super) fn positive(field: &str, value: f64) -> Result<Self, Fault> {
        constant(field, value, POSITIVE, f32::ln)
    }

    /// A decay.
    pub(super) fn decay(field: &str, value: f64) -> Result<Self, Fault> {
        constant(field, value, DECAY, logit)
    }

    /// Draws a tensor with `columns` columns.
    fn draw(&self, columns: usize, rng: &mut Pcg64, tensor: &mut [f32]) {
        match self {
            Self::Rows(rows) => {
                for (number, (row, values)) in rows.iter().zip(tensor.chunks_mut(columns)).enumerate() {
                    row.draw(rng, values);
                    row.add_diagonals(number, rows.len(), values);
                }
            }
            Self::TimeConstants(constants) => tensor.fill_with(|| constants.draw(rng)),
        }
    }
}

impl RowDistribution {
    fn draw(self, rng: &mut Pcg64, values: &mut [f32]) {
        values.fill_with(|| {
            let normal: f32 = StandardNormal.sample(rng);
            self.mean + self.deviation * normal
        });
    }

    /// To row `number` of so many.
    fn add_diagonals(self, number: usize, rows: usize, values: &mut [f32]) {
        values.get_mut(number).into_iter().for_each(|value| *value += self.diagonal);
        let (columns, blocks) = (values.len(), rows.min(values.len()));
        let of_block = |column: &usize| column * blocks / columns == number * blocks / rows;
        (0..columns).filter(of_block).for_each(|column| values[column] += self.block_diagonal);
    }
}

fn constant(
    field: &str,
    value: f64,
    range: RangeInclusive<f64>,
    raw: impl Fn(f32) -> f32,
) -> Result<StartValues, Fault> {
    within(field, value, range)?;
    Ok(StartValues::Rows(vec![RowDistribution { mean: raw(value as f32), ..RowDistribution::default() }]))
}

/// Draws the flat vector; each tensor has a random stream of its own.
pub(super) fn draw(starts: &[StartValues], model: &Model, seed: u64) -> Vec<f32> {
    let mut flat = vec![0.0; model.parameter_count()];
    for (index, (start, slot)) in starts.iter().zip(model.slots()).enumerate() {
        let ParameterSlot { range, shape, .. } = slot;
        start.draw(shape.1, &mut rng(seed, Purpose::Initialisation, index as u64), &mut flat[range.clone()]);
    }
    flat
}
