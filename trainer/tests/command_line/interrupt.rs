//! Signals during `metaplastic train`. Most tests send SIGTERM: where tests run in the background of a shell, SIGINT is
//! ignored, and stays so.

use std::io::{BufRead, BufReader, PipeWriter, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::Sandbox;
use crate::trained::{OUT, arguments, training};

const FIRST_WORDS: &str = "stopping after this meta-step; interrupt again to end at once";

fn interrupt(process: &Child) {
    send("TERM", process);
}

fn send(signal: &str, process: &Child) {
    let status = Command::new("sh").args(["-c", &format!("kill -{signal} {}", process.id())]).status();
    assert!(status.unwrap().success());
}

/// Starts a training and waits until its table of metrics has some lines.
fn begin(sandbox: &Sandbox, arguments: &str, lines: usize) -> Child {
    begin_command(sandbox, sandbox.command(arguments), lines)
}

fn begin_command(sandbox: &Sandbox, mut command: Command, lines: usize) -> Child {
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
    assert!(said.contains("of 20; continue with `train --resume`"), "{said}");
    assert_eq!(sandbox.names(OUT), ["checkpoint", "metrics.csv"]);
    sandbox
        .refuses("evaluate out/network.plastic", &["out/network.plastic: there is no such file yet", "--resume"]);

    sandbox.succeeds(&(arguments(OUT) + " --resume"));
    assert_eq!(sandbox.names(OUT), whole.names(OUT));
    assert!(sandbox.read("out/network.plastic") == whole.read("out/network.plastic"));
    assert_eq!(figures(&sandbox), figures(whole));
}

/// The evaluation takes minutes.
#[test]
fn an_interrupt_behind_the_last_meta_step_says_what_was_kept_and_how_to_go_on() {
    let sandbox = Sandbox::new();
    let process = begin(&sandbox, &arguments(OUT).replace("--episodes 8", "--episodes 1000000"), 21);
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&process);
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(
        said.starts_with("interrupted: all meta-steps are done and in out/checkpoint; `train --resume`"),
        "{said}"
    );
    assert_eq!(sandbox.names(OUT), ["checkpoint", "metrics.csv"]);
    sandbox.succeeds(&(arguments(OUT) + " --resume"));
    assert!(sandbox.read("out/network.plastic") == training().sandbox.read("out/network.plastic"));
}

/// A state or a board with the artifact would not fit another.
#[test]
fn a_finished_training_keeps_its_artifact() {
    let sandbox = Sandbox::new();
    let files = ["checkpoint", "metrics.csv", "network.plastic", "report.html", "summary.json"];
    files
        .into_iter()
        .map(|file| format!("out/{file}"))
        .for_each(|file| sandbox.write(&file, training().sandbox.read(&file)));
    let resume = arguments(OUT) + " --resume";
    let parts = [
        "out/network.plastic: this training is finished, with figures of 8 episodes",
        "`metaplastic evaluate out/network.plastic --episodes 16`",
    ];
    sandbox.refuses(&resume.replace("--episodes 8", "--episodes 16"), &parts);
    sandbox.succeeds(&resume);
    assert!(sandbox.read("out/network.plastic") == training().sandbox.read("out/network.plastic"));
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
    assert_eq!(sandbox.names(OUT), ["checkpoint", "metrics.csv"]);
}

/// The process ends by itself within a minute; its status.
fn ends(process: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            return status.code();
        }
        if begun.elapsed() > Duration::from_secs(60) {
            process.kill().unwrap();
            panic!("the process does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A shell that sets its signals, then becomes the training.
fn under_shell(sandbox: &Sandbox, before: &str, arguments: &str) -> Command {
    let training = sandbox.command("");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{before}; exec {} {arguments}", training.get_program().display())]);
    shell.current_dir(sandbox.path("")).envs(training.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}

#[test]
fn an_ignored_hangup_stays_ignored_and_another_stops() {
    let sandbox = Sandbox::new();
    let ignoring = under_shell(&sandbox, "trap '' HUP", &arguments(OUT));
    let mut process = begin_command(&sandbox, ignoring, 3);
    send("HUP", &process);
    assert_eq!(ends(&mut process), Some(0));
    assert!(sandbox.read("out/network.plastic") == training().sandbox.read("out/network.plastic"));

    let sandbox = Sandbox::new();
    let mut process = begin(&sandbox, &arguments(OUT), 3);
    send("HUP", &process);
    assert_eq!(ends(&mut process), Some(1));
}

#[test]
fn a_message_that_nobody_reads_is_dropped() {
    let sandbox = Sandbox::new();
    let mut process = begin(&sandbox, &arguments(OUT), 3);
    drop(process.stderr.take());
    interrupt(&process);
    assert_eq!(ends(&mut process), Some(1));
    assert_eq!(sandbox.names(OUT), ["checkpoint", "metrics.csv"]);
    sandbox.succeeds(&(arguments(OUT) + " --resume"));
}

/// The pipe is full, and its reader does not read: writing the message waits for ever.
#[test]
fn a_second_signal_ends_a_program_whose_messages_wait() {
    let sandbox = Sandbox::new();
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut command = sandbox.command(&(arguments(OUT) + " --engine reference"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(writer.try_clone().unwrap());
    let mut process = command.spawn().unwrap();
    while !sandbox.path("out/metrics.csv").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    fill(&mut writer);
    interrupt(&process);
    std::thread::sleep(Duration::from_millis(200));
    interrupt(&process);
    assert_eq!(ends(&mut process), Some(130));
    drop(reader);
}

/// Writes until nothing is taken for a while.
fn fill(writer: &mut PipeWriter) {
    let mut full = writer.try_clone().unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        while full.write_all(&[b'.'; 512]).and_then(|()| sender.send(()).map_err(std::io::Error::other)).is_ok() {}
    });
    while receiver.recv_timeout(Duration::from_millis(200)).is_ok() {}
}
