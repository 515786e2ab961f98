//! The allocator inside the process that is looked at: its descriptor, and the tables that lead from it.
use crate::image::Image;
use crate::memory::{Memory, record_size};
use base::fail::{Fail, Result};
use umem_abi::{Arena, Descriptor, MAGIC, Record, Table, VERSION};

/// Tables in a chain, records in a table, bytes of a table: more than these are no tables of ours.
const CHAIN: usize = 4096;
const RECORDS: u64 = 1 << 22;
const BYTES: u64 = 1 << 30;

/// Bytes of a descriptor from its magic to its state.
const HEAD: u64 = 40;

/// One allocator in use.
#[derive(Clone, Debug)]
pub(crate) struct Allocator {
    /// What it says of itself.
    pub(crate) descriptor: Descriptor,
}

/// A record and where it is.
pub(crate) type At<R> = (u64, R);

impl Allocator {
    /// Whether objects carry allocators, and the one of them that has served an allocation.
    ///
    /// # Errors
    /// What is there is of a version that is not known here, or damaged.
    pub(crate) fn find(memory: &dyn Memory, images: &[Image]) -> Result<(bool, Option<Self>)> {
        let mut any = false;
        for &addr in images.iter().flat_map(|i| &i.descriptors) {
            // Until the first allocation it holds nothing to be checked.
            if memory.record::<Descriptor>(addr, HEAD)?.state == 0 {
                any = true;
                continue;
            }
            return Ok((true, Some(Self { descriptor: descriptor(memory, addr)? })));
        }
        Ok((any, None))
    }

    /// Whether it is still there.
    pub(crate) fn check(&self, memory: &dyn Memory) -> Result<()> {
        descriptor(memory, self.descriptor.address).map(|_| ())
    }

    /// The arenas in use.
    pub(crate) fn arenas(&self, memory: &dyn Memory) -> Result<Vec<At<Arena>>> {
        Ok(table::<Arena>(memory, self.descriptor.arenas)?.into_iter().filter(|(_, a)| a.state != 0).collect())
    }
}

fn descriptor(memory: &dyn Memory, addr: u64) -> Result<Descriptor> {
    let head: Descriptor = memory.record(addr, HEAD)?;
    if head.magic != MAGIC || head.address != addr {
        return Err(Fail::Other(format!("no statistics at {addr:#x}, where libumem's note points")));
    }
    if head.version != VERSION {
        let (v, ours) = (head.version, VERSION);
        return Err(Fail::Other(format!("its libumem keeps statistics of version {v}, this umemstat reads version {ours}")));
    }
    memory.record(addr, head.size)
}

/// All records of a chain of tables, as raw bytes with their addresses.
pub(crate) fn raw_table(memory: &dyn Memory, first: u64, limit: u64) -> Result<Vec<At<Vec<u8>>>> {
    let mut found = Vec::new();
    let mut next = first;
    for _ in 0..CHAIN {
        if next == 0 {
            return Ok(found);
        }
        let t: Table = memory.record(next, Table::SIZE as u64)?;
        next = t.next;
        if t.used == 0 {
            continue;
        }
        if t.stride > limit || t.stride == 0 || t.used > RECORDS || t.used * t.stride > BYTES {
            return Err(Fail::Other(format!("a table of {} records of {} bytes: damaged", t.used, t.stride)));
        }
        let (stride, used) = (usize::try_from(t.stride).unwrap_or(1), usize::try_from(t.used).unwrap_or(0));
        let bytes = memory.bytes(t.first, used * stride)?;
        let addrs = (0..t.used).map(|i| t.first.wrapping_add(i * t.stride));
        found.extend(addrs.zip(bytes.chunks_exact(stride).map(<[u8]>::to_vec)));
    }
    Err(Fail::Other("a chain of tables without end: damaged".into()))
}

/// All records of a chain of tables, also the unused ones: positions count.
pub(crate) fn table<R: Record>(memory: &dyn Memory, first: u64) -> Result<Vec<At<R>>> {
    let raw = raw_table(memory, first, 1 << 16)?;
    raw.iter().map(|(addr, bytes)| record_size(bytes.len() as u64).map(|_| (*addr, R::parse(bytes)))).collect()
}
