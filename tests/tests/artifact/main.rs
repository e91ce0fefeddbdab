//! Artifacts that are damaged or forged: the decoder refuses each with its own error, and what it lets through
//! can be stepped.
//!
//! The decoder is the only door: the runtime takes an [`Artifact`](metaplastic_shared::artifact::Artifact),
//! which only the decoder makes. What is refused here is therefore refused by host, firmware and trainer alike.

mod envelope;
mod forged;
mod limits;
mod page;
mod stepping;
