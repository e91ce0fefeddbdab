//! `metaplastic flash`. Fake tools stand for cargo and for probe-rs, so that neither a compiler for boards nor a
//! board is needed; what the real ones make is looked at in `metaplastic-tests`.

use std::process::Command;

use crate::sandbox::Sandbox;

/// Notes what it was asked for.
const BUILDER: &str = r#"echo "$METAPLASTIC_BOARD $(basename "$METAPLASTIC_ARTIFACT")" >../built"#;
/// Notes its arguments and the contents of the file that it is given, if it is.
const PROBE_RS: &str = r#"echo "$1 $2 $3 $4" >>probed; [ -z "$5" ] || cat "$5" >>probed"#;

/// A machine with a builder of firmware and, if there are lines for it, probe-rs.
fn machine(builder: &str, probe_rs: Option<&str>) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.builder(builder);
    if let Some(lines) = probe_rs {
        sandbox.tool("probe-rs", lines);
    }
    sandbox
}

fn flash(sandbox: &Sandbox, options: &str) -> Command {
    sandbox.command(&format!("flash network.plastic {options}"))
}

fn text(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.read(name)).unwrap()
}

#[test]
fn firmware_is_built_flashed_verified_and_started() {
    for (board, chip) in
        [("pico", "RP2040"), ("nrf52840-dk", "nRF52840_xxAA"), ("stm32f4-discovery", "STM32F407VGTx")]
    {
        let sandbox = machine(BUILDER, Some(PROBE_RS));
        let printed = sandbox.command_succeeds(&mut flash(&sandbox, &format!("--board {board}")));
        assert_eq!(text(&sandbox, "built"), format!("{board} network.plastic\n"));
        let probed = format!("download --chip {chip} --verify\nfirmware\nreset --chip {chip} \n");
        assert_eq!(text(&sandbox, "probed"), probed);
        assert!(printed.text().contains("evaluate network.plastic --on serial:PORT"), "{}", printed.text());
    }
}

#[test]
fn without_a_probe_the_firmware_goes_to_a_file() {
    let sandbox = machine(BUILDER, None);
    sandbox.command_succeeds(&mut flash(&sandbox, "--board pico --output pico.elf"));
    assert_eq!(text(&sandbox, "pico.elf"), "firmware\n");
    let mut command = flash(&sandbox, "--board pico --output missing/pico.elf");
    sandbox.command_refuses(&mut command, &["missing/pico.elf"]);
}

#[test]
fn boards_that_cannot_be_flashed_are_refused() {
    let sandbox = machine("exit 9", Some("exit 9"));
    let cases: [(&str, &[&str]); 3] = [
        ("--board abacus", &["--board", "'abacus'", "pico", "nrf52840-dk", "stm32f4-discovery"]),
        ("--board mps2-an386", &["'mps2-an386' is emulated", "evaluate network.plastic --on emulator:mps2-an386"]),
        ("", &["--board"]),
    ];
    for (options, parts) in cases {
        sandbox.command_refuses(&mut flash(&sandbox, options), parts);
    }
    sandbox.refuses("flash missing.plastic --board pico", &["missing.plastic", "cannot be read"]);
}

#[test]
fn without_probe_rs_it_says_where_to_get_it_and_how_to_do_without() {
    let sandbox = machine("", None);
    let mut command = flash(&sandbox, "--board pico");
    // Only the sandbox's tools.
    command.env("PATH", sandbox.path("tools"));
    sandbox.command_refuses(&mut command, &["probe-rs is not installed", "https://probe.rs", "--output"]);
}

#[test]
fn a_probe_that_fails_is_named_with_its_request() {
    let sandbox = machine("", Some("echo 'no probe was found' >&2; exit 1"));
    let parts = [
        "no probe was found",
        "probe-rs download --chip RP2040",
        "failed",
        "connected",
        "PROBE_RS_PROBE",
        "probe-rs list",
    ];
    sandbox.command_refuses(&mut flash(&sandbox, "--board pico"), &parts);
}

#[test]
fn a_network_that_is_too_large_is_refused_with_need_and_limit() {
    let overflow = |region: &str| {
        format!(
            "echo \"ld.lld: error: section '.a' will not fit in region '{region}': overflowed by 100 bytes\" >&2; \
             echo \"ld.lld: error: section '.b' will not fit in region '{region}': overflowed by 1000 bytes\" >&2; \
             exit 1"
        )
    };
    let cases = [("RAM", "254952 bytes of RAM", "253952"), ("FLASH", "2098152 bytes of flash", "2097152")];
    for (region, need, limit) in cases {
        let sandbox = machine(&overflow(region), Some("exit 9"));
        let parts = ["network.plastic", "'pico'", need, limit];
        sandbox.command_refuses(&mut flash(&sandbox, "--board pico"), &parts);
    }
}

#[test]
fn a_builder_that_fails_is_reported_with_its_words() {
    let sandbox = machine("echo 'no such chip' >&2; exit 1", Some("exit 9"));
    sandbox.command_refuses(&mut flash(&sandbox, "--board pico"), &["network.plastic", "no such chip"]);
}
