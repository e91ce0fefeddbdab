//! The report page of an invented episode: self-contained, escaped, repeatable, and explicit about what is left
//! out.
//!
//! The page is also written to `CARGO_TARGET_TMPDIR/report.html`, to be opened and looked at.

mod invented;
mod one_shot;
mod world;

use std::path::Path;

use metaplastic_report::data::{Histogram, RecordedEpisode, ReportData};
use metaplastic_report::{ReportError, life_figure, render};

/// The headings of every section, in order.
const HEADINGS: [&str; 11] = [
    "Learning to learn: the course of meta-training",
    "Does it learn on the chip, and from what?",
    "Within an episode: does what was learned last?",
    "A life: does it go on learning?",
    "One episode: every spike",
    "The same episode: modulators and third factor",
    "The same episode: how far the synapses move",
    "The plastic weights when the episode ends",
    "The plasticity rule",
    "Numbers on the chip",
    "How this was made",
];

/// Makes data inconsistent.
type Spoil = fn(&mut ReportData);

fn episode(data: &mut ReportData) -> &mut RecordedEpisode {
    data.episode.as_mut().expect("the invented run has an episode")
}

fn headings(page: &str) -> Vec<&str> {
    page.split("<h2>").skip(1).map(|rest| rest.split_once("</h2>").map_or(rest, |(heading, _)| heading)).collect()
}

#[test]
fn a_page_to_look_at_is_written() {
    let page = render(&invented::report()).unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html");
    std::fs::write(&path, &page).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), page);
}

#[test]
fn the_figure_of_a_life_is_a_file_of_its_own_with_its_legend() {
    let svg = life_figure(&invented::report()).unwrap();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("life.svg"), &svg).unwrap();
    assert!(
        svg.starts_with("<svg")
            && svg.contains("xmlns=\"http://www.w3.org/2000/svg\"")
            && svg.ends_with("</svg>\n")
    );
    for part in ["this network: 98.0 % in episode 1, 98.0 % in episodes 191 to 200", "chance, 50.0 %"] {
        assert!(svg.contains(part), "{part:?} is not in: {svg}");
    }
    assert!(life_figure(&ReportData { chance: 2.0, ..ReportData::default() }).is_err());
    assert!(life_figure(&ReportData::default()).is_ok());
}

#[test]
fn a_life_of_one_episode_and_lives_without_a_point_are_drawn() {
    let mut data = invented::report();
    data.lives[0].points.truncate(1);
    data.lives[1].points.clear();
    assert_eq!(render(&data).unwrap().matches("<svg").count(), 8);
}

#[test]
fn nothing_outside_the_page_is_named() {
    let page = render(&invented::report()).unwrap();
    for outside in ["http", "src=", "href=", "<script", "@import", "url(", "xmlns"] {
        assert!(!page.contains(outside), "the page names {outside}");
    }
}

#[test]
fn every_section_is_there_in_order_whether_drawn_or_left_out() {
    let (full, empty) = (render(&invented::report()).unwrap(), render(&ReportData::default()).unwrap());
    assert_eq!(headings(&full), HEADINGS);
    assert_eq!(headings(&empty), HEADINGS);
    for drawn_last in ["third factor M of hidden&gt;output", "hidden&gt;output: 512 synapses"] {
        assert!(full.contains(drawn_last), "{drawn_last}");
    }
    assert_eq!((full.matches("<svg").count(), full.matches("class=\"left-out\"").count()), (8, 0));
    assert_eq!((empty.matches("<svg").count(), empty.matches("class=\"left-out\"").count()), (0, 11));
}

#[test]
fn tags_are_closed() {
    let page = render(&invented::report()).unwrap();
    for tag in ["svg", "text", "section", "figure", "table", "tr", "td", "ul", "li", "dl", "pre", "div"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        assert_ne!(opened, 0, "{tag}");
    }
}

#[test]
fn the_same_data_make_the_same_page() {
    assert_eq!(render(&invented::report()).unwrap(), render(&invented::report()).unwrap());
}

#[test]
fn every_text_from_outside_is_escaped() {
    let data = invented::report_named("<b>&\"'");
    let page = render(&data).unwrap();
    assert!(!page.contains("<b>"), "a name reached the page as HTML");
    assert!(page.matches("&lt;b&gt;&amp;&quot;'").count() >= 10);
}

#[test]
fn every_spike_and_every_value_is_drawn() {
    let mut data = invented::report();
    let rectangles = |data: &ReportData| render(data).unwrap().matches("<rect").count();
    let with_spike = rectangles(&data);
    episode(&mut data).rasters[0].spikes.pop();
    assert_eq!(rectangles(&data), with_spike - 1);
    let page = render(&data).unwrap();
    assert!(page.contains("99.1 %  (98.8 to 99.4)") && page.contains("chance 50.0 %"));
}

#[test]
fn values_that_are_not_finite_are_left_out_of_the_curve_and_counted() {
    let mut data = invented::report();
    data.curve[3].loss = f64::NAN;
    data.curve[5].gradient_norm = f64::INFINITY;
    let page = render(&data).unwrap();
    assert!(page.contains("248 meta-steps of gradient descent") && !page.contains("NaN"));
    assert!(page.contains("Left out: 2 meta-steps with a value that is not finite."));
}

#[test]
fn a_curve_of_one_point_and_silent_populations_are_drawn() {
    let mut data = invented::report();
    data.curve.truncate(1);
    let episode = episode(&mut data);
    episode.rasters.iter_mut().for_each(|raster| raster.spikes.clear());
    episode.plastic_rms.iter_mut().for_each(|trace| trace.values.fill(0.0));
    episode.modulators.clear();
    assert_eq!(render(&data).unwrap().matches("<svg").count(), 8);
}

#[test]
fn modulators_without_a_third_factor_are_drawn() {
    let mut data = invented::report();
    episode(&mut data).third_factor.clear();
    assert_eq!(render(&data).unwrap().matches("<svg").count(), 8);
}

#[test]
fn inconsistent_data_are_refused_by_name() {
    let refusal = |spoil: Spoil| {
        let mut data = invented::report();
        spoil(&mut data);
        render(&data).unwrap_err().to_string()
    };
    let cases: [(Spoil, &str); 15] = [
        (|data| data.lives[0].points[0].first = 0, "the number of episode 0 of the life of \"this network\" is 0"),
        (|data| data.lives[1].points[4].first = 4, "the number of episode 4 of the life of \"trained without"),
        (|data| data.lives[0].points[12].last = 30, "the last of the block of episode 31"),
        (|data| data.lives[0].points[1].high = 0.9, "upper end of the interval of episode 2"),
        (|data| data.chance = 1.5, "report data: chance is 1.5, expected 0 to 1"),
        (
            |data| data.accuracies[0].low = f64::NAN,
            "lower end of the interval of \"float, on the host computer\" is NaN",
        ),
        (
            |data| data.accuracies[0].high = 0.5,
            "upper end of the interval of \"float, on the host computer\" is 0.5",
        ),
        (|data| episode(data).steps = 0, "the episode starts at 0 and ends before 0"),
        (|data| episode(data).modulators[2].values.truncate(7), "has 7 values, expected 180"),
        (
            |data| episode(data).plastic_weights[0].weights[1].values.truncate(9),
            "synapse 1 has 9 values, expected 180",
        ),
        (|data| episode(data).third_factor[0].mean[4] = f32::NAN, "input&gt;hidden, mean is NaN"),
        (|data| episode(data).rasters[1].spikes.push((0, 64)), "spike of hidden is 64, the limit is 63"),
        (|data| episode(data).phases[0].end = 181, "is 181, the limit is 180"),
        (|data| episode(data).rasters[0].bands[1].end = 64, "starts at 64 and ends before 64"),
        (|data| data.plastic_distribution[0].edges.truncate(3), "has 3 values, expected 42"),
    ];
    for (spoil, expected) in cases {
        let found = refusal(spoil);
        assert!(found.contains(&expected.replace("&gt;", ">")), "{found}");
    }
}

#[test]
fn a_histogram_needs_a_bin_and_ascending_edges() {
    let none = Histogram { projection: "p".into(), edges: vec![0.0], counts: vec![] };
    let flat = Histogram { projection: "p".into(), edges: vec![0.0, 0.0], counts: vec![3] };
    for histogram in [none, flat] {
        let data = ReportData { plastic_distribution: vec![histogram], ..ReportData::default() };
        assert!(matches!(render(&data), Err(ReportError::Length { .. } | ReportError::Value { .. })));
    }
}
