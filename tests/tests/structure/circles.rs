//! Circles in a graph of files: the shortest through each file that is on one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::dependencies::Dependencies;

/// The circles with different sets of files. Each is in the order of its dependencies; its first file is also the
/// last.
pub(crate) fn circles(dependencies: &Dependencies<'_>) -> Vec<String> {
    let circles = dependencies.keys().filter_map(|file| shortest(dependencies, file));
    let by_files: BTreeMap<BTreeSet<&str>, Vec<&str>> =
        circles.map(|circle| (circle.iter().copied().collect(), circle)).collect();
    by_files.into_values().map(|circle| circle.join(" -> ")).collect()
}

/// The shortest path from a file back to itself.
fn shortest<'d>(dependencies: &Dependencies<'d>, start: &'d str) -> Option<Vec<&'d str>> {
    let mut reached = BTreeSet::new();
    let mut ways = VecDeque::from([vec![start]]);
    while let Some(way) = ways.pop_front() {
        let last = way.last().copied()?;
        for next in dependencies.get(last).into_iter().flatten() {
            let longer = [way.as_slice(), &[*next]].concat();
            if *next == start {
                return Some(longer);
            }
            if reached.insert(*next) {
                ways.push_back(longer);
            }
        }
    }
    None
}
