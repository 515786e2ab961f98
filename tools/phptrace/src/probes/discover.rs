//! Files with probes: the executables and libraries of processes, and PHP where distributions put it.
use crate::codegen::Arguments;
use crate::elf::args::Arg;
use crate::elf::{self, notes, php, symbols::Functions};
use crate::sys::process;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file and what is known of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// A path by which it can be opened, also from outside its container.
    pub path: PathBuf,
    /// Its name without folders.
    pub module: String,
    /// Processes that have it mapped.
    pub pids: Vec<u32>,
    /// Whether it is the executable of those.
    pub executable: bool,
    /// Its USDT sites.
    pub sites: Vec<Site>,
    /// For PHP: how to tell a method of an object.
    pub scope: Option<php::Scope>,
}

/// A USDT site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// Provider.
    pub provider: String,
    /// Name, with `-` for `__`.
    pub name: String,
    /// The function it is in.
    pub function: String,
    /// Virtual address.
    pub address: u64,
    /// File offset.
    pub offset: u64,
    /// Semaphore's file offset, or 0.
    pub semaphore: u64,
    /// Where its arguments are.
    pub args: Vec<Option<Arg>>,
}

/// Bytes of x86-64's longest instruction.
const LONGEST_INSTRUCTION: usize = 15;

/// Where to look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// All processes.
    pub everywhere: bool,
    /// These processes.
    pub pids: Vec<u32>,
    /// These files.
    pub files: Vec<PathBuf>,
    /// PHP's usual places.
    pub usual: bool,
    /// The executable that a process is about to run.
    pub command: Option<(PathBuf, u32)>,
    /// Files known already.
    pub known: Vec<Found>,
    /// Keep files without USDT probes too, for the `pid` provider.
    pub any: bool,
}

/// Looks for files with probes. What cannot be read has none.
pub(crate) fn look(scope: &Scope) -> Finder {
    let mut finder = Finder { any: scope.any, files: scope.known.clone(), ..Finder::default() };
    if let Some((path, pid)) = &scope.command {
        finder.add(path, Some(*pid), true);
        // The process has not begun: it will load these.
        for library in if scope.any { elf::needed::libraries(path) } else { Vec::new() } {
            finder.add(&library, Some(*pid), false);
        }
    }
    for pid in &scope.pids {
        finder.process(*pid, true);
    }
    for path in &scope.files {
        finder.add(path, None, false);
    }
    if scope.everywhere {
        for pid in process::all() {
            finder.process(pid, false);
        }
    }
    if scope.usual || scope.everywhere {
        for path in usual_places() {
            finder.add(&path, None, false);
        }
    }
    finder
}

/// Checks a file named by the user.
///
/// # Errors
/// It is not there, is no ELF file, or its notes cannot be read.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    let said = |e: String| e.split(" (os error").next().unwrap_or_default().to_string();
    fs::metadata(path).map_err(|e| said(e.to_string()))?;
    let data = elf::open(path).map_err(|e| said(e.to_string()))?;
    let file = elf::parse(&data).map_err(|e| format!("not an ELF file of 64 bits: {e}"))?;
    notes::read(&file).map(drop)
}

/// Collects files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Finder {
    /// Keep files without USDT probes, too.
    any: bool,
    /// Those found.
    pub files: Vec<Found>,
    /// Processes that have been looked at.
    pub seen: HashSet<u32>,
    /// Whether there were processes that may not be looked at.
    pub denied: bool,
    /// By device and inode: when it was last written, and the index in `files`, or nothing for a file without probes.
    known: HashMap<(u64, u64), (i64, Option<usize>)>,
}

impl Finder {
    /// Looks at a process's executable.
    pub(crate) fn executable(&mut self, pid: u32) {
        self.seen.insert(pid);
        let exe = PathBuf::from(format!("/proc/{pid}/exe"));
        let readable = self.add(&exe, Some(pid), true);
        self.denied |= !readable && fs::read_link(&exe).is_err_and(|e| e.kind() == io::ErrorKind::PermissionDenied);
    }

    /// Looks at a process's executable and libraries; `whole`: at all of them, else only at those whose name promises probes.
    pub(crate) fn process(&mut self, pid: u32, whole: bool) {
        self.executable(pid);
        let proc = PathBuf::from(format!("/proc/{pid}"));
        let Ok(maps) = fs::read_to_string(proc.join("maps")) else { return };
        let mut last = "";
        for line in maps.lines().filter(|l| l.get(20..21) == Some("x") || l.contains("r-xp")) {
            let Some(path) = line.find('/').and_then(|i| line.get(i..)) else { continue };
            let name = path.rsplit('/').next().unwrap_or_default();
            let promising = whole || name.contains("php") || name.contains("dtrace");
            if path == last || !promising {
                continue;
            }
            last = path;
            let inside = proc.join("root").join(path.trim_start_matches('/'));
            if !self.add(&inside, Some(pid), false) {
                // Deleted or replaced since: the mapping itself still leads to it.
                let range = line.split(' ').next().unwrap_or_default();
                self.add(&proc.join("map_files").join(range), Some(pid), false);
            }
        }
    }

    /// Takes a file; false if it cannot be read.
    fn add(&mut self, path: &Path, pid: Option<u32>, executable: bool) -> bool {
        let Ok(about) = fs::metadata(path) else { return false };
        let (id, written) = ((about.dev(), about.ino()), about.mtime());
        let index = match self.known.get(&id) {
            // What has probes stays what it is while they are in place; another file may have got the number of one without.
            Some((when, index)) if index.is_some() || *when == written => *index,
            _ => {
                let found = self.read(path, executable);
                let index = found.map(|f| {
                    self.files.push(f);
                    self.files.len() - 1
                });
                self.known.insert(id, (written, index));
                index
            }
        };
        if let (Some(file), Some(pid)) = (index.and_then(|i| self.files.get_mut(i)), pid) {
            file.executable |= executable;
            if !file.pids.contains(&pid) {
                file.pids.push(pid);
            }
        }
        true
    }

    fn read(&self, path: &Path, executable: bool) -> Option<Found> {
        let (sites, scope) = sites(path).unwrap_or_default();
        if sites.is_empty() && !self.any {
            return None;
        }
        let of_process = path.starts_with("/proc");
        let real = if of_process { fs::read_link(path) } else { fs::canonicalize(path) };
        let real = real.unwrap_or_else(|_| path.to_path_buf());
        let name = real.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let module = name.trim_end_matches(" (deleted)").to_string();
        // A symbolic link's own name may change while tracing; links of /proc are the file itself.
        // The path of a process lasts as long as the process: the file's own is better, unless it is another file here.
        let id = |p: &Path| fs::metadata(p).map(|m| (m.dev(), m.ino())).ok();
        let open_by = if of_process && id(&real) != id(path) { path.to_path_buf() } else { real };
        Some(Found { path: open_by, module, pids: Vec::new(), executable, sites, scope })
    }
}

/// The USDT sites of a file, and PHP's frames.
fn sites(path: &Path) -> Option<(Vec<Site>, Option<php::Scope>)> {
    let data = elf::open(path).ok()?;
    let file = elf::parse(&data).ok()?;
    let notes = notes::read(&file).ok()?;
    if notes.is_empty() {
        return Some((Vec::new(), None));
    }
    let addresses: Vec<u64> = notes.iter().map(|n| n.address).collect();
    let functions = Functions::around(&file, &addresses);
    let site = |n: notes::Note| Site {
        provider: n.provider,
        name: n.name.replace("__", "-"),
        function: functions.at(n.address).map(|f| f.name.clone()).unwrap_or_default(),
        address: n.address,
        offset: n.offset,
        semaphore: n.semaphore,
        args: file.arguments(&n.args, n.address),
    };
    let sites: Vec<Site> = notes.into_iter().map(site).collect();
    let scope = sites.iter().any(|s| s.provider == "php").then(|| php::scope(&file, &fs::File::open(path).ok()?)).flatten();
    Some((sites, scope))
}

/// PHP's programs and Apache's module where distributions install them.
fn usual_places() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for (dir, starts) in [
        ("/usr/bin", "php"),
        ("/usr/sbin", "php-fpm"),
        ("/usr/local/bin", "php"),
        ("/usr/local/sbin", "php-fpm"),
        ("/usr/lib/apache2/modules", "libphp"),
        ("/usr/lib", "libphp"),
    ] {
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(starts) {
                all.push(entry.path());
            }
        }
    }
    all.sort();
    all
}

/// Functions of a file for the `pid` provider: function, probe name, file offset, arguments.
pub(crate) fn functions(file: &Found, function: &str, name: &str) -> Vec<(String, String, u64, Arguments)> {
    let fits = |pattern: &str, text: &str| pattern.is_empty() || dlang::glob::matches(pattern, text);
    let Ok(data) = elf::open(&file.path) else { return Vec::new() };
    let Ok(elf) = elf::parse(&data) else { return Vec::new() };
    let mut all = Vec::new();
    for f in Functions::read(&elf).iter().filter(|f| fits(function, &f.name)) {
        let Some(start) = elf.file_offset(f.address) else { continue };
        if fits(name, "entry") {
            all.push((f.name.clone(), "entry".to_string(), start, Arguments::Entry));
        }
        if fits(name, "return") {
            all.push((f.name.clone(), "return".to_string(), start, Arguments::Return));
        }
        let offset = u64::from_str_radix(name, 16).ok().filter(|o| *o < f.size && !function.is_empty());
        if let Some(offset) = offset.filter(|o| safe(&file.path, start, *o)) {
            all.push((f.name.clone(), name.to_string(), start + offset, Arguments::Entry));
        }
    }
    all
}

/// Whether a probe may stand at an offset of the function that begins at a file offset.
fn safe(path: &Path, start: u64, offset: u64) -> bool {
    use std::os::unix::fs::FileExt;
    let Ok(length) = usize::try_from(offset) else { return false };
    let mut code = vec![0; length.saturating_add(LONGEST_INSTRUCTION)];
    let read = fs::File::open(path).and_then(|f| f.read_at(&mut code, start));
    read.is_ok_and(|n| elf::code::takes_probe(code.get(..n).unwrap_or_default(), offset))
}
