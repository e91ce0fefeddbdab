//! Where the inputs of a step come from: an episode that was drawn beforehand, or a world in progress.
//!
//! It knows neither the network nor who looks at it.

use metaplastic_task::episode::Episode;
use metaplastic_task::world::life::WorldLife;
use metaplastic_task::world::record::{Choice, Tracking};

/// Where the inputs of a step come from.
pub(crate) enum StepSource<'e> {
    /// An episode.
    Drawn(&'e Episode),
    /// A world that answers.
    InWorld(&'e mut WorldLife),
}

impl StepSource<'_> {
    pub(crate) fn episode(&self) -> &Episode {
        match self {
            Self::Drawn(episode) => episode,
            Self::InWorld(life) => life.episode(),
        }
    }

    /// Desired and actual values before the step.
    pub(crate) fn tracking(&self) -> &[Tracking] {
        let Self::InWorld(life) = self else { return &[] };
        let all = &life.record().tracking;
        // A row for each step up to this one, whose cost is still to come; none before the first.
        let rows = life.record().costs.len() + 1;
        &all[all.len() - all.len() / rows..]
    }

    /// The choices so far.
    pub(crate) fn choices(&self) -> &[Choice] {
        if let Self::InWorld(life) = self { &life.record().choices } else { &[] }
    }

    /// The present values of what can be changed.
    pub(crate) fn changeable(&mut self) -> Vec<f64> {
        let Self::InWorld(life) = self else { return Vec::new() };
        life.world().changeable().into_iter().map(|changeable| changeable.value).collect()
    }

    /// Changes a number of the world, as far as its limits allow.
    ///
    /// # Errors
    /// If there is none of that index.
    pub(crate) fn change(&mut self, index: usize, value: f64) -> Result<(), String> {
        let none = || format!("the world has no number {index} that can be changed");
        let Self::InWorld(life) = self else { return Err(none()) };
        let changeable = life.world().changeable().into_iter().nth(index).ok_or_else(none)?;
        life.world().change(index, value.clamp(changeable.low, changeable.high));
        Ok(())
    }
}
