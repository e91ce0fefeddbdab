//! Damaged and forged artifacts. The decoder refuses each with its own error; an artifact that it accepts can be
//! stepped.
//!
//! The decoder is the only entry: the runtime takes an [`Artifact`](metaplastic_shared::artifact::Artifact),
//! which only the decoder creates. Host, firmware and trainer therefore refuse the same artifacts.

mod envelope;
mod forged;
mod limits;
mod page;
mod stepping;
