//! Episodes, splits and augmentations, on synthetic drawings.

use std::collections::HashSet;
use std::path::Path;

use super::classes::{Form, Joined};
use super::drawing::drawing;
use super::error::DataError;
use super::library::Library;
use super::parameters::{DrawingSource, InputCoding, OneShotParameters};
use super::split::Split;
use super::synthetic;
use super::task::OneShot;
use super::warp::Warp;
use crate::episode::Episode;
use crate::phase::PhaseKind;
use crate::seed::{Purpose, rng};
use crate::task::{Requirements, Task};
use crate::unseen::{EpisodeIndex, episode};

fn task(change: impl FnOnce(&mut OneShotParameters)) -> OneShot {
    let mut parameters = OneShotParameters { source: DrawingSource::Synthetic, ..OneShotParameters::default() };
    change(&mut parameters);
    OneShot::new(parameters, None).unwrap()
}

fn fault(change: impl FnOnce(&mut OneShotParameters)) -> String {
    let mut parameters = OneShotParameters { source: DrawingSource::Synthetic, ..OneShotParameters::default() };
    change(&mut parameters);
    let task = OneShot::new(parameters, None).and_then(|task| task.check_training());
    task.unwrap_err().to_string()
}

fn draw_episode(task: &OneShot, purpose: Purpose, index: u64) -> Episode {
    episode(task, 1, purpose, EpisodeIndex::alone(index))
}

#[test]
fn an_episode_labels_every_class_and_then_queries_fresh_drawings_of_it() {
    let task = task(|task| (task.ways, task.shots, task.queries, task.steps) = (5, 3, 2, 6));
    assert_eq!(
        task.requirements(),
        Requirements { inputs: 804, analog: 0, classes: 20, ..Requirements::default() }
    );
    assert_eq!((task.steps(Purpose::Test), task.decisions(), task.chance()), (150, 10, 0.2));
    let episode = draw_episode(&task, Purpose::Test, 0);
    assert_eq!((episode.steps, episode.inputs.len()), (150, 150 * 804_usize.div_ceil(8)));
    assert_eq!(episode.state_resets, (0..25).map(|image| 6 * image).collect::<Vec<_>>());
    let (support, queries) = episode.phases.split_at(15);
    let labelled: Vec<_> = support.iter().map(|phase| phase.kind.labelled_class().unwrap()).collect();
    let queried: Vec<_> = queries.iter().filter_map(|phase| query_class(phase.kind)).collect();
    let sorted = |classes: &[usize]| {
        let mut classes = classes.to_vec();
        classes.sort_unstable();
        classes
    };
    assert_eq!(sorted(&labelled), (0..15).map(|sample| sample / 3).collect::<Vec<_>>());
    assert_eq!(sorted(&queried), (0..10).map(|sample| sample / 2).collect::<Vec<_>>());
    assert_ne!(labelled, sorted(&labelled));
    for (decision, phase) in episode.decisions.iter().zip(queries) {
        assert_eq!(phase.steps, decision.start..decision.end);
        assert_eq!((Some(decision.target), decision.among), (query_class(phase.kind), 5));
    }
}

#[test]
fn classes_come_one_by_one_with_queries_of_all_known() {
    let task = task(|task| (task.ways, task.shots, task.queries, task.continual, task.steps) = (4, 2, 3, true, 5));
    assert_eq!((task.decisions(), task.steps(Purpose::Test), task.state_resets()), (27, 35 * 5, 34));
    assert_eq!(task.chance(), 9.0 / 27.0);
    let episode = draw_episode(&task, Purpose::Test, 2);
    assert_eq!((episode.steps, episode.decisions.len(), episode.state_resets.len()), (35 * 5, 27, 35));
    let picture = |steps: &std::ops::Range<usize>| -> Vec<_> {
        episode.spiking_at(steps.start).filter(|neuron| *neuron < 784).collect()
    };
    let (mut known, mut supported, mut decisions) = (0, HashSet::new(), episode.decisions.iter());
    let mut queried = Vec::new();
    for phase in &episode.phases {
        if let Some(class) = phase.kind.labelled_class() {
            assert!(supported.insert(picture(&phase.steps)), "a support sample is a new drawing");
            assert!(class == known || class + 1 == known);
            known = class + 1;
        } else {
            let decision = decisions.next().unwrap();
            assert_eq!((decision.start..decision.end, decision.among), (phase.steps.clone(), known));
            assert_eq!(Some(decision.target), query_class(phase.kind));
            assert!(!supported.contains(&picture(&phase.steps)), "no query is a support sample");
            queried.push((known, decision.target));
        }
    }
    queried.sort_unstable();
    let all = (2..=4).flat_map(|known| (0..3 * known).map(move |query| (known, query / 3)));
    assert_eq!(queried, all.collect::<Vec<_>>());
}

fn query_class(kind: PhaseKind) -> Option<usize> {
    if let PhaseKind::Query { item } = kind { Some(item) } else { None }
}

#[test]
fn a_label_spikes_in_every_step_of_its_samples_and_in_no_other() {
    let task = task(|task| task.ways = 7);
    let episode = draw_episode(&task, Purpose::Training, 3);
    let mut pictures = HashSet::new();
    for phase in &episode.phases {
        for step in phase.steps.clone() {
            let labels: Vec<_> = episode.spiking_at(step).filter(|neuron| *neuron >= 784).collect();
            let expected: Vec<_> = phase.kind.labelled_class().map(|class| 784 + class).into_iter().collect();
            assert_eq!(labels, expected);
        }
        let picture: Vec<_> = episode.spiking_at(phase.steps.start).filter(|neuron| *neuron < 784).collect();
        assert!((10..400).contains(&picture.len()) && pictures.insert(picture), "{phase:?}");
    }
}

#[test]
fn a_binary_picture_stays_and_a_graded_one_wanes_to_its_darkest() {
    let at = |episode: &Episode, step| episode.spiking_at(step).collect::<HashSet<_>>();
    let binary = draw_episode(&task(|task| task.steps = 5), Purpose::Test, 0);
    assert!((1..5).all(|step| at(&binary, step) == at(&binary, 0)));
    let graded = draw_episode(&task(|task| (task.steps, task.input) = (5, InputCoding::Graded)), Purpose::Test, 0);
    assert!((1..5).all(|step| at(&graded, step).is_subset(&at(&graded, step - 1))));
    assert_eq!(at(&graded, 2), at(&binary, 2), "the step in the middle has the threshold itself");
    assert!(at(&graded, 0).len() > at(&binary, 0).len() && at(&graded, 4).len() < at(&binary, 0).len());
}

#[test]
fn an_episode_depends_on_seed_purpose_and_index_alone() {
    let (one, other) = (task(|_| ()), task(|_| ()));
    for purpose in [Purpose::Training, Purpose::Validation, Purpose::Test] {
        assert_eq!(draw_episode(&one, purpose, 4), draw_episode(&other, purpose, 4));
        assert_ne!(draw_episode(&one, purpose, 4), draw_episode(&one, purpose, 5));
    }
}

#[test]
fn no_alphabet_serves_two_purposes() {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let task = task(|task| {
        task.held_out = Some(named(&["Synthetic_02", "Synthetic_07"]));
        task.validation = named(&["Synthetic_05"]);
    });
    let seen = |purpose, within_alphabet: f64| {
        let parameters = OneShotParameters { within_alphabet, ..task.parameters.clone() };
        let split = Split::new(&task.library, &parameters).unwrap();
        let task = OneShot { parameters, library: synthetic::library(), split };
        let mut alphabets = HashSet::new();
        for index in 0..40 {
            for class in task.draw_classes(purpose, &mut rng(1, purpose, index)) {
                let owner = task.library.alphabets().iter().find(|alphabet| {
                    alphabet.characters.iter().any(|character| std::ptr::eq(character, class.character))
                });
                alphabets.insert(owner.unwrap().name.clone());
            }
            if alphabets.len() > 1 && within_alphabet == 1.0 && index == 0 {
                panic!("an episode within one alphabet had {alphabets:?}");
            }
        }
        let mut alphabets: Vec<_> = alphabets.into_iter().collect();
        alphabets.sort();
        alphabets
    };
    for within in [0.0, 1.0] {
        assert_eq!(seen(Purpose::Test, within), ["Synthetic_02", "Synthetic_07"]);
        assert_eq!(seen(Purpose::Validation, within), ["Synthetic_05"]);
        assert_eq!(
            seen(Purpose::Training, within),
            [1, 3, 4, 6, 8, 9, 10].map(|number| format!("Synthetic_{number:02}"))
        );
    }
}

#[test]
fn only_training_turns_and_distorts() {
    let distorted = task(|task| task.ways = 10);
    let plain = task(|task| {
        (task.ways, task.dihedral) = (10, false);
        (task.rotation, task.shear, task.log_scale, task.translation) = (0.0, 0.0, 0.0, 0.0);
    });
    for purpose in [Purpose::Validation, Purpose::Test] {
        assert_eq!(draw_episode(&distorted, purpose, 0), draw_episode(&plain, purpose, 0));
    }
    assert_ne!(draw_episode(&distorted, Purpose::Training, 0), draw_episode(&plain, Purpose::Training, 0));
}

#[test]
fn within_an_alphabet_all_characters_are_turned_and_warped_alike_and_else_each_by_itself() {
    for (within_alphabet, alike) in [(1.0, true), (0.0, false)] {
        let task = task(|task| (task.within_alphabet, task.class_warp) = (within_alphabet, 4.0));
        let drawn = |index| task.draw_classes(Purpose::Training, &mut rng(1, Purpose::Training, index));
        let kinds = |index, kind: fn(&Form) -> String| {
            drawn(index).iter().map(|class| kind(&class.form)).collect::<HashSet<_>>()
        };
        let turned: Vec<_> = (0..100).map(|index| kinds(index, |form| format!("{:?}", form.symmetry))).collect();
        assert!(turned.iter().all(|turned| (turned.len() == 1) == alike));
        assert_eq!(turned.into_iter().flatten().collect::<HashSet<_>>().len(), 8);
        let warped = kinds(0, |form| format!("{:?}", form.warp));
        assert_eq!(warped.len(), if alike { 1 } else { 20 });
        assert!(drawn(0).iter().all(|class| class.form.warp != Warp::default()));
        let tested = task.draw_classes(Purpose::Test, &mut rng(1, Purpose::Test, 0));
        assert!(tested.iter().all(|class| class.form.warp == Warp::default()));
    }
}

#[test]
fn half_swap_mixing_is_of_two_characters_and_each_character_is_in_two() {
    let task = task(|task| (task.within_alphabet, task.half_swap_mixing, task.class_warp) = (0.0, 1.0, 4.0));
    let mut seen = HashSet::new();
    for index in 0..20 {
        let classes = task.draw_classes(Purpose::Training, &mut rng(1, Purpose::Training, index));
        let (form, halves) = (classes[0].form, classes[0].joined.unwrap().halves);
        for (class, next) in classes.iter().zip(classes.iter().cycle().skip(1)) {
            assert_eq!(class.joined, Some(Joined { character: next.character, halves }));
            assert_eq!((class.form.symmetry, class.form.warp), (form.symmetry, form.warp));
        }
        seen.insert(format!("{halves:?}"));
    }
    assert_eq!(seen.len(), 2);
    let tested = task.draw_classes(Purpose::Test, &mut rng(1, Purpose::Test, 0));
    assert!(tested.iter().all(|class| class.joined.is_none()));
}

#[test]
fn a_mixed_drawing_is_of_one_drawing_of_each() {
    let task = task(|task| (task.within_alphabet, task.half_swap_mixing) = (0.0, 1.0));
    let mut rng = rng(1, Purpose::Training, 0);
    let class = task.draw_classes(Purpose::Training, &mut rng).swap_remove(0);
    let Joined { character: other, halves } = class.joined.unwrap();
    let pairs =
        class.character.drawings.iter().flat_map(|first| other.drawings.iter().map(move |second| (first, second)));
    let all: Vec<_> = pairs.map(|(first, second)| first.joined(second, halves)).collect();
    let drawn = class.draw(2, &mut rng);
    assert!(drawn[0] != drawn[1] && drawn.iter().all(|drawing| all.contains(drawing)));
}

#[test]
fn strokes_grow_and_shrink_and_parts_go_missing_where_requested() {
    let dark = |change: fn(&mut OneShotParameters)| {
        let task = task(|task| {
            (task.ways, task.rotation, task.shear, task.log_scale, task.translation) = (2, 0.0, 0.0, 0.0, 0.0);
            change(task);
        });
        let count = |index| draw_episode(&task, Purpose::Training, index).spiking_at(0).count();
        (0..30).map(count).collect::<Vec<_>>()
    };
    let (plain, thick, erased) = (dark(|_| ()), dark(|task| task.thickness = 1.0), dark(|task| task.erasing = 0.9));
    assert!(plain.iter().zip(&thick).any(|(plain, thick)| plain < thick));
    assert!(erased.iter().sum::<usize>() < plain.iter().sum::<usize>());
}

#[test]
fn what_is_required_of_the_drawings_has_to_be_there() {
    let named = |name: &str| vec![name.to_owned()];
    type Change<'c> = &'c dyn Fn(&mut OneShotParameters);
    let cases: [(Change<'_>, &str); 7] = [
        (
            &|task| task.held_out = Some(named("Greek")),
            "task.held_out: there is no alphabet \"Greek\" among the drawings; there are: Synthetic_01, ",
        ),
        (&|task| task.validation = named("Greek"), "task.validation: there is no alphabet \"Greek\""),
        (
            &|task| task.validation = named("Synthetic_10"),
            "task.validation: alphabet \"Synthetic_10\" is in task.held_out too",
        ),
        (
            &|task| task.held_out = Some((1..=10).map(|number| format!("Synthetic_{number:02}")).collect()),
            "hold back every alphabet; none is left for training",
        ),
        (
            &|task| task.queries = 20,
            "task.shots = 1 and task.queries = 20 need 21 drawings of a character; character01 of Synthetic_01 has 20",
        ),
        (&|task| (task.labels, task.ways) = (40, 40), "task.ways = 40: alphabet Synthetic_"),
        (
            &|task| {
                (task.labels, task.ways, task.within_alphabet, task.held_out) =
                    (40, 40, 0.0, Some(named("Synthetic_01")))
            },
            "task.ways = 40: the alphabets for test have",
        ),
    ];
    for (change, part) in cases {
        let message = fault(change);
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
    let given =
        |parameters: &OneShotParameters, data| OneShot::new(parameters.clone(), data).unwrap_err().to_string();
    assert!(given(&OneShotParameters::default(), None).contains("pass --data DIR"));
    let synthetic = OneShotParameters { source: DrawingSource::Synthetic, ..OneShotParameters::default() };
    assert!(given(&synthetic, Some(Path::new("data"))).contains("reads no drawings"));
}

#[test]
fn every_alphabet_may_be_for_tests_alone() {
    let task = task(|task| task.held_out = Some((1..=10).map(|number| format!("Synthetic_{number:02}")).collect()));
    assert_eq!(draw_episode(&task, Purpose::Test, 0).decisions.len(), 20);
    assert!(task.check_training().is_err());
}

#[test]
fn drawings_of_ones_own_are_split_by_default() {
    let split = |names: &[&str]| {
        let drawings = || (1..=2).map(|drawer| (drawer.to_string(), drawing(16, |y, _| y == 3))).collect();
        let characters = || (1..=2).map(|number| (number.to_string(), drawings())).collect();
        let library = Library::new(names.iter().map(|name| ((*name).to_owned(), characters())).collect());
        let parameters = OneShotParameters { ways: 2, ..OneShotParameters::default() };
        Split::new(&library, &parameters).unwrap().held_out(&library)
    };
    assert_eq!(split(&["Early_Aramaic", "Greek", "Sanskrit"]), ["Sanskrit", "Early_Aramaic"]);
    assert_eq!(split(&["Greek", "Sanskrit"]), ["Sanskrit"]);
    assert_eq!(split(&["A", "B"]), ["B"]);
    assert_eq!(split(&["A", "B", "C", "D", "E", "F"]), ["E", "F"]);
}

#[test]
fn training_leaves_out_alphabets_that_are_too_small_for_an_episode() {
    let mut task = task(|_| ());
    let sizes: Vec<_> = task.library.alphabets().iter().map(|alphabet| alphabet.characters.len()).collect();
    let largest = (0..8).max_by_key(|alphabet| sizes[*alphabet]).unwrap();
    (task.parameters.labels, task.parameters.ways) = (64, sizes[largest] as u16);
    task.parameters.held_out = Some(vec![task.library.alphabets()[largest].name.clone()]);
    let large: Vec<_> =
        (0..10).filter(|alphabet| *alphabet != largest && sizes[*alphabet] >= sizes[largest]).collect();
    let split = Split::new(&task.library, &task.parameters).unwrap();
    assert_eq!(split.alphabets(Purpose::Training).large, large);
    if let Err(fault) = split.check_training(&task.library, &task.parameters) {
        assert!(large.is_empty() && matches!(fault, DataError::NoAlphabetLargeEnough { .. }), "{fault}");
    }
}

#[test]
fn parameters_are_written_out_and_make_the_same_task() {
    let written = task(|task| task.ways = 5).parameters();
    assert!(written.starts_with("name = \"one-shot\"\nways = 5\n"), "{written}");
    assert!(written.contains("held_out = [\"Synthetic_09\", \"Synthetic_10\"]") && !written.contains("data"));
    let mut table: toml::Table = written.parse().unwrap();
    table.remove("name");
    assert_eq!((super::DESCRIPTOR.from_table)(table, None).unwrap().parameters(), written);
}

#[test]
fn training_may_show_pictures_for_fewer_steps() {
    let task = task(|task| (task.ways, task.steps, task.training_steps) = (5, 8, 3));
    for (purpose, steps) in [(Purpose::Training, 3), (Purpose::Validation, 8), (Purpose::Test, 8)] {
        let episode = draw_episode(&task, purpose, 0);
        assert_eq!((episode.steps, task.steps(purpose)), (10 * steps, 10 * steps));
        assert!(episode.phases.iter().all(|phase| phase.steps.len() == steps));
    }
}
