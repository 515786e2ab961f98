//! Any bytes as a D program: no panic; a program that compiles has records inside its clauses' data and known names only.
#![no_main]
use dlang::context::Context;
use dlang::cpp::{NoFiles, Options, preprocess};
use dlang::program::Statement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let context = Context { script: bytes.len() % 2 == 0, default_arguments: true, ..Context::default() };
    if let Ok(program) = dlang::compile(bytes, &context) {
        for clause in &program.clauses {
            for statement in &clause.body {
                match statement {
                    Statement::Action(a) => {
                        assert!(a.records.iter().all(|r| r.offset.checked_add(r.size).is_some_and(|end| end <= clause.record_size)));
                    }
                    Statement::Aggregate(a) => assert!(a.keys.len() == program.aggregations[a.agg.0].keys.len()),
                    Statement::Expr(_) => {}
                }
            }
        }
    }
    let _ = preprocess(bytes, "f", &Options::default(), &NoFiles);
});
