//! The operating system's edge: the only unsafe code of the tool.
#[cfg(target_os = "illumos")]
mod illumos;
#[cfg(target_os = "illumos")]
pub(crate) use illumos::dtrace;

#[cfg(target_os = "linux")]
pub(crate) mod bpf;
#[cfg(target_os = "linux")]
pub(crate) mod perf;
#[cfg(target_os = "linux")]
pub(crate) mod process;
#[cfg(target_os = "linux")]
pub(crate) mod ring;
#[cfg(target_os = "linux")]
pub(crate) mod shared;
