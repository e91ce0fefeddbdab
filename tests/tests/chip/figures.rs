//! Sizes, stack and instructions against `runtime/firmware/measurements.toml`; times; the predictions of `inspect`.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::board_measurements::measurements;
use metaplastic_host::inspect::inspect;
use metaplastic_tests::chip::Image;
use metaplastic_tests::chip::firmware::{build, cue_association};
use metaplastic_tests::chip::measure::{grown, measure, path, stack_bounds, text};
use metaplastic_tests::corpus::case;

#[test]
#[ignore = "needs QEMU and a core library: tests/run.sh chip"]
fn nothing_has_grown() {
    let now = measure().unwrap();
    print!("{}", text(&now).unwrap());
    if std::env::var_os("METAPLASTIC_BLESS").is_some() {
        return std::fs::write(path(), text(&now).unwrap()).unwrap();
    }
    assert_eq!(grown(&measurements(), &now), [""; 0], "METAPLASTIC_BLESS=1 tests/run.sh chip writes the file anew");
}

#[test]
fn growth_is_detected() {
    let file = measurements();
    assert_eq!(grown(&file, &file), [""; 0]);
    let mut now = file.clone();
    let figures = now.boards.get_mut("mps2-an386").unwrap();
    figures.code_bytes += figures.code_bytes / 20;
    figures.step.modulated.worst += figures.step.modulated.worst / 20;
    let grown = grown(&file, &now);
    assert_eq!(grown.len(), 2, "{grown:?}");
    assert!(grown[0].contains("code") && grown[1].contains("worst modulated step"), "{grown:?}");
}

/// Limits of every step: 1 kHz on a Cortex-M4 at 64 MHz, 2 kHz where no step is modulated; 100 Hz on a Cortex-M0+
/// at 48 MHz.
#[test]
fn steps_take_no_longer_than_their_period() {
    let boards = measurements().boards;
    let (m4, m0) = (&boards["mps2-an386"], &boards["mps2-an385-v6m"]);
    assert_eq!((m4.clock_mhz, m0.clock_mhz), (64, 48));
    let (fast, slow) = (m4.worst_microseconds(), m0.worst_microseconds());
    assert!(fast.modulated <= 1000.0 && fast.unmodulated <= 500.0, "{fast:?}");
    assert!(slow.modulated.max(slow.unmodulated) <= 10_000.0, "{slow:?}");
}

/// Compares with two artifacts that the figures were not measured with.
#[test]
#[ignore = "needs a core library: tests/run.sh chip"]
fn flash_and_ram_are_those_of_inspect_within_5_percent() {
    let folder = tempfile::tempdir().unwrap();
    for (name, board) in [("recurrent", "mps2-an386"), ("free", "mps2-an385-v6m")] {
        let path = folder.path().join(format!("{name}.plastic"));
        case(name).artifact.write(&path).unwrap();
        assert_close(board, &path);
    }
    assert_close("mps2-an505", &cue_association());
}

fn assert_close(board: &str, path: &std::path::Path) {
    let image = Image::read(&build(board, "emulated", path).expect("firmware")).expect("an ELF");
    let inspection = inspect(&ArtifactFile::read(path).expect("the artifact reads"));
    let line = inspection.boards.into_iter().find(|line| line.board == board).expect("a measured board");
    let linked = [image.code_bytes, image.static_bytes + stack_bounds(board).expect("a bound").whole];
    for (what, (said, linked)) in
        ["flash", "RAM"].into_iter().zip([line.flash_bytes, line.ram_bytes].into_iter().zip(linked))
    {
        let ratio = said as f64 / f64::from(linked);
        println!("{board}, {}: {what} {said} said, {linked} linked", path.display());
        assert!(
            (0.95..=1.05).contains(&ratio),
            "{board}, {}: {what}: {said} said, {linked} linked",
            path.display()
        );
    }
}
