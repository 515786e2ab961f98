//! Magazines, depot, thread exit and fork in every order: a cache's shared state changes under its lock only, so the orders in which threads
//! take that lock are all the interleavings there are (those of the lock itself are in `lock_tests.rs`). A scheduler lets one thread run at a
//! time, decides at each taking of the lock who goes on, and tries all decisions up to a number of preemptions.
extern crate std;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicIsize;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::{Arc, Condvar, Mutex, atomic::AtomicUsize};
use std::vec::Vec;

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

use crate::cache::Cache;
use crate::object::{self, ObjectCache, Recipe};
use crate::{cache, thread, usage};

const NOBODY: usize = usize::MAX;

#[derive(Default)]
struct World {
    done: Vec<bool>,
    turn: usize,
    preemptions: usize,
    most: usize,
    /// Of each decision, which thread of how many it took; the front part is given.
    choices: Vec<(usize, usize)>,
    made: usize,
}

static WORLD: Mutex<World> =
    Mutex::new(World { done: Vec::new(), turn: NOBODY, preemptions: 0, most: 0, choices: Vec::new(), made: 0 });
static TURN: Condvar = Condvar::new();
/// The lock at which decisions are made.
static WATCHED: AtomicUsize = AtomicUsize::new(0);
/// One test at a time.
static ALONE: Mutex<()> = Mutex::new(());

std::thread_local! {
    static ME: Cell<usize> = const { Cell::new(NOBODY) };
}

impl World {
    fn decide(&mut self, after: usize) {
        let mut ready: Vec<usize> = (0..self.done.len()).filter(|&t| !self.done[t]).collect();
        if ready.is_empty() {
            self.turn = NOBODY;
            return;
        }
        if let Some(i) = ready.iter().position(|&t| t == after) {
            ready.swap(0, i);
            if self.preemptions == self.most {
                ready.truncate(1);
            }
        }
        if self.made == self.choices.len() {
            self.choices.push((0, ready.len()));
        }
        let chosen = self.choices[self.made].0.min(ready.len() - 1);
        self.made += 1;
        self.turn = ready[chosen];
        self.preemptions += usize::from(chosen > 0 && ready[0] == after);
    }
}

/// Called before a lock is taken.
pub(crate) fn before_lock(lock: usize) {
    let me = ME.get();
    if me != NOBODY && lock == WATCHED.load(Relaxed) {
        let mut w = WORLD.lock().unwrap();
        w.decide(me);
        TURN.notify_all();
        drop(TURN.wait_while(w, |w| w.turn != me).unwrap());
    }
}

/// Called when a thread's magazines are flushed and its block is given back.
pub(crate) fn thread_ended() {
    let me = ME.replace(NOBODY);
    if me != NOBODY {
        let mut w = WORLD.lock().unwrap();
        w.done[me] = true;
        w.decide(me);
        TURN.notify_all();
    }
}

static MADE: AtomicIsize = AtomicIsize::new(0);
const MARK: u64 = 0x5eed_0b1e_c7ed_f00d;

unsafe extern "C" fn make(p: *mut c_void, _: *mut c_void, _: c_int) -> c_int {
    MADE.fetch_add(1, SeqCst);
    // SAFETY: a buffer of 64 bytes.
    unsafe { p.cast::<u64>().write(MARK) };
    0
}

unsafe extern "C" fn unmake(p: *mut c_void, _: *mut c_void) {
    MADE.fetch_sub(1, SeqCst);
    // SAFETY: an object of 64 bytes.
    assert_eq!(unsafe { p.cast::<u64>().replace(0) }, MARK);
}

/// The objects that live, in the order in which they came.
#[derive(Default)]
struct Live {
    order: Vec<usize>,
    all: BTreeSet<usize>,
}

#[derive(Clone)]
struct Stage {
    cache: usize,
    live: Arc<Mutex<Live>>,
}

impl Stage {
    fn cache(&self) -> *mut ObjectCache {
        self.cache as *mut ObjectCache
    }

    fn allocate(&self) {
        // SAFETY: the cache is live; an object has 64 bytes.
        unsafe {
            let p = object::alloc(self.cache(), 0);
            assert_eq!(p.cast::<u64>().read(), MARK);
            let mut live = self.live.lock().unwrap();
            assert!(live.all.insert(p as usize), "given out twice");
            live.order.push(p as usize);
        }
    }

    fn free_oldest(&self) {
        let mut live = self.live.lock().unwrap();
        if live.order.is_empty() {
            return;
        }
        let p = live.order.remove(0);
        live.all.remove(&p);
        drop(live);
        // SAFETY: it was live, and nobody else has it.
        unsafe { object::free(self.cache(), p as *mut u8) };
    }
}

/// One run: each thread does its steps (an allocation, a free of somebody's object, a fork) and ends; then all must be where it belongs.
fn run(scripts: &[&str], most: usize, given: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let recipe = Recipe {
        name: b"interleaved",
        size: 64,
        align: 0,
        constructor: Some(make),
        destructor: Some(unmake),
        reclaim: None,
        private: null_mut(),
        flags: 0,
    };
    let c = object::create(&recipe);
    let stage = Stage { cache: c as usize, live: Arc::default() };
    let record = c.cast::<Cache>();
    // SAFETY: fresh, nobody uses it yet.
    unsafe {
        (*record).abi.magazine = 2;
        WATCHED.store((&raw const (*record).lock) as usize, Relaxed);
    }
    *WORLD.lock().unwrap() =
        World { done: std::vec![false; scripts.len()], most, choices: given, turn: NOBODY, ..World::default() };
    let threads: Vec<_> = scripts
        .iter()
        .enumerate()
        .map(|(me, script)| {
            let (stage, script) = (stage.clone(), std::string::String::from(*script));
            std::thread::spawn(move || {
                let w = WORLD.lock().unwrap();
                drop(TURN.wait_while(w, |w| w.turn != me).unwrap());
                ME.set(me);
                for step in script.bytes() {
                    match step {
                        b'a' => stage.allocate(),
                        b'f' => stage.free_oldest(),
                        _ => fork(&stage),
                    }
                }
            })
        })
        .collect();
    WORLD.lock().unwrap().decide(NOBODY);
    TURN.notify_all();
    for t in threads {
        t.join().unwrap();
    }
    // SAFETY: the threads are gone, the cache is live until it is destroyed.
    unsafe {
        let left = stage.live.lock().unwrap().order.len() as u64;
        assert_eq!(usage::buffers(record).map(|b| b.total - b.free), Some(left));
        let allocated = scripts.iter().flat_map(|s| s.bytes()).filter(|&b| b == b'a').count() as u64;
        assert_eq!((*record).abi.alloc, allocated);
        (0..left).for_each(|_| stage.free_oldest());
        object::destroy(c);
        assert_eq!((*record).abi.state, 0, "not empty");
    }
    assert_eq!(MADE.load(SeqCst), 0);
    let w = WORLD.lock().unwrap();
    w.choices[..w.made].to_vec()
}

/// Forks while the others stand where they are; the child uses the cache and finds nothing given out twice.
fn fork(stage: &Stage) {
    let me = ME.replace(NOBODY);
    // SAFETY: the child calls the allocator and _exit only.
    unsafe {
        let pid = libc::fork();
        if pid == 0 {
            let live = stage.live.try_lock();
            let mut fine = live.is_ok();
            let mut seen = [0; 16];
            for i in 0..seen.len() {
                let p = object::alloc(stage.cache(), 0) as usize;
                fine &= p != 0 && !seen.contains(&p) && live.as_ref().is_ok_and(|l| !l.all.contains(&p));
                fine &= p != 0 && (p as *const u64).read() == MARK;
                seen[i] = p;
            }
            seen.iter().for_each(|&p| object::free(stage.cache(), p as *mut u8));
            cache::for_each(|c| fine &= !(*c).lock.lock());
            thread::for_each(|t| fine &= t.cast() == crate::sys::hot());
            libc::_exit(i32::from(!fine));
        }
        let mut status = 0;
        assert_eq!((libc::waitpid(pid, &raw mut status, 0), status), (pid, 0));
    }
    ME.set(me);
}

/// All decisions in order, depth first; how many runs that took.
fn explore(scripts: &[&str], most: usize) -> usize {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (mut given, mut runs) = (Vec::new(), 0);
    loop {
        let mut choices = run(scripts, most, given);
        runs += 1;
        while choices.last().is_some_and(|&(chosen, of)| chosen + 1 >= of) {
            choices.pop();
        }
        let Some(last) = choices.last_mut() else { return runs };
        last.0 += 1;
        given = choices;
    }
}

#[test]
fn two_threads_trade_magazines_in_every_order() {
    // Enough on each side to fill, trade and empty magazines of two rounds.
    assert!(explore(&["aaaaaaffffaf", "ffaaaaafffff"], 3) > 100);
}

#[test]
fn three_threads_end_in_every_order() {
    assert!(explore(&["aaaf", "aaff", "afafa"], 2) > 100);
}

#[test]
fn a_fork_finds_all_whole_wherever_the_others_stand() {
    assert!(explore(&["aaaFff", "aaaaff"], 2) > 10);
}
