//! Memory that one projection's step uses after another's. It has no state.

use metaplastic_shared::format::PlasticFormat;
use metaplastic_shared::network::Plasticity;

use super::terms::TermVectors;
use crate::arena::Arena;

/// Scratch memory for one projection's step, shared by all.
pub(crate) struct Scratch<'a> {
    /// Sums over a rule's terms.
    pub(super) sums: &'a mut [i32],
    /// The increments of a spiking neuron's row, U_j of the present row, or eta M_j.
    pub(super) row: &'a mut [i16],
    /// What is lost of P, `-l_j`.
    pub(super) leaks: &'a mut [i16],
    pub(super) dense: TermVectors<'a>,
}

impl<'a> Scratch<'a> {
    /// For rows of at most `row` synapses and these plastic projections.
    pub(crate) fn allocate<'p>(
        arena: &mut Arena<'a>,
        row: usize,
        plastic: impl Iterator<Item = (&'p Plasticity, &'p PlasticFormat)>,
    ) -> Self {
        let (mut dense, mut reads_plastic, mut leaks) = (false, false, false);
        for (Plasticity { rule, leak, .. }, format) in plastic {
            leaks |= leak.is_some();
            dense |= !format.decays_lazily(rule);
            reads_plastic |= rule.reads_plastic();
        }
        let kept = |needed: bool| if needed { row } else { 0 };
        Self {
            sums: arena.take_sums(row),
            row: arena.take(row),
            leaks: arena.take(kept(leaks)),
            dense: TermVectors::allocate(arena, kept(dense), kept(reads_plastic)),
        }
    }
}
