//! Reads assembler text in the unified syntax: labels, instructions, comments from `@` on. `.rept` repeats the
//! lines up to its `.endr`; other directives are ignored.

use std::collections::HashMap;

/// A shift or rotation of a register operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    Left(u32),
    ArithmeticRight(u32),
    Rotate(u32),
}

/// The offset of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offset {
    Immediate(i32),
    Register(usize),
}

/// An operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Register(usize),
    /// `r1!`.
    Updated(usize),
    Immediate(u32),
    Shift(Shift),
    List(Vec<usize>),
    Address(usize, Offset),
    /// A label, or a special register.
    Name(String),
}

/// An instruction, and its line for messages.
#[derive(Clone)]
pub(super) struct Instruction {
    pub(super) mnemonic: String,
    pub(super) operands: Vec<Operand>,
    pub(super) text: String,
}

/// A text's instructions, and the instruction after each label.
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    pub(super) labels: HashMap<String, usize>,
}

impl Program {
    pub(super) fn parse(text: &str) -> Self {
        let mut program = Self { instructions: Vec::new(), labels: HashMap::new() };
        let mut repeated = None;
        for line in text.lines() {
            let line = line.split('@').next().unwrap_or("").trim();
            if let Some(times) = line.strip_prefix(".rept ") {
                repeated = Some((program.instructions.len(), immediate(times)));
            } else if line == ".endr" {
                let (first, times) = repeated.take().expect(".endr is behind .rept");
                let block = program.instructions[first..].to_vec();
                (1..times).for_each(|_| program.instructions.extend_from_slice(&block));
            } else if let Some(label) = line.strip_suffix(':') {
                let twice = program.labels.insert(label.into(), program.instructions.len());
                assert!(twice.is_none(), "label {label} stands twice");
            } else if !line.is_empty() && !line.starts_with('.') {
                program.instructions.push(instruction(line));
            }
        }
        program
    }
}

fn instruction(line: &str) -> Instruction {
    let (mnemonic, rest) = line.split_once(' ').unwrap_or((line, ""));
    let operands = split(rest).into_iter().map(operand).collect();
    Instruction { mnemonic: mnemonic.into(), operands, text: line.into() }
}

/// Splits at commas outside brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn operand(text: &str) -> Operand {
    if let Some(list) = text.strip_prefix('{') {
        return Operand::List(list.trim_end_matches('}').split(',').flat_map(range).collect());
    }
    if let Some(address) = text.strip_prefix('[') {
        return address_operand(address.trim_end_matches(']'));
    }
    if let Some(number) = text.strip_prefix('#') {
        return Operand::Immediate(immediate(number) as u32);
    }
    if let Some(register) = text.strip_suffix('!').and_then(register) {
        return Operand::Updated(register);
    }
    if let Some((kind, amount)) = text.split_once(" #") {
        let amount = immediate(amount) as u32;
        return Operand::Shift(match kind {
            "lsl" => Shift::Left(amount),
            "asr" => Shift::ArithmeticRight(amount),
            "ror" => Shift::Rotate(amount),
            _ => panic!("no shift {kind}"),
        });
    }
    register(text).map_or_else(|| Operand::Name(text.into()), Operand::Register)
}

fn address_operand(text: &str) -> Operand {
    let (base, offset) = text.split_once(',').unwrap_or((text, "#0"));
    let base = register(base.trim()).expect("an address has a base");
    let offset = offset.trim();
    let offset = match offset.strip_prefix('#') {
        Some(number) => Offset::Immediate(immediate(number)),
        None => Offset::Register(register(offset).expect("an offset is a number or a register")),
    };
    Operand::Address(base, offset)
}

fn immediate(text: &str) -> i32 {
    let number = match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.expect("a number") as i32
}

fn range(text: &str) -> Vec<usize> {
    let named = |text: &str| register(text.trim()).expect("a list has registers");
    match text.split_once('-') {
        Some((first, last)) => (named(first)..=named(last)).collect(),
        None => vec![named(text)],
    }
}

fn register(text: &str) -> Option<usize> {
    match text {
        "sp" => Some(13),
        "lr" => Some(14),
        "pc" => Some(15),
        _ => text.strip_prefix('r')?.parse().ok().filter(|number| *number <= 12),
    }
}
