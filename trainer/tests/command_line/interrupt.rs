//! SIGINT during `metaplastic train`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::sandbox::Sandbox;
use crate::trained::{OUT, arguments, training};

const FIRST_WORDS: &str = "stopping after this meta-step; interrupt again to end at once";

fn interrupt(process: &Child) {
    let status = Command::new("sh").args(["-c", &format!("kill -INT {}", process.id())]).status();
    assert!(status.unwrap().success());
}

/// Starts a training and waits until its table of metrics has some lines.
fn begin(sandbox: &Sandbox, arguments: &str, lines: usize) -> Child {
    let mut command = sandbox.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let enough = || {
        let metrics = std::fs::read_to_string(sandbox.path("out/metrics.csv"));
        metrics.is_ok_and(|metrics| metrics.lines().count() >= lines)
    };
    while !enough() {
        assert!(process.try_wait().unwrap().is_none(), "the training ended by itself");
        std::thread::sleep(Duration::from_millis(2));
    }
    process
}

/// The metrics but the time each meta-step took.
fn figures(sandbox: &Sandbox) -> Vec<String> {
    let metrics = String::from_utf8(sandbox.read("out/metrics.csv")).unwrap();
    metrics.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect()
}

#[test]
fn an_interrupted_training_resumes_to_the_same_bits() {
    let whole = &training().sandbox;
    let sandbox = Sandbox::new();
    let process = begin(&sandbox, &arguments(OUT), 3);
    interrupt(&process);
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: stopped after meta-step"), "{said}");
    assert!(said.contains("of 20; continue with --resume"), "{said}");
    assert_eq!(sandbox.names(OUT), ["checkpoint", "metrics.csv"]);

    sandbox.succeeds(&(arguments(OUT) + " --resume"));
    assert_eq!(sandbox.names(OUT), whole.names(OUT));
    assert!(sandbox.read("out/network.plastic") == whole.read("out/network.plastic"));
    assert_eq!(figures(&sandbox), figures(whole));
}

/// A meta-step of the reference engine takes long enough for a second interrupt.
#[test]
fn a_second_interrupt_ends_the_program_at_once() {
    let sandbox = Sandbox::new();
    let mut process = begin(&sandbox, &(arguments(OUT) + " --engine reference"), 1);
    interrupt(&process);
    let mut stderr = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert_eq!(line.trim_end(), FIRST_WORDS);
    interrupt(&process);
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!((process.wait().unwrap().code(), rest.as_str()), (Some(130), ""));
    assert_eq!(sandbox.names(OUT), ["metrics.csv"]);
}
