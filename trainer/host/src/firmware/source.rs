//! Where the firmware's source is and where cargo builds it: the folder that [`FOLDER_VARIABLE`] names, as cargo does in the
//! repository, or else the source that this program carries, unpacked into the user's cache.

use std::env;
use std::path::{Path, PathBuf};

use metaplastic_build::cache_folder;
use metaplastic_files::source_tree::{SharedManifest, SourcePackage, SourceTree};

use super::error::FirmwareError;
use super::variables::FOLDER_VARIABLE;

/// The firmware's folder in the repository and in what is unpacked.
const FIRMWARE: &str = "runtime/firmware";
/// The packages that the firmware is built from.
pub const PACKAGES: [SourcePackage; 5] = [
    SourcePackage { name: "metaplastic-shared", folder: "shared", files: metaplastic_shared::SOURCE },
    SourcePackage { name: "metaplastic-source", folder: "shared/source", files: metaplastic_source::own_source!() },
    SourcePackage { name: "metaplastic-runtime", folder: "runtime", files: metaplastic_runtime::SOURCE },
    SourcePackage { name: "metaplastic-firmware", folder: FIRMWARE, files: metaplastic_firmware::SOURCE },
    SourcePackage { name: "metaplastic-build", folder: "trainer/build", files: metaplastic_build::SOURCE },
];

/// The firmware's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirmwareSource {
    folder: PathBuf,
    target: PathBuf,
}

impl FirmwareSource {
    /// Finds it; what this program carries is unpacked where it is not yet.
    ///
    /// # Errors
    /// If the folder that [`FOLDER_VARIABLE`] names has no package, or the cache cannot be written.
    pub fn find() -> Result<Self, FirmwareError> {
        match env::var_os(FOLDER_VARIABLE).filter(|folder| !folder.is_empty()) {
            Some(folder) => Self::given(folder.into()),
            None => Self::unpacked(&cache_folder().ok_or(FirmwareError::NoCache)?),
        }
    }

    /// Its package's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Cargo's target directory for it, its own, because its flags differ from the host's.
    pub(super) fn target_directory(&self) -> Result<PathBuf, FirmwareError> {
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.target.clone(), PathBuf::from);
        let absolute = std::path::absolute(&target).map_err(FirmwareError::at(&target))?;
        Ok(absolute.join("firmware"))
    }

    fn given(folder: PathBuf) -> Result<Self, FirmwareError> {
        if folder.join("Cargo.toml").is_file() {
            let target = folder.join("../../target");
            return Ok(Self { folder, target });
        }
        Err(FirmwareError::NoSource { folder: folder.display().to_string() })
    }

    /// One target directory serves every version, whose dependencies are mostly the same.
    fn unpacked(cache: &Path) -> Result<Self, FirmwareError> {
        let (manifest, lock) = metaplastic_firmware::WORKSPACE;
        let tree = SourceTree::new(&PACKAGES, SharedManifest { manifest, lock })?;
        let root = tree.unpack(cache, concat!("firmware-", env!("CARGO_PKG_VERSION")))?;
        Ok(Self { folder: root.join(FIRMWARE), target: cache.join("target") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_carries_every_package_of_the_firmware_and_their_workspace() {
        let cache = tempfile::tempdir().unwrap();
        let source = FirmwareSource::unpacked(cache.path()).unwrap();
        let root = source.folder().join("../..");
        for file in [
            "Cargo.toml",
            "Cargo.lock",
            "shared/src/lib.rs",
            "shared/source/src/lib.rs",
            "runtime/build.rs",
            "runtime/src/kernel/dsp/add_row.s",
            "runtime/firmware/build.rs",
            "runtime/firmware/src/bin/emulated.rs",
            "runtime/firmware/profile.toml",
            "runtime/firmware/rp2040js/package-lock.json",
            "trainer/build/src/memory_map.rs",
        ] {
            assert!(root.join(file).is_file(), "{file}");
        }
        assert!(!root.join("runtime/firmware/rp2040js/node_modules").exists());
        assert_eq!(FirmwareSource::unpacked(cache.path()).unwrap(), source);
    }
}
