//! Instruction counts of every kernel in both forms, and of whole steps 128 to 256. The firmware `kernels` prints
//! them in QEMU; it ends with an error if the two forms of a kernel differ.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic_shared::board::Board;

use super::firmware::build;
use crate::benchmark::{self, BenchmarkNetwork};

/// Counts on a board: instructions per synapse or neuron by kernel and form, and a step's median and worst.
///
/// # Errors
/// If the firmware cannot be built or run, or two forms of a kernel differ.
pub fn count(board: &Board) -> Result<BTreeMap<String, f64>> {
    let folder = tempfile::tempdir().context("temporary folder")?;
    let artifact = folder.path().join("benchmark.plastic");
    benchmark::artifact(BenchmarkNetwork::default()).write(&artifact)?;
    let machine = board.qemu().context("not emulated by QEMU")?;
    let elf = build(board.name, "kernels", &artifact)?;
    let output = Command::new("timeout")
        .args(["120", QEMU])
        .args(qemu_arguments(machine, Time::Instructions))
        .arg(elf)
        .output()
        .context(QEMU)?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{}: kernels: {text}{}", board.name, String::from_utf8_lossy(&output.stderr));
    let mut counts = BTreeMap::new();
    text.lines().try_for_each(|line| read(line, &mut counts).with_context(|| line.to_owned()))?;
    Ok(counts)
}

fn read(line: &str, counts: &mut BTreeMap<String, f64>) -> Result<()> {
    match line.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["kernel", kernel, form, _, _, each] => {
            counts.insert(format!("{kernel}, {form}"), each.parse()?);
        }
        ["step", step, "median", median, "worst", worst, ..] => {
            counts.insert(format!("step 128 to 256 {step}, median"), median.parse()?);
            counts.insert(format!("step 128 to 256 {step}, worst"), worst.parse()?);
        }
        ["state", _] => {}
        _ => bail!("not a line of the benchmark"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_benchmarks_lines_are_read() {
        let mut counts = BTreeMap::new();
        read("kernel change dsp 103440 32768 3.15", &mut counts).unwrap();
        read("step unmodulated median 52360 worst 91440 mean 52788 spikes 13.5 25.4", &mut counts).unwrap();
        assert_eq!(counts["change, dsp"], 3.15);
        assert_eq!(counts["step 128 to 256 unmodulated, worst"], 91440.0);
        assert!(read("DIFFERENT change", &mut counts).is_err());
    }
}
