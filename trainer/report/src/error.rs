//! Why a page could not be made: which field of the data is at fault, and its limit.

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
        /// How many values it has.
        length: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A step, neuron or class beyond the last.
    #[error("report data: {field} is {index}, the limit is {limit}")]
    Index {
        /// Which index.
        field: String,
        /// What it is.
        index: usize,
        /// The largest allowed.
        limit: usize,
    },
    /// A stretch that is empty or runs backwards.
    #[error("report data: {field} starts at {start} and ends before {end}: nothing lies between")]
    Empty {
        /// Which stretch.
        field: String,
        /// Where it starts.
        start: usize,
        /// One behind where it ends.
        end: usize,
    },
    /// A value that is not a number, or outside what it may be.
    #[error("report data: {field} is {value}, expected {low} to {high}")]
    Value {
        /// Which value.
        field: String,
        /// What it is.
        value: f64,
        /// The smallest allowed.
        low: f64,
        /// The largest allowed.
        high: f64,
    },
    /// The plotting library refused a figure.
    #[error("figure \"{figure}\" could not be drawn: {source}")]
    Drawing {
        /// The figure's title.
        figure: String,
        /// What the library says.
        source: DrawingAreaErrorKind<io::Error>,
    },
}
