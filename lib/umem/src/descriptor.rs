//! The descriptor that readers start from; see the crate `umem-abi`.
use core::mem::offset_of;

use umem_abi::{CLASSES, Descriptor, Log, MAGIC, Magazine, VERSION};

use crate::cell::Global;
use crate::pagemap::{self, Leaf};
use crate::{areas, arenas, cache, config, log, percpu, report, sys, thread};

/// Written by `init`, and in a fork's child.
pub(crate) static DESCRIPTOR: Global<Descriptor> =
    Global::new(Descriptor { magic: MAGIC, version: VERSION, size: size_of::<Descriptor>() as u64, ..Descriptor::ZERO });

/// Fills it in. Called once, when all else is set up.
pub(crate) fn init() {
    let d = DESCRIPTOR.get();
    // SAFETY: before any other thread can be here.
    unsafe {
        *d = Descriptor {
            address: d as u64,
            state: 1,
            pid: sys::process_id(),
            started: sys::now(),
            caches: cache::TABLE.get() as u64,
            threads: thread::TABLE.get() as u64,
            thread_hot: 0,
            thread_cold: thread::COLD as u64,
            thread_head: thread::HEAD as u64,
            classes: CLASSES as u64,
            arenas: arenas::TABLE.get() as u64,
            areas: areas::TABLE.get() as u64,
            page_root: (&raw const pagemap::ROOT) as u64,
            page_entries: pagemap::ROOTS as u64,
            leaf_base: pagemap::EMPTY.get() as u64,
            leaf_shift: u64::from(pagemap::LEAF_SHIFT),
            page_shift: u64::from(pagemap::PAGE_SHIFT),
            leaf_spans: offset_of!(Leaf, span) as u64,
            magazine_slots: size_of::<Magazine>() as u64,
            debug: config::get().debug,
            log: log_address(&log::TRANSACTIONS),
            fail_log: log_address(&log::FAILURES),
            slab_log: log_address(&log::SLABS),
            perthread_cache: config::get().perthread as u64,
            messages: report::MESSAGES.get() as u64,
            messages_size: report::RING as u64,
            // The other statics are small and hold no address of a buffer.
            static_start: (&raw const pagemap::ROOT) as u64,
            static_end: (&raw const pagemap::ROOT).wrapping_add(1) as u64,
            cpus: percpu::TABLE.get() as u64,
            cpu_entry: percpu::ENTRY as u64,
            contents: config::get().maxverify as u64,
            contents_log: log_address(&log::CONTENTS),
            ..*d
        };
    }
}

fn log_address(log: &Global<Log>) -> u64 {
    // SAFETY: the logs are made before the descriptor.
    if unsafe { (*log.get()).entries } == 0 { 0 } else { log.get() as u64 }
}

/// In a fork's child.
pub(crate) fn forked() {
    // SAFETY: the child has one thread.
    unsafe { (*DESCRIPTOR.get()).pid = sys::process_id() };
}
