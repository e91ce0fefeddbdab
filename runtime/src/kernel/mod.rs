//! The loops over synapses, one place for all of them.
//!
//! A kernel sees slices and numbers and knows no network. [`portable`] defines what each computes, to the bit;
//! a faster twin for some core stands beside it and is chosen here.

pub mod portable;
pub mod tanh;

pub use portable::{
    DenseRow, add_row, change_row, eligibility_column, eligibility_row, halve_row, propagate_i8, propagate_i16,
};
