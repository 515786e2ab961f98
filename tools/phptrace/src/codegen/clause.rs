//! A unit's frame: taking a slot, the clauses one after the other, the records they leave, faults.
use super::frame::{Activity, record, slot, state};
use super::generator::{Gen, KEY, Result, SLOT_COPY};
use super::layout::{RING, SLOTS, SLOTS_PER_CPU, STATE, TARGETS};
use super::{Arguments, Whom};
use crate::bits::Signed as _;
use crate::bpf::asm::{Alu, Cond, FP, Helper, Label, Linkage, R0, R1, R2, R3, R4, R6, R7, R8, R9, Size};
use crate::sys::bpf::ProgramKind;
use dlang::program::{Clause, Statement};

impl Gen<'_> {
    /// The whole unit.
    pub(super) fn unit(&mut self, errors: &[usize]) -> Result {
        let (out, error) = (self.asm.label(), self.asm.label());
        self.enter();
        // The way out comes first: a jump reaches 32767 instructions, many clauses are longer.
        let start = self.asm.label();
        self.asm.jump(start);
        self.asm.place(out);
        self.asm.imm(R0, 0);
        self.asm.exit();
        self.asm.place(start);
        self.whether(out);
        self.take_slot(out);
        self.firing();
        let clauses = self.unit.clauses.clone();
        for (index, whom) in &clauses {
            self.clause_for(*index, whom, error, !errors.is_empty())?;
        }
        if self.unit.announces {
            self.slot_storei(Size::D, slot::SPECULATION, 0);
            self.write_record(record::ARRIVAL.signed(), record::HEADER);
        }
        self.give_back();
        self.asm.imm(R0, 0);
        self.asm.exit();
        if self.calls_error {
            self.error_function(error, errors)?;
        }
        self.loop_functions();
        Ok(())
    }

    /// Leaves by `out` unless the probe is to fire.
    fn whether(&mut self, out: Label) {
        if !self.unit.always {
            self.asm.map_value(R1, STATE, state::ACTIVITY);
            self.asm.load(Size::W, R1, R1, 0);
            self.asm.jump_ifi(Cond::Ne, R1, Activity::Active as i32, out);
        }
        if let Some(number) = self.unit.syscall {
            self.syscall_is(number, out);
        }
        if self.unit.arguments == Arguments::ProcessExit {
            self.first_thread(out);
        }
        if self.unit.targets_only {
            self.target(out);
        }
    }

    /// Leaves unless the current process or one of its ancestors is a target; a descendant found becomes one itself.
    fn target(&mut self, out: Label) {
        let yes = self.asm.label();
        self.asm.call(Helper::PidTgid);
        self.asm.alui(Alu::Rsh, R0, 32);
        self.asm.mov(R8, R0);
        self.target_lookup();
        self.asm.jump_ifi(Cond::Ne, R0, 0, yes);
        if let Some((parent, tgid)) = self.features.task_parent {
            let found = self.asm.label();
            self.asm.call(Helper::CurrentTask);
            self.asm.mov(R9, R0);
            for _ in 0..8 {
                self.follow(parent, 8, out);
                self.asm.load(Size::D, R9, FP, KEY);
                self.follow(tgid, 4, out);
                self.asm.load(Size::W, R1, FP, KEY);
                self.asm.jump_ifi(Cond::Le, R1, 1, out);
                self.asm.map(R1, TARGETS);
                self.asm.mov(R2, FP);
                self.asm.alui(Alu::Add, R2, i32::from(KEY));
                self.asm.call(Helper::MapLookup);
                self.asm.jump_ifi(Cond::Ne, R0, 0, found);
            }
            self.asm.jump(out);
            self.asm.place(found);
            self.asm.store(Size::W, FP, KEY, R8);
            self.asm.storei(Size::W, FP, KEY + 4, 1);
            self.asm.map(R1, TARGETS);
            self.asm.mov(R2, FP);
            self.asm.alui(Alu::Add, R2, i32::from(KEY));
            self.asm.mov(R3, FP);
            self.asm.alui(Alu::Add, R3, i32::from(KEY + 4));
            self.asm.imm(R4, 0);
            self.asm.call(Helper::MapUpdate);
        } else {
            self.asm.jump(out);
        }
        self.asm.place(yes);
    }

    fn target_lookup(&mut self) {
        self.asm.store(Size::W, FP, KEY, R0);
        self.asm.map(R1, TARGETS);
        self.asm.mov(R2, FP);
        self.asm.alui(Alu::Add, R2, i32::from(KEY));
        self.asm.call(Helper::MapLookup);
    }

    /// Reads `bytes` at R9 + offset to the key's place.
    pub(super) fn follow(&mut self, offset: i32, bytes: i64, out: Label) {
        self.asm.mov(R3, R9);
        self.asm.alui(Alu::Add, R3, offset);
        self.asm.imm(R2, bytes);
        self.asm.mov(R1, FP);
        self.asm.alui(Alu::Add, R1, i32::from(KEY));
        self.asm.call(Helper::ProbeReadKernel);
        self.asm.jump_ifi(Cond::Ne, R0, 0, out);
    }

    /// R7 = a slot of this CPU that nobody else has. A firing can be preempted, or sleep, amid others on its CPU.
    fn take_slot(&mut self, out: Label) {
        let taken = self.asm.label();
        self.asm.call(Helper::CpuId);
        self.asm.alui(Alu::Mul, R0, SLOTS_PER_CPU.signed());
        self.asm.mov(R8, R0);
        for i in 0..SLOTS_PER_CPU.signed() {
            let next = self.asm.label();
            self.asm.store(Size::W, FP, KEY, R8);
            self.asm.map(R1, SLOTS);
            self.asm.mov(R2, FP);
            self.asm.alui(Alu::Add, R2, i32::from(KEY));
            self.asm.call(Helper::MapLookup);
            self.asm.jump_ifi(Cond::Eq, R0, 0, out);
            self.asm.mov(R7, R0);
            self.asm.imm(R1, 1);
            if self.features.exchange {
                self.asm.exchange(R7, 0, R1);
                self.asm.jump_ifi(Cond::Eq, R1, 0, taken);
            } else {
                self.asm.load(Size::D, R2, R7, 0);
                self.asm.jump_ifi(Cond::Ne, R2, 0, next);
                self.asm.store(Size::D, R7, 0, R1);
                self.asm.jump(taken);
            }
            self.asm.place(next);
            if i + 1 < SLOTS_PER_CPU.signed() {
                self.asm.alui(Alu::Add, R8, 1);
            }
        }
        self.count_drop(state::BUSY_DROPS);
        self.asm.jump(out);
        self.asm.place(taken);
        self.asm.store(Size::D, FP, SLOT_COPY, R7);
    }

    fn give_back(&mut self) {
        self.asm.storei(Size::D, R7, 0, 0);
    }

    /// What every firing starts with.
    fn firing(&mut self) {
        if !self.features.loops {
            self.slot_store(Size::D, slot::INDEX, R8);
        }
        self.slot_storei(Size::D, slot::TIMESTAMP, 0);
        self.slot_storei(Size::D, self.layout.token, 0);
        let (at, size) = self.layout.locals;
        if size > 0 {
            self.clear(at, size);
        }
    }

    fn clause_for(&mut self, index: usize, whom: &Whom, error: Label, has_errors: bool) -> Result {
        let Some(clause) = self.program.clauses.get(index) else { return Ok(()) };
        let (end, fault) = (self.asm.label(), self.asm.label());
        self.fault = fault;
        self.end = end;
        if let Whom::Only(pids) = whom {
            let mine = self.asm.label();
            self.asm.call(Helper::PidTgid);
            self.asm.alui(Alu::Rsh, R0, 32);
            for pid in pids {
                self.asm.jump_ifi(Cond::Eq, R0, pid.signed(), mine);
            }
            self.asm.jump(end);
            self.asm.place(mine);
        }
        self.clause(index, clause, end)?;
        // The verifier refuses code that nothing leads to.
        if self.can_fault() {
            self.asm.jump(end);
            self.cold_paths();
            self.asm.place(fault);
            self.slot_storei(Size::D, slot::SKIPPED, 1);
            self.fault_record(clause);
            if has_errors {
                self.asm.mov(R1, R6);
                self.asm.mov(R2, R7);
                self.asm.call_function(error);
                self.calls_error = true;
            }
        }
        self.asm.place(end);
        Ok(())
    }

    fn clause(&mut self, index: usize, clause: &Clause, end: Label) -> Result {
        self.pos = clause.pos;
        self.record_size = clause.record_size;
        self.asm.line(clause.pos);
        self.statement();
        // A speculation holds for all parts of its clause.
        if clause.part == 0 {
            self.slot_storei(Size::D, slot::SPECULATION, 0);
            // What is allocated does not outlive the clause.
            self.slot_storei(Size::D, slot::HEAP, 0);
            self.unless_exiting(end);
        } else {
            self.slot_load(Size::D, R0, slot::SKIPPED);
            self.asm.jump_ifi(Cond::Ne, R0, 0, end);
        }
        if let Some(predicate) = &clause.predicate {
            self.truth(predicate)?;
            self.asm.jump_ifi(Cond::Eq, R0, 0, end);
        }
        for statement in &clause.body {
            self.statement();
            match statement {
                Statement::Expr(e) => self.effect(e)?,
                Statement::Aggregate(a) => self.aggregate(a)?,
                Statement::Action(a) => self.action(a)?,
            }
        }
        if clause.traces || !clause.body.iter().all(|s| matches!(s, Statement::Expr(_) | Statement::Aggregate(_))) {
            let clause_index = i32::try_from(index).unwrap_or(0);
            self.write_record(clause_index, record::HEADER + clause.record_size);
        }
        Ok(())
    }

    /// Passes over a clause if `exit()` has been called before it, also in the same firing. END runs all the same.
    fn unless_exiting(&mut self, end: Label) {
        let [.., name] = &self.unit.names;
        if self.unit.always && name == "END" {
            self.slot_storei(Size::D, slot::SKIPPED, 0);
            return;
        }
        self.slot_storei(Size::D, slot::SKIPPED, 1);
        self.asm.map_value(R1, STATE, state::ACTIVITY);
        self.asm.load(Size::W, R1, R1, 0);
        self.asm.jump_ifi(Cond::Eq, R1, Activity::Draining as i32, end);
        self.slot_storei(Size::D, slot::SKIPPED, 0);
    }

    /// Sends the record under construction.
    fn write_record(&mut self, clause: i32, size: u32) {
        self.asm.call(Helper::PidTgid);
        self.asm.alui(Alu::Rsh, R0, 32);
        self.slot_store(Size::W, slot::RECORD + record::TGID, R0);
        self.asm.call(Helper::CpuId);
        self.slot_store(Size::W, slot::RECORD + record::CPU, R0);
        self.slot_storei(Size::W, slot::RECORD + record::CLAUSE, clause);
        let unit = if self.in_error { record::ERROR_UNIT } else { self.unit.index };
        self.slot_storei(Size::W, slot::RECORD + record::UNIT, unit.signed());
        self.slot_load(Size::D, R1, slot::SPECULATION);
        self.slot_store(Size::D, slot::RECORD + record::SPECULATION, R1);
        let sent = self.asm.label();
        self.asm.map(R1, RING);
        self.slot(R2, slot::RECORD);
        self.asm.imm(R3, i64::from(size));
        // BPF_RB_NO_WAKEUP: the consumer looks by itself.
        self.asm.imm(R4, 1);
        self.asm.call(Helper::RingOutput);
        self.asm.jump_ifi(Cond::Eq, R0, 0, sent);
        self.count_drop(state::DROPS);
        self.asm.place(sent);
    }

    fn fault_record(&mut self, clause: &Clause) {
        let data = slot::RECORD + record::HEADER;
        for (to, from) in [(0, slot::FAULT), (8, slot::ADDRESS), (16, slot::PC)] {
            self.slot_load(Size::D, R1, from);
            self.slot_store(Size::D, data + to, R1);
        }
        let number = i32::try_from(clause.number).unwrap_or(0);
        self.slot_storei(Size::D, data + 24, number);
        self.slot_storei(Size::D, slot::CLAUSE, number);
        if self.in_error {
            self.count_drop(state::ERROR_DROPS);
        } else {
            // What a fault says is never speculative.
            self.slot_storei(Size::D, slot::SPECULATION, 0);
            self.write_record(record::FAULT.signed(), record::FAULT_SIZE);
        }
    }

    /// The subprogram that runs ERROR's clauses: R1 the context, R2 the slot.
    fn error_function(&mut self, at: Label, errors: &[usize]) -> Result {
        self.asm.function(at, Linkage::Static);
        self.enter();
        self.asm.mov(R7, R2);
        self.asm.store(Size::D, FP, SLOT_COPY, R7);
        self.in_error = true;
        let nowhere = self.asm.label();
        for index in errors {
            self.clause_for(*index, &Whom::All, nowhere, false)?;
        }
        self.in_error = false;
        self.asm.imm(R0, 0);
        self.asm.exit();
        Ok(())
    }

    /// Whether the context is `struct pt_regs` or begins with it.
    pub(super) fn has_registers(&self) -> bool {
        matches!(self.unit.kind, ProgramKind::Probe | ProgramKind::Sample)
    }

    fn syscall_is(&mut self, number: u32, out: Label) {
        match self.unit.arguments {
            Arguments::SyscallEntry => self.asm.load(Size::D, R1, R6, 8),
            _ => {
                // sys_exit has the registers as its first argument; the number is kept in orig_rax.
                self.asm.load(Size::D, R9, R6, 0);
                self.follow(120, 8, out);
                self.asm.load(Size::D, R1, FP, KEY);
            }
        }
        self.asm.jump_ifi(Cond::Ne, R1, number.signed(), out);
    }
}
