//! Subroutines whose result is a number or an address. Those that give strings are in [`super::strings`].
use super::frame::{Fault, slot};
use super::generator::{Gen, Result, Text};
use super::loops::Loop;
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, FP, Helper, R0, R1, R2, R3, R7, R9, Size};
use dlang::program::{Expr, Subroutine};

impl Gen<'_> {
    /// `R0 =` the result of a subroutine.
    pub(super) fn call(&mut self, which: Subroutine, args: &[Expr]) -> Result {
        match which {
            Subroutine::Alloca => self.alloca(args),
            Subroutine::Bcopy => self.bcopy(args),
            Subroutine::Copyin => self.copyin(args),
            Subroutine::Copyinto => self.copyinto(args),
            Subroutine::Copyout | Subroutine::Copyoutstr => self.copyout(which, args),
            Subroutine::Getmajor => self.with_number(args, |g| {
                g.extend(R0, 4, false);
                g.asm.alui(Alu::Rsh, R0, 20);
            }),
            Subroutine::Getminor => self.with_number(args, |g| g.asm.alui(Alu::And, R0, 0xf_ffff)),
            Subroutine::Htons | Subroutine::Ntohs => self.with_number(args, |g| g.asm.swap(R0, 16)),
            Subroutine::Htonl | Subroutine::Ntohl => self.with_number(args, |g| g.asm.swap(R0, 32)),
            Subroutine::Htonll | Subroutine::Ntohll => self.with_number(args, |g| g.asm.swap(R0, 64)),
            Subroutine::Index | Subroutine::Rindex => self.index(which == Subroutine::Rindex, args),
            Subroutine::Progenyof => self.progenyof(args),
            Subroutine::Rand => {
                self.asm.call(Helper::Prandom);
                Ok(())
            }
            Subroutine::Speculation => {
                self.speculation();
                Ok(())
            }
            Subroutine::Strlen => self.strlen(args),
            Subroutine::Strtoll => self.strtoll(args),
            other => self.refuse(format!("{}() is not available on this system", other.name())),
        }
    }

    /// The n-th argument.
    pub(super) fn arg<'e>(&self, args: &'e [Expr], n: usize) -> Result<&'e Expr> {
        match args.get(n) {
            Some(e) => Ok(e),
            None => self.refuse("too few arguments"),
        }
    }

    fn with_number(&mut self, args: &[Expr], then: impl FnOnce(&mut Self)) -> Result {
        let e = self.arg(args, 0)?;
        self.value(e)?;
        then(self);
        Ok(())
    }

    /// `R0 =` length of a string.
    fn strlen(&mut self, args: &[Expr]) -> Result {
        let e = self.arg(args, 0)?;
        let text = self.any_text(e)?;
        let at = self.string_space();
        self.slot(R1, at);
        self.copy_text(text, self.string_size());
        self.asm.alui(Alu::Sub, R0, 1);
        Ok(())
    }

    /// A string argument, which may be written as an address.
    pub(super) fn any_text(&mut self, e: &Expr) -> Result<Text> {
        if self.is_text(e) {
            return self.text(e);
        }
        self.value(e)?;
        Ok(Text::At(self.push(R0)?))
    }

    /// A string argument at an offset of the slot.
    pub(super) fn any_text_in_slot(&mut self, e: &Expr) -> Result<u32> {
        match self.any_text(e)? {
            Text::Slot(at) => Ok(at),
            text => {
                let at = self.string_space();
                self.slot(R1, at);
                self.copy_text(text, self.string_size());
                Ok(at)
            }
        }
    }

    /// `R0 =` index of a substring or -1.
    fn index(&mut self, last: bool, args: &[Expr]) -> Result {
        let (hay, needle) = (self.arg(args, 0)?, self.arg(args, 1)?);
        let at = self.any_text_in_slot(hay)?;
        let what = self.any_text_in_slot(needle)?;
        let limit = match args.get(2) {
            Some(e) => {
                self.value(e)?;
                Some(self.push(R0)?)
            }
            None => None,
        };
        self.find(at, what, last, limit)?;
        self.get_word(R0, 3);
        let (found, end) = (self.asm.label(), self.asm.label());
        self.asm.jump_ifi(Cond::Ne, R0, 0, found);
        self.asm.imm(R0, -1);
        self.asm.jump(end);
        self.asm.place(found);
        self.asm.alui(Alu::Sub, R0, at.signed() + 1);
        self.asm.place(end);
        Ok(())
    }

    /// Runs the search; `limit`: where it starts, or for the last match the last place where one may begin.
    pub(super) fn find(&mut self, at: u32, what: u32, last: bool, limit: Option<super::generator::Temp>) -> Result {
        let (start, size) = (i64::from(at), i64::from(self.string_size()));
        self.word(0, start);
        self.word(1, i64::from(what));
        self.word(2, 0);
        self.word(3, 0);
        self.word(4, i64::from(last));
        self.word(5, start + size);
        if let Some(limit) = limit {
            let not_negative = self.asm.label();
            let short = self.asm.label();
            self.peek(R0, limit);
            self.asm.jump_ifi(Cond::SGe, R0, 0, not_negative);
            self.asm.imm(R0, if last { -1 } else { 0 });
            self.asm.place(not_negative);
            self.asm.jump_ifi(Cond::SLe, R0, self.string_size().signed(), short);
            self.asm.imm(R0, size);
            self.asm.place(short);
            self.asm.alui(Alu::Add, R0, at.signed());
            if last {
                self.set_word(5, R0);
            } else {
                self.start_within(at, R0)?;
            }
        }
        self.run_loop(Loop::Find, 1 << 16);
        Ok(())
    }

    /// Starts a search at the offset in a register, unless the string ends before it: then at the string's end.
    fn start_within(&mut self, at: u32, start: crate::bpf::asm::Reg) -> Result {
        let within = self.asm.label();
        let kept = self.push(start)?;
        let copy = self.string_space();
        self.slot(R1, copy);
        self.copy_text(Text::Slot(at), self.string_size());
        self.asm.alui(Alu::Add, R0, at.signed() - 1);
        self.pop(R1, kept);
        self.asm.jump_if(Cond::Ge, R0, R1, within);
        // Beyond its end nothing is found.
        self.word(5, -1);
        self.asm.place(within);
        self.set_word(0, R1);
        Ok(())
    }

    fn strtoll(&mut self, args: &[Expr]) -> Result {
        let e = self.arg(args, 0)?;
        let at = self.any_text_in_slot(e)?;
        match args.get(1) {
            Some(base) => self.value(base)?,
            None => self.asm.imm(R0, 10),
        }
        self.set_word(1, R0);
        self.word(0, i64::from(at));
        for n in 2..5 {
            self.word(n, 0);
        }
        self.run_loop(Loop::Number, self.string_size());
        let end = self.asm.label();
        self.get_word(R0, 2);
        self.get_word(R1, 4);
        self.asm.jump_ifi(Cond::Eq, R1, 0, end);
        self.asm.neg(R0);
        self.asm.place(end);
        Ok(())
    }

    /// Whether the current process is a child, of whatever degree, of a process.
    fn progenyof(&mut self, args: &[Expr]) -> Result {
        let Some((parent, tgid)) = self.features.task_parent else {
            return self.refuse("progenyof needs the kernel's type information (/sys/kernel/btf/vmlinux)");
        };
        let e = self.arg(args, 0)?;
        self.value(e)?;
        let wanted = self.push(R0)?;
        let (yes, no, end) = (self.asm.label(), self.asm.label(), self.asm.label());
        self.asm.call(Helper::CurrentTask);
        self.asm.mov(R9, R0);
        for _ in 0..16 {
            self.follow(tgid, 4, no);
            self.asm.load(Size::W, R0, FP, super::generator::KEY);
            self.peek(R1, wanted);
            self.asm.jump_if(Cond::Eq, R0, R1, yes);
            self.asm.jump_ifi(Cond::Le, R0, 1, no);
            self.follow(parent, 8, no);
            self.asm.load(Size::D, R9, FP, super::generator::KEY);
        }
        self.asm.place(no);
        self.asm.imm(R0, 0);
        self.asm.jump(end);
        self.asm.place(yes);
        self.asm.imm(R0, 1);
        self.asm.place(end);
        Ok(())
    }

    /// `R0 =` offset in the slot of the size in R0 of fresh scratch memory; faults if there is not so much.
    fn reserve(&mut self) {
        let (start, size) = self.layout.heap;
        let limit = size.signed();
        self.fault_if(Cond::Gt, R0, limit, Fault::NoScratch);
        self.slot_load(Size::D, R1, slot::HEAP);
        self.asm.mov(R2, R1);
        self.asm.alui(Alu::Add, R0, 7);
        self.asm.alui(Alu::And, R0, -8);
        self.asm.alu(Alu::Add, R2, R0);
        self.fault_if(Cond::Gt, R2, limit, Fault::NoScratch);
        self.slot_store(Size::D, slot::HEAP, R2);
        self.asm.mov(R0, R1);
        self.asm.alui(Alu::Add, R0, start.signed());
    }

    /// `R0 =` the number of the address of the offset in R0.
    fn offset_address(&mut self) {
        self.asm.mov(R1, R7);
        self.forget(R1);
        self.asm.alu(Alu::Add, R0, R1);
    }

    /// Scratch memory; reserving more than there is gives a null pointer, as DTrace does.
    fn alloca(&mut self, args: &[Expr]) -> Result {
        let e = self.arg(args, 0)?;
        self.value(e)?;
        self.reserve();
        self.offset_address();
        Ok(())
    }

    fn copyin(&mut self, args: &[Expr]) -> Result {
        let (from, size) = (self.arg(args, 0)?, self.arg(args, 1)?);
        self.value(from)?;
        let from = self.push(R0)?;
        self.value(size)?;
        let size = self.push(R0)?;
        self.reserve();
        self.offset_address();
        let to = self.push(R0)?;
        self.copy_to(to, from, size, Helper::ProbeReadUser)?;
        self.peek(R0, to);
        Ok(())
    }

    fn copyinto(&mut self, args: &[Expr]) -> Result {
        let (from, size, to) = (self.arg(args, 0)?, self.arg(args, 1)?, self.arg(args, 2)?);
        self.value(from)?;
        let from = self.push(R0)?;
        self.value(size)?;
        let size = self.push(R0)?;
        self.value(to)?;
        let to = self.push(R0)?;
        self.copy_to(to, from, size, Helper::ProbeReadUser)
    }

    fn bcopy(&mut self, args: &[Expr]) -> Result {
        let (from, to, size) = (self.arg(args, 0)?, self.arg(args, 1)?, self.arg(args, 2)?);
        self.value(from)?;
        let from = self.push(R0)?;
        self.value(to)?;
        let to = self.push(R0)?;
        self.value(size)?;
        let size = self.push(R0)?;
        self.copy_to(to, from, size, Helper::ProbeReadKernel)
    }

    /// Copies to scratch memory, all three given by temporaries. The target must be within the heap.
    pub(super) fn copy_to(
        &mut self,
        to: super::generator::Temp,
        from: super::generator::Temp,
        size: super::generator::Temp,
        helper: Helper,
    ) -> Result {
        let (start, length) = self.layout.heap;
        let end = (start + length).signed();
        // The verifier adds the largest offset and the largest size: there must be memory even there.
        self.slot_size = self.slot_size.max(start + 2 * length + 8);
        let nothing = self.asm.label();
        self.peek(R0, to);
        self.slot_store(Size::D, slot::ADDRESS, R0);
        self.asm.mov(R1, R7);
        self.forget(R1);
        self.asm.alu(Alu::Sub, R0, R1);
        self.fault_if(Cond::Lt, R0, start.signed(), Fault::BadAddress);
        self.fault_if(Cond::Gt, R0, end, Fault::BadAddress);
        self.peek(R2, size);
        self.asm.jump_ifi(Cond::Eq, R2, 0, nothing);
        // What does not fit is a bad size.
        self.slot_store(Size::D, slot::ADDRESS, R2);
        self.fault_if(Cond::Gt, R2, length.signed(), Fault::BadSize);
        self.asm.mov(R3, R0);
        self.asm.alu(Alu::Add, R3, R2);
        self.fault_if(Cond::Gt, R3, end, Fault::BadSize);
        self.asm.alui(Alu::Sub, R3, start.signed());
        self.slot_load(Size::D, R1, slot::HEAP);
        self.asm.alu(Alu::Sub, R3, R1);
        self.fault_if(Cond::SGt, R3, 0, Fault::BadSize);
        self.asm.mov(R1, R7);
        self.asm.alu(Alu::Add, R1, R0);
        self.peek(R3, from);
        self.slot_store(Size::D, slot::ADDRESS, R3);
        if helper == Helper::ProbeReadUser {
            self.read_process(helper, length)?;
        } else {
            self.asm.call(helper);
        }
        self.fault_if(Cond::Ne, R0, 0, Fault::BadAddress);
        self.asm.place(nothing);
        Ok(())
    }

    /// `copyout(from, address, size)`, `copyoutstr(string, address, size)`
    fn copyout(&mut self, which: Subroutine, args: &[Expr]) -> Result {
        let (from, to, size) = (self.arg(args, 0)?, self.arg(args, 1)?, self.arg(args, 2)?);
        let most = self.string_size();
        let at = self.space(most);
        if which == Subroutine::Copyoutstr {
            let text = self.any_text(from)?;
            self.slot(R1, at);
            self.copy_text(text, most);
        } else {
            self.value(from)?;
            let from = self.push(R0)?;
            self.slot(R1, at);
            self.copy_bytes(from, most);
        }
        self.value(to)?;
        let to = self.push(R0)?;
        self.value(size)?;
        self.asm.mov(R3, R0);
        self.slot_storei(Size::D, slot::ADDRESS, 0);
        self.fault_if(Cond::Gt, R3, most.signed(), Fault::BadSize);
        self.fault_if(Cond::Eq, R3, 0, Fault::BadSize);
        self.peek(R1, to);
        self.slot_store(Size::D, slot::ADDRESS, R1);
        self.slot(R2, at);
        self.asm.call(Helper::ProbeWriteUser);
        self.fault_if(Cond::Ne, R0, 0, Fault::BadAddress);
        Ok(())
    }
}
