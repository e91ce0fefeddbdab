//! An experiment as it is written: the tables of its TOML file, with names where a network has indices.
//!
//! Every table refuses keys it does not know. What is optional is a feature that can be absent; every number
//! that training starts from has to be there. This file checks no value.

use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Preset, Presynaptic, Synaptic};
use serde::{Deserialize, Serialize};
use toml::Table;

use super::settings::MetaSettings;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) task: Table,
    pub(super) network: NetworkTable,
    #[serde(default)]
    pub(super) meta: MetaSettings,
}

/// `[network]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkTable {
    pub(super) surrogate_slope: u8,
    pub(super) plastic_limit: f64,
    #[serde(default)]
    pub(super) signals: u16,
    pub(super) readout: ReadoutTable,
    pub(super) population: Vec<PopulationTable>,
    pub(super) projection: Vec<ProjectionTable>,
}

/// `[network.readout]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadoutTable {
    pub(super) population: String,
    pub(super) classes: u16,
    pub(super) neurons_per_class: u16,
    /// Start of gamma.
    pub(super) gain: f64,
}

/// `[[network.population]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum PopulationTable {
    Input(InputTable),
    Lif(LifTable),
    Modulator(ModulatorTable),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InputTable {
    pub(super) name: String,
    pub(super) size: u16,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LifTable {
    pub(super) name: String,
    pub(super) size: u16,
    pub(super) bias: f64,
    pub(super) membrane_decay: f64,
    #[serde(default)]
    pub(super) refractory: u8,
    /// Whether the neurons never spike and answer by their potential.
    #[serde(default)]
    pub(super) graded: bool,
    /// Channels of a map, which share a bias; 0 for a bias a neuron.
    #[serde(default)]
    pub(super) channels: u16,
    pub(super) adaptation: Option<AdaptationTable>,
}

/// `adaptation`; its presence makes the threshold adaptive.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdaptationTable {
    pub(super) strength: f64,
    pub(super) decay: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModulatorTable {
    pub(super) name: String,
    pub(super) size: u16,
    pub(super) decay: f64,
    /// d, rounded to Q15.
    #[serde(default)]
    pub(super) dead_zone: f64,
    pub(super) signal_weights: Option<WeightsTable>,
}

/// `[[network.projection]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectionTable {
    pub(super) pre: String,
    pub(super) post: String,
    pub(super) convolution: Option<ConvolutionTable>,
    pub(super) weights: WeightsTable,
    pub(super) plasticity: Option<PlasticityTable>,
}

/// `convolution`; its presence lets the windows of a map share their weights. The map is the presynaptic population's:
/// of its `channels`, or 1, and square, unless this says something else.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConvolutionTable {
    pub(super) height: Option<u8>,
    pub(super) width: Option<u8>,
    pub(super) channels: Option<u16>,
    pub(super) kernel: u8,
    pub(super) stride: u8,
    pub(super) padding: u8,
}

/// How a weight matrix is drawn: normal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeightsTable {
    #[serde(default)]
    pub(super) mean: f64,
    pub(super) deviation: f64,
    pub(super) scale: Scale,
    /// What the weights from each neuron to the one of the same number have in addition.
    #[serde(default)]
    pub(super) diagonal: f64,
    /// Keeps the weights onto each neuron or channel at mean 0 and deviation `standardised / sqrt(n_pre)`.
    pub(super) standardised: Option<f64>,
    /// Whether the deviation, of normalised currents or else of the weights, only starts from what is given, and is then
    /// learned neuron by neuron or channel by channel.
    #[serde(default)]
    pub(super) learned_deviation: bool,
    /// Keeps the currents that standardised weights bring at a mean, the bias, and at this deviation.
    pub(super) normalised: Option<f64>,
    /// Whether training runs with these weights rounded as on the chip.
    #[serde(default)]
    pub(super) rounded: bool,
    /// Whether training leaves these weights as they start.
    #[serde(default)]
    pub(super) held: bool,
    /// Exceptions.
    #[serde(default)]
    pub(super) channels: Vec<ChannelsTable>,
}

/// What a deviation is to be multiplied by.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scale {
    /// 1.
    Absolute,
    /// `1 / sqrt(n_pre)`.
    FanIn,
}

/// Weights from presynaptic neurons `first..=last` have a deviation of their own, always absolute.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelsTable {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) deviation: f64,
}

/// `[network.projection.plasticity]`; its presence makes the projection plastic.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlasticityTable {
    pub(super) rule: Preset,
    pub(super) scope: CoefficientScope,
    /// The terms of a custom rule.
    pub(super) terms: Option<Vec<TermTable>>,
    /// Other starts than the preset's own.
    pub(super) coefficients: Option<Vec<f64>>,
    #[serde(default)]
    pub(super) coefficient_noise: f64,
    /// A modulator population, or `one`.
    pub(super) third_factor: String,
    pub(super) third_factor_weights: Option<WeightsTable>,
    pub(super) rate: f64,
    pub(super) eligibility_decay: f64,
    pub(super) pre_trace_decay: Option<f64>,
    pub(super) pre_slow_trace_decay: Option<f64>,
    pub(super) post_trace_decay: Option<f64>,
    pub(super) post_slow_trace_decay: Option<f64>,
    pub(super) threshold_trace_decay: Option<f64>,
}

/// One term `coefficient f(pre) g(post) h(synapse)` of a custom rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermTable {
    pub(super) pre: Presynaptic,
    pub(super) post: Postsynaptic,
    pub(super) synapse: Synaptic,
    pub(super) coefficient: f64,
}

impl PopulationTable {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Input(table) => &table.name,
            Self::Lif(table) => &table.name,
            Self::Modulator(table) => &table.name,
        }
    }

    pub(super) fn size(&self) -> u16 {
        match self {
            Self::Input(table) => table.size,
            Self::Lif(table) => table.size,
            Self::Modulator(table) => table.size,
        }
    }
}
