//! Programs to their probes, and off again.
use super::privilege::{kernel_said, no_uprobes};
use super::session::Armed;
use crate::bpf::load::{self, Loaded};
use crate::codegen::Arguments;
use crate::probes::{Registry, Source};
use crate::sys::{bpf, perf};
use base::fail::Result;
use std::os::fd::OwnedFd;

/// Attaches every program to its probe, as long as the descriptors live.
pub(crate) fn attach_all(armed: &[Armed], loaded: &[Loaded], registry: &Registry) -> Result<Vec<OwnedFd>> {
    let mut links = Vec::new();
    for (a, l) in armed.iter().zip(loaded) {
        let failed = |e| kernel_said(&a.probe.names.join(":"), e);
        match &a.probe.source {
            Source::Places { file, .. } => {
                let path = registry.files().get(*file).map(|f| f.path.to_string_lossy().into_owned()).unwrap_or_default();
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
            Source::Arrival => links.push(bpf::attach_tracepoint(&l.program, "sched_process_exec").map_err(failed)?),
            _ => {}
        }
    }
    Ok(links)
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
