//! Clock cycles of an instruction by the cores' technical reference manuals, for flash and RAM without wait states.
//!
//! | | Cortex-M0+ (DDI 0484, 3.3) | Cortex-M3 (DDI 0337, 3.3) | Cortex-M4 (DDI 0439, 3.3) |
//! |---|---|---|---|
//! | load, store | 2 | 2 | 2 |
//! | store at a register and a constant | 2 | 1 | 1 |
//! | load at `pc` and a constant | 2 | 3 | 3 |
//! | behind what is [in the way, or overlaps](super::neighbours) | | +1, -1 | +1, -1 |
//! | `ldrd`, `strd` | | 3 | 3 |
//! | N registers: `ldm`, `stm`, `push`, `pop` | 1 + N | 1 + N | 1 + N |
//! | taken branch | 2 | 1 + P | 1 + P |
//! | `bl` | 3 | 1 + P | 1 + P |
//! | `pop` with `pc` | 3 + N | 1 + N + P | 1 + N + P |
//! | `ldr` of `pc`, `tbb`, `tbh` | | 5, 6 | 5, 6 |
//! | `mul` | 1 | 1 | 1 |
//! | `mla`, `mls` | | 2 | 1 (M4: also every DSP product) |
//! | 64-bit products | | 5 | 1 |
//! | `sdiv`, `udiv` | | 12 | 12 |
//! | anything else | 1 | 1 | 1 |
//!
//! P, the refill of the pipeline, is 1 to 3; the estimate uses 2. Where a manual gives another range, the estimate
//! uses its upper end. For the Cortex-M7 and -M33 there is no public table; the estimate uses that of the
//! Cortex-M4, without dual issue or branch prediction.

use super::Instruction;
use super::instruction::Flow;
use super::neighbours::{loads_constant, overlaps, stalls, stores_at_constant_offset};

/// A core with a table of cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Core {
    /// Cortex-M0+, with the single-cycle multiplier.
    M0Plus,
    /// Cortex-M3.
    M3,
    /// Cortex-M4; also M7 and M33, which have no public table.
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

    /// Cycles of an instruction after another. `jumped` tells whether the instruction executed next is not the next
    /// in memory. After a jump, there is no previous instruction.
    #[must_use]
    pub fn cycles(self, before: Option<&Instruction>, instruction: &Instruction, jumped: bool) -> u32 {
        let refill = match self {
            Self::M0Plus if matches!(instruction.flow(), Flow::Call(_) | Flow::Return) => 2,
            Self::M0Plus => 1,
            Self::M3 | Self::M4 => 2,
        };
        let among = before.filter(|_| self != Self::M0Plus);
        let stalled = u32::from(among.is_some_and(|before| stalls(before, instruction)));
        let overlapped = among.is_some_and(|before| overlaps(before, instruction));
        let itself = self.alone(instruction);
        let itself = if overlapped { (itself - 1).max(1) } else { itself };
        itself + stalled + if jumped { refill } else { 0 }
    }

    /// Cycles without the effects of neighbours and jumps.
    fn alone(self, instruction: &Instruction) -> u32 {
        let listed = instruction.register_list().len() as u32;
        match instruction.operation() {
            "push" | "pop" | "ldm" | "stm" | "ldmdb" | "stmdb" => 1 + listed,
            "ldrd" | "strd" => 3,
            "sdiv" | "udiv" => 12,
            "mla" | "mls" if self == Self::M3 => 2,
            "umull" | "smull" | "umlal" | "smlal" if self == Self::M3 => 5,
            "tbb" | "tbh" => 4,
            operation if operation.starts_with("ldr") || operation.starts_with("str") => self.access(instruction),
            _ => 1,
        }
    }

    fn access(self, instruction: &Instruction) -> u32 {
        let is_slow = loads_constant(instruction) || instruction.operands.starts_with("pc,");
        match self {
            Self::M0Plus => 2,
            Self::M3 | Self::M4 if stores_at_constant_offset(instruction) => 1,
            Self::M3 | Self::M4 if is_slow => 3,
            Self::M3 | Self::M4 => 2,
        }
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
        let alone = |core: Core| -> Vec<u32> {
            code.iter().map(|it| core.cycles(None, it, it.flow() != Flow::Next)).collect()
        };
        assert_eq!(alone(Core::M0Plus), [2, 4, 2, 3, 1, 5]);
        assert_eq!(alone(Core::M3), [2, 4, 3, 3, 2, 5]);
        assert_eq!(alone(Core::M4), [2, 4, 3, 3, 1, 5]);
        assert_eq!(Core::M4.cycles(None, &code[2], false), 1);
    }

    #[test]
    fn sequences_take_what_the_manual_says() {
        for (m0_plus, m4, text) in [
            (4, 3, "0:\tldr\tr0, [r1]\n4:\tldr\tr1, [r2]\n"),
            (4, 3, "0:\tldr\tr0, [r1, r2]\n4:\tstr\tr0, [r3, #20]\n"),
            (4, 3, "0:\tldr\tr0, [r1, r2]\n4:\tstr\tr1, [r3, r2]\n"),
            (6, 4, "0:\tldr\tr0, [r1, r5]\n4:\tldr\tr1, [r2]\n8:\tldr\tr2, [r3, #4]\n"),
            (2, 1, "0:\tstr\tr0, [r1, #4]\n"),
            (2, 3, "0:\tldr\tr0, [pc, #4]\n"),
            (3, 4, "0:\tadd\tr0, r1\n4:\tldr\tr2, [r0]\n"),
            (5, 6, "0:\tadd\tr0, r1\n4:\tldr\tr0, [r0]\n8:\tstr\tr2, [r0, r3]\n"),
        ] {
            let code = read(text);
            let cycles = |core: Core| -> u32 {
                let before = std::iter::once(None).chain(code.iter().map(Some));
                before.zip(&code).map(|(before, it)| core.cycles(before, it, false)).sum()
            };
            assert_eq!(cycles(Core::M4), m4, "{text}");
            assert_eq!(cycles(Core::M3), m4, "{text}");
            assert_eq!(cycles(Core::M0Plus), m0_plus, "{text}");
        }
    }
}
