//! The lock's own code on a word whose every step a scheduler orders: all interleavings of a few threads, up to a number of preemptions.
extern crate std;
use super::*;
use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex};
use std::vec::Vec;

const PREEMPTIONS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Ready,
    Asleep,
    Done,
}

#[derive(Default)]
struct World {
    word: u32,
    status: Vec<Status>,
    turn: usize,
    preemptions: usize,
    /// Of each decision so far, which thread of how many it took; the front part is given.
    choices: Vec<(usize, usize)>,
    made: usize,
    inside: usize,
    stuck: bool,
}

impl World {
    /// Decides who makes the next step.
    fn decide(&mut self, after: usize) {
        let mut ready: Vec<usize> = (0..self.status.len()).filter(|&t| self.status[t] == Status::Ready).collect();
        if ready.is_empty() {
            self.stuck = self.status.contains(&Status::Asleep);
            return;
        }
        // The running thread first, alone when it may not be interrupted any more.
        if let Some(i) = ready.iter().position(|&t| t == after) {
            ready.swap(0, i);
            if self.preemptions == PREEMPTIONS {
                ready.truncate(1);
            }
        }
        if self.made == self.choices.len() {
            self.choices.push((0, ready.len()));
        }
        let (chosen, _) = self.choices[self.made];
        self.made += 1;
        self.turn = ready[chosen];
        self.preemptions += usize::from(ready[0] == after && chosen > 0);
    }
}

std::thread_local! {
    static ME: Cell<usize> = const { Cell::new(0) };
}

#[derive(Clone)]
struct Watched(Arc<(Mutex<World>, Condvar)>);

impl Watched {
    /// One indivisible step of the calling thread, when its turn comes; then somebody's.
    fn step<T>(&self, f: impl FnOnce(&mut World, usize) -> T) -> T {
        let me = ME.get();
        let (world, changed) = &*self.0;
        let mut w = changed.wait_while(world.lock().unwrap(), |w| w.turn != me && !w.stuck).unwrap();
        assert!(!w.stuck, "all sleep");
        let done = f(&mut w, me);
        w.decide(me);
        changed.notify_all();
        done
    }
}

impl Word for Watched {
    const SPINS: u32 = 1;

    fn take(&self) -> bool {
        self.step(|w, _| {
            let free = w.word == FREE;
            w.word = if free { TAKEN } else { w.word };
            free
        })
    }

    fn load(&self) -> u32 {
        self.step(|w, _| w.word)
    }

    fn acquire(&self, value: u32) -> u32 {
        self.step(|w, _| core::mem::replace(&mut w.word, value))
    }

    fn release(&self) -> u32 {
        self.step(|w, _| core::mem::replace(&mut w.word, FREE))
    }

    fn wait(&self, value: u32) {
        self.step(|w, me| {
            if w.word == value {
                w.status[me] = Status::Asleep;
            }
        });
    }

    fn wake(&self) {
        self.step(|w, _| {
            if let Some(sleeper) = w.status.iter_mut().find(|s| **s == Status::Asleep) {
                *sleeper = Status::Ready;
            }
        });
    }
}

/// Runs one interleaving, its first decisions given; returns all that were made.
fn run(threads: usize, rounds: usize, given: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let world = World { status: std::vec![Status::Ready; threads], choices: given, ..World::default() };
    let word = Watched(Arc::new((Mutex::new(world), Condvar::new())));
    let handles: Vec<_> = (0..threads)
        .map(|me| {
            let word = word.clone();
            std::thread::spawn(move || {
                ME.set(me);
                let lock = Lock(word.clone());
                for _ in 0..rounds {
                    lock.lock();
                    word.step(|w, _| {
                        assert_eq!(w.inside, 0, "two inside");
                        w.inside = 1;
                    });
                    word.step(|w, _| w.inside = 0);
                    lock.unlock();
                }
                word.step(|w, me| w.status[me] = Status::Done);
            })
        })
        .collect();
    assert!(handles.into_iter().map(std::thread::JoinHandle::join).filter(Result::is_err).count() == 0);
    let w = word.0.0.lock().unwrap();
    assert!(w.word == FREE && w.inside == 0);
    w.choices.clone()
}

/// All interleavings in order, depth first; how many.
fn explore(threads: usize, rounds: usize) -> usize {
    let (mut given, mut runs) = (Vec::new(), 0);
    loop {
        let mut choices = run(threads, rounds, given);
        runs += 1;
        while choices.last().is_some_and(|&(chosen, of)| chosen + 1 == of) {
            choices.pop();
        }
        let Some(last) = choices.last_mut() else { return runs };
        last.0 += 1;
        given = choices;
    }
}

#[test]
fn excludes_and_never_forgets_a_sleeper_in_any_interleaving() {
    assert!(explore(2, 2) > 100);
    assert!(explore(3, 1) > 1000);
}
