//! The flags: the arithmetic that sets them, and the conditions that read them. All the arithmetic of Armv6-M sets
//! flags. It knows no registers.

/// The flags of a core.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) negative: bool,
    pub(super) zero: bool,
    pub(super) carry: bool,
    pub(super) overflow: bool,
    pub(super) sticky: bool,
    /// GE of the lower and the upper half.
    pub(super) at_least: [bool; 2],
}

/// The sum of two words and a carry, and its flags C and V.
fn add(a: u32, b: u32, carry: bool) -> (u32, bool, bool) {
    let unsigned = u64::from(a) + u64::from(b) + u64::from(carry);
    let signed = i64::from(a as i32) + i64::from(b as i32) + i64::from(carry);
    (unsigned as u32, unsigned >> 32 != 0, i32::try_from(signed).is_err())
}

impl Flags {
    /// As a program status register.
    pub(super) fn word(&self) -> u32 {
        let bits = [(self.negative, 31), (self.zero, 30), (self.carry, 29), (self.overflow, 28), (self.sticky, 27)];
        let ge = [(self.at_least[1], 19), (self.at_least[1], 18), (self.at_least[0], 17), (self.at_least[0], 16)];
        bits.into_iter().chain(ge).map(|(flag, bit)| u32::from(flag) << bit).sum()
    }

    /// `apsr_nzcvq`: GE stays.
    pub(super) fn set_word(&mut self, word: u32) {
        let bit = |bit: u32| word >> bit & 1 == 1;
        (self.negative, self.zero, self.carry, self.overflow, self.sticky) =
            (bit(31), bit(30), bit(29), bit(28), bit(27));
    }

    /// Whether a branch's condition holds; none if it is not a branch.
    pub(super) fn condition(&self, mnemonic: &str) -> Option<bool> {
        Some(match mnemonic {
            "b" => true,
            "beq" => self.zero,
            "bne" => !self.zero,
            "blo" | "bcc" => !self.carry,
            "bmi" => self.negative,
            "bvs" => self.overflow,
            "bvc" => !self.overflow,
            "bhi" => self.carry && !self.zero,
            "bls" => !self.carry || self.zero,
            _ => return None,
        })
    }

    /// Executes `cmp`.
    pub(super) fn compare(&mut self, a: u32, b: u32) {
        let (result, carry, overflow) = add(a, !b, true);
        (self.negative, self.zero) = (result >> 31 == 1, result == 0);
        (self.carry, self.overflow) = (carry, overflow);
    }

    /// The result of an instruction on its operands' values, which sets the flags; none if it sets none.
    pub(super) fn result(&mut self, mnemonic: &str, values: &[u32]) -> Option<u32> {
        let result = self.result_and_carry(mnemonic, values)?;
        (self.negative, self.zero) = (result >> 31 == 1, result == 0);
        Some(result)
    }

    /// The result, flags C and V already set.
    fn result_and_carry(&mut self, mnemonic: &str, values: &[u32]) -> Option<u32> {
        let sum = match (mnemonic, values) {
            ("adds", [a, b]) => add(*a, *b, false),
            ("adcs", [a, b]) => add(*a, *b, self.carry),
            ("subs", [a, b]) => add(*a, !*b, true),
            ("rsbs", [a, b]) => add(*b, !*a, true),
            _ => return self.bits_and_carry(mnemonic, values),
        };
        (self.carry, self.overflow) = (sum.1, sum.2);
        Some(sum.0)
    }

    /// V stays; C is the last bit that a shift, by 1 to 31, drops.
    fn bits_and_carry(&mut self, mnemonic: &str, values: &[u32]) -> Option<u32> {
        let (result, carry) = match (mnemonic, values) {
            ("movs", [a]) => (*a, self.carry),
            ("eors", [a, b]) => (a ^ b, self.carry),
            ("orrs", [a, b]) => (a | b, self.carry),
            ("muls", [a, b]) => (a.wrapping_mul(*b), self.carry),
            ("lsls", [a, by @ 1..32]) => (a << by, a >> (32 - by) & 1 == 1),
            ("lsrs", [a, by @ 1..32]) => (a >> by, a >> (by - 1) & 1 == 1),
            ("asrs", [a, by @ 1..32]) => (((*a as i32) >> by) as u32, a >> (by - 1) & 1 == 1),
            _ => return None,
        };
        self.carry = carry;
        Some(result)
    }
}

#[cfg(test)]
mod tests {
    use crate::thumb::machine::Machine;
    use crate::thumb::parse::Program;

    /// r0, r1, and flags N, Z, C, V after a line.
    fn after(line: &str, a: u32, b: u32) -> (u32, [bool; 4]) {
        let mut machine = Machine::default();
        (machine.registers[0], machine.registers[1]) = (a, b);
        assert!(machine.execute_with_flags(&Program::parse(line).instructions[0]), "{line}");
        let flags = machine.flags;
        (machine.registers[0], [flags.negative, flags.zero, flags.carry, flags.overflow])
    }

    /// By the manual's `AddWithCarry` and shifts.
    #[test]
    fn flags_are_those_of_the_manual() {
        let (yes, no) = (true, false);
        assert_eq!(after("adds r0, r0, r1", 0x7fff_ffff, 1), (0x8000_0000, [yes, no, no, yes]));
        assert_eq!(after("adds r0, r0, r1", 0xffff_ffff, 1), (0, [no, yes, yes, no]));
        assert_eq!(after("subs r0, r0, #1", 0, 0), (0xffff_ffff, [yes, no, no, no]));
        assert_eq!(after("subs r0, r0, r1", 0x8000_0000, 1), (0x7fff_ffff, [no, no, yes, yes]));
        assert_eq!(after("rsbs r0, r1, #0", 9, 5), (0xffff_fffb, [yes, no, no, no]));
        assert_eq!(after("rsbs r0, r1, #0", 9, 0), (0, [no, yes, yes, no]));
        assert_eq!(after("asrs r0, r0, #16", 0xffff_8000, 0), (0xffff_ffff, [yes, no, yes, no]));
        assert_eq!(after("lsls r0, r0, #28", 0x18, 0), (0x8000_0000, [yes, no, yes, no]));
        assert_eq!(after("lsrs r0, r0, #16", 0x0001_7fff, 0), (1, [no; 4]));
        assert_eq!(after("muls r0, r1, r0", 3, 0xffff_ffff), (0xffff_fffd, [yes, no, no, no]));
    }

    #[test]
    fn adcs_adds_what_a_shift_dropped() {
        let program = Program::parse("asrs r0, r0, #16\nadcs r0, r0, r1");
        for (a, sum) in [(0x7fff, 5), (0x8000, 6), (-0x8001, 4), (-0x8000, 5), (-1, 5)] {
            let mut machine = Machine::default();
            (machine.registers[0], machine.registers[1]) = (a as u32, 5);
            program.instructions.iter().for_each(|it| assert!(machine.execute_with_flags(it)));
            assert_eq!(machine.registers[0], sum, "{a}");
        }
    }
}
