//! Machine code as text: runs LLVM's disassembler and parses its output.
//!
//! LLVM is also the compiler's back end. Its disassembler therefore knows every instruction that the compiler can
//! emit, and it comes with the linker (`llvm`) or with rustup (`llvm-tools`).

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Instruction;

const CONDITIONS: [&str; 16] =
    ["eq", "ne", "hs", "lo", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"];

/// The instructions of an ELF file, in the order of its sections.
///
/// # Errors
/// If there is no disassembler or it fails.
pub fn disassemble(elf: &Path) -> Result<Vec<Instruction>> {
    let program = disassembler()?;
    // This core has every instruction. LLVM 14 ignores the floating point in the attributes of the file.
    let output = Command::new(&program).args(["-d", "--no-show-raw-insn", "--mcpu=cortex-m33"]).arg(elf).output();
    let output = output.with_context(|| program.display().to_string())?;
    if !output.status.success() {
        bail!("{}: {}", program.display(), String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    if let Some(line) = text.lines().find(|line| line.contains("<unknown>")) {
        bail!("{}: no instruction {}", elf.display(), line.trim());
    }
    Ok(read(&text))
}

fn disassembler() -> Result<PathBuf> {
    let runs = |program: &PathBuf| Command::new(program).arg("--version").output().is_ok();
    let candidates = [Some(PathBuf::from("llvm-objdump")), rustup_tools()];
    let found = candidates.into_iter().flatten().find(runs);
    found.context("there is no llvm-objdump: `tests/run.sh setup` installs it")
}

/// The path at which `rustup component add llvm-tools` installs it.
fn rustup_tools() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["--print", "target-libdir"]).output().ok()?;
    let libraries = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    Some(libraries.parent()?.join("bin/llvm-objdump"))
}

/// Reads the disassembler's text. Lines without an instruction (headings, `.word`) are left out.
#[must_use]
pub fn read(text: &str) -> Vec<Instruction> {
    let (mut instructions, mut in_block): (Vec<Instruction>, usize) = (Vec::new(), 0);
    for line in text.lines() {
        let Some((address, mnemonic, operands)) = split(line) else { continue };
        close(&mut instructions, address);
        let branches_if = mnemonic.strip_prefix('b').map(|rest| rest.trim_end_matches(".w"));
        let conditional = in_block > 0
            || branches_if.is_some_and(|condition| CONDITIONS.contains(&condition))
            || matches!(mnemonic, "cbz" | "cbnz");
        in_block = if is_it(mnemonic) { mnemonic.len() - 1 } else { in_block.saturating_sub(1) };
        let (mnemonic, operands) = (mnemonic.to_owned(), operands.to_owned());
        instructions.push(Instruction { address, size: 0, mnemonic, operands, conditional });
    }
    instructions
}

/// The size of the last instruction follows from the address of the next.
fn close(instructions: &mut [Instruction], next: u32) {
    if let Some(last) = instructions.last_mut() {
        last.size = if next == last.address + 2 { 2 } else { 4 };
    }
}

fn is_it(mnemonic: &str) -> bool {
    mnemonic.starts_with("it") && mnemonic[1..].bytes().all(|letter| matches!(letter, b't' | b'e'))
}

fn split(line: &str) -> Option<(u32, &str, &str)> {
    let (address, rest) = line.split_once(':')?;
    let address = u32::from_str_radix(address.trim(), 16).ok()?;
    let rest = rest.split('@').next().unwrap_or_default().trim();
    let (mnemonic, operands) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let operands = operands.split('<').next().unwrap_or_default().trim();
    // The bytes of a table are pairs of hexadecimal digits, which are not mnemonics.
    let is_data = mnemonic.len() == 2 && mnemonic.bytes().all(|letter| letter.is_ascii_hexdigit());
    let is_code = mnemonic.starts_with(|letter: char| letter.is_ascii_lowercase()) && !is_data;
    is_code.then_some((address, mnemonic, operands))
}
