//! The way back: the meta-parameters that an artifact was made of, as far as its integers tell.
//!
//! A training may begin with them. Weights and biases are the integers times their least significant bit; decays,
//! rates and strengths become raw meta-parameters, see [`Domain`]. What an artifact does not hold, the readout gain of classes, is none.

use std::ops::Range;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Artifact, Manifest, Section};
use metaplastic_shared::format::{LifFormat, PlasticFormat, PopulationFormat, row_length};
use metaplastic_shared::network::{Domain, NetworkDescription, Plasticity};

use crate::model::{Model, Parameter, ParameterSlot, Trace, logit};

/// The least decay and positive quantity that a raw meta-parameter is made of: zero has none.
const LEAST: f32 = 1e-6;

/// The reasons for which a training cannot begin with an artifact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Another population.
    #[error("population {0} is another one in the artifact")]
    Population(String),
    /// Another projection; a leak does not count.
    #[error("projection {0} is another one in the artifact")]
    Projection(String),
    /// More or fewer populations or projections.
    #[error("the artifact has {there}, the experiment {here}")]
    Counts {
        /// Of the artifact.
        there: String,
        /// Of the experiment.
        here: String,
    },
}

/// Checks that an artifact's network is that of a model, but for leaks.
///
/// # Errors
/// The first difference.
pub fn check_same_network(model: &Model, file: &ArtifactFile) -> Result<(), StartError> {
    let (artifact, here) = (file.artifact(), &model.network);
    let there = artifact.manifest().network;
    if counts(&there) != counts(here) {
        return Err(StartError::Counts { there: counts(&there), here: counts(here) });
    }
    if let Some((_, other)) = there.populations.iter().zip(&here.populations).find(|(one, other)| one != other) {
        return Err(StartError::Population(other.name.as_str().to_owned()));
    }
    let without_leak = |network: &NetworkDescription, index: usize| {
        let mut projection = network.projections[index].clone();
        projection.plasticity.iter_mut().for_each(|Plasticity { leak, .. }| *leak = None);
        projection
    };
    let differs = |index: &usize| without_leak(&there, *index) != without_leak(here, *index);
    match (0..here.projections.len()).find(differs) {
        Some(index) => Err(StartError::Projection(model.projection_name(index))),
        None => Ok(()),
    }
}

fn counts(network: &NetworkDescription) -> String {
    let NetworkDescription { populations, projections, .. } = network;
    format!("{} populations and {} projections", populations.len(), projections.len())
}

/// The raw values of a tensor in an artifact of the same network; none if it does not hold them.
#[must_use]
pub fn raw_values(slot: &ParameterSlot, file: &ArtifactFile) -> Option<Vec<f32>> {
    let artifact = file.artifact();
    let manifest = artifact.manifest();
    let values = Quantities { artifact: &artifact, manifest: &manifest, slot }.of(slot.parameter)?;
    let raw = |value: f32| match domain(&manifest.network, slot.parameter) {
        Domain::Real => value,
        Domain::Decay => logit(value.clamp(LEAST, 1.0 - LEAST)),
        Domain::Positive => value.max(LEAST).ln(),
    };
    Some(values.into_iter().map(raw).collect())
}

fn domain(network: &NetworkDescription, parameter: Parameter) -> Domain {
    let all = network.meta_parameters();
    all.into_iter().find(|it| it.parameter == parameter).map_or(Domain::Real, |it| it.domain)
}

/// The quantities of one tensor.
struct Quantities<'q, 'a> {
    artifact: &'q Artifact<'a>,
    manifest: &'q Manifest<'a>,
    slot: &'q ParameterSlot,
}

impl Quantities<'_, '_> {
    fn of(&self, parameter: Parameter) -> Option<Vec<f32>> {
        use Parameter as P;
        match parameter {
            P::Bias(index) => Some(self.i16s(Section::Bias(index), self.manifest.potential_exponent(index), 1.0)),
            P::MembraneDecay(index) => self.decays(Section::MembraneDecays(index), self.lif(index)?.decay),
            P::SynapseDecay(index) => self.decays(Section::SynapseDecays(index), self.lif(index)?.synapse_decay?),
            P::AdaptationStrength(index) => {
                let strength = self.lif(index)?.adaptation?.strength;
                Some(vec![scaled(strength, self.manifest.potential_exponent(index))])
            }
            P::AdaptationDecay(index) => Some(vec![fraction(self.lif(index)?.adaptation?.decay)]),
            P::ModulatorDecay(index) => match self.manifest.populations[index] {
                PopulationFormat::Modulator(format) => Some(vec![fraction(format.decay)]),
                _ => None,
            },
            P::Weights(index) => {
                let exponent = self.manifest.projections[index].weight_exponent.into();
                Some(self.i8s(Section::Weights(index), exponent))
            }
            P::Coefficients(index) => {
                let format = self.plastic(index)?;
                let gain = format.eligibility_gain() as f32 / 65_536.0;
                Some(self.i16s(Section::Coefficients(index), format.coefficient_exponent(), gain))
            }
            P::TraceDecay(index, trace) => Some(vec![fraction(trace_decay(self.plastic(index)?, trace))]),
            P::EligibilityDecay(index) => Some(vec![fraction(self.plastic(index)?.eligibility_decay)]),
            P::Rate(index) => {
                let format = self.plastic(index)?;
                Some(vec![scaled(format.rate, format.rate_exponent.into())])
            }
            P::Leak(index) => {
                let format = self.plastic(index)?.leak?;
                Some(vec![scaled(format.rate, format.exponent.into())])
            }
            P::ThirdFactorWeights(index) => {
                let exponent = self.plastic(index)?.third_factor_weight_exponent.into();
                Some(self.i8s(Section::ThirdFactorWeights(index), exponent))
            }
            P::ReadoutGain => {
                let format = self.manifest.command?;
                Some(vec![scaled(format.gain, format.gain_exponent.into())])
            }
        }
    }

    fn lif(&self, index: usize) -> Option<&LifFormat> {
        match &self.manifest.populations[index] {
            PopulationFormat::Lif(format) => Some(format),
            _ => None,
        }
    }

    fn plastic(&self, index: usize) -> Option<&PlasticFormat> {
        self.manifest.projections[index].plastic.as_ref()
    }

    /// The rows of the tensor in a section whose rows are padded, or not where they have one value and are no row.
    fn rows(&self, length: usize) -> impl Iterator<Item = Range<usize>> {
        let (rows, columns) = self.slot.shape;
        let stride = if length == rows * columns { columns } else { row_length(columns) };
        (0..rows).map(move |row| row * stride..row * stride + columns)
    }

    fn i8s(&self, section: Section, exponent: i32) -> Vec<f32> {
        let values = self.artifact.i8_section(self.manifest, section);
        let rows = self.rows(values.len()).flat_map(|row| &values[row]);
        rows.map(|value| scaled(i16::from(*value), exponent)).collect()
    }

    fn i16s(&self, section: Section, exponent: i32, divisor: f32) -> Vec<f32> {
        let values = self.artifact.i16_section(self.manifest, section);
        let rows = self.rows(values.len()).flat_map(|row| &values[row]);
        rows.map(|value| scaled(*value, exponent) / divisor).collect()
    }

    /// Of each neuron, or the one of all.
    fn decays(&self, section: Section, shared: u16) -> Option<Vec<f32>> {
        let values = self.artifact.u16_section(self.manifest, section);
        let each = values.iter().take(self.slot.range.len()).map(|value| fraction(*value));
        Some(if values.is_empty() { vec![fraction(shared)] } else { each.collect() })
    }
}

fn trace_decay(format: &PlasticFormat, trace: Trace) -> u16 {
    match trace {
        Trace::Pre => format.traces.pre,
        Trace::PreSlow => format.traces.pre_slow,
        Trace::Post => format.traces.post,
        Trace::PostSlow => format.traces.post_slow,
        Trace::Threshold => format.traces.threshold,
    }
}

fn scaled(value: i16, exponent: i32) -> f32 {
    f32::from(value) * (-exponent as f32).exp2()
}

fn fraction(decay: u16) -> f32 {
    f32::from(decay) / 65_536.0
}

#[cfg(test)]
mod tests;
