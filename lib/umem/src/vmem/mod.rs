//! vmem(3): arenas of anything numbered: addresses, identifiers. Segments in order of addresses, free ones by length, after Adams and Bonwick.
mod fit;
mod segments;

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Relaxed, Release};

use umem_abi::Arena;

use crate::arenas::{self, padded};
use crate::cell::Global;
use crate::lock::Lock;
use crate::{init, meta, report, sys};
use fit::Wish;
use segments::{ALLOCATED, FREE, SPAN, Segments};

/// Fail rather than wait until another thread frees.
pub const VM_NOSLEEP: c_int = 1;
/// Abort rather than fail.
pub const VM_PANIC: c_int = 2;
/// What passes to the source of an import.
const PASSED: c_int = 0xff;
/// Smallest free segment that fits.
pub const VM_BESTFIT: c_int = 0x100;
/// Lowest that fits.
pub const VM_FIRSTFIT: c_int = 0x200;
/// The next one after the last allocation: for identifiers that should not come back soon.
pub const VM_NEXTFIT: c_int = 0x400;
/// Selects allocated segments.
pub const VMEM_ALLOC: c_int = 1;
/// Selects free segments.
pub const VMEM_FREE: c_int = 2;
/// Selects spans.
pub const VMEM_SPAN: c_int = 0x10;

/// Gets a span from a source.
pub type Import = unsafe extern "C" fn(*mut Vmem, usize, c_int) -> *mut c_void;
/// Gives it back.
pub type Export = unsafe extern "C" fn(*mut Vmem, *mut c_void, usize);

/// Sizes that quantum caches serve at most, and addresses each holds.
const QUICK_SIZES: usize = 16;
const QUICK_DEPTH: usize = 16;

/// A quantum cache: addresses of one size, freed and not yet given back to their segments.
#[derive(Clone, Copy)]
struct Quick {
    held: usize,
    address: [usize; QUICK_DEPTH],
}

/// An arena.
pub struct Vmem {
    record: *mut Arena,
    next: *mut Vmem,
    lock: Lock,
    segments: Segments,
    quantum: usize,
    source: *mut Vmem,
    import: Option<Import>,
    export: Option<Export>,
    quick: [Quick; QUICK_SIZES],
    /// Counts frees, for those who wait for one.
    frees: AtomicU32,
}

/// What distinguishes a constrained allocation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Constraints {
    /// A power of two, or 0 for the quantum.
    pub align: usize,
    /// Offset from that alignment.
    pub phase: usize,
    /// A power of two no multiple of which may lie inside, or 0.
    pub nocross: usize,
    /// Lowest address.
    pub least: usize,
    /// End of the addresses, 0 for none.
    pub end: usize,
}

/// Where a new arena's resources come from.
pub struct Origin {
    /// The arena to import from, or null.
    pub source: *mut Vmem,
    /// How to.
    pub import: Option<Import>,
    /// How to give back.
    pub export: Option<Export>,
}

static LOCK: Lock = Lock::new();
/// All arenas. Guarded by `LOCK`.
static ALL: Global<*mut Vmem> = Global::new(null_mut());

/// Makes an arena of `quantum` units, a power of two, that caches freed sizes up to `cached`; null without memory or with bad arguments.
pub fn create(name: &[u8], quantum: usize, origin: &Origin, cached: usize) -> *mut Vmem {
    init::ready();
    if !quantum.is_power_of_two() {
        sys::set_errno(libc::EINVAL);
        return null_mut();
    }
    let record = arenas::add();
    let vm = meta::alloc(size_of::<Vmem>()).cast::<Vmem>();
    if record.is_null() || vm.is_null() {
        sys::set_errno(libc::ENOMEM);
        return null_mut();
    }
    // SAFETY: both are fresh; a source is live by `create`'s callers' contracts.
    unsafe {
        vm.write(Vmem {
            record,
            next: null_mut(),
            lock: Lock::new(),
            segments: Segments::new(),
            quantum,
            source: origin.source,
            import: origin.import,
            export: origin.export,
            quick: [Quick { held: 0, address: [0; QUICK_DEPTH] }; QUICK_SIZES],
            frees: AtomicU32::new(0),
        });
        (*record).name = padded(name);
        (*record).quantum = quantum as u64;
        (*record).qcache_max = cached.min(quantum * QUICK_SIZES) as u64;
        (*record).source = if origin.source.is_null() { 0 } else { (*origin.source).record as u64 };
        LOCK.with(|| {
            (*vm).next = *ALL.get();
            *ALL.get() = vm;
        });
    }
    vm
}

/// Ends an arena; says so when something of it is still allocated.
///
/// # Safety
/// It is live and nobody uses it any more.
pub unsafe fn destroy(vm: *mut Vmem) {
    // SAFETY: by the contract.
    unsafe {
        flush(vm);
        let left = (*(*vm).record).in_use;
        if left > 0 {
            report::say(format_args!("vmem_destroy('{}'): leaked {left} bytes\n", umem_abi::name(&(*(*vm).record).name)));
        }
        LOCK.with(|| {
            let mut at = ALL.get();
            while *at != vm {
                at = &raw mut (**at).next;
            }
            *at = (*vm).next;
        });
        (*vm).segments.clear();
        arenas::remove((*vm).record);
        meta::free(vm.cast(), size_of::<Vmem>());
    }
}

/// Runs `f` under the arena's lock, its record marked as changing meanwhile.
unsafe fn locked<T>(vm: *mut Vmem, f: impl FnOnce(&mut Vmem) -> T) -> T {
    // SAFETY: the caller's arena is live; the lock makes the reference unique.
    unsafe {
        (*vm).lock.lock();
        let seq = &raw mut (*(*vm).record).seq;
        seq.write_volatile(seq.read() + 1);
        let done = f(&mut *vm);
        (*(*vm).record).segments = (*vm).segments.first() as u64;
        seq.write_volatile(seq.read() + 1);
        (*vm).lock.unlock();
        done
    }
}

impl Vmem {
    fn round(&self, size: usize) -> Option<usize> {
        size.max(1).checked_next_multiple_of(self.quantum)
    }

    /// The quantum cache of a rounded size.
    fn quick(&mut self, size: usize) -> Option<&mut Quick> {
        // SAFETY: the record is the arena's own.
        let cached = unsafe { (*self.record).qcache_max } as usize;
        if size > cached {
            return None;
        }
        self.quick.get_mut(size / self.quantum - 1)
    }

    fn count(&mut self, change: impl FnOnce(&mut Arena)) {
        // SAFETY: the record is the arena's own, and the lock is held.
        change(unsafe { &mut *self.record });
    }

    fn panic(&self, what: core::fmt::Arguments) -> ! {
        // SAFETY: the record is the arena's own.
        report::say(format_args!("vmem '{}': {what}\n", umem_abi::name(unsafe { &(*self.record).name })));
        sys::abort()
    }
}

/// Adds a span; false when it overlaps one, is not whole quanta, or memory is out.
///
/// # Safety
/// The arena is live.
pub unsafe fn add(vm: *mut Vmem, start: usize, size: usize) -> bool {
    // SAFETY: by the contract.
    unsafe { locked(vm, |v| put_span(v, start, size, false)) }
}

fn put_span(v: &mut Vmem, start: usize, size: usize, imported: bool) -> bool {
    let whole = start % v.quantum == 0 && size % v.quantum == 0 && size > 0 && start.checked_add(size).is_some();
    let done = whole && v.segments.add_span(start, size, imported);
    if done {
        v.count(|a| {
            a.total += size as u64;
            a.import += if imported { size as u64 } else { 0 };
        });
    }
    done
}

/// Allocates `size` units, rounded up to the quantum; none when that cannot be.
///
/// # Safety
/// The arena is live.
pub unsafe fn alloc(vm: *mut Vmem, size: usize, flags: c_int) -> Option<usize> {
    // SAFETY: by the contract.
    let quick = unsafe {
        locked(vm, |v| {
            let size = v.round(size)?;
            let q = v.quick(size)?;
            q.held = q.held.checked_sub(1)?;
            let address = *q.address.get(q.held)?;
            v.count(|a| {
                a.alloc += 1;
                a.in_use += size as u64;
            });
            Some(address)
        })
    };
    // SAFETY: by the contract.
    quick.or_else(|| unsafe { alloc_constrained(vm, size, &Constraints::default(), flags) })
}

/// The same under constraints; past the quantum caches.
///
/// # Safety
/// The arena is live.
pub unsafe fn alloc_constrained(vm: *mut Vmem, size: usize, constraints: &Constraints, flags: c_int) -> Option<usize> {
    // SAFETY: by the contract, here and below.
    unsafe {
        loop {
            let seen = (*vm).frees.load(Relaxed);
            let wish = (*vm).round(size).and_then(|size| Wish::new(size, (*vm).quantum, constraints));
            let Some(wish) = wish else { return refuse(vm, flags, size) };
            let found = locked(vm, |v| take(v, &wish, flags));
            if found.is_some() {
                return found;
            }
            if import(vm, &wish, flags) {
                continue;
            }
            flush(vm);
            if let Some(found) = locked(vm, |v| take(v, &wish, flags)) {
                return Some(found);
            }
            if flags & (VM_NOSLEEP | VM_PANIC) != 0 {
                return refuse(vm, flags, size);
            }
            sys::futex_wait(&(*vm).frees, seen);
        }
    }
}

unsafe fn refuse(vm: *mut Vmem, flags: c_int, size: usize) -> Option<usize> {
    // SAFETY: the caller's arena is live.
    unsafe {
        locked(vm, |v| {
            v.count(|a| a.fail += 1);
            if flags & VM_PANIC != 0 {
                v.panic(format_args!("vmem_alloc({size}): out of space"));
            }
        });
    }
    None
}

fn take(v: &mut Vmem, wish: &Wish, flags: c_int) -> Option<usize> {
    let start = v.segments.allocate(wish, flags)?;
    v.count(|a| {
        a.alloc += 1;
        a.in_use += wish.size as u64;
    });
    Some(start)
}

/// Imports a span that holds the wish whatever its address.
unsafe fn import(vm: *mut Vmem, wish: &Wish, flags: c_int) -> bool {
    // SAFETY: the caller's arena is live; no lock of it is held while its source works.
    unsafe {
        let (Some(get), Some(size)) = ((*vm).import, wish.worst_size()) else { return false };
        // Whole quanta of the source: what it would round up to is ours.
        let unit = if (*vm).source.is_null() { (*vm).quantum } else { (*vm).quantum.max((*(*vm).source).quantum) };
        let Some(size) = size.checked_next_multiple_of(unit) else { return false };
        let start = get((*vm).source, size, (flags & PASSED) | VM_NOSLEEP) as usize;
        if start == 0 {
            return false;
        }
        let added = locked(vm, |v| put_span(v, start, size, true));
        if let (false, Some(give)) = (added, (*vm).export) {
            give((*vm).source, start as *mut c_void, size);
        }
        added
    }
}

/// Frees what [`alloc`] returned.
///
/// # Safety
/// The arena is live, the size that of the allocation.
pub unsafe fn free(vm: *mut Vmem, start: usize, size: usize) {
    // SAFETY: by the contract.
    let cached = unsafe {
        locked(vm, |v| {
            let size = v.round(size)?;
            let q = v.quick(size)?;
            *q.address.get_mut(q.held)? = start;
            q.held += 1;
            v.count(|a| a.in_use -= size as u64);
            Some(())
        })
    };
    if cached.is_none() {
        // SAFETY: by the contract.
        unsafe { free_constrained(vm, start, size) };
    }
}

/// Frees what [`alloc_constrained`] returned.
///
/// # Safety
/// As for [`free`].
pub unsafe fn free_constrained(vm: *mut Vmem, start: usize, size: usize) {
    // SAFETY: by the contract.
    unsafe {
        locked(vm, |v| v.count(|a| a.in_use -= size.max(1).next_multiple_of(v_quantum(vm)) as u64));
        give_back(vm, start, size);
    }
}

unsafe fn v_quantum(vm: *mut Vmem) -> usize {
    // SAFETY: the caller's arena is live; its quantum never changes.
    unsafe { (*vm).quantum }
}

/// Returns a segment that is no longer counted as in use, and its span to the source when that is free as a whole.
unsafe fn give_back(vm: *mut Vmem, start: usize, size: usize) {
    // SAFETY: the caller's arena is live.
    unsafe {
        let spare = locked(vm, |v| {
            let rounded = v.round(size).unwrap_or(size);
            match v.segments.free(start, rounded) {
                Err(None) => v.panic(format_args!("vmem_free({start:#x}, {size}): bad free")),
                Err(Some(expected)) => v.panic(format_args!("vmem_free({start:#x}, {size}): wrong size (expect {expected})")),
                Ok(None) => None,
                Ok(Some((start, size))) => {
                    v.count(|a| {
                        a.total -= size as u64;
                        a.import -= size as u64;
                    });
                    Some((start, size))
                }
            }
        });
        if let (Some((start, size)), Some(give)) = (spare, (*vm).export) {
            give((*vm).source, start as *mut c_void, size);
        }
        (*vm).frees.fetch_add(1, Release);
        sys::futex_wake(&(*vm).frees);
    }
}

/// Empties the quantum caches.
unsafe fn flush(vm: *mut Vmem) {
    // SAFETY: the caller's arena is live.
    unsafe {
        for units in 1..=QUICK_SIZES {
            let held = locked(vm, |v| v.quick.get_mut(units - 1).map(|q| core::mem::replace(q, Quick { held: 0, ..*q })));
            for &start in held.iter().flat_map(|q| q.address.iter().take(q.held)) {
                give_back(vm, start, units * (*vm).quantum);
            }
        }
    }
}

/// Whether a range lies within one span.
///
/// # Safety
/// The arena is live.
pub unsafe fn contains(vm: *mut Vmem, start: usize, size: usize) -> bool {
    // SAFETY: by the contract.
    unsafe {
        locked(vm, |v| {
            let end = start.saturating_add(size.max(1));
            v.segments.iter().any(|s| s.kind == SPAN && s.start as usize <= start && end <= (s.start + s.size) as usize)
        })
    }
}

/// Units of the kinds selected: VMEM_ALLOC, VMEM_FREE or both.
///
/// # Safety
/// The arena is live.
pub unsafe fn size(vm: *mut Vmem, kinds: c_int) -> usize {
    // SAFETY: by the contract; the record is the arena's own.
    let (used, total) = unsafe { locked(vm, |v| ((*v.record).in_use as usize, (*v.record).total as usize)) };
    let mut sum = 0;
    if kinds & VMEM_ALLOC != 0 {
        sum += used;
    }
    if kinds & VMEM_FREE != 0 {
        sum += total - used;
    }
    sum
}

/// Calls `f(start, size)` for every segment of the kinds selected, in order of addresses, without a lock: `f` may use the arena.
///
/// # Safety
/// The arena is live.
pub unsafe fn walk(vm: *mut Vmem, kinds: c_int, mut f: impl FnMut(usize, usize)) {
    let wanted = |s: &umem_abi::Segment| match s.kind {
        ALLOCATED => kinds & VMEM_ALLOC != 0,
        FREE => kinds & VMEM_FREE != 0,
        _ => kinds & VMEM_SPAN != 0,
    };
    // SAFETY: by the contract.
    let cursor = unsafe { locked(vm, |v| v.segments.cursor()) };
    if cursor.is_null() {
        return sys::set_errno(libc::ENOMEM);
    }
    // A span and its first segment start at the same address: the span comes first. What was passed does not come again in another shape.
    let key = |s: &umem_abi::Segment| (s.start, u64::from(s.kind != SPAN));
    let mut after = None;
    // SAFETY: the cursor is this arena's, and live until there is no more.
    while let Some(s) = unsafe { locked(vm, |v| v.segments.advance(cursor, |s| wanted(s) && after.is_none_or(|a| key(s) > a))) } {
        after = Some(key(&s));
        f(s.start as usize, s.size as usize);
    }
}

pub(crate) fn hold() {
    LOCK.lock();
    for_each(|v| {
        v.lock.lock();
    });
}

pub(crate) fn release() {
    for_each(|v| v.lock.unlock());
    LOCK.unlock();
}

fn for_each(f: impl Fn(&Vmem)) {
    // SAFETY: the list is ours under its lock, which `hold` takes and `release` still has.
    unsafe {
        let mut vm = *ALL.get();
        while !vm.is_null() {
            f(&*vm);
            vm = (*vm).next;
        }
    }
}

#[cfg(test)]
mod tests;
