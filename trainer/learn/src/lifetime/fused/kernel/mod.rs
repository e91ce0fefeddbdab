//! The loops over synapses, which are nearly all of the work, each in a file of its own.
//!
//! A projection's matrices lie in panels of eight postsynaptic neurons, a panel row by row. Every kernel takes one
//! panel after the other, keeps its postsynaptic quantities in registers and touches each row once. All kernels are
//! generic over [`Lanes`](super::lanes::Lanes), so the portable twin of a kernel is the kernel itself.

#![allow(clippy::too_many_arguments, reason = "a kernel has the parameters of its equation")]

pub(crate) mod adjoint;
pub(crate) mod convolve;
pub(crate) mod learn;
pub(crate) mod propagate;
