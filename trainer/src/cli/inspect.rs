//! `metaplastic inspect FILE.plastic`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use metaplastic_host::inspect::{
    BoardLine, CommandLine, Inspection, ProjectionLine, ReachedLine, TrainingLine, inspect,
};

use super::artifact;
use super::output::{percent, say, say_json};

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    file: PathBuf,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(crate) fn run(self) -> Result<()> {
        let inspection = inspect(&artifact::read(&self.file)?);
        if self.json {
            return say_json(&inspection);
        }
        print(&inspection)
    }
}

fn print(inspection: &Inspection) -> Result<()> {
    say!("task {}, artifact {}", inspection.task, inspection.checksum);
    if let Some(training) = &inspection.training {
        say!("trained {} meta-steps with seed {}", training.meta_steps, training.seed);
        say!("reached {}", reached(training));
    }
    say!("\npopulations");
    for population in &inspection.populations {
        say!("  {:<12} {:>5}  {}", population.name, population.size, population.kind);
    }
    say!("  readout: {}\n\nprojections", readout(inspection));
    inspection.projections.iter().try_for_each(print_projection)?;
    say!("\nflash {} bytes for the artifact", inspection.flash_bytes);
    say!("RAM   {} bytes for {} plastic synapses and all else", inspection.ram_bytes, inspection.plastic_synapses);
    say!("\nwith the firmware, on");
    inspection.boards.iter().try_for_each(print_board)
}

fn reached(training: &TrainingLine) -> String {
    match training.reached {
        ReachedLine::Accuracy { float_accuracy, chip_accuracy, chance, .. } => {
            let [float, chip, chance] = [float_accuracy, chip_accuracy, chance].map(percent);
            format!("{float} float, {chip} on chip; chance {chance}")
        }
        ReachedLine::Measured { float_mean, chip_mean, .. } => {
            format!("{float_mean:.4} float, {chip_mean:.4} on chip, of what its task measures")
        }
    }
}

fn readout(inspection: &Inspection) -> String {
    let (count, neurons) = inspection.readout;
    match inspection.commands {
        None => format!("{count} classes of {neurons} neurons"),
        Some(CommandLine { exponent, gain }) => {
            format!(
                "{count} commands of {neurons} neurons, i16 x 2^-{exponent}: gain {gain:.4} times the potential"
            )
        }
    }
}

fn print_board(line: &BoardLine) -> Result<()> {
    let fits = if line.fits { "" } else { ", does not fit" };
    let kib = |bytes: usize| bytes.div_ceil(1024);
    say!(
        "  {:<18} flash {:>6} bytes of {:>4} KiB, RAM {:>6} bytes of {:>4} KiB, {}{fits}",
        line.board,
        line.flash_bytes,
        kib(line.flash_limit),
        line.ram_bytes,
        kib(line.ram_limit),
        line.core
    );
    Ok(())
}

fn print_projection(line: &ProjectionLine) -> Result<()> {
    let recurrent = if line.recurrent { ", recurrent" } else { "" };
    let what = if line.convolution.is_some() { "weights" } else { "synapses" };
    say!("  {:<20} {:>6} {what}, W i8 x 2^{}{recurrent}", line.name, line.synapses, -line.weight_exponent);
    if let Some(convolution) = &line.convolution {
        say!("    {convolution}");
    }
    if let Some(plasticity) = &line.plasticity {
        for equation in &plasticity.equations {
            say!("    {equation}");
        }
        let decay = if plasticity.lazy { "lazily: only spiking rows and columns cost" } else { "densely" };
        say!("    E decays {decay}; E and P take {} bytes", plasticity.ram_bytes);
    }
    Ok(())
}
