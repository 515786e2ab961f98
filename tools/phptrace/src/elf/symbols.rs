//! Function symbols: which function a site is in, and where a function is.
use super::Elf;
use object::elf::{SHN_UNDEF, STT_FUNC, STT_GNU_IFUNC, Sym64};
use object::read::elf::Sym as _;
use object::{Endianness, Object as _, ObjectSection as _, ReadRef};

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Virtual address, before relocation.
    pub address: u64,
    /// Bytes.
    pub size: u64,
    /// Name.
    pub name: String,
}

/// The functions of a file, by address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Functions(Vec<Function>);

impl Functions {
    /// All of the symbol table, and of the dynamic one, which is all that a stripped file has.
    pub(crate) fn read<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>) -> Self {
        Self::that(elf, |_, _| true)
    }

    /// Those that hold one of some addresses.
    pub(crate) fn around<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>, addresses: &[u64]) -> Self {
        Self::that(elf, |start, size| addresses.iter().any(|a| a.checked_sub(start).is_some_and(|into| into < size)))
    }

    /// Those whose address and size are wanted. Names are made only for these.
    fn that<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>, wanted: impl Fn(u64, u64) -> bool) -> Self {
        let endian = elf.file.endian();
        let mut all = Vec::new();
        for (symbols, strings) in elf.symbol_tables() {
            for s in symbols {
                let (address, size) = (s.st_value(endian), s.st_size(endian));
                let code = matches!(s.st_type(), STT_FUNC | STT_GNU_IFUNC) && s.st_shndx(endian) != SHN_UNDEF && size > 0;
                if code && wanted(address, size) {
                    let name = String::from_utf8_lossy(name(strings, s.st_name(endian))).into_owned();
                    all.push(Function { address, size, name });
                }
            }
        }
        all.retain(|f| !f.name.is_empty());
        all.sort_by(|a, b| (a.address, &a.name).cmp(&(b.address, &b.name)));
        all.dedup();
        Self(all)
    }

    /// All of them, by address.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Function> {
        self.0.iter()
    }

    /// The function that holds an address.
    pub(crate) fn at(&self, address: u64) -> Option<&Function> {
        let after = self.0.partition_point(|f| f.address <= address);
        let before = self.0.get(..after)?;
        // A few symbols back: aliases and small functions inside others.
        before.iter().rev().take(8).find(|f| address - f.address < f.size)
    }
}

impl<'d, R: ReadRef<'d>> Elf<'d, R> {
    /// Symbols and their strings. Sections are read whole: a file on disk is slow to read name by name.
    fn symbol_tables(&self) -> Vec<(&'d [Sym64<Endianness>], &'d [u8])> {
        let data = |name: &str| self.file.section_by_name(name)?.data().ok();
        let table = |symbols, strings| {
            let symbols: &'d [u8] = data(symbols)?;
            let (symbols, _) = object::pod::slice_from_bytes(symbols, symbols.len() / size_of::<Sym64<Endianness>>()).ok()?;
            Some((symbols, data(strings)?))
        };
        [table(".symtab", ".strtab"), table(".dynsym", ".dynstr")].into_iter().flatten().collect()
    }

    /// The address of a symbol of whatever kind.
    pub(crate) fn symbol(&self, wanted: &str) -> Option<u64> {
        let endian = self.file.endian();
        let is = |s: &&Sym64<Endianness>, strings| {
            s.st_shndx(endian) != SHN_UNDEF && name(strings, s.st_name(endian)) == wanted.as_bytes()
        };
        let tables = self.symbol_tables();
        tables.into_iter().find_map(|(symbols, strings)| symbols.iter().find(|s| is(s, strings)).map(|s| s.st_value(endian)))
    }
}

/// The string at an offset, up to its NUL.
fn name(strings: &[u8], at: u32) -> &[u8] {
    let from = usize::try_from(at).ok().and_then(|at| strings.get(at..)).unwrap_or_default();
    from.split(|b| *b == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_function_around_an_address() {
        let f = |address, size, name: &str| Function { address, size, name: name.into() };
        let all = Functions(vec![f(10, 5, "a"), f(20, 10, "b")]);
        assert_eq!(all.at(12).map(|f| f.name.as_str()), Some("a"));
        assert_eq!(all.at(15), None);
        assert_eq!(all.at(29).map(|f| f.name.as_str()), Some("b"));
        assert_eq!(all.at(9), None);
    }
}
