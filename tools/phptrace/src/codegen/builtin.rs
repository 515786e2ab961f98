//! Built-in variables.
use super::Arguments;
use super::frame::slot;
use super::generator::{Gen, Result, Text};
use super::loops::Loop;
use crate::bpf::asm::{Alu, Cond, Helper, R0, R1, R2, R3, R4, R6, R9, Size};
use crate::elf::args::{Arg, Place, Register};
use dlang::program::Builtin;

/// Offsets in x86-64's `struct pt_regs` of the six argument registers.
const ENTRY: [i16; 6] = [112, 104, 96, 88, 72, 64];
const RESULT: i16 = 80;
/// Offset of the text in PHP's `zend_string`, of 7.0 and later on 64 bits.
const ZEND_STRING_TEXT: i32 = 24;
/// From a frame of PHP's to its function, and from there to the function's name.
const ZEND_FUNCTION_NAME: [i32; 2] = [24, 8];
/// Offset in a frame of the type of what it runs on.
const ZEND_THIS_TYPE: i32 = 40;
const ZEND_IS_OBJECT: i32 = 8;
const PC: i16 = 128;
const SP: i16 = 152;
const ORIGINAL_RESULT: i32 = 120;

impl Gen<'_> {
    /// `R0 =` a built-in number.
    pub(super) fn builtin(&mut self, which: Builtin) -> Result {
        match which {
            Builtin::Arg(n) => self.argument(usize::from(n))?,
            Builtin::Args(n) => self.argument(usize::try_from(n).unwrap_or(0))?,
            Builtin::Cpu => self.asm.call(Helper::CpuId),
            Builtin::Curthread => self.asm.call(Helper::CurrentTask),
            Builtin::Epid => self.asm.imm(R0, i64::from(self.unit.index) + 1),
            Builtin::Id => self.asm.imm(R0, i64::from(self.probe_id())),
            Builtin::Errno => self.errno(),
            Builtin::Pid | Builtin::Tid | Builtin::Uid | Builtin::Gid => self.identity(which),
            Builtin::Ppid => self.parent()?,
            Builtin::Pgid => {
                self.member_of_task(&[("task_struct", "signal"), ("signal_struct", "pids"), ("pid", "numbers")], 16)?
            }
            Builtin::Sid => {
                self.member_of_task(&[("task_struct", "signal"), ("signal_struct", "pids"), ("pid", "numbers")], 24)?
            }
            Builtin::Priority => self.member_of_task(&[("task_struct", "prio")], 0)?,
            Builtin::Timestamp => self.timestamp(),
            Builtin::Vtimestamp => self.virtual_time(),
            Builtin::Walltimestamp => {
                self.timestamp();
                self.asm.imm(R1, self.features.wall_offset);
                self.asm.alu(Alu::Add, R0, R1);
            }
            Builtin::Stackdepth => self.depth(0)?,
            Builtin::Ustackdepth => self.depth(1 << 8)?,
            Builtin::Ucaller => self.user_caller()?,
            Builtin::Ipl | Builtin::Caller => self.asm.imm(R0, 0),
            _ => return self.refuse("string where a number is expected"),
        }
        Ok(())
    }

    /// Whether the probe is at a function's first instruction.
    pub(super) fn at_entry(&self) -> bool {
        let [.., name] = &self.unit.names;
        self.unit.arguments == Arguments::Entry && name == "entry"
    }

    /// `R0 =` the caller, at a function's first instruction.
    pub(super) fn entry_caller(&mut self) -> Result {
        self.asm.load(Size::D, R0, R6, SP);
        self.read_user_word(8)
    }

    /// The caller in the process. At a function's first instruction and after its return it is known without frame pointers, which
    /// most programs have not.
    fn user_caller(&mut self) -> Result {
        match self.unit.arguments {
            Arguments::Entry if self.at_entry() => self.entry_caller()?,
            Arguments::Return => self.asm.load(Size::D, R0, R6, PC),
            _ => {
                self.asm.mov(R1, R6);
                self.slot_storei(Size::D, slot::VALUE, 0);
                self.slot(R2, slot::VALUE);
                self.asm.imm(R3, 8);
                // BPF_F_USER_STACK, one frame skipped.
                self.asm.imm(R4, 1 << 8 | 1);
                self.asm.call(Helper::GetStack);
                self.slot_load(Size::D, R0, slot::VALUE);
            }
        }
        Ok(())
    }

    fn identity(&mut self, which: Builtin) {
        let helper = if matches!(which, Builtin::Pid | Builtin::Tid) { Helper::PidTgid } else { Helper::UidGid };
        self.asm.call(helper);
        if matches!(which, Builtin::Pid | Builtin::Gid) {
            self.asm.alui(Alu::Rsh, R0, 32);
        } else {
            self.extend(R0, 4, false);
        }
    }

    fn probe_id(&self) -> u32 {
        if self.in_error { super::ERROR_ID } else { self.unit.id }
    }

    /// Puts a built-in string at an offset of the slot.
    pub(super) fn builtin_text(&mut self, which: Builtin, at: u32) -> Result {
        let [provider, module, function, name] =
            if self.in_error { ["dtrace", "", "", "ERROR"].map(String::from) } else { self.unit.names.clone() };
        let constant = match which {
            Builtin::Execname => {
                self.slot(R1, at);
                self.asm.imm(R2, 16);
                self.asm.call(Helper::Comm);
                return Ok(());
            }
            Builtin::Probeprov if matches!(self.unit.arguments, Arguments::Usdt(_)) && !self.in_error => {
                return self.provider_of_process(provider.as_bytes(), at);
            }
            Builtin::Probeprov => provider,
            Builtin::Probemod => module,
            Builtin::Probefunc => function,
            Builtin::Probename => name,
            Builtin::Zonename => "global".into(),
            Builtin::Root => "/".into(),
            Builtin::Execargs => return self.command_line(at),
            Builtin::Cwd => return self.refuse("cwd is not available on this system"),
            _ => return self.refuse("number where a string is expected"),
        };
        let literal = self.literal(constant.as_bytes());
        self.slot(R1, at);
        self.copy_text(Text::Literal(literal), self.string_size());
        Ok(())
    }

    /// `php` and the number of the process.
    fn provider_of_process(&mut self, name: &[u8], at: u32) -> Result {
        let buffer = self.space(24);
        self.asm.call(Helper::PidTgid);
        self.asm.alui(Alu::Rsh, R0, 32);
        self.set_word(0, R0);
        self.word(1, i64::from(buffer) + 23);
        self.word(2, 10);
        self.slot_storei(Size::B, buffer + 23, 0);
        self.run_loop(Loop::Digits, 20);
        let literal = self.literal(name);
        self.slot(R1, at);
        self.copy_text(Text::Literal(literal), self.string_size());
        self.get_word(R0, 1);
        self.slot(R1, 0);
        self.forget(R1);
        self.asm.alu(Alu::Add, R0, R1);
        let digits = self.push(R0)?;
        self.slot(R1, at + u32::try_from(name.len()).unwrap_or(0));
        self.copy_text(Text::At(digits), 22);
        Ok(())
    }

    /// A process sees one time throughout a firing.
    fn timestamp(&mut self) {
        let known = self.asm.label();
        self.slot_load(Size::D, R0, slot::TIMESTAMP);
        self.asm.jump_ifi(Cond::Ne, R0, 0, known);
        self.asm.call(Helper::KtimeGetNs);
        self.slot_store(Size::D, slot::TIMESTAMP, R0);
        self.asm.place(known);
    }

    /// Time on the CPU: what the scheduler has accounted, and the time since it last did. The clocks of the two differ by a
    /// constant, which differences of `vtimestamp` do not see.
    fn virtual_time(&mut self) {
        let Some((total, since)) = self.features.task_runtime else { return self.timestamp() };
        self.asm.call(Helper::CurrentTask);
        self.asm.mov(R9, R0);
        for (word, offset) in [(0, total), (1, since)] {
            self.asm.mov(R3, R9);
            self.asm.alui(Alu::Add, R3, offset);
            self.asm.imm(R2, 8);
            self.slot(R1, slot::VALUE + 8 * word);
            self.asm.call(Helper::ProbeReadKernel);
        }
        self.asm.call(Helper::KtimeGetNs);
        self.slot_load(Size::D, R1, slot::VALUE);
        self.asm.alu(Alu::Add, R0, R1);
        self.slot_load(Size::D, R1, slot::VALUE + 8);
        self.asm.alu(Alu::Sub, R0, R1);
    }

    fn parent(&mut self) -> Result {
        let Some((parent, tgid)) = self.features.task_parent else {
            return self.refuse("ppid needs the kernel's type information (/sys/kernel/btf/vmlinux)");
        };
        self.asm.call(Helper::CurrentTask);
        self.asm.alui(Alu::Add, R0, parent);
        self.fetch(8);
        self.slot_load(Size::D, R0, slot::VALUE);
        self.asm.alui(Alu::Add, R0, tgid);
        self.fetch(4);
        self.slot_load(Size::W, R0, slot::VALUE);
        Ok(())
    }

    fn depth(&mut self, flags: i64) -> Result {
        let at = self.space(127 * 8);
        let end = self.asm.label();
        self.asm.mov(R1, R6);
        self.slot(R2, at);
        self.asm.imm(R3, 127 * 8);
        self.asm.imm(R4, flags);
        self.asm.call(Helper::GetStack);
        let negative = self.asm.label();
        self.asm.jump_ifi(Cond::SLt, R0, 0, negative);
        self.asm.alui(Alu::Rsh, R0, 3);
        self.asm.jump(end);
        self.asm.place(negative);
        self.asm.imm(R0, 0);
        self.asm.place(end);
        Ok(())
    }

    /// A system call's error, where one has just returned.
    fn errno(&mut self) {
        if self.unit.arguments != Arguments::SyscallReturn {
            return self.asm.imm(R0, 0);
        }
        let (failed, end) = (self.asm.label(), self.asm.label());
        self.asm.load(Size::D, R0, R6, 8);
        self.asm.neg(R0);
        self.asm.jump_ifi(Cond::Lt, R0, 4096, failed);
        self.asm.imm(R0, 0);
        self.asm.place(failed);
        self.asm.place(end);
    }

    fn argument(&mut self, n: usize) -> Result {
        if self.in_error {
            let (id, from) = (i64::from(self.unit.id), [slot::CLAUSE, slot::PC, slot::FAULT, slot::ADDRESS]);
            match n.checked_sub(2).and_then(|i| from.get(i)) {
                _ if n == 1 => self.asm.imm(R0, id),
                Some(at) => self.slot_load(Size::D, R0, *at),
                None => self.asm.imm(R0, 0),
            }
            return Ok(());
        }
        match (&self.unit.arguments, n) {
            (Arguments::Usdt(all), _) => match all.get(n).cloned() {
                Some(None) => {
                    return self.refuse(format!("arg{n} of {}: it is where it cannot be read", self.unit.names.join(":")));
                }
                Some(Some(arg)) => {
                    self.usdt_argument(&arg)?;
                    let [provider, _, _, name] = &self.unit.names;
                    if n == 0 && provider == "php" && name == "exception-caught" {
                        // PHP gives its own string here, the text of which begins behind a header.
                        self.asm.alui(Alu::Add, R0, ZEND_STRING_TEXT);
                    }
                    if let (4, Some(scope), Some(Some(function))) = (n, self.unit.scope, all.first().cloned()) {
                        self.object_scope(scope, &function)?;
                    }
                }
                None => self.asm.imm(R0, 0),
            },
            (Arguments::Entry, _) => match ENTRY.get(n) {
                Some(offset) => self.asm.load(Size::D, R0, R6, *offset),
                None => {
                    self.asm.load(Size::D, R0, R6, SP);
                    self.asm.alui(Alu::Add, R0, 8 * i32::try_from(n - ENTRY.len() + 1).unwrap_or(0));
                    self.read_user_word(8)?;
                }
            },
            (Arguments::Return, 1) => self.asm.load(Size::D, R0, R6, RESULT),
            (Arguments::SyscallReturn, 0 | 1) => self.asm.load(Size::D, R0, R6, 8),
            (Arguments::SyscallEntry, 0..6) => self.syscall_argument(n),
            (Arguments::ProcessExit, 0) => self.exit_reason()?,
            (Arguments::Signal, 1) => self.asm.load(Size::D, R0, R6, 16),
            (Arguments::Signal, 2) => self.asm.load(Size::D, R0, R6, 0),
            (Arguments::Sample, 0 | 1) => self.sampled(n),
            _ => self.asm.imm(R0, 0),
        }
        Ok(())
    }

    /// `R0 =` the address of `->` if a PHP function runs on an object, else as it is. PHP gives `::` for all methods. What the register
    /// holds is the frame only if its function's name is the one that the probe gives.
    fn object_scope(&mut self, (frame, arrow): (i16, i64), function: &Arg) -> Result {
        let (keep, end) = (self.asm.label(), self.asm.label());
        let before = self.push(R0)?;
        self.usdt_argument(function)?;
        let name = self.push(R0)?;
        self.asm.load(Size::D, R0, R6, frame);
        for offset in ZEND_FUNCTION_NAME {
            self.glance(offset, keep);
        }
        self.asm.alui(Alu::Add, R0, ZEND_STRING_TEXT);
        self.peek(R1, name);
        self.asm.jump_if(Cond::Ne, R0, R1, keep);
        self.asm.load(Size::D, R0, R6, frame);
        self.glance(ZEND_THIS_TYPE, keep);
        self.asm.alui(Alu::And, R0, 0xff);
        self.asm.jump_ifi(Cond::Ne, R0, ZEND_IS_OBJECT, keep);
        self.asm.load(Size::D, R0, R6, PC);
        self.asm.imm(R1, arrow);
        self.asm.alu(Alu::Add, R0, R1);
        self.asm.jump(end);
        self.asm.place(keep);
        self.peek(R0, before);
        self.asm.place(end);
        Ok(())
    }

    /// `R0 =` the word of the process at R0 plus an offset; to `fail` if it cannot be read, which is no fault.
    fn glance(&mut self, offset: i32, fail: crate::bpf::asm::Label) {
        self.asm.alui(Alu::Add, R0, offset);
        self.asm.mov(R3, R0);
        self.asm.imm(R2, 8);
        self.slot(R1, slot::VALUE);
        self.asm.call(Helper::ProbeReadUser);
        self.asm.jump_ifi(Cond::Ne, R0, 0, fail);
        self.slot_load(Size::D, R0, slot::VALUE);
    }

    /// `sys_enter`'s first argument is the registers; the kernel takes the fourth argument in r10.
    fn syscall_argument(&mut self, n: usize) {
        let offsets = [112, 104, 96, 56, 72, 64];
        self.asm.load(Size::D, R0, R6, 0);
        self.asm.alui(Alu::Add, R0, offsets.get(n).copied().unwrap_or(ORIGINAL_RESULT));
        self.fetch(8);
        self.slot_load(Size::D, R0, slot::VALUE);
    }

    /// The program counter if it was in the kernel (n = 0) or in the process (n = 1), else 0.
    fn sampled(&mut self, n: usize) {
        let (kernel, end) = (self.asm.label(), self.asm.label());
        self.asm.load(Size::D, R1, R6, PC);
        self.asm.imm(R0, 0);
        self.asm.jump_ifi(Cond::SLt, R1, 0, kernel);
        if n == 1 {
            self.asm.mov(R0, R1);
        }
        self.asm.jump(end);
        self.asm.place(kernel);
        if n == 0 {
            self.asm.mov(R0, R1);
        }
        self.asm.place(end);
    }

    fn register(&mut self, r: Register, signed: bool) {
        self.asm.load(Size::D, R0, R6, r.offset);
        if r.high {
            self.asm.alui(Alu::Rsh, R0, 8);
        }
        self.extend(R0, u64::from(r.bytes), signed);
    }

    fn usdt_argument(&mut self, arg: &Arg) -> Result {
        match &arg.place {
            Place::Constant(n) => self.asm.imm(R0, *n),
            Place::Register(r) => self.register(*r, arg.signed),
            Place::Memory { base, index, displacement } => {
                self.asm.imm(R0, 0);
                if let Some(base) = base {
                    self.asm.load(Size::D, R0, R6, base.offset);
                }
                if let Some((index, scale)) = index {
                    self.asm.load(Size::D, R1, R6, index.offset);
                    self.asm.alui(Alu::Mul, R1, i32::from(*scale));
                    self.asm.alu(Alu::Add, R0, R1);
                }
                self.asm.imm(R1, *displacement);
                self.asm.alu(Alu::Add, R0, R1);
                self.read_user_word(arg.size)?;
            }
            Place::Symbol(name, _) | Place::Thread { symbol: Some(name), .. } => {
                return self
                    .refuse(format!("an argument is the variable {name}, and its file says not where that is (stripped?)"));
            }
            Place::Thread { base, displacement, .. } => {
                let Some(pointer) = self.features.thread_base else {
                    return self.refuse(
                        "an argument in a thread's own memory needs the kernel's type information (/sys/kernel/btf/vmlinux)",
                    );
                };
                self.asm.call(Helper::CurrentTask);
                self.asm.alui(Alu::Add, R0, pointer);
                self.fetch(8);
                self.slot_load(Size::D, R0, slot::VALUE);
                if let Some(base) = base {
                    self.asm.load(Size::D, R1, R6, base.offset);
                    self.asm.alu(Alu::Add, R0, R1);
                }
                self.asm.imm(R1, *displacement);
                self.asm.alu(Alu::Add, R0, R1);
                self.read_user_word(arg.size)?;
            }
        }
        self.extend(R0, u64::from(arg.size), arg.signed);
        Ok(())
    }

    /// `R0 =` a register of the process by its number in the traps' frame.
    pub(super) fn uregs(&mut self, n: u32) -> Result {
        if !self.has_registers() {
            self.asm.imm(R0, 0);
            return Ok(());
        }
        match i16::try_from(n * 8) {
            Ok(offset @ 0..=160) => self.asm.load(Size::D, R0, R6, offset),
            // Segments and the trap's number are not kept.
            _ => self.asm.imm(R0, 0),
        }
        Ok(())
    }
}
