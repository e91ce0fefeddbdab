//! What is proven of linked firmware, from its machine code, and what it costs. Ignored by default: they need QEMU, a
//! disassembler and a core library for the boards, which `tests/run.sh setup` installs.

mod figures;
mod proofs;
mod readme;
