//! The folder of a training: its files are those of one training, and one process at a time writes them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use metaplastic_files::atomic;
use metaplastic_files::folder_lock::FolderLock;
use metaplastic_learn::meta::{CHECKPOINT_FILE, METRICS_FILE};

use super::report::REPORT_FILE;
use crate::training_summary::{ARTIFACT_FILE, SUMMARY_FILE};

/// The files of a training.
pub(super) const FILES: [&str; 5] = [CHECKPOINT_FILE, METRICS_FILE, ARTIFACT_FILE, SUMMARY_FILE, REPORT_FILE];

/// How a training begins in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// In a folder without the files of a training.
    Anew,
    /// In place of the training in the folder, whose files are removed.
    Overwriting,
    /// From the checkpoint in the folder.
    Resuming,
}

impl Beginning {
    /// What the options `--resume` and `--overwrite` ask for.
    pub(super) fn of_options(resume: bool, overwrite: bool) -> Self {
        match (resume, overwrite) {
            (true, _) => Self::Resuming,
            (false, true) => Self::Overwriting,
            (false, false) => Self::Anew,
        }
    }
}

/// A folder, locked for the training that writes into it.
#[derive(Debug)]
pub(super) struct TrainingFolder {
    path: PathBuf,
    _lock: FolderLock,
}

impl TrainingFolder {
    /// Prepares a folder. Temporary files that a killed training left are removed.
    pub(super) fn open(path: &Path, beginning: Beginning) -> Result<Self> {
        if beginning != Beginning::Resuming {
            create(path)?;
        }
        let lock = lock(path)?;
        match beginning {
            Beginning::Anew => refuse_files(path)?,
            Beginning::Overwriting => remove_files(path)?,
            Beginning::Resuming => {}
        }
        FILES.iter().for_each(|file| atomic::remove_abandoned(&path.join(file)));
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes the folder if it is not there.
pub(super) fn create(path: &Path) -> Result<()> {
    let refused = || format!("{}: choose a folder that can be written to", path.display());
    std::fs::create_dir_all(path).with_context(refused)
}

/// Locks the folder against other trainings.
pub(super) fn lock(path: &Path) -> Result<FolderLock> {
    let refused = || format!("{}: another training is writing into this folder", path.display());
    FolderLock::take(path).with_context(refused)
}

/// The files of a training that a folder has.
fn present(folder: &Path) -> impl Iterator<Item = &'static str> {
    FILES.into_iter().filter(move |file| std::fs::symlink_metadata(folder.join(file)).is_ok())
}

fn refuse_files(folder: &Path) -> Result<()> {
    let files: Vec<_> = present(folder).collect();
    if files.is_empty() {
        return Ok(());
    }
    let resume = if files.contains(&CHECKPOINT_FILE) { "continue it with `train --resume`, " } else { "" };
    bail!(
        "{}: has files of a training ({}); {resume}replace it with --overwrite, or choose another folder",
        folder.display(),
        files.join(", ")
    )
}

fn remove_files(folder: &Path) -> Result<()> {
    for path in present(folder).map(|file| folder.join(file)) {
        std::fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
    }
    Ok(())
}
