//! The folder of a training: of one training, written by one process, under any name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use crate::sandbox::Sandbox;
use crate::trained::{OUT, arguments, training};

const SHORT: &str = "train cue-association --meta-steps 2 --episodes 4 --quiet --out out";
const FILES: [&str; 5] = ["checkpoint", "metrics.csv", "network.plastic", "report.html", "summary.json"];

#[test]
fn a_training_is_replaced_only_by_overwrite() {
    let sandbox = Sandbox::new();
    sandbox.succeeds(SHORT);
    let network = sandbox.read("out/network.plastic");
    let parts = ["out: has files of a training", "continue it with `train --resume`, replace it with --overwrite"];
    sandbox.refuses(&format!("{SHORT} --seed 7"), &parts);
    sandbox.refuses("demo --out out", &parts);
    sandbox.succeeds(&format!("{SHORT} --seed 7 --overwrite"));
    assert!(sandbox.read("out/network.plastic") != network);
    sandbox.succeeds(&format!("{SHORT} --overwrite"));
    assert!(sandbox.read("out/network.plastic") == network);
    assert_eq!(sandbox.names(OUT), FILES);
    sandbox.refuses(&format!("{SHORT} --overwrite --resume"), &["--overwrite", "--resume", "cannot be used"]);
}

#[test]
fn an_interrupted_training_is_not_lost_by_the_same_command() {
    let sandbox = Sandbox::new();
    sandbox.write("out/checkpoint", training().sandbox.read("out/checkpoint"));
    sandbox.refuses(&arguments(OUT), &["out: has files of a training (checkpoint)", "--resume", "--overwrite"]);
    sandbox.write("artifact/network.plastic", "");
    let alone = SHORT.replace("out out", "out artifact");
    sandbox.refuses(&alone, &["(network.plastic); replace it with --overwrite, or choose another folder"]);
}

#[test]
fn a_training_that_replaces_another_leaves_nothing_of_it() {
    let sandbox = Sandbox::new();
    FILES
        .iter()
        .for_each(|file| sandbox.write(&format!("out/{file}"), training().sandbox.read(&format!("out/{file}"))));
    sandbox.write("out/notes", "mine");
    let mut command = sandbox.command(&(arguments(OUT) + " --overwrite --engine reference"));
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while sandbox.path("out/report.html").exists() || !sandbox.path("out/metrics.csv").exists() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(sandbox.names(OUT), ["checkpoint", "metrics.csv", "notes"]);
    sandbox.refuses("report out", &["there is no network.plastic"]);
}

#[test]
fn one_training_at_a_time_writes_into_a_folder() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("out")).unwrap();
    let other = File::open(sandbox.path("out")).unwrap();
    other.try_lock().unwrap();
    for option in ["", " --resume", " --overwrite"] {
        sandbox.refuses(&format!("{SHORT}{option}"), &["out: another training is writing into this folder"]);
    }
    drop(other);
    sandbox.succeeds(SHORT);
}

#[test]
fn temporary_files_of_a_killed_training_are_removed_by_the_next() {
    let sandbox = Sandbox::new();
    for file in FILES {
        sandbox.write(&format!("out/.{file}.aB3dE6.tmp"), "part");
    }
    sandbox.succeeds(SHORT);
    assert_eq!(sandbox.names(OUT), FILES);
}

/// Names are the system's strings, in arguments and in what a file says of them.
#[test]
fn names_need_not_be_utf_8() {
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"f\xf6lder");
    let path = |file: &str| [name, OsStr::new(file)].join(OsStr::new("/"));
    std::fs::create_dir(sandbox.path("").join(name)).unwrap();
    let experiment = include_str!("../../task/experiments/cue-association.toml");
    std::fs::write(sandbox.path("").join(path("mine.toml")), experiment).unwrap();
    let run = |words: &[&OsStr]| {
        let mut command = sandbox.command("");
        sandbox.command_succeeds(command.args(words)).text().to_owned()
    };
    let word = OsStr::new;
    let options = "--meta-steps 2 --episodes 4 --quiet --out".split(' ').map(word);
    let train: Vec<&OsStr> = [word("train")].into_iter().chain(options).collect();
    let (mine, out) = (path("mine.toml"), path("out"));
    run(&[&train[..], &[&out, &mine]].concat());
    let network: OsString = [&*out, word("network.plastic")].join(word("/"));
    run(&[word("evaluate"), &network, word("--episodes"), word("2"), word("--save-state"), &path("state")]);
    run(&[word("evaluate"), &network, word("--episodes"), word("2"), word("--float"), &mine]);
    run(&[word("report"), &out]);
}

/// What is told comes after what is written.
#[test]
fn a_reader_that_goes_away_loses_no_network() {
    for command in [SHORT, "demo --out out --meta-steps 2 --episodes 4 --quiet"] {
        let sandbox = Sandbox::new();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.command_without_tools(command);
        command.stdin(Stdio::null()).stdout(writer.try_clone().unwrap()).stderr(writer);
        assert_eq!(command.status().unwrap().code(), Some(0), "{command:?}");
        assert_eq!(sandbox.names(OUT), FILES);
    }
}

#[test]
fn an_error_that_nobody_reads_is_an_error() {
    let sandbox = Sandbox::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command("inspect missing.plastic");
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    assert_eq!(command.status().unwrap().code(), Some(1));
}

/// A demo in its own folder replaces the one before.
#[test]
fn a_second_demo_replaces_the_first() {
    let sandbox = Sandbox::new();
    for _ in 0..2 {
        let mut command = sandbox.command_without_tools("demo --meta-steps 2 --episodes 4 --quiet");
        sandbox.command_succeeds(&mut command);
    }
    assert_eq!(sandbox.names("runs/demo"), FILES);
}

#[test]
fn more_threads_than_the_machine_has_are_not_started() {
    let sandbox = Sandbox::new();
    sandbox.command_succeeds(sandbox.command(SHORT).env("RAYON_NUM_THREADS", "100000"));
}
