//! Layout of what is recorded and of keys, once everything that decides sizes is known.

use super::Checker;
use super::typed::Typed;
use crate::program::{Action, ActionKind, Expr, ExprKind, Record, RecordKind, Statement};
use crate::types::{Type, TypeId, Types};

impl Types {
    /// How a value of a type is recorded: kind, bytes, alignment.
    fn recorded(&self, expr: &Expr) -> (RecordKind, u32, u32) {
        if let ExprKind::Symbolic(kind, _) = &expr.kind {
            return (*kind, kind.size(), 8);
        }
        self.recorded_type(expr.ty)
    }

    fn recorded_type(&self, ty: TypeId) -> (RecordKind, u32, u32) {
        let bytes = u32::try_from(self.size(ty)).unwrap_or(u32::MAX);
        match self.kind(ty) {
            Type::String => (RecordKind::String, self.strsize.saturating_add(1), 1),
            Type::Integer { .. } | Type::Enum { .. } => (RecordKind::Integer { signed: self.is_signed(ty) }, bytes, bytes),
            Type::Pointer(_) => (RecordKind::Integer { signed: false }, 8, 8),
            _ => (RecordKind::Bytes, bytes, u32::try_from(self.align(ty)).unwrap_or(8)),
        }
    }
}

impl RecordKind {
    /// Bytes of a stack or symbol.
    fn size(self) -> u32 {
        match self {
            Self::Stack { frames } => frames.saturating_mul(8),
            Self::Ustack { frames, strsize } => frames.saturating_mul(8).saturating_add(8).saturating_add(strsize),
            Self::Usym | Self::Umodule | Self::Uaddr => 16,
            _ => 8,
        }
    }
}

/// Places records one after the other.
#[derive(Default)]
struct Packer {
    end: u32,
    align: u32,
}

impl Packer {
    fn place(&mut self, kind: RecordKind, size: u32, align: u32, ty: TypeId) -> Record {
        let align = align.clamp(1, 8);
        let offset = self.end.checked_next_multiple_of(align).unwrap_or(u32::MAX);
        self.end = offset.saturating_add(size);
        self.align = self.align.max(align);
        Record { kind, offset, size, align, ty }
    }
}

impl Checker<'_> {
    /// Lays out all records and keys.
    pub(super) fn layout(&mut self) {
        let types = &self.types;
        for clause in &mut self.clauses {
            let mut packer = Packer::default();
            for statement in &mut clause.body {
                if let Statement::Action(action) = statement {
                    action.records = records(types, &mut packer, action);
                }
            }
            clause.record_size = packer.end;
            clause.record_align = packer.align.max(1);
        }
        for (table, keys) in self.symbols.tables.iter_mut().zip(&self.symbols.table_keys) {
            table.keys = keys_of(types, keys.as_deref().unwrap_or_default());
        }
        for (id, keys) in &self.symbols.array_keys {
            if let Some(var) = self.symbols.variables.get_mut(id.0) {
                var.keys = Some(keys_of(types, keys));
            }
        }
        for var in &mut self.symbols.variables {
            if matches!(types.kind(var.ty), Type::Dynamic) {
                var.ty = types.named("int64_t").unwrap_or(TypeId::LONG);
            }
        }
    }
}

fn records(types: &Types, packer: &mut Packer, action: &Action) -> Vec<Record> {
    if matches!(action.kind, ActionKind::Speculate | ActionKind::Raise | ActionKind::Chill) {
        return vec![];
    }
    let mut list = vec![];
    for (i, arg) in action.args.iter().enumerate() {
        let (kind, size, align) = match (&action.kind, i) {
            (ActionKind::Tracemem { size }, 0) => (RecordKind::Bytes, *size, 8),
            (ActionKind::Exit, _) => (RecordKind::Integer { signed: true }, 4, 4),
            (
                ActionKind::Tracemem { .. }
                | ActionKind::Normalize(_)
                | ActionKind::Trunc(_)
                | ActionKind::Commit
                | ActionKind::Discard,
                _,
            ) => (RecordKind::Integer { signed: true }, 8, 8),
            _ => types.recorded(arg),
        };
        list.push(packer.place(kind, size, align, arg.ty));
    }
    list
}

fn keys_of(types: &Types, keys: &[Typed]) -> Vec<Record> {
    let mut packer = Packer::default();
    let place = |key: &Typed| {
        let (kind, size, align) = types.recorded(&key.expr);
        packer.place(kind, size, align, key.ty())
    };
    keys.iter().map(place).collect()
}
