//! Text from outside, made harmless before a terminal or a log sees it.

/// Whether `c` could drive a terminal or reorder what a reader sees: C0, DEL and C1 controls, line and paragraph
/// separators, and the bidirectional formatting characters (Unicode TR 36, section 3.5).
fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line for the log: every hostile character becomes `?`.
#[must_use]
pub fn line(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { '?' } else { c }).collect()
}

/// Text for the terminal: as [`line()`], but line ends and tabs stay, and `\r\n` is a line end.
#[must_use]
pub fn terminal(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().map(|c| if is_hostile(c) && !matches!(c, '\n' | '\t') { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_of_every_kind_are_replaced() {
        assert_eq!(line("a\x1b[31m\n\u{9b}31m\u{202e}b\u{2028}é"), "a?[31m??31m?b?é");
        assert_eq!(terminal("1. Push\r\n\t2\r\x07\u{85}\u{2066}"), "1. Push\n\t2????");
    }
}
