//! Reading the artifact that a command is given.

use std::path::Path;

use anyhow::{Result, bail};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_learn::meta::CHECKPOINT_FILE;

use crate::training_summary::ARTIFACT_FILE;

/// Reads an artifact. Of a folder, the artifact in it is probably meant, as a training has it.
pub(super) fn read(path: &Path) -> Result<ArtifactFile> {
    if path.is_dir() {
        let inside = path.join(ARTIFACT_FILE);
        let meant = inside.display();
        let hint = if inside.is_file() { "is probably meant" } else { "is not there either; give an artifact" };
        bail!("{}: is a folder; {meant} {hint}", path.display());
    }
    if !path.exists() && path.with_file_name(CHECKPOINT_FILE).is_file() {
        bail!(
            "{}: there is no such file yet; the training in its folder has not ended, see --resume",
            path.display()
        );
    }
    Ok(ArtifactFile::read(path)?)
}
