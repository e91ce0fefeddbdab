//! What a client expects of its chip, from the artifact that both have: answers that cannot be true are refused.
//!
//! It knows no byte stream.

use metaplastic_shared::arithmetic::ONE_Q15;
use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::network::{NetworkDescription, PopulationKind};
use metaplastic_shared::state::{SPIKES_A_VALUE, StateQuantity, StateSection};
use metaplastic_shared::wire::{Cost, Identity, PROTOCOL, Ran};

use super::analog::AnalogExponents;
use super::error::BodyError;

/// One as a trace, its largest value.
const ONE: u16 = ONE_Q15.unsigned_abs();

/// What an artifact says about a chip's answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    checksum: u32,
    classes: usize,
    /// Score of a class in one step: least and largest.
    scores: (i64, i64),
    analog_exponents: AnalogExponents,
    command_exponent: Option<u8>,
    /// P_max of each projection; none if it is not plastic.
    plastic_limits: Vec<Option<i16>>,
    /// Neurons of each population.
    sizes: Vec<usize>,
}

impl Expected {
    /// Of a chip with this artifact.
    #[must_use]
    pub fn of(artifact: &Artifact<'_>) -> Self {
        let manifest = artifact.manifest();
        let limits = manifest.projections.iter().map(|it| it.plastic.as_ref().map(|plastic| plastic.plastic_limit));
        Self {
            checksum: artifact.checksum(),
            classes: manifest.network.readout.classes.into(),
            scores: scores_a_step(&manifest.network),
            analog_exponents: AnalogExponents::of(artifact),
            command_exponent: manifest.network.command().map(|command| command.exponent),
            plastic_limits: limits.collect(),
            sizes: manifest.network.populations.iter().map(|population| population.size.into()).collect(),
        }
    }

    /// The exponents of the analog values that the chip takes.
    pub(super) fn analog_exponents(&self) -> &AnalogExponents {
        &self.analog_exponents
    }

    /// The exponent of a command.
    pub(super) fn command_exponent(&self) -> Option<u8> {
        self.command_exponent
    }

    /// Refuses a chip of another protocol or with another artifact.
    pub(super) fn check_identity(&self, identity: Identity) -> Result<(), BodyError> {
        let same = |what, theirs, ours| {
            if theirs == ours { Ok(()) } else { Err(BodyError::Identity { what, theirs, ours }) }
        };
        same("protocol", u32::from(identity.protocol), u32::from(PROTOCOL))?;
        same("artifact", identity.artifact, self.checksum)
    }

    /// Refuses the result of `steps` steps that no network of this artifact can have.
    pub(super) fn check_ran(&self, ran: &Ran, steps: usize, cost: Cost) -> Result<(), BodyError> {
        if ran.class_scores.len() != self.classes {
            return inconsistent(format!("{} class scores, it has {}", ran.class_scores.len(), self.classes));
        }
        let (least, largest) = (self.scores.0 * steps as i64, self.scores.1 * steps as i64);
        if let Some(score) = ran.class_scores.iter().find(|score| !(least..=largest).contains(&i64::from(**score)))
        {
            return inconsistent(format!(
                "a class score of {score} after {steps} steps, it is in {least}..={largest}"
            ));
        }
        if usize::from(ran.modulated_steps) > steps {
            return inconsistent(format!("{} modulated steps of {steps}", ran.modulated_steps));
        }
        if cost == Cost::Nothing && ran.cost != 0 {
            return inconsistent(format!("a cost of {}, and it counts none", ran.cost));
        }
        Ok(())
    }

    /// Refuses values of the state, given as their bits, that no network of this artifact can have.
    pub(super) fn check_state(&self, section: StateSection, values: &[u16]) -> Result<(), BodyError> {
        use StateQuantity::{
            Adaptation, EligibilityScale, PlasticWeights, PostTrace, PreTrace, SlidingThreshold, SlowPostTrace,
            SlowPreTrace, Spikes,
        };
        let index = usize::from(section.index);
        let is_possible: &dyn Fn(u16) -> bool = match section.quantity {
            PlasticWeights => return self.check_plastic(index, values),
            Spikes => return self.check_spikes(index, values),
            Adaptation | PreTrace | SlowPreTrace | PostTrace | SlowPostTrace | SlidingThreshold => {
                &|bits| bits <= ONE
            }
            EligibilityScale => &|bits| bits >= ONE.div_ceil(2),
            _ => &|_| true,
        };
        match values.iter().find(|bits| !is_possible(**bits)) {
            Some(bits) => inconsistent(format!("a value of {bits} in {section}")),
            None => Ok(()),
        }
    }

    /// Refuses spikes of neurons behind the last of a population.
    fn check_spikes(&self, population: usize, values: &[u16]) -> Result<(), BodyError> {
        let size = self.sizes.get(population).copied().unwrap_or(0);
        let behind =
            |index: usize, bits: u16| u32::from(bits) >> size.saturating_sub(SPIKES_A_VALUE * index).min(16);
        match values.iter().enumerate().find(|(index, bits)| behind(*index, **bits) != 0) {
            Some(_) => inconsistent(format!("a spike of a neuron behind the {size} of population {population}")),
            None => Ok(()),
        }
    }

    /// Refuses plastic weights, given as their bits, beyond the limit of their projection.
    fn check_plastic(&self, projection: usize, weights: &[u16]) -> Result<(), BodyError> {
        let limit = self.plastic_limits.get(projection).copied().flatten().unwrap_or(i16::MAX);
        let mut weights = weights.iter().map(|bits| *bits as i16);
        match weights.find(|weight| weight.unsigned_abs() > limit.unsigned_abs()) {
            Some(weight) => inconsistent(format!(
                "a plastic weight of {weight} in projection {projection}, its limit is {limit}"
            )),
            None => Ok(()),
        }
    }
}

/// Spikes of a class's neurons in a step, or the sum of their potentials where they are graded; or a command.
fn scores_a_step(network: &NetworkDescription) -> (i64, i64) {
    if network.command().is_some() {
        return (i16::MIN.into(), i16::MAX.into());
    }
    let neurons = i64::from(network.readout.neurons_per_class);
    match network.populations.get(usize::from(network.readout.population)).map(|it| it.kind) {
        Some(PopulationKind::Lif(lif)) if lif.graded => {
            (neurons * i64::from(i16::MIN), neurons * i64::from(i16::MAX))
        }
        _ => (0, neurons),
    }
}

fn inconsistent<T>(what: String) -> Result<T, BodyError> {
    Err(BodyError::Inconsistent(what))
}

#[cfg(test)]
mod tests {
    use metaplastic_shared::network::{Lif, Name, Population, Readout};

    use super::*;

    const EXPECTED: fn() -> Expected = || Expected {
        checksum: 1,
        classes: 2,
        scores: (-3, 5),
        analog_exponents: AnalogExponents::default(),
        command_exponent: None,
        plastic_limits: vec![Some(40), None],
        sizes: vec![20],
    };

    fn ran(class_scores: &[i32], modulated_steps: u16, cost: u32) -> Ran {
        Ran { class_scores: class_scores.iter().copied().collect(), cost, modulated_steps }
    }

    #[test]
    fn a_result_is_possible_up_to_its_limits() {
        let refused = |ran: Ran, cost| EXPECTED().check_ran(&ran, 3, cost).is_err();
        assert!(!refused(ran(&[15, -9], 3, 0), Cost::Nothing) && !refused(ran(&[0, 0], 0, 7), Cost::Cycles));
        for untrue in [ran(&[16, 0], 0, 0), ran(&[0, -10], 0, 0), ran(&[0], 0, 0), ran(&[0, 0, 0], 0, 0)] {
            assert!(refused(untrue.clone(), Cost::Nothing), "{untrue:?}");
        }
        assert!(refused(ran(&[0, 0], 4, 0), Cost::Nothing) && refused(ran(&[0, 0], 0, 7), Cost::Nothing));
    }

    #[test]
    fn plastic_weights_are_possible_up_to_their_limit() {
        let check = |projection, weight: i16| {
            let section = StateSection::new(StateQuantity::PlasticWeights, projection);
            EXPECTED().check_state(section, &[0, weight as u16]).is_ok()
        };
        assert!(check(0, 40) && check(0, -40) && check(1, i16::MAX));
        assert!(!check(0, 41) && !check(0, -41));
    }

    #[test]
    fn values_of_the_state_are_possible_within_their_formats() {
        let check =
            |quantity, values: &[u16]| EXPECTED().check_state(StateSection::new(quantity, 0), values).is_ok();
        assert!(check(StateQuantity::Spikes, &[u16::MAX, 15]) && !check(StateQuantity::Spikes, &[0, 16]));
        assert!(check(StateQuantity::PostTrace, &[0, ONE]) && !check(StateQuantity::PostTrace, &[0x8000]));
        assert!(check(StateQuantity::EligibilityScale, &[0x4000, u16::MAX]));
        assert!(!check(StateQuantity::EligibilityScale, &[0x3fff]));
        assert!(check(StateQuantity::Eligibility, &[0x8000]) && check(StateQuantity::Potential, &[0x8000]));
    }

    #[test]
    fn graded_neurons_score_by_their_potentials_and_others_by_their_spikes() {
        let scores = |graded| {
            let kind = PopulationKind::Lif(Lif { graded, ..Lif::default() });
            let population = Population { name: Name::new(), size: 6, kind };
            scores_a_step(&NetworkDescription {
                populations: [population].into_iter().collect(),
                projections: [].into_iter().collect(),
                surrogate_slope: 1,
                readout: Readout::of_classes(0, 2, 3),
            })
        };
        assert_eq!((scores(false), scores(true)), ((0, 3), (-3 * 32768, 3 * 32767)));
    }
}
