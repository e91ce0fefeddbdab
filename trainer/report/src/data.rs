//! What a report shows: plain values, filled by whoever trained, evaluated and recorded the network.
//!
//! Nothing here computes. A part that was not recorded stays empty and is left out of the page with a sentence
//! that says so. Steps count from 0; every stretch of steps is `start..end`, its end one behind the last step.

use serde::{Deserialize, Serialize};

/// Everything one report shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// The page's heading.
    pub title: String,
    /// The task's name.
    pub task: String,
    /// The seed everything random came from.
    pub seed: u64,
    /// Optimiser steps taken; 0 for a network that was not trained.
    pub meta_steps: u64,
    /// The commands that made the network and this page, one a line.
    pub command_lines: Vec<String>,
    /// Further facts for the table at the top, such as flash and RAM bytes.
    pub summary: Vec<Row>,
    /// The accuracy of guessing, 0 to 1.
    pub chance: f64,
    /// The course of meta-training; empty if only an artifact is at hand.
    pub curve: Vec<CurvePoint>,
    /// Float, chip and ablated accuracies on unseen episodes.
    pub accuracies: Vec<Accuracy>,
    /// Accuracy by the order in which a question comes within its episode; may be empty.
    pub within_episode: Vec<Accuracy>,
    /// One unseen episode, recorded on the integer runtime.
    pub episode: Option<RecordedEpisode>,
    /// What that episode showed and asked for, where it was pictures.
    pub pictures: Option<Pictures>,
    /// What it left in the plastic weights onto the readout, where it was pictures; one a plastic projection.
    pub memories: Vec<Memory>,
    /// How the plastic weights are distributed at the end of that episode, one histogram a projection.
    pub plastic_distribution: Vec<Histogram>,
    /// The plasticity rule of each plastic projection.
    pub rule: Vec<RuleRow>,
    /// How each quantity is stored on the chip.
    pub formats: Vec<FormatRow>,
}

/// A line of the table at the top.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What is told.
    pub label: String,
    /// Its value with its unit.
    pub value: String,
}

/// One meta-step of training. Values that are not finite are left out of the curves and counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Which, ascending.
    pub meta_step: u64,
    /// Mean cross entropy of the batch, nats a decision.
    pub loss: f64,
    /// Share of right decisions in the batch, 0 to 1.
    pub accuracy: f64,
    /// The optimiser's rate in this step.
    pub learning_rate: f64,
    /// The gradient's Euclidean norm before clipping.
    pub gradient_norm: f64,
}

/// An accuracy on unseen episodes, with its uncertainty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// The condition, such as `chip, plasticity frozen`.
    pub label: String,
    /// Share of right decisions, 0 to 1.
    pub accuracy: f64,
    /// Lower end of the 95 % interval, 0 to `accuracy`.
    pub low: f64,
    /// Upper end of the 95 % interval, `accuracy` to 1.
    pub high: f64,
    /// Decisions it was measured on.
    pub decisions: u64,
    /// Episodes those decisions come from.
    pub episodes: u64,
}

/// One episode as it ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedEpisode {
    /// How many steps.
    pub steps: usize,
    /// What happens when.
    pub marks: Vec<Phase>,
    /// The spikes of populations, in declaration order.
    pub rasters: Vec<Raster>,
    /// Names of the populations that are too large for their spikes to be drawn.
    pub without_raster: Vec<String>,
    /// The output `m` of each modulator neuron, -1 to 1, one value a step.
    pub modulators: Vec<Trace>,
    /// The third factor of each plastic projection.
    pub third_factor: Vec<ThirdFactor>,
    /// Root mean square of `P` over each plastic projection's synapses, one value a step.
    pub plastic_rms: Vec<Trace>,
    /// The answers that were asked for.
    pub decisions: Vec<Answer>,
}

/// A named stretch of an episode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// First step.
    pub start: usize,
    /// One behind the last step.
    pub end: usize,
    /// What readers call it; short, such as `cue 2`.
    pub label: String,
    /// What kind of stretch, which chooses the shade.
    pub kind: PhaseKind,
}

/// What kind of stretch a phase is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseKind {
    /// Something is shown to be learned.
    Cue,
    /// The right answer is told.
    Label,
    /// Something is shown and an answer is asked for.
    Query,
    /// Nothing is shown.
    #[default]
    Pause,
}

/// The spikes of a population.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raster {
    /// The population's name.
    pub population: String,
    /// How many neurons it has.
    pub neurons: usize,
    /// Neighbours with a common meaning, ascending and not overlapping; may be empty.
    pub bands: Vec<Band>,
    /// Each spike as its step and its neuron.
    pub spikes: Vec<(usize, usize)>,
}

/// Neighbouring neurons with a common meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// What they stand for; short, such as `label 1`.
    pub label: String,
    /// First neuron.
    pub start: usize,
    /// One behind the last neuron.
    pub end: usize,
}

/// A quantity over an episode, one value a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Whose it is.
    pub label: String,
    /// One value a step.
    pub values: Vec<f32>,
}

/// The third factor `M_j` of a projection over an episode, one value a step, over its postsynaptic neurons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThirdFactor {
    /// The projection's name.
    pub projection: String,
    /// Mean over the postsynaptic neurons.
    pub mean: Vec<f32>,
    /// Smallest of them.
    pub low: Vec<f32>,
    /// Largest of them.
    pub high: Vec<f32>,
}

/// An answer that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// First step of the window in which spikes are counted.
    pub start: usize,
    /// One behind its last step.
    pub end: usize,
    /// The right class.
    pub target: usize,
    /// The class the network chose.
    pub answer: usize,
    /// Votes of each class's readout neurons in the window, of the classes that can be the answer.
    pub votes: Vec<i32>,
}

/// The pictures of an episode as the network saw them: square, row by row from the top, each pixel the share of the
/// picture's steps in which its neuron spiked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// Pixels a side.
    pub side: usize,
    /// How many labelled pictures each class had.
    pub shots: usize,
    /// The first labelled picture of each class, by class.
    pub taught: Vec<Vec<f32>>,
    /// What was asked for, one a decision.
    pub asked: Vec<Vec<f32>>,
}

/// The plastic weights onto the readout at the end of an episode: for each class a map of the presynaptic neurons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// The projection's name.
    pub projection: String,
    /// Rows of the presynaptic map; 1 where it is none.
    pub height: usize,
    /// Columns of the presynaptic map; 1 where it is none.
    pub width: usize,
    /// Neurons at each place of the map.
    pub channels: usize,
    /// The weights from every presynaptic neuron, `(y width + x) channels + c`, by class; units of the threshold.
    pub classes: Vec<Vec<f32>>,
}

/// How often a plastic weight lies between two edges.
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
    /// The rule with its coefficients, one equation a line.
    pub equation: String,
}

/// How a quantity is stored on the chip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormatRow {
    /// Which, such as `input>hidden P`.
    pub quantity: String,
    /// Smallest value seen.
    pub low: f32,
    /// Largest value seen.
    pub high: f32,
    /// The type and scale, such as `i16 x 2^-14`.
    pub format: String,
    /// The value of one least significant bit.
    pub lsb: f32,
}
