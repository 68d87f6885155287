//! The machine: what it knows, and what functions of ours may ask of it.

mod attribute;
mod bind;
mod call;
mod class_making;
mod classes;
mod comparing;
mod fiber;
mod generator;
mod groups;
mod import;
mod item;
mod kind;
mod matching;
mod more;
mod naming;
mod native;
mod operator;
mod presenting;
mod raising;
mod run;
mod syntax;
mod trace;
mod unwind;

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

pub use call::Arguments;
pub use classes::Classes;
pub use fiber::Generator;
pub use generator::{Handed, Resumption};
pub use item::Iteration;
pub use kind::Kind;
pub use native::{ClassBuilder, Getter, ModuleBuilder, Setter};
pub use trace::TraceLine;

use crate::builtins;
use crate::builtins::exception::ExceptionBody;
use crate::code::CodeKind;
use crate::compile::{self, Mode};
use crate::host::{Host, Stream};
use crate::value::{Class, Object, Str, Table, Value};
use fiber::{After, Fiber, Frame, Step};

/// A value, or the exception that was raised instead.
pub type Outcome<T = Value> = Result<T, Raised>;

/// What an async function of ours gives.
pub type Running = Pin<Box<dyn Future<Output = Outcome>>>;

/// A Python exception on its way to a handler.
#[derive(Clone)]
pub struct Raised {
    /// The exception's instance.
    pub exception: Value,
}

/// Makes a module the first time it is imported.
pub type ModuleMaker = fn(&Machine) -> Outcome;

/// CPython's limit on frames.
const FRAMES: usize = 1000;

/// How deep functions of ours may call scripts that call functions of ours: each level is on the processor's own stack.
const NESTED: usize = if cfg!(debug_assertions) { 60 } else { 120 };

/// The names that the machine itself looks up.
#[expect(missing_docs, reason = "they are Python's own names")]
pub struct Names {
    pub init: Rc<Str>,
    pub new: Rc<Str>,
    pub call: Rc<Str>,
    pub class: Rc<Str>,
    pub dict: Rc<Str>,
    pub doc: Rc<Str>,
    pub name: Rc<Str>,
    pub module: Rc<Str>,
    pub qualname: Rc<Str>,
    pub get: Rc<Str>,
    pub set: Rc<Str>,
    pub delete: Rc<Str>,
    pub getattr: Rc<Str>,
    pub getattribute: Rc<Str>,
    pub setattr: Rc<Str>,
    pub delattr: Rc<Str>,
    pub annotations: Rc<Str>,
    pub slots: Rc<Str>,
}

/// The frame that called a function which looks at it.
#[derive(Clone)]
pub struct Caller {
    /// The names of its module.
    pub globals: Rc<RefCell<Table>>,
    /// Its own names: the namespace itself, or a copy of its locals.
    pub locals: Rc<RefCell<Table>>,
    /// The name of its first parameter.
    pub first: Option<Rc<Str>>,
}

/// What a machine keeps.
pub(crate) struct State {
    pub host: Rc<dyn Host>,
    pub interned: RefCell<HashMap<Box<str>, Rc<Str>>>,
    pub names: OnceCell<Names>,
    pub classes: OnceCell<Classes>,
    pub builtins: Rc<RefCell<Table>>,
    pub modules: Rc<RefCell<Table>>,
    pub makers: RefCell<HashMap<Box<str>, ModuleMaker>>,
    pub module_sources: RefCell<HashMap<Box<str>, (&'static str, &'static str)>>,
    /// The text of each file that ran, for tracebacks.
    pub sources: RefCell<HashMap<Box<str>, Rc<str>>>,
    pub fibers: RefCell<Vec<Rc<Fiber>>>,
    pub caller: RefCell<Option<Caller>>,
    pub depth: Cell<usize>,
    pub nested: Cell<usize>,
    pub limit: Cell<usize>,
    pub showing: RefCell<Vec<usize>>,
    pub cache: RefCell<attribute::Cache>,
    pub extensions: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
    /// The value of a cell's last expression.
    pub shown: RefCell<Option<Value>>,
}

/// A machine that runs scripts. Cloning it counts a reference.
#[derive(Clone)]
pub struct Machine(Rc<State>);

impl Machine {
    /// A machine with the built-in functions and classes and the standard modules.
    #[must_use]
    pub fn new(host: Rc<dyn Host>) -> Self {
        let machine = Self(Rc::new(State {
            host,
            interned: RefCell::default(),
            names: OnceCell::new(),
            classes: OnceCell::new(),
            builtins: Rc::default(),
            modules: Rc::default(),
            makers: RefCell::default(),
            module_sources: RefCell::default(),
            sources: RefCell::default(),
            fibers: RefCell::default(),
            caller: RefCell::default(),
            depth: Cell::new(0),
            nested: Cell::new(0),
            limit: Cell::new(FRAMES),
            showing: RefCell::default(),
            cache: RefCell::default(),
            extensions: RefCell::default(),
            shown: RefCell::default(),
        }));
        let name = |text: &str| machine.name(text);
        let names = Names {
            init: name("__init__"),
            new: name("__new__"),
            call: name("__call__"),
            class: name("__class__"),
            dict: name("__dict__"),
            doc: name("__doc__"),
            name: name("__name__"),
            module: name("__module__"),
            qualname: name("__qualname__"),
            get: name("__get__"),
            set: name("__set__"),
            delete: name("__delete__"),
            getattr: name("__getattr__"),
            getattribute: name("__getattribute__"),
            setattr: name("__setattr__"),
            delattr: name("__delattr__"),
            annotations: name("__annotations__"),
            slots: name("__slots__"),
        };
        // Both are set once, here: a machine that exists has them.
        let _ = machine.0.names.set(names);
        let _ = machine.0.classes.set(Classes::new(&machine));
        builtins::fill(&machine);
        crate::modules::register(&machine);
        machine
    }

    pub(crate) fn state(&self) -> &State {
        &self.0
    }

    /// The names that the machine itself looks up.
    pub(crate) fn names(&self) -> &Names {
        self.0
            .names
            .get_or_init(|| unreachable!("a machine is made with its names"))
    }

    /// The built-in classes.
    #[must_use]
    pub fn classes(&self) -> &Classes {
        self.0
            .classes
            .get_or_init(|| unreachable!("a machine is made with its classes"))
    }

    /// `type`, once it is made.
    pub(crate) fn type_class(&self) -> Option<Rc<Class>> {
        self.0
            .classes
            .get()
            .map(|classes| Rc::clone(&classes.type_))
    }

    /// The one object of a name.
    #[must_use]
    pub fn name(&self, text: &str) -> Rc<Str> {
        let mut interned = self.0.interned.borrow_mut();
        if let Some(known) = interned.get(text) {
            return Rc::clone(known);
        }
        let name = Rc::new(Str::new(text));
        interned.insert(text.into(), Rc::clone(&name));
        name
    }

    /// What the machine runs in.
    #[must_use]
    pub fn host(&self) -> &dyn Host {
        &*self.0.host
    }

    /// Writes to the script's standard output.
    pub fn write_stdout(&self, text: &str) {
        self.0.host.write(Stream::Output, text);
    }

    /// What an embedding keeps with the machine, made the first time it is asked for.
    pub fn extension<T: Any>(&self, make: impl FnOnce() -> T) -> Rc<T> {
        let found = self.0.extensions.borrow().get(&TypeId::of::<T>()).cloned();
        if let Some(Ok(known)) = found.map(Rc::downcast::<T>) {
            return known;
        }
        let made = Rc::new(make());
        self.0
            .extensions
            .borrow_mut()
            .insert(TypeId::of::<T>(), Rc::clone(&made) as Rc<dyn Any>);
        made
    }

    /// Adds a module of ours, made when it is first imported.
    pub fn register_module(&self, name: &str, maker: ModuleMaker) {
        self.0.makers.borrow_mut().insert(name.into(), maker);
    }

    /// Adds a module written in Python.
    pub fn register_source(&self, name: &str, file: &'static str, text: &'static str) {
        self.0
            .module_sources
            .borrow_mut()
            .insert(name.into(), (file, text));
    }

    /// A new, empty module, as a script's `__main__` is.
    #[must_use]
    pub fn new_module(&self, name: &str, table: Rc<RefCell<Table>>) -> Value {
        table
            .borrow_mut()
            .set(&self.names().name, Value::text(name));
        Value::Object(Rc::new(Object::with(
            Rc::clone(&self.classes().module),
            builtins::function_type::ModuleBody { table },
        )))
    }

    /// Runs source text in a module's names. What it had set stays set, however it ends.
    ///
    /// # Errors
    /// What it raises; SyntaxError if it cannot be read.
    pub async fn run_source(
        &self,
        source: &str,
        file: &str,
        globals: &Rc<RefCell<Table>>,
        mode: Mode,
    ) -> Outcome {
        self.0
            .sources
            .borrow_mut()
            .insert(file.into(), source.into());
        let code = compile::compile(self, source, file, mode)
            .map_err(|fault| self.syntax_error(&fault, file))?;
        self.0.shown.borrow_mut().take();
        let value = self.run_code(&code, globals, Rc::clone(globals)).await?;
        Ok(match mode {
            Mode::Cell => self.0.shown.borrow_mut().take().unwrap_or(Value::None),
            _ => value,
        })
    }

    /// Runs compiled code with these global and local names.
    ///
    /// # Errors
    /// What it raises.
    pub async fn run_code(
        &self,
        code: &Rc<crate::code::Code>,
        globals: &Rc<RefCell<Table>>,
        locals: Rc<RefCell<Table>>,
    ) -> Outcome {
        let frame = Frame {
            code: Rc::clone(code),
            globals: Rc::clone(globals),
            namespace: Some(locals),
            base: 0,
            pc: 0,
            handling: Vec::new(),
            after: After::Leave,
            generator: None,
        };
        debug_assert!(code.kind != CodeKind::Function);
        let mut values = Vec::new();
        values.resize_with(code.slots.len(), Value::default);
        match self.drive(frame, values, None).await {
            Step::Returned(value) | Step::Yielded(value) => Ok(value),
            Step::Raised(raised) => Err(raised),
            Step::Await(..) => Err(self.runtime_error("the script was left while it waited")),
        }
    }

    /// One level more of our functions that call scripts.
    fn enter_nested(&self) -> Outcome<()> {
        let nested = self.0.nested.get() + 1;
        if nested > NESTED || self.0.depth.get() >= self.0.limit.get() {
            return Err(self.raise(Kind::RecursionError, "maximum recursion depth exceeded"));
        }
        self.0.nested.set(nested);
        Ok(())
    }

    fn leave_nested(&self) {
        self.0.nested.set(self.0.nested.get().saturating_sub(1));
    }

    /// Lets the host in: a pause where it wants one.
    fn breath(&self, fiber: &Fiber) -> Option<Running> {
        if let Some(frame) = fiber.frames.borrow().last() {
            let line = frame
                .code
                .positions
                .get(frame.pc.saturating_sub(1))
                .map_or(0, |position| position.line);
            self.0.host.at(&frame.code.file, line);
        }
        let pause = self.0.host.breathe()?;
        Some(Box::pin(async move {
            pause.await;
            Ok(Value::None)
        }))
    }

    /// Lets the host in from a long native loop.
    pub async fn breathe(&self) {
        if let Some(pause) = self.0.host.breathe() {
            pause.await;
        }
    }

    /// Whether the value is not yet being shown; then it is from now on, until [`Machine::leave_repr`].
    #[must_use]
    pub fn enter_repr(&self, value: &Value) -> bool {
        let identity = value.identity();
        let mut showing = self.0.showing.borrow_mut();
        if showing.contains(&identity) {
            return false;
        }
        showing.push(identity);
        true
    }

    /// The value is shown.
    pub fn leave_repr(&self, value: &Value) {
        let identity = value.identity();
        let mut showing = self.0.showing.borrow_mut();
        if let Some(at) = showing.iter().rposition(|&known| known == identity) {
            showing.remove(at);
        }
    }

    /// The module's names of the frame that called a function which looks at it.
    #[must_use]
    pub fn caller_globals(&self) -> Rc<RefCell<Table>> {
        self.0
            .caller
            .borrow()
            .as_ref()
            .map_or_else(Rc::default, |caller| Rc::clone(&caller.globals))
    }

    /// The local names of the frame that called a function which looks at it, as a dict.
    #[must_use]
    pub fn caller_locals(&self) -> Value {
        let caller = self.0.caller.borrow();
        Value::Dict(
            caller
                .as_ref()
                .map_or_else(Rc::default, |caller| Rc::clone(&caller.locals)),
        )
    }

    pub(crate) fn caller_view(&self) -> Option<Caller> {
        self.0.caller.borrow().clone()
    }

    /// Where the call `level` frames up stands: file, line and the line's text. Level 1 is the caller of ours.
    #[must_use]
    pub fn caller(&self, level: usize) -> Option<(String, usize, String)> {
        let fibers = self.0.fibers.borrow();
        let mut left = level.max(1);
        for (order, fiber) in fibers.iter().rev().enumerate() {
            let Ok(frames) = fiber.frames.try_borrow() else {
                continue;
            };
            for (depth, frame) in frames.iter().rev().enumerate() {
                left -= 1;
                if left == 0 {
                    let pc = if order == 0 && depth == 0 {
                        fiber.pc.get()
                    } else {
                        frame.pc
                    };
                    let line = frame
                        .code
                        .positions
                        .get(pc.saturating_sub(1))
                        .map_or(0, |position| position.line as usize);
                    let text = self.source_line(&frame.code.file, line).unwrap_or_default();
                    return Some((frame.code.file.to_string(), line, text));
                }
            }
        }
        None
    }

    /// A line of a file that ran, counted from 1.
    #[must_use]
    pub fn source_line(&self, file: &str, line: usize) -> Option<String> {
        let sources = self.0.sources.borrow();
        sources
            .get(file)?
            .lines()
            .nth(line.checked_sub(1)?)
            .map(str::to_owned)
    }

    /// `sys.setrecursionlimit`
    pub fn set_recursion_limit(&self, limit: usize) {
        self.0.limit.set(limit.min(20_000));
    }

    /// `sys.getrecursionlimit`
    #[must_use]
    pub fn recursion_limit(&self) -> usize {
        self.0.limit.get()
    }

    /// An exception with these arguments.
    #[must_use]
    pub fn raise_with(&self, kind: Kind, arguments: Vec<Value>) -> Raised {
        let class = self.exception_class(kind);
        let body = ExceptionBody::new(arguments);
        Raised {
            exception: Value::Object(Rc::new(Object::with(class, body))),
        }
    }

    /// An exception with a text.
    #[must_use]
    pub fn raise(&self, kind: Kind, text: impl Into<String>) -> Raised {
        self.raise_with(kind, vec![Value::from(text.into())])
    }

    /// TypeError
    #[must_use]
    pub fn type_error(&self, text: impl Into<String>) -> Raised {
        self.raise(Kind::TypeError, text)
    }

    /// ValueError
    #[must_use]
    pub fn value_error(&self, text: impl Into<String>) -> Raised {
        self.raise(Kind::ValueError, text)
    }

    /// IndexError
    #[must_use]
    pub fn index_error(&self, text: impl Into<String>) -> Raised {
        self.raise(Kind::IndexError, text)
    }

    /// AttributeError
    #[must_use]
    pub fn attribute_error(&self, text: impl Into<String>) -> Raised {
        self.raise(Kind::AttributeError, text)
    }

    /// RuntimeError
    #[must_use]
    pub fn runtime_error(&self, text: impl Into<String>) -> Raised {
        self.raise(Kind::RuntimeError, text)
    }

    /// OverflowError
    #[must_use]
    pub fn overflow_error(&self, text: impl Into<String>) -> Raised {
        self.raise(Kind::OverflowError, text)
    }

    /// KeyError of a key
    #[must_use]
    pub fn key_error(&self, key: Value) -> Raised {
        self.raise_with(Kind::KeyError, vec![key])
    }

    /// StopIteration with the value an iterator ends with
    #[must_use]
    pub fn stop_iteration(&self, value: Option<Value>) -> Raised {
        self.raise_with(Kind::StopIteration, value.into_iter().collect())
    }

    /// The value a StopIteration carries.
    #[must_use]
    pub fn stop_value(&self, raised: &Raised) -> Value {
        raised
            .exception
            .payload::<ExceptionBody>()
            .and_then(|body| body.arguments.borrow().first().cloned())
            .unwrap_or(Value::None)
    }

    /// Whether what was raised is of this kind or a subclass of it.
    #[must_use]
    pub fn is_raised(&self, raised: &Raised, kind: Kind) -> bool {
        self.is_instance(&raised.exception, &self.exception_class(kind))
    }
}
