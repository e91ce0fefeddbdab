//! The check of a manifest's number formats: the range of every field, and a proof that no 32-bit sum can wrap.
//!
//! With exponents `n`, a neuron's input is `sum_i W_ij 2^(n_v - n_W) + sum_i P_ij 2^(n_v - n_P) + ...`. Each sum is
//! computed exactly in 32 bits and then rescaled. [`check`] computes its largest possible magnitude.

use super::{Manifest, Reached, Real};
use crate::format::{FieldError, PopulationFormat};
use crate::kinds::{Outputs, Population};

/// The reasons for which a manifest's numbers are refused; each names the population or projection, the field and
/// the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The number of formats is not that of the populations or projections.
    #[error("manifest: {formats} {what} formats for {count}")]
    Count {
        /// `population` or `projection`.
        what: &'static str,
        /// Formats given.
        formats: usize,
        /// Formats needed.
        count: usize,
    },
    /// A number format of a population is refused.
    #[error("population {population}: {error}")]
    Population {
        /// Its index.
        population: usize,
        /// The reason.
        error: FieldError,
    },
    /// A number format of a projection is refused.
    #[error("projection {projection}: {error}")]
    Projection {
        /// Its index.
        projection: usize,
        /// The reason.
        error: FieldError,
    },
    /// The gain of the readout's commands is refused.
    #[error("readout: {0}")]
    Readout(FieldError),
    /// A fraction of the training summary is not in 0 to 1.
    #[error("training: {field} is {thousandths} thousandths, not in 0..=1000")]
    Fraction {
        /// The field.
        field: &'static str,
        /// Its value times 1000; the largest i32 where it is not a number.
        thousandths: i32,
    },
    /// What was measured of the trained network is no number.
    #[error("training: the measure in {field} is not finite")]
    NotFinite {
        /// Which arithmetic.
        field: &'static str,
    },
    /// A neuron's input could exceed 32 bits.
    #[error("population {population}: its input may reach {largest}, over the limit of 2^31 - 1")]
    Overflow {
        /// Its index.
        population: usize,
        /// The largest possible input in the membrane's exponent.
        largest: i64,
    },
}

/// Checks all formats of a manifest whose network has passed its own check.
pub(super) fn check(manifest: &Manifest<'_>) -> Result<(), FormatError> {
    let network = &manifest.network;
    same_count("population", manifest.populations.len(), network.populations.len())?;
    same_count("projection", manifest.projections.len(), network.projections.len())?;
    for (index, (population, format)) in network.populations.iter().zip(&manifest.populations).enumerate() {
        let checked = population.check_format(format);
        checked.map_err(|error| FormatError::Population { population: index, error })?;
    }
    for (index, (projection, format)) in network.projections.iter().zip(&manifest.projections).enumerate() {
        let checked = format.check(projection, manifest.exponents(projection));
        checked.map_err(|error| FormatError::Projection { projection: index, error })?;
    }
    for index in 0..network.populations.len() {
        check_sums(manifest, index)?;
    }
    check_command(manifest).map_err(FormatError::Readout)?;
    check_training(manifest)
}

fn check_command(manifest: &Manifest<'_>) -> Result<(), FieldError> {
    let exponent = manifest.potential_exponent(manifest.network.readout.population.into());
    match (manifest.network.command(), manifest.command) {
        (None, None) => Ok(()),
        (Some(command), Some(format)) => format.check(command, exponent),
        _ => Err(FieldError::Kind("command")),
    }
}

fn same_count(what: &'static str, formats: usize, count: usize) -> Result<(), FormatError> {
    if formats == count { Ok(()) } else { Err(FormatError::Count { what, formats, count }) }
}

fn check_sums(manifest: &Manifest<'_>, population: usize) -> Result<(), FormatError> {
    let network = &manifest.network;
    let exponent = manifest.potential_exponent(population);
    let projections = network.projections.iter().zip(&manifest.projections);
    let onto = projections.filter(|(projection, _)| usize::from(projection.post) == population);
    let of_projections = onto.map(|(projection, format)| {
        let outputs =
            network.populations.get(usize::from(projection.pre)).map_or(Outputs::SPIKES, Population::outputs);
        format.largest_input(network.weight_shape(projection).0, outputs, exponent)
    });
    let largest = PopulationFormat::LARGEST_OWN_INPUT + of_projections.sum::<i64>();
    if largest <= i64::from(i32::MAX) { Ok(()) } else { Err(FormatError::Overflow { population, largest }) }
}

fn check_training(manifest: &Manifest<'_>) -> Result<(), FormatError> {
    let Some(training) = manifest.training else { return Ok(()) };
    match training.reached {
        Reached::Accuracy { float, chip, chance, decisions: _ } => {
            let numbers =
                [("accuracy in float32", float), ("accuracy in chip arithmetic", chip), ("chance", chance)];
            let wrong = numbers.into_iter().find(|(_, number)| !number.is_fraction());
            let error =
                |(field, number): (_, Real)| FormatError::Fraction { field, thousandths: number.thousandths() };
            wrong.map_or(Ok(()), |wrong| Err(error(wrong)))
        }
        Reached::Measured { float, chip, episodes: _ } => {
            let wrong = [("float32", float), ("chip arithmetic", chip)].into_iter().find(|(_, it)| !it.is_finite());
            wrong.map_or(Ok(()), |(field, _)| Err(FormatError::NotFinite { field }))
        }
    }
}
