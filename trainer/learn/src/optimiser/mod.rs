//! The optimiser: gradient clipping, the learning rate's schedule, Adam. It knows no network.
//!
//! ```
//! use metaplastic_learn::optimiser::{Adam, AdamConfiguration, OneCycle, clip, norm};
//!
//! // Down to the minimum of (x - 3)^2 + (y + 1)^2.
//! let (mut at, mut adam) = ([0.0_f32, 0.0], Adam::new(2));
//! let schedule = OneCycle { peak_rate: 0.2, ..OneCycle::default() };
//! for step in 0..200 {
//!     let mut gradient = [2.0 * (at[0] - 3.0), 2.0 * (at[1] + 1.0)];
//!     let length = norm(gradient.iter().copied());
//!     clip(gradient.iter_mut(), length, 1.0);
//!     let rate = schedule.rate(step, 200);
//!     adam.step(&AdamConfiguration::default(), rate, gradient.into_iter(), at.iter_mut());
//! }
//! assert!((at[0] - 3.0).abs() < 0.05 && (at[1] + 1.0).abs() < 0.05, "{at:?}");
//! ```

mod adam;
mod clip;
mod schedule;

pub use adam::{Adam, AdamConfiguration};
pub use clip::{clip, norm};
pub use schedule::OneCycle;
