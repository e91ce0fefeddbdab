//! The example of `docs/snapshot.md` equals the bytes of a save. Rewritten with `METAPLASTIC_BLESS=1`.

use std::fmt::Write as _;

use metaplastic_runtime::snapshot::SnapshotStorage;
use metaplastic_tests::example;
use metaplastic_tests::flash::MockFlash;

use crate::bench::{Bench, Memory};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/snapshot.md");
const BEGIN: &str = "<!-- example: tests/tests/snapshot/page.rs -->\n```text\n";
const END: &str = "```\n";

/// Lengths of the fields in stored order, each with its meaning.
const FIELDS: [(usize, &str); 14] = [
    (8, "magic"),
    (2, "format version, u16"),
    (2, "write unit: 16 bytes"),
    (4, "CRC-32 of the artifact"),
    (4, "save 1"),
    (4, "payload: 16 bytes"),
    (4, "age: 500 steps"),
    (4, "P of projection 0, input 0"),
    (4, "input 1"),
    (4, "input 2"),
    (8, "padding"),
    (4, "commit record: save 1"),
    (4, "CRC-32 of all before the commit record"),
    (8, "padding"),
];

fn dump() -> String {
    let file = example::artifact();
    let mut memory = Memory::default();
    let mut network = Bench::new(&file, &mut memory).network;
    network.set_age(500);
    network.write_plastic(0, 0, [1, -1, 256, -256, 16384, 0].into_iter());
    let mut storage = SnapshotStorage::new(MockFlash::<1, 16, 64>::new(2), 0..128, &network).unwrap();
    storage.save(&network).unwrap();
    let (mut bytes, mut at, mut dump) = (&storage.release().bytes[..64], 0, String::new());
    for (length, meaning) in FIELDS {
        let (field, rest) = bytes.split_at(length);
        for (index, line) in field.chunks(8).enumerate() {
            let hex: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
            let text = format!("{at:04x}  {:24} {}", hex.join(" "), if index == 0 { meaning } else { "" });
            writeln!(dump, "{}", text.trim_end()).unwrap();
            at += line.len();
        }
        bytes = rest;
    }
    assert!(bytes.is_empty());
    dump
}

#[test]
fn the_example_in_the_page_equals_the_bytes_of_a_save() {
    let mut page = std::fs::read_to_string(PAGE).unwrap();
    let start = page.find(BEGIN).expect("the page has an example") + BEGIN.len();
    let end = start + page[start..].find(END).expect("the example ends");
    let dump = dump();
    if std::env::var_os("METAPLASTIC_BLESS").is_some() {
        page.replace_range(start..end, &dump);
        return std::fs::write(PAGE, page).unwrap();
    }
    assert_eq!(&page[start..end], dump);
}
