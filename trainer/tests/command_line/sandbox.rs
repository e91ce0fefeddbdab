//! A folder of its own for each test, and the program run in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The trained artifact of every sandbox.
pub(crate) const NETWORK: &str = "network.plastic";
/// Tools in here come before the machine's own.
const TOOLS: &str = "tools";
const TEMPORARY: &str = "tmp";
/// The folder of the firmware's source.
pub(crate) const FIRMWARE: &str = "firmware";

pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
    /// Cargo's target directory, of which no command has to keep its hands.
    target: tempfile::TempDir,
}

/// A `cargo` that builds firmware: `$elf` is where the program looks for it.
const CARGO: &str = r#"
while [ $# -gt 0 ]; do
    case $1 in --target) target=$2;; --target-dir) folder=$2;; --bin) binary=$2;; esac
    shift
done
elf=$folder/$target/firmware/$binary
/bin/mkdir -p "$folder/$target/firmware"
echo firmware >"$elf"
"#;

/// What a command that succeeded printed.
pub(crate) struct Printed(String);

impl Printed {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The object in the last line.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.0.lines().last().unwrap()).unwrap()
    }
}

impl Sandbox {
    /// With [`NETWORK`], the checked-in artifact, in it.
    pub(crate) fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap(), target: tempfile::tempdir().unwrap() };
        fs::create_dir(sandbox.path(TOOLS)).unwrap();
        fs::create_dir(sandbox.path(TEMPORARY)).unwrap();
        let checked_in = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/artifacts/cue-association.plastic");
        fs::copy(checked_in, sandbox.path(NETWORK)).unwrap();
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), contents).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// A shell script.
    pub(crate) fn script(&self, name: &str, lines: &str) {
        self.write(name, format!("#!/bin/sh\n{lines}\n"));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A shell script that is found before the machine's own tool of that name.
    pub(crate) fn tool(&self, name: &str, lines: &str) {
        self.script(&format!("{TOOLS}/{name}"), lines);
    }

    /// Has firmware in [`FIRMWARE`], a compiler with a core library for every board, and a `cargo` that runs
    /// `lines`, with its arguments read, and builds the firmware unless they end it.
    pub(crate) fn builder(&self, lines: &str) {
        self.write(&format!("{FIRMWARE}/Cargo.toml"), "");
        self.write("libraries/libcore-0.rlib", "");
        self.tool("rustc", &format!("echo {}", self.path("libraries").display()));
        self.tool("cargo", &format!("{CARGO}{lines}"));
    }

    /// The program with arguments, which are separated by spaces.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_metaplastic"));
        let machines = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.path(TOOLS)).chain(std::env::split_paths(&machines));
        let path: OsString = std::env::join_paths(folders).unwrap();
        command.args(arguments.split_whitespace()).current_dir(self.folder.path()).env("PATH", path);
        command.env("TMPDIR", self.path(TEMPORARY));
        command.env("CARGO_TARGET_DIR", self.target.path()).env("METAPLASTIC_FIRMWARE", self.path(FIRMWARE));
        command.env_remove("METAPLASTIC_TIMEOUT_SECONDS");
        command
    }

    /// The same on a machine that has only the sandbox's tools.
    pub(crate) fn command_without_tools(&self, arguments: &str) -> Command {
        let mut command = self.command(arguments);
        command.env("PATH", self.path(TOOLS));
        command
    }

    /// The command succeeds; what it printed.
    pub(crate) fn succeeds(&self, arguments: &str) -> Printed {
        self.command_succeeds(&mut self.command(arguments))
    }

    pub(crate) fn command_succeeds(&self, command: &mut Command) -> Printed {
        let Output { status, stdout, stderr } = command.output().unwrap();
        assert!(status.success(), "{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
        Printed(String::from_utf8(stdout).unwrap())
    }

    /// The command fails, its error says all of `parts`, and every file stays as it was.
    pub(crate) fn refuses(&self, arguments: &str, parts: &[&str]) {
        self.command_refuses(&mut self.command(arguments), parts);
    }

    pub(crate) fn command_refuses(&self, command: &mut Command, parts: &[&str]) {
        let before = self.files();
        let error = self.command_fails(command);
        for part in parts {
            assert!(error.contains(part), "{command:?}: {part:?} is not in: {error}");
        }
        let after = self.files();
        let names = |files: &BTreeMap<PathBuf, Option<Vec<u8>>>| files.keys().cloned().collect::<Vec<_>>();
        assert!(before == after, "{command:?} left {:?} of {:?}", names(&after), names(&before));
    }

    /// The command fails in good order; its error.
    pub(crate) fn command_fails(&self, command: &mut Command) -> String {
        let Output { status, stderr, .. } = command.output().unwrap();
        let error = String::from_utf8(stderr).unwrap();
        assert!(matches!(status.code(), Some(1 | 2)), "{command:?}: {status}\n{error}");
        assert!(error.lines().any(|line| line.starts_with("error: ")), "{command:?}: {error}");
        assert!(!error.contains("panicked"), "{command:?}: {error}");
        error
    }

    /// Names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Every file with its contents, every folder without.
    fn files(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
            files.insert(path, None);
        } else {
            let contents = fs::read(&path).unwrap();
            files.insert(path, Some(contents));
        }
    }
}
