//! The audit file: one line a decision, written by many processes at once.
use crate::{sys, text};
use base::fail::{Fail, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// What is recorded of a decision.
pub struct Record<'a> {
    /// When it fell.
    pub time: SystemTime,
    /// The user whose factor was asked for.
    pub user: &'a str,
    /// The client's address, if known.
    pub ip: &'a str,
    /// What decided: `push`, `passcode`, `group`, `remembered`, ...
    pub factor: &'a str,
    /// Whether the login goes on.
    pub allowed: bool,
    /// The reason, as in the log.
    pub reason: &'a str,
    /// From the start to the decision.
    pub took: Duration,
}

impl Record<'_> {
    fn fields(&self) -> [(&'static str, String); 7] {
        [
            ("time", base::time::rfc3339(self.time)),
            ("user", text::line(self.user)),
            ("ip", text::line(self.ip)),
            ("factor", text::line(self.factor)),
            ("result", if self.allowed { "allow" } else { "deny" }.into()),
            ("reason", text::line(self.reason)),
            ("duration", format!("{:.3}", self.took.as_secs_f64())),
        ]
    }

    /// As JSON: one object, its fields in a fixed order.
    #[must_use]
    pub fn json(&self) -> String {
        let field = |(name, value): &(&str, String)| {
            // A number stays one.
            let value =
                if *name == "duration" { value.clone() } else { serde_json::to_string(value).unwrap_or_else(|_| "null".into()) };
            format!("\"{name}\":{value}")
        };
        format!("{{{}}}\n", self.fields().iter().map(field).collect::<Vec<_>>().join(","))
    }

    /// As CSV (RFC 4180), without a header.
    ///
    /// # Errors
    /// None that a line in memory could meet.
    pub fn csv(&self) -> Result<String> {
        let mut to = csv::WriterBuilder::new().from_writer(Vec::new());
        let failed = |e: &dyn std::fmt::Display| Fail::Other(format!("csv: {e}"));
        to.write_record(self.fields().map(|(_, value)| value)).map_err(|e| failed(&e))?;
        let line = to.into_inner().map_err(|e| failed(&e))?;
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// Appends to `path`: CSV when it ends in `.csv`, else JSON.
    ///
    /// # Errors
    /// The line is not in the file; what was there before is as it was.
    pub fn append(&self, path: &Path) -> Result<()> {
        let line = if path.extension().is_some_and(|x| x == "csv") { self.csv()? } else { self.json() };
        append(path, &line).map_err(Fail::on(path.display()))
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    let flags = libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK;
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    // Locked, so that a line cut short by a full disk can be taken back without taking another's with it.
    let end = Instant::now() + Duration::from_secs(10);
    while !sys::try_lock(&file)? {
        if Instant::now() > end {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "locked"));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let size = file.seek(SeekFrom::End(0))?;
    let text = if ends_open(&mut file, size)? { format!("\n{line}") } else { line.to_string() };
    file.write_all(text.as_bytes()).inspect_err(|_| drop(file.set_len(size)))
}

/// Whether the last line lacks its end: another program was cut off there.
fn ends_open(file: &mut File, size: u64) -> io::Result<bool> {
    let mut last = [b'\n'];
    if size > 0 {
        file.seek(SeekFrom::Start(size - 1))?;
        file.read_exact(&mut last)?;
    }
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::folder;
    use serde_json::Value;
    use std::fs;

    fn record() -> Record<'static> {
        Record {
            time: SystemTime::UNIX_EPOCH + Duration::from_secs(1_124_433_000),
            user: "a\"b\n",
            ip: "::1",
            factor: "push",
            allowed: true,
            reason: "x, y\u{9b}",
            took: Duration::from_millis(1500),
        }
    }

    const JSON: &str = r#"{"time":"2005-08-19T06:30:00Z","user":"a\"b?","ip":"::1","factor":"push","result":"allow","reason":"x, y?","duration":1.500}"#;

    #[test]
    fn both_forms() {
        assert_eq!(record().json(), format!("{JSON}\n"));
        assert!(serde_json::from_str::<Value>(&record().json()).is_ok());
        assert_eq!(record().csv().unwrap(), "2005-08-19T06:30:00Z,\"a\"\"b?\",::1,push,allow,\"x, y?\",1.500\n");
    }

    #[test]
    fn lines_stay_whole() {
        let dir = folder("audit");
        let path = dir.join("log");
        fs::write(&path, "cut off").unwrap();
        record().append(&path).unwrap();
        record().append(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("cut off\n{JSON}\n{JSON}\n"));
        assert!(record().append(&dir).is_err());
        std::os::unix::fs::symlink(&path, dir.join("link")).unwrap();
        assert!(record().append(&dir.join("link")).is_err());
        assert!(append(Path::new("/dev/full"), "x").is_err());
        fs::remove_dir_all(&dir).unwrap();
    }
}
