//! Reads the configuration file, if it is safe to trust.
use crate::conf::{self, Config, Fault, Parsed};
use crate::sys;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// Where login_duo keeps it.
pub const DEFAULT: &str = "/etc/duo/login_duo.conf";

/// The user that the setuid program authenticates as; it owns the configuration and the state.
pub const SERVICE_USER: &str = "sshd";

/// The most bytes of a configuration file.
const MOST: u64 = 1 << 20;

/// A configuration, and what is wrong with it.
pub struct Loaded {
    /// What was understood.
    pub config: Config,
    /// The lines that tell why it must not be used; empty when it may.
    pub faults: Vec<String>,
    /// What an administrator should look at, but login_duo does not mind.
    pub doubts: Vec<String>,
    /// Worth a line in the log.
    pub notes: Vec<String>,
}

/// Loads `path` for `user`; `strict` is the default of that key.
#[must_use]
pub fn load(path: &Path, tool: &str, user: &str, strict: bool) -> Loaded {
    let name = path.display().to_string();
    match read(path) {
        Ok(bytes) => judge(&name, conf::parse(&bytes, tool, strict)),
        Err(e) => {
            let why = match e.kind() {
                io::ErrorKind::PermissionDenied if e.raw_os_error().is_none() => {
                    format!("{name} must be readable only by user '{user}'")
                }
                _ => format!("Couldn't open {name}: {}", sys::strerror(&e)),
            };
            Loaded { config: Config::new(strict), faults: vec![why], doubts: Vec::new(), notes: Vec::new() }
        }
    }
}

/// What becomes of a parsed file.
fn judge(name: &str, parsed: Parsed) -> Loaded {
    let Parsed { config, fault, doubts, notes } = parsed;
    let told = |faults: &[Fault]| faults.iter().flat_map(|f| f.tell(name)).collect::<Vec<_>>();
    let mut faults = told(fault.as_slice());
    let mut doubts = told(&doubts);
    if config.strict {
        faults.append(&mut doubts);
    }
    if faults.is_empty() && !config.is_complete() {
        faults.push(format!("Missing host, ikey, or skey in {name}"));
    }
    if faults.is_empty() && config.autopush && config.verified_push {
        faults.push(format!("autopush and verified_push cannot both be enabled in {name}"));
    }
    Loaded { config, faults, doubts, notes: notes.into_iter().flat_map(|n| n.what).collect() }
}

/// The file's bytes.
///
/// # Errors
/// It cannot be opened, or (`PermissionDenied` without a number) others could read or write it.
fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    // Neither a link, whose target may be anybody's, nor a pipe that would never end.
    let flags = libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    is_private(&file)?;
    // Room for all of it at once: a buffer that grows leaves copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 << 10));
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n > MOST) { Err(io::Error::from_raw_os_error(libc::EFBIG)) } else { Ok(bytes) }
}

fn is_private(file: &File) -> io::Result<()> {
    let found = file.metadata()?;
    if found.is_dir() {
        return Err(io::Error::from_raw_os_error(libc::EISDIR));
    }
    if !found.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let service = || sys::user_by_name(SERVICE_USER).is_some_and(|u| u.uid == found.uid());
    let trusted = found.uid() == 0 || found.uid() == sys::effective_uid().1 || service();
    if found.mode() & 0o077 != 0 || !trusted {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "not private"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::folder;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn faults(path: &Path) -> String {
        load(path, "login_duo", "u", false).faults.join("|")
    }

    #[test]
    fn only_private_regular_files() {
        let dir = folder("load");
        let path = dir.join("c");
        assert_eq!(faults(&path), format!("Couldn't open {}: No such file or directory", path.display()));
        fs::write(&path, "host = h\nikey = i\nskey = s\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(faults(&path), format!("{} must be readable only by user 'u'", path.display()));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(faults(&path), "");
        symlink(&path, dir.join("link")).unwrap();
        assert!(faults(&dir.join("link")).contains("symbolic links"));
        assert!(faults(&dir).ends_with("Is a directory"));
        assert!(faults(Path::new("/dev/zero")).ends_with("not a regular file"));
        fs::write(&path, vec![b'\n'; (1 << 20) + 1]).unwrap();
        assert!(faults(&path).ends_with("File too large"));
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn doubts_are_faults_when_strict() {
        let text = b"host = h\nikey = i\nskey = s\npushinfo = Yes\n";
        let lax = judge("F", conf::parse(text, "login_duo", false));
        assert!(lax.faults.is_empty());
        assert_eq!(lax.doubts, ["Parse error in F, line 4: pushinfo = Yes: expected yes or no, taken as no"]);
        assert_eq!(judge("F", conf::parse(text, "login_duo", true)).faults, lax.doubts);
        assert_eq!(judge("F", conf::parse(b"", "login_duo", false)).faults, ["Missing host, ikey, or skey in F"]);
        let both = b"host = h\nikey = i\nskey = s\nautopush = 1\nverified_push = 1\n";
        assert_eq!(judge("F", conf::parse(both, "x", false)).faults, ["autopush and verified_push cannot both be enabled in F"]);
        assert_eq!(
            judge("F", conf::parse(b"Host = h\n", "login_duo", false)).faults,
            ["Invalid login_duo option: 'Host'", "Parse error in F, line 1"]
        );
    }
}
