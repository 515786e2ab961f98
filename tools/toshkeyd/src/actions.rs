//! Commands of the configuration, started on events.
use crate::config::Rule;
use crate::event::Event;
use base::cli::warn;
use base::fail::{Fail, Result};
use std::fs::File;
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};

/// The commands that run now, and what became of the others.
#[derive(Default)]
pub struct Runner {
    /// Each with its command line, by which it is known after a reload too.
    running: Vec<(String, Child)>,
    /// How many were started.
    pub started: u64,
    /// How many events found their command still running.
    pub skipped: u64,
    /// How many could not be started or ended with a status other than 0.
    pub failed: u64,
}

impl Runner {
    /// Starts a rule's command for an event, unless it still runs.
    pub fn start(&mut self, rule: &Rule, event: &Event) {
        self.reap();
        if self.running.iter().any(|(command, _)| *command == rule.command) {
            self.skipped += 1;
            return;
        }
        match spawn(rule, event) {
            Ok(child) => {
                self.started += 1;
                self.running.push((rule.command.clone(), child));
            }
            Err(e) => self.fail(&rule.command, &e),
        }
    }

    /// Takes note of those that ended.
    pub fn reap(&mut self) {
        let mut ended = Vec::new();
        self.running.retain_mut(|(command, child)| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) => {
                ended.push((command.clone(), (!status.success()).then(|| status.to_string())));
                false
            }
            Err(e) => {
                ended.push((command.clone(), Some(e.to_string())));
                false
            }
        });
        for (command, why) in ended {
            if let Some(why) = why {
                self.fail(&command, &why);
            }
        }
    }

    /// Whether one still runs.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    fn fail(&mut self, command: &str, why: &dyn std::fmt::Display) {
        self.failed += 1;
        warn("toshkeyd", format!("{command}: {why}"));
    }
}

/// The command has the event in its environment, nothing to read, and the daemon's standard error: standard output is for events.
fn spawn(rule: &Rule, event: &Event) -> Result<Child> {
    let log = std::io::stderr().as_fd().try_clone_to_owned().map_err(Fail::on("stderr"))?;
    Command::new("/bin/sh")
        .args(["-c", &rule.command])
        .env("TOSHKEYD_TIME", event.time_text())
        .env("TOSHKEYD_CODE", event.code_text())
        .env("TOSHKEYD_KEY", event.key)
        .env("TOSHKEYD_ACTION", event.action.as_str())
        .env("TOSHKEYD_SOURCE", event.source)
        .stdin(Stdio::null())
        .stdout(File::from(log))
        .spawn()
        .map_err(Fail::on("/bin/sh"))
}
