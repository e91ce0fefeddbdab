//! The split by purpose: every class, or every group, serves one purpose as a whole, never windows of one several.

use super::choices::{HeldOut, HeldOutBy};
use super::error::WindowsError;
use super::parameters::WindowsParameters;
use super::set::{WindowSet, listed};
use crate::seed::Purpose;

/// What the purposes have, as numbers of classes or groups.
#[derive(Debug)]
pub(super) struct WindowSplit {
    training: Vec<usize>,
    validation: Vec<usize>,
    test: Vec<usize>,
    /// For each purpose, what classes of an episode are drawn from: one pool, or one for each group.
    pools: [Vec<ClassPool>; 3],
}

/// Classes that an episode is drawn from, each with its windows.
pub(super) type ClassPool = Vec<PooledClass>;

/// A class and the numbers of its windows in the set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PooledClass {
    pub(super) class: usize,
    pub(super) windows: Vec<usize>,
}

/// What a split is made of.
struct Splitter<'s> {
    set: &'s WindowSet,
    parameters: &'s WindowsParameters,
}

impl WindowSplit {
    /// Splits a set, and checks that every test episode can be drawn.
    pub(super) fn new(set: &WindowSet, parameters: &WindowsParameters) -> Result<Self, WindowsError> {
        let splitter = Splitter { set, parameters };
        let (names, what) = (splitter.names(), parameters.held_out_by.word());
        let by_default = HeldOut::Last(splitter.default_count());
        let test = splitter.numbers("task.held_out", parameters.held_out.as_ref().unwrap_or(&by_default), &[])?;
        if test.is_empty() {
            return Err(WindowsError::NothingHeldOut { known: listed(names) });
        }
        let validation = splitter.numbers("task.validation", &parameters.validation, &test)?;
        if let Some(shared) = validation.iter().find(|number| test.contains(number)) {
            return Err(WindowsError::Shared { what, name: names[*shared].clone() });
        }
        let is_left = |number: &usize| !test.contains(number) && !validation.contains(number);
        let training: Vec<_> = (0..names.len()).filter(is_left).collect();
        let validation = if validation.is_empty() { training.clone() } else { validation };
        let pools = [&training, &validation, &test].map(|numbers| splitter.pools(numbers));
        let split = Self { training, validation, test, pools };
        splitter.check("test", &split.test, &split.pools[2])?;
        Ok(split)
    }

    /// Checks that every episode of training and validation can be drawn.
    pub(super) fn check_training(
        &self,
        set: &WindowSet,
        parameters: &WindowsParameters,
    ) -> Result<(), WindowsError> {
        let splitter = Splitter { set, parameters };
        splitter.check("training", &self.training, &self.pools[0])?;
        splitter.check("validation", &self.validation, &self.pools[1])
    }

    /// What the classes of an episode are drawn from, for a purpose.
    pub(super) fn pools(&self, purpose: Purpose) -> &[ClassPool] {
        match purpose {
            Purpose::Initialisation | Purpose::Training => &self.pools[0],
            Purpose::Validation => &self.pools[1],
            Purpose::Test => &self.pools[2],
        }
    }

    /// Names of what only test episodes have.
    pub(super) fn held_out(&self, set: &WindowSet, by: HeldOutBy) -> Vec<String> {
        self.test.iter().map(|number| names(set, by)[*number].clone()).collect()
    }

    /// Names of what only validation episodes have.
    pub(super) fn validation(&self, set: &WindowSet, by: HeldOutBy) -> Vec<String> {
        let own = self.validation.iter().filter(|number| !self.training.contains(number));
        own.map(|number| names(set, by)[*number].clone()).collect()
    }

    /// The numbers of the training windows, whether or not an episode shows them.
    pub(super) fn training_windows(&self, set: &WindowSet, by: HeldOutBy) -> Vec<usize> {
        let serves = |window: &usize| self.training.contains(&number_of(set, *window, by));
        let windows: Vec<_> = (0..set.windows.len()).filter(serves).collect();
        // An artifact may be evaluated where nothing is left to train on.
        if windows.is_empty() { (0..set.windows.len()).collect() } else { windows }
    }
}

fn names(set: &WindowSet, by: HeldOutBy) -> &[String] {
    match by {
        HeldOutBy::Class => &set.classes,
        HeldOutBy::Group => &set.groups,
    }
}

/// The number of the class, or of the group, of a window.
fn number_of(set: &WindowSet, window: usize, by: HeldOutBy) -> usize {
    match by {
        HeldOutBy::Class => set.windows[window].class,
        HeldOutBy::Group => set.windows[window].group,
    }
}

impl Splitter<'_> {
    fn by(&self) -> HeldOutBy {
        self.parameters.held_out_by
    }

    fn names(&self) -> &[String] {
        names(self.set, self.by())
    }

    /// A fifth, and of classes as many as an episode needs.
    fn default_count(&self) -> u16 {
        let fifth = self.names().len().div_ceil(5).min(usize::from(u16::MAX)) as u16;
        if self.by() == HeldOutBy::Class { fifth.max(self.parameters.ways) } else { fifth }
    }

    /// The numbers of what is named, or of the last so many that are not taken.
    fn numbers(&self, field: &'static str, named: &HeldOut, taken: &[usize]) -> Result<Vec<usize>, WindowsError> {
        let (names, what) = (self.names(), self.by().word());
        match named {
            HeldOut::Named(wanted) => {
                let number = |name: &String| {
                    names.iter().position(|known| known == name).ok_or_else(|| WindowsError::NoSuch {
                        field,
                        what,
                        name: name.clone(),
                        known: listed(names),
                    })
                };
                wanted.iter().map(number).collect()
            }
            HeldOut::Last(count) => {
                let free: Vec<_> = (0..names.len()).filter(|number| !taken.contains(number)).collect();
                let first = free.len().checked_sub(usize::from(*count)).ok_or_else(|| WindowsError::Count {
                    field,
                    count: usize::from(*count),
                    all: free.len(),
                    what,
                    known: listed(names),
                })?;
                Ok(free[first..].to_vec())
            }
        }
    }

    /// The pools of these classes or groups; classes and groups that are too small for an episode are left out.
    fn pools(&self, numbers: &[usize]) -> Vec<ClassPool> {
        match self.by() {
            HeldOutBy::Class => vec![self.pool(|window| numbers.contains(&self.set.windows[window].class))],
            HeldOutBy::Group => {
                let of_group = |group: &usize| self.pool(|window| self.set.windows[window].group == *group);
                let pools: Vec<_> = numbers.iter().map(of_group).collect();
                pools.into_iter().filter(|pool| pool.len() >= usize::from(self.parameters.ways)).collect()
            }
        }
    }

    /// The classes of the windows that fulfil a condition.
    fn pool(&self, condition: impl Fn(usize) -> bool) -> ClassPool {
        let windows = |class: usize| -> Vec<usize> {
            let is_of_class = |window: &usize| self.set.windows[*window].class == class && condition(*window);
            (0..self.set.windows.len()).filter(is_of_class).collect()
        };
        let classes = (0..self.set.classes.len()).map(|class| PooledClass { class, windows: windows(class) });
        classes.filter(|class| class.windows.len() >= self.parameters.windows_of_a_class()).collect()
    }

    fn check(&self, purpose: &'static str, numbers: &[usize], pools: &[ClassPool]) -> Result<(), WindowsError> {
        let ways = usize::from(self.parameters.ways);
        if pools.first().is_some_and(|pool| pool.len() >= ways) {
            return Ok(());
        }
        if numbers.is_empty() {
            return Err(WindowsError::NothingLeft { what: self.by().word(), purpose });
        }
        let (found, remedy) = match self.by() {
            HeldOutBy::Class => {
                let found = pools.first().map_or(0, Vec::len);
                (format!("{found} classes"), "lower task.ways, task.shots or task.queries, or change task.held_out")
            }
            HeldOutBy::Group => {
                ("no group".to_owned(), "lower task.ways, task.shots or task.queries, or change task.held_out")
            }
        };
        let names = numbers.iter().map(|number| self.names()[*number].clone()).collect::<Vec<_>>();
        let (names, windows) = (listed(&names), self.parameters.windows_of_a_class());
        Err(WindowsError::TooFew { purpose, ways, windows, found, names, remedy })
    }
}
