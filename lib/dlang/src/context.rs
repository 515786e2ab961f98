//! What a compilation depends on besides its text: macro arguments, options of the command line, and which probes exist.

use crate::program::ProbeDesc;

/// How many probes a description matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matches {
    /// Not known at compile time: accept it.
    Unknown,
    /// So many.
    Count(usize),
}

/// What the compiler asks about the system's probes.
pub trait Probes {
    /// How many probes `desc` matches now.
    fn matches(&self, desc: &ProbeDesc) -> Matches;
    /// The C types of `args[]` for the probes `desc` matches, if they all agree; `None` if nothing is known of them.
    fn arguments(&self, desc: &ProbeDesc) -> Option<Vec<String>>;
    /// The description of the probe with this number.
    fn by_id(&self, id: u32) -> Option<ProbeDesc>;
    /// The address of a symbol of the kernel.
    fn symbol(&self, _name: &str) -> Option<u64> {
        None
    }
}

/// Accepts every description and knows no arguments.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyProbe;

impl Probes for AnyProbe {
    fn matches(&self, _: &ProbeDesc) -> Matches {
        Matches::Unknown
    }
    fn arguments(&self, _: &ProbeDesc) -> Option<Vec<String>> {
        None
    }
    fn by_id(&self, id: u32) -> Option<ProbeDesc> {
        Some(ProbeDesc { id: Some(id), ..ProbeDesc::default() })
    }
}

/// Which fields a probe specifier of one word fills: that of `-P`, `-m`, `-f`, `-n` or of a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// `-P`
    Provider,
    /// `-m`
    Module,
    /// `-f`
    Function,
    /// `-n`, scripts
    #[default]
    Name,
}

/// The outside of a compilation.
pub struct Context<'a> {
    /// Macro arguments: `$0` is the script's name.
    pub arguments: Vec<String>,
    /// `$target`, `$pid`, `$ppid`, `$uid`...: name without `$` and value.
    pub macros: Vec<(String, i64)>,
    /// `-xdefaultargs`: missing macro arguments are 0 or the empty string.
    pub default_arguments: bool,
    /// `-xargref`: a script may leave arguments unused.
    pub unused_arguments: bool,
    /// Whether a script (lines are counted, a bare description is an error) or the text of an option is compiled.
    pub script: bool,
    /// What a description of one word is.
    pub field: Field,
    /// `-xpspec`: every first word is a probe description, none a type.
    pub only_descriptions: bool,
    /// `-w` (`-xdestructive`).
    pub destructive: bool,
    /// `-Z`: descriptions may match nothing.
    pub zero_matches: bool,
    /// `-xempty`: a script may have no clauses.
    pub empty: bool,
    /// `-xknodefs`/`-xunodefs` aside: `strsize` as set on the command line.
    pub strsize: Option<u32>,
    /// The system's probes.
    pub probes: &'a dyn Probes,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self {
            arguments: vec![],
            macros: vec![],
            default_arguments: false,
            unused_arguments: false,
            script: true,
            field: Field::Name,
            only_descriptions: false,
            destructive: false,
            zero_matches: false,
            empty: false,
            strsize: None,
            probes: &AnyProbe,
        }
    }
}
