//! Number formats: how each quantity of a network is laid out in integers.
//!
//! A quantity with exponent `n` is the integer times `2^-n`. Decays are Q0.16 multipliers. Fixed formats that
//! no network changes are here too: spikes, traces and modulator values are Q15, external signals Q12.

use core::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::rule::Rule;

/// Fractional bits of traces, spikes as factors, adaptation and modulator values.
pub const TRACE_EXPONENT: i32 = 15;
/// Fractional bits of external signals.
pub const SIGNAL_EXPONENT: i32 = 12;
/// Exponents that 8-bit weights may have: W, G and those of external signals.
pub const WEIGHT_EXPONENTS: RangeInclusive<i32> = -8..=15;
/// Rows of weights, plastic weights and eligibilities are padded to a multiple of this many synapses.
pub const ROW_PADDING: usize = 8;

/// Synapses in a row of a projection onto `post_size` neurons, padding included.
#[must_use]
pub const fn row_length(post_size: usize) -> usize {
    post_size.next_multiple_of(ROW_PADDING)
}

/// Formats and scalar constants of a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PopulationFormat {
    /// Spikes have no format.
    Input,
    /// See [`LifFormat`].
    Lif(LifFormat),
    /// See [`ModulatorFormat`].
    Modulator(ModulatorFormat),
}

/// Formats and scalar constants of a leaky integrate-and-fire population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifFormat {
    /// Exponent of the membrane potential, threshold, bias and adaptation strength, 0 to 15.
    pub exponent: u8,
    /// theta, above zero.
    pub threshold: i16,
    /// a_v, Q0.16.
    pub decay: u16,
    /// beta and rho of an adaptive threshold.
    pub adaptation: Option<Adaptation>,
}

/// The adaptive threshold `theta + strength a`, `a = decay a + (1 - decay) s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adaptation {
    /// beta, in the membrane's exponent, not negative.
    pub strength: i16,
    /// rho, Q0.16.
    pub decay: u16,
}

/// Formats and scalar constants of a modulator population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulatorFormat {
    /// Exponent of the potential `u`, 0 to 15.
    pub exponent: u8,
    /// a_m, Q0.16.
    pub decay: u16,
    /// Exponent of the i8 weights of external signals, see [`WEIGHT_EXPONENTS`].
    pub signal_exponent: i8,
}

/// Formats and scalar constants of a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectionFormat {
    /// Exponent of the i8 innate weights W, see [`WEIGHT_EXPONENTS`].
    pub weight_exponent: i8,
    /// Formats of the plastic part; present exactly when the projection is plastic.
    pub plastic: Option<PlasticFormat>,
}

/// Formats and scalar constants of a plastic projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlasticFormat {
    /// Exponent of P, 0 to 24.
    pub plastic_exponent: u8,
    /// P_max in P's exponent, not negative.
    pub plastic_limit: i16,
    /// Exponent of E, 0 to 15. Coefficients, already times `1 - a_E`, have one fractional bit more.
    pub eligibility_exponent: u8,
    /// a_E, Q0.16.
    pub eligibility_decay: u16,
    /// The decays of the traces the rule reads.
    pub traces: TraceDecays,
    /// Exponent of the third factor M, 0 to 15.
    pub third_factor_exponent: u8,
    /// Exponent of the i8 third-factor weights G, see [`WEIGHT_EXPONENTS`].
    pub third_factor_weight_exponent: i8,
    /// eta, not negative.
    pub rate: i16,
    /// Exponent of eta, 0 to 30.
    pub rate_exponent: u8,
}

/// The decays of a projection's traces, Q0.16; zero where the rule keeps no such trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceDecays {
    /// a_x.
    pub pre: u16,
    /// a_x2.
    pub pre_slow: u16,
    /// a_y.
    pub post: u16,
    /// a_y2.
    pub post_slow: u16,
    /// a_theta, of the sliding threshold.
    pub threshold: u16,
}

impl PlasticFormat {
    /// Exponent of the coefficients and of the increments made of them: one more than E's.
    #[must_use]
    pub fn coefficient_exponent(&self) -> i32 {
        i32::from(self.eligibility_exponent) + 1
    }

    /// Exponent of `eta M`, such that `(eta M) E` has 16 fractional bits more than P.
    #[must_use]
    pub fn change_exponent(&self) -> i32 {
        i32::from(self.plastic_exponent) + 16 - i32::from(self.eligibility_exponent)
    }

    /// Right shift that brings `M eta` to the change's exponent.
    #[must_use]
    pub fn change_shift(&self) -> i32 {
        i32::from(self.third_factor_exponent) + i32::from(self.rate_exponent) - self.change_exponent()
    }

    /// Whether eligibility decays lazily: one growing scale for the projection, rows and columns touched only
    /// where a spike is. Needs an event-driven rule and a decay of at least one half.
    #[must_use]
    pub fn decays_lazily(&self, rule: &Rule) -> bool {
        rule.is_event_driven() && self.eligibility_decay >= 0x8000
    }
}
