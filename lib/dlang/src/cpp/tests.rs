use super::*;

struct One;

impl Include for One {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        match path {
            "inc/a.h" => Some(b"#define A 7\nint a;\n".to_vec()),
            "loop.h" => Some(b"#include \"loop.h\"\n".to_vec()),
            _ => None,
        }
    }
}

fn run(text: &str) -> Result<String, String> {
    let options = Options {
        defines: vec![("X".into(), Some("5".into())), ("sq(a)".into(), Some("((a)*(a))".into())), ("__unix".into(), None)],
        directories: vec!["inc".into()],
        list: true,
    };
    preprocess(text.as_bytes(), "t.d", &options, &One).map(|o| String::from_utf8(o.text).unwrap())
}

fn words(text: &str) -> String {
    run(text).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn macros_are_replaced() {
    assert_eq!(words("X sq(X+1) X1 \"X\""), "5 ((5+1)*(5+1)) X1 \"X\"");
    assert_eq!(words("#define f(x, y) x - y\nf(1, (2, 3)) f f (a,b)"), "1 - (2, 3) f a - b");
    assert_eq!(words("#define a a b\na"), "a b");
    assert_eq!(words("#define x y\n#define y x\nx y"), "x y");
    assert_eq!(words("#define s(x) #x\n#define c(a,b) a ## b\ns(a \"b\") c(fo,o) c(X,1)"), "\"a \\\"b\\\"\" foo X1");
    assert_eq!(words("#define v(f, ...) f(__VA_ARGS__)\nv(p, 1, 2)"), "p(1, 2)");
    assert_eq!(words("#undef X\nX"), "X");
    assert_eq!(words("__LINE__\n__LINE__ __FILE__"), "1 2 \"t.d\"");
}

#[test]
fn conditionals_choose() {
    assert_eq!(words("#ifdef X\na\n#else\nb\n#endif"), "a");
    assert_eq!(words("#ifndef X\na\n#elif X > 3 && defined(X)\nb\n#else\nc\n#endif"), "b");
    assert_eq!(words("#if 0\n#if 1\na\n#else\nb\n#endif\n#else\nc\n#endif"), "c");
    assert_eq!(words("#if (1 + 2) * 3 == 9 ? 1 : 0\nyes\n#endif"), "yes");
    assert_eq!(words("#if defined __unix || !defined X || nope\nno\n#endif\nend"), "end");
}

#[test]
fn lines_keep_their_numbers() {
    assert_eq!(run("a /* x\ny */ b\nc").unwrap(), "a   b\n\nc\n");
    assert_eq!(run("#define L 1 \\\n 2\nL").unwrap(), "\n\n1  2\n");
    assert_eq!(run("#!/usr/sbin/dtrace -s\nx").unwrap(), "\nx\n");
}

#[test]
fn includes_come_between_markers() {
    assert_eq!(run("#include \"a.h\"\nA\n").unwrap(), "# 1 \"inc/a.h\" 1\n\nint a;\n\n# 1 \"\" 2\n\n7\n");
    let out = preprocess(
        b"#include <a.h>\n",
        "t.d",
        &Options { directories: vec!["inc".into()], list: true, ..Options::default() },
        &One,
    );
    assert_eq!(out.unwrap().included, [". inc/a.h"]);
}

#[test]
fn errors_name_file_and_line() {
    for (text, message) in [
        ("\n#define\n", "t.d:2: error: no macro name given in #define directive"),
        ("#ifdef\n#endif\n", "t.d:1: error: no macro name given in #ifdef directive"),
        ("#if 1\n", "t.d:1: error: unterminated #if"),
        ("#else\n", "t.d:1: error: #else without #if"),
        ("#if 1\n#else\n#else\n#endif", "t.d:3: error: #else after #else\nt.d:1: error: the conditional began here"),
        ("#include \"no.h\"\n", "t.d:1: error: no.h: No such file or directory"),
        ("#error stop here\n", "t.d:1: error: #error stop here"),
        ("#if 1/0\n#endif", "t.d:1: error: division by zero in #if"),
        ("#frob\n", "t.d:1: error: invalid preprocessing directive #frob"),
        ("/* x", "t.d:1: error: unterminated comment"),
    ] {
        assert_eq!(run(text), Err(message.into()), "{text}");
    }
    assert!(run("#include \"loop.h\"\n").unwrap_err().contains("nested depth"));
}
