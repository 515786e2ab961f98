//! Preprocessing tokens: names, numbers, strings, blanks, and single characters.

/// A token with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its text.
    pub(super) text: Vec<u8>,
    /// Macros it came from, which may not replace it again.
    pub(super) hidden: Vec<String>,
}

fn name_start(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_'
}

impl Piece {
    pub(super) fn new(text: &[u8]) -> Self {
        Self { text: text.to_vec(), hidden: vec![] }
    }

    pub(super) fn is_name(&self) -> bool {
        self.text.first().is_some_and(|c| name_start(*c))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text.as_bytes()
    }

    pub(super) fn string(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }
}

/// The text of tokens, blanks made single and trimmed.
pub(super) fn join(pieces: &[Piece]) -> String {
    let text: String = pieces.iter().map(|p| if p.is_blank() { " ".into() } else { p.string() }).collect();
    text.trim().to_owned()
}

/// Length of the token at the start of `text`.
fn length(text: &[u8]) -> usize {
    let run = |f: fn(u8) -> bool| text.iter().take_while(|c| f(**c)).count();
    match text.first() {
        Some(c) if c.is_ascii_whitespace() => run(|c| c.is_ascii_whitespace()),
        Some(c) if name_start(*c) => run(|c| name_start(c) || c.is_ascii_digit()),
        Some(c) if c.is_ascii_digit() => run(|c| name_start(c) || c.is_ascii_digit() || c == b'.'),
        Some(quote @ (b'"' | b'\'')) => {
            let mut end = 1;
            while let Some(c) = text.get(end).filter(|c| *c != quote) {
                end += if *c == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(text.len())
        }
        _ if text.starts_with(b"##") || text.starts_with(b"&&") || text.starts_with(b"||") => 2,
        _ if [&b"=="[..], b"!=", b"<=", b">=", b"<<", b">>", b"->", b"++", b"--"].iter().any(|op| text.starts_with(op)) => 2,
        _ => 1,
    }
}

/// Cuts a logical line into tokens.
pub(super) fn pieces(line: &[u8]) -> Vec<Piece> {
    let mut list = vec![];
    let mut rest = line;
    while !rest.is_empty() {
        let (token, tail) = rest.split_at(length(rest).clamp(1, rest.len()));
        list.push(Piece::new(token));
        rest = tail;
    }
    list
}

/// The directive a line is: its name, empty for a `#` alone, and what follows.
pub(super) fn directive(pieces: &[Piece]) -> Option<(String, &[Piece])> {
    let mut rest = pieces;
    while rest.first().is_some_and(Piece::is_blank) {
        rest = rest.get(1..)?;
    }
    if !rest.first()?.is("#") {
        return None;
    }
    rest = rest.get(1..)?;
    while rest.first().is_some_and(Piece::is_blank) {
        rest = rest.get(1..)?;
    }
    match rest.split_first() {
        Some((word, args)) => Some((word.string(), args)),
        None => Some((String::new(), &[])),
    }
}

/// The next logical line without comments, how many lines it takes, and what follows it. Lines joined by a backslash and lines
/// a comment spans are one. `error` is told the line, counted from this one, of a comment that does not end.
pub(super) fn logical_line<'a>(text: &'a [u8], error: &mut dyn FnMut(u32, &str)) -> (Vec<u8>, u32, &'a [u8]) {
    let mut out = vec![];
    let mut lines = 1;
    let mut rest = text;
    let after = |rest: &'a [u8], n: usize| rest.get(n..).unwrap_or_default();
    while let Some(&c) = rest.first() {
        if c == b'\n' {
            return (out, lines, after(rest, 1));
        }
        if rest.starts_with(b"\\\n") {
            lines += 1;
            rest = after(rest, 2);
        } else if rest.starts_with(b"/*") {
            let Some(end) = rest.windows(2).skip(2).position(|w| w == b"*/") else {
                error(lines - 1, "unterminated comment");
                return (out, lines, &[]);
            };
            let (comment, tail) = rest.split_at((end + 4).min(rest.len()));
            lines += u32::try_from(comment.iter().filter(|c| **c == b'\n').count()).unwrap_or(0);
            out.push(b' ');
            rest = tail;
        } else if rest.starts_with(b"//") {
            rest = after(rest, rest.iter().position(|c| *c == b'\n').unwrap_or(rest.len()));
        } else {
            let line = rest.get(..rest.iter().position(|c| *c == b'\n').unwrap_or(rest.len())).unwrap_or_default();
            let n = if matches!(c, b'"' | b'\'') { length(line).max(1) } else { 1 };
            let (token, tail) = rest.split_at(n.min(rest.len()));
            out.extend_from_slice(token);
            rest = tail;
        }
    }
    (out, lines, rest)
}
