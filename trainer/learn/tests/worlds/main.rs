//! Networks in worlds that answer: the gradient of what a world costs or rewards, and lives that are the same whoever
//! counts.

mod lives;
mod networks;
mod plants;
mod rewards;
