//! Clock cycles of an instruction, by the cores' technical reference manuals, flash and RAM without wait states.
//!
//! | | Cortex-M0+ (DDI 0484, 3.3) | Cortex-M3 (DDI 0337, 18.2) | Cortex-M4 (DDI 0439, 3.3) |
//! |---|---|---|---|
//! | load, store | 2 | 2 | 2 |
//! | `ldrd`, `strd` | | 3 | 3 |
//! | N registers: `ldm`, `stm`, `push`, `pop` | 1 + N | 1 + N | 1 + N |
//! | taken branch | 2 | 1 + P | 1 + P |
//! | `bl` | 3 | 1 + P | 1 + P |
//! | `pop` with `pc` | 3 + N | 1 + N + P | 1 + N + P |
//! | `mul` | 1 | 1 | 1 |
//! | `mla`, `mls` | | 2 | 1 (M4: also every DSP product) |
//! | 64-bit products | | 5 | 1 |
//! | `sdiv`, `udiv` | | 12 | 12 |
//! | anything else | 1 | 1 | 1 |
//!
//! P, the refill of the pipeline, is 1 to 3: 2 is taken. Where a manual gives a range for the rest, its end is taken,
//! and that neighbouring loads overlap is not credited: the estimate errs to the slow side. For the Cortex-M7 and
//! -M33 there is no public table; theirs is the Cortex-M4's, without credit for dual issue or branch prediction.

use super::Instruction;
use super::instruction::Flow;

/// A core with a table of cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Core {
    /// Cortex-M0+, with the single-cycle multiplier.
    M0Plus,
    /// Cortex-M3.
    M3,
    /// Cortex-M4, and for want of a table M7 and M33.
    M4,
}

impl Core {
    /// The core of a Rust target.
    #[must_use]
    pub fn of_target(target: &str) -> Self {
        match target {
            "thumbv6m-none-eabi" => Self::M0Plus,
            "thumbv7m-none-eabi" => Self::M3,
            _ => Self::M4,
        }
    }

    /// Cycles of an instruction; `jumped` says whether the next one executed was not the next in memory.
    #[must_use]
    pub fn cycles(self, instruction: &Instruction, jumped: bool) -> u32 {
        let operation = instruction.operation();
        let listed = instruction.register_list().len() as u32;
        let refill = match self {
            Self::M0Plus if matches!(instruction.flow(), Flow::Call(_) | Flow::Return) => 2,
            Self::M0Plus => 1,
            Self::M3 | Self::M4 => 2,
        };
        let itself = match operation {
            "push" | "pop" | "ldm" | "stm" | "ldmdb" | "stmdb" => 1 + listed,
            "ldrd" | "strd" => 3,
            "sdiv" | "udiv" => 12,
            "mla" | "mls" if self == Self::M3 => 2,
            "umull" | "smull" | "umlal" | "smlal" if self == Self::M3 => 5,
            "tbb" | "tbh" => 2,
            _ if operation.starts_with("ldr") || operation.starts_with("str") => 2,
            _ => 1,
        };
        itself + if jumped { refill } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chip::disassembly::read;

    #[test]
    fn the_manuals_examples_come_out() {
        let code = "0:\tldr\tr0, [r1]\n2:\tpush\t{r4, r5, lr}\n4:\tbne\t0x0\n6:\tbl\t0x0\na:\tmla\tr0, r1, r2, r3\ne:\tpop\t{r4, pc}\n";
        let code = read(code);
        let cycles =
            |core: Core| -> Vec<u32> { code.iter().map(|it| core.cycles(it, it.flow() != Flow::Next)).collect() };
        assert_eq!(cycles(Core::M0Plus), [2, 4, 2, 3, 1, 5]);
        assert_eq!(cycles(Core::M3), [2, 4, 3, 3, 2, 5]);
        assert_eq!(cycles(Core::M4), [2, 4, 3, 3, 1, 5]);
        assert_eq!(Core::M4.cycles(&code[2], false), 1);
    }
}
