//! Installing what the checks need and is missing: QEMU, Node.js with rp2040js, a core library for every board's
//! target and for pages, a disassembler.

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use metaplastic_host::body::qemu::QEMU;
use metaplastic_host::firmware::Toolchain;
use metaplastic_shared::board;

use crate::apt;
use crate::process::{is_executable, is_installed, printed, repository, run, run_within, target_folder};

/// The target of exported pages.
const PAGE_TARGET: &str = "wasm32-unknown-unknown";
/// The timeout of rustup.
const RUSTUP_LIMIT: Duration = Duration::from_secs(300);

/// Installs what is missing. It prints to standard error, because standard output is for the results of jobs.
pub(crate) fn setup() -> Result<()> {
    // Jobs of other lanes run it first too.
    let _lock = lock()?;
    install_qemu()?;
    install_rp2040js()?;
    install_core_libraries()?;
    install_disassembler()?;
    let version = printed(Command::new(QEMU).arg("--version")).context(QEMU)?;
    eprintln!("{}", version.lines().next().unwrap_or_default());
    for target in targets() {
        ensure!(can_build_for(target), "still no core library for {target}");
        eprintln!("ready: {target}");
    }
    Ok(())
}

fn lock() -> Result<File> {
    let folder = target_folder();
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let file = File::create(folder.join("setup.lock")).context("setup.lock")?;
    file.lock().context("setup.lock")?;
    Ok(file)
}

fn install_qemu() -> Result<()> {
    if is_installed(QEMU) {
        return Ok(());
    }
    // QEMU's packages exclude other versions of each other: without this, apt removes a qemu-utils of another
    // version. Only a fresh list of packages says which version that is.
    apt::update(&[QEMU])?;
    let utilities = apt::installed_version("qemu-utils");
    let is_other = |candidate: &String| utilities.as_ref().is_some_and(|installed| installed != candidate);
    match apt::candidate_version(QEMU).filter(is_other) {
        Some(version) => apt::install_listed(&[QEMU, &format!("qemu-utils={version}")]),
        None => apt::install_listed(&[QEMU]),
    }
}

/// The Raspberry Pi Pico's emulator.
fn install_rp2040js() -> Result<()> {
    install_npm(Path::new("runtime/firmware/rp2040js"))
}

/// What the package-lock.json of a folder pins, into node_modules beside it.
pub(crate) fn install_npm(folder: &Path) -> Result<()> {
    if !is_installed("npm") || !is_installed("node") {
        apt::install(&["nodejs", "npm"])?;
    }
    let (pinned, installed) = (folder.join("package-lock.json"), folder.join("node_modules/installed.json"));
    let wanted = fs::read(&pinned).with_context(|| pinned.display().to_string())?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--prefix"]).arg(folder).args(["--no-audit", "--no-fund", "--loglevel=error"]);
    run(npm.stdout(Stdio::null()))?;
    fs::write(&installed, wanted).with_context(|| installed.display().to_string())
}

/// Of all boards, and of exported pages.
fn targets() -> impl Iterator<Item = &'static str> {
    board::targets().chain([PAGE_TARGET])
}

fn install_core_libraries() -> Result<()> {
    let missing: Vec<_> = targets().filter(|target| !can_build_for(target)).collect();
    if missing.is_empty() || rustup(["target", "add"].iter().chain(&missing)) {
        return Ok(());
    }
    eprintln!("rustup adds no targets here: compiling the core library with the distribution's compiler");
    apt::install(&["rustc-web", "rust-web-src", "lld"])?;
    compile_core_libraries()
}

/// Compiles a core library for every target that has none, with the distribution's compiler.
pub(crate) fn compile_core_libraries() -> Result<()> {
    for target in targets() {
        if Toolchain::of(target, repository()).is_err() {
            eprintln!("core for {target} (about a minute, once)");
            Toolchain::make(target)?;
        }
    }
    Ok(())
}

fn can_build_for(target: &str) -> bool {
    match Toolchain::of(target, repository()) {
        Ok(Toolchain::Default) => true,
        // Of the same package as wasm-ld.
        Ok(Toolchain::Distribution { .. }) => is_installed("ld.lld"),
        Err(_) => false,
    }
}

/// The disassembler that the proofs read firmware with: rustup's, or the distribution's.
fn install_disassembler() -> Result<()> {
    let of_rustup = || {
        let libraries = printed(Command::new("rustc").args(["--print", "target-libdir"]))?;
        Some(Path::new(libraries.trim()).join("../bin/llvm-objdump"))
    };
    let is_there = is_installed("llvm-objdump") || of_rustup().is_some_and(|program| is_executable(&program));
    if is_there || rustup(&["component", "add", "llvm-tools"]) {
        return Ok(());
    }
    apt::install(&["llvm"])
}

/// Whether rustup succeeded. RUSTUP_AUTO_INSTALL=0 says that the toolchains of a machine must not be changed.
fn rustup<'a>(arguments: impl IntoIterator<Item = &'a &'a str>) -> bool {
    let may = env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0");
    may && is_installed("rustup") && run_within(RUSTUP_LIMIT, Command::new("rustup").args(arguments)).is_ok()
}
