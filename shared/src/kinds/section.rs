//! The raw sections of numbers that a kind may have in an artifact. A section knows neither its network nor its
//! position.

/// A raw section; the number is the index of its population or projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// i16 bias of a LIF population, one value for each channel or neuron, padded to a row, in the membrane's
    /// exponent.
    Bias(usize),
    /// u16 decays a_v of a LIF population with one for each neuron, Q0.16, padded to a row.
    MembraneDecays(usize),
    /// u16 decays a_i of a LIF population with a synaptic current and one decay for each neuron, Q0.16, padded to a
    /// row.
    SynapseDecays(usize),
    /// i8 innate weights W of a projection: one row for each presynaptic neuron or value, or for each neuron of a
    /// convolution's window.
    Weights(usize),
    /// i16 rule coefficients times `1 - a_E`: one value for each term, or one row for each term.
    Coefficients(usize),
    /// i8 third-factor weights G: one row for each modulator neuron.
    ThirdFactorWeights(usize),
}

/// Most sections of a population or a projection.
pub(crate) const MOST_SECTIONS: usize = 3;

/// A raw section and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionLength {
    /// Which section.
    pub section: Section,
    /// Its length without padding behind it, bytes; zero if the network has no such section.
    pub bytes: usize,
}
