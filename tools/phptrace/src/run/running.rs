//! The loop of a run, from BEGIN to END.
use super::late::Late;
use super::session::Armed;
use super::{Request, kernel_said};
use crate::bpf::load::Loaded;
use crate::codegen::frame::Activity;
use crate::consume::Consumer;
use crate::consume::aggregate::Form;
use crate::probes::Source;
use crate::sys::shared::Shared;
use crate::sys::{bpf, process};
use base::cli::warn;
use base::daemon::Signals;
use base::fail::{Fail, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Longest wait between looks at the ring.
const LOOK: Duration = Duration::from_millis(20);
/// The same while a command begins of which addresses are to be shown: it may be short.
const SHORT_LOOK: Duration = Duration::from_micros(250);

pub(crate) struct Running<'a> {
    pub consumer: Consumer<'a>,
    pub armed: &'a [Armed],
    pub loaded: &'a [Loaded],
    pub children: Vec<Child>,
    pub shared: &'a Shared,
    /// Whether addresses of processes are shown by name.
    pub symbolic: bool,
    /// Programs that begin later, if their files may have probes.
    pub late: Option<Late<'a>>,
}

impl Running<'_> {
    /// From BEGIN to END; the exit status.
    pub(crate) fn whole(&mut self, request: Request) -> Result {
        let signals = Signals::catch()?;
        self.fire(&Source::Begin)?;
        let exiting = !self.shared.change(Activity::Inactive as i32, Activity::Active as i32);
        if !exiting {
            for held in request.held {
                self.children.push(held.release().map_err(|e| Fail::Io("-c".into(), e))?);
            }
        }
        self.consumer.drain()?;
        self.consumer.sink.flush()?;
        let mut pids = request.pids;
        self.until_end(&signals, &mut pids)?;
        // Whoever interrupts once more will not wait for END and the tables.
        let now = Arc::new(AtomicBool::new(true));
        for signal in [SIGINT, SIGTERM] {
            let status = 128 + signal;
            signal_hook::flag::register_conditional_shutdown(signal, status, Arc::clone(&now)).map_err(Fail::on("signals"))?;
        }
        self.shared.change(Activity::Active as i32, Activity::Draining as i32);
        self.consumer.drain()?;
        if self.consumer.options.refresh.is_some() {
            self.consumer.sink.clear_screen()?;
        }
        self.fire(&Source::End)?;
        self.consumer.drain()?;
        let blank = self.consumer.options.form == Form::Text && !(signals.stop() && self.consumer.options.testing);
        if blank {
            self.consumer.sink.text("\n")?;
        }
        self.consumer.end()?;
        self.consumer.sink.flush()?;
        Ok(self.consumer.exit.unwrap_or(0))
    }

    /// Runs all units of a probe of the tool itself.
    fn fire(&self, source: &Source) -> Result<()> {
        for (_, l) in self.armed.iter().zip(self.loaded).filter(|(a, _)| a.probe.source == *source) {
            bpf::run(&l.program, &[0; 12]).map_err(|e| kernel_said("BPF program", e))?;
        }
        Ok(())
    }

    fn until_end(&mut self, signals: &Signals, pids: &mut Vec<u32>) -> Result<()> {
        if let Some(late) = &mut self.late {
            late.catch_up();
        }
        let start = Instant::now();
        let mut next_look = Duration::ZERO;
        let mut ticks: Vec<(usize, Duration, Instant)> = Vec::new();
        for (i, a) in self.armed.iter().enumerate() {
            if let Source::Tick(ns) = a.probe.source {
                let period = Duration::from_nanos(ns);
                ticks.push((i, period, start + period));
            }
        }
        let mut refresh = self.consumer.options.refresh.map(|every| (every, start + every));
        // A terminal that is gone ends a trace as an interrupt does: there is no configuration to reload.
        while !self.consumer.exiting() && !signals.stop() && !signals.reload() {
            let now = Instant::now();
            for (i, period, due) in &mut ticks {
                if *due <= now {
                    if let Some(l) = self.loaded.get(*i) {
                        bpf::run(&l.program, &[0; 12]).map_err(|e| kernel_said("BPF program", e))?;
                    }
                    // What was missed is not made up for.
                    *due = (*due + *period).max(now);
                }
            }
            self.consumer.drain()?;
            if let Some((every, due)) = refresh.as_mut().filter(|(_, due)| *due <= now) {
                *due = (*due + *every).max(now);
                self.refresh()?;
            }
            self.consumer.sink.flush()?;
            self.look_after_late();
            if self.symbolic && start.elapsed() >= next_look {
                next_look = start.elapsed() + (start.elapsed() / 4).min(Duration::from_secs(2));
                let children = self.children.iter().map(Child::id);
                for pid in children.chain(pids.iter().copied()) {
                    self.consumer.symbols.remember(pid);
                }
            }
            if self.consumer.exiting() || self.targets_gone(pids)? {
                break;
            }
            let next = ticks.iter().map(|t| t.2).chain(refresh.map(|(_, due)| due)).min();
            let look = if self.symbolic && start.elapsed() < 3 * LOOK { SHORT_LOOK } else { LOOK };
            let wait = next.map_or(look, |t| t.saturating_duration_since(Instant::now()).min(look));
            std::thread::sleep(wait);
        }
        Ok(())
    }

    /// Shows the tables as they are now, as END would: in place of the former ones on a terminal, else below them.
    fn refresh(&mut self) -> Result<()> {
        self.consumer.sink.clear_screen()?;
        self.fire(&Source::End)?;
        self.consumer.drain()?;
        self.consumer.end()?;
        self.consumer.sink.table_done();
        // An END that exits means the end of the trace, not this.
        if self.consumer.exit.take().is_some() {
            self.shared.change(Activity::Draining as i32, Activity::Active as i32);
        }
        Ok(())
    }

    /// Takes up programs that have begun.
    fn look_after_late(&mut self) {
        let arrivals = std::mem::take(&mut self.consumer.arrivals);
        if let Some(late) = &mut self.late {
            late.begun(&arrivals);
            self.consumer.units.extend(late.look().into_iter().map(|a| a.probe));
        }
    }

    /// Whether there were targets and all have ended. Says of each how.
    fn targets_gone(&mut self, pids: &mut Vec<u32>) -> Result<bool> {
        if self.children.is_empty() && pids.is_empty() {
            return Ok(false);
        }
        let mut ended = Vec::new();
        for child in &mut self.children {
            if let Some(status) = child.try_wait().map_err(|e| Fail::Io("-c".into(), e))? {
                ended.push((child.id(), ending(status)));
            }
        }
        self.children.retain(|c| !ended.iter().any(|(pid, _)| *pid == c.id()));
        let gone = pids.iter().copied().filter(|p| !process::alive(*p));
        ended.extend(gone.map(|pid| (pid, "has exited".to_string())));
        pids.retain(|p| !ended.iter().any(|(pid, _)| pid == p));
        if !self.consumer.options.quiet {
            for (pid, how) in ended {
                self.consumer.drain()?;
                self.consumer.sink.flush()?;
                warn("phptrace", format!("pid {pid} {how}"));
            }
        }
        Ok(self.children.is_empty() && pids.is_empty())
    }
}

/// How a command ended, in DTrace's words.
fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(0), _) | (None, None) => "has exited".into(),
        (Some(code), _) => format!("exited with status {code}"),
        (None, Some(signal)) => match signal_hook::low_level::signal_name(signal) {
            Some(name) => format!("terminated by {name}"),
            None => format!("terminated by signal {signal}"),
        },
    }
}
