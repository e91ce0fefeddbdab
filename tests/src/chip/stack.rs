//! The largest stack depth, from the machine code alone.
//!
//! For each function, the depth below its entry is computed along its control flow: `push`, `sub sp`, stores with
//! write-back, frame pointers and constants added to `sp`. The bound of a function is the maximum over its calls of
//! the depth at the call plus the bound of the callee. Recursion and calls through pointers have no bound and are
//! reported by name. The registers that an interrupt pushes are not counted.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};

use super::image::Image;
use super::instruction::{Flow, Instruction, immediate};

/// The stack of all functions of a firmware.
pub struct Stack<'i> {
    image: &'i Image,
    frames: Vec<Frame>,
    bounds: BTreeMap<usize, Bound>,
    /// Functions that are never called, by name.
    never: fn(&str) -> bool,
}

/// The stack use of one function.
#[derive(Clone, Debug, Default)]
struct Frame {
    /// Deepest below the entry, bytes.
    depth: u32,
    /// Functions it calls, each with the depth at the call.
    calls: BTreeMap<usize, u32>,
    /// Addresses of calls and jumps through a pointer.
    indirect: Vec<u32>,
}

/// The largest depth of a function with its callees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// Bytes.
    pub bytes: u32,
    /// The callee on the deepest path.
    deepest: Option<usize>,
    /// The reasons why this is not a bound: calls through pointers, and recursion.
    pub unbounded: BTreeSet<String>,
}

impl<'i> Stack<'i> {
    /// Computes the stack use of every function of a firmware.
    ///
    /// # Errors
    /// If a function changes `sp` in an unknown way.
    pub fn of(image: &'i Image) -> Result<Self> {
        Self::without(image, |_| false)
    }

    /// The same where functions that are called so are never called.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn without(image: &'i Image, never: fn(&str) -> bool) -> Result<Self> {
        let frames = (0..image.functions.len()).map(|index| frame(image, index)).collect::<Result<_>>()?;
        let mut stack = Self { image, frames, bounds: BTreeMap::new(), never };
        for index in 0..image.functions.len() {
            stack.visit(index, &mut Vec::new());
        }
        Ok(stack)
    }

    fn visit(&mut self, index: usize, path: &mut Vec<usize>) -> Bound {
        if let Some(bound) = self.bounds.get(&index) {
            return bound.clone();
        }
        let name = &self.image.functions[index].name;
        if path.contains(&index) {
            return Bound { unbounded: [format!("recursion through {name}")].into(), ..Bound::default() };
        }
        let frame = self.frames[index].clone();
        let at = |address: &u32| format!("call through a pointer in {name} at {address:#x}");
        let mut bound =
            Bound { bytes: frame.depth, deepest: None, unbounded: frame.indirect.iter().map(at).collect() };
        path.push(index);
        for (callee, depth) in frame.calls {
            if (self.never)(&self.image.functions[callee].name) {
                continue;
            }
            let below = self.visit(callee, path);
            if depth + below.bytes > bound.bytes {
                bound.bytes = depth + below.bytes;
                bound.deepest = Some(callee);
            }
            bound.unbounded.extend(below.unbounded);
        }
        path.pop();
        self.bounds.insert(index, bound.clone());
        bound
    }

    /// The bound of a function.
    #[must_use]
    pub fn bound(&self, function: usize) -> &Bound {
        &self.bounds[&function]
    }

    /// The bound of the one function of this name.
    ///
    /// # Errors
    /// If there is none or more than one.
    pub fn bound_of(&self, name: &str) -> Result<&Bound> {
        let found: Vec<_> = self.image.named(name).collect();
        ensure!(found.len() == 1, "{} functions are called {name}", found.len());
        Ok(self.bound(found[0]))
    }

    /// Bytes of a function's own frame.
    #[must_use]
    pub fn frame(&self, function: usize) -> u32 {
        self.frames[function].depth
    }

    /// The functions on the deepest path from this one.
    #[must_use]
    pub fn deepest_path(&self, function: usize) -> Vec<usize> {
        std::iter::successors(Some(function), |index| self.bounds[index].deepest).collect()
    }
}

/// The known content of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// The stack pointer at entry, minus this many bytes.
    Below(i64),
    Constant(i64),
}

/// The known state before an instruction: depth of `sp` below entry, and registers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StackState {
    depth: i64,
    registers: BTreeMap<String, Value>,
}

impl StackState {
    fn value(&self, register: &str) -> Option<Value> {
        if register == "sp" { Some(Value::Below(self.depth)) } else { self.registers.get(register).copied() }
    }

    fn set(&mut self, register: &str, value: Option<Value>) -> Result<()> {
        match (register, value) {
            ("sp", Some(Value::Below(depth))) => self.depth = depth,
            ("sp", _) => bail!("sp becomes unknown"),
            (_, Some(value)) => drop(self.registers.insert(register.to_owned(), value)),
            (_, None) => drop(self.registers.remove(register)),
        }
        Ok(())
    }

    /// The state that holds on both paths to an instruction; `None` if nothing changes.
    fn merged(&self, other: &Self) -> Option<Self> {
        let mut merged = self.clone();
        merged.depth = self.depth.max(other.depth);
        merged.registers.retain(|register, value| other.registers.get(register) == Some(value));
        (merged != *self).then_some(merged)
    }
}

fn frame(image: &Image, function: usize) -> Result<Frame> {
    let mut frame = Frame::default();
    let start = image.functions[function].start;
    let mut states = BTreeMap::from([(start, StackState { depth: 0, registers: BTreeMap::new() })]);
    let mut open = vec![start];
    let mut after_table: Option<StackState> = None;
    loop {
        while let Some(address) = open.pop() {
            let Some(instruction) = image.instructions.get(&address) else { continue };
            let before = states[&address].clone();
            let mut after = before.clone();
            apply(image, instruction, &mut after)
                .map_err(|error| error.context(format!("{}: {instruction:x?}", image.functions[function].name)))?;
            ensure!(after.depth < 1 << 24, "{}: the stack grows in a loop", image.functions[function].name);
            frame.depth = frame.depth.max(after.depth.max(0) as u32);
            let flow = flow_within(image, function, instruction);
            if flow == Flow::IndirectJump {
                after_table = Some(match &after_table {
                    Some(known) => known.merged(&after).unwrap_or_else(|| known.clone()),
                    None => after.clone(),
                });
            }
            frame.note_call(image, function, &Site { instruction, flow, depth: before.depth.max(0) as u32 });
            for next in successors(image, function, instruction, flow) {
                let merged = match states.get(&next) {
                    Some(known) => known.merged(&after),
                    None => Some(after.clone()),
                };
                if let Some(merged) = merged {
                    states.insert(next, merged);
                    open.push(next);
                }
            }
        }
        // Code that no branch reaches is reached through a table.
        let unreached = image.code(function).find(|it| !states.contains_key(&it.address)).map(|it| it.address);
        let (Some(address), Some(state)) = (unreached, &after_table) else { break };
        states.insert(address, state.clone());
        open.push(address);
    }
    frame.indirect.sort_unstable();
    frame.indirect.dedup();
    Ok(frame)
}

/// The control flow after an instruction. On Armv6-M, a `bl` can be a far jump within a function, as `b` is short.
fn flow_within(image: &Image, function: usize, instruction: &Instruction) -> Flow {
    match instruction.flow() {
        Flow::Call(target)
            if image.function_at(target) == Some(function) && target != image.functions[function].start =>
        {
            Flow::Jump(target)
        }
        flow => flow,
    }
}

fn successors(image: &Image, function: usize, instruction: &Instruction, flow: Flow) -> Vec<u32> {
    let inside = |address: &u32| image.function_at(*address) == Some(function);
    let next = instruction.next();
    let conditional = instruction.conditional || instruction.mnemonic.starts_with("cb");
    match flow {
        Flow::Jump(target) if conditional => [target, next].into_iter().filter(inside).collect(),
        Flow::Jump(target) => [target].into_iter().filter(inside).collect(),
        Flow::Next | Flow::Call(_) | Flow::IndirectCall => [next].into_iter().filter(inside).collect(),
        _ if conditional => vec![next],
        _ => Vec::new(),
    }
}

/// An instruction of a function, the control flow after it, and the stack depth before it.
struct Site<'i> {
    instruction: &'i Instruction,
    flow: Flow,
    depth: u32,
}

impl Frame {
    /// Records the call at an instruction, if there is one.
    fn note_call(&mut self, image: &Image, function: usize, site: &Site<'_>) {
        let Site { instruction, flow, depth } = *site;
        match flow {
            Flow::Call(target) | Flow::Jump(target) => match image.function_at(target) {
                Some(callee) if callee != function || matches!(flow, Flow::Call(_)) => {
                    let known = self.calls.entry(callee).or_default();
                    *known = depth.max(*known);
                }
                Some(_) => {}
                None => self.indirect.push(instruction.address),
            },
            Flow::IndirectCall => self.indirect.push(instruction.address),
            Flow::IndirectJump if is_tail_call(instruction) => self.indirect.push(instruction.address),
            // Assembly that runs off its end continues in the next piece, like a call.
            Flow::Next | Flow::Trap | Flow::Return | Flow::IndirectJump => {}
        }
    }
}

/// `bx rN` is a call through a pointer; `tbb`, `add pc` and `mov pc` are tables.
fn is_tail_call(instruction: &Instruction) -> bool {
    instruction.operation().starts_with("bx")
}

fn apply(image: &Image, instruction: &Instruction, state: &mut StackState) -> Result<()> {
    let arguments = instruction.arguments();
    let listed = instruction.register_list();
    let list_bytes: i64 = listed.iter().map(|register| if register.starts_with('d') { 8 } else { 4 }).sum();
    let operation = instruction.operation();
    let first = arguments.first().copied().unwrap_or_default();
    match operation {
        "push" | "vpush" => state.depth += list_bytes,
        "pop" | "vpop" => {
            state.depth -= list_bytes;
            forget(state, &listed);
        }
        "stmdb" | "vstmdb" if first == "sp!" => state.depth += list_bytes,
        "ldm" | "vldmia" if first == "sp!" => {
            state.depth -= list_bytes;
            forget(state, &listed);
        }
        "bl" | "blx" => forget(state, &["r0", "r1", "r2", "r3", "r12", "ip", "lr"]),
        _ if first.is_empty() => {}
        "cmp" | "cmn" | "tst" | "teq" | "b" | "cbz" | "cbnz" | "bx" | "stm" | "stmdb" | "ldm" | "ldmdb" => {
            forget(state, &listed);
        }
        _ if operation.starts_with("str") || operation.starts_with("ldr") => {
            let loaded = if operation == "ldrd" { 2 } else { usize::from(operation.starts_with("ldr")) };
            let value = if operation == "ldr" { literal(image, instruction) } else { None };
            for register in arguments.iter().take(loaded).filter(|register| **register != "pc") {
                state.set(register, value)?;
            }
            state.depth -= written_back(&arguments);
        }
        _ => {
            let value = computed(operation, &arguments, state);
            if state.value(first).is_some() || value.is_some() {
                let value = if instruction.conditional && value != state.value(first) { None } else { value };
                state.set(first, value)?;
            }
        }
    }
    Ok(())
}

fn forget(state: &mut StackState, registers: &[&str]) {
    for register in registers {
        state.registers.remove(*register);
    }
}

/// The number of bytes that `[sp, #n]!` or `[sp], #n` adds to `sp`.
fn written_back(arguments: &[&str]) -> i64 {
    let offset = |text: &str| immediate(text.trim()).unwrap_or(0);
    match arguments {
        [.., memory] if memory.starts_with("[sp,") && memory.ends_with('!') => {
            offset(memory.trim_start_matches("[sp,").trim_end_matches("]!"))
        }
        [.., "[sp]", by] => offset(by),
        _ => 0,
    }
}

/// `ldr rX, [pc, #n]`.
fn literal(image: &Image, instruction: &Instruction) -> Option<Value> {
    let offset = instruction.operands.split_once("[pc, ")?.1.strip_suffix(']')?;
    let base = (instruction.address + 4) & !3;
    let address = base.wrapping_add(immediate(offset)? as u32);
    image.word(address).map(|word| Value::Constant(i64::from(word as i32)))
}

fn computed(operation: &str, arguments: &[&str], state: &StackState) -> Option<Value> {
    let value = |text: &str| immediate(text).map(Value::Constant).or_else(|| state.value(text));
    let (left, right) = match arguments {
        [target, right] => (value(target), value(right)),
        [_, left, right] => (value(left), value(right)),
        _ => (None, None),
    };
    match (operation, left, right) {
        ("mov" | "movs" | "movw", _, Some(right)) => Some(right),
        ("add" | "adds" | "addw", Some(left), Some(right)) => sum(left, right, 1),
        ("sub" | "subs" | "subw", Some(left), Some(right)) => sum(left, right, -1),
        // Alignment of a frame makes it deeper by at most the mask.
        ("bfc", Some(Value::Below(depth)), _) => Some(Value::Below(depth + aligned_by(arguments.get(2)?)?)),
        ("bic", Some(Value::Below(depth)), Some(Value::Constant(mask))) => Some(Value::Below(depth + mask)),
        ("lsrs" | "lsls", Some(Value::Below(depth)), Some(Value::Constant(bits))) if operation == "lsrs" => {
            Some(Value::Below(depth + (1 << bits) - 1))
        }
        ("lsls", Some(below @ Value::Below(_)), _) => Some(below),
        _ => None,
    }
}

fn aligned_by(width: &str) -> Option<i64> {
    Some((1 << immediate(width)?) - 1)
}

fn sum(left: Value, right: Value, sign: i64) -> Option<Value> {
    match (left, right) {
        (Value::Constant(left), Value::Constant(right)) => Some(Value::Constant(left + sign * right)),
        (Value::Below(depth), Value::Constant(by)) => Some(Value::Below(depth - sign * by)),
        (Value::Constant(by), Value::Below(depth)) if sign == 1 => Some(Value::Below(depth - by)),
        _ => None,
    }
}
