//! What the kernel's structures say of the current process, by the offsets its own type information gives.
use super::frame::slot;
use super::generator::{Gen, KEY, Result};
use super::loops::Loop;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, FP, Helper, Label, R0, R1, R2, R3, R9, Size};

impl Gen<'_> {
    /// The arguments of the current process's program, with blanks between them.
    pub(super) fn command_line(&mut self, at: u32) -> Result {
        let member = |s, m| self.features.members.get(&(s, m)).copied();
        let (memory, first, last) =
            (member("task_struct", "mm"), member("mm_struct", "arg_start"), member("mm_struct", "arg_end"));
        let (Some(memory), Some(first), Some(last)) = (memory, first, last) else {
            return self.refuse("execargs needs the kernel's type information (/sys/kernel/btf/vmlinux)");
        };
        let (fits, nothing, end) = (self.asm.label(), self.asm.label(), self.asm.label());
        let most = self.string_size().signed() - 1;
        self.asm.call(Helper::CurrentTask);
        self.asm.mov(R9, R0);
        self.follow(memory, 8, nothing);
        self.asm.load(Size::D, R9, FP, KEY);
        self.asm.jump_ifi(Cond::Eq, R9, 0, nothing);
        self.follow(last, 8, nothing);
        self.asm.load(Size::D, R0, FP, KEY);
        let last = self.push(R0)?;
        self.follow(first, 8, nothing);
        self.asm.load(Size::D, R9, FP, KEY);
        // The last NUL ends the string.
        self.pop(R2, last);
        self.asm.alu(Alu::Sub, R2, R9);
        self.asm.alui(Alu::Sub, R2, 1);
        self.asm.jump_ifi(Cond::Le, R2, most, fits);
        self.asm.imm(R2, i64::from(most));
        self.asm.place(fits);
        self.asm.mov(R0, R2);
        self.asm.alui(Alu::Add, R0, at.signed());
        self.set_word(1, R0);
        self.word(0, i64::from(at));
        self.clear(at, self.layout.string);
        self.get_word(R2, 1);
        self.asm.alui(Alu::Sub, R2, at.signed());
        self.asm.jump_ifi(Cond::Eq, R2, 0, end);
        self.asm.jump_ifi(Cond::Gt, R2, most, end);
        self.slot(R1, at);
        self.asm.mov(R3, R9);
        self.asm.call(Helper::ProbeReadUser);
        self.run_loop(Loop::Blanks, self.string_size());
        self.asm.jump(end);
        self.asm.place(nothing);
        self.slot_storei(Size::B, at, 0);
        self.asm.place(end);
        Ok(())
    }

    /// `R0 =` how the current process ends: 1 by itself, 2 killed, 3 killed with a core (`CLD_EXITED`, `CLD_KILLED`, `CLD_DUMPED`).
    pub(super) fn exit_reason(&mut self) -> Result {
        let (killed, end) = (self.asm.label(), self.asm.label());
        self.member_of_task(&[("task_struct", "exit_code")], 0)?;
        self.asm.mov(R1, R0);
        self.asm.alui(Alu::And, R1, 0x7f);
        self.asm.jump_ifi(Cond::Ne, R1, 0, killed);
        self.asm.imm(R0, 1);
        self.asm.jump(end);
        self.asm.place(killed);
        self.asm.alui(Alu::Rsh, R0, 7);
        self.asm.alui(Alu::And, R0, 1);
        self.asm.alui(Alu::Add, R0, 2);
        self.asm.place(end);
        Ok(())
    }

    /// Leaves unless the current thread is its process's first.
    pub(super) fn first_thread(&mut self, out: Label) {
        self.asm.call(Helper::PidTgid);
        self.asm.mov(R1, R0);
        self.asm.alui(Alu::Rsh, R1, 32);
        self.asm.alui(Alu::Lsh, R0, 32);
        self.asm.alui(Alu::Rsh, R0, 32);
        self.asm.jump_if(Cond::Ne, R0, R1, out);
    }

    /// `R0 =` four bytes of the current task, reached through pointers: each member but the last is one, `second` bytes into the
    /// second of them.
    pub(super) fn member_of_task(&mut self, path: &[(&'static str, &'static str)], second: i32) -> Result {
        let mut offsets = Vec::new();
        for (i, step) in path.iter().enumerate() {
            let Some(offset) = self.features.members.get(step) else {
                return self.refuse("needs the kernel's type information (/sys/kernel/btf/vmlinux)");
            };
            offsets.push(offset + if i == 1 { second } else { 0 });
        }
        self.asm.call(Helper::CurrentTask);
        for (i, offset) in offsets.iter().enumerate() {
            let (bytes, size) = if i + 1 == offsets.len() { (4, Size::W) } else { (8, Size::D) };
            self.asm.alui(Alu::Add, R0, *offset);
            self.fetch(bytes);
            self.slot_load(size, R0, slot::VALUE);
        }
        Ok(())
    }
}
