//! `umemstat whatis`, `bufctl`, `log` and `dist`: single buffers and their history.
use crate::audit::{self, Bufctl};
use crate::command::Request;
use crate::heap::Heap;
use crate::leaks::stack;
use crate::maps;
use crate::symbols::Symbols;
use crate::target::{Target, about};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use std::fmt::Write;
use umem_abi::{ALLOCATED, Audit, Log, Record};

/// The fields of a buffer's record.
pub(crate) const COLUMNS: &[Column] = &[
    left("ADDR"),
    left("BUFADDR"),
    right("TIMESTAMP"),
    left("THREAD"),
    left("CALLER"),
    left("STATE"),
    right("SIZE"),
    left("STACK"),
];
/// The logs.
pub(crate) const LOGS: [&str; 3] = ["transaction", "fail", "slab"];
/// Entries of a log at most.
const ENTRIES: u64 = 1 << 22;
/// Bytes of a log at most.
const LOG: u64 = 1 << 30;

fn address(text: &str) -> Result<u64> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).map_err(|_| Fail::Usage(format!("{text}: expected an address, such as 0x7f0012345678")))
}

/// mdb's `::whatis`: what an address is in.
pub(crate) fn whatis(request: &mut Request, out: &mut Out) -> Result {
    if request.operands.is_empty() {
        return Err(Fail::Usage("whatis: which address?".into()));
    }
    let addrs = request.operands.iter().map(|a| address(a)).collect::<Result<Vec<_>>>()?;
    for target in &request.targets {
        let symbols = Symbols::new(target);
        let heap = Heap::read(target.memory(), &target.allocator).map_err(|e| about(&target.label, e))?;
        for &addr in &addrs {
            let text = what(target, &heap, &symbols, addr).map_err(|e| about(&target.label, e))?;
            out.text(&text)?;
        }
    }
    Ok(0)
}

pub(crate) fn what(target: &Target, heap: &Heap, symbols: &Symbols, addr: u64) -> Result<String> {
    let Some((run, i)) = heap.find(addr) else { return Ok(elsewhere(target, symbols, addr)) };
    let number = run.first + i as usize;
    let base = run.base + u64::from(i) * run.chunk;
    let record = audit::of(target.memory(), heap, &[number])?.into_iter().next().flatten();
    let bufctl = record.map_or(String::new(), |(at, _)| format!("bufctl {at:x} "));
    let state = if heap.used.has(number) { "allocated" } else { "freed" };
    let cache = heap.run_of(number).map_or("", |(run, _)| audit::cache_name(heap, run));
    let mut t = format!("{addr:x} is {base:x}+{:x}, {bufctl}{state} from {cache}\n", addr - base);
    if let Some((_, a)) = record {
        stack(&mut t, audit::stack(&a), symbols, "                 ");
    }
    Ok(t)
}

/// What an address outside the heap is in.
fn elsewhere(target: &Target, symbols: &Symbols, addr: u64) -> String {
    let stack = match &target.source {
        crate::target::Source::Dead(core) => {
            core.threads.iter().find(|t| maps::at(&target.maps, t.sp).is_some_and(|m| m.holds(addr)))
        }
        crate::target::Source::Live(_) => None,
    };
    match (stack, maps::at(&target.maps, addr)) {
        (Some(t), _) => format!("{addr:x} is in the stack of thread {}\n", t.tid),
        (None, None) => format!("{addr:x} is unknown\n"),
        (None, Some(m)) if m.path.starts_with('/') => {
            let name = symbols.frame(addr.wrapping_add(1)).text.clone();
            format!("{addr:x} is {}+{:x}, in {name}\n", m.path, (addr - m.start).saturating_add(m.offset))
        }
        (None, Some(m)) if m.path.is_empty() => {
            format!("{addr:x} is {:x}+{:x}, in an anonymous mapping\n", m.start, addr - m.start)
        }
        (None, Some(m)) => format!("{addr:x} is {:x}+{:x}, in {}\n", m.start, addr - m.start, m.path),
    }
}

/// mdb's `::bufctl`: the records of all buffers in use, or of those at the given addresses.
pub(crate) fn bufctl(request: &mut Request, out: &mut Out) -> Result {
    let addrs = request.operands.iter().map(|a| address(a)).collect::<Result<Vec<_>>>()?;
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let symbols = Symbols::new(target);
        let found = records(target, &addrs).map_err(|e| about(&target.label, e))?;
        for (at, a) in found {
            table.row(out, &fields(&symbols, at, &a))?;
        }
    }
    table.end(out)?;
    Ok(0)
}

pub(crate) fn records(target: &Target, addrs: &[u64]) -> Result<Vec<Bufctl>> {
    audited(target)?;
    let heap = Heap::read(target.memory(), &target.allocator)?;
    let mut found = Vec::new();
    if addrs.is_empty() {
        audit::each(target.memory(), &heap, |_, _, b| found.extend(b))?;
        return Ok(found);
    }
    for &addr in addrs {
        let (run, i) = heap.find(addr).ok_or_else(|| Fail::Other(format!("{addr:#x}: in no buffer")))?;
        found.extend(audit::of(target.memory(), &heap, &[run.first + i as usize])?.into_iter().flatten());
    }
    Ok(found)
}

fn fields(symbols: &Symbols, at: u64, a: &Audit) -> Vec<String> {
    let names: Vec<_> = audit::stack(a).iter().map(|&f| symbols.frame(f).text.clone()).collect();
    vec![
        format!("{at:x}"),
        format!("{:x}", a.buffer),
        a.time.to_string(),
        format!("{:x}", a.thread),
        names.first().cloned().unwrap_or_default(),
        if a.state == ALLOCATED { "allocated" } else { "freed" }.to_string(),
        a.request.to_string(),
        names.join(";"),
    ]
}

/// Refuses a process that keeps no records.
pub(crate) fn audited(target: &Target) -> Result<()> {
    if target.allocator.descriptor.debug & umem_abi::debug::AUDIT == 0 {
        return Err(Fail::Other("who allocated is not recorded: start it with UMEM_DEBUG=audit".into()));
    }
    Ok(())
}

/// Checks that words are nothing or the name of a log.
pub(crate) fn check_log(words: &[String]) -> Result<()> {
    match words {
        [] => Ok(()),
        [which] if LOGS.contains(&which.as_str()) => Ok(()),
        [which] => Err(Fail::Usage(format!("{which}: expected transaction, fail or slab"))),
        [_, more, ..] => Err(Fail::Usage(format!("{more}: expected nothing after the log's name"))),
    }
}

/// Checks that words are addresses.
pub(crate) fn check_addresses(words: &[String]) -> Result<()> {
    words.iter().try_for_each(|w| address(w).map(drop))
}

/// mdb's `::umalog`: the transaction log, or that of failures or slabs, the newest first.
pub(crate) fn log(request: &mut Request, out: &mut Out) -> Result {
    let which = request.operands.first().map_or("transaction", String::as_str).to_string();
    for target in &request.targets {
        let entries = entries(target, &which).map_err(|e| about(&target.label, e))?;
        let symbols = Symbols::new(target);
        let newest = entries.first().map_or(0, |a| a.time);
        let heap = Heap::read(target.memory(), &target.allocator).map_err(|e| about(&target.label, e))?;
        for a in &entries {
            let age = newest.saturating_sub(a.time);
            let cache = heap.caches.get(&a.cache).map_or("umem_oversize", |c| umem_abi::name(&c.name));
            let mut t = format!("T-{}.{:09}  addr={:x}  {cache}\n", age / 1_000_000_000, age % 1_000_000_000, a.buffer);
            stack(&mut t, audit::stack(a), &symbols, "         ");
            t += "\n";
            out.text(&t)?;
        }
    }
    Ok(0)
}

/// The entries of a log, the newest first.
pub(crate) fn entries(target: &Target, which: &str) -> Result<Vec<Audit>> {
    let d = &target.allocator.descriptor;
    let at = match which {
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
    let mut all: Vec<_> = bytes.chunks_exact(stride).map(Audit::parse).filter(|a| a.time != 0).collect();
    all.sort_by_key(|a| std::cmp::Reverse(a.time));
    Ok(all)
}

/// Columns of the drawing.
const WIDTH: u64 = 50;

/// mdb's `::umem_malloc_dist`: how many buffers of which size are in use.
pub(crate) fn dist(request: &mut Request, out: &mut Out) -> Result {
    for target in &request.targets {
        let heap = Heap::read(target.memory(), &target.allocator).map_err(|e| about(&target.label, e))?;
        let mut sizes = Vec::new();
        audit::each(target.memory(), &heap, |_, size, _| sizes.push(size)).map_err(|e| about(&target.label, e))?;
        out.text(&drawing(&sizes))?;
    }
    Ok(0)
}

/// Sizes by power of two, each drawn by its share.
fn drawing(sizes: &[u64]) -> String {
    let bin = |s: u64| s.max(8).next_power_of_two().trailing_zeros();
    let counts = sizes.iter().fold([0_u64; 65], |mut c, &s| {
        if let Some(n) = c.get_mut(bin(s) as usize) {
            *n += 1;
        }
        c
    });
    let mut t = format!("{:>16}  ------------------ Distribution ------------------ count\n", "malloc size");
    let used = || counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(i, _)| i);
    let (Some(low), Some(high)) = (used().min(), used().max()) else { return t };
    for i in low..=high {
        let n = counts.get(i).copied().unwrap_or(0);
        // A power of two is the last of its bin: 1025 to 2048.
        let (from, to) = (if i == 3 { 0 } else { (1_u64 << (i - 1)) + 1 }, 1_u64 << i);
        let bar = "@".repeat(usize::try_from(n * WIDTH / sizes.len() as u64).unwrap_or(0));
        let _ = writeln!(t, "{:>16} |{bar:<50} {n}", format!("{from}-{to}"));
    }
    t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_drawn_by_their_share() {
        let t = drawing(&[1, 8, 9, 16, 64, 64, 64, 64, 64, 64]);
        assert_eq!(
            t,
            "     malloc size  ------------------ Distribution ------------------ count\n             0-8 |@@@@@@@@@@                                         2\n            9-16 |@@@@@@@@@@                                         2\n           17-32 |                                                   0\n           33-64 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@                     6\n"
        );
        assert_eq!(drawing(&[]).lines().count(), 1);
    }

    #[test]
    fn addresses() {
        assert_eq!(address("0x7f00").unwrap(), 0x7f00);
        assert_eq!(address("7f00").unwrap(), 0x7f00);
        assert_eq!(address("x").unwrap_err().to_string(), "x: expected an address, such as 0x7f0012345678");
    }
}
