//! Sizes of the firmware and costs of its steps: `chip bench [--json]`, `chip check`, `chip profile BOARD
//! EPISODE`, `chip stack ELF [FUNCTION...]`.

use std::path::Path;

use anyhow::{Result, bail};
use metaplastic_host::board_measurements::{Measurements, measurements};
use metaplastic_tests::chip::measure::{grown, measure, path, text, worst_of_episode};
use metaplastic_tests::chip::{Image, stack::Stack};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["stack", elf, names @ ..] => stack(Path::new(elf), names)?,
        ["bench"] => print(&measure()?),
        ["bench", "--json"] => println!("{}", serde_json::to_string(&measure()?)?),
        ["check"] => check()?,
        ["profile", board, episode] => profile(board, episode.parse()?)?,
        _ => bail!(
            "usage: chip bench [--json] | chip check | chip profile BOARD EPISODE | chip stack ELF [FUNCTION...]"
        ),
    }
    Ok(())
}

/// Measures, and compares with the file; writes the file if `METAPLASTIC_BLESS` is set.
fn check() -> Result<()> {
    let now = measure()?;
    print(&now);
    if std::env::var_os("METAPLASTIC_BLESS").is_some() {
        return Ok(std::fs::write(path(), text(&now)?)?);
    }
    let grown = grown(&measurements(), &now);
    if !grown.is_empty() {
        bail!("grown; METAPLASTIC_BLESS=1 writes runtime/firmware/measurements.toml anew:\n{}", grown.join("\n"));
    }
    Ok(())
}

fn print(measurements: &Measurements) {
    println!("{}\n", measurements.compiler);
    println!(
        "{:<16}{:>8}{:>9}{:>7}   {:>10}{:>9}   {:>10}{:>9}{:>7}",
        "board", "code", "statics", "stack", "unmodulated", "worst", "modulated", "worst", "CPI"
    );
    for (name, figures) in &measurements.boards {
        let (stack, step) = (figures.stack_bytes.whole, figures.step);
        println!(
            "{name:<16}{:>8}{:>9}{stack:>7}   {:>10}{:>9}   {:>10}{:>9}{:>7.2}",
            figures.code_bytes,
            figures.static_bytes,
            step.unmodulated.median,
            step.unmodulated.worst,
            step.modulated.median,
            step.modulated.worst,
            figures.cycles_per_instruction.modulated,
        );
        figures.kernels.iter().for_each(|(kernel, each)| println!("    {kernel:<36}{each:>10.2}"));
    }
}

/// The instructions and estimated cycles of each function in an episode's worst unmodulated and worst modulated
/// step.
fn profile(board: &str, episode: u64) -> Result<()> {
    let (image, worst) = worst_of_episode(board, episode)?;
    for (kind, step) in ["unmodulated", "modulated"].into_iter().zip(worst) {
        let Some(step) = step else { continue };
        let total = step.total();
        println!("{kind}: {} instructions, {} cycles", total.instructions, total.cycles);
        let mut functions: Vec<_> = step.functions.into_iter().collect();
        functions.sort_by_key(|(_, work)| std::cmp::Reverse(work.cycles));
        for (function, work) in functions {
            let name = image.functions.get(function).map_or("?", |function| &function.name);
            println!("{:>10}{:>10}  {name}", work.instructions, work.cycles);
        }
    }
    Ok(())
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
