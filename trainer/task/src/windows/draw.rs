//! The classes and windows of an episode. It knows neither values nor spikes.

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

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

/// What an episode shows, in order.
#[derive(Debug)]
pub(super) struct DrawnWindows {
    pub(super) support: Vec<ShownWindow>,
    pub(super) queries: Vec<ShownWindow>,
}

/// A class of an episode.
struct DrawnClass<'p> {
    first: &'p PooledClass,
    second: Option<(&'p PooledClass, f32)>,
}

/// Draws the classes of an episode and their windows: support samples and queries, each in random order.
pub(super) fn draw(
    parameters: &WindowsParameters,
    pools: &[ClassPool],
    purpose: Purpose,
    rng: &mut TaskRng,
) -> DrawnWindows {
    let pool = pools.choose(rng).map_or(&[][..], Vec::as_slice);
    let (mut support, mut queries) = (Vec::new(), Vec::new());
    for (label, class) in classes(parameters, pool, purpose, rng).iter().enumerate() {
        let mut windows = class.windows(label, parameters.windows_of_a_class(), rng);
        queries.extend(windows.split_off(parameters.shots.into()));
        support.extend(windows);
    }
    support.shuffle(rng);
    queries.shuffle(rng);
    DrawnWindows { support, queries }
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
