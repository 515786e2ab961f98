//! Where in a free segment a constrained allocation goes. Pure arithmetic.
#![forbid(unsafe_code)]

use super::Constraints;

/// An allocation to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Units, whole quanta.
    pub(super) size: usize,
    align: usize,
    phase: usize,
    nocross: usize,
    least: usize,
    end: usize,
    /// Whether any free segment as long as the size will do.
    pub(super) easy: bool,
}

impl Wish {
    /// None when the constraints contradict themselves.
    pub(super) fn new(size: usize, quantum: usize, c: &Constraints) -> Option<Self> {
        let align = c.align.max(quantum);
        let sane = align.is_power_of_two()
            && (c.nocross == 0 || (c.nocross.is_power_of_two() && c.nocross >= size))
            && c.phase < align
            && c.phase % quantum == 0
            && (c.end == 0 || c.end > c.least);
        let easy = align == quantum && c.phase == 0 && c.nocross == 0 && c.least == 0 && c.end == 0;
        sane.then_some(Self { size, align, phase: c.phase, nocross: c.nocross, least: c.least, end: c.end, easy })
    }

    /// The lowest address in `start..end` that satisfies it.
    pub(super) fn place(&self, start: usize, end: usize) -> Option<usize> {
        let end = if self.end == 0 { end } else { end.min(self.end) };
        let mut at = self.phased(start.max(self.least))?;
        let last = |at: usize| at.checked_add(self.size - 1);
        if self.nocross > 0 && at / self.nocross != last(at)? / self.nocross {
            at = self.phased(last(at)? / self.nocross * self.nocross)?;
            if at / self.nocross != last(at)? / self.nocross {
                return None;
            }
        }
        (last(at)? < end).then_some(at)
    }

    /// The first address from `from` on with the alignment and phase.
    fn phased(&self, from: usize) -> Option<usize> {
        let ahead = self.phase.wrapping_sub(from) & (self.align - 1);
        from.checked_add(ahead)
    }

    /// Units in which there is room wherever they start; none where addresses are limited.
    pub(super) fn worst_size(&self) -> Option<usize> {
        if self.least != 0 || self.end != 0 {
            return None;
        }
        let slack = if self.easy { 0 } else { self.align };
        self.size.checked_add(slack)?.checked_add(if self.nocross > 0 { self.size + self.align } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_lowest_that_satisfy_everything() {
        let mut tried = 0;
        for align in [1, 4, 16] {
            for phase in [0, 1, 3, 5] {
                for nocross in [0, 8, 32] {
                    for size in [1, 3, 8] {
                        for (least, end) in [(0, 0), (7, 60)] {
                            let c = Constraints { align, phase, nocross, least, end };
                            let Some(w) = Wish::new(size, 1, &c) else { continue };
                            for start in 0..40 {
                                let fits = |a: &usize| {
                                    a % align == phase
                                        && (nocross == 0 || a / nocross == (a + size - 1) / nocross)
                                        && *a >= least
                                        && (end == 0 || a + size <= end)
                                };
                                let expected = (start..=64 - size).find(fits);
                                assert_eq!(w.place(start, 64), expected, "{c:?} {size} {start}");
                                tried += 1;
                            }
                        }
                    }
                }
            }
        }
        assert!(tried > 2000);
    }

    #[test]
    fn the_ends_of_the_number_line_do_not_wrap() {
        let w = Wish::new(16, 8, &Constraints { align: 64, ..Constraints::default() }).unwrap();
        assert_eq!(w.place(usize::MAX - 8, usize::MAX), None);
        assert!(Wish::new(16, 8, &Constraints { align: 24, ..Constraints::default() }).is_none());
        assert!(Wish::new(16, 8, &Constraints { nocross: 8, ..Constraints::default() }).is_none());
    }
}
