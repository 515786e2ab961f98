//! `umemstat log`: mdb's `::umalog`, the transaction log, or that of failed allocations or of slabs, the newest first.
use crate::audit;
use crate::command::Request;
use crate::heap::Heap;
use crate::leaks::stack;
use crate::symbols::Symbols;
use crate::target::{Target, about};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use std::fmt::Write;
use umem_abi::{ALLOCATED, Audit, Log, Record};

/// The fields of an entry: when (nanoseconds of CLOCK_MONOTONIC), what happened to which buffer, by whom.
pub(crate) const COLUMNS: &[Column] = &[
    right("PID"),
    right("TIMESTAMP"),
    left("STATE"),
    left("BUFADDR"),
    right("SIZE"),
    left("CACHE"),
    left("THREAD"),
    left("CALLER"),
    left("STACK"),
];
/// The logs.
pub(crate) const LOGS: [&str; 4] = ["transaction", "contents", "fail", "slab"];
/// Entries of a log at most.
const ENTRIES: u64 = 1 << 22;
/// Bytes of a log at most.
const LOG: u64 = 1 << 30;

/// Checks that words are nothing or the name of a log.
pub(crate) fn check(words: &[String]) -> Result<()> {
    match words {
        [] => Ok(()),
        [which] if LOGS.contains(&which.as_str()) => Ok(()),
        [which] => Err(Fail::Usage(format!("{which}: expected transaction, contents, fail or slab"))),
        [_, more, ..] => Err(Fail::Usage(format!("{more}: expected nothing after the log's name"))),
    }
}

/// Prints the log.
pub(crate) fn log(request: &mut Request, out: &mut Out) -> Result {
    let which = request.operands.first().map_or("transaction", String::as_str).to_string();
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let entries = entries(target, &which).map_err(|e| about(&target.label, e))?;
        let symbols = Symbols::new(target);
        let newest = entries.first().map_or(0, |e| e.audit.time);
        let heap = Heap::read(target.memory(), &target.allocator).map_err(|e| about(&target.label, e))?;
        for Entry { audit: a, saved } in &entries {
            let cache = heap.caches.get(&a.cache).map_or("umem_oversize", |c| umem_abi::name(&c.name));
            if request.is_text() {
                out.text(&text(a, saved, cache, newest, &symbols))?;
            } else {
                table.row(out, &fields(&target.label, a, cache, &symbols))?;
            }
        }
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

fn text(a: &Audit, saved: &[u8], cache: &str, newest: u64, symbols: &Symbols) -> String {
    let age = newest.saturating_sub(a.time);
    let mut t = String::new();
    let _ = writeln!(t, "T-{}.{:09}  addr={:x}  {cache}", age / 1_000_000_000, age % 1_000_000_000, a.buffer);
    stack(&mut t, audit::stack(a), symbols, "         ");
    for (n, line) in saved.chunks(16).enumerate() {
        let _ = write!(t, "         {:4x}:", n * 16);
        for byte in line {
            let _ = write!(t, " {byte:02x}");
        }
        let letters = line.iter().map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' });
        let _ = writeln!(t, "{:1$}{2}", "", 3 * (16 - line.len()) + 2, letters.collect::<String>());
    }
    t + "\n"
}

fn fields(label: &str, a: &Audit, cache: &str, symbols: &Symbols) -> Vec<String> {
    let (caller, stack) = symbols.stack(audit::stack(a));
    let state = if a.state == ALLOCATED { "allocated" } else { "freed" };
    let (buffer, thread) = (format!("{:x}", a.buffer), format!("{:x}", a.thread));
    let (time, size) = (a.time.to_string(), a.request.to_string());
    vec![label.into(), time, state.into(), buffer, size, cache.into(), thread, caller, stack]
}

/// An entry of a log, and what it saved of a buffer.
pub(crate) struct Entry {
    audit: Audit,
    saved: Vec<u8>,
}

impl Entry {
    fn parse(bytes: &[u8]) -> Self {
        let (count, kept) = bytes.get(Audit::SIZE..).and_then(<[u8]>::split_first_chunk).unwrap_or((&[0; 8], &[]));
        let count = usize::try_from(u64::from_le_bytes(*count)).unwrap_or(usize::MAX);
        Self { audit: Audit::parse(bytes), saved: kept.get(..count.min(kept.len())).unwrap_or_default().to_vec() }
    }
}

/// The entries of a log, the newest first.
pub(crate) fn entries(target: &Target, which: &str) -> Result<Vec<Entry>> {
    let d = &target.allocator.descriptor;
    let at = match which {
        "contents" => d.contents_log,
        "fail" => d.fail_log,
        "slab" => d.slab_log,
        _ => d.log,
    };
    if at == 0 {
        return Err(Fail::Other(format!("no {which} log: start it with UMEM_DEBUG=audit UMEM_LOGGING={which}")));
    }
    let log: Log = target.memory().record(at, Log::SIZE as u64)?;
    let (stride, entries) = (crate::memory::record_size(log.stride)?, log.entries.min(ENTRIES));
    let there = log.written.min(entries).min(LOG / stride as u64);
    let bytes = target.memory().bytes(log.first, usize::try_from(there).unwrap_or(0) * stride)?;
    let mut all: Vec<_> = bytes.chunks_exact(stride).map(Entry::parse).filter(|e| e.audit.time != 0).collect();
    all.sort_by_key(|e| std::cmp::Reverse(e.audit.time));
    Ok(all)
}
