//! Proofs and costs of linked firmware, from its machine code. Ignored by default: the tests need QEMU, a
//! disassembler and a core library for the boards, which `tests/run.sh setup` installs.

mod boards_page;
mod figures;
mod proofs;
