//! The libraries that the dynamic linker will load for a file.
use super::{Elf, open, parse};
use object::{Object as _, ObjectSection as _, ReadRef};
use std::path::{Path, PathBuf};

/// Where libraries are looked for.
const FOLDERS: &[&str] = &[
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib",
    "/usr/lib",
];
/// More than any program needs; a cycle ends before.
const MOST: usize = 512;

impl<'d, R: ReadRef<'d>> Elf<'d, R> {
    /// The names under `DT_NEEDED`.
    fn needed(&self) -> Vec<String> {
        self.dynamic(&[1])
    }

    /// The folders under `DT_RPATH` and `DT_RUNPATH`; `$ORIGIN` is the folder of the file.
    fn folders(&self, path: &Path) -> Vec<PathBuf> {
        let origin = path.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
        let lists = self.dynamic(&[15, 29]);
        let all = lists.iter().flat_map(|l| l.split(':'));
        all.map(|f| PathBuf::from(f.replace("$ORIGIN", &origin).replace("${ORIGIN}", &origin))).collect()
    }

    /// The strings of some tags of the dynamic section.
    fn dynamic(&self, tags: &[u64]) -> Vec<String> {
        let section = |name| self.file.section_by_name(name)?.data().ok();
        let (Some(dynamic), Some(strings)) = (section(".dynamic"), section(".dynstr")) else { return Vec::new() };
        let word = |entry: &[u8], at: usize| entry.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b));
        let name = |entry: &[u8]| {
            let at = word(entry, 8).filter(|_| word(entry, 0).is_some_and(|tag| tags.contains(&tag)))?;
            let text = strings.get(usize::try_from(at).ok()?..)?.split(|b| *b == 0).next()?;
            String::from_utf8(text.to_vec()).ok()
        };
        dynamic.chunks_exact(16).filter_map(name).collect()
    }
}

/// The libraries of a program, and theirs, as far as they are where it, the environment or the system has them looked for.
pub(crate) fn libraries(program: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut folders: Vec<PathBuf> = std::env::var_os("LD_LIBRARY_PATH").iter().flat_map(std::env::split_paths).collect();
    folders.extend(FOLDERS.iter().map(PathBuf::from));
    let mut at = 0;
    let mut next = Some(program.to_path_buf());
    while let Some(path) = next {
        let read = || {
            let data = open(&path).ok()?;
            let elf = parse(&data).ok()?;
            Some((elf.needed(), elf.folders(&path)))
        };
        let (names, own) = read().unwrap_or_default();
        for name in names {
            let library = own.iter().chain(&folders).map(|f| f.join(&name)).find(|p| p.is_file());
            if let Some(library) = library.filter(|l| !found.contains(l) && found.len() < MOST) {
                found.push(library);
            }
        }
        next = found.get(at).cloned();
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sh_needs_libc() {
        let all = libraries(Path::new("/bin/sh"));
        assert!(all.iter().any(|p| p.ends_with("libc.so.6")), "{all:?}");
        assert_eq!(libraries(Path::new("/etc/passwd")), Vec::<PathBuf>::new());
    }
}
