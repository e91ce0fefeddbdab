//! The example and the table in `docs/arithmetic.md` are what the code computes. Rewritten with `METAPLASTIC_BLESS=1`.

use std::fmt::Write as _;
use std::ops::Range;

use metaplastic_runtime::kernel::tanh::tanh;
use metaplastic_runtime::{Freeze, Network, NetworkStorage};
use metaplastic_tests::example;

use crate::twin::Twin;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/arithmetic.md");

/// Input spikes and the analog value, of exponent 12, of each step.
const STEPS: [([i32; 3], i16); 4] = [([1, 1, 1], 2048), ([0, 1, 1], -1024), ([1, 0, 1], 4096), ([1, 1, 0], 6000)];

/// The step that the page shows in full.
const SHOWN: usize = 3;

/// Runs the runtime and the page's second implementation side by side; returns the last step's numbers.
fn example() -> String {
    let file = example::artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut network = Network::new(file.artifact(), &mut storage).expect("the storage is large enough");
    network.reset(Freeze::Nothing);
    let mut twin = Twin::new();
    let mut text = String::new();
    for (step, (input, value)) in STEPS.into_iter().enumerate() {
        let bits = input.iter().enumerate().fold(0, |bits, (i, spike)| bits | (*spike as u8) << i);
        network.step(&[bits], &[value]);
        let numbers = twin.step(input, value.into(), &|u| i32::from(tanh(u as i16, 12)));
        assert!(numbers.contains(&format!("{:#018x}", network.state_hash())), "step {step}: {numbers}");
        let shown = if step == SHOWN { numbers } else { String::new() };
        let summary = format!("s_i {input:?}, analog value {value}: state hash {:#018x}", network.state_hash());
        writeln!(text, "step {}, {summary}\n{shown}", step + 1).expect("a string takes any text");
    }
    assert!(network.plastic_rows(0).flatten().any(|p| *p != 0), "the example learns");
    text.replace("\n\n", "\n")
}

/// The second implementation computes the same for a thousand steps.
#[test]
fn the_page_is_enough_to_reproduce_every_state_hash() {
    let file = example::artifact();
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut network = Network::new(file.artifact(), &mut storage).unwrap();
    network.reset(Freeze::Nothing);
    let (mut twin, mut bits) = (Twin::new(), 1_u32);
    for step in 0..1000 {
        bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (input, value) = ((bits >> 29) as u8, (bits >> 12) as i16 >> 2);
        network.step(&[input], &[value]);
        let spikes = [0, 1, 2].map(|i| i32::from(input >> i & 1));
        let numbers = twin.step(spikes, value.into(), &|u| i32::from(tanh(u as i16, 12)));
        assert!(numbers.contains(&format!("{:#018x}", network.state_hash())), "step {step}: {numbers}");
    }
    let changed: Vec<_> = network.plastic_rows(0).flatten().filter(|p| p.unsigned_abs() > 100).collect();
    assert!(!changed.is_empty(), "the network learns");
}

/// The table of tanh, twelve entries a line.
fn table() -> String {
    let entries: Vec<_> = (0..=128_i32).map(|k| (k << 8).min(32_767)).collect();
    let values = entries.iter().map(|u| tanh(*u as i16, 12).to_string()).collect::<Vec<_>>();
    values.chunks(12).map(|line| format!("    {}\n", line.join(", "))).collect()
}

fn section(page: &str, begin: &str, end: &str) -> Range<usize> {
    let start = page.find(begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    start..start + page[start..].find(end).expect("it ends")
}

#[test]
fn the_page_shows_what_the_code_computes() {
    let mut page = std::fs::read_to_string(PAGE).unwrap();
    let parts = [
        ("<!-- example: tests/tests/arithmetic/page.rs -->\n```text\n", "```\n", example()),
        ("<!-- tanh -->\n\n", "\n#", table()),
    ];
    for (begin, end, expected) in parts {
        let part = section(&page, begin, end);
        if std::env::var_os("METAPLASTIC_BLESS").is_some() {
            page.replace_range(part, &expected);
        } else {
            assert_eq!(&page[part], expected);
        }
    }
    std::fs::write(PAGE, page).unwrap();
}
