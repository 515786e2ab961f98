//! The processes of a login: one that authenticates, and one that waits for it and becomes the shell.
use crate::gate::{self, Start};
use crate::load::{DEFAULT, SERVICE_USER};
use crate::sys::{self, User};
use crate::{log, text};
use std::ffi::{CStr, OsString};
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The child's exit statuses. None is 0: a process that ends early by itself must not let anybody in.
const ALLOWED: u8 = 40;
const ALLOWED_MOTD: u8 = 41;
const DENIED: u8 = 1;

/// The most characters of the client's name.
const NAME_MOST: usize = 255;

/// A command line, whatever the program's name.
pub struct Args {
    /// `duo-login` or `login_duo`.
    pub tool: &'static str,
    /// The same, for syslog.
    pub ident: &'static CStr,
    /// -c.
    pub config: Option<PathBuf>,
    /// -f.
    pub duouser: Option<String>,
    /// -h.
    pub host: Option<String>,
    /// -d.
    pub debug: bool,
    /// The program and its arguments.
    pub command: Vec<String>,
}

/// Runs the login. Returns an exit status only when it is denied, or in the child.
pub fn run(args: Args) -> u8 {
    match try_run(args) {
        Ok(status) => status,
        Err(why) => {
            let _ = writeln!(io::stderr(), "{}", text::line(&why));
            DENIED
        }
    }
}

fn try_run(args: Args) -> Result<u8, String> {
    let began = Instant::now();
    sys::usual_signals();
    sys::open_log(args.ident);
    log::write(log::INFO, "starting Duo Unix: Login Duo");
    if args.debug {
        log::to_stderr();
    }
    let (uid, _) = sys::effective_uid();
    let setuid = sys::is_setuid();
    if setuid && (args.config.is_some() || args.duouser.is_some()) {
        return Err("Only root may specify -c or -f".into());
    }
    let service =
        if setuid { Some(sys::user_by_name(SERVICE_USER).ok_or(format!("User '{SERVICE_USER}' not found"))?) } else { None };
    let user = sys::user_by_uid(uid).ok_or("Who are you?")?;
    let command = command(&args.command);
    let exposed = exposed_auth_info(uid, setuid)?;
    let child = sys::fork().map_err(|e| format!("fork: {}", sys::strerror(&e)))?;
    let dropped = |e: io::Error| format!("couldn't drop privileges: {}", sys::strerror(&e));
    let Some(child) = child else {
        sys::disarm();
        if let Some(service) = service {
            sys::shed_limits().map_err(|e| format!("too few descriptors: {}", sys::strerror(&e)))?;
            sys::drop_to(service.uid, service.gid, true).map_err(dropped)?;
        }
        sys::die_with_parent();
        return Ok(authenticate(args, user, command.as_ref(), exposed, began));
    };
    if setuid {
        sys::drop_to(uid, sys::real_gid(), false).map_err(dropped)?;
    }
    match child.wait().map_err(|e| format!("waitpid: {}", sys::strerror(&e)))? {
        Ok(status) if status == i32::from(ALLOWED) => {}
        Ok(status) if status == i32::from(ALLOWED_MOTD) => motd(),
        Ok(_) => return Ok(DENIED),
        Err(signal) => return Err(format!("unprivileged process terminated by signal: {signal}")),
    }
    Err(become_shell(&user, command))
}

/// The child: reads what it needs of the environment, forgets the rest, decides.
fn authenticate(args: Args, user: User, command: Option<&OsString>, exposed: Option<String>, began: Instant) -> u8 {
    let variable = |name| std::env::var_os(name).map(|v| v.to_string_lossy().into_owned());
    let connection = variable("SSH_CONNECTION").and_then(|c| c.split_whitespace().next().map(str::to_string));
    let start = Start {
        tool: args.tool,
        config: args.config.unwrap_or_else(|| DEFAULT.into()),
        strict: args.tool != crate::LOGIN_DUO,
        duouser: args.duouser,
        // No address or name is longer (RFC 1035, 2.3.4); a longer one could make a request that fails.
        client: connection.or(args.host).map(|name| name.chars().take(NAME_MOST).collect()),
        user,
        command: command.map(|c| c.to_string_lossy().into_owned()),
        passcode: variable("DUO_PASSCODE").map(Into::into),
        exposed,
        headless: std::env::var_os("SSH_ORIGINAL_COMMAND").is_some() || !io::stdin().is_terminal(),
        began,
    };
    sys::forget_environment();
    match gate::decide(&start) {
        (false, _) => DENIED,
        (true, false) => ALLOWED,
        (true, true) => ALLOWED_MOTD,
    }
}

/// The arguments joined by spaces, or what the user asked sshd for.
fn command(args: &[String]) -> Option<OsString> {
    if args.is_empty() { std::env::var_os("SSH_ORIGINAL_COMMAND") } else { Some(args.join(" ").into()) }
}

/// The file in which sshd tells of the first factor (`ExposeAuthInfo`). It is read with the user's own rights, and has to be
/// the user's: its name comes from the environment.
fn exposed_auth_info(uid: u32, setuid: bool) -> Result<Option<String>, String> {
    let Some(path) = std::env::var_os("SSH_USER_AUTH") else { return Ok(None) };
    let read = || {
        let flags = libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK;
        let file = OpenOptions::new().read(true).custom_flags(flags).open(Path::new(&path)).ok()?;
        let found = file.metadata().ok().filter(|f| f.is_file() && f.uid() == uid);
        let mut text = String::new();
        found.and_then(|_| file.take(64 << 10).read_to_string(&mut text).ok())?;
        Some(text)
    };
    if setuid {
        sys::as_real_user(read).map_err(|e| format!("couldn't drop privileges: {}", sys::strerror(&e)))
    } else {
        Ok(read())
    }
}

fn motd() {
    if let Some(text) = sys::motd() {
        let mut out = io::stdout().lock();
        let _ = out.write_all(&text).and_then(|()| out.flush());
    }
}

/// Runs the user's shell in place of this process; returns only why it could not.
fn become_shell(user: &User, command: Option<OsString>) -> String {
    let shell = user.shell.clone().unwrap_or_else(|| "/bin/sh".into());
    let name = shell.as_bytes().rsplit(|b| *b == b'/').next().unwrap_or_default().to_vec();
    let mut run = Command::new(&shell);
    run.env_remove("DUO_PASSCODE");
    match command {
        Some(command) => run.arg0(OsString::from_vec(name)).arg("-c").arg(command),
        None => run.arg0(OsString::from_vec([b"-", name.as_slice()].concat())),
    };
    let e = run.exec();
    format!("{}: {}", shell.to_string_lossy(), sys::strerror(&e))
}
