//! The job recordings: numpy opens what `metaplastic record` writes, and the example of docs/recording.md runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::apt;
use crate::process::{is_installed, printed, run, target_folder};

/// What numpy is tested with: a network of classes, one in a plant, one of choices.
const NETWORKS: [(&str, &str); 3] =
    [("cue-association", ""), ("adaptive-control-weak-drive", "--steps 0..300"), ("bandit", "--life 3 --every 2")];
const CHECK: &str = "tests/recordings/check.py";
const EXAMPLE: &str = "docs/examples/record.py";
const PYTHON: &str = "python3";

pub(crate) fn recordings() -> Result<()> {
    let python = python_with_numpy()?;
    let folder = target_folder().join("recordings");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for (network, options) in NETWORKS {
        let file = folder.join(format!("{network}.npz"));
        let mut record = Command::new("cargo");
        record.args(["run", "--quiet", "--release", "--", "record"]);
        record.arg(format!("tests/artifacts/{network}.plastic")).arg("--out").arg(&file);
        run(record.args(options.split_whitespace()))?;
        run(Command::new(&python).arg(CHECK).arg(&file))?;
        run(Command::new(&python).arg(EXAMPLE).arg(&file))?;
    }
    println!("numpy opened {} recordings", NETWORKS.len());
    Ok(())
}

/// A Python that has numpy: the machine's, or one of a virtual environment into which it is installed.
fn python_with_numpy() -> Result<PathBuf> {
    if has_numpy(PYTHON.as_ref()) {
        return Ok(PYTHON.into());
    }
    let folder = target_folder().join("python");
    let python = folder.join("bin").join(PYTHON);
    if !has_numpy(&python) {
        if !is_installed(PYTHON) || printed(Command::new(PYTHON).args(["-c", "import ensurepip, venv"])).is_none() {
            apt::install(&["python3", "python3-venv"])?;
        }
        run(Command::new(PYTHON).args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "numpy"]))?;
    }
    ensure!(has_numpy(&python), "{}: numpy cannot be imported; install it for {PYTHON}", python.display());
    Ok(python)
}

fn has_numpy(python: &Path) -> bool {
    printed(Command::new(python).args(["-c", "import numpy"])).is_some()
}
