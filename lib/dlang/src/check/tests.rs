use super::*;
use crate::error::Origin;
use crate::program::{Action, AggFunc, Binary, Expr, ExprKind, RecordKind, Scope, Statement};

fn compile_text(text: &str) -> Result<Program> {
    compile(text.as_bytes(), &Context::default())
}

fn program(text: &str) -> Program {
    match compile_text(text) {
        Ok(program) => program,
        Err(e) => panic!("{text}: {}", e.text(&Origin::Script("t.d".into()), true)),
    }
}

/// Tag, line and message of the error in a clause body.
fn fails(text: &str) -> String {
    let e = compile_text(text).map(|_| ()).unwrap_err();
    e.text(&Origin::Script("t".into()), true).replace("failed to compile script t: ", "")
}

/// The constant a program traces.
fn constant(expression: &str) -> (i64, String) {
    let p = program(&format!("BEGIN {{ trace({expression}); }}"));
    let Statement::Action(action) = &p.clauses[0].body[0] else { panic!("no action") };
    let ExprKind::Int(n) = action.args[0].kind else { panic!("{expression}: {:?}", action.args[0]) };
    (n, p.types.name(action.args[0].ty))
}

fn first(p: &Program) -> &Expr {
    match &p.clauses[0].body[0] {
        Statement::Expr(e) => e,
        other => panic!("no expression: {other:?}"),
    }
}

#[test]
fn one_liner_of_the_origin() {
    let p = program("php*:::function-entry/pid == 3/{@[copyinstr(arg0)] = count()}");
    assert_eq!(p.clauses[0].probes[0].to_string(), "php*:::function-entry");
    let Statement::Aggregate(a) = &p.clauses[0].body[0] else { panic!("aggregate") };
    assert!(a.value.is_none() && a.keys.len() == 1);
    assert_eq!(p.aggregations[0].name, "_");
    assert_eq!(p.aggregations[0].func, Some(AggFunc::Count));
    assert_eq!(p.aggregations[0].keys[0].kind, RecordKind::String);
    assert!(!p.clauses[0].traces);
}

#[test]
fn constants_fold_with_their_types() {
    assert_eq!(constant("1 + 2 * 3"), (7, "int".into()));
    assert_eq!(constant("(char)255"), (-1, "char".into()));
    assert_eq!(constant("5 / 2 - 7 % 4"), (-1, "int".into()));
    assert_eq!(constant("1 << 40"), (1 << 40, "int".into()));
    assert_eq!(constant("sizeof (long) + sizeof (char *)").0, 16);
    assert_eq!(constant("-1 < 0u"), (0, "int".into()));
    assert_eq!(constant("1 ? 2 : 3").0, 2);
    assert_eq!(constant("0x80000000").1, "unsigned int");
    assert_eq!(constant("2147483648").1, "long");
    assert_eq!(constant("sizeof (\"abc\")").0, 4);
    assert_eq!(constant("NULL").0, 0);
}

#[test]
fn variables_take_the_type_of_their_first_value() {
    let p = program("BEGIN { x = 1; self->s = execname; this->a = timestamp; y[1, \"a\"] = 'c'; }");
    let show: Vec<_> = p.variables.iter().map(|v| (v.name.as_str(), v.scope, p.types.name(v.ty))).collect();
    assert_eq!(
        show,
        [
            ("x", Scope::Global, "int".into()),
            ("s", Scope::Thread, "string".into()),
            ("a", Scope::Clause, "uint64_t".into()),
            ("y", Scope::Global, "int".into()),
        ]
    );
    let keys = p.variables[3].keys.as_ref().unwrap();
    assert_eq!(keys.iter().map(|k| (k.offset, k.size)).collect::<Vec<_>>(), [(0, 4), (4, 257)]);
}

#[test]
fn operators_carry_signedness() {
    let p = program("BEGIN { x = pid / 2; y = timestamp / 2; }");
    let ops: Vec<_> = p.clauses[0]
        .body
        .iter()
        .map(|s| match s {
            Statement::Expr(Expr { kind: ExprKind::Assign { value, .. }, .. }) => match &value.kind {
                ExprKind::Binary(op, _, _) => *op,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ops, [Binary::Div { signed: true }, Binary::Div { signed: false }]);
}

#[test]
fn members_are_loads_at_offsets() {
    let p = program("struct s { char a; int b; int c:3; int d:5; }; struct s *g; BEGIN { x = g->b; y = g->d; }");
    let Statement::Expr(Expr { kind: ExprKind::Assign { value, .. }, .. }) = &p.clauses[0].body[0] else { panic!("x") };
    assert!(matches!(&value.kind, ExprKind::Load(_)), "{value:?}");
    let Statement::Expr(Expr { kind: ExprKind::Assign { value, .. }, .. }) = &p.clauses[0].body[1] else { panic!("y") };
    assert!(matches!(&value.kind, ExprKind::Bits { unit: 1, shift: 0, width: 5, .. }), "{value:?}");
}

#[test]
fn conditions_become_clauses() {
    let p = program("BEGIN /pid/ { trace(1); if (uid) { trace(2); } else { trace(3); } trace(4); }");
    assert_eq!(p.clauses.iter().map(|c| c.part).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    let traces: Vec<_> = p.clauses.iter().map(|c| c.traces).collect();
    assert_eq!(traces, [false, true, false, true, false, true, true]);
}

#[test]
fn predicates_may_make_variables_or_use_the_bodys() {
    program("BEGIN /x++/ { trace(x); }");
    program("BEGIN /x == 0/ { trace(x++); }");
    assert!(fails("BEGIN /y/ { trace(x); }").contains("D_IDENT_UNDEF"));
}

#[test]
fn strings_compare_and_convert() {
    let p = program("BEGIN { x = execname == \"a\"; y = (string)arg0; z = stringof(arg0); }");
    assert!(matches!(first(&p).kind, ExprKind::Assign { .. }));
    assert_eq!(p.types.name(p.variables[1].ty), "string");
}

#[test]
fn inlines_and_translators_are_put_in() {
    let p = program(
        "inline int twice[int a] = a * 2; inline string me = execname;\n\
         struct out { int n; string s; }; struct in { int v; };\n\
         translator struct out < struct in *i > { n = i->v + 1; s = me; };\n\
         struct in *p; BEGIN { x = twice[4]; y = (xlate <struct out> (p)).n; z = (xlate <struct out *> (p))->s; }",
    );
    assert_eq!(p.variables.len(), 4);
    assert!(fails("translator struct x < int i > { };").contains("D_XLATE_SOU"));
}

#[test]
fn records_are_laid_out() {
    let p = program("#pragma D option strsize=32\nBEGIN { printf(\"%d %s %d\", (char)pid, execname, timestamp); trace(1); }");
    let Statement::Action(a) = &p.clauses[0].body[0] else { panic!("printf") };
    assert_eq!(a.records.iter().map(|r| (r.offset, r.size)).collect::<Vec<_>>(), [(0, 1), (1, 33), (40, 8)]);
    assert_eq!((p.clauses[0].record_size, p.clauses[0].record_align), (52, 8));
    assert_eq!(p.options, [("strsize".to_owned(), Some("32".to_owned()))]);
}

#[test]
fn messages_are_dtraces() {
    for (text, message) in [
        ("BEGIN { trace(x); }", "[D_IDENT_UNDEF] line 1: failed to resolve x: Unknown variable name"),
        ("BEGIN { trace(self->x); }", "[D_VAR_UNDEF] line 1: self->x has not yet been declared or assigned"),
        ("BEGIN {\n\ttrace();\n}", "[D_PROTO_LEN] line 2: trace( ) prototype mismatch: 0 args passed, 1 expected"),
        (
            "BEGIN { exit(\"a\"); }",
            "[D_PROTO_ARG] line 1: exit( ) argument #1 is incompatible with prototype:\n\tprototype: int\n\t argument: string",
        ),
        ("BEGIN { x = execname + \"a\"; }", "[D_OP_INCOMPAT] line 1: operands have incompatible types: \"string\" + \"string\""),
        ("BEGIN { 1 = 2; }", "[D_OP_LVAL] line 1: operator = requires modifiable lvalue as an operand"),
        ("BEGIN { pid = 2; }", "[D_OP_WRITE] line 1: operator = can only be applied to a writable variable"),
        ("BEGIN { @a = 1; }", "[D_AGG_FUNC] line 1: @a must be assigned the result of an aggregating function"),
        ("BEGIN { foo(1); }", "[D_FUNC_UNDEF] line 1: undefined function name: foo"),
        ("BEGIN { trace(1/0); }", "[D_DIV_ZERO] line 1: expression contains division by zero"),
        ("/* */", "[D_EMPTY] line 1: empty D program translation unit"),
        ("BEGIN { a[1, 2, 3, 4, 5, 6, 7, 8, 9] = 1; }", "Insufficient registers to generate code"),
        (
            "BEGIN { printf(\"%d\"); }",
            "[D_PRINTF_ARG_PROTO] line 1: printf( ) prototype mismatch: conversion #1 (%d) is missing a corresponding value argument",
        ),
        (
            "BEGIN { count(); }",
            "[D_CG_EXPR] line 1: aggregating function count( ) may not be called from a D expression (D program context required)",
        ),
    ] {
        assert_eq!(fails(text), message, "{text}");
    }
}

#[test]
fn zero_empties_a_string() {
    let p = program("BEGIN { self->a = \"x\"; self->a = 0; }");
    let Some(Statement::Expr(Expr { kind: ExprKind::Assign { value, .. }, .. })) = p.clauses[0].body.get(1) else { panic!() };
    assert!(matches!(value.kind, ExprKind::Int(0)));
    assert!(p.types.is_string(value.ty));
}

#[test]
fn narrow_values_are_extended_and_places_in_strings_are_addresses() {
    let p = program("BEGIN { trace((int64_t)(uint8_t)pid); s = \"a\"; trace(s[1]); }");
    let Statement::Action(Action { args, .. }) = &p.clauses[0].body[0] else { panic!() };
    let ExprKind::Cast(inner) = &args[0].kind else { panic!("{:?}", args[0]) };
    assert_eq!((p.types.name(args[0].ty), p.types.name(inner.ty)), ("int64_t".into(), "uint8_t".into()));
    let Statement::Action(Action { args, .. }) = &p.clauses[0].body[2] else { panic!() };
    let ExprKind::Load(address) = &args[0].kind else { panic!() };
    assert_eq!(p.types.name(address.ty), "char *");
}

#[test]
fn phps_arguments_have_types() {
    let p = program("php*:::function-entry { trace(args[2]); } function-return { trace(copyinstr((uintptr_t)args[0])); }");
    let Statement::Action(Action { args, .. }) = &p.clauses[0].body[0] else { panic!() };
    assert_eq!(p.types.name(args[0].ty), "int");
    assert_eq!(fails("BEGIN { trace(args[0]); }"), "[D_ARGS_IDX] line 1: index 0 is out of range for :::BEGIN args[ ]");
    assert!(fails("tick-1s { trace(args[0]); }").starts_with("[D_ARGS_MULTI]"));
}

#[test]
fn argref_permits_unused_arguments() {
    let with = |text: &str, unused_arguments| {
        let arguments = vec!["t".into(), "x".into()];
        compile(text.as_bytes(), &Context { arguments, unused_arguments, ..Context::default() }).map(drop).map_err(|e| e.tag)
    };
    assert_eq!(with("BEGIN { exit(0); }", false), Err("D_MACRO_UNUSED"));
    assert_eq!(with("BEGIN { exit(0); }", true), Ok(()));
    assert_eq!(with("#pragma D option argref\nBEGIN { exit(0); }", false), Ok(()));
}

#[test]
fn a_string_variable_that_is_null_is_empty() {
    for text in ["self->s != NULL", "NULL == self->s", "self->s == 0"] {
        let p = program(&format!("self string s; BEGIN /{text}/ {{ trace(1); }}"));
        let predicate = p.clauses[0].predicate.as_ref().unwrap();
        assert!(
            matches!(&predicate.kind, ExprKind::Strings(_, _, b) if matches!(&b.kind, ExprKind::Str(t) if t.is_empty())),
            "{text}"
        );
    }
}
