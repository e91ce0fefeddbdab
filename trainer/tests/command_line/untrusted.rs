//! Files of someone who means harm: what is no file, names that would move the cursor, paths in an artifact.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::artifact::with_task;
use crate::one_shot::{EVALUATE, drawings, png, sandbox, trained, with_run};
use crate::sandbox::{NETWORK, Sandbox};

/// Clears the screen, turns the direction of writing, begins a line.
const HOSTILE: &str = "a\u{1b}[2J\u{202e}b\naccuracy    100.00 %";

/// Every command that opens a file, with `FILE` for its path.
const OPENING: [&str; 9] = [
    "inspect FILE",
    "evaluate FILE",
    "bench FILE --on host",
    "evaluate network.plastic --task FILE",
    "evaluate network.plastic --resume-state FILE",
    "evaluate one-shot.plastic --runs FILE",
    "evaluate one-shot.plastic --task task.toml --data FILE",
    "train FILE --out out",
    "flash FILE --board pico",
];

/// The command ends soon; its error.
fn fails_soon(sandbox: &Sandbox, arguments: &str) -> String {
    let mut command = sandbox.command(arguments);
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while process.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            process.kill().unwrap();
            panic!("{arguments}: still running");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    String::from_utf8(process.wait_with_output().unwrap().stderr).unwrap()
}

/// Nothing of a file moves the cursor, and no line but the first begins at its first column.
fn assert_harmless(text: &str) {
    let harmful = text.chars().find(|it| it.is_control() && *it != '\n' || *it == '\u{202e}');
    assert_eq!(harmful, None, "{text:?}");
    assert!(!text.contains("\naccuracy    100.00 %"), "{text}");
}

#[test]
fn only_regular_files_are_opened() {
    let sandbox = sandbox();
    let elsewhere = tempfile::tempdir().unwrap();
    let pipe = elsewhere.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    for command in OPENING {
        for path in [pipe, "/dev/zero"] {
            let error = fails_soon(&sandbox, &command.replace("FILE", path));
            let parts = [path, "a pipe, a device or a socket, not a regular file"];
            assert!(parts.iter().all(|part| error.contains(part)), "{command}: {error}");
        }
    }
}

#[test]
fn a_pipe_among_drawings_is_named() {
    let sandbox = sandbox();
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("Bars/character01");
    std::fs::create_dir_all(&folder).unwrap();
    assert!(Command::new("mkfifo").arg(folder.join("0001_01.png")).status().unwrap().success());
    let evaluate = EVALUATE.replace("--data data", &format!("--data {}", data.path().display()));
    let error = fails_soon(&sandbox, &evaluate);
    assert!(error.contains("0001_01.png: cannot be read: a pipe, a device or a socket"), "{error}");
}

#[test]
fn an_artifact_names_no_data() {
    let sandbox = sandbox();
    for (task, parameters) in [
        ("cue-association", "name = 'cue-association'\ndata = '/etc'"),
        ("one-shot", "name = 'one-shot'\ndata = '/etc'\nsource = 'omniglot'"),
    ] {
        sandbox.write("folder/network.plastic", with_task(&sandbox.path(NETWORK), task, parameters));
        for command in
            ["evaluate folder/network.plastic", "report folder", "bench folder/network.plastic --on host"]
        {
            sandbox.refuses(command, &["the artifact's own task parameters name data"]);
        }
    }
    sandbox.refuses("evaluate folder/network.plastic --runs data", &["own task parameters name data"]);
}

#[test]
fn no_name_in_a_file_moves_the_cursor() {
    let alphabets = sandbox();
    for (path, png) in drawings() {
        alphabets.write(&format!("data/{HOSTILE}{path}"), png);
    }
    let error = alphabets.command_fails(&mut alphabets.command(EVALUATE));
    assert_harmless(&error);
    assert!(error.contains("a\\u{1b}[2J\\u{202e}b\\naccuracy    100.00 %Bars"), "{error}");
    let picture = sandbox();
    picture.write(&format!("data/{HOSTILE}/character01/0001_01.png"), png(8, 8, 1));
    assert_harmless(&picture.command_fails(&mut picture.command(EVALUATE)));
    let file = Sandbox::new();
    file.write("bad.toml", format!("[task]\nname = 'a\u{202e}b'\n[{HOSTILE}"));
    for command in ["train bad.toml --out out", "evaluate network.plastic --task bad.toml"] {
        assert_harmless(&file.command_fails(&mut file.command(command)));
    }
    file.write(HOSTILE, "no artifact");
    assert_harmless(&file.command_fails(file.command("inspect").arg(HOSTILE)));
}

#[test]
fn no_name_of_a_run_moves_the_cursor() {
    let sandbox = with_run("run01/test/item01.png run01/training/class01.png\n");
    let runs = "evaluate one-shot.plastic --runs runs";
    std::fs::rename(sandbox.path("runs/run01"), sandbox.path(&format!("runs/{HOSTILE}"))).unwrap();
    let labels = "../test/item01.png ../training/class01.png\n";
    sandbox.write(&format!("runs/{HOSTILE}/class_labels.txt"), labels);
    assert_harmless(&sandbox.command_fails(&mut sandbox.command(runs)));
    std::fs::rename(sandbox.path(&format!("runs/{HOSTILE}")), sandbox.path("runs/run\u{202e}01")).unwrap();
    let labels = "run\u{202e}01/test/item01.png run\u{202e}01/training/class01.png\n";
    sandbox.write("runs/run\u{202e}01/class_labels.txt", labels);
    let printed = sandbox.succeeds(runs);
    assert!(!printed.text().contains('\u{202e}'));
    assert!(printed.text().contains("run\\u{202e}01"), "{}", printed.text());
    let printed = sandbox.succeeds(&format!("{runs} --json"));
    assert!(printed.text().is_ascii());
    assert_eq!(printed.json()["runs"][0]["name"], "run\u{202e}01");
}

#[test]
fn a_report_shows_what_a_summary_hides() {
    let sandbox = Sandbox::new();
    let summary = String::from_utf8(trained().read("out/summary.json")).unwrap();
    assert!(summary.contains("metaplastic train"));
    sandbox.write("out/network.plastic", trained().read("out/network.plastic"));
    sandbox.write("out/summary.json", summary.replace("metaplastic train", "metaplastic \u{202e}train"));
    sandbox.succeeds("report out");
    let page = String::from_utf8(sandbox.read("out/report.html")).unwrap();
    assert!(page.contains("metaplastic \\u{202e}train") && !page.contains('\u{202e}'));
}
