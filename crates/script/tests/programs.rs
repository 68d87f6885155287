//! Programs of the language against what CPython 3.11 printed for them: `programs/NNN_topic.py` and `.out`.

use std::cell::RefCell;
use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;

use kindling_script::Mode;
use kindling_script::host::{Files, Host, MemoryFiles, Stream};
use kindling_script::machine::{Machine, ModuleBuilder};
use kindling_script::value::{Table, Value};

/// A host that keeps what is written.
#[derive(Default)]
struct Recorder {
    output: RefCell<String>,
    files: MemoryFiles,
}

impl Host for Recorder {
    fn write(&self, stream: Stream, text: &str) {
        if matches!(stream, Stream::Output) {
            self.output.borrow_mut().push_str(text);
        }
    }

    fn monotonic(&self) -> f64 {
        0.0
    }

    fn wall(&self) -> f64 {
        0.0
    }

    fn sleep(&self, _: f64) -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(std::future::ready(()))
    }

    fn input(&self, _: &str) -> Pin<Box<dyn Future<Output = Option<String>>>> {
        Box::pin(std::future::ready(None))
    }

    fn breathe(&self) -> Option<Pin<Box<dyn Future<Output = ()>>>> {
        None
    }

    fn files(&self) -> &dyn Files {
        &self.files
    }

    fn random_seed(&self) -> u64 {
        1
    }
}

/// Output, then the traceback if it ended in one.
fn run(file: &str, source: &str) -> String {
    let host = Rc::new(Recorder::default());
    let machine = Machine::new(Rc::clone(&host) as Rc<dyn Host>);
    let mut table: Table = ModuleBuilder::new(&machine, "__main__").into_table();
    table.set_text("__file__", Value::text(file));
    let globals = Rc::new(RefCell::new(table));
    let ending = pollster::block_on(async {
        match machine
            .run_source(source, file, &globals, Mode::Module)
            .await
        {
            Ok(_) => String::new(),
            Err(raised) => machine
                .format_exception(&raised.exception)
                .await
                .unwrap_or_default(),
        }
    });
    let output = host.output.borrow().clone();
    output + &ending
}

#[test]
fn programs_print_what_cpython_prints() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let wanted = std::env::var("PROGRAM").unwrap_or_default();
    let mut failed = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths.iter().filter(|path| {
        path.with_extension("out").exists() && path.extension().is_some_and(|kind| kind == "py")
    }) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        if !file.starts_with(&wanted) {
            continue;
        }
        let expected = fs::read_to_string(path.with_extension("out")).unwrap();
        let found = run(&file, &fs::read_to_string(path).unwrap());
        if found != expected {
            let line = expected
                .lines()
                .zip(found.lines().chain(std::iter::repeat("")))
                .position(|(a, b)| a != b);
            let at = line.unwrap_or_else(|| expected.lines().count());
            failed.push(format!(
                "{file}, line {}:\n  CPython  {:?}\n  Kindling {:?}",
                at + 1,
                expected.lines().nth(at).unwrap_or(""),
                found.lines().nth(at).unwrap_or("")
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{} programs differ:\n{}",
        failed.len(),
        failed.join("\n")
    );
}
