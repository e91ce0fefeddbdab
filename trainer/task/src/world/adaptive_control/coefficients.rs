//! The unknown coefficients of a plant, and the drift that they make. This file may not know motor, sensor or path.
//!
//! With `z = d q + c` the drift is `b1 z + b2 sin z + a`.

use rand::Rng;
use rand_distr::StandardNormal;

use crate::seed::TaskRng;
use crate::world::changeable::Changeable;
use crate::world::scalar::PlantScalar;

/// The coefficients of a plant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlantCoefficients {
    /// `a`.
    pub a: f64,
    /// `b1`, of the linear term.
    pub b_linear: f64,
    /// `b2`, of the sine.
    pub b_sine: f64,
    /// `c`.
    pub c: f64,
    /// `d`.
    pub d: f64,
}

impl PlantCoefficients {
    /// Each N(0, 1).
    #[must_use]
    pub fn draw(rng: &mut TaskRng) -> Self {
        let mut normal = || rng.sample(StandardNormal);
        Self { a: normal(), b_linear: normal(), b_sine: normal(), c: normal(), d: normal() }
    }

    /// The coefficients, as somebody at the plant can change them: within four standard deviations.
    pub(super) fn changeable(&self) -> Vec<Changeable> {
        let Self { a, b_linear, b_sine, c, d } = *self;
        let named = [("a", a), ("b_linear", b_linear), ("b_sine", b_sine), ("c", c), ("d", d)];
        named.into_iter().map(|(name, value)| Changeable::new(name, "", value, -4.0..=4.0)).collect()
    }

    /// The same with one of the coefficients changed.
    pub(super) fn changed(&self, which: usize, value: f64) -> Option<Self> {
        let mut changed = *self;
        let Self { a, b_linear, b_sine, c, d } = &mut changed;
        **[a, b_linear, b_sine, c, d].get_mut(which)? = value;
        Some(changed)
    }

    /// The velocity of `q` without a drive.
    #[must_use]
    pub fn drift<S: PlantScalar>(&self, q: S) -> S {
        let z = q * self.d + self.c;
        z * self.b_linear + z.sin() * self.b_sine + self.a
    }
}
