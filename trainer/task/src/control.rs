//! A control: what acts in a world, or answers, without a trained network, which a network is compared with. This file may not
//! know which controls there are.

use std::fmt::Debug;

use crate::episode::Episode;
use crate::world::record::LifeResult;

/// Something that acts in a world, or decides, in a network's place. It has one of the two functions.
pub trait Control: Debug + Send + Sync {
    /// Its name in JSON and in what is printed, of one word.
    fn name(&self) -> &'static str;

    /// A life in the world of an episode, measured as a network's; none of an episode without a world. All its chance comes
    /// from the episode, so it is the same however often and in whatever order episodes are run.
    fn run(&self, episode: &Episode) -> Option<LifeResult> {
        let _ = episode;
        None
    }

    /// The classes that it answers to the decisions of an episode, in their order; none where nothing is decided. It may use
    /// what support samples show and their labels, as a network does.
    fn answers(&self, episode: &Episode) -> Option<Vec<usize>> {
        let _ = episode;
        None
    }
}
