//! The plastic weights P of all projections of a network, and its age, read from a body or written to one.
//!
//! ```
//! use std::path::Path;
//!
//! use metaplastic_files::artifact_file::ArtifactFile;
//! use metaplastic_host::body::{Body, Host, run_episode};
//! use metaplastic_host::plastic_weights::PlasticWeights;
//! use metaplastic_runtime::{Network, NetworkStorage};
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::{CueAssociation, episodes};
//!
//! let file = ArtifactFile::read(Path::new("../../tests/artifacts/cue-association.plastic")).unwrap();
//! let (artifact, network) = (file.artifact(), file.artifact().manifest().network);
//! let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
//! let mut body = Host::new(artifact, &mut storage).unwrap();
//! let episode = episodes(&CueAssociation::default(), 1, Purpose::Test, 0..1).remove(0);
//! run_episode(&mut body, &episode, Freeze::Nothing).unwrap();
//!
//! // What it has learned is kept beyond a reset.
//! let learned = PlasticWeights::read(&mut body, &network).unwrap();
//! assert!(learned.projections()[0].1.iter().any(|weight| *weight != 0));
//! body.reset(Freeze::Nothing).unwrap();
//! assert_ne!(PlasticWeights::read(&mut body, &network).unwrap(), learned);
//! learned.write(&mut body).unwrap();
//! assert_eq!(PlasticWeights::read(&mut body, &network).unwrap(), learned);
//! ```

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

    /// The same with every weight replaced by a function of its projection, its synapse and itself.
    #[must_use]
    pub fn map(&self, weight: impl Fn(usize, usize, i16) -> i16) -> Self {
        let mapped = self.projections.iter().map(|(projection, weights)| {
            let weights = weights.iter().enumerate().map(|(synapse, old)| weight(*projection, synapse, *old));
            (*projection, weights.collect())
        });
        Self { age: self.age, projections: mapped.collect() }
    }

    /// Plastic weights, each with its projection's index.
    #[must_use]
    pub fn projections(&self) -> &[(usize, Vec<i16>)] {
        &self.projections
    }
}
