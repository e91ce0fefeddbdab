//! A model of the Thumb instructions of the chip's kernels. It executes the `.s` files of the firmware.
//!
//! Arithmetic is that of the Armv7-M Architecture Reference Manual (DDI 0403), flags included, of which Armv6-M is
//! a part; instructions that the kernels do not use are refused by name. Memory consists of the kernel's slices and
//! its stack. The model panics at an access outside of them, an unaligned access, a write to read-only memory, and
//! a register or stack pointer that is not restored.

mod machine;
mod parse;

pub use machine::CallResult;
use machine::Machine;
use parse::Program;

/// An argument of a kernel.
pub enum Argument<'a> {
    /// A number.
    Value(u32),
    /// The address of read-only memory.
    Read(&'a [u8]),
    /// The address of memory.
    Write(&'a mut [u8]),
    /// The address after the memory of an earlier argument.
    EndOf(usize),
}

/// The address of the first argument's memory; the addresses of further ones are at equal distances.
const FIRST: u32 = 0x2000_0000;
const ROOM: u32 = 0x0100_0000;

/// Calls the function at the start of an assembler text by the procedure call standard.
///
/// # Panics
/// If the model refuses an instruction or access.
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
