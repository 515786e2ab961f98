use super::*;

fn context() -> Context<'static> {
    Context {
        arguments: vec!["s.d".into(), "12".into(), "-7".into(), "foo".into(), "a b".into(), "\"q\"".into()],
        macros: vec![("pid".into(), 42)],
        ..Context::default()
    }
}

fn kinds(text: &str, outer: bool) -> Vec<Tok> {
    let context = context();
    let mut lexer = Lexer::new(text.as_bytes(), &context);
    lexer.outer = outer;
    lexer.types.insert("int".into());
    lexer.types.insert("uint64_t".into());
    let mut out = vec![];
    loop {
        match lexer.token().unwrap().kind {
            Tok::End => return out,
            kind => out.push(kind),
        }
    }
}

fn fails(text: &str) -> (&'static str, String) {
    let context = context();
    let mut lexer = Lexer::new(text.as_bytes(), &context);
    lexer.outer = false;
    loop {
        match lexer.token() {
            Ok(token) if token.kind == Tok::End => panic!("no error in {text}"),
            Ok(_) => {}
            Err(e) => return (e.tag, e.message),
        }
    }
}

fn int(value: u64) -> Tok {
    Tok::Int(Int { value, decimal: true, ..Int::default() })
}

#[test]
fn outer_words_are_descriptions_or_declarations() {
    assert_eq!(kinds("php*:::function-entry,tick-1s/", true).len(), 4);
    assert_eq!(kinds("BEGIN", true), [Tok::Probe("BEGIN".into())]);
    assert_eq!(kinds("int* x;", true)[..2], [Tok::Key("int"), Tok::Op("*")]);
    assert_eq!(kinds("uint64_t x;", true)[0], Tok::Ident("uint64_t".into()));
    assert_eq!(kinds("uint64_t:::x", true)[0], Tok::Probe("uint64_t:::x".into()));
    assert_eq!(kinds("self int x;", true)[..2], [Tok::Key("self"), Tok::Key("int")]);
    assert_eq!(kinds("syscall::*read*:entry", true), [Tok::Probe("syscall::*read*:entry".into())]);
}

#[test]
fn numbers_keep_their_form() {
    assert_eq!(kinds("0x1FuL", false), [Tok::Int(Int { value: 31, unsigned: true, longs: 1, decimal: false, negative: false })]);
    assert_eq!(kinds("'a' '\\n' 'ab'", false), [int(97), int(10), int(0x6162)]);
    assert_eq!(kinds("017", false), [Tok::Int(Int { value: 15, ..Int::default() })]);
    assert_eq!(fails("1.5").1, "floating-point constants are not permitted");
    assert_eq!(fails("1e5").0, "D_SYNTAX");
    assert_eq!(fails("08"), ("D_INT_DIGIT", "constant 08 contains invalid digit 8".into()));
    assert_eq!(fails("99999999999999999999").0, "D_INT_OFLOW");
    assert_eq!(fails("''").0, "D_CHR_NULL");
    assert_eq!(fails("'123456789'").0, "D_CHR_OFLOW");
    assert_eq!(fails("'a\n'").0, "D_CHR_NL");
    assert_eq!(fails("\"a\n\"").0, "D_STR_NL");
    assert_eq!(fails("\"a"), ("D_SYNTAX", "syntax error near \"\"\"".into()));
    let context = context();
    let mark = Lexer::new("\u{feff}BEGIN".as_bytes(), &context).token().err().map(|e| e.message);
    assert_eq!(mark.as_deref(), Some("syntax error near \"\\xef\""));
}

#[test]
fn macros_become_tokens() {
    let negative = Tok::Int(Int { value: 7, decimal: true, negative: true, ..Int::default() });
    assert_eq!(
        kinds("$1 $2 $3 $4 $5 $$1 $pid $$pid", false),
        [
            int(12),
            negative,
            Tok::Ident("foo".into()),
            Tok::Str(b"a b".to_vec()),
            Tok::Str(b"q".to_vec()),
            Tok::Str(b"12".to_vec()),
            int(42),
            Tok::Str(b"42".to_vec()),
        ]
    );
    assert_eq!(fails("$9"), ("D_MACRO_UNDEF", "macro argument $9 is not defined".into()));
    assert_eq!(fails("$nope"), ("D_MACRO_UNDEF", "macro variable $nope is not defined".into()));
}

#[test]
fn slash_divides_or_ends() {
    assert_eq!(kinds("a / b", false)[1], Tok::Op("/"));
    assert_eq!(kinds("a / \n {", false)[1], Tok::EndPredicate);
    assert_eq!(fails("(a / {").1, "closing ) expected in predicate before /");
    assert_eq!(fails(")").1, "extra ) in input stream");
}

#[test]
fn control_lines_move_or_wait() {
    let context = context();
    let mut lexer = Lexer::new(b"#!/usr/sbin/dtrace -s\n# 7 \"x.h\"\n#pragma D option quiet\n  x", &context);
    let token = lexer.token().unwrap();
    assert_eq!(token.pos, Pos { file: 1, line: 8, column: 3 });
    assert_eq!(lexer.files, ["x.h"]);
    assert_eq!(lexer.controls.len(), 1);
    assert_eq!(lexer.controls[0].words[3].text(), "quiet");
}

#[test]
fn comments_do_not_nest() {
    assert_eq!(kinds("a /* b \n */ c", false).len(), 2);
    assert_eq!(fails("/* /* */").1, "/* encountered inside a comment");
    assert_eq!(fails("/* ").1, "end-of-file encountered before matching */");
}
