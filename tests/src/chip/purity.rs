//! The code that a firmware must not contain: float instructions, software floats, an allocator.

use super::Image;

/// Instructions of the floating-point and vector extensions, each with its function. Their mnemonics are those that
/// begin with `v`.
#[must_use]
pub fn float_instructions(image: &Image) -> Vec<String> {
    let floats = image.instructions.values().filter(|instruction| instruction.mnemonic.starts_with('v'));
    let found = floats.map(|instruction| {
        let function = image.function_at(instruction.address).map_or("?", |index| &image.functions[index].name);
        format!("{} {} in {function}", instruction.mnemonic, instruction.operands)
    });
    found.collect()
}

/// Functions that compute floats in software.
#[must_use]
pub fn software_floats(image: &Image) -> Vec<&str> {
    image.symbols.iter().map(String::as_str).filter(|symbol| is_software_float(symbol)).collect()
}

/// Functions of an allocator.
#[must_use]
pub fn allocators(image: &Image) -> Vec<&str> {
    const NAMES: [&str; 7] =
        ["rust_alloc", "rust_dealloc", "rust_realloc", "rdl_alloc", "rg_alloc", "malloc", "alloc::"];
    let demangled = |symbol: &str| format!("{:#}", rustc_demangle::demangle(symbol));
    let is_allocator = |symbol: &&str| NAMES.iter().any(|name| demangled(symbol).contains(name));
    image.symbols.iter().map(String::as_str).filter(is_allocator).collect()
}

/// Names of the run-time ABI (`__aeabi_fadd`, `__aeabi_i2d`) and of compiler-rt (`__mulsf3`, `__fixdfsi`).
fn is_software_float(symbol: &str) -> bool {
    const OPERATIONS: [&str; 9] = ["add", "sub", "mul", "div", "rsub", "cmp", "neg", "2", "r"];
    if let Some(name) = symbol.strip_prefix("__aeabi_") {
        let operand = name.strip_prefix(['f', 'd', 'c']).map(|rest| rest.trim_start_matches(['f', 'd']));
        let converts = name.ends_with("2f") || name.ends_with("2d");
        return converts
            || operand.is_some_and(|rest| OPERATIONS.iter().any(|it| rest.starts_with(it))) && name != "div0";
    }
    let Some(name) = symbol.strip_prefix("__") else { return false };
    ["sf", "df"].iter().any(|kind| name.contains(kind))
        && [
            "add", "sub", "mul", "div", "neg", "cmp", "fix", "float", "extend", "trunc", "eq", "ne", "lt", "gt",
            "le", "ge",
        ]
        .iter()
        .any(|operation| name.starts_with(operation))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::chip::disassembly::read;

    #[test]
    fn a_float_instruction_is_found() {
        let code = "     410:\tvadd.f32\ts0, s0, s2\n     414:\tadds\tr0, #1\n     416:\tvpush\t{d8}\n";
        let instructions: BTreeMap<_, _> = read(code).into_iter().map(|it| (it.address, it)).collect();
        let image = Image { instructions, ..Image::default() };
        assert_eq!(float_instructions(&image), ["vadd.f32 s0, s0, s2 in ?", "vpush {d8} in ?"]);
    }

    #[test]
    fn software_floats_are_distinguished_from_integers() {
        for symbol in [
            "__aeabi_fadd",
            "__aeabi_dmul",
            "__aeabi_i2f",
            "__aeabi_cfcmple",
            "__aeabi_d2iz",
            "__mulsf3",
            "__fixdfsi",
        ] {
            assert!(is_software_float(symbol), "{symbol}");
        }
        for symbol in [
            "__aeabi_memcpy",
            "__aeabi_idiv",
            "__aeabi_uidivmod",
            "__aeabi_lmul",
            "__udivsi3",
            "__aeabi_idiv0",
            "main",
        ] {
            assert!(!is_software_float(symbol), "{symbol}");
        }
    }
}
