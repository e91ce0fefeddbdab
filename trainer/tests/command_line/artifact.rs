//! Artifacts that are whole but wrong, and every command that reads one.

use std::path::Path;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Manifest, VERSION};

use crate::sandbox::{NETWORK, Sandbox};

/// The same network, said to be made for another task.
pub(crate) fn with_task(path: &Path, task: &str, task_parameters: &str) -> Vec<u8> {
    let file = ArtifactFile::read(path).unwrap();
    let artifact = file.artifact();
    let manifest = Manifest { task, task_parameters, ..artifact.manifest().clone() };
    let contents = |wanted| {
        let (_, range) = artifact.sections(&artifact.manifest()).find(|(section, _)| *section == wanted).unwrap();
        &artifact.bytes()[range]
    };
    ArtifactFile::encode(&manifest, contents).unwrap().bytes().to_vec()
}

/// `evaluate`, `inspect` and `report` of an artifact all refuse it with these words.
fn refused_everywhere(sandbox: &Sandbox, parts: &[&str]) {
    for command in ["evaluate folder/network.plastic", "inspect folder/network.plastic", "report folder"] {
        sandbox.refuses(command, &[&["folder/network.plastic"], parts].concat());
    }
}

#[test]
fn a_damaged_artifact_is_refused_by_every_command() {
    let sandbox = Sandbox::new();
    let whole = sandbox.read(NETWORK);
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let length = whole.len();
    let of_length = |there_are: usize| format!("header says {length} bytes, there are {there_are}");
    let cases = [
        (b"[task]\nname = 'no artifact at all'".to_vec(), "magic".to_owned()),
        (Vec::new(), "too few".to_owned()),
        (whole[..length - 1].to_vec(), of_length(length - 1)),
        ([&whole[..], &[0]].concat(), of_length(length + 1)),
        (
            flipped(8),
            format!(
                "format version {}, this program reads version {VERSION} alone; train the network again",
                VERSION ^ 1
            ),
        ),
        (flipped(length / 2), "CRC-32".to_owned()),
    ];
    for (bytes, part) in cases {
        sandbox.write("folder/network.plastic", bytes);
        refused_everywhere(&sandbox, &["not a usable artifact, `metaplastic train` makes one", &part]);
    }
}

#[test]
fn an_artifact_of_another_task_is_refused_by_name() {
    let sandbox = Sandbox::new();
    let cases = [
        ("chess", "name = 'chess'", ["made for task \"chess\"", "it knows: cue-association"]),
        ("cue-association", "", ["task.name is missing", "one of: cue-association"]),
        ("cue-association", "name = 'chess'", ["task.name = \"chess\"", "one of: cue-association"]),
        ("cue-association", "name = 'cue-association'\nactions = 3", ["needs 76 input neurons", "has 72"]),
        ("cue-association", "name = 'cue-association'\ncues = 0", ["task.cues = 0", "1..=256"]),
    ];
    for (task, parameters, parts) in cases {
        sandbox.write("folder/network.plastic", with_task(&sandbox.path(NETWORK), task, parameters));
        for command in ["evaluate folder/network.plastic", "report folder"] {
            sandbox.refuses(command, &["folder/network.plastic", parts[0], parts[1]]);
        }
    }
}

#[test]
fn a_network_without_parameters_can_be_given_them() {
    let sandbox = Sandbox::new();
    sandbox.write("bare.plastic", with_task(&sandbox.path(NETWORK), "cue-association", ""));
    sandbox.write("task.toml", "[task]\nname = 'cue-association'");
    let hash = |arguments: &str| sandbox.succeeds(arguments).json()["state_hash"].clone();
    assert_eq!(
        hash("evaluate bare.plastic --task task.toml --episodes 4 --json"),
        hash("evaluate network.plastic --episodes 4 --json")
    );
}
