//! The job book: mdbook makes the pages of docs/ a book, without a warning.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::{CargoTool, printed, repository, target_folder};

const MDBOOK: CargoTool = CargoTool { name: "mdbook", version: "0.5.4" };

pub(crate) fn book() -> Result<()> {
    let tools = target_folder().join("tools");
    let program = tools.join("bin/mdbook");
    install(&tools, printed(Command::new(&program).arg("--version")))?;
    let output = Command::new(&program).args(["build", "docs"]).stdin(Stdio::null()).output();
    let output = output.with_context(|| program.display().to_string())?;
    let log = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && !log.contains("WARN"), "mdbook build docs:\n{log}");
    println!("{}", repository().join("book/index.html").display());
    Ok(())
}

/// Without its server and search, as pages are all that is made, and not optimised: a book takes a second either way.
fn install(tools: &Path, version: Option<String>) -> Result<()> {
    let root = tools.to_str().with_context(|| tools.display().to_string())?;
    let options = ["--debug", "--no-default-features", "--root", root];
    MDBOOK.install(version, &options, &tools.join("build"))
}
