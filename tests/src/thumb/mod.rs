//! A model of the Thumb instructions that the chip's kernels are written in. It executes the very `.s` files.
//!
//! Arithmetic is that of the Armv7-M Architecture Reference Manual (DDI 0403), flags included, of which Armv6-M is a part; instructions that the kernels do
//! not use are refused by name. Memory is the slices a kernel is given and its stack: an access outside, one
//! that is not aligned, a write to what may only be read, and a register or stack pointer that is not restored, panic.

mod machine;
mod parse;

pub use machine::CallResult;
use machine::Machine;
use parse::Program;

/// An argument of a kernel.
pub enum Argument<'a> {
    /// A number.
    Value(u32),
    /// The address of memory that may only be read.
    Read(&'a [u8]),
    /// The address of memory.
    Write(&'a mut [u8]),
    /// The address after the memory of an earlier argument.
    EndOf(usize),
}

/// Where the memory of the first argument begins; each has as much room as to the next.
const FIRST: u32 = 0x2000_0000;
const ROOM: u32 = 0x0100_0000;

/// Calls the function at the start of an assembler text by the procedure call standard.
///
/// # Panics
/// If the text does what the model refuses.
#[must_use]
pub fn call(text: &str, mut arguments: Vec<Argument<'_>>) -> CallResult {
    let program = Program::parse(text);
    let mut machine = Machine::default();
    let address = |index: usize| FIRST + index as u32 * ROOM;
    let mut values = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        values.push(match argument {
            Argument::Value(value) => *value,
            Argument::Read(bytes) => machine.map(address(index), bytes, false),
            Argument::Write(bytes) => machine.map(address(index), bytes, true),
            Argument::EndOf(other) => {
                let bytes: &[u8] = match &arguments[*other] {
                    Argument::Read(bytes) => bytes,
                    Argument::Write(bytes) => bytes,
                    _ => panic!("argument {other} has no memory"),
                };
                address(*other) + bytes.len() as u32
            }
        });
    }
    let result = machine.call(&program, &values);
    for (index, argument) in arguments.iter_mut().enumerate() {
        if let Argument::Write(bytes) = argument {
            bytes.copy_from_slice(machine.contents(address(index)));
        }
    }
    result
}
