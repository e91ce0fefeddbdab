//! The differentiable network, run through whole lifetimes: what an engine is asked and what it answers.
//!
//! Equations, with `i` presynaptic and `j` postsynaptic, in the order of one step:
//!
//! ```text
//! I_j  = sum_i s_i (W_ij + P_ij) + b_j      spikes of this step, or of the last if the projection is recurrent
//! v_j  = a_v v_j + I_j - theta s_j(t-1)     theta = 1; the reset is not differentiated
//! s_j  = [v_j >= theta + beta a_j]          and not within `refractory` steps after a spike
//! u_k  = a_m u_k + sum_i Wm_ik s_i + sum_n S_nk signal_n,   m_k = shrink(tanh(u_k), d)
//! M_j  = sum_k G_kj m_k
//! a_j  = rho a_j + (1 - rho) s_j            and x, x2, y, y2 likewise; theta_y from y^2, after y
//! E_ij = a_E E_ij + (1 - a_E) sum_terms c_j f(pre_i) g(post_j) h(P_ij)
//! P_ij = clamp(P_ij + eta M_j E_ij, -P_max, P_max)
//! ```
//!
//! A convolution is a projection whose `W_ij` many synapses share and most are zero. Graded LIF neurons have `s = 0`
//! always, and answer by `v`. Before a step in which an episode rests, all but `P` becomes zero.
//!
//! Backward, `ds/dv = 1 / (1 + k |v - theta|)^2`, zero while refractory; `clamp` passes the gradient only
//! where `|P| < P_max` behind it; `shrink(m, d) = m - clamp(m, -d, d)` passes it outside its dead zone.

pub mod currents;
pub(crate) mod dead_zone;
pub mod fused;
pub(crate) mod modulation_cost;
pub mod simulate;
pub(crate) mod spike_cost;
#[doc(hidden)]
pub mod testing;

use crate::model::Model;
use metaplastic_task::episode::Episode;

/// The firing threshold of every LIF population on the desk; weights are in its units.
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

/// The loss of some lifetimes and its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// Mean cross entropy of `gamma counts` over all decisions, nats, and the cost of modulation.
    pub loss: f64,
    /// Decisions in all.
    pub decisions: usize,
    /// Decisions in which the right class had the highest count.
    pub correct: usize,
    /// The gradient of the loss, in the layout of the model.
    pub values: Vec<f32>,
}

/// Something that runs lifetimes forward and backward. For one input the result is the same to the bit on every
/// call, whatever the number of threads.
pub trait Engine: Send + Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// Runs the episodes and differentiates the mean loss of their decisions.
    ///
    /// # Errors
    /// If the engine cannot run these episodes, says why.
    fn gradient(&self, model: &Model, flat: &[f32], episodes: &[Episode]) -> Result<Gradient, EngineError>;
}

/// What lifetimes did.
#[derive(Debug)]
pub struct Lived<S> {
    /// The readout's spikes, or its potentials summed over steps where it is graded: `[decisions, classes]`, row by row, in the order of the episodes and of the decisions in
    /// each.
    pub counts: Vec<f32>,
    /// The cost of modulation and of spikes, a term of the loss.
    pub activity_cost: f64,
    /// What the backward pass needs.
    pub saved: S,
}

/// A lifetime differentiated by hand. It stops at the counts: the readout gain and the loss on top of them belong to
/// `autodiff`, which makes an [`Engine`] of it.
pub trait Lifetime: Send + Sync + 'static {
    /// What the backward pass needs of the forward pass.
    type Saved: Send + 'static;

    /// Runs the episodes.
    fn forward(&self, model: &Model, flat: &[f32], episodes: &[Episode]) -> Lived<Self::Saved>;

    /// Turns the loss's gradient with respect to the counts into that with respect to the meta-parameters, the cost
    /// of modulation included, in the layout of the model; zero for the readout gain, on which neither depends.
    fn backward(&self, saved: Self::Saved, count_gradient: &[f32]) -> Vec<f32>;
}

/// Why an engine could not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No decision in any episode.
    #[error("the episodes ask for no decision")]
    NoDecisions,
    /// The reference engine runs a batch in step and needs episodes alike in steps, rests and decision windows.
    #[error("the reference engine needs episodes of the same length, rests and decision windows")]
    UnlikeEpisodes,
}
