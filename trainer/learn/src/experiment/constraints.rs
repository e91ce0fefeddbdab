//! The constraints of weights, from the tables of a file.

use metaplastic_files::limit::within;

use super::error::Fault;
use super::given::{Given, GivenStart};
use super::network::field;
use super::start::POSITIVE;
use super::weights::WeightsTable;
use crate::constraints::{
    BatchNormalisation, Constraints, Deviation, Normalisable, QuantisationAware, Standardised,
};
use crate::model::{Model, Parameter, ParameterSlot};

/// The constraints of all weights.
pub(super) fn constraints(given: &[GivenStart<'_>], model: &Model) -> Result<Constraints, Fault> {
    let mut all = Constraints::default();
    for start in given {
        let (Given::Weights(table), Some(slot)) = (&start.given, model.slot(start.parameter)) else { continue };
        Tensor { model, slot, table, field: field(model, start.parameter) }.constrain(&mut all)?;
    }
    Ok(all)
}

/// A weight matrix and its table.
struct Tensor<'m> {
    model: &'m Model,
    slot: &'m ParameterSlot,
    table: &'m WeightsTable,
    field: String,
}

impl Tensor<'_> {
    fn constrain(&self, all: &mut Constraints) -> Result<(), Fault> {
        let Self { slot, table, .. } = self;
        if table.quantisation_aware {
            all.quantisation_aware.push(self.quantisation_aware()?);
        }
        match table.standardised {
            Some(_) if table.frozen => Err(self.unused("standardised")),
            Some(norm) => self.standardise(norm, all),
            None if table.learned_deviation || table.batch_normalised.is_some() => {
                Err(Fault::Missing { field: format!("{}.standardised", self.field) })
            }
            None => {
                all.frozen.extend(table.frozen.then(|| slot.range.clone()));
                Ok(())
            }
        }
    }

    fn unused(&self, key: &str) -> Fault {
        Fault::Unused { field: format!("{}.{key}", self.field) }
    }

    fn quantisation_aware(&self) -> Result<QuantisationAware, Fault> {
        let Parameter::Weights(index) = self.slot.parameter else { return Err(self.unused("quantisation_aware")) };
        let connectivity = self.model.network.projections[index].connectivity;
        Ok(QuantisationAware { connectivity, range: self.slot.range.clone() })
    }

    fn standardise(&self, norm: f64, all: &mut Constraints) -> Result<(), Fault> {
        within(format!("{}.standardised", self.field), norm, POSITIVE)?;
        let WeightsTable { learned_deviation, batch_normalised, .. } = *self.table;
        let is_norm_learned = learned_deviation && batch_normalised.is_none();
        all.standardised.push(Standardised::new(self.slot, norm, is_norm_learned));
        if let Some(deviation) = batch_normalised {
            let index = all.batch_normalised.len();
            let tensors = self.normalisable(deviation)?;
            let deviation = Deviation { start: deviation as f32, is_learned: learned_deviation };
            all.batch_normalised.push(BatchNormalisation::new(index, tensors, norm, deviation));
        }
        Ok(())
    }

    /// Currents can be batch-normalised where only these weights, and biases of the same number of channels, add to
    /// them.
    fn normalisable(&self, deviation: f64) -> Result<Normalisable<'_>, Fault> {
        within(format!("{}.batch_normalised", self.field), deviation, POSITIVE)?;
        let Parameter::Weights(index) = self.slot.parameter else { return Err(self.unused("batch_normalised")) };
        let projections = &self.model.network.projections;
        let post = projections[index].post;
        let alone = projections.iter().filter(|other| other.post == post).count() == 1;
        let biases = self.model.slot(Parameter::Bias(post.into()));
        match biases.filter(|biases| biases.range.len() == self.slot.shape.1) {
            Some(biases) if alone && projections[index].plasticity.is_none() => {
                Ok(Normalisable { population: post.into(), weights: self.slot, biases })
            }
            _ => Err(Fault::NotAlone { field: format!("{}.batch_normalised", self.field) }),
        }
    }
}
