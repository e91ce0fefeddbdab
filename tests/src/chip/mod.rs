//! What can be said of a linked firmware by reading its machine code: no float, no allocator, how deep the stack
//! gets, how large it is.
//!
//! Reads ELF files of Thumb targets and knows nothing of networks. Instructions come from LLVM's disassembler, as
//! text.

pub mod cycles;
pub mod disassembly;
pub mod firmware;
pub mod image;
pub mod instruction;
pub mod kernels;
pub mod measure;
pub mod neighbours;
pub mod purity;
pub mod stack;
pub mod trace;

pub use image::{Function, Image};
pub use instruction::Instruction;
