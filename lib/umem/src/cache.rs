//! Object caches: the record of one, and the tables of all. The depot and the slabs of a cache are under its lock.
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicU64, Ordering, compiler_fence};

use umem_abi::debug::{AUDIT, CONTENTS, GUARDS};
use umem_abi::{CLASSES, Table};

use crate::arenas::{self, padded};
use crate::cell::Global;
use crate::heap::Span;
use crate::lock::Lock;
use crate::pagemap::PAGE;
use crate::{classes, config, debug, magazine, meta};

/// Makes an object of a buffer; non-zero when it cannot.
pub type Constructor = unsafe extern "C" fn(*mut c_void, *mut c_void, c_int) -> c_int;
/// Undoes what the constructor did.
pub type Destructor = unsafe extern "C" fn(*mut c_void, *mut c_void);
/// Asks the owner to free what it can.
pub type Reclaim = unsafe extern "C" fn(*mut c_void);

/// One object cache. The first part is for readers.
#[repr(C)]
pub(crate) struct Cache {
    pub(crate) abi: umem_abi::Cache,
    pub(crate) lock: Lock,
    /// Slabs with free buffers.
    pub(crate) partial: *mut Span,
    /// Colour of the next slab, its step and its end, in bytes.
    pub(crate) colour: usize,
    pub(crate) colour_step: usize,
    pub(crate) colour_end: usize,
    /// ⌈2^40 / chunk⌉, or 0 where a division it must be.
    pub(crate) reciprocal: u64,
    pub(crate) constructor: Option<Constructor>,
    pub(crate) destructor: Option<Destructor>,
    pub(crate) reclaim: Option<Reclaim>,
    pub(crate) private: *mut c_void,
    /// Least number of full magazines since the working set was last measured, and when that was.
    pub(crate) full_least: u64,
    pub(crate) measured: u64,
    /// `abi.contention` when it was last looked at.
    pub(crate) contention_seen: u64,
    /// Of those, how many are still to be given back; and trips to the depot ever.
    pub(crate) surplus: u64,
    pub(crate) trips: u64,
    /// Arrays of records of slabs that are gone, each holding the next.
    pub(crate) spare_audits: *mut u8,
}

/// What tells one cache from another.
#[derive(Clone, Copy)]
pub(crate) struct Kind<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) size: usize,
    pub(crate) align: usize,
    pub(crate) constructor: Option<Constructor>,
    pub(crate) destructor: Option<Destructor>,
    pub(crate) reclaim: Option<Reclaim>,
    pub(crate) private: *mut c_void,
    pub(crate) flags: u64,
}

#[expect(clippy::declare_interior_mutable_const, reason = "a pattern to copy, never used in place")]
const UNUSED: Cache = Cache {
    abi: umem_abi::Cache::ZERO,
    lock: Lock::new(),
    partial: null_mut(),
    colour: 0,
    colour_step: 0,
    colour_end: 0,
    reciprocal: 0,
    constructor: None,
    destructor: None,
    reclaim: None,
    private: null_mut(),
    full_least: 0,
    measured: 0,
    contention_seen: 0,
    surplus: 0,
    trips: 0,
    spare_audits: null_mut(),
};

static FIRST: Global<[Cache; CLASSES]> = Global::new([UNUSED; CLASSES]);
/// All caches: those of the size classes, then those of umem_cache_create(3). Grows under `LOCK`.
pub(crate) static TABLE: Global<Table> = Global::new(Table::ZERO);
static LOCK: Lock = Lock::new();

/// The cache of an index below [`CLASSES`].
pub(crate) fn at(index: usize) -> *mut Cache {
    FIRST.get().cast::<Cache>().wrapping_add(index)
}

/// Slab length for buffers of `chunk` bytes: eight buffers at least, a sixteenth wasted at most.
fn slab_for(chunk: usize) -> usize {
    let good = |bytes: &usize| bytes / chunk >= 8 && (bytes % chunk) * 16 <= *bytes;
    let fallback = chunk.saturating_mul(if chunk > PAGE * 16 { 1 } else { 8 });
    (1..=16).map(|pages| pages * PAGE).find(good).unwrap_or_else(|| fallback.div_ceil(PAGE).saturating_mul(PAGE))
}

/// Makes the caches of the size classes. Called once, before all else.
pub(crate) fn init() {
    // SAFETY: before any other thread can be here.
    unsafe {
        *TABLE.get() =
            Table { first: FIRST.get() as u64, stride: size_of::<Cache>() as u64, used: classes::COUNT as u64 + 1, next: 0 };
        for class in 1..=classes::COUNT {
            let size = classes::size_of_class(class);
            let mut name = *b"umem_alloc_\0\0\0\0\0\0\0";
            let digits = decimal(size, &mut name, 11);
            // Debugged, aligned requests go elsewhere, and the tail shifts buffers anyway.
            let natural = 1 << size.trailing_zeros().min(12);
            let align = if config::get().debug == 0 { natural } else { natural.min(16) };
            let kind = Kind { size, align, ..Kind::plain(name.get(..digits).unwrap_or(b"umem_alloc")) };
            set_up(at(class), class, &kind);
        }
    }
}

fn decimal(n: usize, to: &mut [u8], at: usize) -> usize {
    let digits = n.checked_ilog10().unwrap_or(0) as usize + 1;
    let mut rest = n;
    for i in (at..at + digits).rev() {
        if let Some(b) = to.get_mut(i) {
            *b = b'0' + (rest % 10) as u8;
        }
        rest /= 10;
    }
    at + digits
}

impl<'a> Kind<'a> {
    /// Plain memory.
    pub(crate) fn plain(name: &'a [u8]) -> Self {
        Kind { name, size: 0, align: 8, constructor: None, destructor: None, reclaim: None, private: null_mut(), flags: 0 }
    }
}

/// What is looked for in a cache's buffers.
fn debug_bits(kind: &Kind) -> u64 {
    const UMC_NOTOUCH: u64 = 0x1_0000;
    const UMC_NODEBUG: u64 = 0x2_0000;
    /// Caches made so far while each looks for something else: its bits are those of what the next one looks for.
    static MADE: AtomicU64 = AtomicU64::new(0);
    let o = config::get();
    let wanted = if o.random { o.debug & MADE.fetch_add(1, Relaxed) } else { o.debug };
    match kind.flags {
        f if f & UMC_NODEBUG != 0 => 0,
        f if f & UMC_NOTOUCH != 0 => wanted & AUDIT,
        _ => wanted & (AUDIT | CONTENTS | GUARDS),
    }
}

/// Fills a cache's record in.
unsafe fn set_up(cache: *mut Cache, index: usize, kind: &Kind) {
    let debug = debug_bits(kind);
    let tail = if debug & GUARDS == 0 { 0 } else { debug::TAIL };
    let chunk = (kind.size.max(1).next_multiple_of(8) + tail).next_multiple_of(kind.align);
    let slab = slab_for(chunk);
    let per_slab = (slab / chunk) as u64;
    let abi = umem_abi::Cache {
        state: 1,
        name: padded(kind.name),
        index: index as u64,
        bufsize: kind.size as u64,
        align: kind.align as u64,
        chunk: chunk as u64,
        slab: slab as u64,
        per_slab,
        flags: kind.flags,
        debug,
        arena: arenas::DEFAULT.address() as u64,
        magazine: magazine::rounds_within(chunk, config::get().perthread) as u64,
        ..umem_abi::Cache::ZERO
    };
    let exact = (slab as u128) * (chunk as u128) < 1 << 40;
    // SAFETY: the caller says nobody uses the record yet.
    unsafe {
        cache.write(Cache {
            abi,
            colour_step: kind.align.max(64),
            colour_end: slab - per_slab as usize * chunk,
            reciprocal: if exact { (1_u64 << 40).div_ceil(chunk as u64) } else { 0 },
            constructor: kind.constructor,
            destructor: kind.destructor,
            reclaim: kind.reclaim,
            private: kind.private,
            ..UNUSED
        });
    }
}

impl Cache {
    /// Number of the buffer that is `offset` bytes into a slab's buffers.
    pub(crate) fn number(&self, offset: usize) -> usize {
        if self.reciprocal == 0 {
            return offset / self.abi.chunk as usize;
        }
        ((offset as u64).wrapping_mul(self.reciprocal) >> 40) as usize
    }
}

/// Runs `f` under the cache's lock, its record marked as changing meanwhile.
///
/// # Safety
/// `cache` is one of ours and live.
pub(crate) unsafe fn locked<T>(cache: *mut Cache, f: impl FnOnce(&mut Cache) -> T) -> T {
    // SAFETY: by the contract; the lock makes the reference unique.
    unsafe {
        let contended = (*cache).lock.lock();
        let c = &mut *cache;
        (&raw mut c.abi.seq).write_volatile(c.abi.seq + 1);
        compiler_fence(Ordering::SeqCst);
        c.abi.contention += u64::from(contended);
        let done = f(c);
        compiler_fence(Ordering::SeqCst);
        (&raw mut c.abi.seq).write_volatile(c.abi.seq + 1);
        (*cache).lock.unlock();
        done
    }
}

const BLOCK: usize = 16;

/// A new cache; beyond the threads' arrays when it wants no magazines, or when they are full. Null without memory.
pub(crate) fn add(kind: &Kind, uncached: bool) -> *mut Cache {
    LOCK.with(|| {
        // SAFETY: under the lock; tables after the first have room for `BLOCK` caches, the first for one less than the last class.
        unsafe {
            let (mut table, mut room, mut before) = (TABLE.get(), CLASSES - 1, 0);
            loop {
                let first = (*table).first as *mut Cache;
                let used = (*table).used as usize;
                let start = if uncached && before == 0 { room } else { 0 };
                let free = (start..used).find(|&i| i + before > 0 && (*first.add(i)).abi.state == 0);
                if let Some(i) = free.or((start.max(used) < room).then_some(used)) {
                    set_up(first.add(i), before + i, kind);
                    (*table).used = (*table).used.max(i as u64 + 1);
                    return first.add(i);
                }
                if (*table).next == 0 {
                    let block = meta::alloc(size_of::<Table>() + BLOCK * size_of::<Cache>());
                    if block.is_null() {
                        return null_mut();
                    }
                    let next = block.cast::<Table>();
                    *next = Table { first: next.add(1) as u64, stride: (*table).stride, used: 0, next: 0 };
                    (*table).next = next as u64;
                }
                before += if before == 0 { CLASSES } else { BLOCK };
                table = (*table).next as *mut Table;
                room = BLOCK;
            }
        }
    })
}

/// Forgets a cache.
///
/// # Safety
/// It is from [`add`], empty, and nobody uses it any more.
pub(crate) unsafe fn remove(cache: *mut Cache) {
    // SAFETY: by the contract; `add` looks under the same lock.
    LOCK.with(|| unsafe { (*cache).abi.state = 0 });
}

/// Every live cache.
pub(crate) fn for_each(mut f: impl FnMut(*mut Cache)) {
    let mut table = TABLE.get();
    // SAFETY: tables are never taken away, records below `used` are initialised.
    unsafe {
        while !table.is_null() {
            for i in 0..(*table).used as usize {
                let cache = ((*table).first as *mut Cache).add(i);
                if (*cache).abi.state != 0 {
                    f(cache);
                }
            }
            table = (*table).next as *mut Table;
        }
    }
}

pub(crate) fn hold() {
    LOCK.lock();
    // SAFETY: live caches; `release` unlocks them.
    for_each(|c| unsafe {
        (*c).lock.lock();
    });
}

pub(crate) fn release() {
    // SAFETY: `hold` locked them, and `LOCK` kept the tables as they were.
    for_each(|c| unsafe { (*c).lock.unlock() });
    LOCK.unlock();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slabs_waste_little() {
        for class in 1..=classes::COUNT {
            let chunk = classes::size_of_class(class);
            let slab = slab_for(chunk);
            assert!(slab % PAGE == 0 && slab / chunk >= 8 && (slab % chunk) * 8 <= slab, "{chunk} in {slab}");
        }
        assert_eq!(slab_for(3 << 20), 3 << 20);
    }

    #[test]
    fn buffers_are_numbered_without_division() {
        assert!(crate::init::ready());
        for class in 1..=classes::COUNT {
            // SAFETY: initialised just now.
            let c = unsafe { &*at(class) };
            let chunk = c.abi.chunk as usize;
            for i in 0..c.abi.per_slab as usize {
                for offset in [i * chunk, i * chunk + chunk - 1] {
                    assert_eq!(c.number(offset), i, "{chunk} {offset}");
                }
            }
        }
    }

    #[test]
    fn names_carry_the_size() {
        let mut b = *b"umem_alloc_\0\0\0\0\0\0\0";
        let n = decimal(1024, &mut b, 11);
        assert_eq!(&b[..n], b"umem_alloc_1024");
    }
}
