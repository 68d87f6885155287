//! The instructions that a script runs seldom: displays, unpacking, exceptions, `with`, functions, names of namespaces.

use std::cell::RefCell;
use std::rc::Rc;

use super::call::Arguments;
use super::fiber::{After, Resume};
use super::run::{Flow, Registers};
use super::{Kind, Machine, Outcome, Raised, Running};
use crate::builtins::exception::ExceptionBody;
use crate::builtins::iterators;
use crate::builtins::set::SetBody;
use crate::builtins::slice::Slice;
use crate::code::{Code, Conversion, Op};
use crate::value::{Function, Object, Str, Table, Value};

impl Machine {
    pub(super) fn more(&self, r: &mut Registers<'_>, code: &Rc<Code>, op: Op) -> Flow {
        match op {
            Op::DeleteLocal(slot) => {
                let at = r.base + slot as usize;
                if std::mem::take(&mut r.stack[at]).is_unbound() {
                    return Flow::Raise(self.unbound_local(code, slot));
                }
            }
            Op::ClearLocal(slot) => {
                let at = r.base + slot as usize;
                r.stack[at] = Value::Unbound;
            }
            Op::MakeCell(slot) => {
                let place = &mut r.stack[r.base + slot as usize];
                if !matches!(place, Value::Cell(_)) {
                    let inside = std::mem::take(place);
                    *place = Value::Cell(Rc::new(RefCell::new(inside)));
                }
            }
            Op::DeleteCell(slot) | Op::ClearCell(slot) => {
                let old = match &r.stack[r.base + slot as usize] {
                    Value::Cell(cell) => cell.take(),
                    _ => Value::Unbound,
                };
                if old.is_unbound() && matches!(op, Op::DeleteCell(_)) {
                    return Flow::Raise(self.empty_cell(code, slot));
                }
            }
            Op::LoadClosure(slot) => {
                let cell = r.stack[r.base + slot as usize].clone();
                r.push(cell);
            }
            Op::StoreGlobal(site) => return self.store_global(r, code, site),
            Op::DeleteGlobal(site) => {
                let name = &code.sites[site as usize].name;
                let removed = r
                    .fiber
                    .frames
                    .borrow()
                    .last()
                    .and_then(|frame| frame.globals.borrow_mut().remove_name(name));
                if removed.is_none() {
                    return Flow::Raise(self.no_name(name));
                }
            }
            Op::LoadName(at) => return self.load_name(r, &code.names[at as usize]),
            Op::LoadClassCell(both) => {
                let (slot, name) = (both & 0xffff, &code.names[(both >> 16) as usize]);
                let own = r
                    .fiber
                    .frames
                    .borrow()
                    .last()
                    .and_then(|frame| frame.namespace.clone());
                let own = own.and_then(|namespace| namespace.borrow().get(name).cloned());
                match own {
                    Some(value) => r.push(value),
                    None => return self.load_cell(r, code, slot),
                }
            }
            Op::StoreName(at) => {
                let value = r.pop();
                let namespace = self.namespace(r);
                namespace.borrow_mut().set(&code.names[at as usize], value);
            }
            Op::DeleteName(at) => {
                let name = &code.names[at as usize];
                if self.namespace(r).borrow_mut().remove_name(name).is_none() {
                    return Flow::Raise(self.no_name(name));
                }
            }
            Op::LoadAnnotations => {
                let namespace = self.namespace(r);
                let known = namespace.borrow().get(&self.names().annotations).cloned();
                let found = known.unwrap_or_else(|| {
                    let made = Value::dict(Table::new());
                    namespace
                        .borrow_mut()
                        .set(&self.names().annotations, made.clone());
                    made
                });
                r.push(found);
            }
            Op::StoreAttribute(site) => {
                let (object, value) = (r.pop(), r.pop());
                let (machine, name) = (self.clone(), Rc::clone(&code.sites[site as usize].name));
                return self.dropping(r, async move {
                    machine.set_attribute(&object, &name, value).await
                });
            }
            Op::DeleteAttribute(site) => {
                let object = r.pop();
                let (machine, name) = (self.clone(), Rc::clone(&code.sites[site as usize].name));
                return self.dropping(
                    r,
                    async move { machine.delete_attribute(&object, &name).await },
                );
            }
            Op::DeleteItem => {
                let (index, object) = (r.pop(), r.pop());
                let machine = self.clone();
                return self.dropping(r, async move { machine.delete_item(&object, index).await });
            }
            Op::BuildSlice(with_step) => {
                let step = if with_step == 1 { r.pop() } else { Value::None };
                let (stop, start) = (r.pop(), r.pop());
                r.push(self.new_slice(Slice { start, stop, step }));
            }
            Op::GetIterator => {
                if let Some(iterator) = iterators::quick(self, r.peek(0)) {
                    let at = r.stack.len() - 1;
                    r.stack[at] = iterator;
                } else {
                    let (machine, value) = (self.clone(), r.pop());
                    return self.pushing(r, async move {
                        Ok(machine.iterate(&value).await?.into_value())
                    });
                }
            }
            Op::GetYieldFromIterator => {
                if r.peek(0).payload::<Rc<super::Generator>>().is_none() {
                    let (machine, value) = (self.clone(), r.pop());
                    return self.pushing(r, async move {
                        Ok(machine.iterate(&value).await?.into_value())
                    });
                }
            }
            Op::Unpack(count) => return self.unpack(r, count as usize, None),
            Op::UnpackStar(both) => {
                return self.unpack(r, (both & 0xffff) as usize, Some((both >> 16) as usize));
            }
            Op::BuildSet(count) => {
                let (machine, items) = (self.clone(), r.take(count as usize));
                return self.pushing(r, async move { SetBody::value_of(&machine, items).await });
            }
            Op::BuildDict(count) => {
                let items = r.take(2 * count as usize);
                let machine = self.clone();
                return self.pushing(r, async move {
                    let table = Rc::new(RefCell::new(Table::new()));
                    for pair in items.chunks_exact(2) {
                        machine
                            .table_set(&table, pair[0].clone(), pair[1].clone())
                            .await?;
                    }
                    Ok(Value::Dict(table))
                });
            }
            Op::BuildString(count) => {
                let parts = r.take(count as usize);
                let text: String = parts
                    .iter()
                    .filter_map(|part| part.as_str().map(|text| text.as_str()))
                    .collect();
                r.push(Value::text(&text));
            }
            Op::ListToTuple => {
                if let Value::List(items) = r.pop() {
                    r.push(Value::tuple(items.take()));
                }
            }
            Op::SetAdd(depth) => {
                let (item, set, machine) =
                    (r.pop(), r.peek(depth as usize - 1).clone(), self.clone());
                return self.dropping(r, async move {
                    match set.payload::<SetBody>() {
                        Some(body) => body.add(&machine, item).await,
                        None => Ok(()),
                    }
                });
            }
            Op::DictAdd(depth) => {
                let (value, key) = (r.pop(), r.pop());
                let Value::Dict(table) = r.peek(depth as usize - 1).clone() else {
                    return Flow::Next;
                };
                let machine = self.clone();
                return self.dropping(
                    r,
                    async move { machine.table_set(&table, key, value).await },
                );
            }
            Op::ListExtend(in_call) => {
                let (iterable, list, machine) = (r.pop(), r.peek(0).clone(), self.clone());
                return self.dropping(r, async move {
                    let more = match machine.collect(&iterable).await {
                        Err(raised)
                            if in_call == 1
                                && machine.find_special(&iterable, "__iter__").is_none() =>
                        {
                            let _ = raised;
                            let name = machine.type_name(&iterable);
                            return Err(machine.type_error(format!(
                                "Value after * must be an iterable, not {}",
                                name.as_str()
                            )));
                        }
                        other => other?,
                    };
                    if let Value::List(items) = list {
                        items.borrow_mut().extend(more);
                    }
                    Ok(())
                });
            }
            Op::SetUpdate => {
                let (iterable, set, machine) = (r.pop(), r.peek(0).clone(), self.clone());
                return self.dropping(r, async move {
                    for item in machine.collect(&iterable).await? {
                        if let Some(body) = set.payload::<SetBody>() {
                            body.add(&machine, item).await?;
                        }
                    }
                    Ok(())
                });
            }
            Op::DictUpdate | Op::DictMerge => {
                let in_call = op == Op::DictMerge;
                let (mapping, dict, machine) = (r.pop(), r.peek(0).clone(), self.clone());
                let callable = if in_call {
                    r.peek(2).clone()
                } else {
                    Value::None
                };
                return self.dropping(r, async move {
                    machine.merge(&dict, &mapping, in_call, &callable).await
                });
            }
            Op::FormatValue(conversion, with_spec) => {
                let spec = if with_spec { r.pop() } else { Value::None };
                let (value, machine) = (r.pop(), self.clone());
                return self.pushing(r, async move {
                    machine.format_value(conversion, &value, &spec).await
                });
            }
            Op::CallKeyword(count, names) => {
                let arguments = self.with_keywords(r, code, count, names);
                let callable = r.pop();
                return self.enter(r, callable, arguments, After::Push);
            }
            Op::CallMethodKeyword(count, names) => {
                let mut arguments = self.with_keywords(r, code, count, names);
                let (receiver, callable) = (r.pop(), r.pop());
                if !receiver.is_unbound() {
                    arguments.positional.insert(0, receiver);
                }
                return self.enter(r, callable, arguments, After::Push);
            }
            Op::CallSpread(with_dict) => {
                let keyword = if with_dict == 1 { r.pop() } else { Value::None };
                let positional = match r.pop() {
                    Value::List(items) => items.take(),
                    Value::Tuple(items) => items.to_vec(),
                    _ => Vec::new(),
                };
                let keyword = match &keyword {
                    Value::Dict(table) => table
                        .borrow()
                        .iter()
                        .filter_map(|entry| {
                            Some((self.name(entry.key.as_str()?), entry.value.clone()))
                        })
                        .collect(),
                    _ => Vec::new(),
                };
                let callable = r.pop();
                return self.enter(
                    r,
                    callable,
                    Arguments {
                        positional,
                        keyword,
                    },
                    After::Push,
                );
            }
            Op::MakeFunction(operand) => self.make_function(r, code, operand),
            Op::BuildClass => {
                let (keywords, bases, name, function) = (r.pop(), r.pop(), r.pop(), r.pop());
                let machine = self.clone();
                return self.pushing(r, async move {
                    machine
                        .build_class(&function, &name, &bases, &keywords)
                        .await
                });
            }
            Op::Raise(count) => return self.raise_op(r, count),
            Op::BeginHandler => {
                let exception = r.peek(0).clone();
                if let Some(frame) = r.fiber.frames.borrow_mut().last_mut() {
                    frame.handling.push(exception);
                }
            }
            Op::EndHandler => {
                if let Some(frame) = r.fiber.frames.borrow_mut().last_mut() {
                    frame.handling.pop();
                }
            }
            Op::ExceptionMatches => {
                let class = r.pop();
                match self.exception_matches(r.peek(0), &class) {
                    Ok(matches) => r.push(Value::Bool(matches)),
                    Err(raised) => return Flow::Raise(raised),
                }
            }
            Op::Reraise => {
                let exception = r.pop();
                if let Some(body) = exception.payload::<ExceptionBody>() {
                    body.keeps_trace.set(true);
                }
                return Flow::Raise(Raised { exception });
            }
            Op::SplitGroup => return self.split_group_op(r),
            Op::JoinGroups => return self.join_groups_op(r),
            Op::EnterWith => {
                let (manager, machine) = (r.pop(), self.clone());
                let running: Running = Box::pin(async move { machine.enter_with(&manager).await });
                r.fiber.pc.set(r.pc);
                return Flow::Wait(running, Resume::Spread);
            }
            Op::ExitWith => {
                let exit = r.pop();
                let (machine, none) = (self.clone(), vec![Value::None; 3]);
                return self.dropping(r, async move { machine.call(&exit, none).await.map(drop) });
            }
            Op::ExitWithException => {
                let (exception, exit) = (r.peek(0).clone(), r.peek(1).clone());
                let class = Value::Class(self.type_of(&exception));
                let machine = self.clone();
                return self.pushing(r, async move {
                    let trace = machine.traceback_of(&exception);
                    let said = machine.call(&exit, vec![class, exception, trace]).await?;
                    machine.truth(&said).await.map(Value::Bool)
                });
            }
            Op::RaiseAssertion(with_message) => {
                let arguments = if with_message {
                    vec![r.pop()]
                } else {
                    Vec::new()
                };
                return Flow::Raise(self.raise_with(Kind::AssertionError, arguments));
            }
            Op::Import(at) => {
                let (machine, import) = (self.clone(), code.imports[at as usize].clone());
                let globals = r
                    .fiber
                    .frames
                    .borrow()
                    .last()
                    .map(|frame| Rc::clone(&frame.globals))
                    .unwrap_or_default();
                return self.pushing(r, async move { machine.import(&import, &globals).await });
            }
            Op::ImportFrom(at) => {
                let (machine, module, name) = (
                    self.clone(),
                    r.peek(0).clone(),
                    Rc::clone(&code.names[at as usize]),
                );
                return self.pushing(r, async move { machine.import_from(&module, &name).await });
            }
            Op::ImportStar => {
                let module = r.pop();
                let namespace = self.namespace(r);
                return match self.import_star(&module, &namespace) {
                    Ok(()) => Flow::Next,
                    Err(raised) => Flow::Raise(raised),
                };
            }
            Op::PrintExpression => {
                let value = r.pop();
                *self.state().shown.borrow_mut() = Some(value);
            }
            Op::Fault(at) => {
                let text = code
                    .constants
                    .get(at as usize)
                    .and_then(|text| text.as_str().cloned());
                return Flow::Raise(
                    self.raise(Kind::SyntaxError, text.as_deref().map_or("", Str::as_str)),
                );
            }
            other => return self.matching(r, other),
        }
        Flow::Next
    }

    /// Awaits and pushes.
    pub(super) fn pushing(
        &self,
        r: &Registers<'_>,
        future: impl Future<Output = Outcome> + 'static,
    ) -> Flow {
        r.fiber.pc.set(r.pc);
        Flow::Wait(Box::pin(future), Resume::Push)
    }

    /// Awaits and pushes nothing.
    fn dropping(
        &self,
        r: &Registers<'_>,
        future: impl Future<Output = Outcome<()>> + 'static,
    ) -> Flow {
        r.fiber.pc.set(r.pc);
        Flow::Wait(
            Box::pin(async move { future.await.map(|()| Value::None) }),
            Resume::Drop,
        )
    }

    fn namespace(&self, r: &Registers<'_>) -> Rc<RefCell<Table>> {
        let frames = r.fiber.frames.borrow();
        frames
            .last()
            .map(|frame| {
                frame
                    .namespace
                    .clone()
                    .unwrap_or_else(|| Rc::clone(&frame.globals))
            })
            .unwrap_or_default()
    }

    fn with_keywords(
        &self,
        r: &mut Registers<'_>,
        code: &Code,
        count: u16,
        names: u16,
    ) -> Arguments {
        let names = &code.keyword_names[names as usize];
        let values = r.take(names.len());
        let positional = r.take(count as usize - names.len());
        Arguments {
            positional,
            keyword: names.iter().cloned().zip(values).collect(),
        }
    }

    fn unpack(&self, r: &mut Registers<'_>, before: usize, after: Option<usize>) -> Flow {
        let value = r.pop();
        let machine = self.clone();
        let running: Running = Box::pin(async move {
            let items = match machine.iterate(&value).await {
                Ok(iteration) => {
                    let mut items = Vec::with_capacity(before);
                    // One more than wanted is enough to know that there are too many.
                    while after.is_some() || items.len() <= before {
                        match iteration.next(&machine).await? {
                            Some(item) => items.push(item),
                            None => break,
                        }
                    }
                    items
                }
                Err(raised)
                    if machine.find_special(&value, "__iter__").is_none()
                        && machine.is_raised(&raised, Kind::TypeError) =>
                {
                    let text = format!(
                        "cannot unpack non-iterable {} object",
                        machine.type_name(&value).as_str()
                    );
                    return Err(machine.type_error(text));
                }
                Err(raised) => return Err(raised),
            };
            let count = items.len();
            let Some(after) = after else {
                return match count {
                    _ if count < before => Err(machine.value_error(format!(
                        "not enough values to unpack (expected {before}, got {count})"
                    ))),
                    _ if count > before => Err(machine
                        .value_error(format!("too many values to unpack (expected {before})"))),
                    _ => Ok(Value::tuple(items)),
                };
            };
            if count < before + after {
                let least = before + after;
                return Err(machine.value_error(format!(
                    "not enough values to unpack (expected at least {least}, got {count})"
                )));
            }
            let mut items = items;
            let tail = items.split_off(count - after);
            let middle = items.split_off(before);
            items.push(Value::list(middle));
            items.extend(tail);
            Ok(Value::tuple(items))
        });
        Flow::Wait(running, Resume::Spread)
    }

    /// `**mapping`
    async fn merge(
        &self,
        dict: &Value,
        mapping: &Value,
        in_call: bool,
        callable: &Value,
    ) -> Outcome<()> {
        let Value::Dict(table) = dict else {
            return Ok(());
        };
        let pairs: Vec<(Value, Value)> = if let Value::Dict(other) = mapping {
            other
                .borrow()
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.clone()))
                .collect()
        } else {
            let keys = self.find_attribute(mapping, &self.name("keys")).await?;
            let Some(keys) = keys else {
                let name = self.type_name(mapping);
                let text = if in_call {
                    format!(
                        "{} argument after ** must be a mapping, not {}",
                        self.callable_name(callable),
                        name.as_str()
                    )
                } else {
                    format!("'{}' object is not a mapping", name.as_str())
                };
                return Err(self.type_error(text));
            };
            let keys = self.call(&keys, Vec::new()).await?;
            let mut pairs = Vec::new();
            for key in self.collect(&keys).await? {
                let value = self.get_item(mapping, &key).await?;
                pairs.push((key, value));
            }
            pairs
        };
        for (key, value) in pairs {
            if in_call {
                let Some(name) = key.as_str() else {
                    return Err(self.type_error("keywords must be strings"));
                };
                if table.borrow().position(name).is_some() {
                    let callable = self.callable_name(callable);
                    let text = format!(
                        "{callable} got multiple values for keyword argument '{}'",
                        name.as_str()
                    );
                    return Err(self.type_error(text));
                }
            }
            self.table_set(table, key, value).await?;
        }
        Ok(())
    }

    /// `__main__.f()` as CPython names what is called.
    fn callable_name(&self, callable: &Value) -> String {
        match callable {
            Value::Function(function) => {
                let module = function
                    .globals
                    .borrow()
                    .get(&self.names().name)
                    .and_then(|name| name.as_str().cloned());
                let module =
                    module.map_or_else(String::new, |module| format!("{}.", module.as_str()));
                format!("{module}{}()", function.qualified_name.borrow().as_str())
            }
            Value::Native(native) => format!("{}()", native.signature.name),
            Value::Bound(bound) => self.callable_name(&bound.function),
            Value::Class(class) => format!("{}()", class.qualified_name().as_str()),
            other => format!("{} object", self.type_name(other).as_str()),
        }
    }

    async fn format_value(&self, conversion: Conversion, value: &Value, spec: &Value) -> Outcome {
        let converted = match conversion {
            Conversion::None => value.clone(),
            Conversion::Str => Value::from(self.str(value).await?),
            Conversion::Repr => Value::from(self.repr(value).await?),
            Conversion::Ascii => Value::from(crate::text::repr::ascii_of(&self.repr(value).await?)),
        };
        let spec = spec.as_str().map_or("", |spec| spec.as_str());
        self.format(&converted, spec).await.map(Value::from)
    }

    fn make_function(&self, r: &mut Registers<'_>, code: &Code, operand: u32) {
        let inner = Rc::clone(&code.codes[(operand >> 4) as usize]);
        let free = inner.slots.len() - inner.free as usize;
        let closure = r
            .take(free)
            .into_iter()
            .filter_map(|cell| match cell {
                Value::Cell(cell) => Some(cell),
                _ => None,
            })
            .collect();
        let annotations = if operand & 4 != 0 {
            r.pop()
        } else {
            Value::Unbound
        };
        let keyword_defaults = if operand & 2 != 0 {
            r.pop()
        } else {
            Value::Unbound
        };
        let defaults = if operand & 1 != 0 {
            r.pop()
        } else {
            Value::Unbound
        };
        let globals = r
            .fiber
            .frames
            .borrow()
            .last()
            .map(|frame| Rc::clone(&frame.globals))
            .unwrap_or_default();
        let mut attributes = Table::new();
        if !annotations.is_unbound() {
            attributes.set(&self.names().annotations, annotations);
        }
        if let Some(doc) = &inner.doc {
            attributes.set(&self.names().doc, Value::Str(Rc::clone(doc)));
        }
        if let Some(module) = globals.borrow().get(&self.names().name) {
            attributes.set(&self.names().module, module.clone());
        }
        let first = inner.positional as usize;
        let keyword_defaults = match &keyword_defaults {
            Value::Dict(table) => (first..first + inner.keyword_only as usize)
                .map(|slot| {
                    table
                        .borrow()
                        .get(&inner.slots[slot])
                        .cloned()
                        .unwrap_or_default()
                })
                .collect(),
            _ => Vec::new(),
        };
        let function = Function {
            globals,
            closure,
            defaults: RefCell::new(
                defaults
                    .as_tuple()
                    .map(|items| items.to_vec())
                    .unwrap_or_default(),
            ),
            keyword_defaults: RefCell::new(keyword_defaults),
            name: RefCell::new(Rc::clone(&inner.name)),
            qualified_name: RefCell::new(Rc::clone(&inner.qualified_name)),
            attributes: RefCell::new(attributes),
            code: inner,
        };
        r.push(Value::Function(Rc::new(function)));
    }

    /// An object of class `slice`.
    #[must_use]
    pub fn new_slice(&self, slice: Slice) -> Value {
        Value::Object(Rc::new(Object::with(
            Rc::clone(&self.classes().slice),
            slice,
        )))
    }
}
