//! Machine code: where a probe may stand within a function.
use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind};

/// Whether an instruction begins at an offset of a function's code, and is one that the kernel emulates: others it executes out of
/// line at ten times the cost, and a breakpoint amid an instruction would change the program. `code` holds the whole instruction.
pub(crate) fn takes_probe(code: &[u8], offset: u64) -> bool {
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    while decoder.can_decode() {
        let instruction = decoder.decode();
        if instruction.is_invalid() {
            return false;
        }
        if instruction.ip() >= offset {
            return instruction.ip() == offset && emulated(&instruction);
        }
    }
    false
}

/// No-operations, pushes of a register, calls and jumps to a fixed place.
fn emulated(i: &Instruction) -> bool {
    let push = i.mnemonic() == Mnemonic::Push && i.op0_kind() == OpKind::Register;
    let fixed = i.is_call_near() || i.is_jmp_short_or_near() || i.is_jcc_short_or_near();
    i.mnemonic() == Mnemonic::Nop || push || fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    // push %rbp; mov $0x90909090,%eax; push %r12; je +2; call +0; nop; ret
    const CODE: &[u8] =
        &[0x55, 0xb8, 0x90, 0x90, 0x90, 0x90, 0x41, 0x54, 0x74, 0x02, 0xe8, 0, 0, 0, 0, 0x0f, 0x1f, 0x44, 0, 0, 0xc3];

    #[test]
    fn only_at_the_beginning_of_instructions_that_are_emulated() {
        let all: Vec<u64> = (0..CODE.len() as u64).filter(|o| takes_probe(CODE, *o)).collect();
        assert_eq!(all, [0, 6, 8, 10, 15]);
    }

    #[test]
    fn what_is_no_code_takes_none() {
        assert!(!takes_probe(&[0x06, 0x90], 1));
        assert!(!takes_probe(&[], 0));
        assert!(!takes_probe(&[0xe8, 0, 0], 0), "cut off");
    }
}
