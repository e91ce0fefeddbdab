//! The task windows on the command line: data without Rust, what the controls reach, and what is said of data that are not as
//! they should be.

use std::fmt::Write;
use std::sync::OnceLock;

use crate::sandbox::Sandbox;

const TINY: &str = include_str!("windows-tiny.toml");
const DATA: &str = "--data data/waves.csv";

/// Six classes of ten windows of one channel, a sample a row; a class has a frequency.
fn long() -> String {
    let mut text = "window,label,level\n".to_owned();
    for (class, window) in (0..6).flat_map(|class| (0..10).map(move |window| (class, window))) {
        for time in 0..20 {
            let angle = f64::from(time * (class + 1)) * 0.3 + f64::from(window) * 0.01;
            writeln!(text, "{},wave-{class},{:.4}", 10 * class + window, angle.sin()).unwrap();
        }
    }
    text
}

/// A training of a tiny network, once for all tests.
fn trained() -> &'static Sandbox {
    static TRAINED: OnceLock<Sandbox> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let sandbox = Sandbox::new();
        sandbox.write("tiny.toml", TINY);
        sandbox.write("data/waves.csv", long());
        sandbox.succeeds(&format!("train tiny.toml {DATA} --out out --episodes 4 --quiet"));
        sandbox
    })
}

#[test]
fn controls_are_printed_beside_the_accuracy_of_the_network() {
    let command = format!("evaluate out/network.plastic {DATA} --episodes 20 --controls");
    let printed = trained().succeeds(&command);
    let names = ["nearest-euclidean", "nearest-dtw", "nearest-prototype"];
    for name in names {
        let line = printed.text().lines().find(|line| line.starts_with(name));
        assert!(line.is_some_and(|line| line.contains('%') && line.contains('(')), "{}", printed.text());
    }
    let line = trained().succeeds(&format!("{command} --json")).json();
    let controls = line["controls"].as_array().unwrap();
    assert_eq!(controls.iter().map(|control| control["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    for control in controls {
        assert_eq!(control["decisions"], 80);
        assert!(control["accuracy"].as_f64().unwrap() > 0.9, "the waves are far from each other: {control}");
        assert!(control["low"].as_f64() <= control["accuracy"].as_f64());
    }
}

#[test]
fn the_constants_of_training_travel_in_the_artifact() {
    let sandbox = trained();
    let text = String::from_utf8_lossy(&sandbox.read("out/network.plastic")).into_owned();
    assert!(text.contains("[[standardisation]]") && text.contains("held_out = [\"wave-4\", \"wave-5\"]"), "{text}");
    assert!(!text.contains("waves.csv"));
}

#[test]
fn what_the_network_was_trained_on_is_said() {
    let printed =
        trained().succeeds(&format!("evaluate out/network.plastic {DATA} --episodes 4 --held-out wave-0,wave-1"));
    assert!(printed.text().contains("trained on  wave-0, wave-1: not held out in training"), "{}", printed.text());
}

#[test]
fn faults_of_data_name_the_file_the_line_and_the_remedy() {
    let sandbox = Sandbox::new();
    sandbox.write("tiny.toml", TINY);
    let train = |data: &str, parts: &[&str]| sandbox.refuses(&format!("train tiny.toml {data} --out out"), parts);
    train("", &["task windows needs windows: pass --data PATH"]);
    train(
        "--data nothing",
        &["nothing: no file that ends in .ts, .csv, .npy or .npz, nor any whose name begins so"],
    );
    sandbox.write("bad.csv", "window,label,level\n1,a,0.5\n1,a,half\n");
    train("--data bad.csv", &["bad.csv:3:3: column level: \"half\" is not a number"]);
    sandbox.write("few.csv", "window,label,level\n1,a,0.5\n2,b,1\n3,c,1\n");
    train(
        "--data few.csv",
        &["test episodes of task.ways = 2 classes", "lower task.ways, task.shots or task.queries"],
    );
}
