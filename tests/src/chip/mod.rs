//! What can be said of a linked firmware by reading its machine code: no float, no allocator, how deep the stack
//! gets, how large it is.
//!
//! Reads ELF files of Thumb targets and knows nothing of networks. Instructions come from LLVM's disassembler, as
//! text.

pub mod disassembly;
pub mod image;
pub mod instruction;
pub mod stack;

pub use image::{Function, Image};
pub use instruction::Instruction;
