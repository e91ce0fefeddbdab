//! Everything that stays the same during lifetimes: wiring, meta-parameters, configuration.

use metaplastic_shared::freeze::Freeze;

use super::configuration::{Configuration, PopulationContext};
use super::forward::plasticity::PlasticContext;
use super::plan::Plan;
use super::tensors::Tensors;
use crate::model::Model;

/// A network prepared for running lifetimes.
#[derive(Clone, Debug)]
pub(crate) struct Dynamics {
    /// The wiring.
    pub(crate) plan: Plan,
    /// The meta-parameters.
    pub(crate) values: Tensors,
    /// How it is run.
    pub(crate) configuration: Configuration,
}

impl Dynamics {
    /// A network with the meta-parameters of a flat vector.
    ///
    /// # Panics
    /// If the vector is longer or shorter than the model's layout.
    pub(crate) fn new(model: &Model, flat: &[f32], configuration: Configuration) -> Self {
        let (given, needed) = (flat.len(), model.parameter_count());
        assert_eq!(given, needed, "{given} meta-parameters are given, the network has {needed}");
        let plan = Plan::new(model);
        let mut values = Tensors::load(model, &plan, flat);
        if configuration.freeze == Freeze::Plasticity {
            let plastic = values.projections.iter_mut().map(|tensors| &mut tensors.plastic);
            plastic.for_each(|plastic| (plastic.rate, plastic.leak) = (0.0, 0.0));
        }
        Self { plan, values, configuration }
    }

    /// A population, and how it is run.
    pub(crate) fn population(&self, index: usize) -> PopulationContext<'_> {
        PopulationContext::new(&self.plan, &self.configuration, index)
    }

    /// A projection's plasticity, if it has one.
    pub(crate) fn plastic_projection(&self, index: usize) -> Option<PlasticContext<'_>> {
        let wiring = &self.plan.projections[index];
        let rule = wiring.rule.as_ref()?;
        Some(PlasticContext {
            wiring,
            rule,
            values: &self.values.projections[index].plastic,
            limit: self.plan.plastic_limit,
            slope: self.plan.surrogate_slope,
            backend: self.configuration.backend,
        })
    }
}
