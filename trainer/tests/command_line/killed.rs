//! SIGKILL at any moment: what is there afterwards is whole, and the next run finishes it and leaves no litter.
//!
//! `METAPLASTIC_KILLS` sets how many moments of each kind are tried.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::{NETWORK, Sandbox};

const EXPERIMENT: &str = include_str!("../../task/experiments/cue-association.toml");
const TRAIN: &str = "train tiny.toml --meta-steps 120 --episodes 4 --quiet --out out";
const SAVE: &str = "evaluate network.plastic --episodes 1 --save-state out/state";
const FILES: [&str; 5] = ["checkpoint", "metrics.csv", "network.plastic", "report.html", "summary.json"];
const DEFAULT_KILLS: u64 = 10;

fn kills() -> u64 {
    let kills = std::env::var("METAPLASTIC_KILLS").ok();
    kills.map_or(DEFAULT_KILLS, |kills| kills.parse().expect("METAPLASTIC_KILLS is a number"))
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    // So little work that files are written during a good part of the time.
    sandbox.write("tiny.toml", EXPERIMENT.replace("cues = 4 ", "cues = 2 ").replace("batch = 32", "batch = 1"));
    std::fs::create_dir(sandbox.path("out")).unwrap();
    sandbox
}

/// The part of the whole, 0 to 1, at which a kill comes: the same in every run, spread evenly (a golden ratio sequence).
fn moment(kill: u64) -> f64 {
    (kill as f64 * 0.618_033_988_749_895).fract()
}

/// Starts a command and kills it after a while; whether it was killed before its end.
fn kill_after(mut command: Command, delay: Duration) -> bool {
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    process.kill().unwrap();
    process.wait().unwrap().code().is_none()
}

fn duration(mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

#[test]
fn a_training_killed_at_any_moment_ends_with_the_same_network() {
    let whole = sandbox();
    let length = duration(|| drop(whole.succeeds(TRAIN)));
    let network = whole.read("out/network.plastic");
    let mut killed = 0;
    for kill in 0..kills() {
        let sandbox = sandbox();
        killed += u64::from(kill_after(sandbox.command(TRAIN), length.mul_f64(moment(kill))));
        // Before its first checkpoint, a training has nothing to resume.
        let resume = if sandbox.path("out/checkpoint").exists() { " --resume" } else { "" };
        sandbox.succeeds(&format!("{TRAIN}{resume}"));
        assert!(sandbox.read("out/network.plastic") == network, "kill {kill}");
        assert_eq!(sandbox.names("out"), FILES, "kill {kill}");
    }
    println!("{killed} of {} trainings of {length:?} were killed before their end", kills());
    assert!(2 * killed >= kills(), "{killed}");
}

#[test]
fn a_save_killed_at_any_moment_leaves_a_whole_state() {
    let sandbox = sandbox();
    let length = duration(|| drop(sandbox.succeeds(SAVE)));
    let state = sandbox.read("out/state");
    let mut killed = 0;
    for kill in 0..kills() {
        killed += u64::from(kill_after(sandbox.command(SAVE), length.mul_f64(moment(kill))));
        assert!(sandbox.read("out/state") == state, "kill {kill}");
    }
    println!("{killed} of {} saves of {length:?} were killed before their end", kills());
    sandbox.succeeds(&format!("{SAVE} --resume-state out/state"));
    assert_eq!(sandbox.names("out"), ["state"]);
    assert!(sandbox.path(NETWORK).exists());
}
