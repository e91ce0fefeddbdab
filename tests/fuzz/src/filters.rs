//! Arbitrary filters of a neuron: its synaptic current, and the scope of its decays.

use arbitrary::{Result, Unstructured};
use metaplastic_shared::network::{DecayScope, Lif};

/// With or without a synaptic current, and with decays of either scope.
pub(crate) fn filters(bytes: &mut Unstructured<'_>) -> Result<Lif> {
    let decay_scope = *bytes.choose(&[DecayScope::Population, DecayScope::Population, DecayScope::Neuron])?;
    Ok(Lif { synaptic: bytes.ratio(1, 3)?, decay_scope, ..Lif::default() })
}
