//! Histograms of `quantize`, `lquantize` and `llquantize`.

use super::bar::{Bars, HEAD, Scale};
use std::collections::BTreeMap;

/// The bucket of zero in `quantize`.
pub(super) const ZERO: usize = 63;
/// How many buckets `quantize` has.
const POWERS: usize = 127;

/// What the buckets of a histogram are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Powers of two, 127 buckets: negative ones, zero in the middle, positive ones.
    Power,
    /// Buckets of `step` from `base`; the first holds what is less, the last what is more.
    Linear {
        /// Lower bound.
        base: i32,
        /// Upper bound.
        limit: i32,
        /// Width of a bucket.
        step: u16,
    },
    /// `steps` buckets for each power of `factor` from `low` to `high`, negative ones first.
    LogLinear {
        /// Base.
        factor: u16,
        /// Lowest power.
        low: u16,
        /// Highest power.
        high: u16,
        /// Buckets per power.
        steps: u16,
    },
}

/// A histogram; only buckets that are not zero need be present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// What its buckets are.
    pub shape: Shape,
    /// Counts by bucket.
    pub buckets: BTreeMap<usize, i64>,
}

/// The bucket of `value` in `quantize`.
#[must_use]
pub fn quantize_bucket(value: i64) -> usize {
    let power = usize::try_from(value.unsigned_abs().checked_ilog2().map_or(0, |n| n + 1)).unwrap_or(0);
    if value < 0 { ZERO.saturating_sub(power) } else { ZERO + power }
}

/// The bucket of `value` in `lquantize`.
#[must_use]
pub fn lquantize_bucket(base: i32, limit: i32, step: u16, value: i64) -> usize {
    let levels = levels(base, limit, step);
    let from = value.saturating_sub(i64::from(base));
    if from < 0 {
        return 0;
    }
    let level = usize::try_from(from / i64::from(step.max(1))).unwrap_or(usize::MAX);
    if level >= levels { levels + 1 } else { level + 1 }
}

fn levels(base: i32, limit: i32, step: u16) -> usize {
    usize::try_from((i64::from(limit) - i64::from(base)) / i64::from(step.max(1))).unwrap_or(0)
}

/// Buckets for each power, and the bucket of values below the lowest power.
fn log_linear(factor: u16, low: u16, high: u16, steps: u16) -> (usize, usize) {
    let per = usize::from(steps - steps / factor.max(1));
    (per, 1 + (usize::from(high.saturating_sub(low)) + 1) * per)
}

/// The bucket of `value` in `llquantize`.
#[must_use]
pub fn llquantize_bucket(factor: u16, low: u16, high: u16, steps: u16, value: i64) -> usize {
    let (per, middle) = log_linear(factor, low, high, steps);
    let size = u128::from(value.unsigned_abs());
    let factor_wide = u128::from(factor.max(2));
    let mut top = factor_wide.saturating_pow(u32::from(low));
    if size < top {
        return middle;
    }
    for power in 0..=usize::from(high.saturating_sub(low)) {
        top = top.saturating_mul(factor_wide);
        if size < top {
            let step = usize::try_from(size * u128::from(steps) / top).unwrap_or(0);
            let away = 1 + power * per + step - usize::from(steps / factor.max(1));
            return if value < 0 { middle - away } else { middle + away };
        }
    }
    if value < 0 { 0 } else { 2 * middle }
}

impl Histogram {
    /// Index of the last bucket.
    pub(super) fn last(&self) -> usize {
        match self.shape {
            Shape::Power => POWERS - 1,
            Shape::Linear { base, limit, step } => levels(base, limit, step) + 1,
            Shape::LogLinear { factor, low, high, steps } => 2 * log_linear(factor, low, high, steps).1,
        }
    }

    /// The lower bound of a bucket; for the first ones of a linear histogram, the bound below which it counts.
    #[must_use]
    pub fn bound(&self, bucket: usize) -> i64 {
        match self.shape {
            Shape::Power => power_bound(bucket),
            Shape::Linear { base, step, .. } => {
                let steps = i64::try_from(bucket).unwrap_or(0) - 1;
                i64::from(base).saturating_add(steps.max(0).saturating_mul(i64::from(step)))
            }
            Shape::LogLinear { factor, low, high, steps } => {
                let (_, middle) = log_linear(factor, low, high, steps);
                let away = bucket.abs_diff(middle);
                let size = i64::try_from(self.log_bound(away)).unwrap_or(i64::MAX);
                if bucket < middle { -size } else { size }
            }
        }
    }

    /// The absolute value a log-linear bucket `away` from the middle one begins at.
    fn log_bound(&self, away: usize) -> u128 {
        let Shape::LogLinear { factor, low, high, steps } = self.shape else { return 0 };
        let (per, middle) = log_linear(factor, low, high, steps);
        let base = u128::from(factor);
        if away == 0 {
            return 0;
        }
        if away >= middle {
            return base.saturating_pow(u32::from(high) + 1);
        }
        let (power, step) = ((away - 1) / per.max(1), (away - 1) % per.max(1));
        let exponent = u32::from(low) + u32::try_from(power).unwrap_or(0);
        if step == 0 {
            return base.saturating_pow(exponent);
        }
        let steps_wide = u128::from(steps.max(1));
        let nth = u128::try_from(step).unwrap_or(0) + u128::from(steps / factor);
        nth.saturating_mul(base.saturating_pow(exponent + 1)) / steps_wide
    }

    /// The sum of bounds times counts, by which histograms are sorted.
    #[must_use]
    pub fn weight(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "DTrace sorts by long double sums")]
        self.buckets.iter().map(|(bucket, count)| self.bound(*bucket) as f64 * *count as f64).sum()
    }

    /// The count of values that are zero.
    #[must_use]
    pub fn zeros(&self) -> i64 {
        let at = match self.shape {
            Shape::Power => Some(ZERO),
            Shape::Linear { base, limit, step } => Some(lquantize_bucket(base, limit, step, 0)),
            Shape::LogLinear { .. } => None,
        };
        at.and_then(|at| self.buckets.get(&at)).copied().unwrap_or(0)
    }

    /// The first and last bucket shown: one empty bucket on each side of the data.
    fn shown(&self) -> (usize, usize) {
        let last = self.last();
        let used = || self.buckets.iter().filter(|(_, n)| **n != 0).map(|(b, _)| *b);
        match (used().min(), used().max()) {
            (Some(first), Some(end)) => (first.saturating_sub(1), (end + 1).min(last)),
            _ => match self.shape {
                Shape::Power => (ZERO - 1, ZERO + 1),
                Shape::Linear { .. } => (0, 2.min(last)),
                Shape::LogLinear { .. } => (last / 2, (last / 2 + 2).min(last)),
            },
        }
    }

    /// Appends the histogram as DTrace prints it; counts are divided by `normal`.
    pub fn write(&self, out: &mut Vec<u8>, normal: i64, bars: Bars) {
        let (first, last) = self.shown();
        let counts: Vec<(usize, i64)> = (first..=last).map(|b| (b, self.buckets.get(&b).copied().unwrap_or(0))).collect();
        let scale = Scale::of(counts.iter().map(|(_, n)| *n), bars);
        out.extend(format!("\n{:>16} {HEAD:>41} {:<9}\n", "value", "count").bytes());
        for (bucket, count) in counts {
            let Some(label) = self.label(bucket, first) else { continue };
            out.extend(format!("{label:>16} ").bytes());
            scale.bar(out, count, normal);
        }
    }

    /// What a bucket is called; `None` for one that stands for no value.
    pub(super) fn label(&self, bucket: usize, first: usize) -> Option<String> {
        match self.shape {
            Shape::Power => Some(power_bound(bucket).to_string()),
            Shape::Linear { base, .. } if bucket == 0 => Some(format!("< {base}")),
            Shape::Linear { .. } if bucket == self.last() => Some(format!(">= {}", self.bound(bucket))),
            Shape::Linear { .. } => Some(self.bound(bucket).to_string()),
            Shape::LogLinear { factor, low, high, steps } => {
                let (_, middle) = log_linear(factor, low, high, steps);
                let scale = u128::from(factor).saturating_pow(u32::from(low));
                Some(match bucket {
                    b if b == middle && scale == 1 => "0".into(),
                    b if b == middle && first >= middle => format!("< {scale}"),
                    b if b == middle => format!("abs() < {scale}"),
                    0 => format!("<= -{}", self.log_bound(middle)),
                    b if b == 2 * middle => format!(">= {}", self.log_bound(middle)),
                    b if !self.is_real(b.abs_diff(middle)) => return None,
                    b if b < middle => format!("-{}", self.log_bound(middle - b)),
                    b => self.log_bound(b - middle).to_string(),
                })
            }
        }
    }

    /// Whether a log-linear bucket holds whole numbers: with more steps than the factor, those of the power 0 may lie between.
    fn is_real(&self, away: usize) -> bool {
        let Shape::LogLinear { factor, low, high, steps } = self.shape else { return true };
        let (per, _) = log_linear(factor, low, high, steps);
        if low > 0 || steps <= factor || away == 0 || away > per {
            return true;
        }
        (away - 1) % usize::from(steps / factor) == 0
    }
}

/// The lower bound of a `quantize` bucket.
fn power_bound(bucket: usize) -> i64 {
    let power = |n: usize| u32::try_from(n).ok().and_then(|n| 1i64.checked_shl(n)).unwrap_or(i64::MIN);
    match bucket {
        b if b < ZERO => power(ZERO - 1 - b).wrapping_neg(),
        ZERO => 0,
        b => power(b - ZERO - 1),
    }
}
