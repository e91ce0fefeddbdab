//! `metaplastic new`: what it writes, and how it refuses. The firmware that it writes is compiled with the real tools.

use std::fs;
use std::path::Path;

use metaplastic_shared::board;

use crate::sandbox::{NETWORK, Sandbox};

const NEW: &str = "new my-pump --board pico";

/// The texts of a folder's files, without those of the packages.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.file_name() != "vendor") {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(self::texts(&path));
        } else {
            texts.push((path.display().to_string(), fs::read_to_string(path).unwrap()));
        }
    }
    texts
}

#[test]
fn a_project_has_its_own_name_everywhere_and_the_packages_that_it_is_built_from() {
    let sandbox = Sandbox::new();
    let printed = sandbox.succeeds(NEW);
    assert!(printed.text().contains("cargo test"), "{}", printed.text());
    for file in [
        "Cargo.lock",
        "Cargo.toml",
        "README.md",
        "ci.sh",
        ".gitignore",
        ".github/workflows/ci.yml",
        "experiment.toml",
        "src/lib.rs",
        "src/main.rs",
        "encoder/Cargo.toml",
        "firmware/Cargo.toml",
        "firmware/Cargo.lock",
        "firmware/src/bin/emulated.rs",
        "firmware/src/bin/pico.rs",
        "tests/emulator.rs",
        "vendor/metaplastic/Cargo.toml",
        "vendor/metaplastic/Cargo.lock",
        "vendor/metaplastic/runtime/src/lib.rs",
        "vendor/metaplastic/trainer/task/experiments/cue-association.toml",
        "vendor/metaplastic/trainer/template/package.toml",
    ] {
        assert!(sandbox.path("my-pump").join(file).is_file(), "{file}");
    }
    for (path, text) in texts(&sandbox.path("my-pump")) {
        assert!(!text.to_lowercase().contains("starter"), "{path}");
        assert!(!text.contains("%board%") && !text.contains("%emulator%"), "{path}");
    }
    let manifest = String::from_utf8(sandbox.read("my-pump/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"my-pump\""), "{manifest}");
    let task = String::from_utf8(sandbox.read("my-pump/src/lib.rs")).unwrap();
    assert!(task.lines().count() <= 60, "a task is a page: {} lines", task.lines().count());
}

#[test]
fn names_boards_and_folders_that_cannot_be_are_refused() {
    let sandbox = Sandbox::new();
    for name in ["My", "9lives", "a_b", "pump-", "core", "metaplastic", "../up", "metaplastic-own", "loop", "serde"]
    {
        sandbox.refuses(&format!("new {name} --board pico"), &["NAME", &format!("'{name}'")]);
    }
    sandbox.refuses("new pump --board abacus", &["--board", "'abacus'", "pico"]);
    sandbox.refuses("new pump --board microbit", &["--board", "no template for 'microbit'", "pico, nrf52840-dk"]);
    sandbox.refuses("new pump --board pico --path tools", &["tools", "is there already", "--path"]);
    sandbox.refuses("new pump --board pico --path network.plastic/pump", &["network.plastic/pump"]);
}

#[test]
#[ignore = "needs a core library: tests/run.sh project"]
fn the_firmware_of_a_project_compiles_for_every_board() {
    let sandbox = Sandbox::new();
    for board in board::real() {
        let project = sandbox.path(board.name);
        sandbox.succeeds(&format!("new my-pump --board {0} --path {0}", board.name));
        // A network of another task: only its sizes are the firmware's.
        fs::create_dir(project.join("trained")).unwrap();
        fs::copy(sandbox.path(NETWORK), project.join("trained/network.plastic")).unwrap();
        let target = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/new");
        let mut cargo = metaplastic_build::cargo(board, &project.join("firmware"), "build").unwrap();
        let binary = board.binary;
        cargo.args(["--quiet", "--release", "--features", binary, "--bin", binary, "--target-dir", target]);
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}: {}", board.name, String::from_utf8_lossy(&output.stderr));
    }
}
