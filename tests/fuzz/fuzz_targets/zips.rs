//! Any bytes as a zip of drawings or of benchmark runs, and sound zips with any files in them. Reading never panics,
//! and has its limits, see libFuzzer's own for memory and time.
#![no_main]

use std::io::{Cursor, Write};

use arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use metaplastic_task::one_shot::{drawings_in_zip, runs_in_zip};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Largest number of files of a sound zip.
const MOST_FILES: usize = 8;
/// Paths that mean something, with any of the separators.
const PATHS: [&str; 8] = [
    "Greek/character01/0001_01.png",
    "Greek/character01/0001_02.PNG",
    "Greek\\character02\\0002_01.png",
    "./top/Latin/character01/0003_01.png",
    "run01/class_labels.txt",
    "run01/training/class01.png",
    "run01/training/class02.png",
    "run01/test/item01.png",
];

/// A file of a zip.
#[derive(Debug)]
struct Entry {
    path: String,
    contents: Vec<u8>,
    method: CompressionMethod,
}

impl<'b> Arbitrary<'b> for Entry {
    fn arbitrary(bytes: &mut Unstructured<'b>) -> Result<Self> {
        let path = if bytes.ratio(7, 8)? { (*bytes.choose(&PATHS)?).to_owned() } else { bytes.arbitrary()? };
        let method = *bytes.choose(&[CompressionMethod::Stored, CompressionMethod::Deflated])?;
        Ok(Self { path, method, contents: bytes.arbitrary()? })
    }
}

/// A sound zip; none if the library does not write these paths.
fn zipped(entries: &[Entry]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for Entry { path, contents, method } in entries {
        zip.start_file(path, SimpleFileOptions::default().compression_method(*method)).ok()?;
        zip.write_all(contents).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fn read(zip: Vec<u8>) {
    let _ = runs_in_zip(zip.clone()).map_err(|error| error.to_string());
    let _ = drawings_in_zip(zip).map_err(|error| error.to_string());
}

fn entries(bytes: &mut Unstructured<'_>) -> Result<Vec<Entry>> {
    (0..bytes.int_in_range(1..=MOST_FILES)?).map(|_| bytes.arbitrary()).collect()
}

fuzz_target!(|bytes: &[u8]| {
    read(bytes.to_vec());
    if let Some(zip) = entries(&mut Unstructured::new(bytes)).ok().and_then(|entries| zipped(&entries)) {
        read(zip);
    }
});
