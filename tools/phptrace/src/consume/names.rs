//! Addresses by name: the kernel's from /proc/kallsyms, a process's from its mappings and their symbols.
use crate::elf::{self, symbols::Functions};
use dlang::format::Names;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

/// What has been read so far; all of it when first asked for.
#[derive(Default)]
pub(crate) struct Symbols {
    kernel: Option<Vec<(u64, String)>>,
    processes: HashMap<u32, Vec<Mapping>>,
    files: HashMap<PathBuf, Option<Functions>>,
}

struct Mapping {
    start: u64,
    end: u64,
    offset: u64,
    path: PathBuf,
    module: String,
}

impl Symbols {
    /// ``vmlinux`symbol+0x1``, or the address in hexadecimal.
    pub(crate) fn kernel_name(&mut self, address: u64) -> String {
        let table = self.kernel.get_or_insert_with(kallsyms);
        let after = table.partition_point(|(a, _)| *a <= address);
        match after.checked_sub(1).and_then(|i| table.get(i)) {
            Some((start, name)) if *start != 0 => named("vmlinux", name, address - start),
            _ => format!("0x{address:x}"),
        }
    }

    /// Reads where a process has its files, while it is there: addresses are often looked up when it has gone.
    pub(crate) fn remember(&mut self, pid: u32) {
        let now = mappings(pid);
        if !now.is_empty() {
            self.processes.insert(pid, now);
        }
    }

    /// Where the kernel's symbol begins that holds an address.
    pub(crate) fn kernel_start(&mut self, address: u64) -> u64 {
        let table = self.kernel.get_or_insert_with(kallsyms);
        let after = table.partition_point(|(a, _)| *a <= address);
        after.checked_sub(1).and_then(|i| table.get(i)).map_or(address, |(start, _)| *start)
    }

    /// Where a process's symbol begins that holds an address; the address itself if there is none.
    pub(crate) fn user_start(&mut self, pid: u32, address: u64) -> u64 {
        let name = self.user_name(pid, address);
        let into = name.split_once("+0x").and_then(|(_, n)| u64::from_str_radix(n, 16).ok());
        address - into.unwrap_or(0)
    }

    /// Where a process's first mapping of the file begins that holds an address.
    pub(crate) fn module_start(&mut self, pid: u32, address: u64) -> u64 {
        let maps = self.processes.entry(pid).or_insert_with(|| mappings(pid));
        let Some(m) = maps.iter().find(|m| (m.start..m.end).contains(&address)) else { return address };
        maps.iter().filter(|other| other.path == m.path).map(|m| m.start).min().unwrap_or(address)
    }

    /// ``module`symbol+0x1``, ``module`0x1234``, or the address in hexadecimal.
    pub(crate) fn user_name(&mut self, pid: u32, address: u64) -> String {
        let maps = self.processes.entry(pid).or_insert_with(|| mappings(pid));
        let Some(m) = maps.iter().find(|m| (m.start..m.end).contains(&address)) else { return format!("0x{address:x}") };
        let in_file = address - m.start + m.offset;
        let functions = self.files.entry(m.path.clone()).or_insert_with(|| {
            let data = elf::open(&m.path).ok()?;
            let elf = elf::parse(&data).ok()?;
            Some(Functions::read(&elf))
        });
        let found = functions.as_ref().and_then(|f| {
            let data = elf::open(&m.path).ok()?;
            let at = elf::parse(&data).ok()?.address(in_file)?;
            f.at(at).map(|f| named(&m.module, &f.name, at - f.address))
        });
        found.unwrap_or_else(|| format!("{}`0x{address:x}", m.module))
    }
}

fn named(module: &str, name: &str, into: u64) -> String {
    if into == 0 { format!("{module}`{name}") } else { format!("{module}`{name}+0x{into:x}") }
}

/// The address of a symbol of the kernel, if it may be known.
pub(crate) fn kernel_address(name: &str) -> Option<u64> {
    kallsyms().into_iter().find(|(address, n)| n == name && *address != 0).map(|(address, _)| address)
}

fn kallsyms() -> Vec<(u64, String)> {
    let text = fs::read_to_string("/proc/kallsyms").unwrap_or_default();
    let line = |l: &str| {
        let mut parts = l.split_ascii_whitespace();
        let address = u64::from_str_radix(parts.next()?, 16).ok()?;
        let kind = parts.next()?;
        "tTwWdDbBrR".contains(kind).then_some(())?;
        Some((address, parts.next()?.to_string()))
    };
    let mut all: Vec<_> = text.lines().filter_map(line).collect();
    all.sort();
    all
}

/// A path by which a process's file can still be opened when the process has gone: its own if that is the same file here.
fn reachable(pid: u32, path: &str) -> PathBuf {
    use std::os::unix::fs::MetadataExt;
    let inside = PathBuf::from(format!("/proc/{pid}/root{path}"));
    let id = |p: &std::path::Path| fs::metadata(p).map(|m| (m.dev(), m.ino())).ok();
    let here = PathBuf::from(path);
    if id(&here).is_some() && id(&here) == id(&inside) { here } else { inside }
}

fn mappings(pid: u32) -> Vec<Mapping> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let line = |l: &str| {
        let mut parts = l.split_ascii_whitespace();
        let (start, end) = parts.next()?.split_once('-')?;
        let offset = parts.nth(1)?;
        let path = parts.nth(2).filter(|p| p.starts_with('/'))?;
        let hex = |t: &str| u64::from_str_radix(t, 16).ok();
        Some(Mapping {
            start: hex(start)?,
            end: hex(end)?,
            offset: hex(offset)?,
            path: reachable(pid, path),
            module: path.rsplit('/').next()?.to_string(),
        })
    };
    maps.lines().filter_map(line).collect()
}

impl Names for Symbols {}
