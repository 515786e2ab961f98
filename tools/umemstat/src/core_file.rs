//! A core: the memory, mappings and registers of a process that is dead, as the kernel or gcore(1) wrote it (core(5)), or zstd compressed it.
use crate::image::ENDIAN;
use crate::maps::Mapping;
use crate::memory::{Memory, Piece};
use crate::registers::{self, Thread};
use base::fail::{Fail, Result};
use object::NativeEndian;
use object::elf::{ET_CORE, FileHeader64, Ident, NT_FPREGSET, NT_PRPSINFO, NT_PRSTATUS, PF_R, PF_W, PT_LOAD, PT_NOTE};
use object::read::ReadCache;
use object::read::elf::{FileHeader, NoteIterator, ProgramHeader};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::fs::FileExt;

type Elf = FileHeader64<NativeEndian>;

/// NT_FILE of core(5): what files were mapped.
const NT_FILE: u32 = 0x4649_4c45;
/// Notes longer than this are refused.
const NOTES: u64 = 1 << 30;
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A stretch of the process's memory.
#[derive(Clone, Debug)]
struct Segment {
    map: Mapping,
    /// Bytes of it that are in the core, and where.
    size: u64,
    at: u64,
    /// Which mapped file has the rest.
    file: Option<usize>,
}

/// A core that was read.
pub(crate) struct Core {
    core: File,
    segments: Vec<Segment>,
    /// The mapped files that are still there; by the index in `Segment::file`.
    files: Vec<Option<File>>,
    /// Its threads with their registers.
    pub(crate) threads: Vec<Thread>,
    /// Its program's name.
    pub(crate) name: String,
}

/// What the notes tell.
#[derive(Default)]
struct Notes {
    threads: Vec<Thread>,
    files: Vec<Mapping>,
    name: String,
}

impl Core {
    /// Reads the core in `file`.
    ///
    /// # Errors
    /// It is no core, one of another kind of machine, or cut off.
    pub(crate) fn open(file: File) -> Result<Self> {
        let core = unpacked(file)?;
        let length = core.metadata().map_err(Fail::on("read"))?.len();
        let headers = check(&core)?;
        let cache = ReadCache::new(&core);
        let broken = |e| Fail::Other(format!("damaged core: {e}"));
        let elf = Elf::parse(&cache).map_err(broken)?;
        let mut notes = Notes::default();
        let mut segments = Vec::new();
        for h in elf.program_headers(headers, &cache).map_err(broken)? {
            let (at, size) = (h.p_offset(ENDIAN), h.p_filesz(ENDIAN));
            let end = at.saturating_add(size);
            if end > length && matches!(h.p_type(ENDIAN), PT_LOAD | PT_NOTE) {
                return Err(Fail::Other(format!("the core is cut off: it has {length} bytes of at least {end}")));
            }
            match h.p_type(ENDIAN) {
                PT_NOTE if size <= NOTES => {
                    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
                    core.read_exact_at(&mut bytes, at).map_err(Fail::on("read"))?;
                    parse_notes(&mut notes, &bytes);
                }
                PT_LOAD => {
                    let (start, flags) = (h.p_vaddr(ENDIAN), h.p_flags(ENDIAN));
                    let map = Mapping {
                        start,
                        end: start.saturating_add(h.p_memsz(ENDIAN)),
                        read: flags & PF_R != 0,
                        write: flags & PF_W != 0,
                        ..Mapping::default()
                    };
                    segments.push(Segment { map, size, at, file: None });
                }
                _ => {}
            }
        }
        segments.sort_by_key(|s| s.map.start);
        let files = name_files(&mut segments, &notes.files);
        drop(cache);
        Ok(Self { core, segments, files, threads: notes.threads, name: notes.name })
    }

    /// What was mapped.
    pub(crate) fn maps(&self) -> Vec<Mapping> {
        self.segments.iter().map(|s| s.map.clone()).collect()
    }

    /// Whether all that is not in the core is in files that are here; if not, an allocator may hide in those that are missing.
    pub(crate) fn whole(&self) -> Result<()> {
        let missing = |s: &&Segment| s.size == 0 && s.file.is_some_and(|f| self.files.get(f).is_some_and(Option::is_none));
        let mut paths: Vec<_> = self.segments.iter().filter(missing).map(|s| s.map.path.as_str()).collect();
        paths.dedup();
        if paths.is_empty() {
            return Ok(());
        }
        let paths = paths.join(", ");
        Err(Fail::Other(format!("no libumem in it; of the files that it had mapped these cannot be read: {paths}")))
    }

    /// Reads what is there from `addr` on, up to the end of its segment's part; returns how much that was.
    fn read_part(&self, addr: u64, to: &mut [u8]) -> io::Result<usize> {
        let i = self.segments.partition_point(|s| s.map.end <= addr);
        let Some(s) = self.segments.get(i).filter(|s| s.map.holds(addr)) else { return Ok(0) };
        let skip = addr - s.map.start;
        let (file, at, left) = if skip < s.size {
            (&self.core, s.at + skip, s.size - skip)
        } else {
            let Some(file) = s.file.and_then(|f| self.files.get(f)?.as_ref()) else { return Ok(0) };
            (file, s.map.offset.saturating_add(skip), s.map.len() - skip)
        };
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(to.len());
        file.read_at(to.get_mut(..len).unwrap_or_default(), at)
    }
}

impl Memory for Core {
    fn fill(&self, pieces: &mut [Piece]) -> Result<()> {
        for p in pieces {
            while let Some(rest) = p.to.get_mut(p.got..).filter(|r| !r.is_empty()) {
                match self.read_part(p.addr.saturating_add(p.got as u64), rest).map_err(Fail::on("read"))? {
                    0 => break,
                    n => p.got += n,
                }
            }
        }
        Ok(())
    }
}

/// The file itself, or what it holds when it is compressed, in a file that has no name.
fn unpacked(mut file: File) -> Result<File> {
    let mut magic = [0; 4];
    let n = file.read_at(&mut magic, 0).map_err(Fail::on("read"))?;
    if n < 4 || magic != ZSTD {
        return Ok(file);
    }
    let mut to = crate::sys::nameless_file().map_err(Fail::on("a temporary file"))?;
    let length = file.metadata().map_err(Fail::on("read"))?.len();
    file.rewind().map_err(Fail::on("read"))?;
    let mut progress = base::progress::Progress::start("unpack");
    // zstd(1) may write several frames.
    while file.stream_position().map_err(Fail::on("read"))? < length {
        let damaged = |e: &dyn std::fmt::Display| Fail::Other(format!("damaged zstd file: {e}"));
        let mut frame = ruzstd::decoding::StreamingDecoder::new(&mut file).map_err(|e| damaged(&e))?;
        let mut block = vec![0; 1 << 17];
        loop {
            let n = frame.read(&mut block).map_err(|e| damaged(&e))?;
            if n == 0 {
                break;
            }
            io::Write::write_all(&mut to, block.get(..n).unwrap_or_default()).map_err(Fail::on("a temporary file"))?;
            progress.tick(to.stream_position().unwrap_or(0), 0);
        }
    }
    Ok(to)
}

/// Refuses what is no core of this kind of machine; returns the byte order.
fn check(core: &File) -> Result<NativeEndian> {
    let mut head = [0; 20];
    let no = |what: &str| Err(Fail::Other(what.into()));
    if core.read_exact_at(&mut head, 0).is_err() || !head.starts_with(b"\x7fELF") {
        return no("neither a process number nor a core file");
    }
    let [_, _, _, _, class, order, ..] = head;
    let here = if cfg!(target_endian = "little") { 1 } else { 2 };
    if class != 2 || order != here {
        return no("a core of another kind of machine: only 64-bit ones of this byte order can be read");
    }
    let half = |at: usize| head.get(at..at + 2).map_or(0, |b| u16::from_ne_bytes(b.try_into().unwrap_or_default()));
    if half(size_of::<Ident>()) != ET_CORE {
        return no("an ELF file, but no core");
    }
    if half(size_of::<Ident>() + 2) != registers::MACHINE {
        return no("a core of another kind of machine");
    }
    Ok(ENDIAN)
}

fn parse_notes(to: &mut Notes, bytes: &[u8]) {
    let Ok(mut notes) = NoteIterator::<Elf>::new(ENDIAN, 4, bytes) else { return };
    while let Ok(Some(note)) = notes.next() {
        match (note.name(), note.n_type(ENDIAN)) {
            (b"CORE", NT_PRSTATUS) => to.threads.extend(registers::prstatus(note.desc())),
            (b"CORE", NT_FPREGSET) => {
                if let Some(t) = to.threads.last_mut() {
                    t.add_vectors(note.desc());
                }
            }
            (b"CORE", NT_PRPSINFO) => {
                // struct elf_prpsinfo: 40 bytes, then the name.
                let name = note.desc().get(40..56).unwrap_or_default();
                to.name = String::from_utf8_lossy(name.split(|&b| b == 0).next().unwrap_or_default()).into_owned();
            }
            (b"CORE", NT_FILE) => to.files = mapped_files(note.desc()).unwrap_or_default(),
            _ => {}
        }
    }
}

/// NT_FILE: count, page size, count x (start, end, offset in pages), then the names, each with a NUL.
fn mapped_files(desc: &[u8]) -> Option<Vec<Mapping>> {
    let mut words = crate::memory::words(desc);
    let (count, page) = (usize::try_from(words.next()?).ok()?, words.next()?);
    let names = desc.get(count.checked_mul(24)?.checked_add(16)?..)?;
    let mut names = names.split(|&b| b == 0);
    let mut found = Vec::new();
    for _ in 0..count {
        let (start, end, offset) = (words.next()?, words.next()?, words.next()?);
        let path = String::from_utf8_lossy(names.next()?).into_owned();
        found.push(Mapping { start, end, read: true, write: false, offset: offset.checked_mul(page)?, path });
    }
    Some(found)
}

/// Opens a file that a core names, unless it is none: to open a device or a pipe may do something.
fn regular(path: &str) -> Option<File> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    File::open(path).ok()
}

/// Gives segments the paths of the files that they showed, adds those files' mappings that have no segment, and opens the files.
fn name_files(segments: &mut Vec<Segment>, mapped: &[Mapping]) -> Vec<Option<File>> {
    let mut files = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut more = Vec::new();
    for m in mapped {
        let file = *known.entry(&m.path).or_insert_with(|| {
            files.push(regular(&m.path));
            files.len() - 1
        });
        let first = segments.partition_point(|s| s.map.end <= m.start);
        let inside = segments.iter_mut().skip(first).take_while(|s| s.map.start < m.end);
        let mut some = false;
        for s in inside.filter(|s| s.map.start >= m.start) {
            some = true;
            s.map.path.clone_from(&m.path);
            s.map.offset = m.offset.saturating_add(s.map.start - m.start);
            // What the process wrote is in the core or nowhere.
            s.file = (!s.map.write).then_some(file);
        }
        if !some {
            more.push(Segment { map: m.clone(), size: 0, at: 0, file: Some(file) });
        }
    }
    segments.extend(more);
    segments.sort_by_key(|s| s.map.start);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nt_file() {
        let mut desc = Vec::new();
        for w in [2_u64, 4096, 0x1000, 0x2000, 0, 0x2000, 0x5000, 1] {
            desc.extend(w.to_ne_bytes());
        }
        desc.extend(b"/bin/a\0/lib/b\0");
        let maps = mapped_files(&desc).unwrap();
        assert_eq!((maps[0].path.as_str(), maps[1].path.as_str()), ("/bin/a", "/lib/b"));
        assert_eq!((maps[1].start, maps[1].end, maps[1].offset), (0x2000, 0x5000, 4096));
        for cut in 0..desc.len() {
            let _ = mapped_files(&desc[..cut]);
        }
    }
}
