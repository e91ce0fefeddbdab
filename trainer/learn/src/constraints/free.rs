//! The numbers that training descends on: meta-parameters of the network that constraints are folded into later,
//! and the gammas of batch normalisation, which the network does not have.

use serde::{Deserialize, Serialize};

/// The numbers that training descends on, or a gradient with respect to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FreeParameters {
    /// In the layout of the model.
    pub network: Vec<f32>,
    /// Raw gammas of each batch-normalised tensor, one per channel; `gamma = 1 + tanh(raw)`.
    pub gammas: Vec<Vec<f32>>,
}

impl FreeParameters {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.network.len() + self.gammas.iter().map(Vec::len).sum::<usize>()
    }

    /// All of them.
    pub fn values(&self) -> impl Iterator<Item = f32> {
        self.network.iter().chain(self.gammas.iter().flatten()).copied()
    }

    /// All of them, to change.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut f32> {
        self.network.iter_mut().chain(self.gammas.iter_mut().flatten())
    }
}
