//! Restartable sequences: a few instructions on the running CPU's memory that the kernel starts anew when the thread is moved, preempted or
//! signalled before the last of them, which stores. No lock and no atomic instruction is needed. glibc registers each thread (2.35 on).
use core::arch::asm;

/// What precedes an abort handler, as glibc told the kernel.
const SIGNATURE: u32 = 0x5305_3053;

macro_rules! weak {
    ($symbol:literal) => {{
        let p: *const u64;
        // SAFETY: it reads the address the linker found, 0 where libc has no such variable.
        unsafe {
            asm!(concat!(".weak ", $symbol), concat!("mov {p}, qword ptr [rip + ", $symbol, "@GOTPCREL]"), p = out(reg) p,
                options(pure, readonly, nostack, preserves_flags));
        }
        p
    }};
}

/// Where a thread's record lies relative to the thread pointer; none when threads are not registered.
pub(crate) fn rseq_offset() -> Option<isize> {
    let (offset, size) = (weak!("__rseq_offset"), weak!("__rseq_size").cast::<u32>());
    // SAFETY: libc's constants, set before any allocation.
    unsafe { (!offset.is_null() && !size.is_null() && *size > 0).then(|| *offset.cast::<isize>()) }
}

/// An array of stacks, one for each CPU. A stack is a word and its slots; the word's low 16 bits count the filled slots.
#[derive(Clone, Copy)]
pub(crate) struct Stacks {
    /// The stack of CPU 0.
    pub(crate) first: *mut u64,
    /// Bytes from one to the next.
    pub(crate) stride: usize,
    pub(crate) cpus: usize,
    /// From [`rseq_offset`].
    pub(crate) offset: isize,
}

/// The beginning of a critical section of rseq(2), from 3 to 4: its record, the abort handler behind its signature, which starts over, the
/// record's announcement, and the CPU's number in `at`.
macro_rules! sequence {
    () => {
        concat!(
            ".pushsection __rseq_cs, \"aw\"\n",
            ".balign 32\n",
            "9: .long 0, 0\n",
            ".quad 3f, 4f - 3f, 7f\n",
            ".popsection\n",
            ".pushsection .text.umem_rseq, \"ax\", @progbits\n",
            ".byte 0x0f, 0xb9, 0x3d\n",
            ".long {signature}\n",
            "7: jmp 2f\n",
            ".popsection\n",
            "2: lea {t}, [rip + 9b]\n",
            "mov qword ptr fs:[{offset} + 8], {t}\n",
            "3: mov {at:e}, dword ptr fs:[{offset} + 4]",
        )
    };
}

/// Takes the running CPU's last filled slot and adds `delta` to its word; null when none is filled.
///
/// # Safety
/// The stacks are live, and reached through these functions only.
pub(crate) unsafe fn pop(s: &Stacks, delta: u64) -> *mut u8 {
    let p: *mut u8;
    // SAFETY: by the contract. What is written before the sequence ends is one word of the thread's own record.
    unsafe {
        asm!(
            sequence!(),
            "xor {p:e}, {p:e}",
            "cmp {at}, {cpus}",
            "jae 4f",
            "imul {at}, {stride}",
            "mov {word}, qword ptr [{first} + {at}]",
            "movzx {t:e}, {word:x}",
            "test {t:e}, {t:e}",
            "jz 4f",
            "add {at}, {first}",
            "mov {p}, qword ptr [{at} + 8 * {t}]",
            "add {word}, {delta}",
            "mov qword ptr [{at}], {word}",
            "4:",
            signature = const SIGNATURE,
            offset = in(reg) s.offset,
            cpus = in(reg) s.cpus,
            stride = in(reg) s.stride,
            first = in(reg) s.first,
            delta = in(reg) delta,
            t = out(reg) _,
            at = out(reg) _,
            word = out(reg) _,
            p = out(reg) p,
            options(nostack),
        );
    }
    p
}

/// Fills a slot of the running CPU's stack; false when `room` are.
///
/// # Safety
/// As for [`pop`]; a stack has `room` slots.
pub(crate) unsafe fn push(s: &Stacks, room: u64, p: *mut u8) -> bool {
    let done: u32;
    // SAFETY: as in `pop`; a slot above the filled ones, written in vain, means nothing.
    unsafe {
        asm!(
            sequence!(),
            "xor {done:e}, {done:e}",
            "cmp {at}, {cpus}",
            "jae 4f",
            "imul {at}, {stride}",
            "add {at}, {first}",
            "mov {word}, qword ptr [{at}]",
            "movzx {t:e}, {word:x}",
            "cmp {t}, {room}",
            "jae 4f",
            "mov qword ptr [{at} + 8 * {t} + 8], {p}",
            "inc {word}",
            "mov {done:e}, 1",
            "mov qword ptr [{at}], {word}",
            "4:",
            signature = const SIGNATURE,
            offset = in(reg) s.offset,
            cpus = in(reg) s.cpus,
            stride = in(reg) s.stride,
            first = in(reg) s.first,
            room = in(reg) room,
            p = in(reg) p,
            t = out(reg) _,
            at = out(reg) _,
            word = out(reg) _,
            done = out(reg) done,
            options(nostack),
        );
    }
    done != 0
}
