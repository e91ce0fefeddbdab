//! The bandit of Duan et al. (2016, *RL^2: fast reinforcement learning via slow reinforcement learning*): arms that pay 1
//! with probabilities that no one is told, drawn anew in each life, and a few pulls to find out. This module may not know
//! the network that pulls.
//!
//! A pull takes steps without input, if there are any, then steps with a go cue, in the last of which the arm is chosen,
//! and steps in which the efference copy of the choice and the reward come back as spikes. In a reversal, the best and
//! the worst arm change places at a random pull.
//!
//! ```
//! use metaplastic_task::seed::Purpose;
//! use metaplastic_task::world::bandit::{BanditParameters, BanditTask};
//! use metaplastic_task::world::record::LifeResult;
//! use metaplastic_task::{Task, episodes};
//!
//! let task = BanditTask::from(BanditParameters { arms: 3, pulls: 20, ..BanditParameters::default() });
//! let lives = episodes(&task, 1, Purpose::Test, 0..200);
//! // The same lives, pulled at random and by what has paid so far.
//! let reward = |name: &str| -> f64 {
//!     let controls = task.controls();
//!     let control = controls.iter().find(|control| control.name() == name).unwrap();
//!     lives.iter().filter_map(|life| control.run(life)).map(|LifeResult { record, .. }| record.reward()).sum()
//! };
//! assert!(reward("thompson") > 1.1 * reward("random"));
//! ```

mod arms;
mod controls;
mod greedy;
mod life;
mod parameters;
mod policy;
mod task;
#[cfg(test)]
mod tests;
mod thompson;

pub use arms::BanditArms;
pub use greedy::Greedy;
pub use life::BanditLife;
pub use parameters::{BanditParameters, RewardSignal};
pub use policy::{BanditPolicy, RandomArm};
pub use task::{BanditTask, DESCRIPTOR};
pub use thompson::Thompson;
