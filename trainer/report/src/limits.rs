//! Single values and series against their limits; the error names the field. This file may not know the data.

use super::error::ReportError;

/// A value within its ends, which are permitted.
pub(super) fn within(field: &str, value: f64, low: f64, high: f64) -> Result<(), ReportError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(ReportError::Value { field: field.to_owned(), value, low, high })
}

/// A series of the right length.
pub(super) fn length(field: &str, length: usize, expected: usize) -> Result<(), ReportError> {
    if length == expected {
        return Ok(());
    }
    Err(ReportError::Length { field: field.to_owned(), length, expected })
}

/// An index that is at most a limit.
pub(super) fn index(field: &str, index: usize, limit: usize) -> Result<(), ReportError> {
    if index <= limit {
        return Ok(());
    }
    Err(ReportError::Index { field: field.to_owned(), index, limit })
}

/// Numbers, none of them infinite.
pub(super) fn finite(field: &str, values: &[f32]) -> Result<(), ReportError> {
    let unfit = values.iter().find(|value| !value.is_finite());
    let (low, high) = (f64::from(f32::MIN), f64::from(f32::MAX));
    unfit.map_or(Ok(()), |value| {
        Err(ReportError::Value { field: field.to_owned(), value: f64::from(*value), low, high })
    })
}
