//! A key event with its names, and its line.
use crate::keys::{Action, Keymap};
use crate::stream::Raw;
use base::table::{Column, left};
use std::time::SystemTime;

/// The columns of an event.
pub const COLUMNS: &[Column] = &[left("TIME"), left("CODE"), left("KEY"), left("ACTION"), left("SOURCE")];

/// What happened to which key, and who says so.
pub struct Event<'a> {
    /// When.
    pub time: SystemTime,
    /// The hotkey code, where one is known.
    pub code: Option<u16>,
    /// The name of the key.
    pub key: &'static str,
    /// What happened.
    pub action: Action,
    /// The device or file, `stdin` for standard input.
    pub source: &'a str,
}

impl<'a> Event<'a> {
    /// Gives a decoded event its names.
    #[must_use]
    pub fn new(raw: &Raw, keymap: &Keymap, source: &'a str) -> Self {
        let time = raw.time.unwrap_or_else(SystemTime::now);
        Self { time, code: raw.code, key: keymap.name(raw.code, raw.number), action: raw.action, source }
    }

    /// The time in RFC 3339 UTC.
    #[must_use]
    pub fn time_text(&self) -> String {
        base::time::rfc3339(self.time)
    }

    /// The code in hexadecimal, `-` for a key that has none.
    #[must_use]
    pub fn code_text(&self) -> String {
        self.code.map_or("-".into(), |code| format!("{code:#05x}"))
    }

    /// The fields of [`COLUMNS`].
    #[must_use]
    pub fn fields(&self) -> [String; 5] {
        [self.time_text(), self.code_text(), self.key.into(), self.action.as_str().into(), self.source.into()]
    }
}
