//! BTF: the kernel's own (kernel functions by name, offsets of structure members), and what our subprograms need.
use super::asm::Linkage;
use std::collections::HashMap;

const KIND_FUNC: u32 = 12;

/// The kernel's types, indexed as far as asked for.
#[derive(Debug, Default)]
pub(crate) struct Kernel {
    functions: HashMap<String, u32>,
    members: HashMap<(String, String), u32>,
}

/// Where the kernel shows its types.
pub(crate) const PATH: &str = "/sys/kernel/btf/vmlinux";

impl Kernel {
    /// Reads what is asked for from BTF data: ids of `functions`, byte offsets of `members` (structure, member).
    /// What is not there, or not of the form expected, is left out.
    pub(crate) fn read(data: &[u8], functions: &[&str], members: &[(&str, &str)]) -> Self {
        let mut found = Self::default();
        // A kernel without usable BTF has nothing to offer: the callers take their other way.
        let _ = found.scan(data, functions, members);
        found
    }

    /// The id of a kernel function.
    pub(crate) fn function(&self, name: &str) -> Option<u32> {
        self.functions.get(name).copied()
    }

    /// The byte offset of a member.
    pub(crate) fn member(&self, structure: &str, member: &str) -> Option<i32> {
        self.members.get(&(structure.into(), member.into())).and_then(|&b| i32::try_from(b).ok())
    }

    fn scan(&mut self, data: &[u8], functions: &[&str], members: &[(&str, &str)]) -> Option<()> {
        let header = usize::try_from(word(data, 4)?).ok()?;
        let at = |field| usize::try_from(word(data, field)?).ok();
        let types = data.get(header.checked_add(at(8)?)?..)?.get(..at(12)?)?;
        let strings = data.get(header.checked_add(at(16)?)?..)?.get(..at(20)?)?;
        let mut rest = types;
        let mut id = 0;
        let (mut starts, mut wanted_structures) = (vec![0], Vec::new());
        while let (Some(name), Some(info)) = (word(rest, 0), word(rest, 4)) {
            id += 1;
            starts.push(types.len() - rest.len());
            let (kind, count) = ((info >> 24) & 0x1f, usize::try_from(info & 0xffff).ok()?);
            let extra = rest.get(12..)?;
            let size = extra_size(kind, count)?;
            if kind == KIND_FUNC {
                if let Some(wanted) = functions.iter().find(|f| is(strings, name, f)) {
                    self.functions.insert((*wanted).to_string(), id);
                }
            } else if kind == 4 {
                wanted_structures.extend(members.iter().filter(|(s, _)| is(strings, name, s)).map(|wanted| (id, wanted)));
            }
            rest = extra.get(size..)?;
        }
        let data = Data { types, strings, starts };
        for (id, (s, m)) in wanted_structures {
            if let Some(offset) = data.member(id, m, NESTED) {
                self.members.entry(((*s).into(), (*m).into())).or_insert(offset / 8);
            }
        }
        Some(())
    }
}

fn word(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().map(|w| u32::from_le_bytes(*w))
}

/// Bytes after the twelve that every type has.
fn extra_size(kind: u32, count: usize) -> Option<usize> {
    Some(match kind {
        1 | 14 | 17 => 4,
        3 => 12,
        4 | 5 | 15 | 19 => 12 * count,
        6 | 13 => 8 * count,
        2 | 7..=12 | 16 | 18 => 0,
        _ => return None,
    })
}

fn is(strings: &[u8], at: u32, name: &str) -> bool {
    let from = usize::try_from(at).ok().and_then(|at| strings.get(at..));
    from.is_some_and(|s| s.starts_with(name.as_bytes()) && s.get(name.len()) == Some(&0))
}

/// How deep anonymous structures are looked into.
const NESTED: u32 = 8;

/// All types, with where each begins.
struct Data<'d> {
    types: &'d [u8],
    strings: &'d [u8],
    starts: Vec<usize>,
}

impl Data<'_> {
    /// The offset in bits of a member of the structure or union `id`, or of one without a name within it.
    fn member(&self, id: u32, wanted: &str, depth: u32) -> Option<u32> {
        let at = *self.starts.get(usize::try_from(id).ok()?)?;
        let record = self.types.get(at..)?;
        let info = word(record, 4)?;
        if !matches!((info >> 24) & 0x1f, 4 | 5) || depth == 0 {
            return None;
        }
        let count = usize::try_from(info & 0xffff).ok()?;
        (0..count).find_map(|i| {
            let (name, ty, offset) = (word(record, 12 + 12 * i)?, word(record, 12 + 12 * i + 4)?, word(record, 12 + 12 * i + 8)?);
            // With bit-fields about, the upper eight bits are a width.
            let offset = if info >> 31 != 0 { offset & 0xff_ffff } else { offset };
            if is(self.strings, name, wanted) {
                return Some(offset);
            }
            let nameless = is(self.strings, name, "");
            nameless.then(|| self.member(ty, wanted, depth - 1)).flatten().and_then(|inner| offset.checked_add(inner))
        })
    }
}

/// BTF that calls the functions `main`, `f1`, `f2`, ..., each taking two numbers. Their type ids are 3, 4, 5, ...
pub(crate) fn describe(functions: &[Linkage]) -> Vec<u8> {
    let mut strings = b"\0int\0main\0".to_vec();
    let mut types: Vec<u32> = Vec::new();
    // 1: int; 2: int (*)(int, int)
    types.extend([1, 1 << 24, 4, 32 | 1 << 24]);
    // The kernel wants parameters to have names.
    types.extend([0, 13 << 24 | 2, 1, 1, 1, 1, 1]);
    for (i, linkage) in functions.iter().enumerate() {
        let name = if i == 0 { 5 } else { strings.len() };
        types.extend([u32::try_from(name).unwrap_or(5), KIND_FUNC << 24 | *linkage as u32, 2]);
        if i > 0 {
            strings.extend_from_slice(format!("f{i}\0").as_bytes());
        }
    }
    let (types_size, strings_size) = (types.len() * 4, strings.len());
    let mut data = vec![0x9f, 0xeb, 1, 0];
    for field in [24, 0, types_size, types_size, strings_size] {
        data.extend_from_slice(&u32::try_from(field).unwrap_or(0).to_le_bytes());
    }
    data.extend(types.iter().flat_map(|t| t.to_le_bytes()));
    data.extend(strings);
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_describes() {
        let data = describe(&[Linkage::Static; 3]);
        let k = Kernel::read(&data, &["main", "f2", "f9"], &[]);
        assert_eq!((k.function("main"), k.function("f2"), k.function("f9")), (Some(3), Some(5), None));
    }

    #[test]
    fn every_cut_ends_quietly() {
        let data = describe(&[Linkage::Static, Linkage::Global]);
        for cut in 0..data.len() {
            let _ = Kernel::read(&data[..cut], &["f1"], &[("task_struct", "tgid")]);
        }
    }

    #[test]
    fn finds_members_of_this_kernel() {
        let Ok(data) = std::fs::read(PATH) else { return };
        let k = Kernel::read(&data, &[], &[("task_struct", "tgid"), ("task_struct", "real_parent")]);
        assert!(k.member("task_struct", "tgid").is_some() && k.member("task_struct", "real_parent").is_some());
    }
}
