//! `metaplastic demo`, too short to learn much, on a machine without an emulator.

use crate::sandbox::Sandbox;

#[test]
fn without_an_emulator_the_demo_goes_on_and_says_what_to_install() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command_without_tools("demo --meta-steps 2 --episodes 8");
    let printed = sandbox.command_succeeds(&mut command);
    let parts = [
        "64 lifetimes of 180 steps",
        "P frozen at zero",
        "third factor frozen at one",
        "skipped: qemu-system-arm is not installed; `apt-get install qemu-system-arm` installs it",
        "Report: runs/demo/report.html",
    ];
    for part in parts {
        assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
    }
    let files = ["checkpoint", "metrics.csv", "network.plastic", "report.html", "summary.json"];
    assert_eq!(sandbox.names("runs/demo"), files);
}

/// As where the program was installed, and the repository is elsewhere.
#[test]
fn without_the_firmwares_source_the_demo_goes_on_and_says_where_to_point() {
    let sandbox = Sandbox::new();
    sandbox.tool("qemu-system-arm", "exit 0");
    let mut command = sandbox.command("demo --meta-steps 2 --episodes 8");
    let printed = sandbox.command_succeeds(command.env("METAPLASTIC_FIRMWARE", "nowhere"));
    let parts = ["skipped: nowhere: the firmware's source is not there", "METAPLASTIC_FIRMWARE", "Report: "];
    parts.iter().for_each(|part| assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text()));
    sandbox.builder("");
    std::fs::remove_file(sandbox.path("tools/cargo")).unwrap();
    let mut command = sandbox.command_without_tools("demo --meta-steps 2 --episodes 8");
    let printed = sandbox.command_succeeds(&mut command);
    assert!(printed.text().contains("skipped: cargo is not installed"), "{}", printed.text());
}

#[test]
fn bad_arguments_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 4] = [
        ("--episodes 0", &["--episodes", "1..=10000000"]),
        ("--meta-steps 0", &["--meta-steps", "'0' for '--meta-steps", "1..=1000000"]),
        ("--out network.plastic", &["network.plastic", "choose a folder that can be written to"]),
        ("--out network.plastic/out", &["network.plastic/out", "choose a folder that can be written to"]),
    ];
    for (arguments, parts) in cases {
        sandbox.refuses(&format!("demo {arguments}"), parts);
    }
}
