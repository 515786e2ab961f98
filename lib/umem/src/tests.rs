//! Random calls on several threads against a model of what is live: sizes, alignments, contents, and that no two blocks overlap.
extern crate std;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, mpsc};
use std::vec::Vec;

struct Block {
    size: usize,
    fill: u8,
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as usize
    }

    /// Small mostly, with a long tail over the classes and beyond.
    fn size(&mut self) -> usize {
        let r = self.roll();
        (r >> 8) % (1 << (3 + r % 16))
    }
}

/// What is believed to be live, by address.
#[derive(Default)]
struct Model(BTreeMap<usize, Block>);

impl Model {
    fn took(&mut self, p: *mut u8, size: usize, align: usize, fill: u8) {
        let start = p as usize;
        assert!(!p.is_null() && start % align == 0, "{p:?} {size} {align}");
        // SAFETY: the block is live.
        let usable = unsafe { crate::usable(p) };
        assert!(usable >= size);
        let before = self.0.range(..=start).next_back();
        assert!(before.is_none_or(|(&s, b)| s + b.size <= start), "overlap");
        assert!(self.0.range(start..).next().is_none_or(|(&s, _)| start + size <= s), "overlap");
        // SAFETY: the block has that many bytes.
        unsafe { p.write_bytes(fill, size) };
        self.0.insert(start, Block { size, fill });
    }

    fn check(start: usize, fill: u8, upto: usize) {
        // SAFETY: the block is live and at least that long.
        let bytes = unsafe { core::slice::from_raw_parts(start as *const u8, upto) };
        assert!(bytes.iter().all(|&x| x == fill), "{start:#x} changed");
    }

    fn pick(&mut self, dice: &mut Dice) -> Option<(usize, Block)> {
        let from = *self.0.keys().nth(dice.roll() % self.0.len().max(1))?;
        self.0.remove(&from).map(|b| (from, b))
    }

    fn step(&mut self, dice: &mut Dice) {
        let (size, fill) = (dice.size(), dice.roll() as u8);
        match dice.roll() % 8 {
            0..=2 => self.took(crate::alloc(size), size, if size > 8 { 16 } else { 8 }, fill),
            3 => {
                let p = crate::zeroed(size);
                Self::check(p as usize, 0, size);
                self.took(p, size, 8, fill);
            }
            4 => {
                let align = 8 << (dice.roll() % 14);
                self.took(crate::aligned(align, size), size, align, fill);
            }
            5 => {
                let Some((start, b)) = self.pick(dice) else { return };
                let size = size.max(1);
                // SAFETY: the block is live, and taken out of the model.
                let p = unsafe { crate::resized(start as *mut u8, size) };
                Self::check(p as usize, b.fill, b.size.min(size));
                self.took(p, size, 8, fill);
            }
            _ => {
                let Some((start, b)) = self.pick(dice) else { return };
                Self::check(start, b.fill, b.size);
                // SAFETY: the block is live, and taken out of the model.
                unsafe { crate::free(start as *mut u8) };
            }
        }
    }

    fn end(self) {
        for (start, b) in self.0 {
            Self::check(start, b.fill, b.size);
            // SAFETY: live until here.
            unsafe { crate::free(start as *mut u8) };
        }
    }
}

#[test]
fn agrees_with_a_model_on_one_thread() {
    for seed in 1..=4 {
        let (mut dice, mut model) = (Dice(seed), Model::default());
        for i in 0..5000 {
            model.step(&mut dice);
            if i % 2000 == 1999 {
                crate::reap();
            }
        }
        model.end();
    }
}

#[test]
fn agrees_with_models_that_change_threads() {
    let (give, take) = mpsc::channel::<Model>();
    let take = Arc::new(Mutex::new(take));
    for _ in 0..4 {
        give.send(Model::default()).unwrap();
    }
    let threads: Vec<_> = (1..=24)
        .map(|seed| {
            let (give, take) = (give.clone(), take.clone());
            std::thread::spawn(move || {
                let mut dice = Dice(seed * 7919);
                for _ in 0..5 {
                    // A model, with all its blocks, wanders from thread to thread, and threads end in between.
                    let mut model = take.lock().unwrap().recv_timeout(core::time::Duration::from_secs(60)).unwrap();
                    for _ in 0..200 {
                        model.step(&mut dice);
                    }
                    give.send(model).unwrap();
                }
            })
        })
        .collect();
    for t in threads {
        t.join().unwrap();
    }
    for _ in 0..4 {
        take.lock().unwrap().recv().unwrap().end();
    }
    crate::reap();
}
