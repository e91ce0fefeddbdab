//! `metaplastic evaluate --on emulator:MACHINE` where the emulator or the firmware is missing, fails or hangs. Fake
//! tools stand for both, so that no emulator is needed; what real ones do is tested in `metaplastic-tests`.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::sandbox::Sandbox;

const EVALUATE: &str = "evaluate network.plastic --on emulator:mps2-an386 --episodes 1";

/// A command that builds firmware with `build` and runs it with `emulate`, both lines of a shell script.
fn command(sandbox: &Sandbox, build: &str, emulate: &str) -> Command {
    sandbox.builder(build);
    sandbox.tool("qemu-system-arm", &format!("[ \"$1\" = --version ] && exit 0\n{emulate}"));
    let mut command = sandbox.command(EVALUATE);
    command.env("METAPLASTIC_TIMEOUT_SECONDS", "1");
    command
}

fn refuses(build: &str, emulate: &str, parts: &[&str]) {
    let sandbox = Sandbox::new();
    sandbox.command_refuses(&mut command(&sandbox, build, emulate), parts);
}

#[test]
fn without_an_emulator_it_says_what_installs_one() {
    let sandbox = Sandbox::new();
    let parts = ["qemu-system-arm is not installed", "apt-get install qemu-system-arm", "tests/run.sh setup"];
    sandbox.command_refuses(&mut sandbox.command_without_tools(EVALUATE), &parts);
}

#[test]
fn firmware_that_hangs_is_given_up() {
    refuses(":", "exec sleep 60", &["no answer within 1 seconds", "hangs", "METAPLASTIC_TIMEOUT_SECONDS"]);
}

#[test]
fn firmware_that_ends_is_reported_with_its_last_words() {
    refuses(":", "echo 'the board is on fire' >&2; exit 1", &["the stream ended", "the board is on fire"]);
    refuses(":", "exit 0", &["the stream ended", "nothing"]);
}

#[test]
fn firmware_that_talks_nonsense_is_refused() {
    refuses(":", "printf 'hello\\0'; exec sleep 60", &["no answer within 1 seconds, but 6 bytes arrived", "hello"]);
}

#[test]
fn firmware_that_cannot_be_built_is_reported_with_the_builders_words() {
    refuses("echo 'no such chip' >&2; exit 1", "exit 0", &["could not be built", "no such chip"]);
}

#[test]
fn a_missing_core_library_is_named_with_what_installs_one() {
    let sandbox = Sandbox::new();
    let mut command = command(&sandbox, ":", "exit 0");
    sandbox.tool("rustc", "exit 1");
    let parts = ["no core library for thumbv7em-none-eabihf", "rustup target add", "tests/run.sh setup"];
    sandbox.command_refuses(command.env("METAPLASTIC_RUSTC", "nowhere/rustc"), &parts);
}

#[test]
fn missing_firmware_and_a_missing_temporary_folder_are_named() {
    let sandbox = Sandbox::new();
    let mut command = command(&sandbox, ":", "exit 0");
    let parts = ["nowhere: the firmware's source is not there", "METAPLASTIC_FIRMWARE", "runtime/firmware"];
    sandbox.command_refuses(command.env("METAPLASTIC_FIRMWARE", "nowhere"), &parts);
    // The Pico's emulator is a script beside the firmware.
    let mut pico = sandbox.command(&EVALUATE.replace("mps2-an386", "pico"));
    sandbox.command_refuses(pico.env("METAPLASTIC_FIRMWARE", "nowhere"), &parts);
    command.env("METAPLASTIC_FIRMWARE", sandbox.path("firmware"));
    sandbox.command_refuses(command.env("TMPDIR", "network.plastic/tmp"), &["network.plastic/tmp"]);
}

/// Before the firmware answers there is a file of it.
#[test]
fn a_signal_leaves_no_temporary_files() {
    for (signal, number) in [("TERM", 15), ("HUP", 1)] {
        let sandbox = Sandbox::new();
        let mut command = command(&sandbox, ":", "exec sleep 60");
        command.env("METAPLASTIC_TIMEOUT_SECONDS", "50").stderr(std::process::Stdio::null());
        let mut process = command.spawn().unwrap();
        let elf = || {
            sandbox.names("tmp").iter().any(|folder| sandbox.path(&format!("tmp/{folder}/firmware.elf")).exists())
        };
        while !elf() {
            assert!(process.try_wait().unwrap().is_none(), "the evaluation ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let status = Command::new("sh").args(["-c", &format!("kill -{signal} {}", process.id())]).status();
        assert!(status.unwrap().success());
        assert_eq!(process.wait().unwrap().signal(), Some(number));
        assert_eq!(sandbox.names("tmp"), [""; 0]);
    }
}

#[test]
fn the_timeout_has_its_limits() {
    let sandbox = Sandbox::new();
    for value in ["0", "-1", "soon", "3601"] {
        let mut command = command(&sandbox, ":", "exit 0");
        command.env("METAPLASTIC_TIMEOUT_SECONDS", value);
        sandbox.command_refuses(&mut command, &["METAPLASTIC_TIMEOUT_SECONDS", value, "1..=3600"]);
    }
}
