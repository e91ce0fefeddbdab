//! A network between the pins of a Raspberry Pi Pico, without a computer: events at pins in, PWM out, a step every
//! 10 ms.
//!
//! | pin          | meaning                                                                                       |
//! |--------------|-----------------------------------------------------------------------------------------------|
//! | GP2, GP3     | in, pulled down: input neurons 0 and 1 spike in every step in which the pin is high           |
//! | GP4, GP5     | in, pulled down: a rising edge is a spike of neuron 2 or 4, a falling edge of neuron 3 or 5   |
//! | GP16, GP17   | out, PWM at 5 kHz: the low-pass filtered part of the neurons of class 0 or 1 that spike       |
//! | GP25, LED    | out: high during a step                                                                       |
//!
//! All other input neurons are silent, analog values are zero. The network learns as its artifact says, and
//! forgets when the power is cut.

#![no_std]
#![no_main]

use core::convert::Infallible;

use cortex_m::peripheral::syst::SystClkSource;
use embedded_hal::digital::OutputPin;
use embedded_hal::pwm::SetDutyCycle;
use metaplastic_firmware::pico::Pico;
use metaplastic_firmware::{EMPTY_STORAGE, EmbeddedStorage, network};
use metaplastic_runtime::Network;
use metaplastic_runtime::hal::{DutyActuator, EdgeEncoder, LevelEncoder};
use panic_halt as _;
use rp2040_hal::gpio::bank0::{Gpio16, Gpio17};
use rp2040_hal::gpio::{DynPinId, FunctionNull, FunctionSioInput, Pin, PullDown};
use rp2040_hal::pac::{PWM, RESETS, SYST};
use rp2040_hal::pwm::{A, B, Channel, FreeRunning, Pwm0, Slice, Slices};
use rp2040_hal::{Clock, entry};

const STEPS_PER_SECOND: u32 = 100;
/// 5 kHz at 125 MHz.
const PWM_CYCLES: u16 = 25_000;
/// The duty's time constant is `2^4` steps, 160 ms.
const SMOOTHING: u8 = 4;

type Input = Pin<DynPinId, FunctionSioInput, PullDown>;
type Output<C> = DutyActuator<Channel<Slice<Pwm0, FreeRunning>, C>>;

/// The encoders of the input pins.
struct Encoders {
    levels: [LevelEncoder<Input>; 2],
    edges: [EdgeEncoder<Input>; 2],
}

impl Encoders {
    fn new(pins: [Input; 4]) -> Result<Self, Infallible> {
        let [level_0, level_1, edge_0, edge_1] = pins;
        let levels = [LevelEncoder::new(level_0, 0), LevelEncoder::new(level_1, 1)];
        Ok(Self { levels, edges: [EdgeEncoder::new(edge_0, 2)?, EdgeEncoder::new(edge_1, 4)?] })
    }

    /// The input spikes of a step, one bit per neuron.
    fn encode(&mut self) -> Result<[u8; 1], Infallible> {
        let mut spikes = [0];
        self.levels.iter_mut().try_for_each(|encoder| encoder.encode(&mut spikes))?;
        self.edges.iter_mut().try_for_each(|encoder| encoder.encode(&mut spikes))?;
        Ok(spikes)
    }
}

/// The actuators of the output pins, one per class.
struct Actuators {
    first: Output<A>,
    second: Output<B>,
}

impl Actuators {
    /// `class` is how many neurons one class has.
    fn new(slice: Slice<Pwm0, FreeRunning>, class: u16) -> Self {
        let first = DutyActuator::new(slice.channel_a, 0, class, SMOOTHING);
        let second = DutyActuator::new(slice.channel_b, class, class, SMOOTHING);
        Self { first, second }
    }

    fn drive(&mut self, network: &Network<'_>) -> Result<(), Infallible> {
        let spikes = network.spikes(network.readout_population());
        self.first.drive(spikes.clone())?;
        self.second.drive(spikes)
    }
}

/// The slice of GP16 and GP17, at zero duty.
fn start_pwm(
    pwm: PWM,
    resets: &mut RESETS,
    first: Pin<Gpio16, FunctionNull, PullDown>,
    second: Pin<Gpio17, FunctionNull, PullDown>,
) -> Result<Slice<Pwm0, FreeRunning>, Infallible> {
    let mut slice = Slices::new(pwm, resets).pwm0;
    slice.default_config();
    slice.set_top(PWM_CYCLES - 1);
    slice.channel_a.set_duty_cycle_fully_off()?;
    slice.channel_b.set_duty_cycle_fully_off()?;
    slice.channel_a.output_to(first);
    slice.channel_b.output_to(second);
    slice.enable();
    Ok(slice)
}

/// Starts the core's timer, which interrupts once per step.
fn start_steps(mut timer: SYST, core_hz: u32) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(core_hz / STEPS_PER_SECOND - 1);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

/// Returns only if the board's clocks do not start or its artifact was damaged.
fn run(storage: &'static mut EmbeddedStorage<'static>) -> Option<()> {
    let Pico { clocks, pins, pwm, mut resets, systick, .. } = Pico::start()?;
    let mut network = network::<Infallible>(storage).ok()?;
    let class = network.artifact().manifest().network.readout.neurons_per_class;
    let mut lamp = pins.gpio25.into_push_pull_output();
    let Ok(mut encoders) = Encoders::new([
        pins.gpio2.into_pull_down_input().into_dyn_pin(),
        pins.gpio3.into_pull_down_input().into_dyn_pin(),
        pins.gpio4.into_pull_down_input().into_dyn_pin(),
        pins.gpio5.into_pull_down_input().into_dyn_pin(),
    ]);
    let Ok(slice) = start_pwm(pwm, &mut resets, pins.gpio16, pins.gpio17);
    let mut actuators = Actuators::new(slice, class.into());
    start_steps(systick, clocks.system_clock.freq().to_Hz());
    loop {
        // No other interrupt is enabled. A step that takes longer than its period only delays the next one.
        cortex_m::asm::wfi();
        let Ok(()) = lamp.set_high();
        let Ok(spikes) = encoders.encode();
        network.step(&spikes, &[]);
        let Ok(()) = actuators.drive(&network);
        let Ok(()) = lamp.set_low();
    }
}

/// Only wakes the core.
#[cortex_m_rt::exception]
fn SysTick() {}

#[entry]
fn main() -> ! {
    // In RAM for the whole program, so that linking checks that it fits; `entry` makes it a `&'static mut`.
    static mut NETWORK_STORAGE: EmbeddedStorage<'static> = EMPTY_STORAGE;
    run(NETWORK_STORAGE);
    loop {
        cortex_m::asm::wfi();
    }
}
