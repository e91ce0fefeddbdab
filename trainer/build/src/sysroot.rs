//! A core library for a target, compiled once from the source that a distribution's compiler comes with.
//!
//! A library works only with the very compiler that made it: there is one sysroot for each compiler, in the user's
//! cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::cache::cache_folder;
use crate::toolchain_error::ToolchainError;

/// The sysroot of a compiler, whether it is there or not; none if there is no such compiler.
pub(crate) fn path(rustc: &Path) -> Option<PathBuf> {
    let output = Command::new(rustc).arg("--version").output().ok().filter(|output| output.status.success())?;
    Some(cache_folder()?.join(format!("sysroot-{}", identity(&String::from_utf8_lossy(&output.stdout)))))
}

/// The folder of a target's libraries in a sysroot.
pub(crate) fn libraries(sysroot: &Path, target: &str) -> PathBuf {
    sysroot.join("lib/rustlib").join(target).join("lib")
}

/// Compiles core and compiler_builtins. The finished folder appears in one move, so that an interrupted build
/// leaves nothing that looks complete.
pub(crate) fn make(rustc: &Path, target: &str) -> Result<PathBuf, ToolchainError> {
    let missing = || ToolchainError::Compilation(format!("{}: is not installed", rustc.display()));
    let sysroot = path(rustc).ok_or_else(missing)?;
    let finished = libraries(&sysroot, target);
    if finished.is_dir() {
        return Ok(sysroot);
    }
    let parent = sysroot.join("lib/rustlib").join(target);
    fs::create_dir_all(&parent).map_err(ToolchainError::at(&parent))?;
    let scratch = tempfile::Builder::new().prefix(target).tempdir_in(&sysroot);
    let scratch = scratch.map_err(ToolchainError::at(&sysroot))?;
    let made = Compilation { rustc, target, library: source(rustc)?, scratch: scratch.path() }.run()?;
    match fs::rename(made, &finished) {
        // Another process has made it in the meantime.
        Err(_) if finished.is_dir() => Ok(sysroot),
        moved => moved.map(|()| sysroot).map_err(ToolchainError::at(&finished)),
    }
}

/// Release and commit of `rustc 1.85.0 (4d91de4e4 2025-02-17)`, or the whole text if it has another form. Fit for a
/// file's name.
fn identity(version: &str) -> String {
    let words: Vec<_> = version.split_whitespace().collect();
    let text = match words.as_slice() {
        ["rustc", release, commit, ..] if commit.starts_with('(') => format!("{release}-{}", &commit[1..]),
        words => words.join("-"),
    };
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    text.chars().map(|letter| if is_kept(letter) { letter } else { '-' }).collect()
}

/// The source of the standard library that the compiler comes with.
pub(crate) fn source(rustc: &Path) -> Result<PathBuf, ToolchainError> {
    let output = run(Command::new(rustc).args(["--print", "sysroot"]))?;
    let library = Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("lib/rustlib/src/rust/library");
    if library.join("core/src/lib.rs").is_file() {
        return Ok(library);
    }
    Err(ToolchainError::Compilation(format!("no library source in {}: install rust-web-src", library.display())))
}

/// One compilation of both crates, in a folder that is removed afterwards.
struct Compilation<'c> {
    rustc: &'c Path,
    target: &'c str,
    library: PathBuf,
    scratch: &'c Path,
}

impl Compilation<'_> {
    /// The folder of the compiled libraries.
    fn run(&self) -> Result<PathBuf, ToolchainError> {
        let out = self.out();
        fs::create_dir(&out).map_err(ToolchainError::at(&out))?;
        run(self.compile("core").arg(self.library.join("core/src/lib.rs")))?;
        let builtins = self.library.join("compiler-builtins/compiler-builtins");
        let mut compile = self.compile("compiler_builtins");
        for flag in self.builtins_flags(&builtins)? {
            compile.args(["--cfg", &flag]);
        }
        let mut core = std::ffi::OsString::from("core=");
        core.push(out.join("libcore.rlib"));
        compile.args(["--cfg", "feature=\"compiler-builtins\"", "--extern"]).arg(core);
        // At least as many codegen units as functions, so that the linker takes only the functions that are called.
        run(compile.args(["-C", "codegen-units=10000"]).arg(builtins.join("src/lib.rs")))?;
        Ok(out)
    }

    fn out(&self) -> PathBuf {
        self.scratch.join("lib")
    }

    fn compile(&self, name: &str) -> Command {
        let mut command = Command::new(self.rustc);
        // The library is written in unstable Rust, which a stable compiler takes for these two crates alone.
        command.env("RUSTC_BOOTSTRAP", "1");
        command.args(["--edition", "2024", "--crate-type", "rlib", "--crate-name", name, "--target", self.target]);
        command.args(["--cap-lints", "allow", "-Zforce-unstable-if-unmarked", "-C", "opt-level=3"]);
        command.args(["-C", "panic=abort", "--out-dir"]).arg(self.out());
        command
    }

    /// The cfg flags that compiler_builtins' own build script requests; cargo would pass them on.
    fn builtins_flags(&self, source: &Path) -> Result<Vec<String>, ToolchainError> {
        let script = self.scratch.join("configure");
        let mut compile = Command::new(self.rustc);
        compile.args(["--edition", "2024", "--cap-lints", "allow"]).arg(source.join("build.rs"));
        run(compile.arg("-o").arg(&script))?;
        let described = run(Command::new(self.rustc).args(["--print", "cfg", "--target", self.target]))?;
        let mut configure = Command::new(script);
        configure.current_dir(source).env("TARGET", self.target).env("OPT_LEVEL", "3");
        let described = String::from_utf8_lossy(&described.stdout).into_owned();
        configure.envs(described.lines().filter_map(script_variable));
        let output = run(&mut configure)?;
        let flags = flags(&String::from_utf8_lossy(&output.stdout));
        if flags.is_empty() {
            let script = source.join("build.rs");
            return Err(ToolchainError::Compilation(format!("{} named no flags", script.display())));
        }
        Ok(flags)
    }
}

/// The variable and value that cargo passes to build scripts for a line of `rustc --print cfg`.
fn script_variable(line: &str) -> Option<(String, String)> {
    const KEYS: [&str; 6] = ["arch", "os", "env", "vendor", "endian", "pointer_width"];
    let (key, value) = line.strip_prefix("target_")?.split_once('=')?;
    let variable = || format!("CARGO_CFG_TARGET_{}", key.to_uppercase());
    KEYS.contains(&key).then(|| (variable(), value.trim_matches('"').to_owned()))
}

/// The cfg flags in what a build script prints.
fn flags(printed: &str) -> Vec<String> {
    let flag = |line: &str| {
        let instruction = line.strip_prefix("cargo::").or_else(|| line.strip_prefix("cargo:"))?;
        instruction.strip_prefix("rustc-cfg=").map(str::to_owned)
    };
    printed.lines().filter_map(flag).collect()
}

/// Runs a program that must succeed.
fn run(command: &mut Command) -> Result<Output, ToolchainError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(ToolchainError::io(&program))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    Err(ToolchainError::Compilation(format!("{program}: {}: {said}", output.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_known_by_release_and_commit() {
        assert_eq!(
            identity("rustc 1.85.0 (4d91de4e4 2025-02-17) (built from a source tarball)\n"),
            "1.85.0-4d91de4e4"
        );
        assert_eq!(identity("rustc 1.85.0/x\n"), "rustc-1.85.0-x");
    }

    #[test]
    fn build_scripts_get_the_target_and_their_flags_are_read() {
        let message = script_variable("target_pointer_width=\"32\"");
        assert_eq!(message, Some(("CARGO_CFG_TARGET_POINTER_WIDTH".into(), "32".into())));
        assert_eq!(script_variable("target_feature=\"mclass\""), None);
        assert_eq!(script_variable("panic=\"abort\""), None);
        let printed = "cargo:rerun-if-changed=x\ncargo::rustc-cfg=thumb\ncargo:rustc-cfg=feature=\"mem\"\n";
        assert_eq!(flags(printed), ["thumb", "feature=\"mem\""]);
    }
}
