//! Why a network does not learn, in words, with the usual remedies. This file may not know how it is found.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a network does not learn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Diagnosis {
    /// A population never spikes.
    Silent {
        /// Its name.
        population: String,
        /// Whether it is the readout.
        is_readout: bool,
    },
    /// A population spikes in nearly every step that it can.
    Saturated {
        /// Its name.
        population: String,
        /// Spikes a neuron and step.
        rate: f64,
    },
    /// The readout's logits hardly differ.
    FlatReadout {
        /// The readout's population.
        population: String,
        /// The largest difference of two logits of a decision.
        spread: f64,
        /// gamma.
        gain: f64,
    },
    /// The plastic weights of a projection never change.
    NeverPlastic {
        /// Its name.
        projection: String,
    },
    /// Most plastic weights of a projection that are not zero are at their limit.
    PlasticLimit {
        /// Its name.
        projection: String,
        /// The fraction at the limit.
        fraction: f64,
    },
    /// No label reaches the network: in the steps of a label, no input tells one class from another.
    Unlabelled,
    /// The loss is far above that of a guess.
    Diverged {
        /// Its mean over the last meta-steps, nats.
        loss: f64,
        /// That of a guess, nats.
        guess: f64,
    },
    /// Loss or gradient was not finite.
    NonFinite {
        /// In how many of the last meta-steps.
        meta_steps: usize,
    },
    /// In a world, what had been reached is lost, or the score has become far worse.
    Lost {
        /// The name of what is measured.
        measure: String,
        /// Its best mean over meta-steps that follow one another.
        best: f64,
        /// Its mean over the last meta-steps.
        last: f64,
    },
    /// Too many commands are beyond the range that they have on a chip.
    CommandRange {
        /// The fraction of them.
        fraction: f64,
        /// The end of the range.
        limit: f64,
    },
    /// The gradient is zero, or nearly.
    NoGradient {
        /// Its largest norm in the last meta-steps.
        norm: f64,
    },
    /// The training has ended, and in a world the score is no better than at its start.
    NotImproved {
        /// The name of what is measured.
        measure: String,
        /// Its mean over the first meta-steps.
        first: f64,
        /// Its mean over the last meta-steps.
        last: f64,
    },
    /// In episodes that training never saw, the network is no better than a guess.
    UnseenAtChance {
        /// Its accuracy there, 0 to 1.
        accuracy: f64,
        /// That of a guess, 0 to 1.
        chance: f64,
    },
    /// The training has ended, and the network is no better than a guess.
    AtChance {
        /// Mean accuracy over the last meta-steps, 0 to 1.
        accuracy: f64,
        /// That of a guess, 0 to 1.
        chance: f64,
    },
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent { population, .. } => write!(formatter, "population {population} never spikes"),
            Self::Saturated { population, rate } => {
                write!(formatter, "population {population} is saturated: {rate:.2} spikes per neuron and step")
            }
            Self::FlatReadout { population, spread, gain } => write!(
                formatter,
                "the readout {population} does not tell classes apart: its logits differ by {spread:.1e}, with a \
                 gain of {gain:.1e}"
            ),
            Self::NeverPlastic { projection } => {
                write!(formatter, "the plastic weights of {projection} never change")
            }
            Self::PlasticLimit { projection, fraction } => write!(
                formatter,
                "{:.0} % of the plastic weights of {projection} are at their limit",
                100.0 * fraction
            ),
            Self::Unlabelled => formatter.write_str("no label is shown: no input tells one class from another"),
            Self::Diverged { loss, guess } => {
                write!(formatter, "the loss has diverged: {loss:.2}, a guess has {guess:.2}")
            }
            Self::NonFinite { meta_steps } => {
                write!(formatter, "loss or gradient was not finite in {meta_steps} of the last meta-steps")
            }
            Self::Lost { measure, best, last } => {
                write!(formatter, "the training has diverged: {measure} is {last:.4}, and was {best:.4}")
            }
            Self::CommandRange { fraction, limit } => write!(
                formatter,
                "{:.0} % of the commands are beyond the range of {limit} that they have on a chip",
                100.0 * fraction
            ),
            Self::NotImproved { measure, first, last } => write!(
                formatter,
                "the network has not got better: {measure} is {last:.4}, at the start it was {first:.4}"
            ),
            Self::NoGradient { norm } => write!(formatter, "there is no gradient: its norm is {norm:.1e}"),
            Self::UnseenAtChance { accuracy, chance } => write!(
                formatter,
                "in unseen episodes the network is no better than a guess: {:.1} % right, chance is {:.1} %",
                100.0 * accuracy,
                100.0 * chance
            ),
            Self::AtChance { accuracy, chance } => write!(
                formatter,
                "the network is no better than a guess: {:.1} % right, chance is {:.1} %",
                100.0 * accuracy,
                100.0 * chance
            ),
        }
    }
}

impl Diagnosis {
    /// It with the usual remedies.
    #[must_use]
    pub fn with_remedy(&self) -> String {
        format!("{self}; {}", self.remedy())
    }

    /// The usual remedies, keys of the experiment's file.
    fn remedy(&self) -> &'static str {
        match self {
            Self::Silent { .. } => {
                "raise the deviation of the weights onto it, its bias or its membrane_decay; lower \
                 network.surrogate_slope, so that the gradient reaches neurons far below threshold"
            }
            Self::Saturated { .. } => {
                "lower the deviation of the weights onto it, its bias or its membrane_decay, or give it an adaptation"
            }
            Self::FlatReadout { .. } => {
                "raise network.readout.gain, or the deviation of the weights onto the readout"
            }
            Self::NeverPlastic { .. } => {
                "raise the projection's rate or coefficients; let the label reach its third factor: lower the \
                 modulator's dead_zone or raise the deviation of the weights onto it"
            }
            Self::PlasticLimit { .. } => "lower the projection's rate, or raise network.plastic_limit",
            Self::Unlabelled => "let the task show its labels, for example task.label_rate above zero",
            Self::Lost { .. } => {
                "lower meta.schedule.peak_rate or the projections' rates, set meta.episode_gradient_clip, or train with \
                 shorter lives"
            }
            Self::CommandRange { .. } => "raise network.readout.range, or lower network.readout.gain",
            Self::Diverged { .. } | Self::NonFinite { .. } => {
                "lower meta.schedule.peak_rate, meta.gradient_clip or the projections' rates"
            }
            Self::NoGradient { .. } => {
                "lower network.surrogate_slope; raise the deviation of the weights; see that meta.freeze leaves \
                 something to train"
            }
            Self::UnseenAtChance { .. } => {
                "look with `record` whether its neurons spike there: what it senses may be smaller or larger than in training; \
                 train with more classes, or with other ones held out"
            }
            Self::AtChance { .. } | Self::NotImproved { .. } => {
                "train for more meta-steps, with another meta.schedule.peak_rate, or begin with an easier task"
            }
        }
    }

    /// Whether it says the same of the same part, whatever the figures.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        use Diagnosis::{NeverPlastic, PlasticLimit, Saturated, Silent};
        match (self, other) {
            (Silent { population, .. }, Silent { population: other, .. })
            | (Saturated { population, .. }, Saturated { population: other, .. }) => population == other,
            (NeverPlastic { projection }, NeverPlastic { projection: other })
            | (PlasticLimit { projection, .. }, PlasticLimit { projection: other, .. }) => projection == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}
