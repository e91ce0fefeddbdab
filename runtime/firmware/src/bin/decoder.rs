//! Decodes artifacts on an emulated board and prints the result of each as a line, over semihosting's standard input
//! and output: shows that a machine of 32 bits refuses what the host refuses, for the same reason.
//!
//! Input: artifacts, one behind the other; the header of each says how long it is. The artifact that the build
//! embeds is not linked.

#![no_std]
#![no_main]

use core::fmt::Write as _;

use cortex_m_rt::entry;
use heapless::String;
use metaplastic_runtime::Artifact;
use metaplastic_shared::artifact::{HEADER_BYTES, LENGTH_AT};
use semihosting::io::{self, Read as _, Stdin, Write as _};
use semihosting::{eprintln, process};

use metaplastic_firmware as _;

/// The input does not fit the buffers, or it ends early.
#[derive(Debug)]
struct Unsound(&'static str);

impl From<io::Error> for Unsound {
    fn from(_: io::Error) -> Self {
        Self("the stream ended early or failed")
    }
}

/// The bytes of the next artifact; none at the end of the input.
fn next<'b>(input: &mut Stdin, buffer: &'b mut [u8]) -> Result<Option<&'b [u8]>, Unsound> {
    let (header, rest) = buffer.split_at_mut_checked(HEADER_BYTES).ok_or(Unsound("the buffer is too short"))?;
    if input.read(header.get_mut(..1).unwrap_or_default())? == 0 {
        return Ok(None);
    }
    input.read_exact(header.get_mut(1..).unwrap_or_default())?;
    let length = header.get(LENGTH_AT..).and_then(<[u8]>::first_chunk).map_or(0, |it| u32::from_le_bytes(*it));
    let behind = (length as usize).saturating_sub(HEADER_BYTES);
    input.read_exact(rest.get_mut(..behind).ok_or(Unsound("an artifact is too long"))?)?;
    Ok(buffer.get(..length as usize))
}

fn decode_all(buffer: &'static mut [u64], line: &mut String<256>) -> Result<(), Unsound> {
    let (mut input, mut output) = (io::stdin()?, io::stdout()?);
    while let Some(bytes) = next(&mut input, bytemuck::cast_slice_mut(buffer))? {
        line.clear();
        let written = match Artifact::decode(bytes) {
            Ok(_) => writeln!(line, "decodes"),
            Err(error) => writeln!(line, "{error}"),
        };
        written.map_err(|_| Unsound("a line is too long"))?;
        output.write_all(line.as_bytes())?;
    }
    Ok(())
}

#[entry]
fn main() -> ! {
    static mut ARTIFACT: [u64; 256] = [0; 256];
    static mut LINE: String<256> = String::new();
    match decode_all(ARTIFACT, LINE) {
        Ok(()) => process::exit(0),
        Err(Unsound(why)) => {
            eprintln!("{why}");
            process::exit(1)
        }
    }
}
