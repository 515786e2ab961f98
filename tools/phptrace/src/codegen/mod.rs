//! From the typed D program to eBPF: one program for each kind of probe site ("unit").
pub(crate) mod frame;
pub(crate) mod layout;

mod action;
mod aggregate;
mod builtin;
mod clause;
mod generator;
mod inet;
mod key;
mod loops;
mod number;
mod part;
mod paths;
mod place;
mod process;
mod strings;
mod subroutine;
mod task;
mod text;

use crate::bpf::asm::Code;
use crate::elf::args::{Arg, Place};
use crate::sys::bpf::ProgramKind;
use dlang::program::Program;
pub(crate) use generator::Refusal;
use layout::Layout;

/// What the kernel offers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features {
    /// Programs of uprobes that may sleep, with every kind of map (6.1).
    pub sleep: bool,
    /// BTF id of `bpf_copy_from_user_str` for those (6.12): 3 % faster than the helper that does not sleep.
    pub copy_user_string: Option<u32>,
    /// `bpf_loop` (5.17).
    pub loops: bool,
    /// Atomic exchange (5.12).
    pub exchange: bool,
    /// Offsets in `struct task_struct`: `real_parent`, `tgid`.
    pub task_parent: Option<(i32, i32)>,
    /// Offsets in `struct task_struct`: time accounted, when it was last.
    pub task_runtime: Option<(i32, i32)>,
    /// Offset in `struct task_struct` of the address that a thread's own memory is relative to.
    pub thread_base: Option<i32>,
    /// Offsets of members of the kernel's structures: structure, member.
    pub members: std::collections::HashMap<(&'static str, &'static str), i32>,
    /// Nanoseconds from the kernel's monotonic clock to the time of day.
    pub wall_offset: i64,
}

/// Identifier of the probe `dtrace:::ERROR`.
pub(crate) const ERROR_ID: u32 = 3;

/// How a unit finds its probe arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Arguments {
    /// None: BEGIN, END, tick.
    Nothing,
    /// By the specifications of a USDT note.
    Usdt(Vec<Option<Arg>>),
    /// A function's entry: registers of the calling convention.
    Entry,
    /// A function's return: `arg0` is the offset, `arg1` the result.
    Return,
    /// The raw tracepoint `sys_enter` for one system call: registers by the context.
    SyscallEntry,
    /// The raw tracepoint `sys_exit`: the result.
    SyscallReturn,
    /// The raw tracepoint `sched_process_exit`, of a process and not of its other threads: `arg0` says how it ends.
    ProcessExit,
    /// The raw tracepoint `signal_generate`: `arg1` is the task it is for, `arg2` the signal.
    Signal,
    /// A sample: `arg0` kernel pc, `arg1` user pc.
    Sample,
}

impl Arguments {
    /// Whether one of them is in a thread's own memory.
    pub(crate) fn of_threads(&self) -> bool {
        let thread = |a: &Option<Arg>| a.as_ref().is_some_and(|a| matches!(a.place, Place::Thread { .. }));
        matches!(self, Self::Usdt(all) if all.iter().any(thread))
    }
}

/// Whom a clause or a unit is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Whom {
    /// Every process, or if the run is limited to targets, those.
    #[default]
    All,
    /// These processes.
    Only(Vec<u32>),
}

/// One program to be made.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Type of program.
    pub kind: ProgramKind,
    /// Index, as records carry it.
    pub index: u32,
    /// Identifier of its probe, for `id` and ERROR.
    pub id: u32,
    /// Provider, module, function, name.
    pub names: [String; 4],
    /// Its arguments.
    pub arguments: Arguments,
    /// Number of the system call it is for, if it is for one.
    pub syscall: Option<u32>,
    /// Indices of its clauses, and whom each is for.
    pub clauses: Vec<(usize, Whom)>,
    /// Whether it runs whatever the activity is.
    pub always: bool,
    /// Whether only targets of the run fire it.
    pub targets_only: bool,
    /// PHP's functions: offset in `struct pt_regs` of the register that holds the frame, and where `->` is relative to the probe.
    pub scope: Option<(i16, i64)>,
    /// Whether it tells the consumer which process it fired in.
    pub announces: bool,
}

/// A finished unit.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    /// Its code.
    pub code: Code,
    /// Whether it must be loaded as sleepable.
    pub sleepable: bool,
    /// Bytes of a slot it needs.
    pub slot_size: u32,
}

/// Makes the code of a unit. `errors`: the clauses of ERROR.
///
/// # Errors
/// What cannot be done on this kernel, or at all, and where it is in the D text.
pub(crate) fn compile(
    program: &Program,
    layout: &mut Layout,
    features: &Features,
    unit: &Unit,
    errors: &[usize],
) -> Result<Compiled, Refusal> {
    let mut g = generator::Gen::new(program, layout, features, unit);
    g.unit(errors)?;
    let (slot_size, sleepable, pos) = (g.slot_size, g.sleeps, g.pos);
    let code = g.asm.finish().map_err(|e| Refusal { pos, message: format!("program too large: {e}") })?;
    Ok(Compiled { code, sleepable, slot_size })
}
