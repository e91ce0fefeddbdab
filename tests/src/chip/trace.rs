//! Which instructions whole steps execute: QEMU writes every program counter, the disassembly says what is there.
//!
//! Each step is one message; whether it was taught comes back with its answer. The estimate is the cycles of all
//! steps of a kind over their instructions.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::chip::firmware::Board;
use anyhow::{Context, Result, ensure};
use metaplastic::body::{Body, Client};
use metaplastic::episode::Episode;
use metaplastic::measured::PerStep;
use metaplastic_shared::wire::Freeze;

use super::Image;
use super::cycles::Core;

/// How long an answer may take: every instruction is written down.
const PATIENCE: Duration = Duration::from_secs(120);

/// Instructions and estimated cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Instructions executed.
    pub instructions: u64,
    /// Estimated cycles.
    pub cycles: u64,
}

impl Work {
    /// Zero where there were none.
    fn per_instruction(self) -> f64 {
        self.cycles as f64 / self.instructions.max(1) as f64
    }
}

/// Estimated cycles an instruction in the first `steps` steps of an episode; zero for a kind of step that does not
/// occur among them.
///
/// # Errors
/// If the emulator cannot be started or the firmware does not answer.
pub fn cycles_per_instruction(
    elf: &Path,
    board: &Board,
    core: Core,
    artifact: u32,
    episode: &Episode,
    steps: usize,
) -> Result<PerStep<f64>> {
    let image = Image::read(elf)?;
    let mut emulator = Command::new("qemu-system-arm")
        .args(["-M", &board.machine, "-cpu", &board.cpu, "-singlestep", "-d", "exec,nochain"])
        .args(["-display", "none", "-monitor", "none", "-serial", "none"])
        .args(["-semihosting-config", "enable=on,target=native", "-kernel"])
        .arg(elf)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("qemu-system-arm")?;
    let pipes = (emulator.stdin.take(), emulator.stdout.take(), emulator.stderr.take());
    let (Some(input), Some(output), Some(log)) = pipes else { anyhow::bail!("no pipes") };
    let works = count_steps(image, core, log);
    let mut client = Client::new(output, input, PATIENCE);
    client.identify(artifact)?;
    client.reset(Freeze::Nothing)?;
    let taught = (0..steps).map(|step| Ok(client.run_some(episode, step..step + 1)?.taught > 0));
    let taught = taught.collect::<Result<Vec<_>>>()?;
    drop(client);
    emulator.kill()?;
    emulator.wait()?;
    let works = works.recv_timeout(PATIENCE)??;
    ensure!(works.len() == steps, "{} steps were traced, {steps} run", works.len());
    let mut sums = PerStep { untaught: Work::default(), taught: Work::default() };
    for (work, taught) in works.into_iter().zip(taught) {
        let sum = if taught { &mut sums.taught } else { &mut sums.untaught };
        sum.instructions += work.instructions;
        sum.cycles += work.cycles;
    }
    Ok(PerStep { untaught: sums.untaught.per_instruction(), taught: sums.taught.per_instruction() })
}

/// Reads the log in a thread of its own; what comes out is the work of each step.
fn count_steps(image: Image, core: Core, log: impl Read + Send + 'static) -> Receiver<Result<Vec<Work>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut counter = Counter::new(&image, core);
        let result = counter.as_mut().map_err(|error| anyhow::anyhow!("{error:#}")).map(|counter| {
            let lines = BufReader::new(log).lines().map_while(Result::ok);
            lines.filter_map(|line| program_counter(&line)).for_each(|address| counter.execute(address));
            std::mem::take(&mut counter.steps)
        });
        let _ = sender.send(result);
    });
    receiver
}

/// Of `Trace 0: 0x7f3c98000100 [00800400/0000059c/00000110/ff020201] Reset`, the second number in brackets.
fn program_counter(line: &str) -> Option<u32> {
    let fields = line.strip_prefix("Trace ")?.split_once('[')?.1;
    u32::from_str_radix(fields.split('/').nth(1)?, 16).ok()
}

/// Counts from the first instruction of `Network::step` to the one it returns to.
struct Counter<'i> {
    image: &'i Image,
    core: Core,
    entry: u32,
    last: Option<u32>,
    returns_to: Option<u32>,
    work: Work,
    steps: Vec<Work>,
}

impl<'i> Counter<'i> {
    fn new(image: &'i Image, core: Core) -> Result<Self> {
        let found: Vec<_> = image.named("Network::step").collect();
        ensure!(found.len() == 1, "{} functions are called Network::step", found.len());
        let entry = image.functions[found[0]].start;
        Ok(Self { image, core, entry, last: None, returns_to: None, work: Work::default(), steps: Vec::new() })
    }

    fn execute(&mut self, address: u32) {
        let previous = self.last.replace(address).and_then(|last| self.image.instructions.get(&last));
        if self.returns_to.is_some() {
            if let Some(previous) = previous {
                self.work.instructions += 1;
                self.work.cycles += u64::from(self.core.cycles(previous, address != previous.next()));
            }
            if self.returns_to == Some(address) {
                self.steps.push(std::mem::take(&mut self.work));
                self.returns_to = None;
            }
        } else if address == self.entry {
            self.returns_to = previous.map(|call| call.next());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_counter_is_the_second_field() {
        let line = "Trace 0: 0x7f3c98000100 [00800400/0000059c/00000110/ff020201] Reset";
        assert_eq!(program_counter(line), Some(0x59c));
        assert_eq!(program_counter("anything else"), None);
    }
}
