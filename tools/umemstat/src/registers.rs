//! Threads' registers: roots of the leak scan.
use crate::memory::words;

/// A thread and what it may hold pointers in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Thread {
    /// Its number.
    pub(crate) tid: i32,
    /// Its stack pointer.
    pub(crate) sp: u64,
    /// Its registers, general and vector.
    pub(crate) words: Vec<u64>,
}

/// Where the stack pointer is in the general registers (struct user_regs_struct), and the machine's ELF number.
#[cfg(target_arch = "x86_64")]
const SP: usize = 19;
#[cfg(target_arch = "x86_64")]
pub(crate) const MACHINE: u16 = object::elf::EM_X86_64;
#[cfg(target_arch = "aarch64")]
const SP: usize = 31;
#[cfg(target_arch = "aarch64")]
pub(crate) const MACHINE: u16 = object::elf::EM_AARCH64;

/// Bytes that a function may use below its stack pointer (the red zone of the System V ABI for x86-64).
pub(crate) const RED_ZONE: u64 = 128;

impl Thread {
    /// A thread from its general registers as the kernel hands them out.
    pub(crate) fn new(tid: i32, general: &[u8]) -> Self {
        let words: Vec<_> = words(general).collect();
        Self { tid, sp: words.get(SP).copied().unwrap_or(0), words }
    }
}

/// A thread from a core's NT_PRSTATUS: struct elf_prstatus has the number at 32 and the registers at 112.
pub(crate) fn prstatus(desc: &[u8]) -> Option<Thread> {
    let tid = i32::from_ne_bytes(desc.get(32..36)?.try_into().ok()?);
    // pr_fpvalid and padding follow the registers.
    Some(Thread::new(tid, desc.get(112..desc.len().checked_sub(8)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prstatus_has_number_and_stack_pointer() {
        let mut desc = vec![0; 112 + 27 * 8 + 8];
        desc[32..36].copy_from_slice(&77_i32.to_ne_bytes());
        desc[112 + SP * 8..][..8].copy_from_slice(&0x7fff_0000_u64.to_ne_bytes());
        let t = prstatus(&desc).unwrap();
        assert_eq!((t.tid, t.sp), (77, 0x7fff_0000));
        assert_eq!(prstatus(&desc[..100]), None);
    }
}
