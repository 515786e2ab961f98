//! What the tool reads from ELF files: USDT notes, symbols, where the loaded segments are in the file.
pub(crate) mod args;
pub(crate) mod code;
pub(crate) mod needed;
pub(crate) mod notes;
pub(crate) mod php;
pub(crate) mod symbols;

use crate::bits::Signed as _;
use object::read::elf::{ElfFile64, ProgramHeader as _};
use object::{Architecture, Endianness, Object as _, ReadCache, ReadRef};
use std::fs::File;
use std::path::Path;

/// An ELF file that is read as far as needed.
pub(crate) type Data = ReadCache<File>;

/// Opens a file for [`parse`].
pub(crate) fn open(path: &Path) -> std::io::Result<Data> {
    Ok(ReadCache::new(File::open(path)?))
}

/// A 64-bit ELF file.
pub(crate) struct Elf<'d, R: ReadRef<'d>> {
    file: ElfFile64<'d, Endianness, R>,
    segments: Vec<Segment>,
}

/// A loaded segment.
#[derive(Clone, Copy, Debug)]
struct Segment {
    address: u64,
    offset: u64,
    bytes: u64,
    writable: bool,
}

/// Reads the headers of an ELF file.
///
/// # Errors
/// Says what is wrong with the file.
pub(crate) fn parse<'d, R: ReadRef<'d>>(data: R) -> Result<Elf<'d, R>, String> {
    let file = ElfFile64::<Endianness, R>::parse(data).map_err(|e| e.to_string())?;
    let endian = file.endian();
    let loaded = file.elf_program_headers().iter().filter(|p| p.p_type(endian) == object::elf::PT_LOAD);
    let segments = loaded
        .map(|p| Segment {
            address: p.p_vaddr(endian),
            offset: p.p_offset(endian),
            bytes: p.p_filesz(endian),
            writable: p.p_flags(endian) & object::elf::PF_W != 0,
        })
        .collect();
    Ok(Elf { file, segments })
}

impl<'d, R: ReadRef<'d>> Elf<'d, R> {
    /// Where in the file the byte at a virtual address is; `None` if no segment holds it.
    pub(crate) fn file_offset(&self, address: u64) -> Option<u64> {
        self.segments.iter().find_map(|s| {
            let into = address.checked_sub(s.address)?;
            (into < s.bytes).then(|| s.offset.checked_add(into)).flatten()
        })
    }

    /// Whether the page of the file that holds an offset is mapped writable more than once.
    pub(crate) fn mapped_twice(&self, offset: u64, page: u64) -> bool {
        let holds = |s: &&Segment| {
            let end = s.offset.saturating_add(s.bytes).div_ceil(page).saturating_mul(page);
            s.writable && s.bytes > 0 && s.offset / page * page <= offset && offset < end
        };
        self.segments.iter().filter(holds).count() > 1
    }

    /// The processor it is for, if its USDT arguments can be read.
    pub(crate) fn machine(&self) -> Option<args::Machine> {
        match self.file.architecture() {
            Architecture::X86_64 => Some(args::Machine::X86),
            Architecture::Aarch64 => Some(args::Machine::Arm),
            _ => None,
        }
    }

    /// The arguments of a USDT site at an address; what cannot be read is `None`, symbols that are not known stay.
    pub(crate) fn arguments(&self, specification: &str, site: u64) -> Vec<Option<args::Arg>> {
        let Some(machine) = self.machine() else { return Vec::new() };
        let relative = |name: &str| self.symbol(name).map(|a| a.wrapping_sub(site).signed());
        let thread = |name: &str| {
            let offset = self.symbol(name)?.signed();
            Some(offset.wrapping_sub(self.thread_memory()?.signed()))
        };
        let known = |arg: args::Arg| args::Arg { place: args::resolve(arg.place, relative, thread), ..arg };
        args::parse(specification, machine).into_iter().map(|a| a.map(known)).collect()
    }

    /// Bytes of a thread's variables of the executable; they are just below the thread's base.
    fn thread_memory(&self) -> Option<u64> {
        let endian = self.file.endian();
        let segment = self.file.elf_program_headers().iter().find(|p| p.p_type(endian) == object::elf::PT_TLS)?;
        segment.p_memsz(endian).checked_next_multiple_of(segment.p_align(endian).max(1))
    }

    /// The virtual address of the byte at a file offset.
    pub(crate) fn address(&self, offset: u64) -> Option<u64> {
        self.segments.iter().find_map(|s| {
            let into = offset.checked_sub(s.offset)?;
            (into < s.bytes).then(|| s.address.checked_add(into)).flatten()
        })
    }
}
