//! Finds out which hand-written kernels the core that is compiled for can execute: `cfg(dsp)` if it has the DSP
//! extension, `cfg(armv6m)` if it is of that architecture, recognised by the atomic exchange that it lacks.
//!
//! A stable compiler does not show the extension as `cfg(target_feature = "dsp")`; whether its assembler accepts
//! one of the extension's instructions under the build's own flags tells the same, and names no target.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const PROBE: &str = "#![no_std]\ncore::arch::global_asm!(\"smlabb r0, r0, r0, r0\");\n";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(dsp, armv6m)");
    if assembles().unwrap_or(false) {
        println!("cargo::rustc-cfg=dsp");
    }
    if is_armv6m() {
        println!("cargo::rustc-cfg=armv6m");
    }
}

fn is_armv6m() -> bool {
    let target = |key: &str| std::env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    target("ARCH") == "arm" && !target("HAS_ATOMIC").split(',').any(|bits| bits == "32")
}

fn assembles() -> Option<bool> {
    let variable = |name: &str| -> Option<OsString> { std::env::var_os(name) };
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let object = PathBuf::from(variable("OUT_DIR")?).join("probe.o");
    let mut compiler = Command::new(variable("RUSTC")?)
        .args(["--crate-name=probe", "--crate-type=lib", "--emit=obj", "-", "-o"])
        .arg(object)
        .arg("--target")
        .arg(variable("TARGET")?)
        .args(flags.split('\x1f').filter(|flag| !flag.is_empty()))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    compiler.stdin.take()?.write_all(PROBE.as_bytes()).ok()?;
    Some(compiler.wait().ok()?.success())
}
