//! The names of a program and what they stand for.

use super::typed::Typed;
use crate::ast::Node;
use crate::program::{Aggregation, Builtin, Scope, Space, VarId, Variable};
use crate::types::TypeId;
use std::collections::HashMap;
use std::rc::Rc;

/// What a global name stands for.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// A built-in variable and its type.
    Builtin(Builtin, TypeId),
    /// A variable.
    Var(VarId),
    /// An inline definition.
    Inline(Rc<Inline>),
    /// An enumerator.
    Enumerator(i32, TypeId),
    /// `args`
    Args,
    /// `uregs`
    Uregs,
    /// A value bound to a name inside an inline or a translator.
    Bound(Rc<Typed>),
}

/// An inline definition.
#[derive(Debug)]
pub(super) struct Inline {
    /// Declared type.
    pub(super) ty: TypeId,
    /// Parameters of an inline array, with their names.
    pub(super) parameters: Option<Vec<(Option<String>, TypeId)>>,
    /// Its expression.
    pub(super) value: Node,
}

/// Whether and how a variable has been used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Use {
    /// Read, written or declared.
    pub(super) known: bool,
    /// Whether a value that is not of scratch memory has been assigned.
    pub(super) plain: bool,
}

/// Everything that compiling a clause may change; a failed attempt is undone by restoring a copy.
#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    /// Global names.
    pub(super) globals: HashMap<String, Name>,
    /// `self->` names.
    pub(super) thread: HashMap<String, VarId>,
    /// `this->` names.
    pub(super) clause: HashMap<String, VarId>,
    /// Names of aggregations.
    pub(super) aggregations: HashMap<String, usize>,
    /// The variables.
    pub(super) variables: Vec<Variable>,
    /// How they are used.
    pub(super) uses: Vec<Use>,
    /// The aggregations.
    pub(super) tables: Vec<Aggregation>,
    /// Key types of each aggregation, once an assignment has fixed them.
    pub(super) table_keys: Vec<Option<Vec<Typed>>>,
    /// Key types of each associative array.
    pub(super) array_keys: HashMap<VarId, Vec<Typed>>,
    /// Line of the assignment that fixed an aggregation's function.
    pub(super) table_lines: Vec<u32>,
}

impl Symbols {
    /// A new variable without a type.
    pub(super) fn create(&mut self, name: &str, scope: Scope) -> VarId {
        let id = VarId(self.variables.len());
        let space = Space::Kernel;
        let ty = TypeId::DYNAMIC;
        self.variables.push(Variable { name: name.into(), scope, ty, keys: None, space, written: false });
        self.uses.push(Use::default());
        match scope {
            Scope::Global => {
                self.globals.insert(name.into(), Name::Var(id));
            }
            Scope::Thread => {
                self.thread.insert(name.into(), id);
            }
            Scope::Clause => {
                self.clause.insert(name.into(), id);
            }
        }
        id
    }

    /// The variable `id`.
    pub(super) fn var(&self, id: VarId) -> Option<&Variable> {
        self.variables.get(id.0)
    }

    /// Whether nothing has given the variable a type or a value yet.
    pub(super) fn is_fresh(&self, id: VarId) -> bool {
        self.uses.get(id.0).is_some_and(|u| !u.known)
    }

    /// Notes that the variable is used.
    pub(super) fn know(&mut self, id: VarId) {
        if let Some(u) = self.uses.get_mut(id.0) {
            u.known = true;
        }
    }

    /// The aggregation `name`, made if it is new.
    pub(super) fn aggregation(&mut self, name: &str) -> usize {
        if let Some(at) = self.aggregations.get(name) {
            return *at;
        }
        let at = self.tables.len();
        self.aggregations.insert(name.into(), at);
        self.tables.push(Aggregation { name: name.into(), func: None, keys: vec![], value: TypeId::LONG });
        self.table_keys.push(None);
        self.table_lines.push(0);
        at
    }

    /// What messages call the thing behind a global name.
    pub(super) fn kind(&self, name: &Name) -> &'static str {
        match name {
            Name::Args | Name::Uregs => "associative array",
            Name::Enumerator(..) => "enumerator",
            Name::Var(id) if self.var(*id).is_some_and(|v| v.keys.is_some()) => "associative array",
            Name::Inline(inline) if inline.parameters.is_some() => "associative array",
            _ => "scalar",
        }
    }
}
