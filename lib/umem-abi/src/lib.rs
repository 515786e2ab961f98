//! What libumem keeps in memory for whoever looks at a process from outside: a debugger, `umemstat`, a core file's reader.
//!
//! # Finding it
//! Every program or library that holds the allocator carries an ELF note (owner [`NOTE_OWNER`], type [`NOTE_TYPE`]) in a loaded `PT_NOTE`
//! segment. Strip, static linking and PIE leave it alone, and it is read from memory, through the program headers of any mapped
//! object, without the file. Its 8 bytes are a signed distance: *address of these 8 bytes* + *distance* = address of the [`Descriptor`].
//! A process may hold more than one allocator (a program linked with it and run under the preload): one note each; those whose
//! [`Descriptor::state`] is 0 were never used.
//!
//! # Reading it
//! Every record is made of native `u64` fields (names are 32 bytes, NUL-padded); fields are only ever appended, and [`Descriptor::size`] and
//! the strides of the [`Table`]s say how long this process's records are, so [`Record::parse`] reads shorter ones of older allocators with the
//! missing fields 0, and longer ones of newer allocators without their new fields. [`VERSION`] changes when that no longer holds.
//!
//! Arrays are [`Table`]s: `used` records of `stride` bytes from `first`, then the table at `next`. Records whose `state` is 0 are unused.
//! - [`Descriptor::caches`] of [`Cache`]; its position (counted over all tables) is [`Cache::index`].
//! - [`Descriptor::threads`] of per-thread blocks: [`CLASSES`] × [`Hot`] at `thread_hot`, [`CLASSES`] × [`Cold`] at `thread_cold`, one
//!   [`Thread`] at `thread_head`. Position *i* of both arrays is the cache of index *i*.
//! - [`Descriptor::cpus`] of per-CPU blocks: [`CLASSES`] magazines of `cpu_entry` bytes; see [`CPU_ROUNDS`].
//! - [`Descriptor::arenas`] of [`Arena`].
//! - [`Descriptor::areas`] of [`Area`], all memory taken from the system: the heap's chunks and the allocator's own.
//!
//! # What is in use
//! Buffers of a cache in use = [`Cache::total`] − [`Cache::slab_free`] − [`Cache::depot_rounds`] − for each thread (`hot.top` − `hot.lo`) / 8
//! and `cold.rounds` − each CPU's rounds. Allocations made = [`Cache::alloc`] + each thread's `hot.allocs` + each CPU's. A cache whose `seq` is odd, or differs before and
//! after it and the threads were read, was changing: read again, or mark the row.
//!
//! # Finding a buffer
//! The page map: `leaf = leaf_base + u64 at (page_root + 8 × (addr >> leaf_shift))` (an entry of 0 leads to an empty leaf); in the leaf the
//! `u64` at `leaf_spans + 8 × ((addr >> page_shift) mod 2^(leaf_shift − page_shift))` is the address of the [`Span`] that holds the page, or 0.
//! All spans are found by walking the pages of each heap chunk in [`Descriptor::areas`] up to `used`.
//! In a slab span, buffer *i* starts at `base + i × chunk`, is free in the slab when bit *i* of the words at `bitmap` is set, may be free
//! in a magazine (thread: the words `lo..top`, and the magazine `cold.previous`; CPU; depot: the list `full`), and has its history in [`Audit`] *i*
//! of the array at `audit` when auditing is on. A large span is one allocation.
#![no_std]
#![forbid(unsafe_code)]

/// The note's owner name, with its NUL.
pub const NOTE_OWNER: &[u8; 5] = b"umem\0";
/// The note's type.
pub const NOTE_TYPE: u32 = 1;
/// First field of the descriptor.
pub const MAGIC: u64 = u64::from_le_bytes(*b"umemstat");
/// Changes when a record changes other than by growing.
pub const VERSION: u64 = 1;
/// Positions in a thread's arrays: 0 for what is no small buffer, then the caches of index 1 to 254, 255 unused.
pub const CLASSES: usize = 256;
/// In the first word of a CPU's magazine: the filled slots. The bits above count allocations made; the slots, each a buffer's address, follow.
pub const CPU_ROUNDS: u64 = 0xffff;
/// Frames kept of a stack.
pub const FRAMES: usize = 15;
/// Bytes of a name, NUL-padded.
pub const NAME: usize = 32;

/// [`Span::kind`]: free pages.
pub const SPAN_FREE: u64 = 1;
/// [`Span::kind`]: a slab of a cache.
pub const SPAN_SLAB: u64 = 2;
/// [`Span::kind`]: one large allocation.
pub const SPAN_LARGE: u64 = 3;

/// [`Area::kind`]: a chunk of the heap: spans of buffers.
pub const AREA_HEAP: u64 = 1;
/// [`Area::kind`]: the allocator's own records; no roots of anybody's pointers.
pub const AREA_META: u64 = 2;

/// [`Audit::state`]: the buffer is allocated.
pub const ALLOCATED: u64 = 1;
/// [`Audit::state`]: the buffer was freed.
pub const FREED: u64 = 2;

/// [`Thread::state`]: a live thread.
pub const THREAD_LIVE: u64 = 1;
/// [`Thread::state`]: a thread that a fork did not take along; its magazines are lost to this process, and free.
pub const THREAD_LOST: u64 = 2;

/// For readers' own use: a CPU's block, told apart from threads' by this in [`Thread::state`], with its number for a tid.
pub const THREAD_CPU: u64 = 3;

/// Bits of [`Descriptor::debug`] and [`Cache::debug`].
pub mod debug {
    /// Stack of the last allocation or free of each buffer.
    pub const AUDIT: u64 = 1;
    /// Patterns in free and new buffers.
    pub const CONTENTS: u64 = 2;
    /// A redzone after each buffer.
    pub const GUARDS: u64 = 4;
    /// An unmapped page after each buffer.
    pub const FIREWALL: u64 = 8;
    /// Only freed buffers are checked.
    pub const LITE: u64 = 16;
    /// Failures by chance.
    pub const MTBF: u64 = 32;
}

/// A field of a record: how many bytes, and how they are read.
pub trait Field: Default {
    /// Reads the field from the front of `bytes`; what is missing reads as 0.
    fn take(bytes: &mut &[u8]) -> Self;
}

fn front<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    let Some((head, tail)) = bytes.split_first_chunk::<N>() else {
        *bytes = &[];
        return [0; N];
    };
    *bytes = tail;
    *head
}

impl Field for u64 {
    fn take(bytes: &mut &[u8]) -> Self {
        Self::from_ne_bytes(front(bytes))
    }
}

impl Field for [u8; NAME] {
    fn take(bytes: &mut &[u8]) -> Self {
        front(bytes)
    }
}

impl Field for [u64; FRAMES] {
    fn take(bytes: &mut &[u8]) -> Self {
        core::array::from_fn(|_| u64::take(bytes))
    }
}

/// A record read from another process's bytes.
pub trait Record: Sized {
    /// Its length in this version.
    const SIZE: usize = size_of::<Self>();
    /// Reads one from `bytes`, a whole record of whatever version: missing fields are 0, surplus is ignored.
    fn parse(bytes: &[u8]) -> Self;
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }
        impl $name {
            /// All fields 0.
            pub const ZERO: Self = Self { $($field: <$type as Zero>::ZERO,)* };
        }
        impl Record for $name {
            fn parse(mut bytes: &[u8]) -> Self {
                Self { $($field: Field::take(&mut bytes),)* }
            }
        }
    )*};
}

trait Zero {
    const ZERO: Self;
}
impl Zero for u64 {
    const ZERO: Self = 0;
}
impl<const N: usize> Zero for [u8; N] {
    const ZERO: Self = [0; N];
}
impl<const N: usize> Zero for [u64; N] {
    const ZERO: Self = [0; N];
}

records! {
    /// Where everything else is. Addresses are the process's own.
    Descriptor {
        /// [`MAGIC`].
        magic: u64,
        /// [`VERSION`] of the allocator.
        version: u64,
        /// Bytes of this record.
        size: u64,
        /// The record's own address: a copy elsewhere does not fit.
        address: u64,
        /// 0 until the first allocation, then 1.
        state: u64,
        /// The process as it sees itself (changes in a fork's child).
        pid: u64,
        /// CLOCK_MONOTONIC at the first allocation, nanoseconds.
        started: u64,
        /// Address of the first [`Table`] of [`Cache`].
        caches: u64,
        /// Address of the first [`Table`] of per-thread blocks.
        threads: u64,
        /// Offset in a thread block of its [`Hot`] array.
        thread_hot: u64,
        /// Offset in a thread block of its [`Cold`] array.
        thread_cold: u64,
        /// Offset in a thread block of its [`Thread`].
        thread_head: u64,
        /// Positions in the two arrays.
        classes: u64,
        /// Address of the first [`Table`] of [`Arena`].
        arenas: u64,
        /// Address of the first [`Table`] of [`Area`].
        areas: u64,
        /// The page map's root: an array of `u64`.
        page_root: u64,
        /// Entries of the root.
        page_entries: u64,
        /// What root entries are relative to.
        leaf_base: u64,
        /// log2 of the address range of a leaf.
        leaf_shift: u64,
        /// log2 of a page of the map.
        page_shift: u64,
        /// Offset in a leaf of its array of span addresses.
        leaf_spans: u64,
        /// Offset of the slots in a [`Magazine`].
        magazine_slots: u64,
        /// Bits of [`debug`] in force.
        debug: u64,
        /// The transaction log: address of a [`Log`], 0 when there is none.
        log: u64,
        /// The log of failed allocations.
        fail_log: u64,
        /// The log of slabs made.
        slab_log: u64,
        /// Cap in bytes of what one thread caches.
        perthread_cache: u64,
        /// Address of the text of the last error messages (a ring), its size, and the bytes ever written to it.
        messages: u64,
        /// Bytes of that ring.
        messages_size: u64,
        /// Bytes ever written to that ring.
        messages_end: u64,
        /// Start of those of the allocator's static data that a search for pointers may leave out.
        static_start: u64,
        /// End of that.
        static_end: u64,
        /// Errors found and reported so far: corruption, double frees and the like.
        errors: u64,
        /// Bytes of a free buffer that hold the pattern, at most, where [`debug::CONTENTS`] is in force.
        contents: u64,
        /// Address of the first [`Table`] of per-CPU blocks; nothing in it unless CPUs, rather than threads, have magazines.
        cpus: u64,
        /// Bytes of each of the [`CLASSES`] magazines that make a per-CPU block.
        cpu_entry: u64,
        /// The log of freed buffers' contents: an [`Audit`], a count of bytes and the bytes each.
        contents_log: u64,
    }
    /// A run of equal records.
    Table {
        /// Address of the first record.
        first: u64,
        /// Bytes from one to the next.
        stride: u64,
        /// Records to read.
        used: u64,
        /// Address of the next table, 0 at the last.
        next: u64,
    }
    /// One object cache.
    Cache {
        /// 0 unused, 1 live.
        state: u64,
        /// Odd while it changes.
        seq: u64,
        /// Its name, as given to umem_cache_create(3).
        name: [u8; NAME],
        /// Its position, and that of its entry in thread blocks when under [`CLASSES`].
        index: u64,
        /// Bytes of a buffer as the caller asked for.
        bufsize: u64,
        /// Alignment in bytes.
        align: u64,
        /// Bytes from one buffer to the next: with redzone and padding.
        chunk: u64,
        /// Bytes of a slab.
        slab: u64,
        /// Buffers of a slab.
        per_slab: u64,
        /// UMC_ flags it was made with.
        flags: u64,
        /// Bits of [`debug`].
        debug: u64,
        /// Address of the [`Arena`] its slabs come from.
        arena: u64,
        /// Rounds of its magazines now.
        magazine: u64,
        /// Buffers in all its slabs.
        total: u64,
        /// Of those, free in the slabs.
        slab_free: u64,
        /// Free in the depot's magazines.
        depot_rounds: u64,
        /// Full (and partly filled) magazines in the depot.
        full_count: u64,
        /// Empty magazines in the depot.
        empty_count: u64,
        /// Address of the first full [`Magazine`].
        full: u64,
        /// Address of the first empty [`Magazine`].
        empty: u64,
        /// Slabs now.
        slabs: u64,
        /// Slabs ever made.
        slab_create: u64,
        /// Slabs given back.
        slab_destroy: u64,
        /// Allocations not counted in a thread's [`Hot::allocs`]: of ended threads, and past the magazines.
        alloc: u64,
        /// Allocations that failed.
        alloc_fail: u64,
        /// Magazines taken from the depot.
        depot_alloc: u64,
        /// Magazines given to the depot.
        depot_free: u64,
        /// Times the lock was found taken.
        contention: u64,
        /// Times it was reaped.
        reap: u64,
        /// Bytes of one [`Audit`] in a span's array.
        audit_stride: u64,
    }
    /// A thread's loaded magazine of one cache.
    Hot {
        /// Address after the last filled slot.
        top: u64,
        /// Address of the first slot; 0 with `top` when there is no magazine yet.
        lo: u64,
        /// Address after the last slot.
        hi: u64,
        /// Allocations ever, by this thread.
        allocs: u64,
    }
    /// A thread's previous magazine of one cache.
    Cold {
        /// Address of the [`Magazine`] held in reserve, 0 for none.
        previous: u64,
        /// Its filled slots (as good as in the magazine itself).
        rounds: u64,
    }
    /// Who a thread block belongs to.
    Thread {
        /// 0 unused, [`THREAD_LIVE`], [`THREAD_LOST`].
        state: u64,
        /// The kernel's number of the thread.
        tid: u64,
        /// Its pthread_t.
        pthread: u64,
    }
    /// A magazine; the slots, each a buffer's address, follow at [`Descriptor::magazine_slots`].
    Magazine {
        /// Address of the next one in the same list.
        next: u64,
        /// Filled slots; stale while loaded by a thread.
        rounds: u64,
        /// Slots.
        capacity: u64,
    }
    /// One arena of pages or of whatever vmem(3) was given.
    Arena {
        /// 0 unused, 1 live.
        state: u64,
        /// Odd while it changes.
        seq: u64,
        /// Its name.
        name: [u8; NAME],
        /// Its number, from 1.
        id: u64,
        /// Address of the [`Arena`] it imports from, 0 for none.
        source: u64,
        /// Bytes allocated.
        in_use: u64,
        /// Bytes it holds.
        total: u64,
        /// Bytes of those that came from its source.
        import: u64,
        /// Allocations that succeeded.
        alloc: u64,
        /// Allocations that failed.
        fail: u64,
        /// Unit of allocation in bytes.
        quantum: u64,
        /// Largest size its quantum caches serve.
        qcache_max: u64,
        /// Address of the first [`Segment`], 0 where segments are not kept one by one.
        segments: u64,
        /// Bytes free but still backed by memory.
        dirty: u64,
    }
    /// One segment of an arena made by vmem_create(3), in order of addresses.
    Segment {
        /// Address of the next one, 0 at the end.
        next: u64,
        /// 1 free, 2 allocated, 3 a span's head.
        kind: u64,
        /// Its first address.
        start: u64,
        /// Its bytes.
        size: u64,
    }
    /// Memory taken from the system.
    Area {
        /// 0 unused, 1 live.
        state: u64,
        /// [`AREA_HEAP`] or [`AREA_META`].
        kind: u64,
        /// First address.
        start: u64,
        /// Bytes reserved.
        size: u64,
        /// Bytes from the start that were ever usable.
        used: u64,
    }
    /// A run of pages in the heap.
    Span {
        /// [`SPAN_FREE`], [`SPAN_SLAB`] or [`SPAN_LARGE`].
        kind: u64,
        /// Address of its first page.
        start: u64,
        /// Bytes of its pages.
        bytes: u64,
        /// Slab: address of its [`Cache`].
        cache: u64,
        /// Slab: address of buffer 0 (after the colour). Large: the address given to the caller.
        base: u64,
        /// Slab: buffers.
        objects: u64,
        /// Slab: free ones.
        free: u64,
        /// Slab: address of the words whose set bits are free buffers.
        bitmap: u64,
        /// Address of an array of [`Audit`] (large: of one), 0 when auditing is off.
        audit: u64,
        /// Large: bytes the caller asked for.
        request: u64,
    }
    /// What happened to a buffer last: the "bufctl" of mdb.
    Audit {
        /// [`ALLOCATED`], [`FREED`], 0 for a buffer never used.
        state: u64,
        /// Address of the buffer.
        buffer: u64,
        /// Address of its [`Cache`], 0 for a large one.
        cache: u64,
        /// Bytes the caller asked for, 0 when that was not said.
        request: u64,
        /// CLOCK_MONOTONIC, nanoseconds.
        time: u64,
        /// The pthread_t of who did it.
        thread: u64,
        /// Address of its [`Span`].
        span: u64,
        /// Frames that follow.
        depth: u64,
        /// Return addresses, the innermost first.
        stack: [u64; FRAMES],
        /// Address of the entry in the transaction log, 0 for none.
        log: u64,
    }
    /// A ring of [`Audit`].
    Log {
        /// Address of entry 0.
        first: u64,
        /// Bytes from one to the next.
        stride: u64,
        /// Entries of the ring.
        entries: u64,
        /// Entries ever written; entry *n* is at position *n* mod `entries`.
        written: u64,
    }
}

/// A name without its padding; what is no UTF-8 ends it.
pub fn name(bytes: &[u8; NAME]) -> &str {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(NAME);
    let text = bytes.get(..end).unwrap_or_default();
    core::str::from_utf8(text).unwrap_or_else(|e| {
        let valid = text.get(..e.valid_up_to()).unwrap_or_default();
        core::str::from_utf8(valid).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_words_without_padding() {
        assert_eq!(Hot::SIZE, 32);
        assert_eq!(Audit::SIZE, 8 * (9 + FRAMES));
        assert_eq!(Cache::SIZE % 8, 0);
    }

    #[test]
    fn a_shorter_record_reads_with_zeros_and_a_longer_one_without_its_surplus() {
        let mut bytes = [0_u8; 48];
        for (i, word) in bytes.chunks_exact_mut(8).enumerate() {
            word.copy_from_slice(&(i as u64 + 1).to_ne_bytes());
        }
        assert_eq!(Table::parse(&bytes), Table { first: 1, stride: 2, used: 3, next: 4 });
        assert_eq!(Table::parse(&bytes[..20]), Table { first: 1, stride: 2, used: 0, next: 0 });
    }

    #[test]
    fn names_end_at_the_nul_or_at_what_is_no_text() {
        let mut n = [0; NAME];
        n[..5].copy_from_slice(b"umem_");
        assert_eq!(name(&n), "umem_");
        n[5] = 0xff;
        assert_eq!(name(&n), "umem_");
        assert_eq!(name(&[b'x'; NAME]), "x".repeat(NAME).as_str());
    }
}
