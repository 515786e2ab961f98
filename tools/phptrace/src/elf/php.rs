//! What PHP's own probes do not say: whether a method was called on an object. Its frame does, and PHP runs with it in a register.
use super::Elf;
use super::args::Machine;
use object::{Object as _, ObjectSection as _, ReadRef};
use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// How to tell a method of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    /// Offset in x86-64's `struct pt_regs` of the register that holds the frame, `zend_execute_data`, at the probes.
    pub frame: i16,
    /// Virtual address of the text `->` in the file.
    pub arrow: u64,
}

/// `mov %rdi, R` for the registers that calls preserve, and their offsets in `struct pt_regs`.
const MOVES: [([u8; 3], i16); 6] = [
    ([0x49, 0x89, 0xff], 0),
    ([0x49, 0x89, 0xfe], 8),
    ([0x49, 0x89, 0xfd], 16),
    ([0x49, 0x89, 0xfc], 24),
    ([0x48, 0x89, 0xfd], 32),
    ([0x48, 0x89, 0xfb], 40),
];

/// Reads a file of PHP: at the start of the function with the probes, its argument is kept in a register. Nothing if it is not so.
pub(crate) fn scope<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>, file: &File) -> Option<Scope> {
    (elf.machine()? == Machine::X86).then_some(())?;
    let start = elf.file_offset(elf.symbol("dtrace_execute_ex")?)?;
    let mut code = [0; 64];
    file.read_exact_at(&mut code, start).ok()?;
    let constants = elf.file.section_by_name(".rodata")?;
    let (offset, size) = constants.file_range()?;
    let mut text = vec![0; usize::try_from(size.min(64 << 20)).ok()?];
    file.read_exact_at(&mut text, offset).ok()?;
    let arrow = text.windows(3).position(|w| w == b"->\0")?;
    Some(Scope { frame: kept(&code)?, arrow: constants.address() + u64::try_from(arrow).ok()? })
}

/// The register that the first argument is copied to.
fn kept(code: &[u8]) -> Option<i16> {
    code.windows(3).find_map(|w| MOVES.iter().find(|(bytes, _)| w == bytes)).map(|(_, offset)| *offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_of_the_frame() {
        // push %r15; mov %rdi,%r15; push %r14
        assert_eq!(kept(&[0x41, 0x57, 0x49, 0x89, 0xff, 0x41, 0x56]), Some(0));
        // push %rbp; mov %rdi,%rbx
        assert_eq!(kept(&[0x55, 0x48, 0x89, 0xfb]), Some(40));
        assert_eq!(kept(&[0x55, 0x48, 0x89, 0xe5]), None);
    }
}
