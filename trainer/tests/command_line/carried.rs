//! Firmware where there is no repository: built from the source that the program carries, unpacked into the user's cache.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::sandbox::Sandbox;

/// Notes the folder that it runs in.
const BUILDER: &str = r#"pwd >>"$NOTES""#;
const FLASH: &str = "flash network.plastic --board pico --output pico.elf";

/// A machine whose user has an empty home, and a cargo that builds nothing.
fn machine() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.builder(BUILDER);
    sandbox.write("home/empty", "");
    sandbox
}

/// The program with no word of where a repository is.
fn installed(sandbox: &Sandbox, arguments: &str) -> Command {
    let mut command = sandbox.command(arguments);
    command.env_remove("METAPLASTIC_FIRMWARE").env_remove("METAPLASTIC_TOOLCHAIN_DIR").env_remove("XDG_CACHE_HOME");
    command.env("HOME", sandbox.path("home")).env("NOTES", sandbox.path("notes"));
    command
}

/// The folders that firmware was built in.
fn built_in(sandbox: &Sandbox) -> Vec<String> {
    let notes = String::from_utf8(sandbox.read("notes")).unwrap();
    notes.lines().map(str::to_owned).collect()
}

#[test]
fn an_installed_program_builds_its_own_source_in_the_users_cache() {
    let sandbox = machine();
    sandbox.command_succeeds(&mut installed(&sandbox, FLASH));
    let folder = built_in(&sandbox).remove(0);
    let cache = sandbox.path("home/.cache/metaplastic");
    assert!(folder.contains(&format!("{}/firmware-{}-", cache.display(), env!("CARGO_PKG_VERSION"))), "{folder}");
    assert!(folder.ends_with("/runtime/firmware"), "{folder}");
    for file in ["Cargo.toml", "build.rs", "src/bin/pico.rs", "../src/lib.rs", "../../shared/src/lib.rs"] {
        assert!(fs::metadata(format!("{folder}/{file}")).is_ok_and(|file| file.is_file()), "{file}");
    }
    let root = fs::read_to_string(format!("{folder}/../../Cargo.toml")).unwrap();
    assert!(root.contains("members = [") && root.contains("\"runtime/firmware\""), "{root}");
}

#[test]
fn two_programs_at_once_unpack_one_source() {
    let sandbox = machine();
    let start = |name: &str| installed(&sandbox, &FLASH.replace("pico.elf", name)).spawn().unwrap();
    let programs = [start("one.elf"), start("two.elf")];
    for mut program in programs {
        assert!(program.wait().unwrap().success());
    }
    let folders = built_in(&sandbox);
    assert_eq!((folders.len(), &folders[0]), (2, &folders[1]));
    let unpacked = sandbox.names("home/.cache/metaplastic").into_iter().filter(|name| !name.ends_with(".lock"));
    assert_eq!(unpacked.count(), 1);
}

#[test]
fn a_source_that_was_changed_and_a_cache_that_cannot_be_written_are_named() {
    let sandbox = machine();
    sandbox.command_succeeds(&mut installed(&sandbox, FLASH));
    let folder = built_in(&sandbox).remove(0);
    fs::write(format!("{folder}/src/lib.rs"), "changed").unwrap();
    let parts = ["runtime/firmware/src/lib.rs", "is not what this program has unpacked", "remove the folder"];
    sandbox.command_refuses(&mut installed(&sandbox, FLASH), &parts);
    let mut command = installed(&sandbox, FLASH);
    sandbox.command_refuses(command.env("METAPLASTIC_TOOLCHAIN_DIR", "network.plastic"), &["network.plastic"]);
}

/// The real tools. Its dependencies are those of the repository's own firmware, so that little is compiled.
#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh emulator"]
fn the_carried_source_makes_a_board_that_answers() {
    let (sandbox, cache) = (Sandbox::new(), tempfile::tempdir().unwrap());
    // Core libraries take a minute each: those of the user serve.
    let users = metaplastic_build::cache_folder().unwrap();
    for entry in fs::read_dir(users).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("sysroot-") {
            symlink(entry.path(), cache.path().join(entry.file_name())).unwrap();
        }
    }
    let mut command = sandbox.command("evaluate network.plastic --on emulator:mps2-an386 --episodes 2");
    command.env_remove("METAPLASTIC_FIRMWARE").env("METAPLASTIC_TOOLCHAIN_DIR", cache.path());
    command.env("CARGO_TARGET_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/../target"));
    let printed = sandbox.command_succeeds(&mut command);
    assert!(printed.text().contains("emulator:mps2-an386"), "{}", printed.text());
    let names: Vec<_> = fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().any(|name| name.to_string_lossy().starts_with("firmware-")), "{names:?}");
}
