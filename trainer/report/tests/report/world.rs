//! The sections that only a network in a world has, made from an invented plant that changes and an invented bandit. No
//! number here was measured.
//!
//! The pages are also written to `CARGO_TARGET_TMPDIR/plant.html` and `rewards.html`, to be opened and looked at.

use std::path::Path;

use metaplastic_report::data::{CurvePoint, RecordedDecision, RecordedEpisode, RecordedTrace, ReportData};
use metaplastic_report::render;
use metaplastic_report::world_data::{
    CourseCurve, CoursePoint, LifeCourse, RecordedCoordinate, RecordedLife, WorldReport, WorldScore,
};

use crate::{Spoil, episode, headings};

const STEPS: usize = 400;
const CHANGE: usize = 200;
const SCORES: &str = "Does it learn on the chip, and from what?";
const COURSE: &str = "A life: the error";
const PATH: &str = "One life in the world";
/// Sections that only decisions which are right or wrong have.
const OF_DECISIONS: [&str; 2] =
    ["Within an episode: does what was learned last?", "A life: does it go on learning?"];

/// How far from its desired value something is, that adapts at the start and behind a change.
fn error(step: usize) -> f32 {
    let since = if step < CHANGE { step } else { step - CHANGE };
    (-(since as f32) / 40.0).exp()
}

fn trace(label: &str, value: impl Fn(usize) -> f32) -> RecordedTrace {
    RecordedTrace { label: label.into(), values: (0..STEPS).map(value).collect() }
}

fn coordinate(label: &str) -> RecordedCoordinate {
    let desired = |step: usize| (step as f32 / 30.0).sin();
    RecordedCoordinate {
        label: label.into(),
        // Nothing is desired at first.
        desired: (0..STEPS).map(|step| (step >= 20).then(|| desired(step))).collect(),
        actual: vec![
            trace("this network", |step| desired(step) - error(step)),
            trace("P frozen", |step| desired(step) - 0.6),
            trace("pd", |step| desired(step) - 5.0 * (step as f32 / 40.0)),
        ],
    }
}

fn life() -> RecordedLife {
    RecordedLife {
        changes: vec![CHANGE],
        coordinates: vec![coordinate("coordinate 1"), coordinate("coordinate 2")],
        commands: vec![trace("command 0", |step| 1.0 - error(step))],
        senses: (0..3).map(|number| trace(&format!("sense {number}"), |step| error(step + number))).collect(),
    }
}

fn course(title: &str, curves: &[(&str, f64)]) -> LifeCourse {
    let point = |at: usize, scale: f64| {
        let mean = scale * (0.05 + f64::from(error(10 * at)));
        CoursePoint { at: 0.1 * at as f64, mean, low: 0.9 * mean, high: 1.1 * mean }
    };
    let curve = |(label, scale): &(&str, f64)| CourseCurve {
        label: (*label).into(),
        lives: 200,
        points: (0..40).map(|at| point(at, *scale)).collect(),
    };
    LifeCourse {
        title: title.into(),
        quantity: "mean magnitude of the error".into(),
        axis: "time in the life (s)".into(),
        changes: vec![2.0],
        curves: curves.iter().map(curve).collect(),
    }
}

fn score(label: &str, mean: f64, lives: u64) -> WorldScore {
    WorldScore { label: label.into(), mean, low: 0.9 * mean, high: 1.1 * mean, lives }
}

/// A plant that changes.
fn plant() -> ReportData {
    let point =
        |meta_step: u64| CurvePoint { meta_step, loss: 0.5 - 0.01 * meta_step as f64, ..CurvePoint::default() };
    ReportData {
        title: "Plant: invented data".into(),
        curve: (0..100).map(point).collect(),
        world: Some(WorldReport {
            measure: "rmse rad".into(),
            scores: vec![
                score("chip arithmetic", 0.05, 512),
                score("third factor frozen", 3.0, 512),
                score("pd", 0.8, 200),
            ],
            courses: vec![course(COURSE, &[("this network", 1.0), ("P frozen", 9.0), ("pd", 12.0)])],
        }),
        episode: Some(RecordedEpisode { steps: STEPS, life: Some(life()), ..RecordedEpisode::default() }),
        ..ReportData::default()
    }
}

/// Ten choices of five, every other one rewarded.
fn rewards() -> ReportData {
    let choice = |number: usize| RecordedDecision {
        start: 10 * number,
        end: 10 * number + 5,
        answer: number % 5,
        class_scores: vec![0; 5],
        reward: Some((number % 2) as f64),
        ..RecordedDecision::default()
    };
    let raster = crate::invented::report().episode.map_or_else(Vec::new, |episode| episode.rasters);
    let rasters = raster.into_iter().take(1).map(|mut raster| {
        raster.spikes.retain(|(step, _)| *step < 100);
        raster
    });
    ReportData {
        world: Some(WorldReport { measure: "reward of a life".into(), ..WorldReport::default() }),
        episode: Some(RecordedEpisode {
            steps: 100,
            rasters: rasters.collect(),
            decisions: (0..10).map(choice).collect(),
            life: Some(RecordedLife::default()),
            ..RecordedEpisode::default()
        }),
        ..ReportData::default()
    }
}

fn written(name: &str, data: &ReportData) -> String {
    let page = render(data).expect("consistent data");
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), &page).expect("a folder to write in");
    page
}

#[test]
fn a_plant_has_scores_a_course_and_a_life_and_no_right_answers() {
    let page = written("plant.html", &plant());
    assert_eq!(headings(&page)[1..4], [SCORES, COURSE, PATH]);
    assert!(OF_DECISIONS.iter().all(|heading| !page.contains(heading)));
    for part in [
        "\nrmse rad\n",
        "0.8  (0.72 to 0.88)",
        "Lives of each bar: 512; pd: 200. The bar of &quot;third factor frozen&quot; is longer than the axis.",
        "the vertical axis is logarithmic",
        "what the world hides changes",
        "\ncoordinate 2: desired and actual value\n",
        "\ncommand 0\n",
        "\nsense 2\n",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("right answers") && !page.contains("chance"), "{page}");
}

#[test]
fn a_loss_below_zero_is_on_its_axis() {
    let page = render(&plant()).unwrap();
    assert!(page.contains("\n-0.4\n"), "the loss ends at -0.49");
}

#[test]
fn choices_have_rewards_and_no_path() {
    let page = written("rewards.html", &rewards());
    assert_eq!(headings(&page)[1..3], [SCORES, "One episode: every spike"]);
    for part in ["\n3 pays 1\n", "\n4 pays 0\n", "the choice is rewarded", "10 choices bring a reward of 5."] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains(PATH) && !page.contains("answered"));
}

#[test]
fn a_world_without_lives_says_what_is_left_out() {
    let data = ReportData { world: Some(WorldReport::default()), ..ReportData::default() };
    let page = render(&data).unwrap();
    assert_eq!(headings(&page)[1..3], [SCORES, PATH]);
    assert!(page.contains("The network was not evaluated.") && page.contains("No life was recorded."));
}

#[test]
fn every_line_is_drawn_and_breaks_where_nothing_is_desired() {
    let lines = |data: &ReportData| render(data).unwrap().matches("<polyline").count();
    let mut data = plant();
    let with_all = lines(&data);
    let life = episode(&mut data).life.as_mut().unwrap();
    life.senses.pop();
    life.coordinates[0].desired[300] = None;
    // A sense less; the desired path and each of three errors in one piece more.
    assert_eq!(lines(&data), with_all - 1 + 4);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    fn world(data: &mut ReportData) -> &mut WorldReport {
        data.world.as_mut().unwrap()
    }
    fn life(data: &mut ReportData) -> &mut RecordedLife {
        episode(data).life.as_mut().unwrap()
    }
    let cases: [(Spoil, &str); 8] = [
        (|data| world(data).scores[2].mean = f64::NAN, "the mean of \"pd\" is NaN"),
        (|data| world(data).scores[0].low = 0.06, "the lower end of \"chip arithmetic\" is 0.06"),
        (|data| world(data).courses[0].changes[0] = f64::INFINITY, "a change of \"A life: the error\" is inf"),
        (
            |data| world(data).courses[0].curves[2].points[3].at = 0.1,
            "the time of \"pd\" in \"A life: the error\" is 0.1",
        ),
        (|data| life(data).changes[0] = 401, "the step of a change is 401, the limit is 400"),
        (|data| life(data).coordinates[0].desired.truncate(7), "desired values of coordinate 1 has 7 values"),
        (|data| life(data).coordinates[1].actual[1].values[4] = f32::NAN, "coordinate 2 of P frozen is NaN"),
        (|data| life(data).senses[2].values.truncate(9), "sense 2 has 9 values, expected 400"),
    ];
    for (spoil, expected) in cases {
        let mut data = plant();
        spoil(&mut data);
        let found = render(&data).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
    }
}
