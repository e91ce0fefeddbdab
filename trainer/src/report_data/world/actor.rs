//! What acts in a world: the network, whole or with its plasticity frozen, or a control.

use anyhow::Result;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{BodyError, Host, run_episode};
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::Control;
use metaplastic_task::episode::Episode;
use metaplastic_task::unseen::Unseen;
use metaplastic_task::world::record::LifeResult;
use rayon::prelude::*;

use super::recorded_life::PathBeside;
use super::series::LifeSeries;

/// The label of the network as it is.
const NETWORK: &str = "this network";
/// Its label without plasticity.
const FROZEN: &str = "P frozen";

/// Something that acts in worlds.
pub(super) struct Actor<'a> {
    pub(super) label: String,
    kind: ActorKind<'a>,
}

enum ActorKind<'a> {
    Network { artifact: Artifact<'a>, freeze: Freeze },
    Control(&'a dyn Control),
}

impl<'a> Actor<'a> {
    /// The network of an artifact.
    pub(super) fn network(artifact: &'a ArtifactFile) -> Self {
        let kind = ActorKind::Network { artifact: artifact.artifact(), freeze: Freeze::Nothing };
        Self { label: NETWORK.into(), kind }
    }

    /// The same with every plastic weight frozen at zero.
    pub(super) fn frozen(artifact: &'a ArtifactFile) -> Self {
        Self::frozen_of(artifact.artifact())
    }

    fn frozen_of(artifact: Artifact<'a>) -> Self {
        Self { label: FROZEN.into(), kind: ActorKind::Network { artifact, freeze: Freeze::Plasticity } }
    }

    /// A control of the task.
    pub(super) fn control(control: &'a dyn Control) -> Self {
        Self { label: control.name().into(), kind: ActorKind::Control(control) }
    }

    /// All lives in unseen episodes, in their order.
    pub(super) fn lives(&self, unseen: &Unseen<'_>) -> Result<Vec<LifeSeries>> {
        let series = |index| {
            let episode = unseen.episode(index);
            Ok(self.run(&episode)?.map(|life| LifeSeries::of(&episode, &life)))
        };
        let lives: Vec<_> = (0..unseen.episodes).into_par_iter().map(series).collect::<Result<_>>()?;
        Ok(lives.into_iter().flatten().collect())
    }

    /// A life in the world of an episode; none of an episode without one.
    fn run(&self, episode: &Episode) -> Result<Option<LifeResult>, BodyError> {
        match self.kind {
            ActorKind::Control(control) => Ok(control.run(episode)),
            ActorKind::Network { artifact, freeze } => {
                let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
                let mut host = Host::new(artifact, &mut storage)?;
                Ok(run_episode(&mut host, episode, freeze)?.life)
            }
        }
    }
}

/// The paths in the same life with plasticity frozen, and of the first control.
///
/// # Errors
/// If the host body fails.
pub(in super::super) fn beside(
    artifact: Artifact<'_>,
    controls: &[Box<dyn Control>],
    episode: &Episode,
) -> Result<Vec<PathBeside>, BodyError> {
    let first = controls.first().map(|control| Actor::control(&**control));
    let mut paths = Vec::new();
    for actor in std::iter::once(Actor::frozen_of(artifact)).chain(first) {
        let life = actor.run(episode)?.unwrap_or_default();
        paths.push(PathBeside { label: actor.label, tracking: life.record.tracking });
    }
    Ok(paths)
}
