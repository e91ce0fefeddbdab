//! Saved plastic weights in a flash that loses its power, rots, fails or holds another network's: what is loaded
//! is exactly what one complete save held. The sections named are those of `docs/snapshot.md`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod cuts;
mod damage;
mod host;
mod page;
mod region;
mod saves;
