//! Building the network for a browser: the firmware's source as a WebAssembly module, the same for every artifact.

use std::process::Stdio;

use super::build::{PACKAGE, PROFILE, PROFILE_FILE, lock, no_cargo};
use super::error::FirmwareError;
use super::source::FirmwareSource;

/// The module's file name.
const MODULE: &str = "wasm32-unknown-unknown/firmware/metaplastic_firmware.wasm";

/// Builds the module; its functions are in `runtime/firmware/src/browser.rs`.
///
/// # Errors
/// If the firmware's source or the core library of the target is missing, or it does not compile.
pub fn build_for_browser() -> Result<Vec<u8>, FirmwareError> {
    let source = FirmwareSource::find()?;
    let target = source.target_directory()?;
    let mut cargo = metaplastic_build::cargo_for_browser(source.folder(), "rustc")?;
    cargo.args(["--quiet", "-p", PACKAGE, "--config", PROFILE_FILE, "--profile", PROFILE, "--lib"]);
    // What a debugger would read is three quarters of the module.
    cargo.args(["--config", "profile.firmware.strip=true", "--config", "profile.firmware.debug=false"]);
    cargo.args(["--crate-type", "cdylib", "--features", "browser", "--target-dir"]).arg(&target);
    let _lock = lock(&target)?;
    let output = cargo.stdin(Stdio::null()).output().map_err(no_cargo)?;
    if !output.status.success() {
        return Err(FirmwareError::Build(String::from_utf8_lossy(&output.stderr).trim_end().to_owned()));
    }
    let module = target.join(MODULE);
    std::fs::read(&module).map_err(FirmwareError::at(&module))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any artifact comes on top of it, and what carries both as text takes a third more.
    #[test]
    #[ignore = "needs a core library: tests/run.sh page"]
    fn the_module_is_small() {
        let module = build_for_browser().unwrap();
        assert!(module.starts_with(b"\0asm") && module.len() < 150_000, "{} bytes", module.len());
        println!("{} bytes", module.len());
    }
}
