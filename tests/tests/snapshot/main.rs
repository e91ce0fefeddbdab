//! Saved plastic weights in a flash that loses its power, has bit errors, fails, or has another network's weights.
//! Loaded weights are exactly those of one complete save. The sections named are those of `docs/snapshot.md`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod cuts;
mod damage;
mod host;
mod page;
mod region;
mod saves;
