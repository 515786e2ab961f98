//! Options of a run, from the command line, `-x`, pragmas and `setopt()`.
use crate::consume::aggregate::Form;
use dlang::format::{Bars, Encoding, Sort};
use dlang::options::{Value, check};
use std::time::Duration;

/// Options with their values.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "DTrace has these options")]
pub(crate) struct Options {
    /// `-q`
    pub quiet: bool,
    /// `-F`
    pub flow: bool,
    /// `-w`
    pub destructive: bool,
    /// `-Z`
    pub zero_matches: bool,
    /// `-C`
    pub cpp: bool,
    /// `-xerrtags`
    pub error_tags: bool,
    /// `-xempty`
    pub empty: bool,
    /// `-xdefaultargs`
    pub default_arguments: bool,
    /// `-xargref`
    pub unused_arguments: bool,
    /// `-xpspec`
    pub only_descriptions: bool,
    /// `-xrawbytes`
    pub raw_bytes: bool,
    /// `-xnoresolve`
    pub no_resolve: bool,
    /// `-xstackindent`
    pub stack_indent: Option<usize>,
    /// `-xstrsize`
    pub strsize: Option<u32>,
    /// `-b`, `-xbufsize`, in bytes.
    pub buffer: u64,
    /// `-xaggsize`, in bytes.
    pub aggregation: u64,
    /// `-xdynvarsize`, in bytes.
    pub dynamic: u64,
    /// `-xnspec`
    pub speculations: u32,
    /// `-xspecsize`, in bytes.
    pub speculation: u64,
    /// `-xscratchsize`, in bytes.
    pub scratch: u32,
    /// `-xswitchrate`, in nanoseconds.
    pub switch_rate: u64,
    /// Order of aggregations.
    pub sort: Sort,
    /// How histograms look.
    pub bars: Bars,
    /// Form of aggregations.
    pub form: Form,
    /// `-xverifierlog`: refused programs' logs go to standard error.
    pub verifier_log: bool,
    /// `-v`
    pub verbose: bool,
    /// `-t`: how often tables are printed before the end.
    pub refresh: Option<Duration>,
    /// `-xdroptags`
    pub drop_tags: bool,
    /// `-xprintsize`
    pub print_size: usize,
    /// `_DTRACE_TESTING`: columns that vary are left out.
    pub testing: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            quiet: false,
            flow: false,
            destructive: false,
            zero_matches: false,
            cpp: false,
            error_tags: false,
            empty: false,
            default_arguments: false,
            unused_arguments: false,
            only_descriptions: false,
            raw_bytes: false,
            no_resolve: false,
            stack_indent: None,
            print_size: 8192,
            drop_tags: false,
            strsize: None,
            buffer: 4 << 20,
            aggregation: 4 << 20,
            dynamic: 1 << 20,
            speculations: 1,
            speculation: 4 << 20,
            scratch: 256,
            switch_rate: 1_000_000_000,
            sort: Sort::default(),
            bars: Bars { encoding: terminal(), ..Bars::default() },
            form: Form::Text,
            verifier_log: false,
            verbose: false,
            refresh: None,
            testing: std::env::var_os("_DTRACE_TESTING").is_some(),
        }
    }
}

impl Options {
    /// Sets an option while tracing.
    ///
    /// # Errors
    /// Why not, in DTrace's words.
    pub(crate) fn change(&mut self, name: &str, value: Option<&str>) -> Result<(), &'static str> {
        if !dlang::options::is_dynamic(name) {
            check(name, value, true)?;
            return Err("Operation illegal when tracing is active");
        }
        self.set(name, value, true)
    }

    /// Sets an option by its name.
    ///
    /// # Errors
    /// Why not, in DTrace's words.
    pub(crate) fn set(&mut self, name: &str, value: Option<&str>, in_program: bool) -> Result<(), &'static str> {
        if matches!(name, "verifierlog" | "bpflog") && !in_program {
            self.verifier_log = true;
            return Ok(());
        }
        let number = match check(name, value, in_program)? {
            Value::Number(n) => n,
            Value::Text(text) => {
                match (name, text.as_str()) {
                    ("encoding", "utf8") => self.bars.encoding = Encoding::Utf8,
                    ("encoding", _) => self.bars.encoding = Encoding::Ascii,
                    _ => {}
                }
                return Ok(());
            }
        };
        let on = number != 0;
        let small = u32::try_from(number).unwrap_or(u32::MAX);
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        match name {
            "quiet" => self.quiet = on,
            "flowindent" => self.flow = on,
            "destructive" => self.destructive = on,
            "zdefs" => self.zero_matches = on,
            "cpp" => self.cpp = on,
            "errtags" => self.error_tags = on,
            "empty" => self.empty = on,
            "defaultargs" => self.default_arguments = on,
            "argref" => self.unused_arguments = on,
            "pspec" => self.only_descriptions = on,
            "rawbytes" => self.raw_bytes = on,
            "noresolve" => self.no_resolve = on,
            "droptags" => self.drop_tags = on,
            "printsize" => self.print_size = index,
            "stackindent" => self.stack_indent = Some(index),
            "strsize" => self.strsize = Some(small),
            "bufsize" => self.buffer = number,
            "aggsize" => self.aggregation = number,
            "dynvarsize" => self.dynamic = number,
            "nspec" => self.speculations = small.min(1024),
            "specsize" => self.speculation = number,
            "scratchsize" => self.scratch = small.min(1 << 20),
            "switchrate" => self.switch_rate = number,
            "aggzoom" => self.bars.zoom = on,
            "aggpack" => self.bars.pack = on,
            "agghist" => self.bars.hist = on,
            "aggsortkey" => self.sort.by_key = on,
            "aggsortrev" => self.sort.reverse = on,
            "aggsortkeypos" => self.sort.key_position = index,
            "aggsortpos" => self.sort.position = index,
            _ => {}
        }
        Ok(())
    }
}

/// What the terminal shows: some know only ASCII.
fn terminal() -> Encoding {
    let primitive = std::env::var("TERM").is_ok_and(|t| matches!(t.as_str(), "dumb" | "sun" | "sun-color"));
    if primitive { Encoding::Ascii } else { Encoding::Terminal }
}
