//! The job book: mdbook makes the pages of docs/ a book, without a warning.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::{printed, repository, run, target_folder};

const MDBOOK: &str = "0.5.4";

pub(crate) fn book() -> Result<()> {
    let tools = target_folder().join("tools");
    let program = tools.join("bin/mdbook");
    if printed(Command::new(&program).arg("--version"))
        .is_none_or(|version| version.trim() != format!("mdbook v{MDBOOK}"))
    {
        install(&tools)?;
    }
    let output = Command::new(&program).args(["build", "docs"]).stdin(Stdio::null()).output();
    let output = output.with_context(|| program.display().to_string())?;
    let log = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && !log.contains("WARN"), "mdbook build docs:\n{log}");
    println!("{}", repository().join("book/index.html").display());
    Ok(())
}

/// Without its server and search, as pages are all that is made, and not optimised: a book takes a second either way.
fn install(tools: &Path) -> Result<()> {
    let mut install = Command::new("cargo");
    install
        .args(["install", "--quiet", "--locked", "--debug", "--no-default-features", "--version", MDBOOK, "--root"])
        .arg(tools);
    run(install.arg("--target-dir").arg(tools.join("build")).arg("mdbook"))
}
