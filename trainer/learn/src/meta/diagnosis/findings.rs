//! When a training is looked at, and which findings are reported: only those of several looks in a row, and each once.

use super::reason::Diagnosis;

/// The first looks, after these many meta-steps; the next are after every [`LATER`].
const FIRST: [u32; 9] = [10, 15, 20, 25, 30, 35, 40, 45, 50];
/// Meta-steps between later looks.
const LATER: u32 = 50;
/// Looks in a row that find what is reported, as a healthy network may pass through silence at the start.
const LOOKS: usize = 2;
/// The same of what a network may grow out of for longer: weights at their limit, and logits that hardly differ.
const LOOKS_OF_WEAK: usize = 3;

/// Whether a training is looked at after so many meta-steps.
pub(in crate::meta) fn is_due(meta_step: u32) -> bool {
    FIRST.contains(&meta_step) || meta_step.is_multiple_of(LATER)
}

/// What the last looks have found, and what has been reported.
#[derive(Debug, Default)]
pub(in crate::meta) struct Findings {
    /// In how many looks in a row, up to the last.
    last: Vec<(Diagnosis, usize)>,
    reported: Vec<Diagnosis>,
}

impl Findings {
    /// What is to be reported after a look that found `found`.
    pub(in crate::meta) fn tell(&mut self, found: Vec<Diagnosis>) -> Vec<Diagnosis> {
        let before =
            |it: &Diagnosis| self.last.iter().find(|(other, _)| other.is_like(it)).map_or(0, |(_, looks)| *looks);
        let now = found.into_iter().map(|it| (it.clone(), 1 + before(&it))).collect::<Vec<_>>();
        self.last = now;
        let is_new = |it: &Diagnosis| !self.reported.iter().any(|other| other.is_like(it));
        let persistent = self.last.iter().filter(|(it, looks)| *looks >= needed(it));
        let telling = persistent.map(|(it, _)| it).filter(|it| is_new(it)).cloned().collect::<Vec<_>>();
        self.reported.extend_from_slice(&telling);
        telling
    }
}

fn needed(diagnosis: &Diagnosis) -> usize {
    match diagnosis {
        Diagnosis::PlasticLimit { .. } | Diagnosis::FlatReadout { .. } => LOOKS_OF_WEAK,
        _ => LOOKS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_at_every_fifth_meta_step_up_to_50_and_then_at_every_fiftieth() {
        let due = (1..=300).filter(|step| is_due(*step)).collect::<Vec<_>>();
        assert_eq!(due, [10, 15, 20, 25, 30, 35, 40, 45, 50, 100, 150, 200, 250, 300]);
    }

    #[test]
    fn what_several_looks_in_a_row_find_is_reported_once() {
        let silent = |population: &str| Diagnosis::Silent { population: population.into(), is_readout: false };
        let flat = |spread| Diagnosis::FlatReadout { population: "a".into(), spread, gain: 0.3 };
        let mut findings = Findings::default();
        assert_eq!(findings.tell(vec![silent("a"), flat(0.001)]), []);
        assert_eq!(findings.tell(vec![silent("b"), flat(0.002)]), []);
        assert_eq!(findings.tell(vec![silent("a"), silent("b"), flat(0.003)]), [silent("b"), flat(0.003)]);
        assert_eq!(findings.tell(vec![silent("a"), silent("b"), flat(0.004)]), [silent("a")]);
        assert_eq!(findings.tell(Vec::new()), []);
        assert_eq!(findings.tell(vec![silent("c")]), []);
    }
}
