//! The command line of QEMU, wherever it is started: without a display, semihosting as the board's byte stream.
//!
//! It knows neither what the firmware does nor who reads its stream.
//!
//! ```
//! use metaplastic_host::body::board::emulated_board;
//! use metaplastic_host::body::qemu::{QEMU, Time, qemu_arguments};
//!
//! let machine = emulated_board("mps2-an386").unwrap().qemu().unwrap();
//! let arguments = qemu_arguments(machine, Time::Instructions);
//! assert_eq!((QEMU, &arguments[..4]), ("qemu-system-arm", &["-M", "mps2-an386", "-cpu", "cortex-m4"][..]));
//! assert!(arguments.contains(&"-icount"));
//! ```

use metaplastic_shared::board::QemuMachine;

/// QEMU's emulator of Arm boards.
pub const QEMU: &str = "qemu-system-arm";

/// What an emulated board's timer follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// The host's clock.
    Hosts,
    /// The instructions executed, a nanosecond each.
    Instructions,
}

/// The arguments that start a machine; the firmware's ELF file is to be appended.
#[must_use]
pub fn qemu_arguments(machine: QemuMachine, time: Time) -> Vec<&'static str> {
    let QemuMachine { machine, cpu } = machine;
    let mut arguments = vec!["-M", machine, "-cpu", cpu];
    if time == Time::Instructions {
        arguments.extend(["-icount", "shift=0"]);
    }
    arguments.extend(["-display", "none", "-monitor", "none", "-serial", "none"]);
    arguments.extend(["-semihosting-config", "enable=on,target=native", "-kernel"]);
    arguments
}
