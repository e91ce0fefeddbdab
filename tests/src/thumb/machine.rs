//! Registers, flags, memory, and the effect of each instruction on them.

mod flags;

use std::ops::Range;

use flags::Flags;

use super::parse::{Instruction, Offset, Operand, Program, Shift};

const SP: usize = 13;
const LR: usize = 14;
const PC: usize = 15;
/// The end of the stack, and its size.
const STACK_END: u32 = 0x1000_1000;
const STACK_BYTES: usize = 512;
/// The link register at the start; a jump to this address ends the call.
const RETURN: u32 = 0xffff_fffe;
/// Limit of instructions; no kernel executes more.
const MOST_INSTRUCTIONS: u64 = 10_000_000;

/// The result of a call.
#[derive(Clone, Copy, Debug)]
pub struct CallResult {
    /// r0.
    pub result: u32,
    /// Instructions executed.
    pub instructions: u64,
}

struct Region {
    start: u32,
    bytes: Vec<u8>,
    writable: bool,
}

/// A core.
#[derive(Default)]
pub(super) struct Machine {
    registers: [u32; 16],
    flags: Flags,
    regions: Vec<Region>,
}

fn low(word: u32) -> i32 {
    i32::from(word as i16)
}

fn high(word: u32) -> i32 {
    i32::from((word >> 16) as i16)
}

fn pack(low: i32, high: i32) -> u32 {
    u32::from(low as u16) | u32::from(high as u16) << 16
}

fn saturated(value: i32) -> i32 {
    value.clamp(i16::MIN.into(), i16::MAX.into())
}

fn half(word: u32, which: u8) -> i64 {
    i64::from(if which == b't' { high(word) } else { low(word) })
}

fn refuse(instruction: &Instruction) -> ! {
    panic!("not in the model: {}", instruction.text)
}

impl Machine {
    /// Memory at an address; returns the address.
    pub(super) fn map(&mut self, start: u32, bytes: &[u8], writable: bool) -> u32 {
        self.regions.push(Region { start, bytes: bytes.to_vec(), writable });
        start
    }

    pub(super) fn contents(&self, start: u32) -> &[u8] {
        &self.regions.iter().find(|region| region.start == start).expect("mapped memory").bytes
    }

    /// Calls the program with arguments in r0 to r3 and on the stack.
    pub(super) fn call(&mut self, program: &Program, arguments: &[u32]) -> CallResult {
        self.registers = std::array::from_fn(|register| 0xdead_0000 + register as u32);
        self.map(STACK_END - STACK_BYTES as u32, &[0xa5; STACK_BYTES], true);
        let on_stack = arguments.len().saturating_sub(4) as u32;
        self.registers[SP] = STACK_END - 4 * on_stack.next_multiple_of(2);
        self.registers[LR] = RETURN;
        for (index, argument) in arguments.iter().enumerate() {
            match index {
                0..4 => self.registers[index] = *argument,
                _ => self.store(self.registers[SP] + 4 * (index as u32 - 4), 4, *argument),
            }
        }
        let kept = self.registers;
        let instructions = self.run(program);
        assert_eq!(self.registers[4..12], kept[4..12], "r4 to r11 must be as before");
        assert_eq!(self.registers[SP], kept[SP], "the stack pointer must be as before");
        CallResult { result: self.registers[0], instructions }
    }

    fn run(&mut self, program: &Program) -> u64 {
        let (mut next, mut executed) = (0, 0);
        while next != usize::MAX {
            let instruction = program.instructions.get(next).expect("the text ends with a return");
            executed += 1;
            assert!(executed < MOST_INSTRUCTIONS, "endless");
            next = match self.branch(instruction, program) {
                Some(target) => target,
                None => {
                    self.execute(instruction);
                    if self.registers[PC] == RETURN { usize::MAX } else { next + 1 }
                }
            };
        }
        executed
    }

    /// The target of a branch that is taken; none otherwise.
    fn branch(&self, instruction: &Instruction, program: &Program) -> Option<usize> {
        let taken = self.flags.condition(&instruction.mnemonic)?;
        let [Operand::Name(label)] = &instruction.operands[..] else { panic!("{}", instruction.text) };
        let target = *program.labels.get(label).unwrap_or_else(|| panic!("no label {label}"));
        taken.then_some(target)
    }

    fn execute(&mut self, instruction: &Instruction) {
        use Operand::{Address, Immediate, List, Name, Register as R, Updated};
        let mnemonic = instruction.mnemonic.as_str();
        if self.flags.condition(mnemonic).is_some() || self.execute_with_flags(instruction) {
            return;
        }
        match (mnemonic, &instruction.operands[..]) {
            ("push", [List(list)]) => self.store_many(SP, list, true),
            ("pop", [List(list)]) => {
                let after = self.load_many(self.registers[SP], list);
                self.registers[SP] = after;
            }
            ("ldm", [R(base), List(list)]) => {
                self.load_many(self.registers[*base], list);
            }
            ("ldm", [Updated(base), List(list)]) => {
                assert!(!list.contains(base), "{}", instruction.text);
                let after = self.load_many(self.registers[*base], list);
                self.registers[*base] = after;
            }
            ("stm", [Updated(base), List(list)]) => {
                assert!(!list.contains(base), "{}", instruction.text);
                self.store_many(*base, list, false);
            }
            ("ldrd" | "strd", [R(first), R(second), Address(base, offset), after @ ..]) => {
                let start = self.address(*base, *offset);
                if mnemonic == "ldrd" {
                    let pair = [self.load(start, 4), self.load(start + 4, 4)];
                    assert!(first != second && (after.is_empty() || (base != first && base != second)));
                    (self.registers[*first], self.registers[*second]) = (pair[0], pair[1]);
                } else {
                    self.store(start, 4, self.registers[*first]);
                    self.store(start + 4, 4, self.registers[*second]);
                }
                self.advance(*base, after);
            }
            ("ldr" | "ldrh" | "ldrsh", [R(target), Address(base, offset), after @ ..]) => {
                let start = self.address(*base, *offset);
                let value = match mnemonic {
                    "ldr" => self.load(start, 4),
                    "ldrh" => self.load(start, 2),
                    _ => low(self.load(start, 2)) as u32,
                };
                assert!(after.is_empty() || base != target, "{}", instruction.text);
                self.registers[*target] = value;
                self.advance(*base, after);
            }
            ("str" | "strh", [R(source), Address(base, offset), after @ ..]) => {
                let start = self.address(*base, *offset);
                self.store(start, if mnemonic == "str" { 4 } else { 2 }, self.registers[*source]);
                self.advance(*base, after);
            }
            ("msr", [Name(_), R(source)]) => self.flags.set_word(self.registers[*source]),
            ("mrs", [R(target), Name(_)]) => self.registers[*target] = self.flags.word(),
            ("cmp", [R(a), b]) => {
                let b = self.value(b);
                self.flags.compare(self.registers[*a], b);
            }
            ("tst", [R(a), b]) => {
                // The carry flag may become bit 31 of the constant; the kernels do not read it after this.
                let result = self.registers[*a] & self.value(b);
                (self.flags.negative, self.flags.zero) = (result >> 31 == 1, result == 0);
            }
            ("mov", [R(target), value]) => self.registers[*target] = self.value(value),
            ("bfc", [R(target), Immediate(first), Immediate(width)]) => {
                let ones = ((1_u64 << width) - 1) as u32;
                self.registers[*target] &= !(ones << first);
            }
            (_, [R(target), operands @ ..]) => {
                self.registers[*target] = self.compute(instruction, mnemonic, operands);
            }
            _ => refuse(instruction),
        }
    }

    /// Executes an instruction that only writes its first register, and flags Q and GE.
    fn compute(&mut self, instruction: &Instruction, mnemonic: &str, operands: &[Operand]) -> u32 {
        let values: Vec<_> = match operands {
            [Operand::Register(_), ..] => {
                let plain = operands.iter().filter(|operand| !matches!(operand, Operand::Shift(_)));
                plain.map(|operand| self.value(operand)).collect()
            }
            [Operand::Immediate(_), _] => operands.iter().map(|operand| self.value(operand)).collect(),
            _ => refuse(instruction),
        };
        let shifted = |value: u32| match operands.last() {
            Some(Operand::Shift(Shift::Left(by))) => value << by,
            Some(Operand::Shift(Shift::ArithmeticRight(by))) => ((value as i32) >> by) as u32,
            Some(Operand::Shift(Shift::Rotate(by))) => value.rotate_right(*by),
            _ => value,
        };
        let lanes = |function: fn(i32, i32) -> i32, a: u32, b: u32| {
            pack(function(low(a), low(b)), function(high(a), high(b)))
        };
        match (mnemonic, values[..].as_ref()) {
            ("add", [a, b]) => a.wrapping_add(shifted(*b)),
            ("sub", [a, b]) => a.wrapping_sub(shifted(*b)),
            ("and", [a, b]) => a & shifted(*b),
            ("orr", [a, b]) => a | shifted(*b),
            ("bic", [a, b]) => a & !shifted(*b),
            ("lsl", [a, by]) => a << by,
            ("lsr", [a, by]) => a >> by,
            ("asr", [a, by]) => ((*a as i32) >> by) as u32,
            ("mla", [a, b, sum]) => a.wrapping_mul(*b).wrapping_add(*sum),
            ("sel", [a, b]) => {
                let choose = |lane: usize| if self.flags.at_least[lane] { *a } else { *b };
                pack(low(choose(0)), high(choose(1)))
            }
            ("sxth", [a]) => low(*a) as u32,
            ("sxtb16", [a]) => {
                let a = shifted(*a);
                pack(i32::from(a as i8), i32::from((a >> 16) as i8))
            }
            ("uxth", [a]) => a & 0xffff,
            ("smlabb" | "smlabt" | "smlatb" | "smlatt", [a, b, sum]) => {
                let [.., first, second] = mnemonic.as_bytes() else { refuse(instruction) };
                let exact = half(*a, *first) * half(*b, *second) + i64::from(*sum as i32);
                self.accumulate(exact)
            }
            ("smlad", [a, b, sum]) => {
                let products = half(*a, b'b') * half(*b, b'b') + half(*a, b't') * half(*b, b't');
                self.accumulate(products + i64::from(*sum as i32))
            }
            ("smulwb" | "smulwt", [a, b]) => {
                ((i64::from(*a as i32) * half(*b, mnemonic.as_bytes()[5])) >> 16) as u32
            }
            ("smmla", [a, b, sum]) => {
                let exact =
                    (i64::from(*sum as i32) << 32).wrapping_add(i64::from(*a as i32) * i64::from(*b as i32));
                (exact >> 32) as u32
            }
            ("smmlar", [a, b, sum]) => {
                let exact = (i64::from(*sum as i32) << 32)
                    .wrapping_add(i64::from(*a as i32) * i64::from(*b as i32))
                    .wrapping_add(1 << 31);
                (exact >> 32) as u32
            }
            ("pkhbt", [a, b]) => pack(low(*a), high(shifted(*b))),
            ("pkhtb", [a, b]) => pack(low(shifted(*b)), high(*a)),
            ("qadd16", [a, b]) => lanes(|a, b| saturated(a + b), *a, *b),
            ("qsub16", [a, b]) => lanes(|a, b| saturated(a - b), *a, *b),
            ("shadd16", [a, b]) => lanes(|a, b| (a + b) >> 1, *a, *b),
            ("ssub16", [a, b]) => {
                self.flags.at_least = [low(*a) >= low(*b), high(*a) >= high(*b)];
                lanes(|a, b| a - b, *a, *b)
            }
            ("ssat", [bits, value]) => {
                let (value, limit) = (shifted(*value) as i32, 1_i32 << (bits - 1));
                let result = value.clamp(-limit, limit - 1);
                self.flags.sticky |= result != value;
                result as u32
            }
            ("sxtah", [a, b]) => a.wrapping_add(low(shifted(*b)) as u32),
            ("sxtab16", [a, b]) => {
                let b = shifted(*b);
                pack(low(*a) + i32::from(b as i8), high(*a) + i32::from((b >> 16) as i8))
            }
            _ => refuse(instruction),
        }
    }

    fn accumulate(&mut self, exact: i64) -> u32 {
        self.flags.sticky |= i32::try_from(exact).is_err();
        exact as u32
    }

    /// Executes an instruction that sets flags; says whether it was one.
    fn execute_with_flags(&mut self, instruction: &Instruction) -> bool {
        let [Operand::Register(target), operands @ ..] = &instruction.operands[..] else { return false };
        if !instruction.mnemonic.ends_with('s') {
            return false;
        }
        let values: Vec<_> = match operands {
            [Operand::Register(_) | Operand::Immediate(_)] | [Operand::Register(_), _] => {
                operands.iter().map(|operand| self.value(operand)).collect()
            }
            _ => return false,
        };
        let result = self.flags.result(&instruction.mnemonic, &values);
        result.is_some_and(|result| {
            self.registers[*target] = result;
            true
        })
    }

    fn value(&self, operand: &Operand) -> u32 {
        match operand {
            Operand::Register(register) => self.registers[*register],
            Operand::Immediate(value) => *value,
            _ => panic!("no value: {operand:?}"),
        }
    }

    fn address(&self, base: usize, offset: Offset) -> u32 {
        match offset {
            Offset::Immediate(offset) => self.registers[base].wrapping_add_signed(offset),
            Offset::Register(register) => self.registers[base].wrapping_add(self.registers[register]),
        }
    }

    /// Post-indexed addressing.
    fn advance(&mut self, base: usize, after: &[Operand]) {
        if let [Operand::Immediate(by)] = after {
            self.registers[base] = self.registers[base].wrapping_add(*by);
        }
    }

    /// Loads a list upwards; returns the address after it.
    fn load_many(&mut self, start: u32, list: &[usize]) -> u32 {
        assert!(list.is_sorted(), "a register list is in ascending order");
        let values: Vec<_> = (0..list.len() as u32).map(|at| self.load(start + 4 * at, 4)).collect();
        list.iter().zip(values).for_each(|(register, value)| self.registers[*register] = value);
        start + 4 * list.len() as u32
    }

    /// Stores a list upwards from the base, or downwards below it, and updates the base.
    fn store_many(&mut self, base: usize, list: &[usize], below: bool) {
        assert!(list.is_sorted(), "a register list is in ascending order");
        let bytes = 4 * list.len() as u32;
        let start = self.registers[base] - if below { bytes } else { 0 };
        for (at, register) in list.iter().enumerate() {
            self.store(start + 4 * at as u32, 4, self.registers[*register]);
        }
        self.registers[base] = if below { start } else { start + bytes };
    }

    fn locate(&self, address: u32, bytes: usize) -> (usize, Range<usize>) {
        assert!(address.is_multiple_of(bytes as u32), "{address:#x} is not aligned to {bytes}");
        let offset = |region: &Region| address.checked_sub(region.start).map(|offset| offset as usize);
        let within = |region: &Region| offset(region).filter(|offset| offset + bytes <= region.bytes.len());
        let found = self.regions.iter().enumerate().find_map(|(index, region)| Some((index, within(region)?)));
        let (region, offset) = found.unwrap_or_else(|| panic!("{address:#x} is outside of what is given"));
        (region, offset..offset + bytes)
    }

    fn load(&self, address: u32, bytes: usize) -> u32 {
        let (region, range) = self.locate(address, bytes);
        self.regions[region].bytes[range].iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
    }

    fn store(&mut self, address: u32, bytes: usize, value: u32) {
        let (region, range) = self.locate(address, bytes);
        assert!(self.regions[region].writable, "{address:#x} may only be read");
        self.regions[region].bytes[range].copy_from_slice(&value.to_le_bytes()[..bytes]);
    }
}
