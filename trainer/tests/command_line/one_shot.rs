//! The task one-shot on the command line: what its training leaves, and what is said of data that are not as they
//! should be. The drawings of these tests are dots and bars, in files as Omniglot's.

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::sandbox::Sandbox;

const TINY: &str = include_str!("one-shot-tiny.toml");
/// Takes drawings from files, and asks for those of one alphabet.
const TASK: &str = "[task]\nname = 'one-shot'\nways = 3\nlabels = 3\nsize = 16\nsteps = 2\nheld_out = ['Bars']\n";
const EVALUATE: &str = "evaluate one-shot.plastic --task task.toml --data data --episodes 4";

/// A training of the tiny network, once for all tests.
fn trained() -> &'static Sandbox {
    static TRAINED: OnceLock<Sandbox> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let sandbox = Sandbox::new();
        sandbox.write("tiny.toml", TINY);
        sandbox.succeeds("train tiny.toml --out out --episodes 4 --quiet");
        sandbox
    })
}

/// With the tiny network, [`TASK`] and nothing in `data`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("one-shot.plastic", trained().read("out/network.plastic"));
    sandbox.write("task.toml", TASK);
    std::fs::create_dir(sandbox.path("data")).unwrap();
    sandbox
}

/// A white picture with black columns from `first` on.
fn png(width: u32, height: u32, first: u32) -> Vec<u8> {
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
fn drawings() -> Vec<(String, Vec<u8>)> {
    let alphabets = [("Bars", 3_u32), ("Posts", 4)];
    let characters = alphabets.into_iter().flat_map(|(name, count)| (1..=count).map(move |number| (name, number)));
    let drawings = characters.flat_map(|(name, number)| (1..=2).map(move |drawer| (name, number, drawer)));
    let file = |(name, number, drawer): (&str, u32, u32)| {
        let path = format!("{name}/character{number:02}/{number:04}_{drawer:02}.png");
        (path, png(16, 16, 3 * number + drawer))
    };
    drawings.map(file).collect()
}

fn with_drawings() -> Sandbox {
    let sandbox = sandbox();
    drawings().into_iter().for_each(|(path, png)| sandbox.write(&format!("data/{path}"), png));
    sandbox
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// One run of two classes and one item, in `runs`.
fn with_run(labels: &str) -> Sandbox {
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

#[test]
fn another_source_has_its_own_alphabets() {
    let sandbox = with_drawings();
    let own = sandbox.succeeds("evaluate one-shot.plastic --episodes 4").text().to_owned();
    let other = "evaluate one-shot.plastic --task task.toml --episodes 4 --source";
    assert_eq!(sandbox.succeeds(&format!("{other} synthetic")).text(), own);
    sandbox.refuses(&format!("{other} synthetic --held-out Bars"), &["--source: ", "\"Bars\"", "Synthetic_10"]);
    sandbox.refuses(&format!("{other} omniglot --data data"), &["no alphabet \"Sanskrit\"", "Bars, Posts"]);
    sandbox.succeeds(&format!("{other} omniglot --held-out Bars --data data"));
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
            &["one-shot.plastic, task.toml: ", "pass --data DIR", "`evaluate --source synthetic`"],
        ),
        ("evaluate one-shot.plastic --data data", &["task.source = \"synthetic\" reads no drawings"]),
        ("evaluate network.plastic --data data", &["network.plastic: task cue-association reads no data"]),
    ];
    for (arguments, parts) in cases {
        sandbox.refuses(arguments, parts);
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
    let cases: [(&str, &[&str]); 6] = [
        ("", &["task.held_out: there is no alphabet \"Sanskrit\"; there are: Bars, Posts"]),
        ("held_out = []", &["task.held_out is empty", "there are: Bars, Posts"]),
        ("held_out = ['Bars', 'Posts']", &["hold back every alphabet", "Bars, Posts"]),
        ("held_out = ['Bars']\nvalidation = ['Greek']", &["task.validation: there is no alphabet \"Greek\""]),
        (
            "held_out = ['Bars']\nlabels = 4\nways = 4",
            &["task.ways = 4: alphabet Bars has 3 characters", "at most 3 ways"],
        ),
        ("held_out = ['Bars']\nqueries = 2", &["task.queries = 2 need 3 drawings", "character01 of Bars has 2"]),
    ];
    for (text, parts) in cases {
        sandbox.write("task.toml", format!("[task]\nname = 'one-shot'\nsize = 16\n{}{text}", ways(text)));
        sandbox.refuses(EVALUATE, &[&["one-shot.plastic, task.toml: "], parts].concat());
    }
    sandbox.write("task.toml", TASK);
    sandbox.refuses(&format!("{EVALUATE} --held-out Greek"), &["--held-out: ", "\"Greek\"", "Bars, Posts"]);
    sandbox.refuses(&format!("{EVALUATE} --ways 4"), &["--ways: task.ways = 4 is not in 2..=3"]);
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
