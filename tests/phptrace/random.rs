//! Programs made at random, from D's grammar and from the conformance suite's texts: whatever compiles must be accepted by the
//! kernel's verifier and run to its end. `SEED` and `PROGRAMS` in the environment ask for others, and for more of them.
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use tests::{Scratch, command, need_root, ran, root, test};

fn main() -> ExitCode {
    tests::main(vec![
        test!(what_compiles_loads),
        test!(what_still_compiles_after_changes_loads),
        test!(so_do_programs_of_many_clauses),
    ])
}

/// A linear congruential generator: the same programs in every run.
struct Random(u64);

fn set(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |n| n.parse().expect("a number"))
}

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).expect("index")]
    }

    fn number(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self
                .pick(&["1", "-7", "x", "self->y", "this->z", "a[1]", "timestamp", "pid", "0x7fffffff", "b[\"k\", 2]"])
                .into();
        }
        let d = depth - 1;
        match self.below(14) {
            9 => format!("rindex({}, {}, {})", self.text(d), self.text(d), self.number(0)),
            10 => format!("strtoll({}, {})", self.text(d), self.pick(&["10", "16", "2", "36"])),
            11 => format!("{}{}", self.pick(&["++", "--"]), self.pick(&["x", "self->y", "this->z", "a[3]", "b[\"k\", 2]"])),
            12 => format!("({} {} {})", self.number(d), self.pick(&["<<", ">>"]), self.pick(&["3", "x", "63", "-1"])),
            13 => format!("({} {} {})", self.text(d), self.pick(&["==", "!=", "<", ">="]), self.text(d)),
            0 => format!("({} {} {})", self.number(d), self.pick(&["+", "-", "*", "&", "|", "^"]), self.number(d)),
            1 => format!("({} {} {})", self.number(d), self.pick(&["/", "%"]), self.pick(&["3", "-5", "x"])),
            2 => format!("({} {} {})", self.number(d), self.pick(&["<", "<=", "==", "!=", ">", ">="]), self.number(d)),
            3 => format!("({} {} {})", self.number(d), self.pick(&["&&", "||", "^^"]), self.number(d)),
            4 => format!("({} ? {} : {})", self.number(d), self.number(d), self.number(d)),
            5 => format!("({})({})", self.pick(&["char", "uint16_t", "int", "uint64_t"]), self.number(d)),
            6 => format!("strlen({})", self.text(d)),
            7 => format!("index({}, {})", self.text(d), self.text(d)),
            _ => format!("{}({})", self.pick(&["~", "-", "!"]), self.number(d)),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.pick(&["\"\"", "\"abc\"", "execname", "probename", "s", "self->t", "c[\"q\"]", "\"/a/../b\""]).into();
        }
        let d = depth - 1;
        match self.below(14) {
            7 => format!("strtok({}, {})", self.text(d), self.pick(&["\" \"", "\"/\"", "s", "\"\""])),
            8 => format!("strchr({}, {})", self.text(d), self.pick(&["'b'", "47", "0", "x"])),
            9 => format!("strstr({}, {})", self.text(d), self.text(d)),
            10 => format!("dirname({})", self.text(d)),
            11 => format!("strrchr({}, '/')", self.text(d)),
            12 => format!("lltostr({}, {})", self.number(d), self.pick(&["8", "10", "16", "x"])),
            0 | 1 => format!("strjoin({}, {})", self.text(d), self.text(d)),
            2 => format!("substr({}, {}, {})", self.text(d), self.number(d), self.number(0)),
            3 => format!("lltostr({})", self.number(d)),
            4 => format!("basename({})", self.text(d)),
            5 => format!("cleanpath({})", self.text(d)),
            6 => format!("({} ? {} : {})", self.number(d), self.text(d), self.text(d)),
            _ => format!("toupper({})", self.text(d)),
        }
    }

    fn statement(&mut self) -> String {
        match self.below(18) {
            10 => format!("trace({});", self.number(2)),
            11 => format!("trace({});", self.text(2)),
            12 => format!("p = alloca({}); trace(*(int *)p);", self.pick(&["8", "x", "64"])),
            13 => format!("tracemem(p, 16, {});", self.number(1)),
            14 => format!("r[{}] = {}; trace(r[{}]);", self.number(1), self.number(1), self.number(1)),
            15 => format!("st.b = {}; st.c[{}] = {}; trace(st.c[1]);", self.number(2), self.number(1), self.number(1)),
            16 => format!("e[{}].b {} {};", self.number(1), self.pick(&["=", "+=", "|="]), self.number(2)),
            17 => "self->n = speculation();".to_string(),
            0 => format!("x = {};", self.number(3)),
            1 => format!("self->y {} {};", self.pick(&["=", "+=", "^="]), self.number(2)),
            2 => format!("this->z = {};", self.number(3)),
            3 => format!("s = {};", self.text(2)),
            4 => format!("self->t = {};", self.text(2)),
            5 => format!("a[{}] = {};", self.number(1), self.number(2)),
            6 => format!("@n[{}] = {};", self.text(2), self.pick(&["count()", "sum(x)", "avg(x)", "stddev(x)"])),
            7 => format!("@q[{}] = quantize({});", self.number(2), self.number(2)),
            8 => format!("printf(\"%d %s\\n\", {}, {});", self.number(3), self.text(2)),
            _ => format!("@l = lquantize({}, 0, 1000, 7);", self.number(2)),
        }
    }
}

const DECLARATIONS: &str = "struct st { char a; int b; short c[4]; };
long x; string s; self long y; self string t; this long z; self int n;
long a[long]; long b[string, int]; string c[string]; int r[8]; struct st st; struct st e[long]; char *p;
";

/// Runs a program that ends by itself and says whether it compiled; faults of its own are fine, refusals by the kernel are not.
fn accepted(program: &str) -> bool {
    let (status, err) = run(program, &[]);
    let wrong = err.contains("failed to compile");
    assert!(status == 0 || wrong, "{status}: {err}\n{program}");
    !wrong
}

fn run(program: &str, more: &[&str]) -> (i32, String) {
    let dir = Scratch::new();
    std::fs::write(dir.join("p.d"), program).expect("program");
    let got = ran(command("timeout").args(["-k", "5", "60", "phptrace", "-q", "-s", "p.d"]).args(more).current_dir(&*dir));
    assert!(!got.err.contains("kernel refused") && !got.err.contains("panicked"), "{}\n{program}", got.err);
    (got.status, got.err)
}

fn what_compiles_loads() {
    need_root();
    let mut random = Random(set("SEED", 2005));
    let (all, mut compiled) = (set("PROGRAMS", 150), 0);
    for _ in 0..all {
        let mut program = DECLARATIONS.to_string();
        for _ in 0..=random.below(3) {
            // An aggregation has one function throughout a program.
            let body: String = (0..=random.below(4)).map(|_| random.statement()).filter(|s| !s.starts_with("@n")).collect();
            let predicate = if random.below(2) == 0 { format!("/{}/", random.number(2)) } else { String::new() };
            writeln!(program, "BEGIN{predicate}{{this->z = 0; {body}}}").expect("text");
        }
        if random.below(4) == 0 {
            let (number, end) = (random.number(2), random.pick(&["commit", "discard"]));
            writeln!(program, "BEGIN{{speculate(self->n); printf(\"%d\", {number});}}\nBEGIN{{{end}(self->n);}}").expect("text");
        }
        let (key, func) = (random.text(2), random.pick(&["count()", "sum(x)", "avg(x)", "stddev(x)", "min(x)", "max(x)"]));
        writeln!(program, "BEGIN{{@n[{key}] = {func};}}\nBEGIN{{exit(0);}}\nERROR{{printf(\"fault %d\", arg4);}}").expect("text");
        compiled += u64::from(accepted(&program));
    }
    // The others have an index known to be outside its array, and the like.
    assert!(compiled > all / 2, "{compiled} of {all} compiled");
}

/// The texts of the suite that do nothing to the machine.
fn suite() -> Vec<String> {
    let list = |dir: &Path| std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    let mut files: Vec<_> = list(&root().join("tests/phptrace/d")).iter().flat_map(|area| list(area)).collect();
    files.retain(|f| f.extension().is_some_and(|x| x == "d"));
    files.sort();
    let texts = files.iter().filter_map(|f| std::fs::read_to_string(f).ok());
    texts.filter(|t| !t.contains("destructive") && !t.contains(" -w") && !t.contains("#!")).collect()
}

/// Words, numbers and signs, and the blanks between them.
fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| if c.is_alphanumeric() || c == '_' { 0 } else { u32::from(c) };
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.char_indices().find(|(_, c)| class(*c) != class(first)).map_or(rest.len(), |(i, _)| i);
        let (token, tail) = rest.split_at(end);
        all.push(token);
        rest = tail;
    }
    all
}

fn what_still_compiles_after_changes_loads() {
    need_root();
    let suite = suite();
    assert!(suite.len() > 500, "the suite's programs");
    let mut random = Random(set("SEED", 2005));
    let mut compiled = 0;
    for _ in 0..set("PROGRAMS", 150) {
        let mut index = |n: usize| usize::try_from(random.below(n as u64)).expect("index");
        let mut words = tokens(&suite[index(suite.len())]);
        for _ in 0..=index(3) {
            let donor = tokens(&suite[index(suite.len())]);
            let (at, from) = (index(words.len()), index(donor.len()));
            match index(4) {
                0 => words[at] = donor[from],
                1 => words.insert(at, donor[from]),
                2 => words[at] = words[index(words.len())],
                // A whole clause or declaration, or a piece of one.
                _ => drop(words.splice(at..at, donor[from..(from + 1 + index(30)).min(donor.len())].iter().copied())),
            }
        }
        let (status, _) = run(&words.concat(), &["-c", "true"]);
        assert!(status != 124 && status != 137, "hangs:\n{}", words.concat());
        compiled += u64::from(status == 0);
    }
    assert!(compiled > 0, "none of them compiled");
}

fn so_do_programs_of_many_clauses() {
    need_root();
    let mut program = String::from("int x;\n");
    for i in 0..200 {
        writeln!(
            program,
            "BEGIN/x == {i} || execname == \"p{i}\"/{{@a[execname, pid, {i}] = count(); printf(\"%s\", probename);}}"
        )
        .expect("text");
    }
    program += "BEGIN{exit(0);}\n";
    assert!(accepted(&program));
}
