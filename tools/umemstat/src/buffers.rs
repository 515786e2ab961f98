//! `umemstat bufctl`: what is remembered of single buffers.
use crate::audit::{self, Bufctl};
use crate::command::Request;
use crate::heap::Heap;
use crate::symbols::Symbols;
use crate::target::{Target, about};
use base::fail::{Fail, Result};
use base::out::Out;
use base::table::{Column, left, right};
use umem_abi::{ALLOCATED, Audit};

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

/// An address as it is printed, in hexadecimal.
pub(crate) fn address(text: &str) -> Result<u64> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).map_err(|_| Fail::Usage(format!("{text}: expected an address, such as 0x7f0012345678")))
}

/// Checks that words are addresses.
pub(crate) fn check_addresses(words: &[String]) -> Result<()> {
    words.iter().try_for_each(|w| address(w).map(drop))
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
    let (caller, stack) = symbols.stack(audit::stack(a));
    vec![
        format!("{at:x}"),
        format!("{:x}", a.buffer),
        a.time.to_string(),
        format!("{:x}", a.thread),
        caller,
        if a.state == ALLOCATED { "allocated" } else { "freed" }.to_string(),
        a.request.to_string(),
        stack,
    ]
}

/// Refuses a process that keeps no records.
pub(crate) fn audited(target: &Target) -> Result<()> {
    if target.allocator.descriptor.debug & umem_abi::debug::AUDIT == 0 {
        return Err(Fail::Other("who allocated is not recorded: start it with UMEM_DEBUG=audit".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(address("0x7f00").unwrap(), 0x7f00);
        assert_eq!(address("7f00").unwrap(), 0x7f00);
        assert_eq!(address("x").unwrap_err().to_string(), "x: expected an address, such as 0x7f0012345678");
    }
}
