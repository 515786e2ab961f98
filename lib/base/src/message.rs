//! Messages on standard error: one line each, whatever is in the words that they repeat.
use crate::table::printable;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

/// Characters of a message at most: what is longer loses its middle, so that both what it is about and why stay.
const LONGEST: usize = 512;

/// Says `tool: message` on standard error, control characters made visible, an overlong message without its middle.
///
/// Nothing can be done about a standard error that is gone, so that is ignored.
pub fn warn(tool: &str, message: impl Display) {
    let _ = writeln!(io::stderr(), "{tool}: {}", line(&message.to_string()));
}

/// As [`warn`], for a message of several lines, which may begin with tabs.
pub(crate) fn warn_lines(tool: &str, text: &str) {
    let indented = |l: &str| {
        let words = l.trim_start_matches('\t');
        l.get(..l.len() - words.len()).unwrap_or_default().to_string() + &line(words)
    };
    let lines: Vec<_> = text.lines().map(indented).collect();
    let _ = writeln!(io::stderr(), "{tool}: {}", lines.join("\n"));
}

/// A word as a message shows it: one that is empty as `''`.
#[must_use]
pub fn shown(word: &str) -> &str {
    if word.is_empty() { "''" } else { word }
}

/// A message's text as it is printed.
fn line(text: &str) -> String {
    let mut to = String::new();
    // What it is about is empty: `: No such file or directory`.
    if text.starts_with(": ") {
        to.push_str(shown(""));
    }
    for part in clipped(text).split_inclusive(unseen) {
        let shown = part.trim_end_matches(unseen);
        printable(&mut to, shown);
        to.extend(part.chars().skip(shown.chars().count()).flat_map(char::escape_unicode));
    }
    to
}

/// Shows nothing, such as a byte order mark at the start of a file, or turns the direction of what follows.
fn unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text, or its first and last characters around `[...]`.
fn clipped(text: &str) -> Cow<'_, str> {
    let count = text.chars().count();
    if count <= LONGEST {
        return text.into();
    }
    let half = LONGEST / 2;
    let head = text.chars().take(half);
    head.chain("[...]".chars()).chain(text.chars().skip(count - half)).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_no_flood_and_no_control_characters() {
        assert_eq!(line("a\nb\x1b[2J: no"), "a\\nb\\x1b[2J: no");
        assert_eq!(line("\u{feff}a\u{202e}b\u{200b}é"), "\\u{feff}a\\u{202e}b\\u{200b}é");
        assert_eq!(line(": no"), "'': no");
        let long = line(&("é".repeat(1 << 16) + ": no such file"));
        assert_eq!(long.chars().count(), LONGEST + 5);
        assert!(long.starts_with("éé") && long.contains("é[...]é") && long.ends_with("é: no such file"), "{long}");
        assert_eq!(line(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
    }
}
