//! `[[network.projection]]`: the keys, the description, and what its meta-parameters start from.

use metaplastic_shared::network::{Connectivity, Projection};
use serde::{Deserialize, Serialize};

use super::convolution::ConvolutionTable;
use super::error::Fault;
use super::given::{Given, GivenStart};
use super::names::PopulationNames;
use super::plasticity::PlasticityTable;
use super::population::PopulationTable;
use super::weights::WeightsTable;
use crate::model::Parameter;

/// `[[network.projection]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectionTable {
    pre: String,
    post: String,
    convolution: Option<ConvolutionTable>,
    weights: WeightsTable,
    pub(super) plasticity: Option<PlasticityTable>,
}

impl ProjectionTable {
    /// Takes the plasticity, and trains weights that were frozen where it alone was to learn.
    pub(super) fn remove_plasticity(&mut self) {
        if self.plasticity.take().is_some() {
            self.weights.frozen = false;
        }
    }

    /// What errors call it.
    fn field(&self) -> String {
        format!("network.{}>{}", self.pre, self.post)
    }

    /// The description.
    pub(super) fn projection(
        &self,
        populations: &[PopulationTable],
        names: &PopulationNames<'_>,
    ) -> Result<Projection, Fault> {
        let field = self.field();
        let pre = names.index(&format!("{field}.pre"), &self.pre)?;
        let post = names.index(&format!("{field}.post"), &self.post)?;
        let connectivity = match &self.convolution {
            None => Connectivity::Dense,
            Some(table) => Connectivity::Convolution(table.convolution(&populations[usize::from(pre)], &field)?),
        };
        let plasticity = self.plasticity.as_ref().map(|table| table.plasticity(names, &field)).transpose()?;
        Ok(Projection { pre, post, connectivity, plasticity })
    }

    /// What the meta-parameters of projection `index` start from.
    pub(super) fn given(&self, index: usize) -> Result<Vec<GivenStart<'_>>, Fault> {
        let mut all = vec![GivenStart::new(Parameter::Weights(index), Given::Weights(&self.weights))];
        if let Some(plasticity) = &self.plasticity {
            all.extend(plasticity.given(index, &self.field())?);
        }
        Ok(all)
    }
}
