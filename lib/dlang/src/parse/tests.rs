use super::*;
use crate::ast::{Derivation, NodeKind, Unit};

fn parse(text: &str) -> Result<Vec<Unit>> {
    let context = Context::default();
    let mut parser = Parser::new(text.as_bytes(), &context);
    parser.lexer.types.extend(["foo_t".to_owned(), "uint64_t".to_owned()]);
    let mut units = vec![];
    while let Some(unit) = parser.unit()? {
        units.push(unit);
    }
    Ok(units)
}

fn fails(text: &str) -> String {
    let e = parse(text).map(|_| ()).unwrap_err();
    format!("{} {}:{} {}", e.tag, e.pos.line, e.pos.column, e.message)
}

/// The expression of the first statement, written with all its parentheses.
fn expression(text: &str) -> String {
    let units = parse(&format!("BEGIN {{ {text}; }}")).unwrap();
    let Some(Unit::Clause(Clause { body: Some(body), .. })) = units.first() else { panic!("no clause") };
    let Some(Statement::Expr(node, _)) = body.first() else { panic!("no statement") };
    show(node)
}

fn show(node: &crate::ast::Node) -> String {
    let list = |nodes: &[crate::ast::Node]| nodes.iter().map(show).collect::<Vec<_>>().join(",");
    match &node.kind {
        NodeKind::Int(i) => i.value.to_string(),
        NodeKind::Str(s) => format!("{:?}", String::from_utf8_lossy(s)),
        NodeKind::Ident(name) => name.clone(),
        NodeKind::Agg(name) => format!("@{name}"),
        NodeKind::Call(name, args) => format!("{name}({})", list(args)),
        NodeKind::Index(a, keys) => format!("{}[{}]", show(a), list(keys)),
        NodeKind::Dot(a, m) => format!("{}.{m}", show(a)),
        NodeKind::Arrow(a, m) => format!("{}->{m}", show(a)),
        NodeKind::Prefix(op, a) => format!("({op} {})", show(a)),
        NodeKind::Step(op, a, true) => format!("({}{op})", show(a)),
        NodeKind::Step(op, a, false) => format!("({op}{})", show(a)),
        NodeKind::Binary(op, a, b) | NodeKind::Assign(op, a, b) => format!("({} {op} {})", show(a), show(b)),
        NodeKind::Cond(a, b, c) => format!("({} ? {} : {})", show(a), show(b), show(c)),
        NodeKind::Cast(_, a) => format!("(cast {})", show(a)),
        NodeKind::SizeofType(_) => "sizeof".into(),
        NodeKind::Offsetof(_, m) => format!("offsetof {m}"),
        NodeKind::Xlate(_, a) => format!("xlate({})", show(a)),
    }
}

#[test]
fn precedence_is_that_of_c_with_exclusive_or_between() {
    assert_eq!(expression("a = b || c ^^ d && e"), "(a = (b || (c ^^ (d && e))))");
    assert_eq!(expression("a - b - c * d % e"), "((a - b) - ((c * d) % e))");
    assert_eq!(expression("a ? b : c ? d : e"), "(a ? b : (c ? d : e))");
    assert_eq!(expression("a == b << 1 | c & d"), "((a == (b << 1)) | (c & d))");
    assert_eq!(expression("-a->b[1]++"), "(- (a->b[1]++))");
    assert_eq!(expression("(foo_t)a + 1"), "((cast a) + 1)");
    assert_eq!(expression("(a) + sizeof (foo_t *) + sizeof a"), "((a + sizeof) + (sizeof a))");
    assert_eq!(expression("@q[execname, pid] = lquantize(a, 0, 10)"), "(@q[execname,pid] = lquantize(a,0,10))");
    assert_eq!(expression("self->x = this->string"), "(self->x = this->string)");
    assert_eq!(expression("x = *(&y) , z"), "((x = (* (& y))) , z)");
}

#[test]
fn clauses_have_descriptions_predicates_and_statements() {
    let units = parse("a:::b, c:*:d:e /x/ { y; ; if (z) w; else if (v) { u } t }").unwrap();
    let [Unit::Clause(c)] = units.as_slice() else { panic!("one clause") };
    assert_eq!((c.probes.len(), c.predicate.is_some(), c.body.as_ref().unwrap().len()), (2, true, 3));
    assert_eq!(parse("php*:::function-entry{@[copyinstr(arg0)] = count()}").unwrap().len(), 1);
}

#[test]
fn declarators_read_inside_out() {
    let units = parse("int *(*f[3])(int, char *); typedef struct s { int a:3, b; union { int u; }; } s_t;").unwrap();
    let Some(Unit::Declaration(d)) = units.first() else { panic!("declaration") };
    let f = &d.declarators[0];
    assert_eq!(f.name.as_deref(), Some("f"));
    assert!(matches!(
        f.derivations.as_slice(),
        [Derivation::Array(_), Derivation::Pointer(_), Derivation::Function(_), Derivation::Pointer(_)]
    ));
    assert!(parse("int a[int, string]; self uint64_t t; inline int x = 3; translator foo_t < int n > { a = n; };").is_ok());
    assert!(parse("provider p { probe a(int x, char *y) : (int x); probe b(); };").is_ok());
    assert!(parse("enum e { A, B = 2 } v; extern int g(void, ...);").is_ok());
}

#[test]
fn errors_name_the_token() {
    assert_eq!(fails("BEGIN { trace(1 }"), "D_SYNTAX 1:17 syntax error near \"}\"");
    assert_eq!(fails("BEGIN {\n x = ;"), "D_SYNTAX 2:6 syntax error near \";\"");
    assert_eq!(fails("BEGIN { x"), "D_SYNTAX 1:10 syntax error near end of input");
    assert_eq!(fails("BEGIN"), "D_SYNTAX 1:1 expected predicate and/or actions following probe description");
    assert_eq!(fails("BEGIN /x/"), "D_SYNTAX 1:8 expected actions { } following probe description and predicate");
    assert_eq!(fails("BEGIN { a + b = 3; }"), "D_SYNTAX 1:15 syntax error near \"=\"");
    assert_eq!(fails("int char x;"), "D_DECL_COMBO 1:5 invalid type combination");
    assert_eq!(
        fails("long char x;"),
        "D_DECL_CHARATTR 1:6 invalid type declaration: short and long may not be used with char type"
    );
    assert_eq!(fails("static extern int x;").split(' ').next(), Some("D_DECL_CLASS"));
    assert_eq!(fails(&format!("BEGIN {{ {}", "(".repeat(100_000))).split(' ').next(), Some("D_SYNTAX"));
}
