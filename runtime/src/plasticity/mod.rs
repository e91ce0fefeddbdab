//! The plastic part of a projection: traces, eligibility E, third factor M, plastic weights P.
//!
//! ```text
//! E_ij = a_E E_ij + (1 - a_E) sum_terms c_j f(pre_i) g(post_j) h(P_ij)
//! P_ij = clamp(P_ij + eta M_j E_ij - l_j P_ij, -P_max, P_max)
//! ```
//!
//! E decays densely or lazily, see [`dense`] and [`lazy`]; the format says which.

mod dense;
mod increments;
mod lazy;
mod quiet;
mod scale;
mod scratch;
mod state;
mod terms;

use core::ops::Range;

use metaplastic_shared::network::Leak;

use crate::kernel;
use crate::rounding::{Draws, Offsets, Stream, of_neuron};
use crate::third_factor::ReciprocalScale;

use dense::Rows;
use lazy::LazyEligibility;
use state::EligibilityDecay;

pub(crate) use increments::StepActivity;
pub(crate) use scratch::Scratch;
pub(crate) use state::{PlasticNumbers, PlasticProjection};

impl PlasticProjection<'_> {
    /// One step, after all populations' spikes. `frozen` leaves P as it is.
    // Not inlined: a copy for each projection would make the code grow with the network.
    #[inline(never)]
    pub(crate) fn learn(&mut self, activity: &StepActivity<'_, '_>, frozen: bool, scratch: &mut Scratch<'_>) {
        self.increments.traces.update(activity.pre, activity.post);
        match &mut self.decay {
            EligibilityDecay::Dense(dense) => {
                let Self { eligibility, weights, format, .. } = self;
                dense.update(&self.increments, Rows { eligibility, weights, format }, activity, scratch);
            }
            EligibilityDecay::Lazy(scale) => {
                LazyEligibility { increments: &self.increments, values: self.eligibility, activity }
                    .update(scale, scratch);
            }
        }
        self.modulated = self.third_factor.update(activity.modulation, &self.format, self.modulated);
        let leaks_always = matches!(self.leak, Some((Leak::Always, _)));
        if (self.modulated || leaks_always) && !frozen {
            self.change(activity.draws, scratch);
        }
    }

    fn change(&mut self, draws: Draws, scratch: &mut Scratch<'_>) {
        let all = 0..self.weights.len() / self.row_length();
        let (halved, (rows, scale)) = match self.decay {
            EligibilityDecay::Dense(_) => (0..0, (all, 1 << 15)),
            EligibilityDecay::Lazy(scale) => scale.rows(),
        };
        let Scratch { row: factors, leaks, .. } = scratch;
        let factors = factors.get_mut(..self.increments.row).unwrap_or_default();
        factors.fill(0);
        let Offsets { upper: of_rate, lower: first } = draws.of(Stream::Change);
        let scale = ReciprocalScale { scale, offsets: (of_rate, draws.of(Stream::Terms).lower) };
        let changes = self.third_factor.factors(&self.format, scale, factors);
        let leaks = self.leaks(draws, leaks);
        if !changes && leaks.is_none() {
            return;
        }
        self.change_rows(rows, (factors, leaks), first);
        if !halved.is_empty() {
            factors.iter_mut().for_each(|factor| *factor = factor.saturating_mul(2));
            self.change_rows(halved, (factors, leaks), first);
        }
    }

    /// `-l_j`; none where nothing of P is lost in this step.
    fn leaks<'s>(&self, draws: Draws, leaks: &'s mut [i16]) -> Option<&'s [i16]> {
        let leak = self.leak?;
        let leaks = leaks.get_mut(..self.increments.row).unwrap_or_default();
        leaks.fill(0);
        let offset = draws.of(Stream::Leak).upper;
        let any = self.third_factor.leaks(leak, self.format.third_factor_exponent, offset, leaks);
        any.then_some(leaks)
    }

    /// `factors` are of E, and of P if it leaks; `first` is the offset of row 0.
    fn change_rows(&mut self, rows: Range<usize>, factors: (&[i16], Option<&[i16]>), first: u16) {
        let offset = of_neuron(first, rows.start);
        let synapses = rows.start * self.row_length()..rows.end * self.row_length();
        let weights = self.weights.get_mut(synapses.clone()).unwrap_or_default();
        let eligibility = self.eligibility.get(synapses).unwrap_or_default();
        let limit = self.format.plastic_limit;
        match factors.1 {
            None => kernel::change(weights, eligibility, factors.0, limit, offset),
            Some(leaks) => kernel::change_and_leak(weights, eligibility, (factors.0, leaks), limit, offset),
        }
    }
}
