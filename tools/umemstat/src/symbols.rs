//! Names for addresses: symbol tables and DWARF (object, gimli, addr2line), demangled, every answer kept.
use crate::image::Image;
use crate::maps;
use crate::target::Target;
use addr2line::Context;
use gimli::{EndianRcSlice, RunTimeEndian, SectionId};
use object::read::{Object, ObjectSection, ObjectSymbol, ReadCache};
use object::{File as ElfFile, SymbolKind};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;

type Reader = EndianRcSlice<RunTimeEndian>;

/// What is known of one return address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// As mdb writes it: object`function+0x1c, or the bare address.
    pub(crate) text: String,
    /// Source file and line, empty where unknown.
    pub(crate) line: String,
    /// The functions that were inlined there, the innermost first.
    pub(crate) inlined: Vec<String>,
    /// The function, or the object, or the address.
    pub(crate) function: String,
}

/// One object's symbols.
pub(crate) struct Module {
    /// Start, end, name; in order.
    table: Vec<(u64, u64, String)>,
    lines: Option<Context<Reader>>,
}

/// The symbols of a target.
pub(crate) struct Symbols<'a> {
    target: &'a Target,
    modules: RefCell<HashMap<u64, Option<Rc<Module>>>>,
    frames: RefCell<HashMap<u64, Rc<Frame>>>,
}

impl<'a> Symbols<'a> {
    /// Nothing is read before it is asked for.
    pub(crate) fn new(target: &'a Target) -> Self {
        Self { target, modules: RefCell::default(), frames: RefCell::default() }
    }

    /// What the return address `addr` is in.
    pub(crate) fn frame(&self, addr: u64) -> Rc<Frame> {
        if let Some(f) = self.frames.borrow().get(&addr) {
            return Rc::clone(f);
        }
        let f = Rc::new(self.look_up(addr));
        self.frames.borrow_mut().insert(addr, Rc::clone(&f));
        f
    }

    /// The innermost frame's name, and all frames' names with semicolons between them, as tables have them.
    pub(crate) fn stack(&self, frames: &[u64]) -> (String, String) {
        let names: Vec<_> = frames.iter().map(|&f| self.frame(f).text.clone()).collect();
        (names.first().cloned().unwrap_or_default(), names.join(";"))
    }

    fn look_up(&self, addr: u64) -> Frame {
        let bare = || Frame { text: format!("{addr:#x}"), function: format!("{addr:#x}"), ..Frame::default() };
        let i = self.target.images.partition_point(|i| i.start <= addr).checked_sub(1);
        let Some(image) = i.and_then(|i| self.target.images.get(i)).filter(|i| addr < i.end) else { return bare() };
        let object = Path::new(&image.path).file_name().map_or(image.path.clone(), |n| n.to_string_lossy().into_owned());
        let own = addr.wrapping_sub(image.bias);
        match self.module(image) {
            Some(m) => m.describe(&object, own),
            None => nameless(&object, own),
        }
    }

    fn module(&self, image: &Image) -> Option<Rc<Module>> {
        let known = self.modules.borrow().get(&image.start).cloned();
        known.unwrap_or_else(|| {
            let read = self.read(image).map(Rc::new);
            self.modules.borrow_mut().insert(image.start, read.clone());
            read
        })
    }

    /// Reads an object's file and the file with its debugging information, if it has one.
    fn read(&self, image: &Image) -> Option<Module> {
        let mapping = maps::at(&self.target.maps, image.start)?;
        let cache = ReadCache::new(self.target.source.file(mapping)?);
        let elf = ElfFile::parse(&cache).ok()?;
        // Another file has that name now.
        let other = |id: &[u8]| !image.build_id.is_empty() && id != image.build_id;
        if elf.build_id().ok().flatten().is_some_and(other) {
            return None;
        }
        let mut module = Module::of(&elf);
        if let (None, Some(file)) = (&module.lines, self.debug_file(&image.build_id)) {
            let cache = ReadCache::new(file);
            if let Ok(debug) = ElfFile::parse(&cache) {
                module.add(Module::of(&debug));
            }
        }
        Some(module)
    }

    /// The debugging information kept under a build id, as gdb finds it: where the process sees it, or here.
    fn debug_file(&self, id: &[u8]) -> Option<File> {
        let hex: String = id.iter().map(|b| format!("{b:02x}")).collect();
        let (head, tail) = hex.split_at_checked(2)?;
        let path = format!("/usr/lib/debug/.build-id/{head}/{tail}.debug");
        self.target.source.path(&path).and_then(|p| File::open(p).ok()).or_else(|| File::open(PathBuf::from(path)).ok())
    }
}

impl Module {
    /// What a file's bytes say.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        Some(Self::of(&ElfFile::parse(bytes).ok()?))
    }

    fn of<'d, R: object::ReadRef<'d>>(elf: &ElfFile<'d, R>) -> Self {
        let mut module = Self { table: symbols(elf), lines: contexts(elf) };
        module.order();
        module
    }

    /// Takes in what the file with the debugging information knows.
    fn add(&mut self, debug: Self) {
        self.table.extend(debug.table);
        self.lines = debug.lines;
        self.order();
    }

    fn order(&mut self) {
        self.table.sort();
        self.table.dedup_by_key(|s| s.0);
    }

    /// What the return address `own` is in; the call is before the address it returns to.
    pub(crate) fn describe(&self, object: &str, own: u64) -> Frame {
        let Some(call) = own.checked_sub(1) else { return nameless(object, own) };
        let mut frame = match self.symbol(call) {
            Some((start, name)) => {
                let name = demangle(name);
                Frame { text: format!("{object}`{name}+{:#x}", own - start), function: name, ..Frame::default() }
            }
            None => nameless(object, own),
        };
        self.source(call, &mut frame);
        frame
    }

    fn symbol(&self, addr: u64) -> Option<(u64, &str)> {
        let i = self.table.partition_point(|s| s.0 <= addr).checked_sub(1)?;
        let (start, end, name) = self.table.get(i)?;
        // Hand-written assembly leaves the size out.
        (addr < *end || start == end).then_some((*start, name))
    }

    fn source(&self, addr: u64, frame: &mut Frame) -> Option<()> {
        let mut found = self.lines.as_ref()?.find_frames(addr).skip_all_loads().ok()?;
        let mut all = Vec::new();
        while let Ok(Some(f)) = found.next() {
            all.push((f.function.and_then(|n| n.raw_name().ok().map(|n| demangle(&n))), f.location.and_then(place)));
        }
        frame.line = all.first()?.1.clone().unwrap_or_default();
        // The last one is the function that the symbol table has, too.
        all.pop();
        frame.inlined = all.into_iter().filter_map(|(name, _)| name).collect();
        Some(())
    }
}

fn nameless(object: &str, own: u64) -> Frame {
    Frame { text: format!("{object}`{own:#x}"), function: format!("[{object}]"), ..Frame::default() }
}

fn place(l: addr2line::Location) -> Option<String> {
    Some(format!("{}:{}", l.file?, l.line?))
}

fn symbols<'d, R: object::ReadRef<'d>>(elf: &ElfFile<'d, R>) -> Vec<(u64, u64, String)> {
    let all = elf.symbols().chain(elf.dynamic_symbols());
    let code = all.filter(|s| s.kind() == SymbolKind::Text && s.address() != 0);
    code.filter_map(|s| Some((s.address(), s.address().saturating_add(s.size()), s.name().ok()?.to_string()))).collect()
}

/// The line tables of an object, if it has them.
fn contexts<'d, R: object::ReadRef<'d>>(elf: &ElfFile<'d, R>) -> Option<Context<Reader>> {
    elf.section_by_name(".debug_line")?;
    let order = if elf.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let section = |id: SectionId| -> Result<Reader, gimli::Error> {
        let data = elf.section_by_name(id.name()).and_then(|s| s.uncompressed_data().ok()).unwrap_or(Cow::Borrowed(&[]));
        Ok(EndianRcSlice::new(Rc::from(&*data), order))
    };
    Context::from_dwarf(gimli::Dwarf::load(section).ok()?).ok()
}

/// A C++ or Rust name as its source has it; others as they are.
pub(crate) fn demangle(name: &str) -> String {
    // The version of a symbol is no part of its name.
    let name = name.split('@').next().unwrap_or(name);
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        return format!("{rust:#}");
    }
    let options = cpp_demangle::DemangleOptions::default().no_params().no_return_type();
    let cpp = name.starts_with("_Z").then(|| cpp_demangle::Symbol::new(name).ok()).flatten();
    cpp.and_then(|s| s.demangle_with_options(&options).ok()).unwrap_or_else(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_three_languages() {
        assert_eq!(demangle("malloc"), "malloc");
        assert_eq!(demangle("memcpy@@GLIBC_2.14"), "memcpy");
        assert_eq!(demangle("_ZNSt6vectorIiSaIiEE9push_backERKi"), "std::vector<int, std::allocator<int> >::push_back");
        assert_eq!(demangle("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE"), "core::fmt::Formatter::pad");
        assert_eq!(demangle("_RNvC6_123foo3bar"), "123foo::bar");
        assert_eq!(demangle("_Znonsense"), "_Znonsense");
    }
}
