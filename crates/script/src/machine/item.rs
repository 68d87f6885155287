//! Subscripts, lengths and iteration.

use std::rc::Rc;

use super::fiber::{Generator, Resume};
use super::generator::{Handed, Resumption};
use super::run::{Flow, Registers};
use super::{Kind, Machine, Outcome, Running};
use crate::builtins::iterators::{self, Source};
use crate::builtins::{dict, list, tuple};
use crate::value::Value;

/// Something that gives one value after another.
pub struct Iteration {
    iterator: Value,
}

impl Iteration {
    /// The next value; `None` at the end.
    ///
    /// # Errors
    /// What the iterator raises.
    pub async fn next(&self, machine: &Machine) -> Outcome<Option<Value>> {
        machine.next_of(&self.iterator).await
    }

    /// The iterator itself.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.iterator
    }
}

impl Machine {
    pub(super) fn load_item_op(&self, r: &mut Registers<'_>) -> Flow {
        let length = r.stack.len();
        let quick = match (&r.stack[length - 2], &r.stack[length - 1]) {
            (Value::List(items), Value::Int(index)) => {
                let items = items.borrow();
                let at = if *index < 0 {
                    index + items.len() as i64
                } else {
                    *index
                };
                usize::try_from(at)
                    .ok()
                    .and_then(|at| items.get(at).cloned())
            }
            (Value::Tuple(items), Value::Int(index)) => {
                let at = if *index < 0 {
                    index + items.len() as i64
                } else {
                    *index
                };
                usize::try_from(at)
                    .ok()
                    .and_then(|at| items.get(at).cloned())
            }
            (Value::Dict(table), Value::Str(key)) => table.borrow().get(key).cloned(),
            _ => None,
        };
        if let Some(value) = quick {
            r.stack.truncate(length - 1);
            r.stack[length - 2] = value;
            return Flow::Next;
        }
        r.fiber.pc.set(r.pc);
        let (index, value) = (r.pop(), r.pop());
        Flow::Wait(self.get_item(&value, &index), Resume::Push)
    }

    pub(super) fn store_item_op(&self, r: &mut Registers<'_>) -> Flow {
        let (index, container, value) = (r.pop(), r.pop(), r.pop());
        match (&container, &index) {
            (Value::List(items), Value::Int(index)) => {
                let mut items = items.borrow_mut();
                let at = if *index < 0 {
                    index + items.len() as i64
                } else {
                    *index
                };
                if let Some(place) = usize::try_from(at).ok().and_then(|at| items.get_mut(at)) {
                    *place = value;
                    return Flow::Next;
                }
            }
            (Value::Dict(table), Value::Str(key)) => {
                table.borrow_mut().set(key, value);
                return Flow::Next;
            }
            _ => {}
        }
        r.fiber.pc.set(r.pc);
        let machine = self.clone();
        let running: Running = Box::pin(async move {
            machine
                .set_item(&container, index, value)
                .await
                .map(|()| Value::None)
        });
        Flow::Wait(running, Resume::Drop)
    }

    /// `value[index]`
    ///
    /// # Errors
    /// TypeError, IndexError, KeyError, and what is called raises.
    pub fn get_item(&self, value: &Value, index: &Value) -> Running {
        let (machine, value, index) = (self.clone(), value.clone(), index.clone());
        Box::pin(async move {
            match &value {
                Value::List(items) => return list::get_item(&machine, items, &index).await,
                Value::Tuple(items) => return tuple::get_item(&machine, items, &index).await,
                Value::Dict(_) => return dict::get_item(&machine, &value, &index).await,
                _ => {}
            }
            if let Some(method) = machine.find_special(&value, "__getitem__") {
                return machine.call(&method, vec![value, index]).await;
            }
            if let Value::Class(class) = &value
                && let Some(method) =
                    machine.find_in_class(class, &machine.name("__class_getitem__"))
            {
                let method = machine
                    .get_attribute(&value, &machine.name("__class_getitem__"))
                    .await
                    .unwrap_or(method);
                return machine.call(&method, vec![index]).await;
            }
            let text = match &value {
                Value::Class(class) => {
                    format!("type '{}' is not subscriptable", class.name().as_str())
                }
                _ => format!(
                    "'{}' object is not subscriptable",
                    machine.type_name(&value).as_str()
                ),
            };
            Err(machine.type_error(text))
        })
    }

    /// `value[index] = new`
    ///
    /// # Errors
    /// TypeError, IndexError, and what is called raises.
    pub async fn set_item(&self, value: &Value, index: Value, new: Value) -> Outcome<()> {
        match value {
            Value::List(items) => return list::set_item(self, items, &index, new).await,
            Value::Dict(table) => return self.table_set(table, index, new).await,
            _ => {}
        }
        match self.find_special(value, "__setitem__") {
            Some(method) => self
                .call(&method, vec![value.clone(), index, new])
                .await
                .map(drop),
            None => {
                let text = format!(
                    "'{}' object does not support item assignment",
                    self.type_name(value).as_str()
                );
                Err(self.type_error(text))
            }
        }
    }

    /// `del value[index]`
    ///
    /// # Errors
    /// TypeError, IndexError, KeyError, and what is called raises.
    pub async fn delete_item(&self, value: &Value, index: Value) -> Outcome<()> {
        match self.find_special(value, "__delitem__") {
            Some(method) => self
                .call(&method, vec![value.clone(), index])
                .await
                .map(drop),
            None => {
                let text = format!(
                    "'{}' object doesn't support item deletion",
                    self.type_name(value).as_str()
                );
                Err(self.type_error(text))
            }
        }
    }

    /// `len(value)`
    ///
    /// # Errors
    /// TypeError for what has no length, ValueError for a negative one, and what `__len__` raises.
    pub async fn length(&self, value: &Value) -> Outcome<usize> {
        match value {
            Value::Str(text) => return Ok(text.length()),
            Value::Bytes(bytes) => return Ok(bytes.len()),
            Value::List(items) => return Ok(items.borrow().len()),
            Value::Tuple(items) => return Ok(items.len()),
            Value::Dict(table) => return Ok(table.borrow().len()),
            _ => {}
        }
        let Some(method) = self.find_special(value, "__len__") else {
            return Err(self.type_error(format!(
                "object of type '{}' has no len()",
                self.type_name(value).as_str()
            )));
        };
        let found = self.call(&method, vec![value.clone()]).await?;
        let length = self.to_i64(&found)?;
        usize::try_from(length).map_err(|_| self.value_error("__len__() should return >= 0"))
    }

    /// `iter(value)`
    ///
    /// # Errors
    /// TypeError for what cannot be iterated over, and what `__iter__` raises.
    pub async fn iterate(&self, value: &Value) -> Outcome<Iteration> {
        if let Some(iterator) = iterators::quick(self, value) {
            return Ok(Iteration { iterator });
        }
        if value.payload::<Rc<Generator>>().is_some() || value.payload::<Source>().is_some() {
            return Ok(Iteration {
                iterator: value.clone(),
            });
        }
        if let Some(method) = self.find_special(value, "__iter__")
            && !method.is_none()
        {
            let iterator = self.call(&method, vec![value.clone()]).await?;
            if self.find_special(&iterator, "__next__").is_none() {
                let text = format!(
                    "iter() returned non-iterator of type '{}'",
                    self.type_name(&iterator).as_str()
                );
                return Err(self.type_error(text));
            }
            return Ok(Iteration { iterator });
        }
        if self.find_special(value, "__getitem__").is_some() && !matches!(value, Value::Class(_)) {
            return Ok(Iteration {
                iterator: iterators::by_index(self, value),
            });
        }
        Err(self.type_error(format!(
            "'{}' object is not iterable",
            self.type_name(value).as_str()
        )))
    }

    /// The next value of an iterator; `None` at its end.
    ///
    /// # Errors
    /// What it raises.
    pub async fn next_of(&self, iterator: &Value) -> Outcome<Option<Value>> {
        if let Some(source) = iterator.payload::<Source>() {
            return source.next(self);
        }
        if let Some(generator) = iterator.payload::<Rc<Generator>>() {
            return match self
                .resume_generator(generator, Resumption::Send(Value::None))
                .await?
            {
                Handed::Yielded(value) => Ok(Some(value)),
                Handed::Returned(_) => Ok(None),
            };
        }
        let Some(method) = self.find_special(iterator, "__next__") else {
            return Err(self.type_error(format!(
                "'{}' object is not an iterator",
                self.type_name(iterator).as_str()
            )));
        };
        match self.call(&method, vec![iterator.clone()]).await {
            Ok(value) => Ok(Some(value)),
            Err(raised) if self.is_raised(&raised, Kind::StopIteration) => Ok(None),
            Err(raised) => Err(raised),
        }
    }

    /// All values of an iterable.
    ///
    /// # Errors
    /// As [`Machine::iterate`].
    pub async fn collect(&self, value: &Value) -> Outcome<Vec<Value>> {
        match value {
            Value::List(items) => return Ok(items.borrow().clone()),
            Value::Tuple(items) => return Ok(items.to_vec()),
            _ => {}
        }
        let iteration = self.iterate(value).await?;
        let mut items = Vec::new();
        while let Some(item) = iteration.next(self).await? {
            items.push(item);
            if items.len() % 16_384 == 0 {
                self.breathe().await;
            }
        }
        Ok(items)
    }

    /// An `int` out of an index: `int`, `bool`, or what has `__index__`.
    ///
    /// # Errors
    /// TypeError, OverflowError, and what `__index__` raises.
    pub async fn index(&self, value: &Value) -> Outcome<i64> {
        match value.plain() {
            Value::Int(index) => Ok(*index),
            Value::Bool(index) => Ok(i64::from(*index)),
            Value::Object(_) => match self.find_special(value, "__index__") {
                Some(method) => {
                    let found = self.call(&method, vec![value.clone()]).await?;
                    self.to_i64(&found)
                }
                None => self.to_i64(value),
            },
            _ => self.to_i64(value),
        }
    }
}
