//! Faults of the data, with the field and its limit, and of the plotting library.

use std::io;

use plotters::drawing::DrawingAreaErrorKind;

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A series does not have one value for each step, or a histogram one edge more than bins.
    #[error("report data: {field} has {length} values, expected {expected}")]
    Length {
        /// Which series.
        field: String,
        /// Its number of values.
        length: usize,
        /// The right number.
        expected: usize,
    },
    /// A step or neuron is beyond the last.
    #[error("report data: {field} is {index}, the limit is {limit}")]
    Index {
        /// Which index.
        field: String,
        /// Its value.
        index: usize,
        /// The largest permitted value.
        limit: usize,
    },
    /// A segment is empty or runs backwards.
    #[error("report data: {field} starts at {start} and ends before {end}: it is empty")]
    Empty {
        /// Which segment.
        field: String,
        /// Its start.
        start: usize,
        /// Its end, exclusive.
        end: usize,
    },
    /// A value is not a number or out of its range.
    #[error("report data: {field} is {value}, expected {low} to {high}")]
    Value {
        /// Which value.
        field: String,
        /// Its value.
        value: f64,
        /// The smallest permitted value.
        low: f64,
        /// The largest permitted value.
        high: f64,
    },
    /// The plotting library refused a figure.
    #[error("figure \"{figure}\" could not be drawn: {source}")]
    Drawing {
        /// The figure's title.
        figure: String,
        /// What the library reports.
        source: DrawingAreaErrorKind<io::Error>,
    },
}
