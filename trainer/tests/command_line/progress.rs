//! Progress bars: on a terminal, which is a pseudo-terminal here, and nowhere else.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::process::Stdio;

use serialport::{SerialPort, TTYPort};

use crate::sandbox::Sandbox;

/// What a command writes to a terminal as its standard error.
fn on_terminal(sandbox: &Sandbox, arguments: &str) -> String {
    let (mut terminal, host) = TTYPort::pair().unwrap();
    let end = File::options().read(true).write(true).open(host.name().unwrap()).unwrap();
    let mut command = sandbox.command(arguments);
    command.env("TERM", "xterm").env_remove("NO_COLOR").stdin(Stdio::null()).stdout(Stdio::null()).stderr(end);
    let mut process = command.spawn().unwrap();
    let mut written = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        // Asked for before reading: what was written by then is read.
        let ended = process.try_wait().unwrap();
        match terminal.read(&mut buffer) {
            Ok(count) => written.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::TimedOut && ended.is_none() => {}
            Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&written).into_owned();
    assert!(process.wait().unwrap().success(), "{text}");
    text
}

/// What it writes to a pipe.
fn in_a_pipe(sandbox: &Sandbox, arguments: &str) -> String {
    let output = sandbox.command(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_evaluation_shows_its_progress_on_a_terminal_alone() {
    let sandbox = Sandbox::new();
    for command in ["evaluate network.plastic --episodes 300", "evaluate network.plastic --episodes 300 --json"] {
        let text = on_terminal(&sandbox, command);
        assert!(text.contains("/300 episodes"), "{text:?}");
        assert_eq!(in_a_pipe(&sandbox, command), "");
    }
}

#[test]
fn a_training_shows_both_its_meta_steps_and_its_evaluation() {
    let sandbox = Sandbox::new();
    let train = "train cue-association --meta-steps 3 --episodes 200 --overwrite --out out";
    let text = on_terminal(&sandbox, train);
    // Five evaluations: in float before and after training, on the chip with and without each ablation.
    assert!(text.contains("loss ") && text.contains("/1000 episodes"), "{text:?}");
    assert_eq!(on_terminal(&sandbox, &format!("{train} --quiet")), "");
    // Nor is there a line before half a minute is over.
    assert_eq!(in_a_pipe(&sandbox, train), "");
}
