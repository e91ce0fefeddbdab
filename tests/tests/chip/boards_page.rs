//! The tables of docs/boards.md have every board, with the figures of `runtime/firmware/measurements.toml`.

use std::fmt::Write as _;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::board_measurements::measurements;
use metaplastic_host::inspect::inspect;
use metaplastic_shared::board::BOARDS;
use metaplastic_tests::chip::firmware::{cue_association, repository};

/// The table between the two comments of the page.
fn table() -> String {
    let measurements = measurements();
    let boards = inspect(&ArtifactFile::read(&cue_association()).expect("the artifact reads")).boards;
    let mut table = String::from(
        "| core | clock | instructions per step, not modulated | modulated \
         | worst step, not modulated | modulated | flash | RAM |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for (name, figures) in &measurements.boards {
        let line = boards.iter().find(|line| line.board == *name).expect("a measured board");
        let (step, time) = (figures.step, figures.worst_microseconds());
        writeln!(
            table,
            "| {} | {} MHz | {} (worst {}) | {} (worst {}) | {:.0} us | {:.0} us | {} KiB | {} KiB |",
            figures.core,
            figures.clock_mhz,
            step.unmodulated.median,
            step.unmodulated.worst,
            step.modulated.median,
            step.modulated.worst,
            time.unmodulated,
            time.modulated,
            line.flash_bytes.div_ceil(1024),
            line.ram_bytes.div_ceil(1024),
        )
        .expect("text takes it");
    }
    table
}

#[test]
fn the_page_names_every_board() {
    let page = std::fs::read_to_string(repository().join("docs/boards.md")).unwrap();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let named: Vec<_> = rows.iter().flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    let missing = BOARDS.iter().map(|board| board.name).filter(|name| !named.contains(name));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_pages_table_is_what_was_measured() {
    const MARKERS: [&str; 2] = ["<!-- measured -->\n", "<!-- end of measured -->"];
    let path = repository().join("docs/boards.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(MARKERS[0]).unwrap();
    let (old, after) = rest.split_once(MARKERS[1]).unwrap();
    let table = table();
    if std::env::var_os("METAPLASTIC_BLESS").is_some() {
        return std::fs::write(path, [before, MARKERS[0], &table, MARKERS[1], after].concat()).unwrap();
    }
    assert_eq!(old, table, "METAPLASTIC_BLESS=1 cargo test -p metaplastic-tests --test chip writes the table anew");
}
