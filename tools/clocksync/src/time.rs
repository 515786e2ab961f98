//! Two time scales that must never be mixed: the wall clock, which may be set, and the raw clock, which nobody steers.

/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;

/// The wall clock (`CLOCK_REALTIME`), in nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wall(pub(crate) i64);

/// The raw clock (`CLOCK_MONOTONIC_RAW`), in nanoseconds since an arbitrary start: the scale that everything is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Raw(pub(crate) i64);

/// Both clocks, read at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Now {
    pub(crate) raw: Raw,
    pub(crate) wall: Wall,
}

impl Raw {
    /// This time and `seconds` more.
    pub(crate) fn plus(self, seconds: f64) -> Self {
        Self(self.0.saturating_add(nanoseconds(seconds)))
    }

    /// Seconds since `earlier`.
    pub(crate) fn since(self, earlier: Self) -> f64 {
        seconds(self.0.saturating_sub(earlier.0))
    }
}

impl Now {
    /// The wall clock's distance from the raw clock, in nanoseconds.
    pub(crate) fn wall_minus_raw(self) -> i64 {
        self.wall.0.saturating_sub(self.raw.0)
    }
}

/// The time halfway between two, on either scale.
pub(crate) fn middle(a: i64, b: i64) -> i64 {
    a.saturating_add(b.saturating_sub(a) / 2)
}

/// Nanoseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "differences that matter are far below 2^53 ns = 104 days")]
pub(crate) fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 * 1e-9
}

/// Seconds as nanoseconds, saturating; a NaN counts as 0.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
pub(crate) fn nanoseconds(seconds: f64) -> i64 {
    (seconds * 1e9).round() as i64
}
