//! Function symbols: which function a site is in, and where a function is.
use super::Elf;
use object::{Object as _, ObjectSymbol, ReadRef, SymbolKind};

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
    /// Reads the symbol table, or the dynamic one of a stripped file.
    pub(crate) fn read<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>) -> Self {
        let mut all: Vec<_> = elf.file.symbols().filter_map(|s| function(&s)).collect();
        all.extend(elf.file.dynamic_symbols().filter_map(|s| function(&s)));
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

fn function<'d>(s: &impl ObjectSymbol<'d>) -> Option<Function> {
    let wanted = s.kind() == SymbolKind::Text && s.is_definition() && s.size() > 0;
    wanted.then(|| Function { address: s.address(), size: s.size(), name: s.name().unwrap_or_default().to_string() })
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
