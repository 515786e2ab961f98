//! Why a run ended, and the exit status that says so.
use std::{fmt, io};

/// The reason a run failed.
#[derive(Debug)]
pub enum Fail {
    /// The command line was wrong: status 2 and a usage line.
    Usage(String),
    /// The configuration is wrong: 78 (sysexits `EX_CONFIG`), or 96 under SMF (`SMF_EXIT_ERR_CONFIG`).
    Config(String),
    /// A system call on the named thing failed: status 1.
    Io(String, io::Error),
    /// Anything else: status 1.
    Other(String),
    /// Anything else, said in several lines, which may begin with tabs: status 1.
    Lines(String),
}

/// What a tool's `run` returns; `Ok` carries its exit status.
pub type Result<T = u8> = std::result::Result<T, Fail>;

impl Fail {
    /// Names what a failed call was about: `File::open(p).map_err(Fail::on(p.display()))`.
    pub fn on(what: impl fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |e| Self::Io(what.to_string(), e)
    }

    /// This failure as one of the configuration: also one that cannot be read is none that a daemon could start with.
    #[must_use]
    pub fn of_config(self) -> Self {
        match self {
            Self::Io(..) | Self::Other(_) => Self::Config(self.to_string()),
            other => other,
        }
    }

    /// The exit status for this failure.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Config(_) if std::env::var_os("SMF_FMRI").is_some() => 96,
            Self::Config(_) => 78,
            Self::Io(..) | Self::Other(_) | Self::Lines(_) => 1,
        }
    }

    /// True where standard output could not be written.
    #[must_use]
    pub fn is_output(&self) -> bool {
        matches!(self, Self::Io(what, _) if what == "stdout")
    }

    /// True for a reader of standard output that went away, which ends a run quietly.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        self.is_output() && matches!(self, Self::Io(_, e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(m) | Self::Config(m) | Self::Other(m) | Self::Lines(m) => f.write_str(m),
            Self::Io(what, e) => {
                // "(os error 2)" is noise to a reader of the message.
                let text = e.to_string();
                let text = text.split(" (os error").next().unwrap_or(&text);
                write!(f, "{what}: {text}")
            }
        }
    }
}
