//! What the kernel refuses, and what would change its mind.
use crate::sys::process;
use base::fail::Fail;
use std::fs;
use std::io;

/// Capabilities by number, of capability(7).
const CAPABILITIES: [(u32, &str); 4] = [(19, "CAP_SYS_PTRACE"), (21, ADMIN), (38, "CAP_PERFMON"), (39, "CAP_BPF")];
const ADMIN: &str = "CAP_SYS_ADMIN";

/// Says what went wrong with the kernel: for want of privilege, which.
pub(crate) fn kernel_said(what: &str, e: io::Error) -> Fail {
    match e.raw_os_error() {
        Some(libc::EPERM | libc::EACCES) => {
            let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
            let old = process::kernel_version() < (5, 8);
            Fail::Other(format!("{what}: {}", refused(&effective(&status), old, in_first_namespace(), &sysctls())))
        }
        Some(libc::ENOSYS) => Fail::Other(format!("{what}: this kernel is built without BPF (CONFIG_BPF_SYSCALL)")),
        _ => Fail::Io(what.into(), e),
    }
}

/// Says that uprobes cannot be made.
pub(crate) fn no_uprobes(what: &str, e: io::Error) -> Fail {
    match e.raw_os_error() {
        Some(libc::ENOENT | libc::EOPNOTSUPP | libc::ENODEV)
            if !fs::exists("/sys/bus/event_source/devices/uprobe").unwrap_or(false) =>
        {
            Fail::Other(format!("{what}: this kernel is built without uprobes (CONFIG_UPROBE_EVENTS)"))
        }
        _ => kernel_said(what, e),
    }
}

/// The capabilities among those needed that a process has, by its /proc/PID/status.
fn effective(status: &str) -> Vec<&'static str> {
    let mask = status.lines().find_map(|l| u64::from_str_radix(l.strip_prefix("CapEff:")?.trim(), 16).ok()).unwrap_or(0);
    CAPABILITIES.iter().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, name)| *name).collect()
}

/// Whether this is the user namespace in which capabilities count for the kernel as a whole.
fn in_first_namespace() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    map.split_ascii_whitespace().eq(["0", "0", "4294967295"])
}

/// Whether this is the pid namespace whose numbers programs in the kernel see; its inode is `PROC_PID_INIT_INO` of the kernel.
pub(crate) fn in_first_pid_namespace() -> bool {
    fs::read_link("/proc/self/ns/pid").is_ok_and(|link| link.as_os_str() == "pid:[4026531836]")
}

fn sysctls() -> String {
    let value = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/kernel/{name}")).ok()?;
        Some(format!("kernel.{name}={}", text.trim()))
    };
    ["unprivileged_bpf_disabled", "perf_event_paranoid"].into_iter().filter_map(value).collect::<Vec<_>>().join(", ")
}

fn refused(has: &[&str], old: bool, first: bool, sysctls: &str) -> String {
    let needed: &[&str] = if old || has.contains(&ADMIN) { &[ADMIN] } else { &["CAP_BPF", "CAP_PERFMON"] };
    let lacks: Vec<&str> = needed.iter().filter(|n| !has.contains(n)).copied().collect();
    if !lacks.is_empty() {
        return format!("needs root, or {}; this process lacks {} ({sysctls})", needed.join(" and "), lacks.join(" and "));
    }
    if !first {
        return "the capabilities of a user namespace are not enough: root outside the container is needed".into();
    }
    format!(
        "refused in spite of the capabilities: by a container's seccomp profile (bpf, perf_event_open), a lockdown, or {sysctls}"
    )
}

/// Whether this process may look into all others.
pub(crate) fn may_look() -> bool {
    effective(&fs::read_to_string("/proc/self/status").unwrap_or_default()).contains(&"CAP_SYS_PTRACE")
}

/// What it takes to look into the processes of others.
pub(crate) const LOOK: &str = "needs root, or CAP_SYS_PTRACE";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_named() {
        let none = effective("Name:\tx\nCapEff:\t0000000000000000\n");
        assert!(none.is_empty());
        let said = refused(&none, false, true, "kernel.x=2");
        assert_eq!(said, "needs root, or CAP_BPF and CAP_PERFMON; this process lacks CAP_BPF and CAP_PERFMON (kernel.x=2)");
        let bpf = effective("CapEff:\t0000008000000000\n");
        assert_eq!(bpf, ["CAP_BPF"]);
        assert!(refused(&bpf, false, true, "").contains("lacks CAP_PERFMON ("));
        assert!(refused(&bpf, true, true, "").contains("lacks CAP_SYS_ADMIN ("));
        let all = effective("CapEff:\t000001ffffffffff\n");
        assert_eq!(all.len(), 4);
        assert!(refused(&all, false, false, "").contains("user namespace"));
        assert!(refused(&all, false, true, "").contains("seccomp"));
    }
}
