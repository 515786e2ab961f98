//! From records and aggregations in the kernel to DTrace's output.
use crate::bits::{Signed as _, Unsigned as _};
pub(crate) mod aggregate;
pub(crate) mod datum;
pub(crate) mod flow;
pub(crate) mod forms;
pub(crate) mod names;
pub(crate) mod sink;

use crate::codegen::frame::{Activity, record, state};
use crate::probes::Probe;
use crate::run::options::Options;
use crate::sys::ring::Ring;
use crate::sys::shared::Shared;
use aggregate::Aggregates;
use base::cli::warn;
use base::fail::Result;
use dlang::format::{self, Datum, Style, Totals};
use dlang::program::{Action, ActionKind, Clause, Program, Statement};
use dlang::types::Type;
use names::Symbols;
use sink::Sink;
use std::collections::HashMap;

/// What the consumer knows of a run.
pub(crate) struct Consumer<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its options.
    pub options: Options,
    /// Which probe each unit is for.
    pub units: Vec<Probe>,
    /// The aggregations.
    pub aggregates: Aggregates<'a>,
    /// The kernel's side.
    pub shared: &'a Shared,
    /// Records.
    pub ring: Ring,
    /// Where output goes.
    pub sink: Sink<'a>,
    /// Addresses by name.
    pub symbols: Symbols,
    /// Set by `exit()`.
    pub exit: Option<u8>,
    /// Processes that have begun a new program since this was last emptied.
    pub arrivals: Vec<u32>,
    speculations: HashMap<u64, Vec<Vec<u8>>>,
    drops: [u64; 7],
    flow: flow::Flow,
    /// What the record being shown is of, for messages: `dt_clause_0 for probe ID 1 (dtrace:::BEGIN)`.
    shown: Option<Head>,
    /// Whether the line above the rows has been printed.
    headed: bool,
}

/// A record's header.
#[derive(Clone, Copy)]
struct Head {
    clause: u32,
    unit: u32,
    cpu: u32,
    pid: u32,
    speculation: u64,
}

impl Head {
    fn read(data: &[u8]) -> Self {
        Self {
            clause: half(data, record::CLAUSE),
            unit: half(data, record::UNIT),
            cpu: half(data, record::CPU),
            pid: half(data, record::TGID),
            speculation: word(data, record::SPECULATION),
        }
    }
}

fn word(data: &[u8], at: u32) -> u64 {
    let from = usize::try_from(at).ok().and_then(|at| data.get(at..));
    from.and_then(|d| d.first_chunk()).map_or(0, |w| u64::from_le_bytes(*w))
}

fn half(data: &[u8], at: u32) -> u32 {
    let from = usize::try_from(at).ok().and_then(|at| data.get(at..));
    from.and_then(|d| d.first_chunk()).map_or(0, |w| u32::from_le_bytes(*w))
}

impl<'a> Consumer<'a> {
    /// A consumer at the start of a run.
    pub(crate) fn new(
        program: &'a Program,
        options: Options,
        units: Vec<Probe>,
        aggregates: Aggregates<'a>,
        (shared, ring): (&'a Shared, Ring),
        sink: Sink<'a>,
    ) -> Self {
        Self {
            program,
            options,
            units,
            aggregates,
            shared,
            ring,
            sink,
            symbols: Symbols::default(),
            exit: None,
            arrivals: Vec::new(),
            speculations: HashMap::new(),
            drops: [0; 7],
            flow: flow::Flow::default(),
            shown: None,
            headed: false,
        }
    }

    /// How values look now.
    pub(crate) fn style(&self) -> Style {
        Style {
            quiet: self.options.quiet,
            raw: self.options.raw_bytes,
            indent: self.options.stack_indent,
            bars: self.options.bars,
        }
    }

    /// The line above the rows, once there is one.
    fn heading(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.headed, true) {
            return Ok(());
        }
        match (self.options.quiet, self.options.flow, self.options.testing) {
            (_, true, true) => self.sink.text(&format!("{:<41}\n", "FUNCTION")),
            (_, true, false) => self.sink.text(&format!("{:>3} {:<41}\n", "CPU", "FUNCTION")),
            (false, _, true) => self.sink.text(&format!("{:>32}\n", "FUNCTION:NAME")),
            (false, _, false) => self.sink.text(&format!("{:>3} {:>6} {:>32}\n", "CPU", "ID", "FUNCTION:NAME")),
            _ => Ok(()),
        }
    }

    /// Prints all records there are.
    pub(crate) fn drain(&mut self) -> Result<()> {
        let mut data = Vec::new();
        // How the last record of a return looks depends on the record after it.
        let mut held: Option<(Head, Vec<u8>)> = None;
        while self.ring.next(&mut data) {
            let head = Head::read(&data);
            if head.clause == record::ARRIVAL {
                self.arrivals.push(head.pid);
                continue;
            }
            if let Some((before, bytes)) = held.take() {
                self.record(&before, &bytes, Some(&head))?;
            }
            if head.speculation != 0 {
                self.speculations.entry(head.speculation).or_default().push(data.clone());
            } else if self.options.flow {
                held = Some((head, data.clone()));
            } else {
                self.record(&head, &data, None)?;
            }
        }
        if let Some((head, bytes)) = held {
            self.record(&head, &bytes, None)?;
        }
        self.report_drops();
        Ok(())
    }

    fn record(&mut self, head: &Head, data: &[u8], next: Option<&Head>) -> Result<()> {
        if head.clause == record::FAULT {
            self.fault(head, data);
            return Ok(());
        }
        let program = self.program;
        let Some(clause) = usize::try_from(head.clause).ok().and_then(|c| program.clauses.get(c)) else { return Ok(()) };
        let from = usize::try_from(record::HEADER).unwrap_or(0);
        let data = data.get(from..).unwrap_or_default();
        if self.options.form != aggregate::Form::Text {
            return self.formed(clause, head, data);
        }
        if clause.traces {
            self.row_start(head, next)?;
        }
        self.shown = Some(*head);
        self.actions(clause, data)?;
        if clause.traces && !self.options.quiet {
            self.sink.text("\n")?;
        }
        Ok(())
    }

    fn probe(&self, head: &Head) -> (u32, String, String, String) {
        if head.unit == record::ERROR_UNIT {
            return (crate::codegen::ERROR_ID, String::new(), "ERROR".into(), "dtrace".into());
        }
        let unit = usize::try_from(head.unit).ok().and_then(|u| self.units.get(u));
        let [provider, _, function, name] = unit.map(|p| p.names.clone()).unwrap_or_default();
        (unit.map_or(0, |p| p.id), function, name, provider)
    }

    fn row_start(&mut self, head: &Head, next: Option<&Head>) -> Result<()> {
        self.heading()?;
        let (id, function, name, provider) = self.probe(head);
        if self.options.flow {
            let next = next.map(|n| (self.probe(n).0, n.clause));
            let names = [provider.as_str(), &function, &name];
            let shown = self.flow.column(&flow::Firing { at: (id, head.clause), next, pid: head.pid, names });
            if self.options.testing {
                return self.sink.text(&format!("{shown:<41} "));
            }
            return self.sink.text(&format!("{:>3} {shown:<41} ", head.cpu));
        }
        if self.options.quiet {
            return Ok(());
        }
        let name = format!("{function}:{name}");
        if self.options.testing {
            return self.sink.text(&format!("{name:>32} "));
        }
        self.sink.text(&format!("{:>3} {id:>6} {name:>32} ", head.cpu))
    }

    fn actions(&mut self, clause: &Clause, data: &[u8]) -> Result<()> {
        for statement in &clause.body {
            if let Statement::Action(action) = statement {
                self.action(action, data)?;
            }
        }
        Ok(())
    }

    /// The values an action recorded.
    fn values(&mut self, action: &Action, data: &[u8]) -> Vec<Datum> {
        let style = self.options.no_resolve;
        action.records.iter().map(|r| datum::read(r, data, &mut self.symbols, style)).collect()
    }

    fn action(&mut self, action: &Action, data: &[u8]) -> Result<()> {
        let program = self.program;
        let values = self.values(action, data);
        let mut text = Vec::new();
        match &action.kind {
            ActionKind::Trace | ActionKind::Symbolic => {
                for (value, r) in values.iter().zip(&action.records) {
                    // Only arrays may hold text.
                    let raw = matches!(program.types.kind(r.ty), Type::Struct { .. });
                    let style = self.style();
                    format::trace(&mut text, value, Style { raw: raw || style.raw, ..style });
                }
            }
            ActionKind::Print => {
                self.print(action, data, &mut text);
            }
            ActionKind::Tracemem { .. } => self.tracemem(&values, &mut text),
            ActionKind::Printf(f) => {
                if let Some(f) = program.formats.get(f.0) {
                    format::printf(&mut text, f, &values, Totals::default(), &self.symbols);
                }
            }
            ActionKind::System(f) | ActionKind::Freopen(f) => {
                if let Some(f) = program.formats.get(f.0) {
                    format::printf(&mut text, f, &values, Totals::default(), &self.symbols);
                }
                let line = String::from_utf8_lossy(&text).into_owned();
                let system = matches!(action.kind, ActionKind::System(_));
                return if system { self.sink.system(&line) } else { self.sink.reopen(&line) };
            }
            ActionKind::Exit => {
                let status = values.first().map_or(0, |v| if let Datum::Int { value, .. } = v { *value } else { 0 });
                // END may say another.
                self.exit = Some(u8::try_from(status & 0xff).unwrap_or(1));
            }
            ActionKind::Commit | ActionKind::Discard => return self.close_speculation(&action.kind, &values),
            _ => return self.aggregation_action(action, &values),
        }
        self.sink.bytes(&text)
    }

    fn print(&self, action: &Action, data: &[u8], text: &mut Vec<u8>) {
        let types = &self.program.types;
        match action.records.as_slice() {
            [r] => format::print(text, types, r.ty, datum::bytes(r, data)),
            [pointer, r, ..] => {
                let address = word(datum::bytes(pointer, data), 0);
                format::print_at(text, types, address, (r.ty, datum::bytes(r, data)), self.options.print_size);
            }
            [] => {}
        }
    }

    fn tracemem(&mut self, values: &[Datum], text: &mut Vec<u8>) {
        let Some(Datum::Bytes(all)) = values.first() else { return };
        let limit = match values.get(1) {
            Some(Datum::Int { value, .. }) => usize::try_from(*value).unwrap_or(0).min(all.len()),
            _ => all.len(),
        };
        format::text_or_dump(text, all.get(..limit).unwrap_or_default(), 33, Style { raw: true, ..self.style() });
    }

    fn close_speculation(&mut self, kind: &ActionKind, values: &[Datum]) -> Result<()> {
        let Some(Datum::Int { value, .. }) = values.first() else { return Ok(()) };
        let id = value.unsigned();
        let records = self.speculations.remove(&id).unwrap_or_default();
        if let Some(slot) = id.checked_sub(1).and_then(|i| u32::try_from(i).ok()).filter(|i| *i < self.options.speculations) {
            self.shared.set(state::SPECULATIONS + 8 * slot, 0);
        }
        if *kind == ActionKind::Commit {
            for data in records {
                self.record(&Head::read(&data), &data, None)?;
            }
        }
        Ok(())
    }

    fn aggregation_action(&mut self, action: &Action, values: &[Datum]) -> Result<()> {
        match &action.kind {
            ActionKind::Printa(f, aggregations) => {
                let program = self.program;
                let format = f.and_then(|f| program.formats.get(f.0));
                let (style, sort) = (self.style(), self.options.sort);
                let text = self.aggregates.printa(format, aggregations, (style, sort), &mut self.symbols)?;
                self.sink.bytes(&text)?;
            }
            ActionKind::Clear(a) => self.aggregates.clear(a.0)?,
            ActionKind::Trunc(a) => {
                let n = values.first().map(|v| if let Datum::Int { value, .. } = v { *value } else { 0 });
                self.aggregates.truncate(a.0, n, &mut self.symbols)?;
            }
            ActionKind::Normalize(a) => {
                if let Some(Datum::Int { value, .. }) = values.first() {
                    self.aggregates.normalize(a.0, *value);
                }
            }
            ActionKind::Denormalize(a) => self.aggregates.normalize(a.0, 1),
            ActionKind::Ftruncate => self.sink.truncate()?,
            ActionKind::Setopt(name, value) => {
                self.set_option(name, value.as_deref());
            }
            _ => {}
        }
        Ok(())
    }

    /// `setopt()`
    fn set_option(&mut self, name: &str, value: Option<&str>) {
        let Err(why) = self.options.change(name, value) else { return };
        let head = self.shown;
        let clause = head.and_then(|h| self.program.clauses.get(usize::try_from(h.clause).ok()?)).map_or(0, |c| c.number);
        let unit = head.and_then(|h| self.units.get(usize::try_from(h.unit).ok()?));
        let (id, names) = unit.map(|p| (p.id, p.names.join(":"))).unwrap_or_default();
        let _ = self.sink.flush();
        let value = value.unwrap_or("1");
        let text = format!(
            "error in dt_clause_{clause} for probe ID {id} ({names}): couldn't set option \"{name}\" to \"{value}\": {why}"
        );
        warn("phptrace", text);
        // DTrace ends this message twice.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"\n");
    }

    /// A fault of a clause, as DTrace words it.
    fn fault(&mut self, head: &Head, data: &[u8]) {
        let at = |n: u32| word(data, record::HEADER + 8 * n);
        let (kind, address, pc, clause) = (at(0), at(1), at(2), at(3));
        let what = match kind {
            1 => "invalid address",
            2 => "invalid alignment",
            3 => "illegal operation",
            4 => "divide-by-zero",
            5 => "out of scratch space",
            10 => "invalid size",
            11 => "index out of bounds",
            _ => "unknown fault",
        };
        let details = match kind {
            1 | 2 | 9 | 10 => format!(" (0x{address:x})"),
            11 => format!(" ({})", address.signed()),
            _ => String::new(),
        };
        let unit = usize::try_from(head.unit).ok().and_then(|u| self.units.get(u));
        let (id, names) = unit.map(|p| (p.id, p.names.join(":"))).unwrap_or_default();
        let _ = self.sink.flush();
        warn("phptrace", format!("error in dt_clause_{clause} for probe ID {id} ({names}): {what}{details} at BPF pc {pc}"));
    }

    fn report_drops(&mut self) {
        let list = [
            (state::DROPS, "PRINCIPAL", "drop", ""),
            (state::AGGREGATION_DROPS, "AGGREGATION", "aggregation drop", ""),
            (state::DYNAMIC_DROPS, "DYNAMIC", "dynamic variable drop", ""),
            (state::BUSY_DROPS, "PRINCIPAL", "drop", " (all scratch slots of the CPU taken)"),
            (state::SPECULATIVE_DROPS, "SPEC", "speculative drop", ""),
            (state::SPECULATION_DROPS, "SPECUNAVAIL", "failed speculation", " (no speculative buffer available)"),
            (state::ERROR_DROPS, "DBLERROR", "error", " in ERROR probe enabling"),
        ];
        for ((offset, tag, what, more), before) in list.into_iter().zip(&mut self.drops) {
            let now = self.shared.get(offset);
            let new = now.wrapping_sub(std::mem::replace(before, now));
            if new > 0 {
                let _ = self.sink.flush();
                let tag = if self.options.drop_tags { format!("[DTRACEDROP_{tag}] ") } else { String::new() };
                warn("phptrace", format!("{tag}{new} {what}{}{more}", if new > 1 { "s" } else { "" }));
            }
        }
    }

    /// Whether `exit()` has been called.
    pub(crate) fn exiting(&self) -> bool {
        self.exit.is_some() || self.shared.first() == Activity::Draining as i32
    }

    /// What is printed at the end: the aggregations that no `printa` has shown.
    pub(crate) fn end(&mut self) -> Result<()> {
        let (style, sort) = (self.style(), self.options.sort);
        let form = self.options.form;
        let text = self.aggregates.rest((style, sort), form, &mut self.symbols)?;
        self.sink.bytes(&text)
    }
}
