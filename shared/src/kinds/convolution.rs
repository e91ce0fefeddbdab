//! Two-dimensional convolutions of square windows over a map of `height x width x channels` presynaptic neurons.
//!
//! Neuron `(y, x, c)` of a map is number `(y width + x) channels + c`. Positions beyond the edge never spike:
//!
//! ```text
//! I_(y,x,d) = sum_(u,v,c) s_(stride y + u - padding, stride x + v - padding, c) W_((u kernel + v) channels + c, d)
//! ```

use serde::{Deserialize, Serialize};

use super::lif::MAX_NEURONS;

/// Largest window of a convolution, in rows.
pub const MAX_KERNEL: u8 = 15;

/// A two-dimensional convolution of square windows over a map of `height x width x channels` presynaptic neurons.
///
/// Neuron `(y, x, c)` of a map is number `(y width + x) channels + c`. Positions beyond the edge never spike:
///
/// ```text
/// I_(y,x,d) = sum_(u,v,c) s_(stride y + u - padding, stride x + v - padding, c) W_((u kernel + v) channels + c, d)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convolution {
    /// Rows of the presynaptic map, 1 to 255.
    pub height: u8,
    /// Columns of the presynaptic map, 1 to 255.
    pub width: u8,
    /// Presynaptic neurons at each position of the map; with the whole window, at most [`MAX_NEURONS`].
    pub channels: u16,
    /// Rows and columns of a window, 1 to [`MAX_KERNEL`].
    pub kernel: u8,
    /// Positions from one window to the next, 1 to `kernel`.
    pub stride: u8,
    /// Positions around the map that never spike, 0 to `kernel - 1`.
    pub padding: u8,
}

/// The reasons for which a convolution is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvolutionError {
    /// A field is out of its range.
    #[error("convolution {field} is {value}, not in {low}..={high}")]
    Range {
        /// The field.
        field: &'static str,
        /// Its value.
        value: u16,
        /// The least allowed.
        low: u16,
        /// The most allowed.
        high: u16,
    },
    /// A population does not have the size of the convolution's map.
    #[error("{end} population has {size} neurons, the convolution's map needs {needed}")]
    MapSize {
        /// Which of the projection's ends: `pre`, or `post`, which needs a multiple of the positions.
        end: &'static str,
        /// Neurons it has.
        size: u16,
        /// Neurons it needs.
        needed: u32,
    },
}

fn within(field: &'static str, value: u16, low: u16, high: u16) -> Result<(), ConvolutionError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(ConvolutionError::Range { field, value, low, high })
}

impl Convolution {
    /// Checks the fields, and that the populations of `(pre, post)` neurons are its maps.
    pub(super) fn check(self, shape: (usize, usize)) -> Result<(), ConvolutionError> {
        self.check_fields()?;
        let (pre, post) = (shape.0 as u16, shape.1 as u16);
        let (map, positions) = (self.map_size(), self.positions() as u32);
        if map != u32::from(pre) {
            return Err(ConvolutionError::MapSize { end: "pre", size: pre, needed: map });
        }
        let needed = u32::from(post).next_multiple_of(positions);
        if needed != u32::from(post) {
            return Err(ConvolutionError::MapSize { end: "post", size: post, needed });
        }
        Ok(())
    }

    fn check_fields(self) -> Result<(), ConvolutionError> {
        let (kernel, stride, padding) = (u16::from(self.kernel), u16::from(self.stride), u16::from(self.padding));
        within("height", self.height.into(), 1, 255)?;
        within("width", self.width.into(), 1, 255)?;
        within("channels", self.channels, 1, MAX_NEURONS)?;
        within("kernel", kernel, 1, MAX_KERNEL.into())?;
        within("stride", stride, 1, kernel)?;
        within("padding", padding, 0, kernel - 1)?;
        let shortest = u16::from(self.height.min(self.width)) + 2 * padding;
        within("kernel", kernel, 1, shortest)?;
        let window = u16::try_from(self.window()).unwrap_or(u16::MAX);
        within("window", window, 1, MAX_NEURONS)
    }

    /// Presynaptic neurons of the whole map.
    #[must_use]
    pub fn map_size(self) -> u32 {
        u32::from(self.height) * u32::from(self.width) * u32::from(self.channels)
    }

    /// Presynaptic neurons of a window: rows of the weights.
    #[must_use]
    pub fn window(self) -> usize {
        usize::from(self.kernel) * usize::from(self.kernel) * usize::from(self.channels)
    }

    /// Rows and columns of the postsynaptic map.
    #[must_use]
    pub fn post_map(self) -> (usize, usize) {
        let positions = |length: u8| {
            let padded = usize::from(length) + 2 * usize::from(self.padding);
            padded.saturating_sub(self.kernel.into()) / usize::from(self.stride.max(1)) + 1
        };
        (positions(self.height), positions(self.width))
    }

    /// Positions of the postsynaptic map: the number of windows.
    #[must_use]
    pub fn positions(self) -> usize {
        let (height, width) = self.post_map();
        height * width
    }

    /// Rows and columns of the shared weights: neurons of a window, and channels of the postsynaptic population.
    pub(super) fn weight_shape(self, post: usize) -> (usize, usize) {
        (self.window(), post / self.positions().max(1))
    }
}
