//! The configuration file: login_duo's INI dialect, its keys, and ours.
use crate::keys;
use crate::offline::Kind;
use std::path::PathBuf;
use std::time::Duration;
use zeroize::Zeroizing;

/// Everything that can be configured.
pub struct Config {
    /// Integration key.
    pub ikey: String,
    /// Secret key.
    pub skey: Zeroizing<String>,
    /// API host, `host[:port]`.
    pub host: String,
    /// Roots to trust in place of the built-in; an empty path can never be read and so denies.
    pub cafile: Option<PathBuf>,
    /// Do not verify the server's certificate.
    pub noverify: bool,
    /// Group pattern lists; none asks everybody.
    pub groups: Vec<String>,
    /// Allow when the API cannot be used.
    pub fail_safe: bool,
    /// Send the command and the server's address with a push.
    pub pushinfo: bool,
    /// Proxy, `[http://][user:password@]host[:port]`.
    pub http_proxy: Option<Zeroizing<String>>,
    /// Push at once instead of asking.
    pub autopush: bool,
    /// How often to ask, 1 to 3.
    pub prompts: u32,
    /// Take a passcode from `DUO_PASSCODE`.
    pub accept_env_factor: bool,
    /// Send this machine's address when the client's is unknown.
    pub fallback_local_ip: bool,
    /// The total time the API may take before and after the prompt.
    pub https_timeout: Duration,
    /// Send the whole GECOS field as the user's name.
    pub send_gecos: bool,
    /// What separates the parts of the GECOS field.
    pub gecos_delim: char,
    /// Which part is the user's name, from 1.
    pub gecos_username_pos: Option<usize>,
    /// Ask for verified pushes.
    pub verified_push: bool,
    /// Print `/etc/motd`.
    pub motd: bool,
    /// Any fault of the configuration denies.
    pub strict: bool,
    /// The factor used when the API cannot be.
    pub offline: Option<Kind>,
    /// How long a key that passed need not pass again.
    pub remember: Option<Duration>,
    /// At most so many requests to a user's phone within a time.
    pub guard: Option<(u32, Duration)>,
    /// Where each decision is recorded.
    pub audit: Option<PathBuf>,
    /// Where enrolments, counters and remembered keys are kept.
    pub statedir: PathBuf,
}

impl Config {
    /// What holds before the file says otherwise.
    #[must_use]
    pub fn new(strict: bool) -> Self {
        Self {
            ikey: String::new(),
            skey: Zeroizing::default(),
            host: String::new(),
            cafile: None,
            noverify: false,
            groups: Vec::new(),
            fail_safe: true,
            pushinfo: false,
            http_proxy: None,
            autopush: false,
            prompts: 3,
            accept_env_factor: false,
            fallback_local_ip: false,
            https_timeout: Duration::from_secs(30),
            send_gecos: false,
            gecos_delim: ',',
            gecos_username_pos: None,
            verified_push: false,
            motd: false,
            strict,
            offline: None,
            remember: None,
            guard: None,
            audit: None,
            statedir: PathBuf::from("/var/lib/duo-login"),
        }
    }

    /// Whether host and both keys are there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !(self.host.is_empty() || self.ikey.is_empty() || self.skey.is_empty())
    }
}

/// Something the file gets wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What was expected.
    pub what: Vec<String>,
}

impl Fault {
    /// The lines of its message.
    #[must_use]
    pub fn tell(&self, path: &str) -> Vec<String> {
        let place = format!("Parse error in {path}, line {}", self.line);
        match self.what.as_slice() {
            [what] if what.contains("expected") && !what.starts_with("Invalid") => vec![format!("{place}: {what}")],
            what => what.iter().cloned().chain([place]).collect(),
        }
    }
}

/// What a file says.
pub struct Parsed {
    /// The configuration; on a fault, what stood before it.
    pub config: Config,
    /// What stopped the parser.
    pub fault: Option<Fault>,
    /// Values that login_duo would silently take for something else; they count as faults when strict.
    pub doubts: Vec<Fault>,
    /// Worth a line in the log.
    pub notes: Vec<Fault>,
}

/// What setting one key found.
pub enum Problem {
    /// login_duo stops here too.
    Stop(Vec<String>),
    /// login_duo goes on with a guess.
    Doubt(String),
    /// Only to be told.
    Note(String),
}

/// Parses the file's bytes. `tool` stands in messages; `strict` is the default of that key.
#[must_use]
pub fn parse(bytes: &[u8], tool: &str, strict: bool) -> Parsed {
    let mut parsed = Parsed { config: Config::new(strict), fault: None, doubts: Vec::new(), notes: Vec::new() };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut key: Option<String> = None;
    for (number, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let entry = match Entry::of(line, key.as_deref()) {
            Ok(entry) => entry,
            Err(what) => {
                parsed.stop(number + 1, vec![what]);
                continue;
            }
        };
        match entry {
            Entry::Nothing => {}
            Entry::Section => key = None,
            Entry::Value(name, value) => {
                parsed.set(number + 1, tool, &name, &value);
                key = Some(name);
            }
        }
    }
    parsed
}

impl Parsed {
    fn stop(&mut self, line: usize, what: Vec<String>) {
        self.fault.get_or_insert(Fault { line, what });
    }

    /// Sets one key. Behind a fault only `strict` still counts, so that no fault above it can switch it off.
    fn set(&mut self, line: usize, tool: &str, name: &str, value: &str) {
        if self.fault.is_some() && name != "strict" {
            return;
        }
        match keys::set(&mut self.config, name, value) {
            Ok(()) => {}
            Err(Problem::Stop(mut what)) => {
                what.push(format!("Invalid {tool} option: '{name}'"));
                self.stop(line, what);
            }
            Err(Problem::Doubt(what)) => self.doubts.push(Fault { line, what: vec![format!("{name} = {value}: {what}")] }),
            Err(Problem::Note(what)) => self.notes.push(Fault { line, what: vec![what] }),
        }
    }
}

enum Entry {
    Nothing,
    Section,
    Value(String, Zeroizing<String>),
}

impl Entry {
    /// One line; `previous` is the key that an indented line goes on with.
    fn of(line: &[u8], previous: Option<&str>) -> Result<Self, String> {
        let text = line.trim_ascii();
        let indented = line.first().is_some_and(u8::is_ascii_whitespace);
        match (text.first(), previous) {
            (None | Some(b';'), _) => Ok(Self::Nothing),
            (_, Some(key)) if indented => Ok(Self::Value(key.into(), value(text)?)),
            (Some(b'#'), _) => Ok(Self::Nothing),
            (Some(b'['), _) if text.contains(&b']') => Ok(Self::Section),
            (Some(b'['), _) => Err("expected ']'".into()),
            _ => {
                let at = text.iter().position(|b| *b == b'=').ok_or("expected key = value")?;
                let (key, rest) = text.split_at(at);
                let key = std::str::from_utf8(key.trim_ascii()).map_err(|_| "expected UTF-8")?;
                if comment(key.as_bytes()) < key.len() {
                    return Err("expected key = value".into());
                }
                Ok(Self::Value(key.into(), value(rest.get(1..).unwrap_or_default().trim_ascii())?))
            }
        }
    }
}

/// Where a comment begins: a `;` behind white space; the length if there is none.
fn comment(text: &[u8]) -> usize {
    let at = text.windows(2).position(|w| matches!(w, [before, b';'] if before.is_ascii_whitespace()));
    at.map_or(text.len(), |i| i + 1)
}

fn value(text: &[u8]) -> Result<Zeroizing<String>, String> {
    let text = text.get(..comment(text)).unwrap_or_default().trim_ascii();
    let text = std::str::from_utf8(text).map_err(|_| "expected UTF-8")?;
    Ok(Zeroizing::new(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Parsed {
        parse(text.as_bytes(), "login_duo", false)
    }

    const BASE: &str = "[duo]\r\nikey = I\r\nskey=S ; no comment of mine;\nhost = h:1\n";

    #[test]
    fn the_dialect() {
        let got =
            read(&format!("\u{feff}# top\n;x\n{BASE} ; skipped\ngroups = a b\n  c\\ d\ngroup= e,!f\nmotd = no\nmotd = on\n"));
        assert_eq!(got.fault, None);
        let c = got.config;
        assert!(c.is_complete() && c.motd);
        assert_eq!((c.ikey.as_str(), c.skey.as_str(), c.host.as_str()), ("I", "S", "h:1"));
        assert_eq!(c.groups, ["a", "b", "c d", "e,!f"]);
    }

    #[test]
    fn values_may_hold_semicolons_and_wrap() {
        let got = read("skey =\n ab;c ; comment\ngecos_delim = ;\nhttp_proxy = http://u:p=w@h:1\n");
        assert_eq!(got.fault, None);
        assert_eq!(got.config.skey.as_str(), "ab;c");
        assert_eq!(got.config.gecos_delim, ';');
        assert_eq!(got.config.http_proxy.unwrap().as_str(), "http://u:p=w@h:1");
    }

    #[test]
    fn faults_name_their_line_and_keep_what_was_before() {
        for (text, line, what) in [
            ("failmode = secure\nq3598pjg9jajaf\nfailmode = safe\n", 2, "expected key = value"),
            ("[duo\n", 1, "expected ']'"),
            ("\nfailmode = maybe\n", 2, "Invalid failmode: 'maybe'"),
            ("Ikey = x\n", 1, "Invalid login_duo option: 'Ikey'"),
            ("gecos_delim = ,,\n", 1, "Invalid character option length. Character fields must be 1 character long: ',,'"),
            ("gecos_delim = :\n", 1, "Invalid gecos_delim ':' (delimiter must be punctuation other than ':')"),
            ("gecos_username_pos = -1\n", 1, "Gecos position starts at 1"),
        ] {
            let got = read(text);
            let fault = got.fault.unwrap();
            assert_eq!((fault.line, fault.what[0].as_str()), (line, what), "{text}");
            assert_eq!(got.config.fail_safe, !text.starts_with("failmode = secure"), "{text}");
        }
        assert_eq!(parse(b"host = \xff\n", "x", false).fault.unwrap().what, ["expected UTF-8"]);
        assert!(parse(b"; \xff\n", "x", false).fault.is_none(), "a comment may be in any encoding");
    }

    #[test]
    fn strict_counts_wherever_it_stands() {
        assert!(read("garbage\nstrict = yes\n").config.strict);
        assert!(!parse(b"strict = no\n", "x", true).config.strict);
    }

    #[test]
    fn what_login_duo_guesses_is_doubted() {
        let got = read("pushinfo = Yes\nprompts = many\nhttps_timeout = soon\nautopush = 1\n");
        assert_eq!(got.fault, None);
        assert_eq!(got.doubts.iter().map(|d| d.line).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(got.doubts[0].what, ["pushinfo = Yes: expected yes or no, taken as no"]);
        assert!(!got.config.pushinfo && got.config.autopush);
        assert_eq!((got.config.prompts, got.config.https_timeout.as_secs()), (1, 30));
    }

    #[test]
    fn our_own_keys() {
        let got = read("offline = totp\nremember = 8h\nguard = 5/10m\naudit = /a\nstatedir = /s\ngecos_parsed = yes\n");
        assert_eq!(got.fault, None);
        assert_eq!(got.notes.len(), 1);
        assert_eq!(got.config.remember.unwrap().as_secs(), 8 * 3600);
        assert_eq!(got.config.guard.unwrap(), (5, Duration::from_secs(600)));
        for wrong in ["offline = sms", "remember = x", "guard = 5", "guard = 0/1m", "audit = rel", "statedir = rel"] {
            assert!(read(wrong).fault.is_some(), "{wrong}");
        }
    }

    #[test]
    fn mutated_files_never_panic() {
        let text = format!("{BASE}groups = a\\ b *,!c\n d\nguard = 5/10m\nprompts = 2\nremember = 1h\nstrict = yes\n");
        let mut seed = 7u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap()
        };
        for _ in 0..5000 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..random() % 6 + 1 {
                let at = random() % bytes.len();
                match random() % 3 {
                    0 => bytes[at] = u8::try_from(random() % 256).unwrap(),
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, b"\n =;#[]\\,!"[random() % 10]),
                }
            }
            let got = parse(&bytes, "x", false);
            assert!((1..=3).contains(&got.config.prompts));
        }
    }
}
