//! Bytes to key events: `struct input_event` records of Linux's evdev, or hotkey codes as text, told apart by their first bytes.
use crate::keys::{self, Action};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// One event of one key, before it has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// When it happened; `None` for now (text carries no time).
    pub time: Option<SystemTime>,
    /// The code of the HCI's event queue, without its release bit.
    pub code: Option<u16>,
    /// The kernel's key number.
    pub number: Option<u16>,
    /// What happened.
    pub action: Action,
}

/// `sizeof(struct input_event)` on a 64-bit machine: two 64-bit words of time, type, code, value.
const RECORD: usize = 24;
/// A line longer than this is no hotkey code.
const LONGEST: usize = 4096;

// Types and codes of linux/input-event-codes.h.
const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
const EV_MSC: u16 = 4;
const EV_MAX: u16 = 0x1f;
const SYN_REPORT: u16 = 0;
const SYN_DROPPED: u16 = 3;
const MSC_SCAN: u16 = 4;

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Too few bytes have come to tell.
    Unknown,
    Records,
    Text,
}

/// Takes a stream in pieces of any size and gives the key events in it.
pub struct Decoder {
    name: String,
    form: Form,
    /// What is left of the last piece: part of a record or of a line.
    rest: Vec<u8>,
    /// Bytes (records) or lines (text) done, for messages.
    done: u64,
    /// The last `MSC_SCAN` of the present report.
    scan: Option<u16>,
    /// The code that each key was pressed with; its release often comes without one.
    pressed: BTreeMap<u16, u16>,
    /// After `SYN_DROPPED` all is unreliable until the next report.
    dropping: bool,
    /// How often the kernel said that it dropped events.
    pub dropped: u64,
}

impl Decoder {
    /// A decoder for a stream that is called `name` in messages.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let (rest, pressed) = (Vec::new(), BTreeMap::new());
        Self { name: name.into(), form: Form::Unknown, rest, done: 0, scan: None, pressed, dropping: false, dropped: 0 }
    }

    /// Decodes another piece; the events are appended to `to`.
    ///
    /// # Errors
    /// What the piece holds is neither: the message says where and what was expected. The events before it are in `to`.
    pub fn feed(&mut self, piece: &[u8], to: &mut Vec<Raw>) -> Result<(), String> {
        self.rest.extend_from_slice(piece);
        if self.form == Form::Unknown {
            self.form = form(&self.rest);
        }
        let rest = std::mem::take(&mut self.rest);
        let used = match self.form {
            Form::Unknown => Ok(0),
            Form::Records => self.records(&rest, to),
            Form::Text => self.lines(&rest, to),
        }?;
        self.rest = rest.get(used..).unwrap_or_default().to_vec();
        Ok(())
    }

    /// The stream is over: a last line needs no newline, a last record must be whole.
    ///
    /// # Errors
    /// As of [`Decoder::feed`].
    pub fn end(&mut self, to: &mut Vec<Raw>) -> Result<(), String> {
        let rest = std::mem::take(&mut self.rest);
        match self.form {
            _ if rest.is_empty() => Ok(()),
            Form::Records => Err(format!(
                "{}: byte {}: ends in the middle of an event: expected records of {RECORD} bytes",
                self.name, self.done
            )),
            Form::Text | Form::Unknown => self.line(&rest, to),
        }
    }

    fn records(&mut self, bytes: &[u8], to: &mut Vec<Raw>) -> Result<usize, String> {
        let mut used = 0;
        while let Some(record) = bytes.get(used..).and_then(<[u8]>::first_chunk::<RECORD>) {
            let [s0, s1, s2, s3, s4, s5, s6, s7, u0, u1, u2, u3, u4, u5, u6, u7, t0, t1, c0, c1, v0, v1, v2, v3] = *record;
            let seconds = i64::from_ne_bytes([s0, s1, s2, s3, s4, s5, s6, s7]);
            let micros = i64::from_ne_bytes([u0, u1, u2, u3, u4, u5, u6, u7]);
            let (kind, code) = (u16::from_ne_bytes([t0, t1]), u16::from_ne_bytes([c0, c1]));
            let value = i32::from_ne_bytes([v0, v1, v2, v3]);
            let time = time(seconds, micros).filter(|_| kind <= EV_MAX);
            let Some(time) = time else {
                return Err(format!(
                    "{}: byte {}: not an input event: expected struct input_event records",
                    self.name, self.done
                ));
            };
            to.extend(self.event(time, kind, code, value));
            self.done += RECORD as u64;
            used += RECORD;
        }
        Ok(used)
    }

    fn event(&mut self, time: SystemTime, kind: u16, code: u16, value: i32) -> Option<Raw> {
        if self.dropping {
            self.dropping = (kind, code) != (EV_SYN, SYN_REPORT);
            return None;
        }
        match (kind, code) {
            (EV_SYN, SYN_DROPPED) => {
                self.dropping = true;
                self.dropped += 1;
                self.pressed.clear();
                self.scan = None;
                None
            }
            (EV_SYN, SYN_REPORT) => {
                self.scan = None;
                None
            }
            (EV_MSC, MSC_SCAN) => {
                self.scan = u16::try_from(value).ok();
                None
            }
            (EV_KEY, number) => {
                let (action, code) = match value {
                    0 => (Action::Release, self.scan.or(self.pressed.remove(&number))),
                    1 => {
                        self.pressed.extend(self.scan.map(|code| (number, code)));
                        (Action::Press, self.scan)
                    }
                    _ => (Action::Repeat, self.scan.or(self.pressed.get(&number).copied())),
                };
                Some(Raw { time: Some(time), code, number: Some(number), action })
            }
            _ => None,
        }
    }

    fn lines(&mut self, text: &[u8], to: &mut Vec<Raw>) -> Result<usize, String> {
        let mut used = 0;
        while let Some(length) = text.get(used..).and_then(|rest| rest.iter().position(|b| *b == b'\n')) {
            self.line(text.get(used..used + length).unwrap_or_default(), to)?;
            used += length + 1;
        }
        if text.len() - used > LONGEST {
            return Err(format!(
                "{}:{}: longer than {LONGEST} bytes: expected a hotkey code such as 0x141",
                self.name,
                self.done + 1
            ));
        }
        Ok(used)
    }

    /// A code, a comment after `#`, or nothing.
    fn line(&mut self, line: &[u8], to: &mut Vec<Raw>) -> Result<(), String> {
        self.done += 1;
        let text = String::from_utf8_lossy(line);
        let word = text.split('#').next().unwrap_or_default().trim();
        if word.is_empty() {
            return Ok(());
        }
        let Some(code) = keys::code(word) else {
            let word: String = word.chars().take(40).collect();
            return Err(format!("{}:{}: {word}: expected a hotkey code such as 0x141", self.name, self.done));
        };
        let (code, action) = keys::split(code);
        to.push(Raw { time: None, code: Some(code), number: None, action });
        Ok(())
    }
}

/// Records hold zero bytes in the high half of their seconds, text has none.
fn form(start: &[u8]) -> Form {
    if start.iter().take(8).any(|b| *b == 0) {
        Form::Records
    } else if start.len() >= 8 || start.trim_ascii_start().contains(&b'\n') {
        Form::Text
    } else {
        Form::Unknown
    }
}

fn time(seconds: i64, micros: i64) -> Option<SystemTime> {
    let micros = u64::try_from(micros).ok().filter(|m| *m < 1_000_000)?;
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))?
        .checked_add(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, code: u16, value: i32) -> Vec<u8> {
        let parts: [&[u8]; 5] = [
            &1_124_433_000i64.to_ne_bytes(),
            &7i64.to_ne_bytes(),
            &kind.to_ne_bytes(),
            &code.to_ne_bytes(),
            &value.to_ne_bytes(),
        ];
        parts.concat()
    }

    fn decode(bytes: &[u8], piece: usize) -> (Vec<Raw>, Result<(), String>) {
        let (mut decoder, mut to) = (Decoder::new("f"), Vec::new());
        for piece in bytes.chunks(piece) {
            if let Err(e) = decoder.feed(piece, &mut to) {
                return (to, Err(e));
            }
        }
        let end = decoder.end(&mut to);
        (to, end)
    }

    fn codes(raw: &[Raw]) -> Vec<(Option<u16>, Option<u16>, Action)> {
        raw.iter().map(|r| (r.code, r.number, r.action)).collect()
    }

    #[test]
    fn a_key_of_the_driver_is_scan_press_and_release() {
        let bytes = [
            record(EV_MSC, MSC_SCAN, 0x141),
            record(EV_KEY, 225, 1),
            record(0, 0, 0),
            record(EV_KEY, 225, 0),
            record(0, 0, 0),
            record(EV_KEY, 30, 1),
            record(EV_KEY, 30, 2),
        ]
        .concat();
        for piece in [1, 5, 24, 1000] {
            let (raw, end) = decode(&bytes, piece);
            assert_eq!(end, Ok(()));
            let want = [
                (Some(0x141), Some(225), Action::Press),
                (Some(0x141), Some(225), Action::Release),
                (None, Some(30), Action::Press),
                (None, Some(30), Action::Repeat),
            ];
            assert_eq!(codes(&raw), want);
            assert_eq!(raw[0].time, Some(SystemTime::UNIX_EPOCH + Duration::new(1_124_433_000, 7000)));
        }
    }

    #[test]
    fn what_the_kernel_dropped_is_not_guessed() {
        let bytes = [record(0, SYN_DROPPED, 0), record(EV_KEY, 30, 1), record(0, 0, 0), record(EV_KEY, 31, 1)].concat();
        let (raw, end) = decode(&bytes, 7);
        assert_eq!((codes(&raw), end), (vec![(None, Some(31), Action::Press)], Ok(())));
    }

    #[test]
    fn text_in_any_pieces() {
        let text = b"\n# Fn+F7, then Fn alone\n0x141\r\n  0x1c1 # up\n0x1ff\n0x100";
        for piece in 1..text.len() {
            let (raw, end) = decode(text, piece);
            assert_eq!(end, Ok(()));
            let got: Vec<_> = raw.iter().map(|r| (r.code.unwrap(), r.action)).collect();
            use Action::{Press, Release};
            assert_eq!(got, [(0x141, Press), (0x141, Release), (0x100, Press), (0x100, Release)]);
        }
    }

    #[test]
    fn wrong_input_names_its_place() {
        let said = |bytes: &[u8]| decode(bytes, 9).1.unwrap_err();
        assert_eq!(said(b"0x141\n0x142\nup\n"), "f:3: up: expected a hotkey code such as 0x141");
        assert_eq!(said(b"0x"), "f:1: 0x: expected a hotkey code such as 0x141");
        assert_eq!(said(&[b'x'; 9000]), "f:1: longer than 4096 bytes: expected a hotkey code such as 0x141");
        let short = [record(0, 0, 0), vec![0; 10]].concat();
        assert_eq!(said(&short), "f: byte 24: ends in the middle of an event: expected records of 24 bytes");
        let wrong = [record(0, 0, 0), record(999, 0, 0)].concat();
        assert_eq!(said(&wrong), "f: byte 24: not an input event: expected struct input_event records");
    }

    #[test]
    fn changed_bytes_never_panic_and_pieces_make_no_difference() {
        let good = [record(EV_MSC, MSC_SCAN, 0x141), record(EV_KEY, 225, 1), record(0, 0, 0), record(EV_KEY, 225, 0)].concat();
        let text = b"0x141\n0x1c1\n# x\n0xb05\n".to_vec();
        let mut seed = 1u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(seed >> 8).unwrap()
        };
        for start in [good, text] {
            for _ in 0..20_000 {
                let mut bytes = start.clone();
                for _ in 0..=random() % 4 {
                    // The first 8 bytes tell the form and stay.
                    let at = 8 + random() % (bytes.len() - 8);
                    match random() % 3 {
                        0 => bytes[at] = u8::try_from(random() % 256).unwrap(),
                        1 => bytes.truncate(at + 1),
                        _ => bytes.insert(at, u8::try_from(random() % 256).unwrap()),
                    }
                }
                let (whole, pieces) = (decode(&bytes, bytes.len()), decode(&bytes, 1 + random() % 30));
                assert_eq!(whole, pieces, "{bytes:x?}");
            }
        }
    }
}
