//! `metaplastic inspect`, and what all commands have in common.

use std::process::Stdio;

use crate::sandbox::{NETWORK, Sandbox};

#[test]
fn the_object_has_shape_rule_and_sizes() {
    let sandbox = Sandbox::new();
    let line = sandbox.succeeds("inspect network.plastic --json").json();
    assert_eq!(line["flash_bytes"], sandbox.read(NETWORK).len());
    assert_eq!((&line["task"], &line["plastic_synapses"]), (&"cue-association".into(), &5120.into()));
    let count = |key: &str| line[key].as_array().unwrap().len();
    assert_eq!((count("populations"), count("projections")), (4, 4));
    assert!(line["ram_bytes"].as_u64().unwrap() > 4 * 5120);
    assert!(line["training"]["chip_accuracy"].as_f64().unwrap() > 0.9);
}

#[test]
fn without_json_it_is_printed_in_words() {
    let printed = Sandbox::new().succeeds("inspect network.plastic");
    for part in [
        "task cue-association",
        "dead zone 0.200",
        "input>hidden",
        "E_ij =",
        "P_ij = clamp",
        "flash 7464 bytes",
        "RAM ",
    ] {
        assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
    }
}

/// The convolutional network of the decoder's seeds.
#[test]
fn convolutions_maps_and_graded_neurons_are_printed() {
    let sandbox = Sandbox::new();
    let seed = include_bytes!("../../../tests/fuzz/seeds/decode/convolution");
    sandbox.write("convolution.plastic", seed);
    let printed = sandbox.succeeds("inspect convolution.plastic");
    for part in [
        "convolution of 6x5x2, 3x3 windows, stride 2, padding 1, to 3x3 positions",
        "    90 weights, W i8 x 2^-6",
        "a bias for each of 5 channels",
        "graded, a_v 0.800",
    ] {
        assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
    }
    let json = sandbox.succeeds("inspect convolution.plastic --json").json();
    assert!(json["projections"][1]["convolution"].is_string() && json["projections"][0]["convolution"].is_null());
}

#[test]
fn a_missing_file_is_named() {
    let sandbox = Sandbox::new();
    sandbox.refuses("inspect missing.plastic", &["missing.plastic", "cannot be read"]);
    sandbox.refuses("inspect tools", &["tools: is a folder"]);
    sandbox.refuses("inspect", &["<FILE.plastic>"]);
}

#[test]
fn a_reader_who_goes_away_ends_a_command_quietly() {
    let sandbox = Sandbox::new();
    let commands = [
        "inspect network.plastic",
        "inspect network.plastic --json",
        "evaluate network.plastic",
        "evaluate network.plastic --json",
        "train cue-association --meta-steps 2 --episodes 4 --out out --quiet",
        "inspect --help",
    ];
    for arguments in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.command(arguments);
        command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.as_str()), (Some(0), ""), "{arguments}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command("inspect network.plastic");
    command.stdout(std::fs::File::create("/dev/full").unwrap());
    let error = sandbox.command_fails(&mut command);
    assert!(error.starts_with("error: standard output: No space left"), "{error}");
}

/// A line that is broken within a paragraph is almost full.
#[test]
fn no_help_wraps_badly() {
    let sandbox = Sandbox::new();
    for command in ["demo", "train", "evaluate", "bench", "flash", "inspect", "report"] {
        let help = sandbox.succeeds(&format!("{command} --help"));
        let lines: Vec<&str> = help.text().lines().collect();
        let end = lines.iter().position(|line| line.trim_start().starts_with("-h, --help")).unwrap();
        for pair in lines[end + 1..].windows(2) {
            let next_word = pair[1].split(' ').next().unwrap_or_default().len();
            let is_paragraph = !pair[0].is_empty() && next_word > 0 && !pair[0].ends_with(':');
            assert!(!is_paragraph || pair[0].len() + next_word >= 100, "{command}: {pair:?}");
        }
    }
}

#[test]
fn every_command_has_help_and_refuses_what_it_does_not_know() {
    let sandbox = Sandbox::new();
    for command in ["demo", "train", "evaluate", "inspect", "report"] {
        let help = sandbox.succeeds(&format!("{command} --help"));
        assert!(help.text().contains(&format!("Usage: metaplastic {command}")), "{}", help.text());
        sandbox.refuses(&format!("{command} --sing"), &["--sing"]);
    }
    assert!(sandbox.succeeds("evaluate --help").text().contains("METAPLASTIC_TIMEOUT_SECONDS"));
    sandbox.refuses("sing", &["sing"]);
}
