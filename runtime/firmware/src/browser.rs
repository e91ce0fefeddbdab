//! The network in a browser: functions for the page's JavaScript over WebAssembly's memory, in place of a byte stream.
//!
//! The page allocates memory for an artifact, writes it there, and calls [`begin`]; then it writes a step's inputs, calls
//! [`step`], and reads what it likes. Addresses are those of WebAssembly's memory, in bytes. Any artifact that the decoder
//! accepts runs in the same module. It knows neither a task nor the page.
//!
//! `unsafe` is here because a page can pass nothing but numbers, and because statics that change need it.
#![allow(unsafe_code)]

use core::arch::wasm32::{memory_grow, unreachable};
use core::cell::UnsafeCell;
use core::panic::PanicInfo;

use metaplastic_runtime::{Artifact, Freeze, Network, NetworkStorage, StateValues};
use metaplastic_shared::network::MAX_CLASSES;
use metaplastic_shared::state::{StateQuantity, StateSection};

/// Bytes of a page of WebAssembly's memory.
const PAGE: usize = 1 << 16;

/// A static of a program with one thread.
struct Single<T>(UnsafeCell<T>);

// SAFETY: the module has no shared memory, so that one thread runs it.
unsafe impl<T> Sync for Single<T> {}

type Storage = NetworkStorage<'static, &'static mut [u64]>;

/// What [`begin`] makes.
struct Running {
    network: Network<'static>,
    /// Input spikes of the coming step.
    inputs: &'static mut [u8],
    /// Analog values of the coming step.
    analog: &'static mut [i16],
    class_scores: [i32; MAX_CLASSES],
    /// What was read of the state.
    values: &'static mut [u16],
}

static STORAGE: Single<Option<Storage>> = Single(UnsafeCell::new(None));
static RUNNING: Single<Option<Running>> = Single(UnsafeCell::new(None));

/// New memory of so many bytes, all zero, aligned as everything here needs it; 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(bytes: usize) -> usize {
    let first = memory_grow::<0>(bytes.div_ceil(PAGE));
    if first == usize::MAX { 0 } else { first * PAGE }
}

/// Memory for so many values, all zero.
fn allocated<T>(count: usize) -> Option<&'static mut [T]> {
    let address = allocate(count * size_of::<T>());
    // SAFETY: the pages are new, so nobody else has them; they are zero, which is a value of the integers that are asked for.
    (address > 0).then(|| unsafe { core::slice::from_raw_parts_mut(address as *mut T, count) })
}

fn running() -> &'static mut Running {
    // SAFETY: one thread runs the module, and no function that is called from outside calls another.
    let running = unsafe { &mut *RUNNING.0.get() };
    running.as_mut().unwrap_or_else(|| unreachable())
}

/// Makes the network of an artifact of so many bytes at an address of [`allocate`]; `values` is the number of values that the
/// largest section of its state has. Returns 0, or 1 if the artifact cannot be used, or 2 if the memory is too small. To be called
/// once.
#[unsafe(no_mangle)]
pub extern "C" fn begin(artifact: usize, bytes: usize, values: usize) -> u32 {
    // SAFETY: the page has written so many bytes of what it allocated, and writes them no more.
    let bytes = unsafe { core::slice::from_raw_parts(artifact as *const u8, bytes) };
    let Ok(artifact) = Artifact::decode(bytes) else { return 1 };
    let made = allocated(Network::memory_words(&artifact)).and_then(|words| make(artifact, words, values));
    // SAFETY: as in `running`.
    let running = unsafe { &mut *RUNNING.0.get() };
    *running = made;
    if running.is_some() { 0 } else { 2 }
}

fn make(artifact: Artifact<'static>, words: &'static mut [u64], values: usize) -> Option<Running> {
    // SAFETY: as in `running`; the storage is made once.
    let storage = unsafe { &mut *STORAGE.0.get() };
    let network = Network::new(artifact, storage.insert(NetworkStorage::new(words))).ok()?;
    let (inputs, analog) = (allocated(network.input_bytes())?, allocated(network.analog_values())?);
    Some(Running { network, inputs, analog, class_scores: [0; MAX_CLASSES], values: allocated(values)? })
}

/// Where the input spikes of the coming step are written, packed.
#[unsafe(no_mangle)]
pub extern "C" fn inputs() -> usize {
    running().inputs.as_ptr() as usize
}

/// Where the analog values of the coming step are written, 16 bits each.
#[unsafe(no_mangle)]
pub extern "C" fn analog() -> usize {
    running().analog.as_ptr() as usize
}

/// Where the class scores or commands of the last step are, 32 bits each.
#[unsafe(no_mangle)]
pub extern "C" fn class_scores() -> usize {
    running().class_scores.as_ptr() as usize
}

/// Where values of the state are after [`read_state`], 16 bits each.
#[unsafe(no_mangle)]
pub extern "C" fn values() -> usize {
    running().values.as_ptr() as usize
}

/// Classes or commands of the readout.
#[unsafe(no_mangle)]
pub extern "C" fn classes() -> usize {
    running().network.classes()
}

/// Begins in the initial state; 1 freezes the plastic weights, 2 the third factor.
#[unsafe(no_mangle)]
pub extern "C" fn reset(frozen: u32) {
    let freeze = match frozen {
        1 => Freeze::Plasticity,
        2 => Freeze::ThirdFactor,
        _ => Freeze::Nothing,
    };
    running().network.reset(freeze);
}

/// Sets all state but the plastic weights to zero.
#[unsafe(no_mangle)]
pub extern "C" fn reset_state() {
    running().network.reset_state();
}

/// Runs a step; returns 1 if plastic weights could change.
#[unsafe(no_mangle)]
pub extern "C" fn step() -> u32 {
    let Running { network, inputs, analog, class_scores, .. } = running();
    network.step(inputs, analog);
    class_scores.fill(0);
    network.accumulate_class_scores(class_scores);
    u32::from(network.is_modulated())
}

/// The hash of the complete state.
#[unsafe(no_mangle)]
pub extern "C" fn state_hash() -> u64 {
    running().network.state_hash()
}

/// Reads a section of the state, by the numbers of its quantity and of its population or projection; returns how many values
/// there are.
#[unsafe(no_mangle)]
pub extern "C" fn read_state(quantity: usize, index: u32) -> usize {
    let Running { network, values, .. } = running();
    let Some(quantity) = StateQuantity::ALL.get(quantity) else { return 0 };
    let read = StateValues::of(network, StateSection::new(*quantity, index as u8));
    values.iter_mut().take(read.len()).enumerate().for_each(|(at, value)| *value = read.get(at));
    read.len()
}

/// The page sees an error.
#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    unreachable()
}
