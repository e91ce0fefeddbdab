//! Whether all drawings have dark ink on a light sheet, or all the other way round: one that differs is likely damaged.
//! It knows nothing of pictures.

use super::scan::DrawingError;

/// How many drawings were turned and how many not, with the first of each.
#[derive(Debug, Default)]
pub(super) struct PolarityCounts {
    dark_ink: Group,
    light_ink: Group,
}

#[derive(Debug, Default)]
struct Group {
    count: usize,
    first: Option<Origin>,
}

/// Where a drawing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The zip or folder.
    pub(super) path: String,
    /// The file in it.
    pub(super) entry: String,
}

impl PolarityCounts {
    /// Counts a drawing.
    pub(super) fn add(&mut self, is_turned: bool, origin: impl FnOnce() -> Origin) {
        let group = if is_turned { &mut self.light_ink } else { &mut self.dark_ink };
        group.count += 1;
        group.first.get_or_insert_with(origin);
    }

    /// A drawing that is not like most of the others, and what is odd about it; none if all are alike.
    pub(super) fn odd(self) -> Option<(Origin, DrawingError)> {
        const NAMES: [&str; 2] = ["mostly light", "mostly dark"];
        let Self { dark_ink, light_ink } = self;
        let is_dark_odd = light_ink.count <= dark_ink.count;
        let [this, others] = [NAMES[usize::from(is_dark_odd)], NAMES[usize::from(!is_dark_odd)]];
        let odd = if is_dark_odd { light_ink.first } else { dark_ink.first };
        odd.map(|origin| (origin, DrawingError::Odd { this, others }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odd_one_of_many_is_found() {
        let counts = |turned: &[bool]| {
            let mut counts = PolarityCounts::default();
            for (number, is_turned) in turned.iter().enumerate() {
                counts.add(*is_turned, || Origin { path: "data".into(), entry: number.to_string() });
            }
            counts.odd().map(|(origin, fault)| format!("{}: {fault}", origin.entry))
        };
        assert_eq!((counts(&[]), counts(&[false; 3]), counts(&[true; 3])), (None, None, None));
        let message = counts(&[false, false, true]).unwrap();
        assert!(
            message.starts_with("2: mostly dark, while most of the other drawings are mostly light"),
            "{message}"
        );
        assert!(counts(&[true, true, false]).unwrap().starts_with("2: mostly light, while"));
    }
}
