//! The drawings that the browser's test makes on the page, `tests/page/strokes.json`, are those of the synthetic source. Rewritten
//! with `METAPLASTIC_BLESS=1`.

use std::fs;
use std::path::Path;

use metaplastic_task::one_shot::pen_strokes;
use serde_json::{Value, json};

/// An alphabet that no training has, and three of its characters.
const ALPHABET: u64 = 9;
const CHARACTERS: [u64; 3] = [1, 2, 3];
/// The first drawer's are the samples, those of the others the queries.
const DRAWERS: u64 = 8;
/// Queries.
const QUERIES: usize = 20;

fn drawing(symbol: usize, drawer: u64) -> Value {
    let strokes = pen_strokes(ALPHABET, CHARACTERS[symbol], drawer);
    let rounded = |strokes: Vec<[f64; 2]>| -> Vec<[f64; 2]> {
        strokes.into_iter().map(|point| point.map(|at| (at * 1e3).round() / 1e3)).collect()
    };
    let strokes: Vec<_> = strokes.into_iter().map(rounded).collect();
    json!({ "symbol": symbol, "drawer": drawer, "strokes": strokes })
}

fn drawings() -> String {
    let samples: Vec<_> = (0..CHARACTERS.len()).map(|symbol| drawing(symbol, 1)).collect();
    let others = (2..=DRAWERS).flat_map(|drawer| (0..CHARACTERS.len()).map(move |symbol| drawing(symbol, drawer)));
    let queries: Vec<_> = others.take(QUERIES).collect();
    let all = json!({ "alphabet": ALPHABET, "characters": CHARACTERS, "samples": samples, "queries": queries });
    all.to_string() + "\n"
}

#[test]
fn the_pages_drawings_are_those_of_the_synthetic_source() {
    let path = Path::new("page/strokes.json");
    if std::env::var_os("METAPLASTIC_BLESS").is_some() {
        fs::write(path, drawings()).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap();
    assert!(kept == drawings(), "METAPLASTIC_BLESS=1 writes {} anew", path.display());
}
