//! Episodes, splits, augmentation and data, on windows made here.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use metaplastic_shared::encoder::combined;

use super::choices::{Encoding, GroupName, HeldOut, HeldOutBy, WindowOrder, WindowSource};
use super::parameters::WindowsParameters;
use super::set::{NamedWindow, WindowSet};
use super::standardisation::FRACTION_BITS;
use super::task::WindowsTask;
use crate::analog::{to_integer, to_value};
use crate::control_scores::control_scores;
use crate::episode::Episode;
use crate::phase::PhaseKind;
use crate::seed::Purpose;
use crate::task::{Requirements, Task};
use crate::unseen::{EpisodeIndex, Unseen, episode};

/// Six classes in three groups, six windows of each class in each, of two channels; unequal lengths. A class has a mean of its
/// own.
fn set() -> WindowSet {
    let window = |class: usize, group: usize, number: usize| {
        let value = |index: usize| (10 * class) as f32 + ((index * 7 + number * 3 + group) % 5) as f32;
        let samples = (0..2 * (5 + number)).map(value).collect();
        NamedWindow { samples, class: format!("c{class}"), group: format!("g{group}") }
    };
    let named = (0..6)
        .flat_map(|class| (0..3).flat_map(move |group| (0..6).map(move |number| window(class, group, number))));
    WindowSet::new(2, named.collect())
}

fn parameters(change: impl FnOnce(&mut WindowsParameters)) -> WindowsParameters {
    let mut parameters = WindowsParameters { queries: 2, frames: 4, ..WindowsParameters::default() };
    change(&mut parameters);
    parameters.checked().unwrap()
}

fn task(change: impl FnOnce(&mut WindowsParameters)) -> WindowsTask {
    WindowsTask::with(parameters(change), set()).unwrap()
}

fn fault(change: impl FnOnce(&mut WindowsParameters)) -> String {
    let task = WindowsTask::with(parameters(change), set()).map_err(|fault| fault.to_string());
    task.and_then(|task| task.check_training().map_err(|fault| fault.to_string())).unwrap_err()
}

fn draw(task: &WindowsTask, purpose: Purpose, index: u64) -> Episode {
    episode(task, 1, purpose, EpisodeIndex::alone(index))
}

fn names(names: &[&str]) -> HeldOut {
    HeldOut::Named(names.iter().map(|name| (*name).to_owned()).collect())
}

/// The classes and groups of the windows that the episodes of a purpose show.
fn seen(task: &WindowsTask, purpose: Purpose) -> (HashSet<usize>, Vec<HashSet<usize>>) {
    let (mut classes, mut groups) = (HashSet::new(), Vec::new());
    for index in 0..40 {
        let windows: Vec<_> =
            draw(task, purpose, index).samples.iter().map(|number| &task.set.windows[*number]).collect();
        classes.extend(windows.iter().map(|window| window.class));
        groups.push(windows.iter().map(|window| window.group).collect());
    }
    (classes, groups)
}

#[test]
fn an_episode_labels_every_class_and_then_queries_other_windows_of_it() {
    let task = task(|task| (task.shots, task.labels) = (2, 4));
    let requirements = Requirements { inputs: 4, analog: 2, classes: 4, ..Requirements::default() };
    assert_eq!(task.requirements(), requirements);
    let episode = draw(&task, Purpose::Test, 3);
    assert_eq!((episode.steps, task.steps(Purpose::Test)), (12 * 8, 12 * 8));
    assert_eq!((episode.state_resets.len(), task.state_resets()), (12, 11));
    assert_eq!((episode.decisions.len(), task.decisions()), (6, 6));
    assert_eq!(episode.samples.iter().collect::<HashSet<_>>().len(), 12, "no window is shown twice");
    for (phase, number) in episode.phases.iter().zip(&episode.samples) {
        let label: Vec<_> = phase.kind.labelled_class().into_iter().collect();
        assert!(phase.steps.clone().all(|step| episode.spiking_at(step).collect::<Vec<_>>() == label));
        let class = task.set.windows[*number].class;
        let same = episode
            .phases
            .iter()
            .zip(&episode.samples)
            .filter(|(_, other)| task.set.windows[**other].class == class);
        let shown: Vec<_> = same.map(|(phase, _)| phase.kind).collect();
        assert_eq!(shown.len(), 4, "{shown:?}");
    }
    let first = &episode.phases[0];
    assert_eq!(episode.analog_at(first.steps.start), episode.analog_at(first.steps.start + 1));
}

#[test]
fn positions_spike_between_the_signal_and_the_labels_each_in_its_part_of_a_window() {
    let task = task(|task| (task.encoder, task.positions, task.threshold) = (Encoding::Delta, 3, 7.0));
    assert_eq!(task.requirements().inputs, 4 + 3 + 3);
    let episode = draw(&task, Purpose::Test, 0);
    for phase in &episode.phases {
        let spiking = |step: usize| episode.spiking_at(step).filter(|neuron| *neuron >= 4).collect::<Vec<_>>();
        let label = phase.kind.labelled_class().map(|class| 4 + 3 + class);
        for (step, position) in phase.steps.clone().zip([0, 0, 0, 1, 1, 1, 2, 2]) {
            assert_eq!(spiking(step), [Some(4 + position), label].into_iter().flatten().collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_stream_labels_the_first_windows_of_each_class_and_is_never_reset() {
    let task = task(|task| (task.shots, task.order) = (2, WindowOrder::Stream));
    let mut firsts = HashSet::new();
    for index in 0..20 {
        let episode = draw(&task, Purpose::Test, index);
        assert_eq!((episode.state_resets.len(), task.state_resets(), episode.decisions.len()), (0, 0, 6));
        let mut seen = [0; 3];
        for phase in &episode.phases {
            let (class, is_support) = match phase.kind {
                PhaseKind::Support { class } => (class, true),
                PhaseKind::Query { item } => (item, false),
                other => panic!("{other:?}"),
            };
            seen[class] += 1;
            assert_eq!(is_support, seen[class] <= 2, "window {} of a class", seen[class]);
        }
        assert_eq!(seen, [4; 3]);
        firsts.insert(episode.phases.iter().position(|phase| !phase.kind.is_labelled()));
    }
    assert!(firsts.len() > 1, "a query may come before another class is known");
    let controls = control_scores(&task.controls(), &Unseen { task: &task, seed: 1, episodes: 20 });
    assert!(controls.iter().all(|score| (score.correct, score.decisions) == (120, 120)), "{controls:?}");
}

#[test]
fn every_class_serves_one_purpose() {
    let task = task(|task| {
        (task.ways, task.held_out, task.validation) = (2, Some(names(&["c0", "c3"])), names(&["c1", "c5"]))
    });
    assert_eq!(seen(&task, Purpose::Training).0, [2, 4].into());
    assert_eq!(seen(&task, Purpose::Validation).0, [1, 5].into());
    assert_eq!(seen(&task, Purpose::Test).0, [0, 3].into());
}

#[test]
fn every_group_serves_one_purpose_and_an_episode_has_one() {
    let task = task(|task| (task.held_out_by, task.held_out) = (HeldOutBy::Group, Some(HeldOut::Last(1))));
    let (classes, groups) = seen(&task, Purpose::Test);
    assert_eq!(classes.len(), 6);
    assert!(groups.iter().all(|groups| *groups == [2].into()));
    let (_, groups) = seen(&task, Purpose::Training);
    assert!(groups.iter().all(|groups| groups.len() == 1 && !groups.contains(&2)));
    assert!(task.parameters().contains("held_out = [\"g2\"]"), "{}", task.parameters());
}

#[test]
fn a_split_that_cannot_be_is_refused() {
    let held_out = |names: HeldOut| move |task: &mut WindowsParameters| task.held_out = Some(names);
    let known = "c0, c1, c2, c3, c4, c5";
    assert_eq!(
        fault(held_out(names(&["c9"]))),
        format!("task.held_out: no class is called \"c9\"; there are: {known}")
    );
    assert_eq!(
        fault(held_out(HeldOut::Last(7))),
        format!("task.held_out = 7: of each class serving one purpose, only 6 are left for it; there are: {known}")
    );
    assert!(fault(held_out(HeldOut::Last(0))).starts_with("task.held_out is empty"));
    assert!(fault(held_out(HeldOut::Last(2))).contains("test episodes of task.ways = 3 classes"));
    assert!(fault(held_out(HeldOut::Last(4))).contains("training episodes of task.ways = 3 classes"));
    let shared = fault(|task| (task.held_out, task.validation) = (Some(HeldOut::Last(3)), names(&["c4"])));
    assert_eq!(shared, "class c4 is both in task.held_out and in task.validation; each serves one purpose");
    assert!(fault(|task| task.shots = 20).contains("task.shots + task.queries = 22 windows each"));
}

#[test]
fn whitened_values_are_combinations_of_standardised_ones_and_travel_in_the_parameters() {
    let plain = task(|_| ());
    let whitened = task(|task| task.whitening = 0.5);
    let rows = WindowsParameters::from_text(&whitened.parameters()).unwrap().whitening_rows;
    assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    let again = WindowsTask::with(WindowsParameters::from_text(&whitened.parameters()).unwrap(), set()).unwrap();
    assert_eq!(again.parameters(), whitened.parameters());
    for (before, after) in plain.encoded.iter().zip(&whitened.encoded) {
        for (before, after) in before.frames.iter().zip(&after.frames) {
            let values: Vec<_> = before.iter().map(|value| to_integer(*value, FRACTION_BITS)).collect();
            let combined = rows.iter().map(|row| to_value(combined(&values, row), FRACTION_BITS));
            assert_eq!(combined.collect::<Vec<_>>(), *after);
        }
    }
    assert_ne!(plain.encoded, whitened.encoded);
}

#[test]
fn constants_are_of_the_training_windows_and_travel_in_the_parameters() {
    let task = task(|_| ());
    let text = task.parameters();
    let again = WindowsParameters::from_text(&text).unwrap();
    assert_eq!(again.standardisation.len(), 2);
    // The set without what is held out has the same constants; one whose training windows differ has others.
    let mut other = set();
    other.windows.iter_mut().filter(|window| window.class >= 3).for_each(|window| window.samples[0] += 100.0);
    let same = WindowsTask::with(parameters(|_| ()), other).unwrap();
    assert_eq!(same.parameters(), text);
    let mut other = set();
    other.windows[0].samples[0] += 100.0;
    let differs = WindowsTask::with(parameters(|_| ()), other).unwrap();
    assert_ne!(differs.parameters(), text);
    let kept = WindowsTask::with(WindowsParameters::from_text(&differs.parameters()).unwrap(), set()).unwrap();
    assert_eq!(kept.parameters(), differs.parameters());
    let one = WindowSet::new(1, vec![]);
    assert!(WindowsTask::with(again, one).is_err());
}

#[test]
fn only_training_is_augmented() {
    let augmented = task(|task| {
        (task.time_warp, task.log_scale, task.noise) = (0.2, 0.1, 0.3);
        (task.channel_drop, task.mix, task.blend) = (0.2, 0.6, 0.5);
    });
    let plain = task(|_| ());
    for purpose in [Purpose::Validation, Purpose::Test] {
        assert_eq!(draw(&augmented, purpose, 0), draw(&plain, purpose, 0));
    }
    let [one, other] = [&augmented, &plain].map(|task| draw(task, Purpose::Training, 0));
    assert_ne!(one.analog, other.analog);
    assert_eq!(draw(&augmented, Purpose::Training, 0), one);
    // Without any augmentation, training sees what a chip does, up to the order of two roundings.
    let test = &plain.encoded[other.samples[0]].frames;
    let shown = other.analog_at(0).iter().zip(&test[0]);
    assert!(shown.clone().all(|(shown, test)| (shown - test).abs() < 1e-3), "{:?}", shown.collect::<Vec<_>>());
}

#[test]
fn every_encoder_makes_episodes_with_what_it_requires() {
    for (encoder, inputs, analog) in
        [(Encoding::Analog, 3, 4), (Encoding::Delta, 7, 0), (Encoding::FilterBank, 3, 10)]
    {
        let task = task(|task| (task.encoder, task.differences, task.noise) = (encoder, true, 0.2));
        let requirements = task.requirements();
        assert_eq!((requirements.inputs, requirements.analog), (inputs, analog));
        for purpose in [Purpose::Training, Purpose::Test] {
            let episode = draw(&task, purpose, 0);
            let last = episode.steps - 1;
            assert_eq!((episode.inputs_at(last).len(), episode.analog_at(last).len()), (1, analog));
            assert!(episode.analog.iter().all(|value| value.is_finite()));
        }
        let spikes = (0..task.steps(Purpose::Test))
            .flat_map(|step| draw(&task, Purpose::Test, 0).spiking_at(step).collect::<Vec<_>>());
        assert_eq!(spikes.collect::<HashSet<_>>().len() > 3, encoder == Encoding::Delta);
    }
}

#[test]
fn controls_answer_in_the_episodes_of_the_network() {
    let task = task(|_| ());
    let controls = task.controls();
    let names: Vec<_> = controls.iter().map(|control| control.name()).collect();
    assert_eq!(names, ["nearest-euclidean", "nearest-dtw", "nearest-prototype"]);
    let scores = control_scores(&controls, &Unseen { task: &task, seed: 1, episodes: 50 });
    for score in scores {
        // The classes of this set are far from each other.
        assert_eq!((score.correct, score.decisions, score.episodes), (300, 300, 50));
    }
}

#[test]
fn synthetic_vibrations_make_episodes() {
    let parameters =
        parameters(|task| (task.source, task.encoder) = (WindowSource::Synthetic, Encoding::FilterBank));
    let task = WindowsTask::new(parameters, None).unwrap();
    task.check_training().unwrap();
    assert_eq!((task.set.channels, task.set.classes.len(), task.set.groups.len()), (3, 40, 4));
    assert!(draw(&task, Purpose::Test, 0).analog.iter().all(|value| value.is_finite()));
}

const TS: &str = "@dimensions 1\n@classLabel true a b c d\n@data\n";

fn ts(first: f32) -> String {
    let windows = ["a", "b", "c", "d"]
        .iter()
        .flat_map(|label| (0..3).map(move |number| format!("{first},{number},{}:{label}\n", number * number)));
    format!("{TS}{}", windows.collect::<String>())
}

fn read(path: &Path, change: impl FnOnce(&mut WindowsParameters)) -> Result<WindowsTask, String> {
    let parameters = parameters(|task| {
        (task.ways, task.queries) = (2, 1);
        change(task);
    });
    WindowsTask::new(parameters, Some(path)).map_err(|fault| fault.to_string())
}

#[test]
fn data_are_a_file_a_folder_or_the_beginning_of_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("One_TRAIN.ts"), ts(1.0)).unwrap();
    fs::write(path("One_TEST.ts"), ts(2.0)).unwrap();
    fs::write(path("notes.txt"), "not data").unwrap();
    let windows = |path: &Path| read(path, |_| ()).unwrap().set.windows.len();
    assert_eq!([windows(folder.path()), windows(&path("One_TEST.ts")), windows(&path("One_T"))], [24, 12, 24]);
    let groups =
        read(folder.path(), |task| (task.groups, task.held_out_by) = (GroupName::File, HeldOutBy::Group)).unwrap();
    assert_eq!(groups.set.groups, ["One_TEST", "One_TRAIN"]);
    let no_groups = read(folder.path(), |task| task.held_out_by = HeldOutBy::Group).unwrap_err();
    assert!(
        no_groups.contains("no window has a group") && no_groups.contains("task.groups = \"file\""),
        "{no_groups}"
    );
    fs::write(path("Two.ts"), "@classLabel true a\n@data\n1:2:a\n").unwrap();
    let channels = read(folder.path(), |_| ()).unwrap_err();
    assert!(channels.contains("Two.ts: 2 channels") && channels.contains("One_TEST.ts has 1"), "{channels}");
    fs::write(path("Two.csv"), "").unwrap();
    let formats = read(folder.path(), |_| ()).unwrap_err();
    assert!(formats.contains("files of several formats, One_TEST.ts and Two.csv"), "{formats}");
    let nothing = read(&path("Three"), |_| ()).unwrap_err();
    assert!(nothing.contains("Three: no file that ends in .ts, .csv, .npy or .npz"), "{nothing}");
    fs::write(path("Bad.ts"), format!("{TS}1,2:a\n1,x:b\n")).unwrap();
    let bad = read(&path("Bad.ts"), |_| ()).unwrap_err();
    assert!(bad.contains("Bad.ts:5:3: \"x\" is not a number"), "{bad}");
    fs::write(path("Gone.ts"), format!("{TS}?,?:a\n")).unwrap();
    let gone = read(&path("Gone.ts"), |_| ()).unwrap_err();
    assert!(gone.contains("Gone.ts: line 4: every value of channel 1 is missing"), "{gone}");
}

/// The two sets of real sensors; `METAPLASTIC_WINDOWS` names their folder.
#[test]
fn the_archives_own_sets_are_read() {
    let Some(folder) = std::env::var_os("METAPLASTIC_WINDOWS") else { return };
    let read = |name: &str| {
        let parameters = WindowsParameters { ways: 2, ..WindowsParameters::default() };
        WindowsTask::new(parameters, Some(&Path::new(&folder).join(name))).unwrap().set
    };
    let vowels = read("JapaneseVowels");
    assert_eq!((vowels.channels, vowels.classes.len(), vowels.windows.len()), (12, 9, 640));
    let motions = read("BasicMotions");
    assert_eq!((motions.channels, motions.classes.len(), motions.windows.len()), (6, 4, 80));
}
