//! Leading the wall clock to where it should be: by its rate, and by a step where it is far off.
#![forbid(unsafe_code)]
use crate::bank::Estimate;
use crate::time::{Now, nanoseconds, seconds};

/// The fastest that the clock is led, in seconds per second.
const FASTEST: f64 = 0.05;
/// An error is led away within about this many seconds.
const WITHIN: f64 = 4.0;
/// The wall clock's jump, beyond what its rate explains, that somebody else must have caused, in seconds.
const JUMP: f64 = 0.005;

/// What to do to the wall clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Command {
    /// Add so many seconds at once.
    Step(f64),
    /// Run at so many seconds per second more than the raw clock.
    Rate(f64),
}

/// How the clock may be steered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rules {
    /// An error from here on is stepped, in seconds.
    pub(crate) step: f64,
    /// An error above is left alone, in seconds.
    pub(crate) max_step: f64,
}

/// The state of steering.
#[derive(Clone, Debug)]
pub(crate) struct Steering {
    rate: Option<f64>,
    last: Now,
}

impl Steering {
    /// Begins with the clock as it is.
    pub(crate) fn new(now: Now) -> Self {
        Self { rate: None, last: now }
    }

    /// How far somebody else moved the wall clock since the last call, in seconds, if they did.
    pub(crate) fn moved(&mut self, now: Now) -> Option<f64> {
        let passed = now.raw.since(self.last.raw);
        let jump = seconds(now.wall_minus_raw().saturating_sub(self.last.wall_minus_raw()));
        self.last = now;
        // Whatever rate the kernel runs the clock at, ours or another's, explains no more than the fastest rate there is.
        (jump.abs() > JUMP + 2.0 * FASTEST * passed).then_some(jump)
    }

    /// The machine slept for `by` nanoseconds, which the wall clock has made up for.
    pub(crate) fn slept(&mut self, by: i64) {
        self.last.wall.0 = self.last.wall.0.saturating_add(by);
    }

    /// The command that leads the wall clock to `target`, to be given again after about `interval` seconds; or by how much the clock
    /// is off when that is more than the rules allow.
    pub(crate) fn lead(&mut self, now: Now, target: &Estimate, interval: f64, rules: Rules) -> Result<Option<Command>, f64> {
        let error = error(now, target);
        if error.abs() > rules.max_step {
            return Err(error);
        }
        if error.abs() >= rules.step {
            self.last.wall.0 = self.last.wall.0.saturating_add(nanoseconds(error));
            return Ok(Some(Command::Step(error)));
        }
        let within = WITHIN.max(2.0 * interval);
        Ok(self.set(target.frequency + (error / within).clamp(-FASTEST, FASTEST)))
    }

    /// The command that ends leading: the clock goes on at the best known rate.
    pub(crate) fn coast(&mut self, frequency: f64) -> Option<Command> {
        self.set(frequency)
    }

    fn set(&mut self, rate: f64) -> Option<Command> {
        // The kernel's own unit is 2^-16 ppm = 1.5e-11.
        if self.rate.is_some_and(|old| (rate - old).abs() <= 1e-11) {
            return None;
        }
        self.rate = Some(rate);
        Some(Command::Rate(rate))
    }
}

/// What must be added to the wall clock, in seconds.
pub(crate) fn error(now: Now, target: &Estimate) -> f64 {
    seconds(target.server_minus_raw_at(now.raw).saturating_sub(now.wall_minus_raw()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;
    use crate::time::Raw;

    const RULES: Rules = Rules { step: 0.128, max_step: 1000.0 };

    fn ahead(seconds: f64) -> Estimate {
        let now = at(0.0);
        Estimate { at: Raw(0), server_minus_raw: now.wall_minus_raw() + nanoseconds(seconds), frequency: 1e-5, deviation: 1e-6 }
    }

    #[test]
    fn small_errors_are_led_away_large_ones_stepped_absurd_ones_left() {
        let lead = |error| Steering::new(at(0.0)).lead(at(0.0), &ahead(error), 1.0, RULES);
        assert_eq!(lead(0.004), Ok(Some(Command::Rate(1e-5 + 0.001))));
        assert_eq!(lead(-0.1), Ok(Some(Command::Rate(1e-5 - 0.025))));
        assert_eq!(lead(5.0), Ok(Some(Command::Step(5.0))));
        assert!(lead(-1001.0).is_err_and(|e| (e + 1001.0).abs() < 1e-9));
    }

    #[test]
    fn a_jump_by_others_is_told_from_our_own() {
        let mut steering = Steering::new(at(0.0));
        assert_eq!(steering.moved(at(1.0)), None);
        let mut later = at(2.0);
        later.wall.0 -= 5_000_000_000;
        assert!(steering.moved(later).is_some_and(|j| (j + 5.0).abs() < 1e-9));
        assert!(matches!(steering.lead(later, &ahead(0.0), 1.0, RULES), Ok(Some(Command::Step(_)))));
        assert_eq!(steering.moved(at(3.0)), None, "our own step");
    }
}
