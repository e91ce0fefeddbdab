//! From the analog values of an episode to the integers that a network of an artifact takes. Every body converts here.

use metaplastic_shared::artifact::Artifact;
use metaplastic_task::analog::to_integer;

/// The exponents of a step's analog values, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnalogExponents(Vec<u8>);

impl AnalogExponents {
    /// Of the network of an artifact.
    #[must_use]
    pub fn of(artifact: &Artifact<'_>) -> Self {
        Self(artifact.manifest().network.analog_formats().map(|format| format.exponent).collect())
    }

    /// One by one.
    #[must_use]
    pub fn exponents(&self) -> &[u8] {
        &self.0
    }

    /// The integers of a step's values. One that the network does not have has no fractional bits: a chip refuses it.
    pub fn integers(&self, values: &[f32]) -> impl Iterator<Item = i16> {
        let exponents = self.0.iter().copied().chain(std::iter::repeat(0));
        values.iter().zip(exponents).map(|(value, exponent)| to_integer(*value, exponent))
    }
}
