//! The plastic weights P of all projections of a network, and its age, read from a body or written to one.

use metaplastic_shared::network::NetworkDescription;

use crate::body::{Body, BodyError};

/// Plastic weights of every plastic projection, in the network's order, raw integers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlasticWeights {
    age: u32,
    projections: Vec<(usize, Vec<i16>)>,
}

impl PlasticWeights {
    /// The plastic weights of a body; `network` is the one it runs.
    ///
    /// # Errors
    /// If the body does not answer.
    pub fn read(body: &mut dyn Body, network: &NetworkDescription) -> Result<Self, BodyError> {
        let mut projections = Vec::new();
        for (index, projection) in network.projections.iter().enumerate() {
            if projection.plasticity.is_some() {
                let (pre, post) = network.shape(projection);
                projections.push((index, body.plastic(index, pre * post)?));
            }
        }
        Ok(Self { age: body.age()?, projections })
    }

    /// Replaces a body's plastic weights and age; all its other state stays.
    ///
    /// # Errors
    /// If the body does not answer or runs another network.
    pub fn write(&self, body: &mut dyn Body) -> Result<(), BodyError> {
        body.write_age(self.age)?;
        self.projections.iter().try_for_each(|(index, weights)| body.write_plastic(*index, weights))
    }

    /// Plastic weights, each with its projection's index.
    #[must_use]
    pub fn projections(&self) -> &[(usize, Vec<i16>)] {
        &self.projections
    }
}
