//! Are a manifest's number formats sound? Ranges of every field, and a proof that no 32-bit sum can wrap.
//!
//! With exponents `n`, a neuron's input is `sum_i W_ij 2^(n_v - n_W) + sum_i P_ij 2^(n_v - n_P) + ...`; each
//! sum is taken exactly in 32 bits and then rescaled. [`check`] bounds it by its largest possible value.

use core::ops::RangeInclusive;

use super::Manifest;
use crate::format::{
    LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat, ProjectionFormat, SIGNAL_EXPONENT, TRACE_EXPONENT,
    WEIGHT_EXPONENTS,
};
use crate::network::{Plasticity, PopulationKind, Projection, ThirdFactor};

/// What is wrong with a manifest's numbers; names the place, the field and the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// As many formats as populations and projections are needed.
    #[error("manifest: {formats} {what} formats for {count}")]
    Count {
        /// `population` or `projection`.
        what: &'static str,
        /// Formats there are.
        formats: usize,
        /// Formats needed.
        count: usize,
    },
    /// The format is for another kind of population or projection.
    #[error("{what} {index}: its format is for another kind ({field})")]
    Kind {
        /// `population` or `projection`.
        what: &'static str,
        /// Which one.
        index: usize,
        /// The field that does not fit.
        field: &'static str,
    },
    /// A field is out of its range.
    #[error("{what} {index}: {field} is {value}, not in {low}..={high}")]
    Range {
        /// `population` or `projection`.
        what: &'static str,
        /// Which one.
        index: usize,
        /// The field.
        field: &'static str,
        /// Its value.
        value: i32,
        /// The least allowed.
        low: i32,
        /// The most allowed.
        high: i32,
    },
    /// A fraction of the training summary is not one.
    #[error("training: {field} is {thousandths} thousandths, not in 0..=1000")]
    Fraction {
        /// The field.
        field: &'static str,
        /// Its value times 1000; the largest i32 where it is not a number.
        thousandths: i32,
    },
    /// A neuron's input could exceed 32 bits.
    #[error("population {population}: its input may reach {largest}, over the limit of 2^31 - 1")]
    Overflow {
        /// Which one.
        population: usize,
        /// The largest possible input in the membrane's exponent.
        largest: i64,
    },
}

/// Where a field is: `population 3` or `projection 1`.
#[derive(Clone, Copy)]
struct Place(&'static str, usize);

impl Place {
    fn within(self, field: &'static str, value: i32, range: RangeInclusive<i32>) -> Result<(), FormatError> {
        if range.contains(&value) {
            return Ok(());
        }
        let (low, high) = (*range.start(), *range.end());
        Err(FormatError::Range { what: self.0, index: self.1, field, value, low, high })
    }

    fn kind(self, field: &'static str) -> FormatError {
        FormatError::Kind { what: self.0, index: self.1, field }
    }
}

const EXPONENT: RangeInclusive<i32> = 0..=15;
/// Of P, which may be far smaller than all else and still decide.
const PLASTIC_EXPONENT: RangeInclusive<i32> = 0..=24;
const NOT_NEGATIVE: RangeInclusive<i32> = 0..=i16::MAX as i32;
const SHIFT: RangeInclusive<i32> = -15..=30;
const RIGHT_SHIFT: RangeInclusive<i32> = 0..=30;

/// Checks all formats of a manifest whose network has passed its own check.
pub(super) fn check(manifest: &Manifest<'_>) -> Result<(), FormatError> {
    let network = &manifest.network;
    same_count("population", manifest.populations.len(), network.populations.len())?;
    same_count("projection", manifest.projections.len(), network.projections.len())?;
    for (index, (population, format)) in network.populations.iter().zip(&manifest.populations).enumerate() {
        check_population(Place("population", index), population.kind, format)?;
    }
    for (index, (projection, format)) in network.projections.iter().zip(&manifest.projections).enumerate() {
        let post_exponent = potential_exponent(manifest, usize::from(projection.post));
        check_projection(Place("projection", index), projection, format, post_exponent)?;
    }
    for index in 0..network.populations.len() {
        check_sums(manifest, index)?;
    }
    check_training(manifest)
}

fn same_count(what: &'static str, formats: usize, count: usize) -> Result<(), FormatError> {
    if formats == count { Ok(()) } else { Err(FormatError::Count { what, formats, count }) }
}

fn check_population(place: Place, kind: PopulationKind, format: &PopulationFormat) -> Result<(), FormatError> {
    match (kind, format) {
        (PopulationKind::Input, PopulationFormat::Input) => Ok(()),
        (PopulationKind::Lif(lif), PopulationFormat::Lif(format)) => check_lif(place, lif.adaptive, format),
        (PopulationKind::Modulator(_), PopulationFormat::Modulator(format)) => {
            place.within("exponent", format.exponent.into(), EXPONENT)?;
            place.within("signal_exponent", format.signal_exponent.into(), WEIGHT_EXPONENTS)?;
            place.within("signal shift", signal_shift(format), SHIFT)
        }
        _ => Err(place.kind("kind")),
    }
}

fn check_lif(place: Place, adaptive: bool, format: &LifFormat) -> Result<(), FormatError> {
    place.within("exponent", format.exponent.into(), EXPONENT)?;
    place.within("threshold", format.threshold.into(), 1..=i16::MAX.into())?;
    if adaptive != format.adaptation.is_some() {
        return Err(place.kind("adaptation"));
    }
    let strength = format.adaptation.map_or(0, |adaptation| adaptation.strength);
    place.within("adaptation.strength", strength.into(), NOT_NEGATIVE)
}

fn check_projection(
    place: Place,
    projection: &Projection,
    format: &ProjectionFormat,
    post_exponent: i32,
) -> Result<(), FormatError> {
    place.within("weight_exponent", format.weight_exponent.into(), WEIGHT_EXPONENTS)?;
    place.within("weight shift", i32::from(format.weight_exponent) - post_exponent, SHIFT)?;
    match (&projection.plasticity, &format.plastic) {
        (None, None) => Ok(()),
        (Some(plasticity), Some(plastic)) => check_plastic(place, plasticity, plastic),
        _ => Err(place.kind("plastic")),
    }
}

fn check_plastic(place: Place, plasticity: &Plasticity, plastic: &PlasticFormat) -> Result<(), FormatError> {
    place.within("plastic_exponent", plastic.plastic_exponent.into(), PLASTIC_EXPONENT)?;
    place.within("eligibility_exponent", plastic.eligibility_exponent.into(), EXPONENT)?;
    place.within("third_factor_exponent", plastic.third_factor_exponent.into(), EXPONENT)?;
    place.within("plastic_limit", plastic.plastic_limit.into(), NOT_NEGATIVE)?;
    place.within("rate", plastic.rate.into(), NOT_NEGATIVE)?;
    place.within("rate_exponent", plastic.rate_exponent.into(), RIGHT_SHIFT)?;
    place.within("change shift", plastic.change_shift(), RIGHT_SHIFT)?;
    if plasticity.third_factor == ThirdFactor::One {
        return Ok(());
    }
    let exponent = i32::from(plastic.third_factor_weight_exponent);
    place.within("third_factor_weight_exponent", exponent, WEIGHT_EXPONENTS)?;
    let shift = exponent + TRACE_EXPONENT - i32::from(plastic.third_factor_exponent);
    place.within("third factor shift", shift, RIGHT_SHIFT)
}

fn signal_shift(format: &ModulatorFormat) -> i32 {
    i32::from(format.signal_exponent) + SIGNAL_EXPONENT - i32::from(format.exponent)
}

fn potential_exponent(manifest: &Manifest<'_>, population: usize) -> i32 {
    match manifest.populations.get(population) {
        Some(PopulationFormat::Lif(format)) => format.exponent.into(),
        Some(PopulationFormat::Modulator(format)) => format.exponent.into(),
        Some(PopulationFormat::Input) | None => 0,
    }
}

fn check_sums(manifest: &Manifest<'_>, population: usize) -> Result<(), FormatError> {
    // The decayed potential, the bias and the reset, each an i16.
    let mut largest = 3 * (1_i64 << 15);
    let exponent = potential_exponent(manifest, population);
    for (projection, format) in manifest.network.projections.iter().zip(&manifest.projections) {
        if usize::from(projection.post) != population {
            continue;
        }
        let pre = manifest.network.weight_shape(projection).0 as i64;
        largest += scaled(pre * 128, i32::from(format.weight_exponent) - exponent);
        if let Some(plastic) = &format.plastic {
            let shift = i32::from(plastic.plastic_exponent) - exponent;
            largest += scaled(pre * i64::from(plastic.plastic_limit), shift);
        }
    }
    if let Some(PopulationFormat::Modulator(format)) = manifest.populations.get(population) {
        largest += scaled(i64::from(manifest.network.signals) * (1 << 22), signal_shift(format));
    }
    if largest <= i64::from(i32::MAX) { Ok(()) } else { Err(FormatError::Overflow { population, largest }) }
}

/// An upper bound of `|value| * 2^-shift`, rounding included.
fn scaled(value: i64, shift: i32) -> i64 {
    if shift >= 0 { (value >> shift) + 1 } else { value << -shift }
}

fn check_training(manifest: &Manifest<'_>) -> Result<(), FormatError> {
    let Some(training) = manifest.training else { return Ok(()) };
    let fractions = [
        ("float_accuracy", training.float_accuracy),
        ("chip_accuracy", training.chip_accuracy),
        ("chance", training.chance),
    ];
    for (field, fraction) in fractions {
        if !fraction.is_sound() {
            return Err(FormatError::Fraction { field, thousandths: fraction.thousandths() });
        }
    }
    Ok(())
}
