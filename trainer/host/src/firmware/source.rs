//! Where the firmware's source is and where cargo builds it.

use std::env;
use std::path::PathBuf;

use super::error::FirmwareError;
use super::variables::FOLDER_VARIABLE;

/// Where the firmware's source is: in this repository, or where [`FOLDER_VARIABLE`] says.
#[must_use]
pub fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/firmware");
    env::var_os(FOLDER_VARIABLE).map_or_else(|| own.into(), PathBuf::from)
}

/// The firmware's folder, in which there is a package.
pub(crate) fn source() -> Result<PathBuf, FirmwareError> {
    let folder = folder();
    if folder.join("Cargo.toml").is_file() {
        return Ok(folder);
    }
    Err(FirmwareError::NoSource { folder: folder.display().to_string() })
}

/// The firmware's own target directory: its flags differ from the host's.
pub(super) fn target_directory() -> Result<PathBuf, FirmwareError> {
    let beside = || folder().join("../../target");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(beside, PathBuf::from);
    let absolute = std::path::absolute(&target).map_err(FirmwareError::at(&target))?;
    Ok(absolute.join("firmware"))
}
