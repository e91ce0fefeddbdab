//! The cases that broke in a user's hands, in the files that they broke with, where these are beside the repository.

use std::path::PathBuf;

use crate::one_shot::{EVALUATE, TASK, with_drawings};
use crate::sandbox::Sandbox;

/// The contents of a case's file; none where the cases are not there.
fn case(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases"));
    folder.is_dir().then(|| std::fs::read(folder.join(name)).unwrap())
}

/// An experiment without the list of frozen families, whose key had another name when the cases were written.
fn experiment(name: &str) -> Option<String> {
    let text = String::from_utf8(case(name)?).unwrap();
    Some(
        text.lines().filter(|line| !line.contains("families that keep their start")).collect::<Vec<_>>().join("\n"),
    )
}

#[test]
fn experiments_are_refused_by_key_and_value() {
    let cases: [(&str, &[&str]); 3] = [
        ("experiment-typo.toml", &["network.hidden", "line 44", "membran_decay", "`membrane_decay`"]),
        ("experiment-negsize.toml", &["network.hidden", "size", "-64"]),
        ("refractory-256.toml", &["network.hidden", "refractory", "256"]),
    ];
    for (name, parts) in cases {
        let Some(text) = experiment(name) else { return };
        let sandbox = Sandbox::new();
        sandbox.write("mine.toml", text);
        sandbox.refuses("train mine.toml --out out", &[&["mine.toml"], parts].concat());
    }
}

/// A drawing on nothing among drawings on white.
#[test]
fn a_transparent_drawing_is_read() {
    let Some(picture) = case("transparent.png") else { return };
    let sandbox = with_drawings();
    for (alphabet, characters) in [("Bars", 3), ("Posts", 4)] {
        for (number, drawer) in (1..=characters).flat_map(|number| [(number, 1), (number, 2)]) {
            let path = format!("data/{alphabet}/character{number:02}/{number:04}_{drawer:02}.png");
            sandbox.write(&path, &picture);
        }
    }
    sandbox.write("task.toml", TASK);
    assert!(sandbox.succeeds(EVALUATE).text().contains("12 in 4 unseen episodes"));
}

/// The script's commands: each is refused, and its input stays what it was.
#[test]
fn outputs_replace_no_inputs() {
    let Some(script) = case("overwrite.sh") else { return };
    let script = String::from_utf8(script).unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("n.plastic", sandbox.read("network.plastic"));
    let refused: Vec<_> = script.lines().filter(|line| line.starts_with("cp ")).collect();
    assert_eq!(refused.len(), 2, "{script}");
    for line in refused {
        let (_, command) = line.split_once("\"$mp\" ").unwrap();
        let (command, _) = command.split_once(';').unwrap();
        sandbox.refuses(command, &["n.plastic is the same file as FILE.plastic"]);
    }
}
