//! `convolution`: its presence lets the windows of a map share their weights.

use metaplastic_files::integer::{integer, some_integer};
use metaplastic_shared::network::{Convolution, MAX_KERNEL, MAX_NEURONS};
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::population::PopulationTable;

/// The keys of a convolution. The map is the presynaptic population's: of its `channels`, or 1, and square, unless
/// the keys give something else.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConvolutionTable {
    #[serde(default, deserialize_with = "some_integer::<_, _, 1, { u8::MAX as i64 }>")]
    height: Option<u8>,
    #[serde(default, deserialize_with = "some_integer::<_, _, 1, { u8::MAX as i64 }>")]
    width: Option<u8>,
    #[serde(default, deserialize_with = "some_integer::<_, _, 1, { MAX_NEURONS as i64 }>")]
    channels: Option<u16>,
    #[serde(deserialize_with = "integer::<_, _, 1, { MAX_KERNEL as i64 }>")]
    kernel: u8,
    #[serde(deserialize_with = "integer::<_, _, 1, { MAX_KERNEL as i64 }>")]
    stride: u8,
    #[serde(deserialize_with = "integer::<_, _, 0, { MAX_KERNEL as i64 - 1 }>")]
    padding: u8,
}

impl ConvolutionTable {
    /// The description; whether the map has the population's size is checked with the network. `field` is what an
    /// error calls the projection.
    pub(super) fn convolution(&self, pre: &PopulationTable, field: &str) -> Result<Convolution, Fault> {
        let channels = self.channels.unwrap_or_else(|| pre.channels());
        let positions = pre.size() / channels.max(1);
        let side = |given: Option<u8>, other: Option<u8>, name| {
            let derived = other.map_or(positions.isqrt(), |other| positions / u16::from(other.max(1)));
            let missing = || Fault::Missing { field: format!("{field}.convolution.{name}") };
            given.or(u8::try_from(derived).ok()).ok_or_else(missing)
        };
        let height = side(self.height, self.width, "height")?;
        let width = side(self.width, self.height, "width")?;
        let Self { kernel, stride, padding, .. } = *self;
        Ok(Convolution { height, width, channels, kernel, stride, padding })
    }
}
