//! The effect of the previous instruction on the time of a load or store: "Load/store timings" of the Cortex-M3's
//! manual (DDI 0337, 3.3.3) and, with the same words, of the Cortex-M4's (DDI 0439, 3.3.2).
//!
//! - A load or store whose address depends on the result of the data processing before it stalls for one cycle.
//! - A single load or store takes one cycle less after a single load, if its address does not use the loaded
//!   register.
//! - Nothing is pipelined after a store, nor before or after `ldrd`, `strd`, `ldm`, `stm`, `push` and `pop`.
//!
//! The manual does not say whether the second rule holds for forms that write their base back and for loads
//! relative to `pc`; here it does not. The cycles of single instructions are in [`cycles`](super::cycles).

use super::Instruction;
use super::instruction::Flow;

/// Whether the load or store after it stalls, as its address uses the result.
#[must_use]
pub fn stalls(before: &Instruction, access: &Instruction) -> bool {
    is_access(access) && results(before).iter().any(|result| address_registers(access).contains(result))
}

/// Whether a single load or store overlaps with the single load before it.
#[must_use]
pub fn overlaps(before: &Instruction, access: &Instruction) -> bool {
    let loaded = before.arguments().first().copied().unwrap_or_default();
    is_plain(before, "ldr")
        && (is_plain(access, "ldr") || is_plain(access, "str"))
        && !address_registers(access).contains(&loaded)
}

/// Whether it is a single store at a register and a constant, without write-back.
#[must_use]
pub fn stores_at_constant_offset(instruction: &Instruction) -> bool {
    is_plain(instruction, "str") && address_registers(instruction).len() == 1
}

/// Whether it loads a constant from the code.
#[must_use]
pub fn loads_constant(instruction: &Instruction) -> bool {
    instruction.operation().starts_with("ldr") && address_registers(instruction).contains(&"pc")
}

fn is_access(instruction: &Instruction) -> bool {
    let operation = instruction.operation();
    ["ldr", "str", "ldm", "stm", "push", "pop"].iter().any(|start| operation.starts_with(start))
}

/// A load or store of one register without write-back that does not use `pc`.
fn is_plain(instruction: &Instruction, kind: &str) -> bool {
    let operation = instruction.operation();
    let single = operation.starts_with(kind) && !operation.ends_with("rd");
    single && instruction.operands.ends_with(']') && !instruction.operands.contains("pc")
}

/// The operands of the address of a load or store.
fn address_registers(instruction: &Instruction) -> Vec<&str> {
    if matches!(instruction.operation(), "push" | "pop") {
        return vec!["sp"];
    }
    let operands = instruction.operands.as_str();
    let Some((_, address)) = operands.split_once('[') else {
        return operands.split([',', '!']).take(1).map(str::trim).collect();
    };
    let parts = address.split(']').next().unwrap_or_default().split(',').map(str::trim);
    parts.filter(|part| !part.starts_with('#') && !part.starts_with("lsl")).collect()
}

/// The registers that data processing writes; none for other instructions.
fn results(instruction: &Instruction) -> Vec<&str> {
    let operation = instruction.operation();
    let writes_nothing =
        ["cmp", "cmn", "tst", "teq", "msr", "nop", "it"].iter().any(|it| operation.starts_with(it));
    if is_access(instruction) || instruction.flow() != Flow::Next || writes_nothing {
        return Vec::new();
    }
    let count = if matches!(operation, "umull" | "smull" | "umlal" | "smlal") { 2 } else { 1 };
    instruction.arguments().into_iter().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chip::disassembly::read;

    fn pair(first: &str, second: &str) -> [Instruction; 2] {
        let code = read(&format!("0:\t{}\n4:\t{}\n", first.replacen(' ', "\t", 1), second.replacen(' ', "\t", 1)));
        code.try_into().expect("two instructions")
    }

    fn overlap(first: &str, second: &str) -> bool {
        let [first, second] = pair(first, second);
        overlaps(&first, &second)
    }

    fn stall(first: &str, second: &str) -> bool {
        let [first, second] = pair(first, second);
        stalls(&first, &second)
    }

    #[test]
    fn the_manuals_pairs_overlap() {
        assert!(overlap("ldr r0, [r1]", "ldr r1, [r2]"));
        assert!(overlap("ldr r0, [r1, r2]", "str r0, [r3, #20]"));
        assert!(overlap("ldrsh.w r0, [r1, r2]", "strh r1, [r3, r2]"));
    }

    #[test]
    fn nothing_else_overlaps() {
        assert!(!overlap("ldr r0, [r1]", "ldr r1, [r0]"));
        assert!(!overlap("ldr r0, [r1]", "ldr r1, [r2, r0, lsl #2]"));
        assert!(!overlap("str r0, [r1]", "ldr r1, [r2]"));
        assert!(!overlap("ldrd r0, r4, [r1]", "ldr r1, [r2]"));
        assert!(!overlap("ldr r0, [r1]", "strd r2, r3, [r1]"));
        assert!(!overlap("ldr r0, [r1], #4", "ldr r2, [r3]"));
        assert!(!overlap("ldr r0, [r1]", "ldr r2, [r3, #4]!"));
        assert!(!overlap("ldr r0, [pc, #4]", "ldr r2, [r3]"));
        assert!(!overlap("ldm r1, {r2, r3}", "ldr r4, [r5]"));
        assert!(!overlap("add r0, r1", "ldr r2, [r3]"));
    }

    #[test]
    fn an_address_waits_for_data_processing() {
        assert!(stall("mla r2, r3, r4, r0", "ldrd r5, r6, [r2]"));
        assert!(stall("add.w r0, r0, r1", "ldm.w r0!, {r2, r3}"));
        assert!(stall("umull r2, r3, r4, r5", "str r0, [r1, r3]"));
        assert!(stall("sub sp, #8", "push {r4}"));
        assert!(!stall("add r0, r1", "str r0, [r2]"));
        assert!(!stall("cmp r0, r1", "ldr r2, [r0]"));
        assert!(!stall("ldr r0, [r1]", "ldr r2, [r0]"));
        assert!(!stall("add r0, r1", "add r2, r0"));
    }

    #[test]
    fn a_store_with_a_constant_offset_is_distinguished_from_others() {
        let is = |text: &str| stores_at_constant_offset(&pair(text, "nop")[0]);
        assert!(is("str r0, [r1]") && is("strh.w r0, [r1, #4]"));
        assert!(!is("str r0, [r1, r2]") && !is("str r0, [r1], #4") && !is("strd r0, r2, [r1]"));
        assert!(!is("ldr r0, [r1]"));
    }
}
