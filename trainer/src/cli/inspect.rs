//! `metaplastic inspect FILE.plastic`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use metaplastic::artifact_file::ArtifactFile;
use metaplastic::inspect::{Inspection, ProjectionLine, inspect};

use super::percent;

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The artifact
    file: PathBuf,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(crate) fn run(self) -> Result<()> {
        let inspection = inspect(&ArtifactFile::read(&self.file)?);
        if self.json {
            println!("{}", serde_json::to_string(&inspection)?);
        } else {
            print(&inspection);
        }
        Ok(())
    }
}

fn print(inspection: &Inspection) {
    println!("task {}, artifact {}", inspection.task, inspection.checksum);
    if let Some(training) = &inspection.training {
        let (float, chip) = (training.float_accuracy.into(), training.chip_accuracy.into());
        println!("trained {} meta-steps with seed {}", training.meta_steps, training.seed);
        let chance = percent(training.chance.into());
        println!("reached {} float, {} on chip; chance {chance}", percent(float), percent(chip));
    }
    println!("\npopulations");
    for population in &inspection.populations {
        println!("  {:<12} {:>5}  {}", population.name, population.size, population.kind);
    }
    let (classes, votes) = inspection.readout;
    println!("  readout: {classes} classes of {votes} neurons\n\nprojections");
    inspection.projections.iter().for_each(print_projection);
    println!("\nflash {} bytes for the artifact", inspection.flash_bytes);
    println!(
        "RAM   {} bytes for {} plastic synapses and all else",
        inspection.ram_bytes, inspection.plastic_synapses
    );
}

fn print_projection(line: &ProjectionLine) {
    let recurrent = if line.recurrent { ", recurrent" } else { "" };
    println!("  {:<20} {:>6} synapses, W i8 x 2^{}{recurrent}", line.name, line.synapses, -line.weight_exponent);
    if let Some(plasticity) = &line.plasticity {
        plasticity.equations.iter().for_each(|equation| println!("    {equation}"));
        let decay = if plasticity.lazy { "lazily: only spiking rows and columns cost" } else { "densely" };
        println!("    E decays {decay}; E and P take {} bytes", plasticity.ram_bytes);
    }
}
