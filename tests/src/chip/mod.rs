//! Properties of a linked firmware from its machine code: absence of floats and of an allocator, stack depth, size.
//!
//! Reads ELF files of Thumb targets and knows nothing of networks. Instructions come as text from LLVM's
//! disassembler.

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
