//! A monitor whose sensor and memory are on one I2C bus, as every board here has them.

use core::cell::RefCell;

use embedded_hal::i2c::I2c;
use embedded_hal_bus::i2c::RefCellDevice;
use metaplastic_runtime::Network;

use crate::{Accelerometer, EmbeddedStorage, Fram, Monitor, artifact};

impl<'n, 'b, B: I2c> Monitor<'n, Accelerometer<RefCellDevice<'b, B>>, Fram<RefCellDevice<'b, B>>> {
    /// The monitor of a board that has sensor and memory on one bus; none if one of them does not answer.
    pub fn on_bus(storage: &'n mut EmbeddedStorage<'n>, bus: &'b RefCell<B>) -> Option<Self> {
        let device = || RefCellDevice::new(bus);
        let sensor = Accelerometer::start(device()).ok()?;
        let network = Network::new(artifact().ok()?, storage).ok()?;
        Self::new(network, sensor, Fram::new(device())).ok()
    }
}
