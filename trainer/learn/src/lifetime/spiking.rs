//! How a LIF neuron turns its distance from the threshold into a spike, in floating point.

/// The firing threshold of every LIF population in floating point; weights are in its units.
pub const THRESHOLD: f32 = 1.0;

/// How a spike is made of `d = v - theta` in the forward pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spiking {
    /// `[d >= 0]`, and the reset is not differentiated.
    #[default]
    Heaviside,
    /// `1/2 + d / (1 + k |d|)`, whose derivative the surrogate is, and the reset is differentiated: a smooth
    /// network, for comparing gradients with finite differences. Refractory counting still goes by `d >= 0`.
    Smooth,
}
