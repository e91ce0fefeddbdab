//! The instructions that whole steps execute. QEMU logs every program counter; the disassembly has the
//! instructions.
//!
//! Each step is one message; the response tells whether the step was modulated.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
use metaplastic_host::body::{Body, Client, Expected, Remote};
use metaplastic_shared::board::Board;
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::episode::Episode;

use super::cycles::Core;
use super::{Image, Instruction};

/// Timeout of a response; it is long because every instruction is logged.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Instructions and estimated cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Instructions executed.
    pub instructions: u64,
    /// Estimated cycles.
    pub cycles: u64,
}

/// One traced step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Whether a third factor was not zero.
    pub modulated: bool,
    /// The work of each function without its callees, by index among the image's functions.
    pub functions: BTreeMap<usize, Work>,
}

impl Step {
    /// The work of all functions together.
    #[must_use]
    pub fn total(&self) -> Work {
        self.functions.values().fold(Work::default(), |sum, work| Work {
            instructions: sum.instructions + work.instructions,
            cycles: sum.cycles + work.cycles,
        })
    }
}

/// Firmware on an emulated board that traces every instruction.
#[derive(Clone, Copy, Debug)]
pub struct TracedFirmware<'t> {
    /// The firmware.
    pub elf: &'t Path,
    /// The board.
    pub board: &'t Board,
    /// The artifact in it.
    pub artifact: &'t ArtifactFile,
}

impl TracedFirmware<'_> {
    /// The first `count` steps of an episode.
    ///
    /// # Errors
    /// If the emulator cannot be started or the firmware does not answer.
    pub fn steps(&self, episode: &Episode, count: usize) -> Result<Vec<Step>> {
        let mut emulator = self.start()?;
        let pipes = (emulator.stdin.take(), emulator.stdout.take(), emulator.stderr.take());
        let (Some(input), Some(output), Some(log)) = pipes else { anyhow::bail!("no pipes") };
        let traced = count_steps(Image::read(self.elf)?, Core::of_target(self.board.target), log);
        let expected = Expected::of(&self.artifact.artifact());
        let modulated = modulated(Client::start(output, input, expected, TIMEOUT)?, episode, count)?;
        emulator.kill()?;
        emulator.wait()?;
        let mut steps = traced.recv_timeout(TIMEOUT)??;
        ensure!(steps.len() == count, "{} steps were traced, {count} run", steps.len());
        steps.iter_mut().zip(modulated).for_each(|(step, modulated)| step.modulated = modulated);
        Ok(steps)
    }

    fn start(&self) -> Result<Child> {
        let machine = self.board.qemu().context("not emulated by QEMU")?;
        Command::new(QEMU)
            .args(["-singlestep", "-d", "exec,nochain"])
            .args(qemu_arguments(machine, Time::Hosts))
            .arg(self.elf)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context(QEMU)
    }
}

/// Whether each step was modulated.
fn modulated<W: Write>(mut client: Client<W>, episode: &Episode, count: usize) -> Result<Vec<bool>> {
    client.reset(Freeze::Nothing)?;
    (0..count).map(|step| Ok(client.run_message(episode, step..step + 1)?.modulated_steps > 0)).collect()
}

/// Reads the log in its own thread; returns the work of each step.
fn count_steps(image: Image, core: Core, log: impl Read + Send + 'static) -> Receiver<Result<Vec<Step>>> {
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

/// The second number in brackets of `Trace 0: 0x7f3c98000100 [00800400/0000059c/00000110/ff020201] Reset`.
fn program_counter(line: &str) -> Option<u32> {
    let fields = line.strip_prefix("Trace ")?.split_once('[')?.1;
    u32::from_str_radix(fields.split('/').nth(1)?, 16).ok()
}

/// Counts from the first instruction of `Network::step` to its return address.
struct Counter<'i> {
    image: &'i Image,
    core: Core,
    entry: u32,
    /// The last instruction executed, and the previous one if it is also the previous one in memory.
    last: Option<&'i Instruction>,
    before: Option<&'i Instruction>,
    returns_to: Option<u32>,
    step: Step,
    steps: Vec<Step>,
}

impl<'i> Counter<'i> {
    fn new(image: &'i Image, core: Core) -> Result<Self> {
        let found: Vec<_> = image.named("Network::step").collect();
        ensure!(found.len() == 1, "{} functions are called Network::step", found.len());
        let entry = image.functions[found[0]].start;
        let (last, before, returns_to) = (None, None, None);
        Ok(Self { image, core, entry, last, before, returns_to, step: Step::default(), steps: Vec::new() })
    }

    /// The address of an instruction completes the control flow of the previous one.
    fn execute(&mut self, address: u32) {
        let last = std::mem::replace(&mut self.last, self.image.instructions.get(&address));
        let jumped = last.is_none_or(|last| address != last.next());
        let before = std::mem::replace(&mut self.before, last.filter(|_| !jumped));
        if self.returns_to.is_some() {
            if let Some(last) = last {
                let function = self.image.function_at(last.address).unwrap_or(usize::MAX);
                let work = self.step.functions.entry(function).or_default();
                work.instructions += 1;
                work.cycles += u64::from(self.core.cycles(before, last, jumped));
            }
            if self.returns_to == Some(address) {
                self.steps.push(std::mem::take(&mut self.step));
                self.returns_to = None;
            }
        } else if address == self.entry {
            self.returns_to = last.map(Instruction::next);
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
