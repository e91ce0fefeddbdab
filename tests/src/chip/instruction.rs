//! One machine instruction: LLVM's mnemonic and operands, and the properties that follow from them.

/// A decoded instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Its address.
    pub address: u32,
    /// 2 or 4 bytes.
    pub size: u32,
    /// With width suffix and condition: `addeq.w`.
    pub mnemonic: String,
    /// Operands in UAL: `r0, [r1, #4]`.
    pub operands: String,
    /// Whether it is conditional.
    pub conditional: bool,
}

/// The control flow after an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To the next instruction.
    Next,
    /// To this address, or to the next instruction if conditional.
    Jump(u32),
    /// To this address and back.
    Call(u32),
    /// To an address in a register and back.
    IndirectCall,
    /// Back to the caller.
    Return,
    /// To an address in a register or table: a `match`, or a tail call through a pointer.
    IndirectJump,
    /// Nowhere: `udf`, `trap`.
    Trap,
}

impl Instruction {
    /// The address of the next instruction in memory.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.address + self.size
    }

    /// The mnemonic without width (`.w`, `.n`) and condition.
    #[must_use]
    pub fn operation(&self) -> &str {
        let bare = self.mnemonic.strip_suffix(".w").or_else(|| self.mnemonic.strip_suffix(".n"));
        let bare = bare.unwrap_or(&self.mnemonic);
        let unconditional = bare.len().checked_sub(2).filter(|_| self.conditional && !bare.starts_with("cb"));
        unconditional.and_then(|end| bare.get(..end)).unwrap_or(bare)
    }

    /// Operands outside brackets and braces, split at commas.
    #[must_use]
    pub fn arguments(&self) -> Vec<&str> {
        let (mut depth, mut start, mut arguments) = (0, 0, Vec::new());
        for (at, letter) in self.operands.char_indices() {
            match letter {
                '[' | '{' => depth += 1,
                ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    arguments.push(self.operands[start..at].trim());
                    start = at + 1;
                }
                _ => {}
            }
        }
        arguments.push(self.operands[start..].trim());
        arguments
    }

    /// The registers in braces; LLVM writes no ranges.
    #[must_use]
    pub fn register_list(&self) -> Vec<&str> {
        let list = self.operands.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        list.map_or_else(Vec::new, |(list, _)| list.split(',').map(str::trim).collect())
    }

    /// The control flow after the instruction.
    #[must_use]
    pub fn flow(&self) -> Flow {
        let target = || self.arguments().last().and_then(|text| address(text));
        match self.operation() {
            "b" | "cbz" | "cbnz" => target().map_or(Flow::IndirectJump, Flow::Jump),
            "bl" => target().map_or(Flow::IndirectCall, Flow::Call),
            "blx" | "blxns" => Flow::IndirectCall,
            "bx" | "bxns" if self.operands == "lr" => Flow::Return,
            "bx" | "bxns" | "tbb" | "tbh" => Flow::IndirectJump,
            "pop" | "ldm" | "ldmdb" if self.register_list().contains(&"pc") => Flow::Return,
            "ldr" if self.operands.starts_with("pc, [sp]") => Flow::Return,
            "mov" if self.operands == "pc, lr" => Flow::Return,
            "mov" | "add" | "ldr" if self.operands.starts_with("pc,") => Flow::IndirectJump,
            "udf" | "trap" => Flow::Trap,
            _ => Flow::Next,
        }
    }
}

/// `0x10f4`.
fn address(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// `#-0x10`, `#16`.
#[must_use]
pub fn immediate(text: &str) -> Option<i64> {
    let text = text.strip_prefix('#')?;
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instruction(mnemonic: &str, operands: &str) -> Instruction {
        Instruction {
            address: 0,
            size: 2,
            mnemonic: mnemonic.into(),
            operands: operands.into(),
            conditional: false,
        }
    }

    #[test]
    fn control_flow_is_read_off_the_text() {
        let flow = |mnemonic, operands| instruction(mnemonic, operands).flow();
        assert_eq!(flow("b.w", "0x1234"), Flow::Jump(0x1234));
        assert_eq!(flow("cbz", "r0, 0x20"), Flow::Jump(0x20));
        assert_eq!(flow("bl", "0x20"), Flow::Call(0x20));
        assert_eq!(flow("pop", "{r4, r7, pc}"), Flow::Return);
        assert_eq!(flow("pop.w", "{r4, r7}"), Flow::Next);
        assert_eq!(flow("ldr", "pc, [sp], #0x10"), Flow::Return);
        assert_eq!(flow("tbh", "[pc, r0, lsl #1]"), Flow::IndirectJump);
    }

    #[test]
    fn operands_split_outside_brackets() {
        let add = instruction("ldrd", "r0, r1, [sp, #8]!");
        assert_eq!(add.arguments(), ["r0", "r1", "[sp, #8]!"]);
        assert_eq!(immediate("#-0x10"), Some(-16));
    }
}
