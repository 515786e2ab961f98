//! A C preprocessor for `-C`: macros, conditionals and includes, nothing more. Lines keep their numbers; included text comes
//! between line markers, which the lexer obeys.

mod condition;
mod expand;
mod token;

use expand::{Macro, Macros};
use std::collections::HashMap;
use token::{Piece, pieces};

/// How deep includes may nest.
const DEPTH: usize = 64;

/// Where included files come from.
pub trait Include {
    /// The bytes of a file, if it exists.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}

/// No files.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Include for NoFiles {
    fn read(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

/// The preprocessor's options.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `-D name[=value]` and `-U name`, in order: name, and its value or `None` to undefine it.
    pub defines: Vec<(String, Option<String>)>,
    /// `-I`: directories searched for included files.
    pub directories: Vec<String>,
    /// `-H`: list the files included.
    pub list: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The text, for the lexer.
    pub text: Vec<u8>,
    /// The files included, each with dots for how deep, if they were to be listed.
    pub included: Vec<String>,
}

/// Macros every D program has.
const PREDEFINED: &[(&str, &str)] = &[
    ("__SUNW_D", "1"),
    ("__SUNW_D_64", "1"),
    ("__SUNW_D_VERSION", "0x02000000"),
    ("__linux", "1"),
    ("__Linux", "1"),
    ("__unix", "1"),
    ("__SVR4", "1"),
    ("__amd64", "1"),
];

/// Preprocesses `text`, called `name` in messages.
///
/// # Errors
/// Every error found, as `name:line: error: what`, one per line.
pub fn preprocess(text: &[u8], name: &str, options: &Options, files: &dyn Include) -> Result<Output, String> {
    let mut macros = Macros { table: HashMap::new(), file: name.to_owned(), line: 0, expanded: 0 };
    for (name, value) in PREDEFINED {
        macros.define(name, None, pieces(value.as_bytes()));
    }
    for (name, value) in &options.defines {
        match value {
            Some(value) => macros.define_text(name, value),
            None => {
                macros.table.remove(name);
            }
        }
    }
    let mut cpp = Cpp { macros, options, files, output: Output::default(), errors: vec![] };
    cpp.file(text, name, "", 0);
    if cpp.errors.is_empty() { Ok(cpp.output) } else { Err(cpp.errors.join("\n")) }
}

/// A conditional that is open.
struct Level {
    /// Whether its text is kept now.
    active: bool,
    /// Whether a branch has been taken, or none may be.
    done: bool,
    /// Whether `#else` has been seen.
    last: bool,
    /// Its line and name.
    begin: (u32, &'static str),
}

struct Cpp<'a> {
    macros: Macros,
    options: &'a Options,
    files: &'a dyn Include,
    output: Output,
    errors: Vec<String>,
}

impl Cpp<'_> {
    fn error(&mut self, line: u32, what: &str) {
        let file = &self.macros.file;
        self.errors.push(format!("{file}:{line}: error: {what}"));
    }

    /// One file; `marker` is its name in line markers, empty for the main text.
    fn file(&mut self, text: &[u8], name: &str, marker: &str, depth: usize) {
        let outer = std::mem::replace(&mut self.macros.file, name.to_owned());
        let mut levels: Vec<Level> = vec![];
        let mut line = 1;
        let mut rest = text;
        if rest.starts_with(b"#!") {
            rest = rest.get(rest.iter().position(|c| *c == b'\n').unwrap_or(rest.len())..).unwrap_or_default();
        }
        while !rest.is_empty() {
            let (logical, lines, tail) = token::logical_line(rest, &mut |at, what| {
                self.errors.push(format!("{name}:{}: error: {what}", line + at));
            });
            rest = tail;
            self.macros.line = line;
            let parts = pieces(&logical);
            match token::directive(&parts) {
                Some((word, args)) => self.directive(&word, args, &mut levels, (line, marker, depth)),
                None if levels.iter().all(|l| l.active) => {
                    let expanded = self.macros.expand(&parts);
                    self.output.text.extend(expanded.iter().flat_map(|p| p.text.iter().copied()));
                }
                None => {}
            }
            self.output.text.extend(std::iter::repeat_n(b'\n', usize::try_from(lines).unwrap_or(1)));
            line += lines;
        }
        for level in levels.iter().rev() {
            self.error(level.begin.0, &format!("unterminated #{}", level.begin.1));
        }
        self.macros.file = outer;
    }

    fn directive(&mut self, word: &str, args: &[Piece], levels: &mut Vec<Level>, at: (u32, &str, usize)) {
        let line = at.0;
        let active = levels.iter().all(|l| l.active);
        match word {
            "if" | "ifdef" | "ifndef" => self.open(word, args, active, levels, line),
            "elif" | "else" | "endif" => self.branch(word, args, levels, line),
            _ if !active => {}
            "define" => self.define(args, line),
            "undef" => match args.iter().find(|p| !p.is_blank()) {
                Some(name) if name.is_name() => {
                    let name = name.string();
                    self.macros.table.remove(&name);
                }
                _ => self.error(line, "no macro name given in #undef directive"),
            },
            "include" => self.include(args, at),
            "error" => {
                let text = token::join(args);
                self.error(line, format!("#error {text}").trim_end());
            }
            "line" => {
                let text = token::join(&self.macros.expand(args));
                self.output.text.extend(format!("# {text}").bytes());
            }
            "pragma" | "ident" | "warning" => {
                let text = token::join(args);
                if word == "pragma" {
                    self.output.text.extend(format!("#pragma {text}").bytes());
                }
            }
            "" => {}
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => {
                self.output.text.extend(format!("# {word} {}", token::join(args)).bytes());
            }
            _ => self.error(line, &format!("invalid preprocessing directive #{word}")),
        }
    }

    fn open(&mut self, word: &str, args: &[Piece], active: bool, levels: &mut Vec<Level>, line: u32) {
        let name = args.iter().find(|p| !p.is_blank());
        let (begin, truth) = match word {
            "if" => ("if", active && self.condition(args, line)),
            _ => {
                let known = match name {
                    Some(name) if name.is_name() => self.macros.table.contains_key(&name.string()),
                    _ => {
                        if active {
                            self.error(line, &format!("no macro name given in #{word} directive"));
                        }
                        false
                    }
                };
                if word == "ifdef" { ("ifdef", known) } else { ("ifndef", !known) }
            }
        };
        levels.push(Level { active: active && truth, done: !active || truth, last: false, begin: (line, begin) });
    }

    fn branch(&mut self, word: &str, args: &[Piece], levels: &mut Vec<Level>, line: u32) {
        let Some(mut level) = levels.pop() else {
            self.error(line, &format!("#{word} without #if"));
            return;
        };
        if word == "endif" {
            return;
        }
        if level.last {
            self.error(line, &format!("#{word} after #else"));
            self.error(level.begin.0, "the conditional began here");
        }
        let take = !level.done && (word == "else" || self.condition(args, line));
        level.active = take;
        level.done |= take;
        level.last |= word == "else";
        levels.push(level);
    }

    fn condition(&mut self, args: &[Piece], line: u32) -> bool {
        match condition::evaluate(&mut self.macros, args) {
            Ok(value) => value != 0,
            Err(why) => {
                self.error(line, &why);
                false
            }
        }
    }

    fn define(&mut self, args: &[Piece], line: u32) {
        let Some(at) = args.iter().position(|p| !p.is_blank()) else {
            self.error(line, "no macro name given in #define directive");
            return;
        };
        let (name, rest) = (args.get(at), args.get(at + 1..).unwrap_or_default());
        let Some(name) = name.filter(|n| n.is_name()) else {
            self.error(line, "macro names must be identifiers");
            return;
        };
        match Macro::parse(rest) {
            Ok(definition) => {
                self.macros.table.insert(name.string(), definition);
            }
            Err(why) => self.error(line, why),
        }
    }

    fn include(&mut self, args: &[Piece], (line, marker, depth): (u32, &str, usize)) {
        let mut text = token::join(args).trim().to_owned();
        if !text.starts_with(['"', '<']) {
            text = token::join(&self.macros.expand(args)).trim().to_owned();
        }
        let quoted = text.strip_prefix('"').and_then(|t| t.split_once('"')).map(|t| (t.0, true));
        let angled = text.strip_prefix('<').and_then(|t| t.split_once('>')).map(|t| (t.0, false));
        let Some((name, local)) = quoted.or(angled) else {
            self.error(line, "#include expects \"FILENAME\" or <FILENAME>");
            return;
        };
        if depth >= DEPTH {
            self.error(line, &format!("#include nested depth {DEPTH} exceeds maximum"));
            return;
        }
        let here = self.macros.file.rsplit_once('/').map_or(".", |t| t.0).to_owned();
        let mut places: Vec<String> = vec![];
        if name.starts_with('/') {
            places.push(name.to_owned());
        } else {
            if local {
                places.push(if here == "." { name.to_owned() } else { format!("{here}/{name}") });
            }
            places.extend(self.options.directories.iter().map(|d| format!("{d}/{name}")));
            places.extend(["/usr/include", "/usr/include/x86_64-linux-gnu"].iter().map(|d| format!("{d}/{name}")));
        }
        let Some((path, bytes)) = places.into_iter().find_map(|p| self.files.read(&p).map(|b| (p, b))) else {
            self.error(line, &format!("{name}: No such file or directory"));
            return;
        };
        if self.options.list {
            self.output.included.push(format!("{} {path}", ".".repeat(depth + 1)));
        }
        self.output.text.extend(format!("# 1 \"{path}\" 1\n").bytes());
        self.file(&bytes, &path, &path, depth + 1);
        let back = format!("\n# {line} \"{marker}\" 2\n");
        self.output.text.extend(back.bytes());
    }
}

#[cfg(test)]
mod tests;
