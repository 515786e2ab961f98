//! A simulated oscillator, kernel clock and network around the engine: what the steered clock does in hours, in milliseconds.
use super::*;
use crate::testing::{Random, reply_to};
use crate::time::{SECOND, nanoseconds};

const START: i64 = 1_767_225_600 * SECOND;

/// A server and the path to it.
#[derive(Clone, Copy)]
struct Path {
    /// Seconds each way at least.
    base: f64,
    /// Mean of the exponential jitter that each way adds.
    jitter: f64,
    /// What the server's clock is ahead of true time, in seconds.
    wrong: f64,
    alive: bool,
    /// The kiss code it answers with.
    kiss: Option<[u8; 4]>,
}

const LAN: Path = Path { base: 100e-6, jitter: 100e-6, wrong: 0.0, alive: true, kiss: None };

struct World {
    random: Random,
    /// True time, and the two clocks, in seconds since the start.
    time: f64,
    raw: f64,
    wall: f64,
    /// How much too fast the oscillator is, and how it wanders: seconds per second, and per root of a second.
    drift: f64,
    wander: f64,
    /// What the kernel adds to the rate.
    rate: f64,
    paths: Vec<Path>,
    /// Packets on their way: when they arrive, from whom, and their bytes.
    flying: Vec<(f64, usize, Vec<u8>)>,
    sent: usize,
    engine: Engine,
    events: Vec<Event>,
}

impl World {
    fn new(seed: u64, paths: &[Path], text: &str) -> Self {
        let servers: String = (0..paths.len()).map(|i| format!("server s{i}\n")).collect();
        let config = crate::config::tests_read(&(servers + text));
        let now = Now { raw: Raw(0), wall: Wall(START) };
        let engine = Engine::new(&config, now);
        let paths = paths.to_vec();
        Self {
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            time: 0.0,
            raw: 0.0,
            wall: 0.0,
            drift: 20e-6,
            wander: 1e-9,
            rate: 0.0,
            paths,
            flying: Vec::new(),
            sent: 0,
            engine,
            events: Vec::new(),
        }
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.random.uniform()).ln()
    }

    fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.random.uniform(), self.random.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    fn now(&self) -> Now {
        Now { raw: Raw(nanoseconds(self.raw)), wall: Wall(START + nanoseconds(self.wall)) }
    }

    /// The wall clock's error, in seconds: positive where it is ahead.
    fn error(&self) -> f64 {
        self.wall - self.time
    }

    fn pass(&mut self, dt: f64) {
        let oscillator = dt * (1.0 + self.drift);
        self.time += dt;
        self.raw += oscillator;
        self.wall += oscillator * (1.0 + self.rate);
        self.drift += self.wander * dt.sqrt() * self.normal();
    }

    fn act(&mut self) {
        let now = self.now();
        let mut events = std::mem::take(&mut self.events);
        for command in self.engine.tick(now, &mut events) {
            match command {
                Command::Step(by) => self.wall += by,
                Command::Rate(rate) => self.rate = rate,
            }
        }
        self.events = events;
        while let Some((server, packet)) = self.engine.due(now, self.random.next()) {
            self.sent += 1;
            self.engine.sent(server, now);
            let path = self.paths[server];
            let (out, back) = (path.base + self.exponential(path.jitter), path.base + self.exponential(path.jitter));
            let stamp = Wall(START + nanoseconds(self.time + out + path.wrong));
            if path.alive {
                let mut reply = reply_to(&packet, stamp, stamp);
                // A stratum 1 server with a perfect clock, so that the filters alone are measured.
                reply[11] = 0;
                if let Some(code) = path.kiss {
                    reply[1] = 0;
                    reply[12..16].copy_from_slice(&code);
                }
                self.flying.push((self.time + out + back, server, reply.to_vec()));
            }
        }
    }

    /// Runs until `end`; `watch` sees each second's error.
    fn run(&mut self, end: f64, mut watch: impl FnMut(f64, f64)) {
        while self.time < end {
            self.act();
            let raw_left = self.engine.wake().since(self.now().raw).max(0.0);
            let wake = self.time + (raw_left / (1.0 + self.drift)).max(1e-6);
            let arrival = self.flying.iter().map(|f| f.0).fold(f64::INFINITY, f64::min);
            let next = wake.min(arrival).min(self.time.floor() + 1.0);
            let before = self.time;
            self.pass((next - self.time).max(1e-9));
            if self.time.floor() > before.floor() {
                watch(self.time, self.error());
            }
            while let Some(i) = self.flying.iter().position(|f| f.0 <= self.time + 1e-9) {
                let (_, server, bytes) = self.flying.swap_remove(i);
                let now = self.now();
                self.engine.received(server, &bytes, now, None);
            }
        }
    }

    /// Root mean square and maximum of the error until `end`.
    fn error_until(&mut self, end: f64) -> (f64, f64) {
        let (mut sum, mut count, mut most) = (0.0, 0.0, 0.0f64);
        self.run(end, |_, e| {
            sum += e * e;
            count += 1.0;
            most = most.max(e.abs());
        });
        (f64::sqrt(sum / count), most)
    }

    /// Seconds until the error stays below a millisecond for five minutes.
    fn recovery(&mut self) -> f64 {
        let (begin, mut last) = (self.time, self.time);
        self.run(begin + 2000.0, |t, e| {
            if e.abs() >= 1e-3 {
                last = t;
            }
        });
        last - begin
    }
}

/// The median of one figure over `seeds`.
fn median(seeds: u64, figure: impl Fn(u64) -> f64) -> f64 {
    let mut all: Vec<f64> = (1..=seeds).map(figure).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

#[test]
fn a_lan_server_holds_the_clock_to_microseconds() {
    let rms = median(3, |seed| {
        let mut world = World::new(seed, &[LAN], "steer yes");
        world.wall = -0.05;
        world.run(2000.0, |_, _| {});
        let (rms, most) = world.error_until(20_000.0);
        assert!(most < 150e-6, "{most}");
        assert!(world.sent < 340, "{}", world.sent);
        rms
    });
    assert!(rms < 20e-6, "{rms}");
}

#[test]
fn first_convergence_is_seconds() {
    let worst = (1..=3).map(|seed| {
        let mut world = World::new(seed, &[LAN], "steer yes");
        world.wall = 10.0;
        world.recovery()
    });
    let worst = worst.fold(0.0, f64::max);
    assert!(worst <= 10.0, "{worst}");
}

#[test]
fn a_step_behind_its_back_is_undone_at_once() {
    for seed in 1..=3 {
        let mut world = World::new(seed, &[LAN], "steer yes");
        world.run(3000.0 + seed as f64, |_, _| {});
        world.events.clear();
        world.wall -= 5.0;
        let took = world.recovery();
        assert!(took <= 9.0, "{took}");
        assert!(
            matches!(world.events[..], [Event::Moved(m), Event::Stepped(s)] if (m + 5.0).abs() < 0.01 && (s - 5.0).abs() < 0.01)
        );
    }
}

#[test]
fn a_frequency_jump_is_followed() {
    let took = median(3, |seed| {
        let mut world = World::new(seed, &[LAN], "steer yes");
        world.run(5000.0, |_, _| {});
        world.drift += 50e-6;
        world.recovery()
    });
    assert!(took < 300.0, "{took}");
}

#[test]
fn a_pause_that_no_clock_shows_is_found_by_the_servers() {
    let took = median(3, |seed| {
        let mut world = World::new(seed, &[LAN], "steer yes");
        world.run(5000.0, |_, _| {});
        world.time += 30.0;
        world.recovery()
    });
    assert!(took < 80.0, "{took}");
}

#[test]
fn a_suspended_machine_wakes_up_right() {
    // The kernel counts the sleep by a clock of its own, here 0.3 s short, or by none.
    for (counted, counts) in [(3599.7, true), (0.0, false)] {
        let mut world = World::new(1, &[LAN], "steer yes");
        world.run(5030.0, |_, _| {});
        world.events.clear();
        world.time += 3600.0;
        world.wall += counted;
        if counts {
            let (now, mut events) = (world.now(), Vec::new());
            world.engine.slept(nanoseconds(counted), now, &mut events);
        }
        world.flying.clear();
        let took = world.recovery();
        assert!(took < if counts { 4.0 } else { 80.0 }, "{took}");
        let stepped = |e: &&Event| matches!(e, Event::Stepped(_) | Event::Moved(_));
        assert_eq!(world.events.iter().filter(stepped).count(), 1, "{:?}", world.events);
    }
}

#[test]
fn a_wan_path_is_filtered() {
    let rms = median(3, |seed| {
        let mut world = World::new(seed, &[Path { base: 10e-3, jitter: 10e-3, ..LAN }], "steer yes");
        world.run(2000.0, |_, _| {});
        world.error_until(20_000.0).0
    });
    assert!(rms < 0.8e-3, "{rms}");
}

#[test]
fn a_falseticker_among_four_does_no_harm() {
    for seed in 1..=3 {
        let mut world = World::new(seed, &[LAN, LAN, Path { wrong: 0.05, ..LAN }, LAN], "steer yes");
        world.run(10_000.0, |t, e| assert!(t < 60.0 || e.abs() < 400e-6, "{t} {e}"));
        assert!(world.events.contains(&Event::Server(world.engine.peers[2].target.clone(), State::Falseticker)));
        world.run(20_000.0, |_, e| assert!(e.abs() < 150e-6, "{e}"));
    }
}

#[test]
fn the_first_to_answer_does_not_set_the_clock_alone() {
    let liar = Path { base: 1e-6, jitter: 1e-6, wrong: 3.0, ..LAN };
    let mut world = World::new(1, &[liar, LAN, LAN, LAN], "steer yes");
    world.run(100.0, |_, e| assert!(e.abs() < 0.01, "{e}"));
    assert!(!world.events.iter().any(|e| matches!(e, Event::Stepped(_))), "{:?}", world.events);
}

#[test]
fn kiss_codes_are_obeyed() {
    let asked = |code: &[u8; 4]| {
        let mut world = World::new(1, &[Path { kiss: Some(*code), ..LAN }], "steer yes\npoll 64s");
        world.wall = 5.0;
        world.run(4000.0, |_, e| assert!(e > 4.9));
        world.sent
    };
    assert_eq!((asked(b"DENY"), asked(b"RSTR")), (1, 1));
    // 0, 128, 256, 512, 1024, 1024 and 1024 s apart.
    assert_eq!(asked(b"RATE"), 7);
}

#[test]
fn without_agreement_or_permission_the_clock_is_left_alone() {
    let mut watched = World::new(1, &[LAN], "steer no");
    watched.wall = 5.0;
    watched.run(1000.0, |_, e| assert!(e > 4.9));
    let mut split = World::new(1, &[LAN, Path { wrong: 1.0, ..LAN }], "steer yes");
    split.run(1000.0, |_, e| assert!(e.abs() < 0.1));
    assert!(split.engine.agreed(split.now()).is_none());
    let mut far = World::new(1, &[LAN], "steer yes\nmax-step 60s");
    far.wall = 61.0;
    far.run(1000.0, |_, e| assert!(e > 60.0));
    assert_eq!(far.events.iter().filter(|e| matches!(e, Event::TooFar { .. })).count(), 1, "{:?}", far.events);
}

#[test]
fn dead_servers_are_asked_at_the_usual_pace_and_come_back() {
    let mut world = World::new(1, &[LAN, Path { alive: false, ..LAN }], "steer yes");
    world.run(3200.0, |_, _| {});
    let dead = Event::Server(world.engine.peers[1].target.clone(), State::Silent);
    assert_eq!(world.events.iter().filter(|e| **e == dead).count(), 1);
    assert!(world.sent < 8 + 50 + 4 + 50 + 2, "{}", world.sent);
    world.paths[1].alive = true;
    world.run(3400.0, |_, _| {});
    assert!(matches!(world.events.last(), Some(Event::Agreed { count: 2, of: 2, .. })), "{:?}", world.events);
}
