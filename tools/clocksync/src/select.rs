//! Which servers agree: the intersection algorithm (Marzullo; RFC 5905, section 11.2.1).
#![forbid(unsafe_code)]

/// Where true time lies by one server's word, as an offset from the local clock in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Interval {
    /// The interval of `radius` around `middle`.
    pub(crate) fn around(middle: f64, radius: f64) -> Self {
        Self { low: middle - radius, high: middle + radius }
    }

    /// What lies in both, if anything does.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }
}

/// The interval in which most servers agree: for the fewest falsetickers f, fewer than half of the m servers, the span between the
/// lowest and the highest point that lie in m - f intervals, if at most f midpoints are outside it; failing that, the span of the
/// largest f. A server whose own interval does not meet the span is a falseticker.
///
/// (Marzullo's plain intersection would let one liar next to the truth pull it out of the span; the midpoints are Mills's answer to
/// that. Honest servers on lopsided paths may have midpoints outside all the same, and then the widest span is the careful answer.)
pub(crate) fn agreement(all: &[Interval]) -> Option<Interval> {
    let sorted = |end: fn(&Interval) -> f64| {
        let mut ends: Vec<f64> = all.iter().map(end).collect();
        ends.sort_by(f64::total_cmp);
        ends
    };
    let (lows, highs) = (sorted(|i| i.low), sorted(|i| i.high));
    let mut widest = None;
    for falsetickers in 0..all.len().div_ceil(2) {
        let enough = all.len() - falsetickers;
        let within = |x: f64| lows.partition_point(|&low| low <= x) - highs.partition_point(|&high| high < x) >= enough;
        let low = lows.iter().copied().find(|&x| within(x));
        let high = highs.iter().rev().copied().find(|&x| within(x));
        let (Some(low), Some(high)) = (low, high) else { continue };
        widest = Some(Interval { low, high });
        let outside = all.iter().filter(|i| !(low..=high).contains(&f64::midpoint(i.low, i.high))).count();
        if outside <= falsetickers {
            break;
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn agreed(all: &[(f64, f64)]) -> Option<(f64, f64)> {
        let all: Vec<_> = all.iter().map(|&(low, high)| Interval { low, high }).collect();
        agreement(&all).map(|i| (i.low, i.high))
    }

    #[test]
    fn majority_wins_and_is_needed() {
        assert_eq!(agreed(&[]), None);
        assert_eq!(agreed(&[(1.0, 2.0)]), Some((1.0, 2.0)));
        assert_eq!(agreed(&[(1.0, 2.0), (1.2, 2.2)]), Some((1.2, 2.0)));
        assert_eq!(agreed(&[(1.0, 2.0), (1.9, 3.0)]), Some((1.9, 2.0)));
        assert_eq!(agreed(&[(1.0, 2.0), (2.1, 3.0)]), None);
        assert_eq!(agreed(&[(0.0, 1.0), (0.1, 1.1), (0.2, 1.2), (50.0, 50.1)]), Some((0.2, 1.0)));
        assert_eq!(agreed(&[(0.0, 1.0), (0.5, 1.5), (50.0, 51.0), (50.5, 51.5)]), None);
    }

    #[test]
    fn a_liar_next_to_the_truth_does_not_pull_it() {
        assert_eq!(agreed(&[(-0.1, 0.1), (-0.1, 0.1), (0.05, 0.2)]), Some((-0.1, 0.1)));
        assert_eq!(agreed(&[(0.0, 9.0), (1.0, 2.0), (5.0, 6.0)]), Some((1.0, 6.0)));
    }

    #[test]
    fn true_time_is_inside_whenever_most_servers_hold_it() {
        let mut random = Random(1);
        for _ in 0..20_000 {
            let count = 1 + random.next() as usize % 7;
            let bad = random.next() as usize % count.div_ceil(2);
            let all: Vec<_> = (0..count)
                .map(|i| {
                    let middle = if i < bad { 10.0 + random.uniform() } else { 0.1 * (random.uniform() - 0.5) };
                    Interval::around(middle, 0.05 + random.uniform() * 0.2)
                })
                .collect();
            let found = agreement(&all).unwrap();
            assert!(found.low <= 0.0 && found.high >= 0.0, "{all:?} {found:?}");
        }
    }
}
