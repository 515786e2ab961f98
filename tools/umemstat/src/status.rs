//! `umemstat status`: mdb's `::umem_status`.
use crate::command::Request;
use crate::target::{Target, about};
use base::fail::Result;
use base::out::Out;
use base::table::{Column, left, right};
use std::fmt::Write;
use umem_abi::{Log, Record, debug};

/// The fields of a target's state.
pub(crate) const COLUMNS: &[Column] = &[right("PID"), left("DEBUG"), left("LOGS"), right("ERRORS")];
/// Bytes of messages at most.
const MESSAGES: u64 = 1 << 20;

/// The allocator's state, its debugging, its logs, its last messages.
pub(crate) fn status(request: &mut Request, out: &mut Out) -> Result {
    let mut table = request.table(COLUMNS)?;
    for target in &request.targets {
        let about = |e| about(&target.label, e);
        if request.is_text() {
            out.text(&text(target).map_err(about)?)?;
            continue;
        }
        let d = &target.allocator.descriptor;
        let fields = [target.label.clone(), flags(d.debug), logs(target).map_err(about)?.join(","), d.errors.to_string()];
        table.row(out, &fields)?;
    }
    if !request.is_text() {
        table.end(out)?;
    }
    Ok(0)
}

/// The logs in force with their sizes, as `UMEM_LOGGING` has them.
fn logs(target: &Target) -> Result<Vec<String>> {
    let d = &target.allocator.descriptor;
    let all = [("transaction", d.log), ("contents", d.contents_log), ("fail", d.fail_log), ("slab", d.slab_log)]
        .into_iter()
        .filter(|(_, addr)| *addr != 0);
    let size = |(name, addr)| {
        let log: Log = target.memory().record(addr, Log::SIZE as u64)?;
        Ok(format!("{name}={}", bytes(log.entries.saturating_mul(log.stride))))
    };
    all.map(size).collect()
}

pub(crate) fn text(target: &Target) -> Result<String> {
    let d = &target.allocator.descriptor;
    let mut t = String::from("Status:\t\tready and active\n");
    let _ = writeln!(t, "Debugging:\t{}", flags(d.debug));
    let logs = logs(target)?;
    let _ = write!(t, "Logs:\t\t{}", if logs.is_empty() { "(inactive)".into() } else { logs.join(" ") });
    let _ = writeln!(t, "\nErrors:\t\t{}\nMessage buffer:", d.errors);
    t += &messages(target)?;
    Ok(t)
}

/// The names of debugging flags.
fn flags(bits: u64) -> String {
    let names = [
        (debug::AUDIT, "audit"),
        (debug::CONTENTS, "contents"),
        (debug::GUARDS, "guards"),
        (debug::FIREWALL, "firewall"),
        (debug::LITE, "lite"),
        (debug::MTBF, "mtbf"),
    ];
    let set: Vec<_> = names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect();
    if set.is_empty() { "none".into() } else { set.join(",") }
}

/// A size as it is written in `UMEM_LOGGING`.
fn bytes(n: u64) -> String {
    match n {
        n if n % (1 << 20) == 0 => format!("{}m", n >> 20),
        n if n % (1 << 10) == 0 => format!("{}k", n >> 10),
        n => n.to_string(),
    }
}

/// The allocator's last messages, the oldest first.
pub(crate) fn messages(target: &Target) -> Result<String> {
    let d = &target.allocator.descriptor;
    if d.messages == 0 || d.messages_end == 0 || d.messages_size == 0 || d.messages_size > MESSAGES {
        return Ok(String::new());
    }
    let ring = target.memory().bytes(d.messages, usize::try_from(d.messages_size).unwrap_or(0))?;
    Ok(unwound(&ring, d.messages_end))
}

/// A ring's text in the order it was written; `end` counts all bytes ever written.
fn unwound(ring: &[u8], end: u64) -> String {
    let len = ring.len() as u64;
    if end <= len {
        let text = ring.get(..usize::try_from(end).unwrap_or(0)).unwrap_or_default();
        return String::from_utf8_lossy(text).into_owned();
    }
    let (new, old) = ring.split_at(usize::try_from(end % len).unwrap_or(0));
    let text = [old, new].concat();
    // The oldest line has lost its start.
    let text = String::from_utf8_lossy(&text).into_owned();
    text.split_once('\n').map_or(text.clone(), |(_, rest)| rest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_reads_from_its_oldest_whole_line() {
        assert_eq!(unwound(b"one\ntwo\n\0\0", 8), "one\ntwo\n");
        assert_eq!(unwound(b"ee\nve\nthr", 12), "three\n");
        assert_eq!(unwound(b"abc", 3), "abc");
    }

    #[test]
    fn names_and_sizes() {
        assert_eq!((flags(0), flags(5)), ("none".into(), "audit,guards".into()));
        assert_eq!((bytes(65536), bytes(3 << 20), bytes(100)), ("64k".into(), "3m".into(), "100".into()));
    }
}
