//! The classes and windows of an episode. It knows neither values nor spikes.

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::choices::WindowOrder;
use super::parameters::WindowsParameters;
use super::split::{ClassPool, PooledClass};
use crate::seed::{Purpose, TaskRng};

/// A window that an episode shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ShownWindow {
    /// Its number in the set.
    pub(super) window: usize,
    /// A window that is blended with it, if its class is a blend.
    pub(super) blended: Option<BlendedWindow>,
    /// The label of its class in the episode.
    pub(super) label: usize,
}

/// The second window of a blend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BlendedWindow {
    /// Its number in the set.
    pub(super) window: usize,
    /// Its fraction of the blend, the same for all windows of the class.
    pub(super) fraction: f32,
}

/// What an episode shows at one position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DrawnWindow {
    pub(super) shown: ShownWindow,
    /// Whether its label is shown with it; otherwise it is a query.
    pub(super) is_support: bool,
}

/// A class of an episode.
struct DrawnClass<'p> {
    first: &'p PooledClass,
    second: Option<(&'p PooledClass, f32)>,
}

/// Draws the classes of an episode and their windows, and the order of these.
pub(super) fn draw(
    parameters: &WindowsParameters,
    pools: &[ClassPool],
    purpose: Purpose,
    rng: &mut TaskRng,
) -> Vec<DrawnWindow> {
    let pool = pools.choose(rng).map_or(&[][..], Vec::as_slice);
    let (mut support, mut queries) = (Vec::new(), Vec::new());
    for (label, class) in classes(parameters, pool, purpose, rng).iter().enumerate() {
        let mut windows = class.windows(label, parameters.windows_of_a_class(), rng);
        queries.extend(windows.split_off(parameters.shots.into()));
        support.extend(windows);
    }
    match parameters.order {
        WindowOrder::SupportFirst => support_first(support, queries, rng),
        WindowOrder::Stream => stream([support, queries].concat(), parameters.shots.into(), rng),
    }
}

/// Support samples, then queries, each in random order.
fn support_first(
    mut support: Vec<ShownWindow>,
    mut queries: Vec<ShownWindow>,
    rng: &mut TaskRng,
) -> Vec<DrawnWindow> {
    support.shuffle(rng);
    queries.shuffle(rng);
    let as_support = |is_support| move |shown| DrawnWindow { shown, is_support };
    support.into_iter().map(as_support(true)).chain(queries.into_iter().map(as_support(false))).collect()
}

/// All in random order; the first `shots` of each class are its support samples.
fn stream(mut windows: Vec<ShownWindow>, shots: usize, rng: &mut TaskRng) -> Vec<DrawnWindow> {
    windows.shuffle(rng);
    let mut seen = vec![0; windows.len()];
    let in_order = windows.into_iter().map(|shown| {
        seen[shown.label] += 1;
        DrawnWindow { shown, is_support: seen[shown.label] <= shots }
    });
    in_order.collect()
}

fn classes<'p>(
    parameters: &WindowsParameters,
    pool: &'p [PooledClass],
    purpose: Purpose,
    rng: &mut TaskRng,
) -> Vec<DrawnClass<'p>> {
    let drawn = draw_different(pool.iter().collect(), parameters.ways.into(), rng);
    let blend = if purpose == Purpose::Training { parameters.blend } else { 0.0 };
    let class = |first: &'p PooledClass| {
        let others: Vec<_> = pool.iter().filter(|other| other.class != first.class).collect();
        let is_blend = blend > 0.0 && rng.random_bool(blend);
        let second = if is_blend { others.choose(rng).copied() } else { None };
        DrawnClass { first, second: second.map(|second| (second, rng.random_range(0.25..0.75))) }
    };
    drawn.into_iter().map(class).collect()
}

/// So many of the entries, all different, in random order.
fn draw_different<T: Copy>(mut entries: Vec<T>, count: usize, rng: &mut TaskRng) -> Vec<T> {
    entries.partial_shuffle(rng, count).0.to_vec()
}

impl DrawnClass<'_> {
    /// So many different windows of the class.
    fn windows(&self, label: usize, count: usize, rng: &mut TaskRng) -> Vec<ShownWindow> {
        let mut drawn = |class: &PooledClass| draw_different(class.windows.clone(), count, rng);
        let firsts = drawn(self.first);
        let seconds = self.second.map(|(second, fraction)| (drawn(second), fraction));
        let blended = |index: usize| {
            let (windows, fraction) = seconds.as_ref()?;
            Some(BlendedWindow { window: windows[index], fraction: *fraction })
        };
        let shown = |(index, window)| ShownWindow { window, blended: blended(index), label };
        firsts.into_iter().enumerate().map(shown).collect()
    }
}
