//! Clauses: descriptions, predicates, `if`, the rules of speculations.

use super::Checker;
use super::prototype::Kind;
use super::typed::{Special, Typed};
use crate::ast::{self, Node, NodeKind, Spec, Statement as Tree};
use crate::context::{Field, Matches};
use crate::error::{Error, Pos, Result};
use crate::lex::token::Int;
use crate::program::{Action, ActionKind, Clause, Expr, ProbeDesc, Statement};

/// What has been done so far in a clause, for what may still follow.
#[derive(Default)]
struct Done {
    commit: bool,
    speculate: bool,
    data: bool,
}

impl Checker<'_> {
    /// A probe clause.
    pub(super) fn clause(&mut self, c: &ast::Clause) -> Result<()> {
        let probes = c.probes.iter().map(|(spec, pos)| self.describe_probe(spec, *pos)).collect::<Result<Vec<_>>>()?;
        let mut checks = probes.iter().zip(&c.probes);
        if let Some((desc, (_, pos))) = checks.next() {
            self.exists(desc, *pos)?;
        }
        self.desc = probes.first().cloned();
        let body = c.body.as_deref().unwrap_or_default();
        let result = if body.iter().any(|s| matches!(s, Tree::If(..))) {
            self.branches(c, body, &probes)
        } else {
            self.piece(c.predicate.as_ref(), body, &probes, 0, c.end)
        };
        self.desc = None;
        result?;
        self.region = None;
        if let Some(name) = self.clash.take() {
            let pos = c.probes.first().map_or(c.end, |p| p.1);
            let text = format!("{name}: cannot reuse the same identifier for both alloca and non-alloca allocations");
            return Self::error("D_ALLOCA_INCOMPAT", pos, text);
        }
        for (desc, (_, pos)) in checks {
            self.exists(desc, *pos)?;
        }
        Ok(())
    }

    /// One piece of a clause: predicate and statements without `if`. Statements are checked first, because they may make the
    /// variables of the predicate; if they use what only the predicate makes, the other way round.
    fn piece(&mut self, predicate: Option<&Node>, body: &[Tree], probes: &[ProbeDesc], part: usize, pos: Pos) -> Result<()> {
        let before = (self.symbols.clone(), self.formats.len(), self.destroys);
        let first = self.actions_then_predicate(predicate, body);
        let (statements, predicate, done) = match first {
            Err(e) if predicate.is_some() && matches!(e.tag, "D_IDENT_UNDEF" | "D_VAR_UNDEF") => {
                self.symbols = before.0;
                self.formats.truncate(before.1);
                self.destroys = before.2;
                let checked = self.predicate(predicate)?;
                let (statements, done) = self.body(body)?;
                (statements, checked, done)
            }
            other => other?,
        };
        let traces = statements.is_empty() && part == 0 || statements.iter().any(records);
        self.clauses.push(Clause {
            number: self.numbered,
            part,
            probes: probes.to_vec(),
            pos,
            predicate,
            body: statements,
            record_size: 0,
            record_align: 1,
            traces,
            speculates: done.speculate,
            destructive: std::mem::take(&mut self.destroys),
        });
        self.numbered += probes.len();
        Ok(())
    }

    fn actions_then_predicate(
        &mut self,
        predicate: Option<&Node>,
        body: &[Tree],
    ) -> Result<(Vec<Statement>, Option<Expr>, Done)> {
        let (statements, done) = self.body(body)?;
        let predicate = self.predicate(predicate)?;
        Ok((statements, predicate, done))
    }

    fn in_region<T>(&mut self, region: &'static str, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.region = Some(region);
        let result = f(self).map_err(|e| self.within(e));
        self.region = None;
        result
    }

    fn predicate(&mut self, predicate: Option<&Node>) -> Result<Option<Expr>> {
        let Some(node) = predicate else { return Ok(None) };
        self.in_region("predicate", |c| {
            let t = c.value(node)?;
            if !c.is_scalar(&t) {
                return Self::error("D_PRED_SCALAR", node.pos, "predicate result must be of scalar type");
            }
            Ok(Some(t.expr))
        })
    }

    fn body(&mut self, body: &[Tree]) -> Result<(Vec<Statement>, Done)> {
        self.in_region("action list", |c| {
            let mut done = Done::default();
            let mut list = vec![];
            for tree in body {
                let Tree::Expr(node, end) = tree else { continue };
                let before = std::mem::take(&mut c.destroys);
                if let Some(statement) = c.statement(node, *end)? {
                    list.push((statement, c.destroys, *end));
                }
                c.destroys |= before;
            }
            // The rules below are DTrace's second pass: they are looked at after all types are right.
            for (statement, destroys, end) in &list {
                Self::follows(statement, *destroys, *end, &mut done)?;
            }
            Ok((list.into_iter().map(|(s, ..)| s).collect(), done))
        })
    }

    fn statement(&mut self, node: &Node, end: Pos) -> Result<Option<Statement>> {
        let t = self.value(node)?;
        match t.special {
            Special::Aggregate(update) => Ok(Some(Statement::Aggregate(*update))),
            Special::Agg(id, _) => {
                let text = format!("expression has null effect: @{}", self.agg_label(id));
                Self::error("D_AGG_NULL", node.pos, text)
            }
            Special::Call(call) if call.function.kind == Kind::Action => {
                let mut action = self.action(*call)?;
                action.pos = Pos { file: end.file, ..action.pos };
                self.destroys |= destructive(&action);
                Ok(Some(Statement::Action(action)))
            }
            _ => {
                let t: Typed = self.plain(t)?;
                Ok(Some(Statement::Expr(t.expr)))
            }
        }
    }

    /// What may follow what in a clause.
    fn follows(statement: &Statement, destroys: bool, end: Pos, done: &mut Done) -> Result<()> {
        let rule = |broken: bool, tag, text: &str, pos| if broken { Self::error(tag, pos, text) } else { Ok(()) };
        let action = match statement {
            Statement::Expr(_) => {
                let text = "destructive actions may not follow speculate( )";
                return rule(done.speculate && destroys, "D_ACT_SPEC", text, end);
            }
            Statement::Aggregate(update) => {
                rule(done.commit, "D_AGG_COMM", "aggregating actions may not follow commit( )", update.pos)?;
                rule(done.speculate, "D_AGG_SPEC", "aggregating actions may not follow speculate( )", update.pos)?;
                done.data = true;
                return Ok(());
            }
            Statement::Action(action) => action,
        };
        match action.kind {
            ActionKind::Commit => {
                rule(done.commit, "D_COMM_COMM", "commit( ) may not follow commit( )", end)?;
                rule(done.data, "D_COMM_DREC", "commit( ) may not follow data-recording action(s)", end)?;
                done.commit = true;
            }
            ActionKind::Speculate => {
                rule(done.speculate, "D_SPEC_SPEC", "speculate( ) may not follow speculate( )", end)?;
                rule(done.commit, "D_SPEC_COMM", "speculate( ) may not follow commit( )", end)?;
                rule(done.data, "D_SPEC_DREC", "speculate( ) may not follow data-recording action(s)", end)?;
                done.speculate = true;
            }
            ActionKind::Discard => {}
            _ => {
                rule(done.speculate && destroys, "D_ACT_SPEC", "destructive actions may not follow speculate( )", end)?;
                let exits = action.kind == ActionKind::Exit;
                rule(done.speculate && exits, "D_EXIT_SPEC", "exit( ) may not follow speculate( )", end)?;
                if !destroys {
                    rule(done.commit, "D_DREC_COMM", "data-recording actions may not follow commit( )", end)?;
                    done.data |= !done.speculate;
                }
            }
        }
        Ok(())
    }

    /// A clause with `if`: pieces guarded by clause-local variables that hold the conditions.
    fn branches(&mut self, c: &ast::Clause, body: &[Tree], probes: &[ProbeDesc]) -> Result<()> {
        let mut pieces = Pieces { list: vec![], variables: vec![], next: self.conditions };
        let outer = c.predicate.as_ref().map(|p| pieces.condition(p, None));
        pieces.statements(body, outer.as_deref());
        self.conditions = pieces.next;
        let mut first: Vec<Tree> = vec![];
        for name in &pieces.variables {
            first.push(Tree::Expr(set(name, number(0, c.end)), c.end));
        }
        let guard = outer.is_some();
        let mut list = pieces.list.into_iter();
        if guard {
            // The predicate is evaluated first, with the conditions already zero, and traces nothing by itself.
            first.extend(list.next().map(|p| p.body).unwrap_or_default());
        }
        self.piece(None, &first, probes, 0, c.end)?;
        for (i, piece) in list.enumerate() {
            let predicate = piece.guard.map(|name| this(&name, c.end));
            self.piece(predicate.as_ref(), &piece.body, probes, i + 1, c.end)?;
        }
        Ok(())
    }

    fn exists(&self, desc: &ProbeDesc, pos: Pos) -> Result<()> {
        if !self.context.zero_matches && self.context.probes.matches(desc) == Matches::Count(0) {
            let text = format!("probe description {desc} does not match any probes");
            return Self::error("D_PDESC_ZERO", pos, text);
        }
        Ok(())
    }

    fn describe_probe(&mut self, spec: &Spec, pos: Pos) -> Result<ProbeDesc> {
        match spec {
            Spec::Id(id) => self.probe_by_id(*id, pos),
            Spec::Name(text) => self
                .probe_by_name(text)
                .map_err(|why| Error::new("D_PDESC_INVAL", pos, format!("invalid probe description \"{text}\": {why}"))),
        }
    }

    fn probe_by_id(&self, id: u64, pos: Pos) -> Result<ProbeDesc> {
        let kinds = match self.context.field {
            Field::Provider => Some("providers"),
            Field::Module => Some("modules"),
            Field::Function => Some("functions"),
            Field::Name => None,
        };
        let Ok(number) = u32::try_from(id) else {
            return Self::error("D_PDESC_INVAL", pos, format!("identifier {id} exceeds maximum probe id"));
        };
        if let Some(kinds) = kinds {
            let text = format!("probe identifier {id} not permitted when specifying {kinds}");
            return Self::error("D_PDESC_INVAL", pos, text);
        }
        match self.context.probes.by_id(number) {
            Some(desc) => Ok(ProbeDesc { id: Some(number), ..desc }),
            None => Self::error("D_PDESC_INVAL", pos, format!("invalid probe identifier {id}: Unknown probe identifier")),
        }
    }

    /// `provider:module:function:name`; fewer fields are the last ones.
    fn probe_by_name(&mut self, text: &str) -> std::result::Result<ProbeDesc, &'static str> {
        let mut desc = ProbeDesc::default();
        let mut fields = text.rsplit(':');
        let order = [&mut desc.name, &mut desc.function, &mut desc.module, &mut desc.provider];
        let skip = match self.context.field {
            Field::Name => 0,
            Field::Function => 1,
            Field::Module => 2,
            Field::Provider => 3,
        };
        for (slot, field) in order.into_iter().skip(skip).zip(fields.by_ref()) {
            *slot = self.expand(field)?;
        }
        if fields.next().is_some() {
            return Err("Overspecified probe description");
        }
        Ok(desc)
    }

    /// Replaces `$target`, `$1` and the like in a field.
    fn expand(&mut self, field: &str) -> std::result::Result<String, &'static str> {
        let mut parts = field.split('$');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
            let digits = part.starts_with(|c: char| c.is_ascii_digit());
            let end = if digits { part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len()) } else { end };
            let (name, rest) = part.split_at_checked(end).unwrap_or((part, ""));
            let value = if digits {
                let n = name.parse::<usize>().ok();
                self.used.extend(n);
                n.and_then(|n| self.context.arguments.get(n).cloned())
            } else {
                self.context.macros.iter().find(|(n, _)| n == name).map(|(_, v)| v.to_string())
            };
            out.push_str(&value.ok_or("Undefined macro variable in probe description")?);
            out.push_str(rest);
        }
        Ok(out)
    }
}

/// Whether a statement writes to the buffer.
fn records(statement: &Statement) -> bool {
    let Statement::Action(action) = statement else { return false };
    !matches!(
        action.kind,
        ActionKind::Speculate
            | ActionKind::Commit
            | ActionKind::Discard
            | ActionKind::Raise
            | ActionKind::Stop
            | ActionKind::Panic
            | ActionKind::Breakpoint
            | ActionKind::Chill
    )
}

/// Whether an action needs `-w`.
fn destructive(action: &Action) -> bool {
    matches!(
        action.kind,
        ActionKind::System(_)
            | ActionKind::Freopen(_)
            | ActionKind::Raise
            | ActionKind::Stop
            | ActionKind::Panic
            | ActionKind::Breakpoint
            | ActionKind::Chill
    )
}

/// A piece of a clause with `if`.
struct Piece {
    guard: Option<String>,
    body: Vec<Tree>,
}

/// The pieces of a clause with `if`, as they are found.
struct Pieces {
    list: Vec<Piece>,
    variables: Vec<String>,
    next: usize,
}

impl Pieces {
    /// A new variable that holds whether `node` is true; a piece that sets it.
    fn condition(&mut self, node: &Node, guard: Option<&str>) -> String {
        self.next += 1;
        let name = format!("%condition_{}", self.next);
        self.variables.push(name.clone());
        let (yes, no) = (number(1, node.pos), number(0, node.pos));
        let kind = NodeKind::Cond(Box::new(node.clone()), Box::new(yes), Box::new(no));
        let body = vec![Tree::Expr(set(&name, Node { kind, pos: node.pos }), node.pos)];
        self.list.push(Piece { guard: guard.map(str::to_owned), body });
        name
    }

    fn statements(&mut self, body: &[Tree], guard: Option<&str>) {
        let mut run: Vec<Tree> = vec![];
        for tree in body {
            let Tree::If(condition, yes, no) = tree else {
                run.push(tree.clone());
                continue;
            };
            self.flush(&mut run, guard);
            let name = self.condition(condition, guard);
            self.statements(yes, Some(&name));
            if !no.is_empty() {
                let not = Node { kind: NodeKind::Prefix("!", Box::new(this(&name, condition.pos))), pos: condition.pos };
                let other = self.condition(&not, guard);
                self.statements(no, Some(&other));
            }
        }
        self.flush(&mut run, guard);
    }

    fn flush(&mut self, run: &mut Vec<Tree>, guard: Option<&str>) {
        if !run.is_empty() {
            self.list.push(Piece { guard: guard.map(str::to_owned), body: std::mem::take(run) });
        }
    }
}

fn number(value: u64, pos: Pos) -> Node {
    Node { kind: NodeKind::Int(Int { value, decimal: true, ..Int::default() }), pos }
}

/// `this->name`
fn this(name: &str, pos: Pos) -> Node {
    let object = Node { kind: NodeKind::Ident("this".into()), pos };
    Node { kind: NodeKind::Arrow(Box::new(object), name.to_owned()), pos }
}

/// `this->name = value`
fn set(name: &str, value: Node) -> Node {
    let pos = value.pos;
    Node { kind: NodeKind::Assign("=", Box::new(this(name, pos)), Box::new(value)), pos }
}
