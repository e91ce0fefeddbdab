//! The main loop: sample, encode, step, act, and save when asked to. It knows a sensor and a panel, and no board.
#![no_std]

mod accelerometer;
mod bus;
mod fram;
mod pins;

use embedded_storage::nor_flash::NorFlash;
use metaplastic_runtime::snapshot::{RegionError, SnapshotStorage};
use metaplastic_runtime::{Artifact, DecodeError, Freeze, Network};
use starter_encoder::{SAMPLES, STATES, WINDOW, encode};

pub use accelerometer::{ACCELEROMETER, Accelerometer, FIFO_LEVEL};
pub use fram::{FRAM, FRAM_BYTES, Fram};
pub use pins::Pins;

include!(concat!(env!("OUT_DIR"), "/network.rs"));

/// What is sampled: put your own sensor in its place.
pub trait Sensor {
    /// Why it cannot be read.
    type Error;

    /// Waits for the samples of a step.
    fn read(&mut self, samples: &mut [i16; SAMPLES]) -> Result<(), Self::Error>;
}

/// What people do to the board, and what it does in answer.
pub trait ControlPanel {
    /// The state that somebody says the machine is in.
    fn label(&mut self) -> Option<usize>;

    /// Acts on an answer: the machine is in this state.
    fn act(&mut self, state: usize);

    /// Whether somebody wants to save what was learned.
    fn is_save_wanted(&mut self) -> bool;

    /// Shows whether it was saved.
    fn show_saved(&mut self, is_saved: bool);
}

/// A network that learns the states of a machine.
pub struct Monitor<'n, S, F> {
    network: Network<'n>,
    sensor: S,
    storage: SnapshotStorage<F>,
}

/// The trained network, checked.
///
/// # Errors
/// If flash has been damaged since the build, which has checked it too.
pub fn artifact() -> Result<Artifact<'static>, DecodeError> {
    Artifact::decode(&ARTIFACT.0)
}

impl<'n, S: Sensor, F: NorFlash> Monitor<'n, S, F> {
    /// A monitor that saves what it learns in the whole of a memory.
    ///
    /// # Errors
    /// If the memory is too small.
    pub fn new(network: Network<'n>, sensor: S, memory: F) -> Result<Self, RegionError> {
        let region = 0..memory.capacity() as u32;
        Ok(Self { storage: SnapshotStorage::new(memory, region, &network)?, network, sensor })
    }

    /// As after power-up: with what was saved, or with nothing learned.
    pub fn power_up(&mut self) {
        self.network.reset(Freeze::Nothing);
        if self.storage.load(&mut self.network).is_ok() {
            self.network.begin_episode(Freeze::Nothing);
        }
    }

    /// Runs until the sensor fails, and says why it did.
    pub fn run(&mut self, panel: &mut impl ControlPanel) -> S::Error {
        loop {
            match self.window(panel) {
                Ok(state) => panel.act(state),
                Err(error) => return error,
            }
            if panel.is_save_wanted() {
                panel.show_saved(self.storage.save(&self.network).is_ok());
            }
        }
    }

    /// What the network has become, in 64 bits.
    pub fn state_hash(&self) -> u64 {
        self.network.state_hash()
    }

    /// The steps of one answer: the state that most spikes are for, the lower one of two.
    fn window(&mut self, panel: &mut impl ControlPanel) -> Result<usize, S::Error> {
        let (mut samples, mut scores) = ([0; SAMPLES], [0; STATES]);
        for _ in 0..WINDOW {
            let label = panel.label();
            self.sensor.read(&mut samples)?;
            self.network.step(&encode(&samples, label), &[]);
            self.network.accumulate_class_scores(&mut scores);
        }
        Ok((1..STATES).fold(0, |best, state| if scores[state] > scores[best] { state } else { best }))
    }
}
