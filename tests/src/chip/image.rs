//! A linked firmware: its functions, instructions and the sizes of its sections.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use object::{Object, ObjectSection, ObjectSymbol, SectionKind, SymbolKind};

use super::Instruction;
use super::disassembly::disassemble;

/// A function, or a piece of assembly with a global name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Demangled, without the hash.
    pub name: String,
    /// First byte.
    pub start: u32,
    /// The address after the last byte.
    pub end: u32,
}

/// The sections in flash. A linker that merges constants gives `.rodata` the flags of strings.
const FLASH: [SectionKind; 4] =
    [SectionKind::Text, SectionKind::ReadOnlyData, SectionKind::ReadOnlyString, SectionKind::Data];

/// A linked firmware.
#[derive(Default)]
pub struct Image {
    /// In ascending order; none overlap.
    pub functions: Vec<Function>,
    /// By address, functions or not.
    pub instructions: BTreeMap<u32, Instruction>,
    /// Names of all symbols as in the file.
    pub symbols: Vec<String>,
    /// Sizes of statics by their demangled names, bytes.
    pub statics: BTreeMap<String, u32>,
    /// Bytes of code and constants in flash.
    pub code_bytes: u32,
    /// Bytes of statics in RAM.
    pub static_bytes: u32,
    /// Producers named in the `.comment` section: the compiler.
    pub comment: String,
    pub(super) sections: Vec<(u32, Vec<u8>)>,
}

impl Image {
    /// Reads an ELF file.
    ///
    /// # Errors
    /// If it cannot be read or disassembled, or is not an executable for Thumb with symbols.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let file = object::File::parse(&*bytes).with_context(|| path.display().to_string())?;
        ensure!(file.architecture() == object::Architecture::Arm, "{}: not for an Arm core", path.display());
        let instructions = disassemble(path)?;
        ensure!(!instructions.is_empty(), "{}: no code", path.display());
        Ok(Self {
            functions: functions(&file)?,
            instructions: instructions.into_iter().map(|it| (it.address, it)).collect(),
            symbols: file.symbols().filter_map(|symbol| Some(symbol.name().ok()?.to_owned())).collect(),
            statics: statics(&file),
            code_bytes: total(&file, &FLASH),
            static_bytes: total(&file, &[SectionKind::Data, SectionKind::UninitializedData]),
            comment: comment(&file),
            sections: loaded(&file)?,
        })
    }

    fn bytes(&self, range: std::ops::Range<u32>) -> Option<&[u8]> {
        self.sections.iter().find_map(|(start, bytes)| {
            let from = range.start.checked_sub(*start)? as usize;
            bytes.get(from..from + range.len())
        })
    }

    /// The little-endian word at an address within the file.
    #[must_use]
    pub fn word(&self, address: u32) -> Option<u32> {
        self.bytes(address..address + 4)?.try_into().ok().map(u32::from_le_bytes)
    }

    /// The function that contains an address.
    #[must_use]
    pub fn function_at(&self, address: u32) -> Option<usize> {
        let index = self.functions.partition_point(|function| function.start <= address).checked_sub(1)?;
        (address < self.functions[index].end).then_some(index)
    }

    /// The functions whose name ends in `name`, at a path's boundary.
    pub fn named(&self, name: &str) -> impl Iterator<Item = usize> {
        let is_named = move |function: &Function| {
            let rest = function.name.strip_suffix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
        };
        (0..self.functions.len()).filter(move |index| is_named(&self.functions[*index]))
    }

    /// A function's instructions in order.
    pub fn code(&self, function: usize) -> impl Iterator<Item = &Instruction> {
        let Function { start, end, .. } = self.functions[function];
        self.instructions.range(start..end).map(|(_, instruction)| instruction)
    }
}

fn loaded(file: &object::File<'_>) -> Result<Vec<(u32, Vec<u8>)>> {
    let sections = file.sections().filter(|section| FLASH.contains(&section.kind()));
    sections.map(|section| Ok((section.address() as u32, section.data()?.to_vec()))).collect()
}

fn total(file: &object::File<'_>, kinds: &[SectionKind]) -> u32 {
    let sections = file.sections().filter(|section| kinds.contains(&section.kind()));
    sections.map(|section| section.size() as u32).sum()
}

fn comment(file: &object::File<'_>) -> String {
    let data = file.section_by_name(".comment").and_then(|section| section.data().ok()).unwrap_or_default();
    let parts = data.split(|byte| *byte == 0).filter(|part| !part.is_empty());
    parts.map(String::from_utf8_lossy).collect::<Vec<_>>().join("; ")
}

fn statics(file: &object::File<'_>) -> BTreeMap<String, u32> {
    let data = file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Data && symbol.size() > 0);
    let named = data.filter_map(|symbol| {
        Some((format!("{:#}", rustc_demangle::demangle(symbol.name().ok()?)), symbol.size() as u32))
    });
    named.collect()
}

/// A demangled name with its type alone where it is of an `impl` in another module than the type:
/// `network::<impl network::state::Network>::step` is `network::Network::step`.
fn of_type(name: &str) -> String {
    let Some((module, rest)) = name.split_once("<impl ") else { return name.to_owned() };
    let Some((path, function)) = rest.split_once(">::") else { return name.to_owned() };
    let plain = path.split('<').next().unwrap_or(path);
    format!("{module}{}::{function}", plain.rsplit("::").next().unwrap_or(plain))
}

fn functions(file: &object::File<'_>) -> Result<Vec<Function>> {
    let text = |symbol: &object::Symbol<'_, '_>| {
        let section = symbol.section_index().and_then(|index| file.section_by_index(index).ok());
        section.filter(|section| section.kind() == SectionKind::Text)
    };
    let mut found = BTreeMap::new();
    for symbol in file.symbols() {
        let name = symbol.name()?;
        let Some(section) = text(&symbol) else { continue };
        if name.is_empty()
            || name.starts_with('$')
            || !matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Label | SymbolKind::Unknown)
        {
            continue;
        }
        let start = symbol.address() as u32 & !1;
        let end = (section.address() + section.size()) as u32;
        let size = symbol.size() as u32;
        let demangled = of_type(&format!("{:#}", rustc_demangle::demangle(name)));
        let entry = found.entry(start).or_insert((demangled.clone(), size, end));
        if size > entry.1 {
            *entry = (demangled, size, end);
        }
    }
    let starts: Vec<_> = found.keys().copied().collect();
    let functions = found.into_iter().enumerate().map(|(index, (start, (name, size, section_end)))| {
        let next = starts.get(index + 1).copied().unwrap_or(section_end).min(section_end);
        Function { name, start, end: if size == 0 { next } else { (start + size).min(next) } }
    });
    Ok(functions.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_named_by_its_type_wherever_its_impl_is() {
        assert_eq!(of_type("a::network::<impl a::network::state::Network>::step"), "a::network::Network::step");
        assert_eq!(of_type("a::artifact::decode::Artifact::decode"), "a::artifact::decode::Artifact::decode");
    }
}
