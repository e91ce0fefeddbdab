//! ST's accelerometer LIS3DH on an I2C bus. Its own clock times the samples, and its FIFO waits for the network.

use embedded_hal::i2c::I2c;
use starter_encoder::SAMPLES;

use crate::Sensor;

/// Its address, with its pin SA0 low.
pub const ACCELEROMETER: u8 = 0x18;
/// The register that says how full the FIFO is.
pub const FIFO_LEVEL: u8 = 0x2f;
/// In it: there is no sample.
const IS_EMPTY: u8 = 1 << 5;
/// The first of six registers, low and high bytes of x, y and z, read one after another.
const AXES: u8 = 0x28 | 0x80;
/// Registers and values: 1344 samples a second; 2 g in 12 bits; a FIFO, emptied, that keeps the newest 32.
const START: [[u8; 2]; 5] = [[0x20, 0x97], [0x23, 0x88], [0x24, 0x40], [0x2e, 0x00], [0x2e, 0x80]];

/// The acceleration along z, 16384 for 1 g.
pub struct Accelerometer<B>(B);

impl<B: I2c> Accelerometer<B> {
    /// Starts it.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn start(mut bus: B) -> Result<Self, B::Error> {
        START.iter().try_for_each(|configuration| bus.write(ACCELEROMETER, configuration))?;
        Ok(Self(bus))
    }

    fn is_empty(&mut self) -> Result<bool, B::Error> {
        let mut level = [0];
        self.0.write_read(ACCELEROMETER, &[FIFO_LEVEL], &mut level)?;
        Ok(level[0] & IS_EMPTY != 0)
    }
}

impl<B: I2c> Sensor for Accelerometer<B> {
    type Error = B::Error;

    fn read(&mut self, samples: &mut [i16; SAMPLES]) -> Result<(), B::Error> {
        for sample in samples {
            while self.is_empty()? {}
            let mut axes = [0; 6];
            self.0.write_read(ACCELEROMETER, &[AXES], &mut axes)?;
            *sample = i16::from_le_bytes([axes[4], axes[5]]);
        }
        Ok(())
    }
}
