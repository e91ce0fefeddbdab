//! The sections that only an episode of pictures has, made from invented pictures and weights.
//!
//! The page is also written to `CARGO_TARGET_TMPDIR/one-shot.html`, to be opened and looked at.

use std::path::Path;

use metaplastic_report::data::{Pictures, ReadoutWeights, RecordedDecision, RecordedEpisode, ReportData};
use metaplastic_report::render;

use crate::{Spoil, headings};

const SIDE: usize = 28;
const IN_PICTURES: &str = "One episode in pictures: support, then query";
const REMEMBERED: &str = "The same episode: what is remembered of each class";

/// A ring with a gap that differs between classes.
fn ring(class: usize) -> Vec<f32> {
    let pixel = |at: usize| {
        let (y, x) = ((at / SIDE) as f32 - 13.5, (at % SIDE) as f32 - 13.5);
        let is_gap = (y.atan2(x) + 3.2 - 0.3 * class as f32).abs() < 0.5;
        let off = (y.hypot(x) - 9.0).abs();
        if is_gap { 0.0 } else { (1.75 - off).clamp(0.0, 1.0) }
    };
    (0..SIDE * SIDE).map(pixel).collect()
}

fn memory(projection: &str, classes: usize, map: [usize; 3]) -> ReadoutWeights {
    let [height, width, channels] = map;
    let weight = |class: usize, neuron: usize| ((7 * class + 3 * neuron) as f32).sin().powi(5);
    let weights = |class| (0..height * width * channels).map(|neuron| weight(class, neuron)).collect();
    let classes = (0..classes).map(weights).collect();
    ReadoutWeights { projection: projection.into(), height, width, channels, classes }
}

/// Every third answer is wrong.
fn report(classes: usize) -> ReportData {
    let answer = |target: usize| {
        let answer = if target % 3 == 2 { (target + 1) % classes } else { target };
        let class_scores =
            (0..classes).map(|class| -((class + classes - answer) as i32 % classes as i32)).collect();
        RecordedDecision { start: target, end: target + 1, target, answer, class_scores, reward: None }
    };
    let decisions = (0..classes).map(answer).collect();
    let rings = || (0..classes).map(ring).collect();
    ReportData {
        title: "One-shot: invented data".into(),
        pictures: Some(Pictures { side: SIDE, shots: 1, support: rings(), query: rings() }),
        memories: vec![
            memory("map>output", classes, [4, 4, 64]),
            memory("dense>output", classes, [1, 1, 100]),
            memory("bias>output", classes, [1, 1, 1]),
        ],
        episode: Some(RecordedEpisode { steps: classes, decisions, ..RecordedEpisode::default() }),
        ..ReportData::default()
    }
}

#[test]
fn a_page_to_look_at_is_written() {
    let page = render(&report(20)).unwrap();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-shot.html"), &page).unwrap();
    assert_eq!(headings(&page)[4..6], [IN_PICTURES, REMEMBERED]);
    for part in
        ["\n1 right\n", "\n3, not 2\n", "\nthen 4\n", "14 of 20 answers right", "map&gt;output: 4 x 4 positions"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("\n2 right\n"));
}

#[test]
fn other_tasks_have_no_such_sections() {
    let page = render(&crate::invented::report()).unwrap();
    assert!(!page.contains(IN_PICTURES) && !page.contains(REMEMBERED));
}

#[test]
fn of_many_pictures_only_the_first_are_drawn_and_it_says_so() {
    let [all, first] = [60, 64].map(|classes| render(&report(classes)).unwrap());
    assert!(!all.contains("Of each kind") && first.contains("Of each kind the first 60 are drawn."));
    assert!(first.contains("\n58 right\n") && !first.contains("\n60 right\n"));
}

#[test]
fn pictures_that_do_not_fit_the_episode_are_refused_by_name() {
    let refusal = |spoil: Spoil| {
        let mut data = report(5);
        spoil(&mut data);
        render(&data).unwrap_err().to_string()
    };
    fn pictures(data: &mut ReportData) -> &mut Pictures {
        data.pictures.as_mut().unwrap()
    }
    let cases: [(Spoil, &str); 6] = [
        (|data| pictures(data).query.truncate(3), "query pictures has 3 values, expected 5"),
        (|data| pictures(data).support[1].truncate(3), "a support picture has 3 values, expected 784"),
        (|data| pictures(data).query[4][7] = f32::NAN, "a query picture is NaN"),
        (|data| data.memories[0].classes[2].truncate(9), "P of a class of map>output has 9 values, expected 1024"),
        (|data| data.memories[1].classes[0][0] = f32::INFINITY, "P of a class of dense>output is inf"),
        (|data| data.memories[2].channels = 0, "the map of bias>output starts at 0"),
    ];
    for (spoil, expected) in cases {
        let found = refusal(spoil);
        assert!(found.contains(expected), "{found}");
    }
}
