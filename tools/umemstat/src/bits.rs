//! A set of small numbers.

/// A set of numbers below a bound fixed at the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// The empty set of numbers below `bound`.
    pub(crate) fn new(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Whether `i` is in it.
    pub(crate) fn has(&self, i: usize) -> bool {
        self.0.get(i / 64).is_some_and(|w| w >> (i % 64) & 1 != 0)
    }

    /// Adds `i`; true if it was not in it. A number past the bound is never added.
    pub(crate) fn add(&mut self, i: usize) -> bool {
        let Some(w) = self.0.get_mut(i / 64) else { return false };
        let new = *w >> (i % 64) & 1 == 0;
        *w |= 1 << (i % 64);
        new
    }

    /// Takes `i` out.
    pub(crate) fn remove(&mut self, i: usize) {
        if let Some(w) = self.0.get_mut(i / 64) {
            *w &= !(1 << (i % 64));
        }
    }

    /// Adds the numbers from `from` to before `to`.
    pub(crate) fn add_range(&mut self, from: usize, to: usize) {
        for (i, w) in self.0.iter_mut().enumerate().take(to.div_ceil(64)).skip(from / 64) {
            let ones = |n: usize| if n >= 64 { u64::MAX } else { (1 << n) - 1 };
            *w |= ones(to - i * 64) & !ones(from.saturating_sub(i * 64));
        }
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(i, &w)| {
            std::iter::successors((w != 0).then_some(w), |w| Some(w & (w - 1)).filter(|&w| w != 0))
                .map(move |w| i * 64 + w.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_removes_lists() {
        let mut b = Bits::new(200);
        b.add_range(62, 67);
        assert!(b.add(199) && !b.add(199) && b.has(199) && !b.has(198) && !b.add(256));
        b.remove(63);
        assert_eq!(b.iter().collect::<Vec<_>>(), [62, 64, 65, 66, 199]);
    }
}
