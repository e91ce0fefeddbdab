//! The differentiable network, run through whole lifetimes: the input and the result of an engine.
//!
//! Equations, with `i` presynaptic and `j` postsynaptic, in the order of one step:
//!
//! ```text
//! I_j  = sum_i s_i (W_ij + P_ij) + sum_n a_n W_nj + b_j
//!                                           spikes of this step, or of the last if the projection is recurrent;
//!                                           analog values always of this step
//! v_j  = a_v v_j + I_j - theta s_j(t-1)     theta = 1; the reset is not differentiated
//! s_j  = [v_j >= theta + beta a_j]          and not within `refractory` steps after a spike
//! u_k  = a_m u_k + I_k,   m_k = shrink(tanh(u_k), d)
//! M_j  = sum_k G_kj m_k
//! a_j  = rho a_j + (1 - rho) s_j            and x, x2, y, y2 likewise; theta_y from y^2, after y
//! E_ij = a_E E_ij + (1 - a_E) sum_terms c_j f(pre_i) g(post_j) h(P_ij)
//! P_ij = clamp(P_ij + eta M_j E_ij - l_j P_ij, -P_max, P_max)
//! l_j  = min(lambda |M_j|, 1/2), or min(lambda, 1/2) in every step, or 0
//! ```
//!
//! A convolution is a projection in which many synapses share a `W_ij` and most have none. Graded LIF neurons have
//! `s = 0` always, and their output is `v`. Before a step at which the state of an episode is reset, all but `P`
//! becomes zero. An episode may begin with the state that another ended with ([`carried`]): a constant, through which
//! nothing is differentiated.
//!
//! Backward, `ds/dv = 1 / (1 + k |v - theta|)^2`, zero while refractory; `clamp` passes the gradient only where the
//! new `|P| < P_max`, and the bound of `l_j` only below it; `shrink(m, d) = m - clamp(m, -d, d)` passes it outside its dead zone.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::carried::LaneBatch;
//! use metaplastic_learn::lifetime::fused::FusedLifetime;
//! use metaplastic_learn::lifetime::{Lifetime, OuterGradient};
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let (model, flat) = (&experiment.model, experiment.initial(1));
//! let batch = episodes(&*experiment.task, 1, Purpose::Training, 0..3);
//! let lifetime = FusedLifetime::default();
//! let forward = lifetime.forward(model, &flat, LaneBatch::fresh(&batch));
//! assert_eq!(forward.counts.len(), 3 * 4 * 2); // episodes, decisions, classes
//!
//! // What more spikes of the right class would take: a gradient for every meta-parameter.
//! let counts = vec![1.0; forward.counts.len()];
//! let gradient = lifetime.backward(forward.saved, OuterGradient { counts: &counts, costs: &[] });
//! assert_eq!(gradient.len(), model.parameter_count());
//! assert!(gradient.iter().any(|value| *value != 0.0));
//! ```

pub mod carried;
pub mod carried_part;
pub(crate) mod dead_zone;
mod engine;
mod float_network;
pub mod fused;
pub(crate) mod input_statistics;
mod memory;
pub(crate) mod modulation_cost;
pub mod policy;
pub mod reward_loss;
pub mod simulate;
pub(crate) mod spike_cost;
mod spiking;
// For tests of this repository alone, which are other crates: random networks of no use to anybody else.
#[doc(hidden)]
pub mod testing;

pub use engine::{Engine, EngineError, ForwardPass, Gradient, Lifetime, OuterGradient};
pub use float_network::FloatNetwork;
pub use memory::{BatchSize, NetworkBytes};
pub use spiking::{Spiking, THRESHOLD};

use metaplastic_shared::format::{LARGEST_LEAK, LEAK_EXPONENT};

/// The largest `l_j`, that of the chip.
pub(crate) const LARGEST_LOSS: f32 = LARGEST_LEAK as f32 / (1 << LEAK_EXPONENT) as f32;
