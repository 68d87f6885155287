//! Calls: arguments meet parameters, frames are put on the stack, and values come back.

use std::cell::RefCell;
use std::rc::Rc;

use super::bind;
use super::fiber::{After, Frame, Generator, GeneratorState, Resume, Saved, Step};
use super::run::{Flow, Registers};
use super::{Machine, Outcome, Raised, Running};
use crate::value::{Class, Function, Native, NativeKind, Object, Str, Table, Value};

/// Arguments of a call that are not all positional.
#[derive(Clone, Default)]
pub struct Arguments {
    /// By position.
    pub positional: Vec<Value>,
    /// By name, in order.
    pub keyword: Vec<(Rc<Str>, Value)>,
}

impl From<Vec<Value>> for Arguments {
    fn from(positional: Vec<Value>) -> Self {
        Self {
            positional,
            keyword: Vec::new(),
        }
    }
}

impl Machine {
    /// `callable arguments… →`
    pub(super) fn call_op(&self, r: &mut Registers<'_>, count: usize) -> Flow {
        let at = r.stack.len() - count;
        match &r.stack[at - 1] {
            Value::Function(function) if function.code.takes_exactly(count) => {
                let function = Rc::clone(function);
                self.enter_simple(r, &function, at, 1)
            }
            Value::Native(native) if native.signature.takes_as_they_are(count) => {
                let native = Rc::clone(native);
                self.call_native_here(r, &native, at, 1)
            }
            _ => {
                let positional = r.stack.split_off(at);
                let callable = r.pop();
                self.enter(r, callable, positional.into(), After::Push)
            }
        }
    }

    /// `callable receiver arguments… →`; the receiver may be unbound.
    pub(super) fn call_method_op(&self, r: &mut Registers<'_>, count: usize) -> Flow {
        let at = r.stack.len() - count;
        if r.stack[at - 1].is_unbound() {
            r.stack.remove(at - 1);
            return self.call_op(r, count);
        }
        match &r.stack[at - 2] {
            Value::Function(function) if function.code.takes_exactly(count + 1) => {
                let function = Rc::clone(function);
                self.enter_simple(r, &function, at - 1, 1)
            }
            Value::Native(native) if native.signature.takes_as_they_are(count + 1) => {
                let native = Rc::clone(native);
                self.call_native_here(r, &native, at - 1, 1)
            }
            _ => {
                let positional = r.stack.split_off(at - 1);
                let callable = r.pop();
                self.enter(r, callable, positional.into(), After::Push)
            }
        }
    }

    /// Puts a frame on the arguments where they lie; `below` values under them go when it returns.
    fn enter_simple(
        &self,
        r: &mut Registers<'_>,
        function: &Rc<Function>,
        base: usize,
        below: usize,
    ) -> Flow {
        if let Err(raised) = self.deeper() {
            return Flow::Raise(raised);
        }
        // The callable's place is dropped now, so that a return need not know of it.
        let base = base - below;
        r.stack.remove(base);
        r.save();
        self.start(r, function, base, After::Push)
    }

    /// Starts a frame whose arguments fill its first slots from `base`.
    fn start(
        &self,
        r: &mut Registers<'_>,
        function: &Rc<Function>,
        base: usize,
        after: After,
    ) -> Flow {
        let code = &function.code;
        let own = base + code.free as usize;
        r.stack.resize_with(own, Value::default);
        r.stack.extend(
            function
                .closure
                .iter()
                .map(|cell| Value::Cell(Rc::clone(cell))),
        );
        for &slot in &code.cells {
            let place = &mut r.stack[base + slot as usize];
            let inside = std::mem::take(place);
            *place = Value::Cell(Rc::new(RefCell::new(inside)));
        }
        let frame = Frame {
            code: Rc::clone(code),
            globals: Rc::clone(&function.globals),
            namespace: None,
            base,
            pc: 0,
            handling: Vec::new(),
            after,
            generator: None,
        };
        if code.is_generator {
            self.shallower();
            let values = r.stack.split_off(base);
            let generator = self.new_generator(Saved { frame, values });
            r.push(generator);
            return Flow::Next;
        }
        r.fiber.frames.borrow_mut().push(frame);
        Flow::Switch
    }

    /// A generator object that has not begun.
    fn new_generator(&self, saved: Saved) -> Value {
        let code = Rc::clone(&saved.frame.code);
        let generator = Rc::new(Generator {
            state: RefCell::new(GeneratorState::Fresh(saved)),
            code,
        });
        Value::Object(Rc::new(Object::with(
            Rc::clone(&self.classes().generator),
            generator,
        )))
    }

    /// Calls one of ours with the arguments where they lie.
    fn call_native_here(
        &self,
        r: &mut Registers<'_>,
        native: &Rc<Native>,
        at: usize,
        below: usize,
    ) -> Flow {
        r.fiber.pc.set(r.pc);
        if native.signature.wants_frame {
            self.show_caller(r);
        }
        let outcome = match &native.kind {
            NativeKind::Plain(function) => function(self, &r.stack[at..]),
            NativeKind::Closure(function) => function(self, &r.stack[at..]),
            NativeKind::Async(function) => {
                let arguments = r.stack.split_off(at);
                r.stack.truncate(at - below);
                return Flow::Wait(function(self.clone(), arguments), Resume::Push);
            }
        };
        r.stack.truncate(at - below);
        match outcome {
            Ok(value) => {
                r.push(value);
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// Calls anything that can be called: a frame where it is the script's, else a native.
    pub(super) fn enter(
        &self,
        r: &mut Registers<'_>,
        callable: Value,
        arguments: Arguments,
        after: After,
    ) -> Flow {
        match callable {
            Value::Function(function) => {
                if let Err(raised) = self.deeper() {
                    return Flow::Raise(raised);
                }
                let base = r.stack.len();
                match bind::to_function(self, &function, arguments) {
                    Ok(slots) => {
                        r.stack.extend(slots);
                        r.save();
                        self.start(r, &function, base, after)
                    }
                    Err(raised) => {
                        self.shallower();
                        Flow::Raise(raised)
                    }
                }
            }
            Value::Native(native) => {
                r.fiber.pc.set(r.pc);
                if native.signature.wants_frame {
                    self.show_caller(r);
                }
                match self.run_native(&native, arguments) {
                    Ok(running) => self.finish_call(running, after),
                    Err(raised) => Flow::Raise(raised),
                }
            }
            Value::Bound(bound) => {
                let mut arguments = arguments;
                arguments.positional.insert(0, bound.receiver.clone());
                self.enter(r, bound.function.clone(), arguments, after)
            }
            Value::Class(class) => self.construct(r, &class, arguments, after),
            other => {
                r.fiber.pc.set(r.pc);
                let method = self.find_special(&other, "__call__");
                match method {
                    Some(Value::Function(function)) => {
                        let mut arguments = arguments;
                        arguments.positional.insert(0, other);
                        self.enter(r, Value::Function(function), arguments, after)
                    }
                    Some(_) => {
                        let machine = self.clone();
                        let running: Running =
                            Box::pin(async move { machine.call_with(&other, arguments).await });
                        self.finish_call(Ok(running), after)
                    }
                    None => Flow::Raise(self.type_error(format!(
                        "'{}' object is not callable",
                        self.type_name(&other)
                    ))),
                }
            }
        }
    }

    fn finish_call(&self, running: Result<Running, Value>, after: After) -> Flow {
        let running: Running = match (running, after) {
            (Ok(running), After::Construct(instance)) => {
                let machine = self.clone();
                Box::pin(async move {
                    let value = running.await?;
                    machine.check_init(&value)?;
                    Ok(instance)
                })
            }
            (Err(value), After::Construct(instance)) => match self.check_init(&value) {
                Ok(()) => Box::pin(std::future::ready(Ok(instance))),
                Err(raised) => return Flow::Raise(raised),
            },
            (Ok(running), _) => running,
            (Err(value), _) => Box::pin(std::future::ready(Ok(value))),
        };
        Flow::Wait(running, Resume::Push)
    }

    /// Binds arguments to one of ours and calls it: a future, or at once a value (`Err`).
    pub(super) fn run_native(
        &self,
        native: &Rc<Native>,
        arguments: Arguments,
    ) -> Outcome<Result<Running, Value>> {
        let slots = if arguments.keyword.is_empty()
            && native
                .signature
                .takes_as_they_are(arguments.positional.len())
        {
            arguments.positional
        } else {
            bind::to_native(self, native, arguments)?
        };
        match &native.kind {
            NativeKind::Plain(function) => function(self, &slots).map(Err),
            NativeKind::Closure(function) => function(self, &slots).map(Err),
            NativeKind::Async(function) => Ok(Ok(function(self.clone(), slots))),
        }
    }

    /// Makes an instance: a plain class of the script on its own stack, anything else by `type.__call__`.
    fn construct(
        &self,
        r: &mut Registers<'_>,
        class: &Rc<Class>,
        arguments: Arguments,
        after: After,
    ) -> Flow {
        if self.is_plain_class(class)
            && let Some(Value::Function(init)) = class.find(&self.names().init)
        {
            let instance = Value::Object(Rc::new(Object::new(Rc::clone(class))));
            if matches!(after, After::Push) {
                let mut arguments = arguments;
                arguments.positional.insert(0, instance.clone());
                return self.enter(
                    r,
                    Value::Function(init),
                    arguments,
                    After::Construct(instance),
                );
            }
        }
        r.fiber.pc.set(r.pc);
        let machine = self.clone();
        let class = Value::Class(Rc::clone(class));
        let running: Running = Box::pin(async move { machine.call_with(&class, arguments).await });
        self.finish_call(Ok(running), after)
    }

    pub(super) fn check_init(&self, value: &Value) -> Outcome<()> {
        if value.is_none() {
            return Ok(());
        }
        Err(self.type_error(format!(
            "__init__() should return None, not '{}'",
            self.type_name(value)
        )))
    }

    /// The frame on top ends with a value.
    pub(super) fn return_op(&self, r: &mut Registers<'_>, value: Value) -> Flow {
        let Some(frame) = r.fiber.frames.borrow_mut().pop() else {
            return Flow::Leave(Step::Returned(value));
        };
        r.stack.truncate(frame.base);
        self.shallower();
        if let Some(generator) = &frame.generator {
            *generator.state.borrow_mut() = GeneratorState::Done;
        }
        match frame.after {
            After::Leave => return Flow::Leave(Step::Returned(value)),
            After::Push => r.push(value),
            After::Construct(instance) => match self.check_init(&value) {
                Ok(()) => r.push(instance),
                Err(raised) => {
                    r.load();
                    return Flow::Raise(raised);
                }
            },
            After::Each(target) => {
                // The generator has ended: its loop goes on after itself.
                r.pop();
                if let Some(caller) = r.fiber.frames.borrow_mut().last_mut() {
                    caller.pc = target as usize;
                }
            }
            After::Delegate => {
                r.pop();
                r.push(value);
            }
        }
        Flow::Switch
    }

    /// One frame more, unless there are too many.
    pub(super) fn deeper(&self) -> Outcome<()> {
        let depth = self.state().depth.get() + 1;
        if depth > self.state().limit.get() {
            return Err(self.raise(
                super::Kind::RecursionError,
                "maximum recursion depth exceeded",
            ));
        }
        self.state().depth.set(depth);
        Ok(())
    }

    pub(super) fn shallower(&self) {
        let depth = &self.state().depth;
        depth.set(depth.get().saturating_sub(1));
    }

    /// Calls anything that can be called, from one of ours.
    ///
    /// # Errors
    /// What it raises.
    pub fn call_with(&self, callable: &Value, arguments: Arguments) -> Running {
        let (machine, callable) = (self.clone(), callable.clone());
        Box::pin(async move {
            match &callable {
                Value::Function(function) => {
                    let slots = bind::to_function(&machine, function, arguments)?;
                    machine.run_function(function, slots).await
                }
                Value::Native(native) => match machine.run_native(native, arguments)? {
                    Ok(running) => running.await,
                    Err(value) => Ok(value),
                },
                Value::Bound(bound) => {
                    let mut arguments = arguments;
                    arguments.positional.insert(0, bound.receiver.clone());
                    machine.call_with(&bound.function, arguments).await
                }
                Value::Class(class) => machine.instantiate(class, arguments).await,
                other => match machine.find_special(other, "__call__") {
                    Some(method) => {
                        let method = machine.bind_to(&method, other).await?;
                        machine.call_with(&method, arguments).await
                    }
                    None => {
                        let name = machine.type_name(other);
                        Err(machine
                            .type_error(format!("'{}' object is not callable", name.as_str())))
                    }
                },
            }
        })
    }

    /// Calls with positional arguments.
    ///
    /// # Errors
    /// What it raises.
    pub fn call(&self, callable: &Value, positional: Vec<Value>) -> Running {
        self.call_with(callable, positional.into())
    }

    /// Calls a method by name.
    ///
    /// # Errors
    /// AttributeError, and what it raises.
    pub fn call_method(&self, receiver: &Value, name: &str, positional: Vec<Value>) -> Running {
        let (machine, receiver, name) = (self.clone(), receiver.clone(), self.name(name));
        Box::pin(async move {
            let method = machine.get_attribute(&receiver, &name).await?;
            machine.call(&method, positional).await
        })
    }

    /// A new fiber with one frame of the function.
    async fn run_function(&self, function: &Rc<Function>, slots: Vec<Value>) -> Outcome {
        let code = &function.code;
        let mut values = slots;
        values.resize_with(code.free as usize, Value::default);
        values.extend(
            function
                .closure
                .iter()
                .map(|cell| Value::Cell(Rc::clone(cell))),
        );
        for &slot in &code.cells {
            let inside = std::mem::take(&mut values[slot as usize]);
            values[slot as usize] = Value::Cell(Rc::new(RefCell::new(inside)));
        }
        let frame = Frame {
            code: Rc::clone(code),
            globals: Rc::clone(&function.globals),
            namespace: None,
            base: 0,
            pc: 0,
            handling: Vec::new(),
            after: After::Leave,
            generator: None,
        };
        if code.is_generator {
            return Ok(self.new_generator(Saved { frame, values }));
        }
        match self.drive(frame, values, None).await {
            Step::Returned(value) | Step::Yielded(value) => Ok(value),
            Step::Raised(raised) => Err(raised),
            Step::Await(..) => Err(self.runtime_error("a call was left while it waited")),
        }
    }

    /// What `type.__call__` does: the metaclass's own `__call__`, then `__new__` and `__init__`.
    ///
    /// # Errors
    /// What they raise.
    pub fn instantiate(&self, class: &Rc<Class>, arguments: Arguments) -> Running {
        let (machine, class) = (self.clone(), Rc::clone(class));
        Box::pin(async move {
            if let Some(metaclass) = class.metaclass()
                && !Rc::ptr_eq(&metaclass, &machine.classes().type_)
                && let Some(method) = metaclass.find(&machine.names().call)
                && !matches!(method, Value::Native(_))
            {
                let mut arguments = arguments;
                arguments.positional.insert(0, Value::Class(class));
                return machine.call_with(&method, arguments).await;
            }
            machine.make_instance(&class, arguments).await
        })
    }

    /// `__new__`, then `__init__` if what came is an instance of the class.
    ///
    /// # Errors
    /// What they raise.
    pub async fn make_instance(&self, class: &Rc<Class>, arguments: Arguments) -> Outcome {
        let names = self.names();
        let new = class.find(&names.new).unwrap_or_default();
        let new = self.unwrap_static(&new);
        let mut given = arguments.clone();
        given.positional.insert(0, Value::Class(Rc::clone(class)));
        let instance = self.call_with(&new, given).await?;
        if self.is_instance(&instance, class)
            && let Some(init) = self.type_of(&instance).find(&names.init)
        {
            let mut given = arguments;
            given.positional.insert(0, instance.clone());
            let value = self.call_with(&init, given).await?;
            self.check_init(&value)?;
        }
        Ok(instance)
    }

    /// What `locals()`, `globals()` and `super()` see: the frame on top.
    fn show_caller(&self, r: &Registers<'_>) {
        let frames = r.fiber.frames.borrow();
        let Some(frame) = frames.last() else { return };
        let mut locals = Table::new();
        if frame.namespace.is_none() {
            for (slot, name) in frame.code.slots.iter().enumerate() {
                let value = match r.stack.get(frame.base + slot) {
                    Some(Value::Cell(cell)) => cell.borrow().clone(),
                    Some(value) => value.clone(),
                    None => Value::Unbound,
                };
                if !value.is_unbound() {
                    locals.set(name, value);
                }
            }
        }
        *self.state().caller.borrow_mut() = Some(super::Caller {
            globals: Rc::clone(&frame.globals),
            locals: frame
                .namespace
                .clone()
                .unwrap_or_else(|| Rc::new(RefCell::new(locals))),
            first: frame.code.slots.first().cloned(),
        });
    }

    /// Whether this was raised by a class of ours for want of anything better.
    pub(super) fn is_stop(&self, raised: &Raised) -> bool {
        self.is_raised(raised, super::Kind::StopIteration)
    }
}
