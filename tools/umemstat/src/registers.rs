//! Threads' registers: roots of the leak scan.
use crate::memory::words;

/// A thread and what it may hold pointers in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Thread {
    /// Its number.
    pub(crate) tid: i32,
    /// Its stack pointer.
    pub(crate) sp: u64,
    /// Where it is, if that is known.
    pub(crate) pc: u64,
    /// Its registers, general and vector.
    pub(crate) words: Vec<u64>,
}

/// Where the stack pointer is in the general registers (struct user_regs_struct), and the machine's ELF number.
#[cfg(target_arch = "x86_64")]
const SP: usize = 19;
#[cfg(target_arch = "x86_64")]
const PC: usize = 16;
/// Where the number of the system call is that a thread is in; negative when it is in none.
#[cfg(target_arch = "x86_64")]
const CALL: Option<usize> = Some(15);
#[cfg(target_arch = "x86_64")]
pub(crate) const MACHINE: u16 = object::elf::EM_X86_64;
#[cfg(target_arch = "aarch64")]
const SP: usize = 31;
#[cfg(target_arch = "aarch64")]
const PC: usize = 32;
#[cfg(target_arch = "aarch64")]
const CALL: Option<usize> = None;
#[cfg(target_arch = "aarch64")]
pub(crate) const MACHINE: u16 = object::elf::EM_AARCH64;

/// Bytes that a function may use below its stack pointer (the red zone of the System V ABI for x86-64).
pub(crate) const RED_ZONE: u64 = 128;

impl Thread {
    /// A thread from its general registers as the kernel hands them out.
    pub(crate) fn new(tid: i32, general: &[u8]) -> Self {
        let words: Vec<_> = words(general).collect();
        let at = |i: usize| words.get(i).copied().unwrap_or(0);
        Self { tid, sp: at(SP), pc: at(PC), words }
    }

    /// Adds its vector registers, unless it is in a system call: a call keeps none of them, so there they hold what was.
    pub(crate) fn add_vectors(&mut self, bytes: &[u8]) {
        let call = CALL.and_then(|i| self.words.get(i)).is_some_and(|&n| n >> 63 == 0);
        if !call {
            self.words.extend(words(bytes));
        }
    }

    /// A thread that waits in a system call, from `/proc/PID/task/TID/syscall` (proc_pid_syscall(5)): number, arguments, stack pointer, place.
    pub(crate) fn waiting(tid: i32, text: &str) -> Option<Self> {
        let hex = |t: &str| u64::from_str_radix(t.strip_prefix("0x")?, 16).ok();
        let mut words: Vec<_> = text.split_whitespace().skip(1).map_while(hex).collect();
        let (pc, sp) = (words.pop()?, words.pop()?);
        (sp != 0).then_some(Self { tid, sp, pc, words })
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

    #[test]
    fn a_waiting_thread_has_arguments_and_a_stack_pointer() {
        let t = Thread::waiting(5, "34 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffe0 0x7f01\n").unwrap();
        assert_eq!((t.tid, t.sp, t.words.as_slice()), (5, 0x7ffe0, [1, 2, 3, 4, 5, 6].as_slice()));
        assert_eq!(Thread::waiting(5, "running\n"), None);
        assert_eq!(Thread::waiting(5, ""), None);
    }

    #[test]
    fn vector_registers_count_outside_of_calls() {
        let mut general = vec![0; 27 * 8];
        let words = |general: &[u8]| {
            let mut t = Thread::new(1, general);
            t.add_vectors(&[9; 8]);
            t.words.len()
        };
        assert_eq!(words(&general), 27);
        general[15 * 8..16 * 8].fill(0xff);
        assert_eq!(words(&general), 28);
    }
}
