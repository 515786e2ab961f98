//! Maps and programs of a run in the kernel, and their attachment. All are descriptors: they end with this process.
use super::asm::{Linkage, MapRef};
use super::btf;
use crate::codegen::layout::{LITERALS, Layout, MapSpec, RING, SLOTS_PER_CPU, STATE, TARGETS};
use crate::codegen::{Compiled, Unit};
use crate::sys::bpf::{self, Load, Map, MapKind, ProgramKind, SLEEPABLE, UPROBE_MULTI};
use crate::sys::{perf, process};
use dlang::error::Pos;
use std::io;
use std::os::fd::OwnedFd;

const NO_PREALLOC: u32 = 1;
const READ_ONLY_FOR_PROGRAMS: u32 = 1 << 7;
const MAPPABLE: u32 = 1 << 10;
/// Bytes of a verifier log that is kept.
const LOG: usize = 1 << 22;

/// Bytes of the longest key of old kernels' maps: a BPF stack.
const OLD_KEY: u32 = 512;

fn long_key(e: io::Error, key: u32) -> io::Error {
    if e.raw_os_error() != Some(libc::E2BIG) || key <= OLD_KEY {
        return e;
    }
    io::Error::other(format!("a key of {key} bytes, and this kernel allows {OLD_KEY}: -xstrsize=100 makes its strings shorter"))
}

/// Sizes of what is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Bytes of the ring buffer.
    pub ring: usize,
    /// Keys of each aggregation, over all CPUs.
    pub aggregation_keys: usize,
    /// Elements of each dynamic variable.
    pub variable_keys: usize,
}

/// The maps, by [`MapRef`].
pub(crate) struct Maps(Vec<Map>);

impl Maps {
    /// Makes all maps of a run.
    pub(crate) fn create(layout: &Layout, slot_size: u32, sizes: Sizes) -> io::Result<Self> {
        process::unlock_memory();
        let cpus = bpf::cpus()?;
        // Before 6.1 memory allocated while a program runs may deadlock the kernel.
        let dynamic = if process::kernel_version() >= (6, 1) { NO_PREALLOC } else { 0 };
        let slots = cpus * usize::try_from(SLOTS_PER_CPU).unwrap_or(4);
        let wide = |n: u32| usize::try_from(n).unwrap_or(0);
        let mut all = vec![
            Map::create(MapKind::Array, 4, wide(layout.state_size), 1, MAPPABLE)?,
            literals(layout)?,
            Map::create(MapKind::Array, 4, wide(slot_size), slots, 0)?,
            Map::create(MapKind::Ring, 0, 0, sizes.ring, 0)?,
            Map::create(MapKind::Hash, 4, 4, 16384, dynamic)?,
        ];
        for MapSpec { kind, key, value } in &layout.maps {
            let entries = if *kind == MapKind::PercpuHash { sizes.aggregation_keys } else { sizes.variable_keys };
            let made = Map::create(*kind, wide(*key), wide(*value), entries, dynamic);
            all.push(made.map_err(|e| long_key(e, *key))?);
        }
        Ok(Self(all))
    }

    /// A map.
    pub(crate) fn get(&self, map: MapRef) -> Option<&Map> {
        self.0.get(map.0)
    }

    /// The state map.
    pub(crate) fn state(&self) -> io::Result<&Map> {
        self.get(STATE).ok_or_else(|| io::Error::other("no state map"))
    }

    /// The ring buffer.
    pub(crate) fn ring(&self) -> io::Result<&Map> {
        self.get(RING).ok_or_else(|| io::Error::other("no ring"))
    }

    /// Adds a process to those traced.
    pub(crate) fn target(&self, pid: u32) -> io::Result<()> {
        self.get(TARGETS).map_or(Ok(()), |m| m.set(&pid.to_le_bytes(), &1_u32.to_le_bytes()))
    }
}

/// The map of constants.
pub(crate) fn literals(layout: &Layout) -> io::Result<Map> {
    let bytes = layout.literal_bytes();
    let map = Map::create(MapKind::Array, 4, bytes.len(), 1, READ_ONLY_FOR_PROGRAMS)?;
    map.set(&[0; 4], &bytes)?;
    map.freeze()?;
    Ok(map)
}

/// A program that was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The kernel's error.
    pub error: io::Error,
    /// The verifier's log.
    pub log: String,
    /// The D text the refused instruction came from.
    pub pos: Option<Pos>,
}

/// A loaded program.
pub(crate) struct Loaded {
    /// Its descriptor.
    pub program: OwnedFd,
    /// Whether it is for `uprobe_multi` links.
    pub multi: bool,
}

/// Loads the program of a unit. `literals`: constants in place of those of `maps`, for a program made later.
pub(crate) fn load(unit: &Unit, compiled: &Compiled, maps: &Maps, literals: Option<&Map>) -> Result<Loaded, Refused> {
    let mut code = Vec::with_capacity(compiled.code.insns.len() * 8);
    let mut insns = compiled.code.insns.clone();
    for (at, map) in &compiled.code.maps {
        let own = literals.filter(|_| *map == LITERALS);
        if let (Some(insn), Some(map)) = (insns.get_mut(*at), own.or_else(|| maps.get(*map))) {
            insn.imm = map.raw();
        }
    }
    code.extend(insns.iter().flat_map(|i| i.bytes()));
    let functions = describe(compiled).map_err(|error| Refused { error, log: String::new(), pos: None })?;
    let functions = functions.as_ref().map(|(fd, records)| (fd, records.as_slice()));
    let flags = if compiled.sleepable { SLEEPABLE } else { 0 };
    let probe = unit.kind == ProgramKind::Probe;
    let mut program =
        Load { kind: unit.kind, attach: if probe { UPROBE_MULTI } else { 0 }, flags, code: &code, functions, log: 0 };
    let first = match bpf::load(&program) {
        Ok(fd) => return Ok(Loaded { multi: probe && bpf::takes_multi(&fd), program: fd }),
        Err((error, _)) => error,
    };
    // Either the kernel has no such links, or it refuses the program in both ways; then the log says why.
    program.attach = 0;
    program.log = LOG;
    bpf::load(&program).map(|program| Loaded { program, multi: false }).map_err(|(error, log)| {
        // The log may have been too long for its memory, which is no reason for the refusal.
        let error = if error.raw_os_error() == Some(libc::ENOSPC) { first } else { error };
        let pos = refused_at(&log).and_then(|pc| compiled.code.lines.iter().rev().find(|(at, _)| *at <= pc)).map(|(_, p)| *p);
        Refused { error, log, pos }
    })
}

/// The instruction the log's last lines are about.
fn refused_at(log: &str) -> Option<usize> {
    log.lines().rev().find_map(|l| l.split_once(": (")?.0.trim().parse().ok())
}

/// BTF for a program with subprograms.
fn describe(compiled: &Compiled) -> io::Result<Option<(OwnedFd, Vec<u8>)>> {
    let mut functions = compiled.code.functions.clone();
    if functions.is_empty() {
        return Ok(None);
    }
    functions.sort_unstable_by_key(|(start, _)| *start);
    functions.insert(0, (0, Linkage::Static));
    let linkages: Vec<Linkage> = functions.iter().map(|(_, linkage)| *linkage).collect();
    let fd = bpf::load_btf(&btf::describe(&linkages))?;
    let mut records = Vec::new();
    for (i, (start, _)) in functions.iter().enumerate() {
        records.extend(u32::try_from(*start).unwrap_or(0).to_le_bytes());
        records.extend(u32::try_from(i + 3).unwrap_or(3).to_le_bytes());
    }
    Ok(Some((fd, records)))
}

/// Attaches a program to places of a file: offsets and semaphores' offsets. `returns`: to the functions' returns.
pub(crate) fn attach(loaded: &Loaded, path: &str, places: &[(u64, u64)], returns: bool) -> io::Result<Vec<OwnedFd>> {
    let offsets: Vec<u64> = places.iter().map(|p| p.0).collect();
    let semaphores: Vec<u64> = places.iter().map(|p| p.1).collect();
    if loaded.multi {
        let cookies = vec![0; offsets.len()];
        return Ok(vec![bpf::attach_multi(&loaded.program, path, &offsets, &semaphores, &cookies, returns)?]);
    }
    places.iter().map(|(offset, semaphore)| perf::uprobe(&loaded.program, path, *offset, *semaphore, returns)).collect()
}
