//! Vector operations, and what they run on.

#![allow(clippy::too_many_arguments, reason = "a kernel has the parameters of its equation")]

mod backend;
mod portable;
mod vectors;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use backend::Backend;
pub(crate) use vectors::{Block, Kernel, LANES, Lanes, Octet, Vectors, dot, sum_of, total};
