//! Which compiler builds for a target: the one cargo uses by default, or the distribution's.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::sysroot;
use crate::toolchain_error::ToolchainError;

/// The target of pages.
pub(crate) const BROWSER: &str = "wasm32-unknown-unknown";

/// The compiler for a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The compiler that cargo uses by default; it has a core library for the target.
    Default,
    /// The distribution's.
    Distribution {
        /// The compiler.
        rustc: PathBuf,
        /// The folder of the core library that was compiled with it.
        sysroot: PathBuf,
        /// The linker of LLVM for the target, which is also its name among the compiler's.
        linker: &'static str,
    },
}

impl Toolchain {
    /// The compiler for a target, with a core library that is there. Cargo chooses its default compiler by the folder
    /// that it runs in.
    ///
    /// # Errors
    /// [`ToolchainError::NoCoreLibrary`] if neither has a core library for it.
    pub fn of(target: &str, folder: &Path) -> Result<Self, ToolchainError> {
        if has_installed_target(target, folder) {
            return Ok(Self::Default);
        }
        let rustc = distribution_rustc();
        let sysroot = sysroot::path(&rustc).filter(|sysroot| sysroot::libraries(sysroot, target).is_dir());
        let sysroot = sysroot.ok_or_else(|| ToolchainError::NoCoreLibrary { target: target.to_owned() })?;
        Ok(Self::Distribution { rustc, sysroot, linker: linker(target) })
    }

    /// Like [`of`](Self::of); where there is none, but the distribution's compiler with its library's source and its
    /// linker, a core library is made, which takes about a minute.
    ///
    /// # Errors
    /// [`ToolchainError::NoCoreLibrary`] if there is neither, and as [`make`](Self::make).
    pub fn find(target: &str, folder: &Path) -> Result<Self, ToolchainError> {
        match Self::of(target, folder) {
            Err(ToolchainError::NoCoreLibrary { .. }) if can_make(target) => Self::make(target),
            found => found,
        }
    }

    /// The distribution's compiler, for which a core library is made.
    ///
    /// # Errors
    /// If it or its library's source is missing, or compiling fails.
    pub fn make(target: &str) -> Result<Self, ToolchainError> {
        let rustc = distribution_rustc();
        let sysroot = sysroot::make(&rustc, target)?;
        Ok(Self::Distribution { rustc, sysroot, linker: linker(target) })
    }

    /// The compiler's flags that say where its library is and which linker it takes.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        match self {
            Self::Default => Vec::new(),
            Self::Distribution { sysroot, linker, .. } => {
                let sysroot = format!("--sysroot={}", sysroot.display());
                vec![sysroot, format!("-Clinker={linker}"), format!("-Clinker-flavor={linker}")]
            }
        }
    }
}

/// Whether the compiler that cargo uses by default has a core library for the target.
fn has_installed_target(target: &str, folder: &Path) -> bool {
    let mut rustc = Command::new("rustc");
    let output = rustc.args(["--print", "target-libdir", "--target", target]).current_dir(folder).output();
    let Ok(output) = output else { return false };
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success() && has_core(Path::new(text.trim()))
}

fn has_core(libraries: &Path) -> bool {
    let is_core = |name: &str| name.starts_with("libcore-") && name.ends_with(".rlib");
    let names = fs::read_dir(libraries).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| name.to_str().is_some_and(is_core))
}

fn linker(target: &str) -> &'static str {
    if target == BROWSER { "wasm-ld" } else { "ld.lld" }
}

/// Whether the distribution's compiler, its library's source and its linker for the target are there.
fn can_make(target: &str) -> bool {
    let linker = Command::new(linker(target)).arg("--version").output();
    sysroot::source(&distribution_rustc()).is_ok() && linker.is_ok_and(|output| output.status.success())
}

/// An absolute path, because rustup's compiler comes first on `PATH` and remains the one for the host.
fn distribution_rustc() -> PathBuf {
    env::var_os("METAPLASTIC_RUSTC").map_or_else(|| "/usr/bin/rustc".into(), PathBuf::from)
}
