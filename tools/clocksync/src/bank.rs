//! The clock filter: what a server's clock shows, against the raw clock, from noisy samples.
//!
//! The raw clock's frequency wanders; how much depends on the machine, its temperature, its hypervisor, and changes. So eight Kalman
//! filters of two states (offset and frequency), each for another strength of wander, run side by side; each is scored by how likely
//! it made the last samples, and the best speaks. A sample counts for the less the longer its round trip took beyond the shortest.
#![forbid(unsafe_code)]
use crate::exchange::Sample;
use crate::time::{Raw, nanoseconds, seconds};
use std::collections::VecDeque;

/// Wander of each filter: the spectral density of the frequency's random walk, in s²/s³.
const WANDERS: [f64; 8] = [1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13];
/// How much of its score a filter keeps with each sample: the last thirty decide.
const MEMORY: f64 = 0.97;
/// Round trips that the shortest is taken of.
const ROUND_TRIPS: usize = 256;
/// Beyond so many standard deviations a sample is an outlier.
const OUTLIER: f64 = 6.0;
/// From so many standard deviations on a sample is given less weight.
const DOUBTFUL: f64 = 3.0;
/// So many outliers in a row are the truth.
const CONVINCED: u32 = 3;
/// Standard deviation of an unknown quartz's frequency.
const UNKNOWN_FREQUENCY: f64 = 5e-4;
/// The same after a jump that may have changed it.
const SHAKEN_FREQUENCY: f64 = 2e-4;
/// The finest that a sample is ever believed, in seconds: the clocks' own resolution.
const FINEST: f64 = 1e-7;

/// The state of one filter; offset in seconds, frequency in seconds per second.
#[derive(Clone, Copy, Debug)]
struct Filter {
    offset: f64,
    frequency: f64,
    /// Variance of the offset, covariance, variance of the frequency.
    p: [f64; 3],
    wander: f64,
    score: f64,
}

impl Filter {
    fn advance(&mut self, dt: f64) {
        let [a, b, c] = self.p;
        self.offset += self.frequency * dt;
        let q = self.wander * dt;
        self.p = [a + dt * (2.0 * b + dt * c) + q * dt * dt / 3.0, b + dt * c + q * dt / 2.0, c + q];
    }

    fn update(&mut self, offset: f64, variance: f64) {
        let innovation = offset - self.offset;
        let [a, b, c] = self.p;
        let surprise = innovation * innovation / (a + variance);
        // A density with heavy tails: one wild sample must not turn the vote.
        self.score = MEMORY * self.score - 0.5 * ((a + variance).ln() + 2.0 * surprise.ln_1p());
        let doubt = (surprise / (DOUBTFUL * DOUBTFUL)).max(1.0);
        let s = a + variance * doubt;
        let (k1, k2) = (a / s, b / s);
        self.offset += k1 * innovation;
        self.frequency += k2 * innovation;
        self.p = [(1.0 - k1) * a, (1.0 - k1) * b, c - k2 * b];
    }
}

/// What the bank knows, at one moment of the raw clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) at: Raw,
    /// The server's clock less the raw clock, in nanoseconds.
    pub(crate) server_minus_raw: i64,
    /// How fast that grows, in seconds per second.
    pub(crate) frequency: f64,
    /// Standard deviation of the offset, in seconds.
    pub(crate) deviation: f64,
}

impl Estimate {
    /// The server's clock less the raw clock at another moment, in nanoseconds.
    pub(crate) fn server_minus_raw_at(&self, at: Raw) -> i64 {
        self.server_minus_raw.saturating_add(nanoseconds(self.frequency * at.since(self.at)))
    }
}

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was used.
    Used,
    /// It is too far off to be believed alone: ask again soon.
    Outlier,
    /// Like the ones before it, it is too far off to be chance: the clocks moved against each other, and the filters began again.
    Restarted,
}

/// The filters of one server.
#[derive(Clone, Debug)]
pub(crate) struct Bank {
    filters: Vec<Filter>,
    /// All filters stand at this moment, and their offsets count from here.
    at: Raw,
    origin: i64,
    round_trips: VecDeque<f64>,
    outliers: u32,
}

impl Bank {
    /// A bank from its first sample.
    pub(crate) fn new(first: &Sample) -> Self {
        let mut bank =
            Self { filters: Vec::new(), at: first.at, origin: 0, round_trips: VecDeque::from([first.delay]), outliers: 0 };
        bank.restart(first, 0.0, UNKNOWN_FREQUENCY);
        bank
    }

    fn restart(&mut self, sample: &Sample, frequency: f64, deviation: f64) {
        let p = [sample.delay * sample.delay, 0.0, deviation * deviation];
        self.filters = WANDERS.iter().map(|&wander| Filter { offset: 0.0, frequency, p, wander, score: 0.0 }).collect();
        (self.origin, self.at, self.outliers) = (sample.server_minus_raw, sample.at, 0);
    }

    fn best(&self) -> Option<&Filter> {
        self.filters.iter().max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// Takes one sample, later than the last.
    pub(crate) fn add(&mut self, sample: &Sample) -> Fate {
        self.round_trips.push_back(sample.delay);
        if self.round_trips.len() > ROUND_TRIPS {
            self.round_trips.pop_front();
        }
        let (excess, floor) = self.noise(sample.delay);
        let variance = excess * excess / 4.0 + floor * floor;
        let dt = sample.at.since(self.at).max(0.0);
        self.at = self.at.max(sample.at);
        for filter in &mut self.filters {
            filter.advance(dt);
        }
        let offset = seconds(sample.server_minus_raw.saturating_sub(self.origin));
        let Some(&best) = self.best() else { return Fate::Used };
        let innovation = (offset - best.offset).abs();
        let [own, ..] = best.p;
        // A delay on one leg explains half of itself.
        if innovation > OUTLIER * (own + variance).sqrt() && innovation > excess / 2.0 + 4.0 * own.sqrt() {
            self.outliers += 1;
            if self.outliers < CONVINCED {
                return Fate::Outlier;
            }
            self.restart(sample, best.frequency, SHAKEN_FREQUENCY);
            // The path may have changed as well.
            let old = self.round_trips.len().saturating_sub(8);
            self.round_trips.drain(..old);
            return Fate::Restarted;
        }
        self.outliers = 0;
        for filter in &mut self.filters {
            filter.update(offset, variance);
        }
        Fate::Used
    }

    /// How much longer than the shortest a round trip was, and the noise that even the shortest have, in seconds.
    fn noise(&self, delay: f64) -> (f64, f64) {
        let mut sorted: Vec<f64> = self.round_trips.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let shortest = sorted.first().copied().unwrap_or(delay);
        let quarter = (sorted.get(count / 4).copied().unwrap_or(delay) - shortest).max(FINEST);
        #[expect(clippy::cast_precision_loss, reason = "at most 256")]
        let floor = if count < 4 { quarter.max(delay / 4.0) } else { quarter / (count as f64).sqrt().min(8.0) };
        (delay - shortest, floor + FINEST)
    }

    /// The shortest round trip of late, in seconds.
    pub(crate) fn shortest(&self) -> f64 {
        self.round_trips.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The machine slept for `by` nanoseconds that the raw clock did not count, known to about a second.
    pub(crate) fn slept(&mut self, by: i64) {
        self.origin = self.origin.saturating_add(by);
        self.outliers = self.outliers.max(1);
        for filter in &mut self.filters {
            let [variance, ..] = &mut filter.p;
            *variance += 1.0;
        }
    }

    /// Whether the last sample was an outlier, so that the estimate is in doubt.
    pub(crate) fn in_doubt(&self) -> bool {
        self.outliers > 0
    }

    /// What is known, at `at`.
    pub(crate) fn estimate(&self, at: Raw) -> Estimate {
        let mut filter =
            self.best().copied().unwrap_or(Filter { offset: 0.0, frequency: 0.0, p: [0.0; 3], wander: 0.0, score: 0.0 });
        filter.advance(at.since(self.at));
        let [variance, ..] = filter.p;
        Estimate {
            at,
            server_minus_raw: self.origin.saturating_add(nanoseconds(filter.offset)),
            frequency: filter.frequency,
            deviation: variance.max(0.0).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn sample(at: f64, server_minus_raw: i64, delay: f64) -> Sample {
        Sample { at: Raw(nanoseconds(at)), server_minus_raw, wall_minus_raw: 0, delay, root: 0.0, stratum: 1 }
    }

    #[test]
    fn learns_a_constant_frequency() {
        let mut random = Random(3);
        let mut bank = Bank::new(&sample(0.0, 0, 1e-4));
        for i in 1..100 {
            let t = f64::from(i) * 64.0;
            let (out, back) = (1e-4 * random.uniform(), 1e-4 * random.uniform());
            assert_eq!(bank.add(&sample(t, nanoseconds(20e-6 * t + (out - back) / 2.0), 1e-4 + out + back)), Fate::Used);
        }
        let known = bank.estimate(Raw(nanoseconds(6400.0)));
        assert!((known.frequency - 20e-6).abs() < 2e-8, "{known:?}");
        assert!((seconds(known.server_minus_raw) - 0.128).abs() < 2e-5 && known.deviation < 2e-5, "{known:?}");
    }

    #[test]
    fn two_outliers_are_doubted_and_three_believed() {
        let mut bank = Bank::new(&sample(0.0, 0, 1e-4));
        for i in 1..20 {
            bank.add(&sample(f64::from(i), 0, 1e-4));
        }
        let far = |t| sample(t, 1_000_000_000, 1e-4);
        assert_eq!((bank.add(&far(20.0)), bank.in_doubt()), (Fate::Outlier, true));
        assert_eq!((bank.add(&sample(21.0, 0, 1e-4)), bank.in_doubt()), (Fate::Used, false));
        let fates = [22.0, 23.0, 24.0].map(|t| bank.add(&far(t)));
        assert_eq!(fates, [Fate::Outlier, Fate::Outlier, Fate::Restarted]);
        assert_eq!(bank.estimate(Raw(nanoseconds(24.0))).server_minus_raw, 1_000_000_000);
    }

    #[test]
    fn whatever_a_server_says_the_estimate_stays_a_number() {
        for seed in 1..200 {
            let mut random = Random(seed);
            let mut wild = |t: f64| {
                let delay = 10f64.powf(random.uniform() * 16.0 - 10.0);
                let far = (random.next() as i64) >> (random.next() % 64);
                sample(t, far, delay)
            };
            let mut bank = Bank::new(&wild(0.0));
            let mut t = 0.0;
            for i in 0..300 {
                bank.add(&wild(t));
                t += if i % 7 == 0 { 0.0 } else { 10f64.powi(i % 9 - 4) };
                let known = bank.estimate(Raw(nanoseconds(t)));
                assert!(known.frequency.is_finite() && known.deviation.is_finite(), "{seed} {known:?}");
                assert!(bank.shortest() > 0.0);
            }
        }
    }
}
