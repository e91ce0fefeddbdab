//! `metaplastic evaluate --save-state FILE` and `--resume-state FILE`.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::plastic_weights::PlasticWeights;
use metaplastic_host::state_file::StateFile;
use serde_json::Value;

use crate::artifact::with_task;
use crate::sandbox::{NETWORK, Sandbox};

fn evaluate(sandbox: &Sandbox, options: &str) -> Value {
    sandbox.succeeds(&format!("evaluate network.plastic --json --episodes 20 {options}")).json()
}

fn plastic_weights(sandbox: &Sandbox, file: &str) -> PlasticWeights {
    let artifact = ArtifactFile::read(&sandbox.path(NETWORK)).unwrap();
    StateFile::read(&sandbox.path(file), &artifact).unwrap().plastic_weights
}

#[test]
fn a_saved_state_is_resumed_and_saves_are_counted() {
    let sandbox = Sandbox::new();
    let born = evaluate(&sandbox, "--save-state first.state");
    assert_eq!(born, evaluate(&sandbox, ""));
    assert_eq!(born["resumed_save"], Value::Null);
    let resumed = evaluate(&sandbox, "--resume-state first.state --save-state second.state");
    assert_eq!(resumed["resumed_save"], 1);
    assert_ne!(resumed["state_hash"], born["state_hash"]);
    assert_eq!(evaluate(&sandbox, "--resume-state second.state")["resumed_save"], 2);
    // A file may be resumed and replaced at once.
    evaluate(&sandbox, "--resume-state first.state --save-state first.state");
    assert_eq!(sandbox.read("first.state"), sandbox.read("second.state"));
    assert_eq!(sandbox.read("first.state").len(), 10_276);
}

#[test]
fn every_episode_begins_with_the_resumed_state_on_any_number_of_threads() {
    let sandbox = Sandbox::new();
    evaluate(&sandbox, "--save-state learned.state");
    let printed = |threads: &str| {
        let mut command =
            sandbox.command("evaluate network.plastic --json --episodes 40 --resume-state learned.state");
        command.env("RAYON_NUM_THREADS", threads);
        sandbox.command_succeeds(&mut command).json()
    };
    assert_eq!(printed("1"), printed("3"));
}

#[test]
fn frozen_plastic_weights_stay_what_they_were_resumed_with() {
    let sandbox = Sandbox::new();
    evaluate(&sandbox, "--save-state learned.state");
    let zero = evaluate(&sandbox, "--freeze plasticity --save-state zero.state");
    let frozen = evaluate(&sandbox, "--freeze plasticity --resume-state learned.state --save-state still.state");
    let of = |file: &str| plastic_weights(&sandbox, file).projections().to_vec();
    assert_eq!(of("still.state"), of("learned.state"));
    let all_zero =
        |file: &str| plastic_weights(&sandbox, file).projections().iter().all(|(_, p)| p.iter().all(|p| *p == 0));
    assert!(all_zero("zero.state") && !all_zero("learned.state"));
    assert_ne!(zero["state_hash"], frozen["state_hash"]);
}

#[test]
fn in_words_it_says_what_it_began_with() {
    let sandbox = Sandbox::new();
    evaluate(&sandbox, "--save-state learned.state");
    let printed = sandbox.succeeds("evaluate network.plastic --episodes 4 --resume-state learned.state");
    assert!(printed.text().contains("begins with learned.state, save 1"), "{}", printed.text());
}

#[test]
fn what_is_no_state_of_this_network_is_refused() {
    let sandbox = Sandbox::new();
    evaluate(&sandbox, "--save-state learned.state");
    let whole = sandbox.read("learned.state");
    let changed = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        bytes
    };
    let cases: [(Vec<u8>, &str); 8] = [
        (Vec::new(), "0 bytes end before the record does"),
        (sandbox.read(NETWORK), "magic \"PLASTICP\""),
        (whole[..whole.len() - 1].to_vec(), "10275 bytes end before the record does"),
        ([&whole[..], b"more"].concat(), "4 bytes that are not erased behind the record's 10276"),
        (changed(8, 9), "format version 9, this program reads versions 1 to 2"),
        (changed(10, 3), "write unit 3"),
        (changed(5000, whole[5000] ^ 1), "CRC-32"),
        (changed(whole.len() - 8, 77), "save 77"),
    ];
    for (bytes, part) in cases {
        sandbox.write("bad.state", bytes);
        let parts = ["bad.state: not a usable state, `metaplastic evaluate --save-state` makes one", part];
        sandbox.refuses("evaluate network.plastic --resume-state bad.state --save-state new.state", &parts);
    }
    sandbox.refuses("evaluate network.plastic --resume-state missing.state", &["missing.state", "cannot be read"]);
}

#[test]
fn another_artifacts_state_is_refused_with_both_checksums() {
    let sandbox = Sandbox::new();
    evaluate(&sandbox, "--save-state learned.state");
    let parameters = "name = 'cue-association'\ncues = 3";
    sandbox.write("other.plastic", with_task(&sandbox.path(NETWORK), "cue-association", parameters));
    let checksum = |file: &str| {
        let file = ArtifactFile::read(&sandbox.path(file)).unwrap();
        format!("{:08x}", file.artifact().checksum())
    };
    let (theirs, ours) = (checksum(NETWORK), checksum("other.plastic"));
    sandbox.refuses("evaluate other.plastic --resume-state learned.state", &["learned.state", &theirs, &ours]);
}

#[test]
fn a_state_that_cannot_be_written_is_named() {
    let sandbox = Sandbox::new();
    let command = "evaluate network.plastic --episodes 1 --save-state nowhere/learned.state";
    sandbox.refuses(command, &["nowhere/learned.state", "cannot be written"]);
}
