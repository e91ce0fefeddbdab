//! The boards: the one table of their cores, memories and tools.
//!
//! The firmware's build, and the tools that compile, emulate, flash and measure it, read this table. The table
//! knows neither a network nor how a board is started. Emulated boards have the name of their QEMU machine.
//!
//! ```text
//! flash   | boot2, code, constants, artifact          | storage |
//!         flash_origin             storage().start --^         ^-- flash_origin + flash_kib
//! RAM     | stack  | statics, network's state         |
//!         ram_origin                                  ^-- ram_origin + ram_kib
//! ```
//!
//! ```
//! use metaplastic_shared::board::{Board, emulated};
//!
//! let board = Board::named("mps2-an386").unwrap();
//! assert_eq!((board.core, board.target), ("Cortex-M4F", "thumbv7em-none-eabihf"));
//! assert_eq!(board.qemu().unwrap().machine, "mps2-an386");
//! // Most boards are emulated; those that can be bought have a chip to flash.
//! assert!(emulated().any(|emulated| emulated.name == board.name) && board.chip.is_none());
//! assert!(Board::named("pico").unwrap().chip.is_some());
//! ```

use core::ops::Range;

/// A board that the firmware can be built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its core, in words.
    pub core: &'static str,
    /// The firmware's binary in `src/bin/`, and the feature that brings its dependencies: a kind of board.
    pub binary: &'static str,
    /// Rust target to compile for; every target has one set of compiler flags.
    pub target: &'static str,
    /// `-C target-cpu`, for instructions that are not part of the target.
    pub target_cpu: Option<&'static str>,
    /// The emulator; none for a board that cannot be emulated.
    pub emulation: Option<Emulation>,
    /// probe-rs' name of the chip, for boards that can be bought.
    pub chip: Option<&'static str>,
    /// The flash chip, where the first 256 bytes of flash are a boot loader for it.
    pub boot2: Option<Boot2>,
    /// Frequency of SysTick, Hz. In emulated time, an instruction takes a nanosecond.
    pub clock_hz: u32,
    /// Address of flash. Boards with TrustZone use the secure alias, so that no set-up code is needed.
    pub flash_origin: u32,
    /// Length of flash, KiB.
    pub flash_kib: u32,
    /// Size of the storage for plastic weights at the end of flash, whole pages, KiB; 0 for no storage.
    pub storage_kib: u32,
    /// Address of RAM, secure alias as for flash. An access to an address without RAM hangs instead of failing.
    pub ram_origin: u32,
    /// Length of RAM, KiB.
    pub ram_kib: u32,
    /// Size of the stack, bytes, a multiple of 8; linking fails if the network's state does not fit into the remaining RAM.
    pub stack_bytes: u32,
}

/// The emulator of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emulation {
    /// QEMU, semihosting as the byte stream.
    Qemu(QemuMachine),
    /// Node.js, standard input and output as the byte stream.
    Node {
        /// The script, in the firmware's folder.
        script: &'static str,
    },
}

/// The machine that QEMU emulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QemuMachine {
    /// QEMU's `-M`.
    pub machine: &'static str,
    /// QEMU's `-cpu`.
    pub cpu: &'static str,
}

/// A flash chip that needs a specific boot loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boot2 {
    /// Winbond W25Q080, and those that understand its commands.
    W25Q080,
}

const KIB: u32 = 1024;

impl Board {
    /// The board with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        BOARDS.iter().find(|board| board.name == name)
    }

    /// The QEMU machine; none if QEMU does not emulate the board.
    #[must_use]
    pub fn qemu(&self) -> Option<QemuMachine> {
        match self.emulation {
            Some(Emulation::Qemu(machine)) => Some(machine),
            _ => None,
        }
    }

    /// Size of flash for code, constants and artifact, without the storage, bytes.
    #[must_use]
    pub const fn flash_bytes(&self) -> u32 {
        KIB * (self.flash_kib - self.storage_kib)
    }

    /// Size of RAM for statics and the network's state, without the stack, bytes.
    #[must_use]
    pub const fn ram_bytes(&self) -> u32 {
        KIB * self.ram_kib - self.stack_bytes
    }

    /// Range of the storage for plastic weights, bytes from the start of flash; empty where there is no storage.
    #[must_use]
    pub const fn storage(&self) -> Range<u32> {
        self.flash_bytes()..KIB * self.flash_kib
    }
}

/// The boards that can be emulated.
pub fn emulated() -> impl Iterator<Item = &'static Board> {
    BOARDS.iter().filter(|board| board.emulation.is_some())
}

/// The boards that can be bought and flashed.
pub fn real() -> impl Iterator<Item = &'static Board> {
    BOARDS.iter().filter(|board| board.chip.is_some())
}

/// The Rust targets of all boards, each once.
pub fn targets() -> impl Iterator<Item = &'static str> {
    let is_first = |index: usize| BOARDS[..index].iter().all(|board| board.target != BOARDS[index].target);
    (0..BOARDS.len()).filter(move |index| is_first(*index)).map(|index| BOARDS[index].target)
}

/// A board of Arm's MPS2 and MPS3 family; the other emulated boards are given as differences from it.
const MPS2: Board = Board {
    name: "mps2-an385",
    core: "Cortex-M3",
    binary: "emulated",
    target: "thumbv7m-none-eabi",
    target_cpu: None,
    emulation: qemu("mps2-an385", "cortex-m3"),
    chip: None,
    boot2: None,
    clock_hz: 25_000_000,
    flash_origin: 0x0000_0000,
    flash_kib: 4096,
    storage_kib: 0,
    ram_origin: 0x2000_0000,
    ram_kib: 4096,
    stack_bytes: 24 * KIB,
};

const fn qemu(machine: &'static str, cpu: &'static str) -> Option<Emulation> {
    Some(Emulation::Qemu(QemuMachine { machine, cpu }))
}

/// The rate of the serial line of every board's firmware, bits per second: 8 data bits, no parity, one stop bit.
pub const BAUD: u32 = 115_200;

/// Every board.
pub static BOARDS: [Board; 11] = [
    MPS2,
    Board {
        name: "lm3s6965evb",
        emulation: qemu("lm3s6965evb", "cortex-m3"),
        clock_hz: 12_500_000,
        flash_kib: 256,
        ram_kib: 64,
        ..MPS2
    },
    Board {
        name: "mps2-an386",
        core: "Cortex-M4F",
        target: "thumbv7em-none-eabihf",
        emulation: qemu("mps2-an386", "cortex-m4"),
        ..MPS2
    },
    Board {
        name: "netduinoplus2",
        core: "Cortex-M4F (STM32F405)",
        target: "thumbv7em-none-eabihf",
        emulation: qemu("netduinoplus2", "cortex-m4"),
        clock_hz: 168_000_000,
        flash_origin: 0x0800_0000,
        flash_kib: 1024,
        ram_kib: 128,
        ..MPS2
    },
    Board {
        name: "mps2-an500",
        core: "Cortex-M7",
        target: "thumbv7em-none-eabihf",
        emulation: qemu("mps2-an500", "cortex-m7"),
        ..MPS2
    },
    Board {
        name: "mps2-an505",
        core: "Cortex-M33",
        target: "thumbv8m.main-none-eabihf",
        // For the DSP extension.
        target_cpu: Some("cortex-m33"),
        emulation: qemu("mps2-an505", "cortex-m33"),
        clock_hz: 20_000_000,
        flash_origin: 0x1000_0000,
        ram_origin: 0x3800_0000,
        ..MPS2
    },
    Board {
        name: "microbit",
        core: "Cortex-M0 (nRF51822, 16 KB of RAM)",
        target: "thumbv6m-none-eabi",
        emulation: qemu("microbit", "cortex-m0"),
        clock_hz: 16_000_000,
        flash_kib: 256,
        ram_kib: 16,
        stack_bytes: 3200,
        ..MPS2
    },
    // Executes Cortex-M0 code on a Cortex-M3, with more RAM than a micro:bit has.
    Board {
        name: "mps2-an385-v6m",
        core: "Cortex-M0+ (its code, on a Cortex-M3)",
        target: "thumbv6m-none-eabi",
        ..MPS2
    },
    Board {
        name: "pico",
        core: "Cortex-M0+ (RP2040)",
        binary: "pico",
        target: "thumbv6m-none-eabi",
        target_cpu: None,
        emulation: Some(Emulation::Node { script: "rp2040js/emulate.mjs" }),
        chip: Some("RP2040"),
        boot2: Some(Boot2::W25Q080),
        clock_hz: 125_000_000,
        flash_origin: 0x1000_0000,
        flash_kib: 2048,
        storage_kib: 0,
        ram_origin: 0x2000_0000,
        ram_kib: 256,
        stack_bytes: 8 * KIB,
    },
    Board {
        name: "nrf52840-dk",
        core: "Cortex-M4F (nRF52840)",
        binary: "nrf52840-dk",
        target: "thumbv7em-none-eabihf",
        target_cpu: None,
        emulation: None,
        chip: Some("nRF52840_xxAA"),
        boot2: None,
        clock_hz: 64_000_000,
        flash_origin: 0x0000_0000,
        flash_kib: 1024,
        storage_kib: 0,
        ram_origin: 0x2000_0000,
        ram_kib: 256,
        stack_bytes: 8 * KIB,
    },
    Board {
        name: "stm32f4-discovery",
        core: "Cortex-M4F (STM32F407)",
        binary: "stm32f4-discovery",
        target: "thumbv7em-none-eabihf",
        target_cpu: None,
        emulation: None,
        chip: Some("STM32F407VGTx"),
        boot2: None,
        clock_hz: 168_000_000,
        flash_origin: 0x0800_0000,
        flash_kib: 1024,
        storage_kib: 256,
        ram_origin: 0x2000_0000,
        ram_kib: 128,
        stack_bytes: 8 * KIB,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for board in &BOARDS {
            assert_eq!(Board::named(board.name), Some(board));
        }
        assert_eq!(Board::named("abacus"), None);
    }

    #[test]
    fn every_board_is_emulated_or_real() {
        assert!(BOARDS.iter().all(|board| board.emulation.is_some() || board.chip.is_some()));
        assert!(emulated().any(|board| board.name == "pico") && real().any(|board| board.name == "pico"));
        assert!(real().all(|board| board.qemu().is_none()));
    }

    #[test]
    fn memories_have_room_for_stack_and_storage() {
        for board in &BOARDS {
            let stack = board.stack_bytes;
            assert!((KIB..KIB * board.ram_kib).contains(&stack) && stack.is_multiple_of(8), "{}", board.name);
            assert!(board.storage_kib < board.flash_kib, "{}", board.name);
            assert_eq!(board.storage().end, 1024 * board.flash_kib, "{}", board.name);
            assert_eq!(board.storage().is_empty(), board.storage_kib == 0, "{}", board.name);
        }
    }

    /// The Arm architecture has code below 0x2000_0000 and SRAM from there on; with TrustZone, bit 28 is the secure
    /// alias.
    #[test]
    fn memories_are_at_the_addresses_of_the_architecture() {
        for board in &BOARDS {
            let ends = [(board.flash_origin, board.flash_kib), (board.ram_origin, board.ram_kib)];
            let [flash, ram] = ends.map(|(origin, kib)| origin..origin + 1024 * kib);
            assert!(
                flash.end <= 0x2000_0000 && ram.start >= 0x2000_0000 && ram.end <= 0x4000_0000,
                "{}",
                board.name
            );
            if board.target.starts_with("thumbv8m") {
                assert!([flash.start, ram.start].iter().all(|origin| origin >> 28 & 1 == 1), "{}", board.name);
            }
        }
    }

    #[test]
    fn each_target_is_named_once_and_has_one_set_of_flags() {
        for target in targets() {
            assert_eq!(targets().filter(|other| *other == target).count(), 1);
            let mut cpus = BOARDS.iter().filter(|board| board.target == target).map(|board| board.target_cpu);
            let first = cpus.next().flatten();
            assert!(cpus.all(|cpu| cpu == first), "{target}");
        }
        assert_eq!(targets().count(), 4);
    }
}
