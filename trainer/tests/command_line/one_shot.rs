//! The task one-shot on the command line: what its training leaves, and what is said of data that are not as they
//! should be. The drawings of these tests are dots and bars, in files as Omniglot's.

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::artifact::with_task;
use crate::sandbox::Sandbox;

pub(crate) const TINY: &str = include_str!("one-shot-tiny.toml");
/// Takes drawings from files, and asks for those of one alphabet.
pub(crate) const TASK: &str =
    "[task]\nname = 'one-shot'\nways = 3\nlabels = 3\nsize = 16\nsteps = 2\nheld_out = ['Bars']\n";
pub(crate) const EVALUATE: &str = "evaluate one-shot.plastic --task task.toml --data data --episodes 4";

/// A training of the tiny network, once for all tests.
pub(crate) fn trained() -> &'static Sandbox {
    static TRAINED: OnceLock<Sandbox> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let sandbox = Sandbox::new();
        sandbox.write("tiny.toml", TINY);
        sandbox.succeeds("train tiny.toml --out out --episodes 4 --quiet");
        sandbox
    })
}

/// With the tiny network, [`TASK`] and nothing in `data`.
pub(crate) fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("one-shot.plastic", trained().read("out/network.plastic"));
    sandbox.write("task.toml", TASK);
    std::fs::create_dir(sandbox.path("data")).unwrap();
    sandbox
}

/// A white picture with black columns from `first` on.
pub(crate) fn png(width: u32, height: u32, first: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let is_black = |at: u32| (first..first + 3).contains(&(at % width));
    let pixels: Vec<u8> = (0..width * height).map(|at| if is_black(at) { 0 } else { 255 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

/// Paths and pictures of two alphabets, of three and of four characters, each drawn twice.
pub(crate) fn drawings() -> Vec<(String, Vec<u8>)> {
    let alphabets = [("Bars", 3_u32), ("Posts", 4)];
    let characters = alphabets.into_iter().flat_map(|(name, count)| (1..=count).map(move |number| (name, number)));
    let drawings = characters.flat_map(|(name, number)| (1..=2).map(move |drawer| (name, number, drawer)));
    let file = |(name, number, drawer): (&str, u32, u32)| {
        let path = format!("{name}/character{number:02}/{number:04}_{drawer:02}.png");
        (path, png(16, 16, 3 * number + drawer))
    };
    drawings.map(file).collect()
}

pub(crate) fn with_drawings() -> Sandbox {
    let sandbox = sandbox();
    drawings().into_iter().for_each(|(path, png)| sandbox.write(&format!("data/{path}"), png));
    sandbox
}

pub(crate) fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// One run of two classes and one item, in `runs`.
pub(crate) fn with_run(labels: &str) -> Sandbox {
    let sandbox = sandbox();
    for (name, first) in [("training/class01", 2), ("training/class02", 9), ("test/item01", 3)] {
        sandbox.write(&format!("runs/run01/{name}.png"), png(16, 16, first));
    }
    sandbox.write("runs/run01/class_labels.txt", labels);
    sandbox
}

#[test]
fn a_training_leaves_a_report_in_pictures() {
    let page = String::from_utf8(trained().read("out/report.html")).unwrap();
    for part in [
        "One episode in pictures: support, then query",
        "features&gt;output: P onto each class",
        "features&gt;output: 4 x 4 positions as on the picture, in each one cell for each of its 4 channels",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn a_folder_and_a_zip_of_it_give_the_same_figures() {
    let folder = with_drawings();
    let printed = folder.succeeds(EVALUATE).text().to_owned();
    let zip = sandbox();
    zip.write("data/images.zip", zipped(&drawings()));
    assert_eq!(zip.succeeds(EVALUATE).text(), printed);
    assert!(printed.contains("12 in 4 unseen episodes"), "{printed}");
}

/// A training on drawings goes on with the same drawings only, wherever they are.
#[test]
fn a_training_is_resumed_with_the_same_drawings() {
    let sandbox = with_drawings();
    sandbox.write("tiny.toml", TINY.replace("source = \"synthetic\"", "held_out = [\"Bars\"]"));
    let train = "train tiny.toml --out out --episodes 4 --quiet --data";
    sandbox.succeeds(&format!("{train} data"));
    sandbox.write("elsewhere/images.zip", zipped(&drawings()));
    sandbox.succeeds(&format!("{train} elsewhere --resume"));
    sandbox.write("data/Posts/character01/0001_01.png", png(16, 16, 1));
    sandbox
        .refuses(&format!("{train} data --resume"), &["another training: data was fingerprint", "now fingerprint"]);
}

#[test]
fn another_source_has_its_own_alphabets() {
    let sandbox = with_drawings();
    let own = sandbox.succeeds("evaluate one-shot.plastic --episodes 4").text().to_owned();
    let other = "evaluate one-shot.plastic --task task.toml --episodes 4 --source";
    assert_eq!(sandbox.succeeds(&format!("{other} synthetic")).text(), own);
    sandbox.refuses(
        &format!("{other} synthetic --held-out Bars"),
        &["--held-out, --source: ", "\"Bars\"", "Synthetic_10"],
    );
    sandbox.refuses(&format!("{other} omniglot --data data"), &["no alphabet \"Sanskrit\"", "Bars, Posts"]);
    sandbox.succeeds(&format!("{other} omniglot --held-out Bars --data data"));
}

/// A network is not tested on what it was trained on without a word.
#[test]
fn alphabets_of_the_training_are_distinguished_from_unseen_ones() {
    let sandbox = with_drawings();
    let printed = sandbox.succeeds("evaluate one-shot.plastic --episodes 4 --held-out Synthetic_01,Synthetic_10");
    assert!(printed.text().contains("trained on  Synthetic_01: not held out in training"), "{}", printed.text());
    assert!(printed.text().contains("in 4 episodes, of classes that are not all unseen"), "{}", printed.text());
    let unseen = sandbox.succeeds("evaluate one-shot.plastic --episodes 4 --held-out Synthetic_10");
    assert!(!unseen.text().contains("trained on"), "{}", unseen.text());
    // The training had no alphabet of this source.
    let trained_on =
        |options: &str| sandbox.succeeds(&format!("{EVALUATE} --json {options}")).json()["trained_on"].clone();
    assert_eq!(trained_on("--held-out Posts"), serde_json::json!([]));
    let parameters = "name = 'one-shot'\nways = 3\nlabels = 3\nsize = 16\nsteps = 2\nheld_out = ['Bars']";
    let network = sandbox.path("one-shot.plastic");
    sandbox.write("one-shot.plastic", with_task(&network, "one-shot", parameters));
    assert_eq!(trained_on(""), serde_json::json!([]));
    assert_eq!(trained_on("--held-out Bars,Posts"), serde_json::json!(["Posts"]));
}

/// As where one of Omniglot's two small zips is missing.
#[test]
fn a_training_says_which_alphabets_for_test_the_data_lack() {
    let sandbox = Sandbox::new();
    let note = |alphabet: &str| {
        drawings().into_iter().for_each(|(path, png)| {
            sandbox.write(&format!("{alphabet}/{}", path.replace("Bars", alphabet)), png);
        });
        sandbox.write("tiny.toml", TINY.replace("source = \"synthetic\"", "source = \"omniglot\""));
        let train = format!("train tiny.toml --out out --overwrite --episodes 4 --quiet --data {alphabet}");
        String::from_utf8(sandbox.command(&train).output().unwrap().stderr).unwrap()
    };
    let said = note("Sanskrit");
    let parts = "note: of the alphabets that are held out by default, the data lack Early_Aramaic; test episodes are of Sanskrit.";
    assert!(said.starts_with(parts), "{said}");
    assert!(note("Bars").contains("the data lack Sanskrit, Early_Aramaic; test episodes are of Posts."));
}

#[test]
fn missing_data_are_requested_and_data_that_nothing_reads_refused() {
    let sandbox = sandbox();
    let cases: [(&str, &[&str]); 6] = [
        ("train one-shot-small --out out", &["one-shot-small: ", "pass --data DIR", "images_background.zip"]),
        ("train one-shot-large --out out --data nowhere", &["one-shot-large: nowhere: cannot be read"]),
        ("train one-shot-small --out out --data data", &["data: no alphabets", "ALPHABET/characterNN/NNNN_DD.png"]),
        (
            "evaluate one-shot.plastic --task task.toml",
            &["one-shot.plastic, task.toml: ", "pass --data DIR", "; or take synthetic ones: --source synthetic"],
        ),
        ("evaluate one-shot.plastic --data data", &["task.source = \"synthetic\" reads no drawings"]),
        ("evaluate network.plastic --data data", &["--data data: task cue-association reads no data"]),
    ];
    for (arguments, parts) in cases {
        sandbox.refuses(arguments, parts);
    }
}

/// A command names no option that it does not have.
#[test]
fn a_report_and_a_benchmark_without_the_data_ask_for_them_alone() {
    let sandbox = sandbox();
    let network = sandbox.path("one-shot.plastic");
    let parameters = "name = 'one-shot'\nways = 3\nlabels = 3\nsize = 16\nsteps = 2\nheld_out = ['Bars']";
    sandbox.write("folder/network.plastic", with_task(&network, "one-shot", parameters));
    for command in ["report folder", "bench folder/network.plastic --on emulator:mps2-an386"] {
        let error = sandbox.command_fails(&mut sandbox.command(command));
        assert!(error.contains("folder/network.plastic: task one-shot needs drawings: pass --data DIR"), "{error}");
        assert!(!error.contains("--source"), "{error}");
    }
}

#[test]
fn a_zip_that_is_not_whole_is_named() {
    let sandbox = sandbox();
    let whole = zipped(&drawings());
    let mut flipped = whole.clone();
    // Within the first picture: a file's name, which stands before it, ends with this.
    let data = whole.windows(4).position(|bytes| bytes == b".png").unwrap() + 20;
    flipped[data] ^= 0x55;
    for (bytes, parts) in [
        (b"PK, but no zip".to_vec(), ["data/images.zip: not a whole zip", "fetch it again"]),
        (whole[..whole.len() / 2].to_vec(), ["data/images.zip: not a whole zip", "fetch it again"]),
        (flipped, ["data/images.zip: Bars/character01/0001_01.png: damaged", "fetch the zip again"]),
    ] {
        sandbox.write("data/images.zip", bytes);
        sandbox.refuses(EVALUATE, &parts);
    }
}

#[test]
fn a_picture_that_is_no_drawing_is_named_with_its_size() {
    let path = "data/Posts/character02/0002_02.png";
    let said = "data: Posts/character02/0002_02.png: ";
    for (picture, part) in [
        (png(16, 20, 1), "16 x 20 pixels; a drawing is a square of 16 to 256 pixels a side"),
        (png(8, 8, 1), "8 x 8 pixels; a drawing is a square of 16 to 256 pixels a side"),
        (png(300, 300, 1), "300 x 300 pixels; a drawing is a square of 16 to 256 pixels a side"),
        (png(32, 32, 1), "32 pixels a side, the drawings before it have 16; all must be of one size"),
        (b"GIF89a".to_vec(), "not a whole PNG"),
    ] {
        let sandbox = with_drawings();
        sandbox.write(path, picture);
        sandbox.refuses(EVALUATE, &[&format!("{said}{part}")]);
    }
}

#[test]
fn alphabets_have_to_be_there_and_large_enough() {
    let sandbox = with_drawings();
    let cases: [(&str, &[&str]); 5] = [
        (
            "held_out = ['Sanskrit']",
            &["task.held_out: there is no alphabet \"Sanskrit\" among the drawings; there are: Bars, Posts"],
        ),
        ("held_out = []", &["task.held_out is empty", "there are: Bars, Posts"]),
        ("held_out = ['Bars']\nvalidation = ['Greek']", &["task.validation: there is no alphabet \"Greek\""]),
        (
            "held_out = ['Bars']\nlabels = 4\nways = 4",
            &["task.ways = 4: alphabet Bars has 3 characters", "at most 3 ways"],
        ),
        ("held_out = ['Bars']\nqueries = 2", &["task.queries = 2 need 3 drawings", "character01 of Bars has 2"]),
    ];
    for (text, parts) in cases {
        sandbox.write("task.toml", format!("[task]\nname = 'one-shot'\nsize = 16\n{}{text}", ways(text)));
        sandbox.refuses(EVALUATE, &[&["one-shot.plastic, task.toml, --data data: "], parts].concat());
    }
    sandbox.write("task.toml", TASK);
    sandbox.refuses(&format!("{EVALUATE} --held-out Greek"), &["--held-out: ", "\"Greek\"", "Bars, Posts"]);
    sandbox.refuses(&format!("{EVALUATE} --within 2"), &["--data data: --within = 2 is not in 0..=1"]);
    sandbox.refuses(&format!("{EVALUATE} --shots 0"), &["--data data: --shots = 0 is not in 1..=64"]);
    sandbox.refuses(&format!("{EVALUATE} --ways 4"), &["--data data: --ways = 4 is not in 2..=3"]);
}

/// Three ways, unless a text has its own.
fn ways(text: &str) -> &str {
    if text.contains("ways") { "" } else { "labels = 3\nways = 3\n" }
}

#[test]
fn runs_are_evaluated_and_faults_in_their_labels_named_by_line() {
    let right = "run01/test/item01.png run01/training/class01.png\n";
    let runs = "evaluate one-shot.plastic --runs runs";
    let printed = with_run(right).succeeds(runs);
    assert!(printed.text().contains("chance      50.00 %") && printed.text().contains("1 in 1 runs"));
    let line = "runs: run01/class_labels.txt, line ";
    let cases = [
        (
            "run01/test/item01.png\n".to_owned(),
            format!("{line}1: "),
            "is not the path of an item and that of its class",
        ),
        (format!("{right}{right}"), format!("{line}2: "), "names an item again"),
        (right.replace("class01", "class07"), format!("{line}1: "), "names a class that is not in training"),
        (right.replace("item01", "item07"), format!("{line}1: "), "names an item that is not in test"),
        ("\n".to_owned(), "runs: run01/test/item01.png is in no line of ".to_owned(), "class_labels.txt"),
    ];
    for (labels, path, part) in cases {
        with_run(&labels).refuses(runs, &[&path, part]);
    }
}

#[test]
fn runs_that_are_not_as_they_should_be_are_named() {
    let right = "run01/test/item01.png run01/training/class01.png\n";
    let runs = "evaluate one-shot.plastic --runs runs";
    let sandbox = with_run(right);
    sandbox.write("runs/run01/class_labels.txt", [0xff, 0xfe]);
    sandbox.refuses(runs, &["runs: run01/class_labels.txt: not UTF-8 text"]);
    let sandbox = with_run(right);
    sandbox.write("runs/run01/training/class02.png", png(16, 17, 1));
    sandbox.refuses(runs, &["runs: run01/training/class02.png: 16 x 17 pixels", "16 to 256 pixels a side"]);
    let sandbox = with_run(right);
    for class in ["class03", "class04"] {
        sandbox.write(&format!("runs/run01/training/{class}.png"), png(16, 16, 1));
    }
    sandbox.refuses(runs, &["runs: run01: 4 pictures in training; 2 to 3 are possible"]);
    sandbox.refuses("evaluate one-shot.plastic --runs nowhere", &["nowhere: cannot be read"]);
    sandbox.refuses("evaluate one-shot.plastic --runs data", &["data: no runs", "run01/class_labels.txt"]);
    sandbox.refuses("evaluate network.plastic --runs runs", &["runs are of task one-shot", "\"cue-association\""]);
}
