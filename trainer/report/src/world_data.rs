//! What a page shows of a network in a world, as plain values: what is measured of its lives, the course of a life in the
//! mean of many, and one recorded life.
//!
//! As in [`data`](crate::data), nothing here computes, and a part that was not recorded stays empty.
//!
//! ```
//! use metaplastic_report::data::ReportData;
//! use metaplastic_report::render;
//! use metaplastic_report::world_data::{WorldReport, WorldScore};
//!
//! let score = |label: &str, mean| WorldScore {
//!     label: label.to_owned(), mean, low: 0.9 * mean, high: 1.1 * mean, lives: 64,
//! };
//! let world = WorldReport {
//!     measure: "rmse rad".to_owned(),
//!     scores: vec![score("this network", 0.034), score("PD", 0.735)],
//!     courses: Vec::new(),
//! };
//! let page = render(&ReportData { title: "An arm".to_owned(), world: Some(world), ..ReportData::default() }).unwrap();
//! assert!(page.contains("this network") && page.contains("rmse rad"));
//! ```

use serde::{Deserialize, Serialize};

use super::recorded_trace::RecordedTrace;

/// What is measured of lives in a world.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorldReport {
    /// What the task measures first of a life, with its unit, such as `rmse` or `reward of a life`.
    pub measure: String,
    /// That of the network, whole and without parts of it, and of the controls beside it.
    pub scores: Vec<WorldScore>,
    /// What happens over a life, in the mean of many.
    pub courses: Vec<LifeCourse>,
}

/// What was measured of some lives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorldScore {
    /// What acted in them, such as `plasticity frozen (P = 0)`.
    pub label: String,
    /// The mean.
    pub mean: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Number of lives.
    pub lives: u64,
}

/// A quantity over the time of a life.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LifeCourse {
    /// The heading.
    pub title: String,
    /// The quantity with its unit, such as `reward of a choice`.
    pub quantity: String,
    /// The horizontal axis with its unit, such as `time in the life (s)`.
    pub axis: String,
    /// Where on the axis that changes which is hidden, in all lives.
    pub changes: Vec<f64>,
    /// What acted in the lives, the network first.
    pub curves: Vec<CourseCurve>,
}

/// The course of one that acts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CourseCurve {
    /// Who acted.
    pub label: String,
    /// Number of lives that each point is the mean of.
    pub lives: u64,
    /// Ascending along the axis.
    pub points: Vec<CoursePoint>,
}

/// The mean of all lives at some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CoursePoint {
    /// The time.
    pub at: f64,
    /// The mean.
    pub mean: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
}

/// What was done in a recorded life in a world.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedLife {
    /// The steps before which that changes which the world hides.
    pub changes: Vec<usize>,
    /// What has to be where; empty where nothing has.
    pub coordinates: Vec<RecordedCoordinate>,
    /// The commands of the network, one value per step.
    pub commands: Vec<RecordedTrace>,
    /// The analog values that it senses, one value per step.
    pub senses: Vec<RecordedTrace>,
}

/// Where something has to be and where it is, one value per step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedCoordinate {
    /// Its name; empty for the only one.
    pub label: String,
    /// Where it has to be; none where that does not matter.
    pub desired: Vec<Option<f32>>,
    /// Where it is, with the network first, and with others in its place; each with its name.
    pub actual: Vec<RecordedTrace>,
}
