//! Sets of addresses as ordered ranges.

/// From, and the address after the last.
pub(crate) type Range = (u64, u64);

/// What is in `these` and in none of `those`; both in any order, the result in order.
pub(crate) fn without(these: &[Range], those: &[Range]) -> Vec<Range> {
    let (these, those) = (ordered(these), ordered(those));
    let mut left = Vec::new();
    for (mut from, to) in these {
        let first = those.partition_point(|t| t.1 <= from);
        for &(f, t) in those.iter().skip(first).take_while(|r| r.0 < to) {
            if f > from {
                left.push((from, f));
            }
            from = from.max(t);
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

/// What is in both; both are in order and without overlaps.
pub(crate) fn common(these: &[Range], those: &[Range]) -> Vec<Range> {
    let mut both = Vec::new();
    let (mut a, mut b) = (these.iter().peekable(), those.iter().peekable());
    while let (Some(&&(f1, t1)), Some(&&(f2, t2))) = (a.peek(), b.peek()) {
        let (from, to) = (f1.max(f2), t1.min(t2));
        if from < to {
            both.push((from, to));
        }
        if t1 <= t2 {
            a.next()
        } else {
            b.next()
        };
    }
    both
}

/// In order, overlaps and neighbours joined.
pub(crate) fn ordered(ranges: &[Range]) -> Vec<Range> {
    let mut sorted: Vec<_> = ranges.iter().copied().filter(|(f, t)| f < t).collect();
    sorted.sort_unstable();
    let mut joined: Vec<Range> = Vec::new();
    for (from, to) in sorted {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_operations() {
        assert_eq!(ordered(&[(5, 9), (1, 3), (3, 4), (7, 12), (20, 20)]), [(1, 4), (5, 12)]);
        assert_eq!(without(&[(0, 10), (20, 30)], &[(2, 3), (8, 22), (29, 40)]), [(0, 2), (3, 8), (22, 29)]);
        assert_eq!(without(&[(0, 10)], &[]), [(0, 10)]);
        assert_eq!(common(&[(0, 10), (20, 30)], &[(5, 25), (29, 31)]), [(5, 10), (20, 25), (29, 30)]);
    }

    #[test]
    fn agree_with_sets_of_single_addresses() {
        let mut seed = 7_u64;
        let mut draw = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> 58
        };
        for _ in 0..500 {
            let mut some = || (0..draw() % 6).map(|_| draw()).map(|f| (f, f + 5)).collect::<Vec<_>>();
            let (a, b) = (some(), some());
            let inside = |r: &[Range], x: u64| r.iter().any(|&(f, t)| f <= x && x < t);
            let (less, both) = (without(&a, &b), common(&ordered(&a), &ordered(&b)));
            for x in 0..80 {
                assert_eq!(inside(&less, x), inside(&a, x) && !inside(&b, x), "{a:?} {b:?} {x}");
                assert_eq!(inside(&both, x), inside(&a, x) && inside(&b, x), "{a:?} {b:?} {x}");
            }
        }
    }
}
