//! Programs to their probes, and off again.
use super::privilege::{kernel_said, no_uprobes};
use super::session::Armed;
use crate::bpf::load::{self, Loaded};
use crate::codegen::Arguments;
use crate::elf;
use crate::probes::{Process, Registry, Source};
use crate::sys::ring::page_size;
use crate::sys::{bpf, perf};
use base::cli::warn;
use base::fail::Result;
use std::collections::HashSet;
use std::os::fd::OwnedFd;
use std::path::Path;

/// Attaches every program to its probe, as long as the descriptors live.
pub(crate) fn attach_all(armed: &[Armed], loaded: &[Loaded], registry: &Registry) -> Result<Vec<OwnedFd>> {
    let mut links = Vec::new();
    let mut looked = HashSet::new();
    for (a, l) in armed.iter().zip(loaded) {
        let failed = |e| kernel_said(&a.probe.names.join(":"), e);
        match &a.probe.source {
            Source::Places { file, .. } => {
                let path = registry.files().get(*file).map(|f| f.path.to_string_lossy().into_owned()).unwrap_or_default();
                if a.places.iter().any(|p| p.1 != 0) && looked.insert(*file) {
                    warn_of_semaphores(&path, &a.places);
                }
                let returns = a.unit.arguments == Arguments::Return;
                let failed = |e| no_uprobes(&a.probe.names.join(":"), e);
                links.extend(load::attach(l, &path, &a.places, returns).map_err(failed)?);
            }
            Source::Syscall(_, entry) => {
                let name = if *entry { "sys_enter" } else { "sys_exit" };
                links.push(bpf::attach_tracepoint(&l.program, name).map_err(failed)?);
            }
            Source::Profile(rate, frequency) => {
                for cpu in 0..bpf::cpus().map_err(failed)? {
                    let cpu = i32::try_from(cpu).unwrap_or(0);
                    match perf::clock(&l.program, cpu, *rate, *frequency) {
                        Ok(link) => links.push(link),
                        // A CPU that is possible but not there.
                        Err(e) if e.raw_os_error() == Some(libc::ENODEV) => {}
                        Err(e) => return Err(failed(e)),
                    }
                }
            }
            Source::Process(which) => {
                let name = match which {
                    Process::Exec => "sched_process_exec",
                    Process::Exit | Process::ThreadExit => "sched_process_exit",
                    Process::Signal => "signal_generate",
                };
                links.push(bpf::attach_tracepoint(&l.program, name).map_err(failed)?);
            }
            Source::Arrival => links.push(bpf::attach_tracepoint(&l.program, "sched_process_exec").map_err(failed)?),
            _ => {}
        }
    }
    Ok(links)
}

/// The kernel raises a semaphore in the first writable mapping of its page. Where a linker lets the part that is read-only after
/// relocation share that page of the file, that is the wrong one while a program starts: a process then never sees its probes on.
fn warn_of_semaphores(path: &str, places: &[(u64, u64)]) {
    let Ok(data) = elf::open(Path::new(path)) else { return };
    let Ok(elf) = elf::parse(&data) else { return };
    let page = u64::try_from(page_size()).unwrap_or(4096);
    if places.iter().any(|(_, semaphore)| *semaphore != 0 && elf.mapped_twice(*semaphore, page)) {
        let cure = "link it with -Wl,-z,separate-loadable-segments";
        warn(
            "phptrace",
            format!(
                "{path}: processes that start while traced may not fire: two segments share the page of the probes' semaphores; {cure}"
            ),
        );
    }
}

/// Detaches. The kernel waits for a grace period at each; those of several are waited for together.
pub(crate) fn detach(links: Vec<OwnedFd>) {
    let mut rows: Vec<Vec<OwnedFd>> = (0..16.min(links.len())).map(|_| Vec::new()).collect();
    let count = rows.len();
    for (i, link) in links.into_iter().enumerate() {
        if let Some(row) = rows.get_mut(i % count) {
            row.push(link);
        }
    }
    std::thread::scope(|s| {
        for row in rows {
            s.spawn(move || drop(row));
        }
    });
}
