//! Where the firmware's source is and where cargo builds it.

use std::path::PathBuf;
use std::{env, fs};

use super::error::FirmwareError;

/// Where the firmware's source is: in this repository, or where `METAPLASTIC_FIRMWARE` says.
#[must_use]
pub fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/firmware");
    env::var_os("METAPLASTIC_FIRMWARE").map_or_else(|| own.into(), PathBuf::from)
}

/// The firmware's folder, in which there is a package.
pub(super) fn source() -> Result<PathBuf, FirmwareError> {
    let (folder, manifest) = (folder(), folder().join("Cargo.toml"));
    fs::metadata(&manifest).map_err(FirmwareError::at(&manifest))?;
    Ok(folder)
}

/// The firmware's own target directory: its flags differ from the host's.
pub(super) fn target_directory() -> Result<PathBuf, FirmwareError> {
    let beside = || folder().join("../../target");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(beside, PathBuf::from);
    let absolute = std::path::absolute(&target).map_err(FirmwareError::at(&target))?;
    Ok(absolute.join("firmware"))
}
