//! The ELF objects of a process, read from its memory: load address, notes, build id.
use crate::maps::Mapping;
use crate::memory::Memory;
use base::fail::Result;
use object::NativeEndian;
use object::elf::{FileHeader64, NT_GNU_BUILD_ID, PT_GNU_RELRO, PT_LOAD, PT_NOTE, ProgramHeader64};
use object::read::elf::{FileHeader, NoteIterator, ProgramHeader};

type Elf = FileHeader64<NativeEndian>;

pub(crate) const ENDIAN: NativeEndian = NativeEndian;
/// What is read of an object's start: its header and program headers are there.
const HEAD: usize = 4096;
/// Notes longer than this are none.
const NOTES: usize = 1 << 16;

/// One object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Image {
    /// What is added to its own addresses.
    pub(crate) bias: u64,
    /// First address of its mapping at offset 0.
    pub(crate) start: u64,
    /// Address after its last segment.
    pub(crate) end: u64,
    /// The file's path as the process sees it.
    pub(crate) path: String,
    /// The build id, empty for none.
    pub(crate) build_id: Vec<u8>,
    /// What its start-up made read-only after writing it: first address and bytes.
    pub(crate) relro: Option<(u64, u64)>,
    /// Addresses of the statistics descriptors that its notes point to.
    pub(crate) descriptors: Vec<u64>,
}

/// The objects that `maps` show, in order of addresses. What only looks like one is left out.
pub(crate) fn images(memory: &dyn Memory, maps: &[Mapping]) -> Result<Vec<Image>> {
    let starts: Vec<_> = maps.iter().filter(|m| m.offset == 0 && m.read && m.len() >= HEAD as u64).collect();
    let wanted: Vec<_> = starts.iter().map(|m| (m.start, HEAD)).collect();
    let heads = memory.stretches(&wanted)?;
    let mut found = Vec::new();
    for (m, head) in starts.iter().zip(&heads) {
        let Some((mut image, notes)) = parse_head(m, head) else { continue };
        for (addr, len) in notes {
            let bytes = memory.some(addr, len)?;
            parse_notes(&mut image, addr, &bytes);
        }
        found.push(image);
    }
    Ok(found)
}

/// The object that begins with `head` in the mapping, and where its notes are: address and bytes.
fn parse_head(m: &Mapping, head: &[u8]) -> Option<(Image, Vec<(u64, usize)>)> {
    let elf = Elf::parse(head).ok()?;
    let headers: &[ProgramHeader64<NativeEndian>] = elf.program_headers(ENDIAN, head).ok()?;
    let loads = || headers.iter().filter(|h| h.p_type(ENDIAN) == PT_LOAD);
    let first = loads().find(|h| h.p_offset(ENDIAN) == 0)?;
    let bias = m.start.wrapping_sub(first.p_vaddr(ENDIAN));
    let end = loads().map(|h| bias.wrapping_add(h.p_vaddr(ENDIAN)).saturating_add(h.p_memsz(ENDIAN))).max()?;
    let mut image = Image { bias, start: m.start, end, path: m.path.clone(), ..Image::default() };
    let mut notes = Vec::new();
    for h in headers {
        let addr = bias.wrapping_add(h.p_vaddr(ENDIAN));
        match h.p_type(ENDIAN) {
            PT_NOTE => notes.push((addr, usize::try_from(h.p_memsz(ENDIAN)).ok().filter(|&n| n <= NOTES)?)),
            PT_GNU_RELRO => image.relro = Some((addr, h.p_memsz(ENDIAN))),
            _ => {}
        }
    }
    Some((image, notes))
}

/// Takes what is of use from the notes at `addr`.
fn parse_notes(image: &mut Image, addr: u64, bytes: &[u8]) {
    // Notes are aligned to 4 bytes, a segment of GNU properties to 8; ours and the build id read the same either way.
    let Ok(mut notes) = NoteIterator::<Elf>::new(ENDIAN, 4, bytes) else { return };
    while let Ok(Some(note)) = notes.next() {
        if note.name() == b"GNU" && note.n_type(ENDIAN) == NT_GNU_BUILD_ID {
            image.build_id = note.desc().to_vec();
        }
        let ours = note.name_bytes() == umem_abi::NOTE_OWNER && note.n_type(ENDIAN) == umem_abi::NOTE_TYPE;
        if let (true, Ok(distance)) = (ours, <[u8; 8]>::try_from(note.desc())) {
            let here = addr + (note.desc().as_ptr() as u64 - bytes.as_ptr() as u64);
            image.descriptors.push(here.wrapping_add_signed(i64::from_ne_bytes(distance)));
        }
    }
}
