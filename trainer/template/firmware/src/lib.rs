//! The main loop: sample, encode, step, answer. It knows the sensor, an accelerometer on an I2C bus, but no board.
#![no_std]

use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;
use metaplastic_runtime::{Artifact, DecodeError, Network};
use starter_encoder::{SAMPLES, STATES, encode};

include!(concat!(env!("OUT_DIR"), "/network.rs"));

/// ST's LIS3DH with its pin SA0 low.
const SENSOR: u8 = 0x18;
/// Its first control register, and what starts it: 1600 samples a second, the z axis alone.
const START: [u8; 2] = [0x20, 0x8c];
/// Its registers of the z axis, two bytes.
const Z: [u8; 1] = [0x2c | 0x80];
const MICROSECONDS_PER_SAMPLE: u32 = 625;

/// A network that learns the states of a machine from its vibration.
pub struct Monitor<'n, B, D> {
    network: Network<'n>,
    bus: B,
    delay: D,
    scores: [i32; STATES],
}

/// The artifact, checked.
///
/// # Errors
/// If flash has been damaged since the build, which has checked it too.
pub fn artifact() -> Result<Artifact<'static>, DecodeError> {
    Artifact::decode(&ARTIFACT.0)
}

impl<'n, B: I2c, D: DelayNs> Monitor<'n, B, D> {
    /// Starts the sensor.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn start(network: Network<'n>, mut bus: B, delay: D) -> Result<Self, B::Error> {
        bus.write(SENSOR, &START)?;
        Ok(Self { network, bus, delay, scores: [0; STATES] })
    }

    /// A step: samples, encodes, and lets the network learn; `label` is the state, if somebody says it.
    ///
    /// # Errors
    /// If the sensor does not answer.
    pub fn step(&mut self, label: Option<usize>) -> Result<(), B::Error> {
        let mut samples = [0; SAMPLES];
        for sample in &mut samples {
            let mut bytes = [0; 2];
            self.bus.write_read(SENSOR, &Z, &mut bytes)?;
            *sample = i16::from_le_bytes(bytes);
            self.delay.delay_us(MICROSECONDS_PER_SAMPLE);
        }
        self.network.step(&encode(&samples, label), &[]);
        self.network.accumulate_class_scores(&mut self.scores);
        Ok(())
    }

    /// The state that most spikes of the steps since the last answer are for; the lower one of two.
    pub fn answer(&mut self) -> usize {
        let scores = core::mem::take(&mut self.scores);
        (1..STATES).fold(0, |best, state| if scores[state] > scores[best] { state } else { best })
    }

    /// What the network has become, in 64 bits.
    pub fn state_hash(&self) -> u64 {
        self.network.state_hash()
    }
}
