//! The identity of a training: everything that its result depends on, as facts with names.
//!
//! Equal identities give the same bits. Where two differ, the names and values of the differing facts tell why.

use std::fmt;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::experiment::Experiment;
use crate::lifetime::Engine;
use metaplastic_shared::checksum::CRC;

/// The value of a fact that an identity does not have.
const UNSET: &str = "unset";
/// Differences that a message lists; it counts the others.
const LISTED: usize = 6;

/// Something that the result of a training depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name: of a value in the experiment, the key with its tables.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// All that the result of a training depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingIdentity {
    /// Every key of the experiment, with the seed and the number of meta-steps, which the learning rate depends on.
    pub experiment: Vec<Fact>,
    /// The program, the data of the task, the engine and its arithmetic.
    pub run: Vec<Fact>,
}

/// The differences of two identities, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences(Vec<Difference>);

/// A fact in which two identities differ.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Difference {
    name: String,
    saved: String,
    requested: String,
}

impl TrainingIdentity {
    /// The identity of an experiment's training with an engine, on this machine.
    #[must_use]
    pub fn new(experiment: &Experiment, engine: &dyn Engine) -> Self {
        let data = experiment.task.data_fingerprint().map(|data| fact("data", format!("fingerprint {data:08x}")));
        let start = experiment.start_checksum().ok().flatten();
        let start = start.map(|checksum| fact("start", format!("artifact {checksum:08x}")));
        let of_engine = engine.facts().into_iter().map(|(name, value)| fact(name, value));
        let platform = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
        let known = [
            fact("version of metaplastic", env!("CARGO_PKG_VERSION").into()),
            fact("platform", platform),
            fact("engine", engine.name().into()),
        ];
        Self {
            experiment: experiment_facts(experiment),
            run: known.into_iter().chain(of_engine).chain(data).chain(start).collect(),
        }
    }

    /// A name of this training for its files: eight hexadecimal digits, equal for equal identities.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut digest = CRC.digest();
        for part in self.experiment.iter().chain(&self.run).flat_map(|fact| [&fact.name, &fact.value]) {
            digest.update(part.as_bytes());
            digest.update(&[0]);
        }
        format!("{:08x}", digest.finalize())
    }

    /// The facts in which a requested training differs from this one, which was saved.
    ///
    /// # Errors
    /// If there is any.
    pub fn same(&self, requested: &Self) -> Result<(), Differences> {
        let experiment = differences(&self.experiment, &requested.experiment);
        refuse(experiment.chain(differences(&self.run, &requested.run)).collect())
    }

    /// As [`same`](Self::same), only of the experiment.
    ///
    /// # Errors
    /// As [`same`](Self::same).
    pub fn same_experiment(&self, requested: &Experiment) -> Result<(), Differences> {
        refuse(differences(&self.experiment, &experiment_facts(requested)).collect())
    }
}

fn refuse(differences: Vec<Difference>) -> Result<(), Differences> {
    if differences.is_empty() { Ok(()) } else { Err(Differences(differences)) }
}

/// The differences between facts, in the order of those that were saved.
fn differences<'f>(saved: &'f [Fact], requested: &'f [Fact]) -> impl Iterator<Item = Difference> + 'f {
    let value = |facts: &[Fact], name: &str| {
        facts.iter().find(|fact| fact.name == name).map_or_else(|| UNSET.to_owned(), |fact| fact.value.clone())
    };
    let difference = move |name: &str| Difference {
        name: name.to_owned(),
        saved: value(saved, name),
        requested: value(requested, name),
    };
    let new = requested.iter().filter(|fact| saved.iter().all(|other| other.name != fact.name));
    let all = saved.iter().chain(new).map(move |fact| difference(&fact.name));
    all.filter(|difference| difference.saved != difference.requested)
}

fn experiment_facts(experiment: &Experiment) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (name, text) in experiment.tables() {
        let table: Table = text.parse().expect("an experiment writes its tables as TOML");
        add(&mut facts, name.to_owned(), Value::Table(table));
    }
    let meta = &experiment.meta;
    let given = [("meta.seed", meta.seed.to_string()), ("meta.meta_steps", meta.meta_steps.to_string())];
    facts.retain(|fact| given.iter().all(|(name, _)| fact.name != *name));
    given.into_iter().map(|(name, value)| fact(name, value)).chain(facts).collect()
}

/// Adds every key below a value, with its path.
fn add(facts: &mut Vec<Fact>, path: String, value: Value) {
    match value {
        Value::Table(table) => {
            table.into_iter().for_each(|(key, value)| add(facts, format!("{path}.{key}"), value))
        }
        Value::Array(list) if list.iter().any(Value::is_table) => add_list(facts, &path, list),
        other => facts.push(fact(path, other.to_string())),
    }
}

/// Adds a list of tables, each by its own name. Of two with one name, the second has its place in the list too, so that
/// no two facts have one name.
fn add_list(facts: &mut Vec<Fact>, path: &str, list: Vec<Value>) {
    let mut known = Vec::new();
    for (index, value) in list.into_iter().enumerate() {
        let name = own_name(&value).filter(|name| !known.contains(name));
        let name = name.unwrap_or_else(|| format!("[{index}]"));
        add(facts, format!("{path}.{name}"), value);
        known.push(name);
    }
}

/// The name of a population, or the populations of a projection.
fn own_name(value: &Value) -> Option<String> {
    let text = |key| value.get(key).and_then(Value::as_str);
    let projection = || Some(format!("{}>{}", text("pre")?, text("post")?));
    text("name").map(str::to_owned).or_else(projection)
}

fn fact(name: impl Into<String>, value: String) -> Fact {
    Fact { name: name.into(), value }
}

impl fmt::Display for Differences {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(differences) = self;
        for (index, Difference { name, saved, requested }) in differences.iter().take(LISTED).enumerate() {
            let separator = if index > 0 { "; " } else { "" };
            write!(formatter, "{separator}{name} was {saved}, now {requested}")?;
        }
        match differences.len().saturating_sub(LISTED) {
            0 => Ok(()),
            others => write!(formatter, "; and {others} others"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autodiff::{FusedEngine, Reference};
    use crate::lifetime::fused::FusedLifetime;

    fn experiment() -> Experiment {
        Experiment::load("cue-association").unwrap()
    }

    fn engine(truncation: usize) -> FusedEngine<FusedLifetime> {
        FusedEngine::new(FusedLifetime::default().with_truncation(std::num::NonZeroUsize::new(truncation)))
    }

    fn difference(requested: &Experiment, engine: &dyn Engine) -> String {
        let saved = TrainingIdentity::new(&experiment(), &self::engine(0));
        let requested = TrainingIdentity::new(requested, engine);
        assert_ne!(saved.fingerprint(), requested.fingerprint());
        saved.same(&requested).unwrap_err().to_string()
    }

    #[test]
    fn the_same_training_has_the_same_identity() {
        let identity = || TrainingIdentity::new(&experiment(), &engine(0));
        assert_eq!((identity(), identity().fingerprint()), (identity(), identity().fingerprint()));
        assert_eq!(identity().same(&identity()), Ok(()));
        let names: Vec<_> = identity().experiment.into_iter().map(|fact| fact.name).collect();
        let unique: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }

    #[test]
    fn whatever_differs_is_named_with_both_values() {
        let mut other = experiment();
        other.meta.seed = 7;
        other.meta.batch = 16;
        assert_eq!(difference(&other, &engine(0)), "meta.seed was 1, now 7; meta.batch was 32, now 16");
        assert_eq!(difference(&experiment(), &engine(5)), "--truncate was none, now 5");
        let reference = difference(&experiment(), &Reference::default());
        assert_eq!(reference, "engine was fused, now reference; --truncate was none, now unset");
        let rule = experiment().with_rule(metaplastic_shared::rule::Preset::ModulatedOja).unwrap();
        assert!(difference(&rule, &engine(0)).contains("network.projection."), "{}", difference(&rule, &engine(0)));
    }

    #[test]
    fn every_key_is_a_fact_with_the_names_above_it() {
        let facts = experiment_facts(&experiment());
        let value = |name: &str| facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str());
        assert_eq!(value("network.population.hidden.size"), Some("64"));
        let coefficients = value("network.projection.input>hidden.plasticity.coefficients");
        assert_eq!(coefficients, Some("[1.0, -0.5, 0.3, 0.0]"));
    }

    #[test]
    fn of_two_tables_with_one_name_the_second_has_its_position_too() {
        let list = "list = [{ name = 'a' }, { name = 'a' }, { x = 1 }, { pre = 'a', post = 'b' }]";
        let mut facts = Vec::new();
        add(&mut facts, "my".into(), Value::Table(list.parse().unwrap()));
        let names: Vec<_> = facts.iter().map(|fact| fact.name.as_str()).collect();
        let expected =
            ["my.list.a.name", "my.list.[1].name", "my.list.[2].x", "my.list.a>b.post", "my.list.a>b.pre"];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_fact_that_only_one_training_has_differs() {
        let facts = [fact("k", "1".into())];
        let message = |saved: &[Fact], requested: &[Fact]| {
            refuse(differences(saved, requested).collect()).map_err(|differences| differences.to_string())
        };
        assert_eq!(message(&[], &facts), Err("k was unset, now 1".into()));
        assert_eq!(message(&facts, &[]), Err("k was 1, now unset".into()));
        assert_eq!(message(&facts, &facts), Ok(()));
    }

    #[test]
    fn another_instruction_set_is_another_training() {
        let portable = FusedEngine::new(FusedLifetime::default().portable());
        let fusing = TrainingIdentity::new(&experiment(), &engine(0));
        let same = fusing.same(&TrainingIdentity::new(&experiment(), &portable)).map_err(|what| what.to_string());
        let fuses = fusing.run.iter().any(|fact| fact.value == "fused multiply-adds");
        let expected = "arithmetic was fused multiply-adds, now portable".to_owned();
        assert_eq!(same, if fuses { Err(expected) } else { Ok(()) });
    }

    #[test]
    fn a_long_list_of_differences_ends_with_their_number() {
        let saved: Vec<_> = (0..9).map(|index| fact(format!("k{index}"), "1".into())).collect();
        let message = refuse(differences(&saved, &[]).collect()).unwrap_err().to_string();
        assert!(message.starts_with("k0 was 1, now unset; k1 was 1"), "{message}");
        assert!(message.ends_with("k5 was 1, now unset; and 3 others"), "{message}");
    }
}
