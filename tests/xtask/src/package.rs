//! The jobs of what would be published: package, package-verify, semver. Nothing is published.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{CargoTool, printed, run, target_folder};

/// Packages with `publish = false`.
const UNPUBLISHED: [&str; 5] =
    ["metaplastic-benches", "metaplastic-features", "metaplastic-fuzz", "metaplastic-tests", "xtask"];
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What every package has inside.
const ALWAYS: [&str; 5] = ["Cargo.lock", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
/// What programs that are built from the packages read, by package.
const INSIDE: [(&str, &[&str]); 4] = [
    ("metaplastic-build", &["examples/embed.rs"]),
    ("metaplastic-firmware", &["measurements.toml", "profile.toml", "rp2040js/emulate.mjs", "src/bin/emulated.rs"]),
    ("metaplastic-task", &["experiments/cue-association.toml"]),
    ("metaplastic-runtime", &["build.rs", "src/kernel/dsp/add_row.s"]),
];
const BOARD: &str = "mps2-an386";
const ARTIFACT: &str = "tests/artifacts/cue-association.plastic";
const SEMVER_CHECKS: CargoTool = CargoTool { name: "cargo-semver-checks", version: "0.51.0" };
const MAIN: &str = "origin/main";

/// Assembles every package, and looks into each.
pub(crate) fn package() -> Result<()> {
    run(cargo_package().arg("--no-verify"))?;
    for name in packages()? {
        let files = files_of(&name)?;
        let own = INSIDE.iter().filter(|(package, _)| *package == name).flat_map(|(_, files)| files.iter());
        for file in ALWAYS.iter().chain(own) {
            ensure!(files.iter().any(|listed| listed == file), "{name}: {file} is not in its package");
        }
        println!("{name}: {} files", files.len());
    }
    Ok(())
}

/// Compiles every package from what was assembled of it. Then the program that comes out runs an emulated board, whose
/// firmware it builds from the source that it carries.
pub(crate) fn package_verify() -> Result<()> {
    run(&mut cargo_package())?;
    let mut evaluate = Command::new(target_folder().join("debug/metaplastic"));
    evaluate.args(["evaluate", ARTIFACT, "--on", &format!("emulator:{BOARD}"), "--episodes", "1"]);
    run(evaluate.env_remove("METAPLASTIC_FIRMWARE"))
}

/// Compares the public interfaces with those of the last tag of a version or, where there is none, of the merge base with
/// the main branch: nothing is published yet, so that no registry has a version to compare with.
pub(crate) fn semver() -> Result<()> {
    let baseline = baseline()?;
    println!("the baseline is {baseline}");
    let folder = target_folder().join("semver");
    let version = printed(Command::new("cargo").args(["semver-checks", "--version"]));
    SEMVER_CHECKS.install(version, &[], &folder)?;
    let mut check = Command::new("cargo");
    check.args(["semver-checks", "check-release", "--workspace", "--baseline-rev", &baseline]);
    for package in UNPUBLISHED {
        check.args(["--exclude", package]);
    }
    run(check.env("CARGO_TARGET_DIR", folder))
}

fn baseline() -> Result<String> {
    let git = |arguments: &[&str]| printed(Command::new("git").args(arguments)).map(|text| text.trim().to_owned());
    let tag = git(&["describe", "--tags", "--abbrev=0", "--match", "v*"]);
    tag.or_else(|| git(&["merge-base", "HEAD", MAIN]))
        .with_context(|| format!("no tag v* and no merge base with {MAIN}"))
}

fn cargo_package() -> Command {
    let mut command = Command::new("cargo");
    command.args(["package", "--quiet", "--workspace", "--allow-dirty"]);
    for package in UNPUBLISHED {
        command.args(["--exclude", package]);
    }
    command
}

/// The names of the packages that were assembled.
fn packages() -> Result<Vec<String>> {
    let folder = target_folder().join("package");
    let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> =
        names.filter_map(|name| Some(name.strip_suffix(&format!("-{VERSION}.crate"))?.to_owned())).collect();
    names.sort();
    ensure!(!names.is_empty(), "{}: no package was assembled", folder.display());
    Ok(names)
}

/// The paths of the files in a package.
fn files_of(name: &str) -> Result<Vec<String>> {
    let archive = target_folder().join(format!("package/{name}-{VERSION}.crate"));
    let text =
        printed(Command::new("tar").arg("-tzf").arg(&archive)).with_context(|| archive.display().to_string())?;
    let inside = format!("{name}-{VERSION}/");
    Ok(text.lines().filter_map(|path| path.strip_prefix(&inside)).map(str::to_owned).collect())
}
