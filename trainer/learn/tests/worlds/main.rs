//! Networks in worlds that answer: the gradient of what a world costs or rewards, and lives that are the same whoever
//! counts.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod lives;
mod networks;
mod plants;
mod rewards;
mod stepwise;
