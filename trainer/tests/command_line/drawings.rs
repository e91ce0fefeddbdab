//! Drawings as people have them: packed by any program, at any place in a folder, on paper or on nothing.

use std::fs;
use std::path::Path;

use crate::one_shot::{EVALUATE, TASK, TINY, drawings, png, sandbox, with_drawings, with_run, zipped};
use crate::sandbox::Sandbox;

/// The figures of [`EVALUATE`] of the drawings in a folder.
fn expected() -> String {
    with_drawings().succeeds(EVALUATE).text().to_owned()
}

fn with_zip(bytes: impl AsRef<[u8]>) -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("data/images.zip", bytes);
    sandbox
}

/// The drawings with other paths.
fn renamed(rename: impl Fn(&str) -> String) -> Vec<(String, Vec<u8>)> {
    drawings().into_iter().map(|(path, png)| (rename(&path), png)).collect()
}

/// The drawings with other pictures: `pixel` says what a black or white one is.
fn repainted<const N: usize>(color: png::ColorType, pixel: impl Fn(bool) -> [u8; N]) -> Sandbox {
    let sandbox = sandbox();
    for (path, original) in drawings() {
        sandbox.write(&format!("data/{path}"), repaint(&original, color, &pixel));
    }
    sandbox
}

fn repaint<const N: usize>(original: &[u8], color: png::ColorType, pixel: impl Fn(bool) -> [u8; N]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(original)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, frame.width, frame.height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    let repainted: Vec<_> = pixels.iter().flat_map(|brightness| pixel(*brightness == 0)).collect();
    encoder.write_header().unwrap().write_image_data(&repainted).unwrap();
    bytes
}

/// A zip whose headers all have another compression method.
fn with_method(mut zip: Vec<u8>, method: u8) -> Vec<u8> {
    for (signature, field) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let starts: Vec<_> =
            zip.windows(4).enumerate().filter(|(_, it)| it == signature).map(|(at, _)| at).collect();
        starts.into_iter().for_each(|at| zip[at + field] = method);
    }
    zip
}

/// A zip of so many directory entries over the body of one.
fn overlapping(entries: u16) -> Vec<u8> {
    let zip = zipped(&drawings()[..1]);
    let directory = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let end = zip.windows(4).position(|bytes| bytes == b"PK\x05\x06").unwrap();
    let (mut forged, name) = (zip[..directory].to_vec(), b"Bars/character01/0001_01.png");
    for number in 0..u32::from(entries) {
        let mut entry = zip[directory..end].to_vec();
        let at = entry.windows(name.len()).position(|bytes| bytes == name).unwrap();
        let other = format!("Bars/character01/{:04}_{:02}.png", number / 90 + 1, number % 90 + 1);
        entry[at..at + name.len()].copy_from_slice(other.as_bytes());
        forged.extend(entry);
    }
    let length = (forged.len() - directory) as u32;
    let mut last = zip[end..].to_vec();
    [8, 10].into_iter().for_each(|at| last[at..at + 2].copy_from_slice(&entries.to_le_bytes()));
    last[12..16].copy_from_slice(&length.to_le_bytes());
    [forged, last].concat()
}

#[test]
fn a_zip_is_read_whatever_program_packed_it() {
    let expected = expected();
    let spellings: [fn(&str) -> String; 4] = [
        |path| path.replace('/', "\\"),
        |path| format!("./{path}"),
        |path| format!("/{path}"),
        |path| format!("images_background\\{path}"),
    ];
    for rename in spellings {
        assert_eq!(with_zip(zipped(&renamed(rename))).succeeds(EVALUATE).text(), expected, "{}", rename("A/b"));
    }
}

#[test]
fn a_method_that_is_not_there_is_named_with_the_remedy() {
    for (method, part) in [(14, "compression method 14 (Lzma)"), (12, "compression method 12 (Bzip2)")] {
        let zip = with_zip(with_method(zipped(&drawings()), method));
        zip.refuses(EVALUATE, &["Bars/character01/0001_01.png: ", part, "is not supported; pack with Deflate"]);
    }
}

/// In 200 MB of address space, of which the program itself takes a part.
#[test]
fn a_zip_of_many_entries_over_one_body_is_refused_in_little_memory() {
    let sandbox = with_zip(overlapping(60_000));
    let mut limited = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_metaplastic");
    limited.args(["-c", &format!("ulimit -v 204800; exec {program} {EVALUATE}")]).current_dir(sandbox.path(""));
    sandbox.command_refuses(limited.env("RAYON_NUM_THREADS", "1"), &["images.zip: entries of the zip overlap"]);
}

#[test]
fn the_alphabets_are_found_a_few_folders_below_or_the_right_folder_is_named() {
    let expected = expected();
    for folder in ["data/python/images_background", "data/clone/python/images"] {
        let sandbox = sandbox();
        drawings().into_iter().for_each(|(path, png)| sandbox.write(&format!("{folder}/{path}"), png));
        assert_eq!(sandbox.succeeds(EVALUATE).text(), expected, "{folder}");
    }
    let clone = sandbox();
    clone.write("data/clone/python/images_background.zip", zipped(&renamed(|path| format!("images/{path}"))));
    assert_eq!(clone.succeeds(EVALUATE).text(), expected);
    let below = with_drawings();
    for (folder, part) in [
        ("data/Bars", "this is one alphabet: give the folder above it"),
        ("data/Bars/character01", "this is one character: give the folder two above it"),
    ] {
        let evaluate = EVALUATE.replace("--data data", &format!("--data {folder}"));
        below.refuses(&evaluate, &[&format!("--data {folder}: {folder}: no alphabets"), part]);
    }
}

#[test]
fn drawings_of_ones_own_are_split_and_trained_on() {
    let sandbox = with_drawings();
    sandbox.write("own.toml", TINY.replace("source = \"synthetic\"", "source = \"omniglot\""));
    sandbox.succeeds("train own.toml --data data --out out --episodes 4 --quiet");
    sandbox.succeeds("evaluate out/network.plastic --data data --episodes 4");
    let one = with_drawings();
    fs::remove_dir_all(one.path("data/Posts")).unwrap();
    one.succeeds(EVALUATE);
    one.write("own.toml", TINY.replace("source = \"synthetic\"", "source = \"omniglot\""));
    one.refuses("train own.toml --data data --out out", &["hold back every alphabet; none is left for training"]);
}

#[test]
fn an_alphabet_that_is_not_there_is_named_with_the_data_and_the_remedy() {
    let sandbox = with_drawings();
    sandbox.write("task.toml", TASK.replace("'Bars'", "'Sanskrit'"));
    let error = sandbox.command_fails(&mut sandbox.command(&format!("{EVALUATE} --ways 2")));
    for part in ["--data data: ", "no alphabet \"Sanskrit\"", "there are: Bars, Posts", "evaluate's --held-out"] {
        assert!(error.contains(part), "{part:?} is not in: {error}");
    }
    assert!(!error.contains("--ways"), "{error}");
}

#[test]
fn alphabets_are_named_in_any_spelling_of_their_accents_and_empty_names_are_ignored() {
    let sandbox = sandbox();
    let own = |path: &str| path.replace("Bars", "Ba\u{301}rs");
    renamed(own).into_iter().for_each(|(path, png)| sandbox.write(&format!("data/{path}"), png));
    let with = |names: &str| {
        let mut command = sandbox.command(EVALUATE);
        command.args(["--held-out", names]);
        sandbox.command_succeeds(&mut command).text().to_owned()
    };
    assert_eq!(with("B\u{e1}rs"), with("Ba\u{301}rs, "));
}

#[test]
fn ink_is_ink_on_paper_on_nothing_and_on_black() {
    let expected = expected();
    let same = |sandbox: &Sandbox| assert_eq!(sandbox.succeeds(EVALUATE).text(), expected);
    same(&repainted(png::ColorType::Rgba, |is_black| if is_black { [0, 0, 0, 255] } else { [0; 4] }));
    same(&repainted(png::ColorType::GrayscaleAlpha, |is_black| [0, if is_black { 255 } else { 0 }]));
    same(&repainted(png::ColorType::Grayscale, |is_black| [if is_black { 255 } else { 0 }]));
}

#[test]
fn drawings_without_visible_ink_and_odd_ones_are_named_by_file() {
    let first = "data: Bars/character01/0001_01.png: ";
    let mask = repainted(png::ColorType::Grayscale, |is_black| [u8::from(!is_black)]);
    mask.refuses(EVALUATE, &[first, "ink and sheet cannot be distinguished", "0 to 1 of 255"]);
    let faint = repainted(png::ColorType::Grayscale, |is_black| [if is_black { 215 } else { 255 }]);
    faint.refuses(EVALUATE, &[first, "215 to 255 of 255"]);
    let odd = with_drawings();
    let path = "data/Posts/character02/0002_02.png";
    odd.write(path, repaint(&odd.read(path), png::ColorType::Grayscale, |is_black| [255 * u8::from(is_black)]));
    odd.refuses(EVALUATE, &["data: Posts/character02/0002_02.png: mostly dark, while most of the other drawings"]);
}

#[test]
fn runs_are_read_as_data_are() {
    let labels = "run01/test/item01.png run01/training/class01.png\n";
    let runs = "evaluate one-shot.plastic --runs runs";
    let expected = with_run(labels).succeeds(runs).text().to_owned();
    for labels in [format!("\u{feff}{labels}"), labels.replace('/', "\\"), labels.replace('\n', "\r\n")] {
        assert_eq!(with_run(&labels).succeeds(runs).text(), expected, "{labels:?}");
    }
    let upper = with_run(&labels.replace(".png", ".PNG"));
    for name in ["training/class01", "training/class02", "test/item01"] {
        let path = |ending: &str| upper.path(&format!("runs/run01/{name}.{ending}"));
        fs::rename(path("png"), path("PNG")).unwrap();
    }
    assert_eq!(upper.succeeds(runs).text(), expected);
    let dark = with_run(labels);
    dark.write("runs/run01/test/item01.png", png(16, 16, 40));
    dark.refuses(runs, &["runs: run01/test/item01.png: ink and sheet cannot be distinguished"]);
}

/// As many copies of Omniglot are packed on Windows, where it is beside the repository.
#[test]
fn omniglot_packed_on_windows_is_read() {
    let zip = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases/windows-backslashes.zip"));
    if !zip.exists() {
        return;
    }
    let sandbox = sandbox();
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/artifacts/one-shot-small.plastic");
    let evaluate = format!("evaluate {small} --data {} --held-out Sanskrit --ways 5 --episodes 4", zip.display());
    assert!(sandbox.succeeds(&evaluate).text().contains("accuracy    100.00 %"));
}
