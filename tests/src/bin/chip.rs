//! What a linked firmware is made of: `chip stack ELF [FUNCTION...]`.

use std::path::Path;

use anyhow::{Result, bail};
use metaplastic_tests::chip::{Image, stack::Stack};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["stack", elf, names @ ..] => stack(Path::new(elf), names),
        ["code", elf] => code(Path::new(elf)),
        _ => bail!("usage: chip stack ELF [FUNCTION...] | chip code ELF"),
    }
}

/// The largest frames, and the deepest path below each named function; without names, below `Reset`.
fn stack(elf: &Path, names: &[&str]) -> Result<()> {
    let image = Image::read(elf)?;
    let stack = Stack::of(&image)?;
    let mut largest: Vec<usize> = (0..image.functions.len()).collect();
    largest.sort_by_key(|index| std::cmp::Reverse(stack.frame(*index)));
    println!("largest frames");
    for index in largest.into_iter().take(20) {
        println!("{:>6}  {}", stack.frame(index), image.functions[index].name);
    }
    for name in if names.is_empty() { &["Reset"] } else { names } {
        for index in image.named(name) {
            let bound = stack.bound(index);
            println!("\n{} bytes below {}", bound.bytes, image.functions[index].name);
            for function in stack.deepest_path(index) {
                println!("{:>6}  {}", stack.frame(function), image.functions[function].name);
            }
            bound.unbounded.iter().for_each(|why| println!("unbounded: {why}"));
        }
    }
    Ok(())
}

fn code(elf: &Path) -> Result<()> {
    let image = Image::read(elf)?;
    for it in image.instructions.values() {
        let condition = if it.conditional { "?" } else { " " };
        println!("{:08x} {condition} {:10} {:10} {}", it.address, it.mnemonic, it.operation(), it.operands);
    }
    Ok(())
}
