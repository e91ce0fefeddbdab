//! The content of a report: plain values, filled in by the caller that trained, evaluated and recorded the network.
//!
//! Nothing here computes. A part that was not recorded stays empty; the page says that it is left out. Steps count
//! from 0; every segment of steps is `start..end`, where `end` is one past the last step.
//!
//! ```
//! use metaplastic_report::data::{Accuracy, CurvePoint, FactRow, ReportData};
//! use metaplastic_report::render;
//!
//! let accuracy = |label: &str, accuracy, low, high| Accuracy {
//!     label: label.to_owned(), accuracy, low, high, decisions: 400, episodes: 100,
//! };
//! let data = ReportData {
//!     title: "Three states of a machine".to_owned(),
//!     task: "machine".to_owned(),
//!     chance: 1.0 / 3.0,
//!     summary: vec![FactRow { label: "RAM".to_owned(), value: "23 KiB".to_owned() }],
//!     accuracies: vec![accuracy("chip", 0.94, 0.91, 0.96), accuracy("chip, P frozen", 0.32, 0.27, 0.37)],
//!     curve: (0..3).map(|meta_step| CurvePoint { meta_step, ..CurvePoint::default() }).collect(),
//!     ..ReportData::default()
//! };
//! let page = render(&data).unwrap();
//! assert!(page.contains("Three states of a machine") && page.contains("chip, P frozen"));
//! ```

use serde::{Deserialize, Serialize};

pub use super::recorded_trace::RecordedTrace;
use super::world_data::{RecordedLife, WorldReport};

/// Everything one report shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// The heading of the page.
    pub title: String,
    /// The task's name.
    pub task: String,
    /// The seed of all random numbers.
    pub seed: u64,
    /// Optimiser steps taken; 0 for a network that was not trained.
    pub meta_steps: u64,
    /// The commands that made the network and this page, one per line.
    pub command_lines: Vec<String>,
    /// A page in the same folder on which the network runs in the browser; none where there is none.
    pub exported_page: Option<String>,
    /// Further facts for the table at the top, such as flash and RAM bytes.
    pub summary: Vec<FactRow>,
    /// The accuracy of guessing, 0 to 1.
    pub chance: f64,
    /// What is measured in a world; none where decisions are right or wrong.
    pub world: Option<WorldReport>,
    /// The course of meta-training; empty for an artifact without its training.
    pub curve: Vec<CurvePoint>,
    /// Float, chip and ablated accuracies on unseen episodes.
    pub accuracies: Vec<Accuracy>,
    /// Accuracy by the number of the query within its episode; may be empty.
    pub within_episode: Vec<Accuracy>,
    /// Accuracy over a life, of this network and of others beside it; may be empty.
    pub lives: Vec<LifeCurve>,
    /// One unseen episode, recorded on the integer runtime.
    pub episode: Option<RecordedEpisode>,
    /// The samples of that episode, where they were pictures.
    pub pictures: Option<Pictures>,
    /// The plastic weights onto the readout at its end, where samples were pictures; one per plastic projection.
    pub memories: Vec<ReadoutWeights>,
    /// The distribution of the plastic weights at its end, one histogram per projection.
    pub plastic_distribution: Vec<Histogram>,
    /// The plasticity rule of each plastic projection.
    pub rule: Vec<RuleRow>,
    /// The format of each quantity on the chip.
    pub formats: Vec<FormatRow>,
}

/// A line of the table at the top.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRow {
    /// The name of the fact.
    pub label: String,
    /// Its value with its unit.
    pub value: String,
}

/// One meta-step of training. Values that are not finite are left out of the curves and counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Its number, ascending.
    pub meta_step: u64,
    /// Mean cross entropy of the batch, nats per decision.
    pub loss: f64,
    /// Fraction of right decisions in the batch, 0 to 1; in a world the mean of the first thing that its task measures.
    /// Older tables have the column `accuracy`.
    #[serde(alias = "accuracy")]
    pub score: f64,
    /// The learning rate in this step.
    pub learning_rate: f64,
    /// The gradient's Euclidean norm before clipping.
    pub gradient_norm: f64,
}

/// An accuracy on unseen episodes, with its uncertainty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// The condition, such as `chip, plasticity frozen`.
    pub label: String,
    /// Fraction of right decisions, 0 to 1.
    pub accuracy: f64,
    /// Lower end of the 95 % interval, 0 to `accuracy`.
    pub low: f64,
    /// Upper end of the 95 % interval, `accuracy` to 1.
    pub high: f64,
    /// Number of decisions.
    pub decisions: u64,
    /// Number of episodes.
    pub episodes: u64,
}

/// The accuracy of a network over its life: many episodes without a reset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LifeCurve {
    /// The network, such as `this network`.
    pub label: String,
    /// Number of lives that each point is the mean of.
    pub lives: u64,
    /// The points, in the order of their episodes.
    pub points: Vec<LifePoint>,
}

/// The accuracy in consecutive episodes of a life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LifePoint {
    /// The number of the first episode, from 1.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
    /// Fraction of right decisions, 0 to 1.
    pub accuracy: f64,
    /// Lower end of the 95 % interval, 0 to `accuracy`.
    pub low: f64,
    /// Upper end of the 95 % interval, `accuracy` to 1.
    pub high: f64,
}

/// One recorded episode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedEpisode {
    /// Number of steps.
    pub steps: usize,
    /// The phases: what is shown in which steps.
    pub phases: Vec<RecordedPhase>,
    /// The spikes of populations, in declaration order.
    pub rasters: Vec<Raster>,
    /// Names of the populations that are too large for a raster.
    pub without_raster: Vec<String>,
    /// The output `m` of each modulator neuron, -1 to 1, one value per step.
    pub modulators: Vec<RecordedTrace>,
    /// The third factor of each plastic projection.
    pub third_factor: Vec<RecordedThirdFactor>,
    /// Root mean square of `P` over each plastic projection's synapses, one value per step.
    pub plastic_rms: Vec<RecordedTrace>,
    /// Some single weights `P` of each plastic projection, one value per step.
    pub plastic_weights: Vec<RecordedWeights>,
    /// The answers of the network.
    pub decisions: Vec<RecordedDecision>,
    /// What was done in a world; none of an episode without one.
    pub life: Option<RecordedLife>,
}

/// Steps of an episode in which one thing is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedPhase {
    /// First step.
    pub start: usize,
    /// One past the last step.
    pub end: usize,
    /// A short text for readers, such as `cue 2`.
    pub label: String,
    /// What is shown; it determines the shade.
    pub kind: RecordedPhaseKind,
}

/// What is shown in a phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordedPhaseKind {
    /// Something to be learned, without its label.
    Cue,
    /// The label of the right class, alone or with a sample.
    Label,
    /// A query: something without its label; an answer is scored.
    Query,
    /// Nothing.
    #[default]
    Pause,
}

/// The spikes of a population.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raster {
    /// The population's name.
    pub population: String,
    /// Number of neurons.
    pub neurons: usize,
    /// Groups of neighbouring neurons, ascending and not overlapping; may be empty.
    pub bands: Vec<Band>,
    /// The step and the neuron of each spike.
    pub spikes: Vec<(usize, usize)>,
}

/// Neighbouring neurons with a common meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// A short text for readers, such as `label 1`.
    pub label: String,
    /// First neuron.
    pub start: usize,
    /// One past the last neuron.
    pub end: usize,
}

/// The third factor `M_j` of a projection over an episode, one value per step, over its postsynaptic neurons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedThirdFactor {
    /// The projection's name.
    pub projection: String,
    /// Mean over the postsynaptic neurons.
    pub mean: Vec<f32>,
    /// Smallest of them.
    pub low: Vec<f32>,
    /// Largest of them.
    pub high: Vec<f32>,
}

/// Single weights of a plastic projection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedWeights {
    /// The projection's name.
    pub projection: String,
    /// The weights, in units of the threshold, one value per step.
    pub weights: Vec<RecordedTrace>,
}

/// An answer of the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedDecision {
    /// First step of the window in which class scores are accumulated.
    pub start: usize,
    /// One past the last step of the window.
    pub end: usize,
    /// The right class.
    pub target: usize,
    /// The class with the highest score.
    pub answer: usize,
    /// The score of each candidate class in the window.
    pub class_scores: Vec<i32>,
    /// What the answer brought, where a world rewards it; there is no right class then.
    pub reward: Option<f64>,
}

/// The pictures of an episode as the network saw them: square, row by row from the top, each pixel the fraction of
/// the picture's steps in which its neuron spiked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// Pixels a side.
    pub side: usize,
    /// Number of support samples of each class.
    pub shots: usize,
    /// The first support sample of each class, by class.
    pub support: Vec<Vec<f32>>,
    /// The query samples, one per decision.
    pub query: Vec<Vec<f32>>,
}

/// The plastic weights onto the readout at the end of an episode: for each class a map of the presynaptic neurons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadoutWeights {
    /// The projection's name.
    pub projection: String,
    /// Rows of the presynaptic map; 1 where it is none.
    pub height: usize,
    /// Columns of the presynaptic map; 1 where it is none.
    pub width: usize,
    /// Neurons at each position of the map.
    pub channels: usize,
    /// The weights from every presynaptic neuron, `(y width + x) channels + c`, by class; units of the threshold.
    pub classes: Vec<Vec<f32>>,
}

/// Numbers of plastic weights by their value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// The projection's name.
    pub projection: String,
    /// Edges of the bins, ascending, one more than there are bins; in units of the threshold.
    pub edges: Vec<f32>,
    /// Synapses in each bin.
    pub counts: Vec<u64>,
}

/// The plasticity rule of a projection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// The projection's name.
    pub projection: String,
    /// The rule with its coefficients, one equation per line.
    pub equation: String,
}

/// The format of a quantity on the chip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormatRow {
    /// Its name, such as `input>hidden P`.
    pub quantity: String,
    /// Smallest value in training.
    pub low: f32,
    /// Largest value in training.
    pub high: f32,
    /// The type and scale, such as `i16 x 2^-14`.
    pub format: String,
    /// The value of one least significant bit.
    pub lsb: f32,
}
