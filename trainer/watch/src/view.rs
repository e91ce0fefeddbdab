//! What the page is shown of a network: spikes of every step since the last message, as many as there is room for, and all
//! other arrays as they are behind the last one.
//!
//! It knows neither a task nor when a message is due.

use std::mem::take;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError};
use metaplastic_host::recording::RecordedSection;
use metaplastic_shared::state::{StateQuantity, StateSection};
use metaplastic_task::world::record::Tracking;
use serde_json::{Value, json};

use crate::frame::{FrameArray, FrameValues, encode};

/// Steps in a message at most; of more, the last ones are shown.
const MOST_STEPS: usize = 1024;
/// Values of an array at most; larger ones are not shown.
const MOST_VALUES: usize = 1 << 18;

/// What a step was about, a bit each.
pub(crate) const LABELLED: u8 = 1;
pub(crate) const MODULATED: u8 = 2;
pub(crate) const RESET: u8 = 4;
/// Its inputs are the visitor's.
pub(crate) const PRESENTED: u8 = 8;

/// What a step is shown as, besides the network's own spikes.
#[derive(Debug)]
pub(crate) struct ShownStep<'s> {
    /// Some of the bits above.
    pub(crate) flags: u8,
    /// Input spikes, packed.
    pub(crate) inputs: &'s [u8],
    /// What is sensed.
    pub(crate) analog: &'s [f32],
    /// What the world tracks.
    pub(crate) tracking: &'s [Tracking],
}

/// As many values for each step.
#[derive(Default)]
struct StepRows<T> {
    values: Vec<T>,
    /// Values of a step.
    each: usize,
}

impl<T> StepRows<T> {
    fn add(&mut self, row: impl Iterator<Item = T>) {
        let before = self.values.len();
        self.values.extend(row);
        self.each = self.values.len() - before;
    }

    fn forget(&mut self, rows: usize) {
        self.values.drain(..rows * self.each);
    }
}

/// The arrays of a network and what was seen since the last message.
pub(crate) struct View {
    spikes: Vec<RecordedSection>,
    values: Vec<RecordedSection>,
    /// Of every population that spikes, the words of every step.
    words: Vec<Vec<u16>>,
    flags: Vec<u8>,
    inputs: StepRows<u8>,
    analog: StepRows<f32>,
    tracking: StepRows<f32>,
    /// Steps that are not shown.
    skipped: u64,
}

impl View {
    pub(crate) fn new(artifact: &ArtifactFile) -> Self {
        let sections = RecordedSection::all(&artifact.artifact().manifest());
        let (spikes, values): (Vec<_>, Vec<_>) =
            sections.into_iter().partition(|section| section.section.quantity == StateQuantity::Spikes);
        let is_shown = |section: &RecordedSection| {
            let quantity = section.section.quantity;
            let shown = [
                StateQuantity::Potential,
                StateQuantity::Modulation,
                StateQuantity::ThirdFactor,
                StateQuantity::PlasticWeights,
            ];
            shown.contains(&quantity) && section.values() <= MOST_VALUES
        };
        let values = values.into_iter().filter(is_shown).collect();
        let words = vec![Vec::new(); spikes.len()];
        let (inputs, analog, tracking) = Default::default();
        Self { spikes, values, words, flags: Vec::new(), inputs, analog, tracking, skipped: 0 }
    }

    /// The arrays, for the page.
    pub(crate) fn described(&self) -> Value {
        let described = |section: &RecordedSection| json!({ "name": section.name, "owner": section.owner, "shape": section.shape, "scale": section.scale });
        let [spikes, values] =
            [&self.spikes, &self.values].map(|all| all.iter().map(described).collect::<Vec<_>>());
        json!({ "spikes": spikes, "values": values })
    }

    /// Where the arrays are in a network's state: name, number of the quantity and of what has it, and 16-bit values.
    pub(crate) fn sections(&self) -> Value {
        let number = |wanted| StateQuantity::ALL.iter().position(|quantity| *quantity == wanted);
        let section = |recorded: &RecordedSection| {
            let StateSection { quantity, index } = recorded.section;
            json!({ "name": recorded.name, "quantity": number(quantity), "index": index, "words": recorded.words })
        };
        self.spikes.iter().chain(&self.values).map(section).collect()
    }

    /// Forgets what was seen.
    pub(crate) fn clear(&mut self) {
        self.words.iter_mut().for_each(Vec::clear);
        self.flags.clear();
        self.inputs.values.clear();
        [&mut self.analog, &mut self.tracking].into_iter().for_each(|rows| rows.values.clear());
        self.skipped = 0;
    }

    /// A step that is not looked at.
    pub(crate) fn skip(&mut self) {
        self.skipped += 1;
    }

    /// Looks at a step.
    pub(crate) fn add(&mut self, body: &mut dyn Body, step: &ShownStep<'_>) -> Result<(), BodyError> {
        if self.flags.len() == MOST_STEPS {
            self.forget_oldest();
        }
        for (section, words) in self.spikes.iter().zip(&mut self.words) {
            words.extend(body.state(section.section, section.words)?);
        }
        self.flags.push(step.flags);
        self.inputs.add(step.inputs.iter().copied());
        self.analog.add(step.analog.iter().copied());
        let tracked = step.tracking.iter();
        self.tracking.add(tracked.flat_map(|tracked| [tracked.desired as f32, tracked.actual as f32]));
        Ok(())
    }

    /// Half of what is shown at most: one by one would move the rest in every step.
    fn forget_oldest(&mut self) {
        let oldest = MOST_STEPS / 2;
        for (section, words) in self.spikes.iter().zip(&mut self.words) {
            words.drain(..oldest * section.words);
        }
        self.flags.drain(..oldest);
        self.inputs.forget(oldest);
        [&mut self.analog, &mut self.tracking].into_iter().for_each(|rows| rows.forget(oldest));
        self.skipped += oldest as u64;
    }

    /// A message of everything since the last one.
    pub(crate) fn message(&mut self, body: &mut dyn Body, mut header: Value) -> Result<Vec<u8>, BodyError> {
        header["shown"] = json!(self.flags.len());
        header["skipped"] = json!(self.skipped);
        let own = [
            ("flags", FrameValues::Bytes(take(&mut self.flags))),
            ("inputs", FrameValues::Bytes(take(&mut self.inputs.values))),
            ("analog", FrameValues::F32(take(&mut self.analog.values))),
            ("tracking", FrameValues::F32(take(&mut self.tracking.values))),
        ];
        let mut arrays: Vec<_> =
            own.into_iter().map(|(name, values)| FrameArray { name: name.into(), values }).collect();
        for (section, words) in self.spikes.iter().zip(&self.words) {
            let bytes = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            arrays.push(FrameArray { name: section.name.clone(), values: FrameValues::Bytes(bytes) });
        }
        for section in &self.values {
            let words = body.state(section.section, section.words)?;
            let values = FrameValues::I16(words.into_iter().map(|bits| bits as i16).collect());
            arrays.push(FrameArray { name: section.name.clone(), values });
        }
        self.clear();
        Ok(encode(header, &arrays))
    }
}
