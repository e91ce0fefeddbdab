//! The job page: the page of `metaplastic watch` in a real browser, driven by playwright, exported pages too, and pictures of
//! all in target/page/.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::apt;
use crate::process::{cargo, is_installed, run, target_folder};
use crate::setup::{install_npm, setup};

const FOLDER: &str = "tests/page";
const BROWSER: &str = "chromium";

pub(crate) fn page() -> Result<()> {
    setup()?;
    if !is_installed(BROWSER) {
        apt::install(&[BROWSER])?;
    }
    install_npm(Path::new(FOLDER))?;
    cargo(["build", "--quiet", "--release"])?;
    let size = ["test", "--release", "-p", "metaplastic-host", "--lib", "the_module_is_small"];
    cargo(size.into_iter().chain(["--", "--ignored", "--nocapture"]))?;
    let pictures = target_folder().join("page");
    fs::create_dir_all(&pictures).with_context(|| pictures.display().to_string())?;
    for script in ["watch.mjs", "export.mjs"] {
        let mut node = Command::new("node");
        node.arg(format!("{FOLDER}/{script}")).arg(&pictures);
        run(node.env("METAPLASTIC", target_folder().join("release/metaplastic")))?;
    }
    Ok(())
}
