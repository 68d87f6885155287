//! Equality, order, truth and hashes, at once where nothing must be called.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use super::{Kind, Machine, Outcome, Running};
use crate::builtins::{arithmetic, hash, set};
use crate::code::Comparison;
use crate::value::{Probe, Table, Value};

/// The special method of a comparison, the one that answers from the other side, and its sign.
fn methods(comparison: Comparison) -> (&'static str, &'static str, &'static str) {
    match comparison {
        Comparison::Less => ("__lt__", "__gt__", "<"),
        Comparison::LessEqual => ("__le__", "__ge__", "<="),
        Comparison::Greater => ("__gt__", "__lt__", ">"),
        Comparison::GreaterEqual => ("__ge__", "__le__", ">="),
        Comparison::NotEqual => ("__ne__", "__ne__", "!="),
        _ => ("__eq__", "__eq__", "=="),
    }
}

type Answer<T> = Pin<Box<dyn Future<Output = Outcome<T>>>>;

fn ready<T: 'static>(outcome: Outcome<T>) -> Answer<T> {
    Box::pin(std::future::ready(outcome))
}

impl Machine {
    /// `a == b` of values that need not be asked; `None` where a method must be called.
    #[must_use]
    pub fn quick_equal(&self, a: &Value, b: &Value) -> Option<bool> {
        match (a, b) {
            (Value::Object(_), _) | (_, Value::Object(_)) => None,
            (Value::Str(a), Value::Str(b)) => Some(Rc::ptr_eq(a, b) || a.as_str() == b.as_str()),
            (Value::Bytes(a), Value::Bytes(b)) => Some(a == b),
            (Value::Tuple(a), Value::Tuple(b)) => self.quick_equal_items(a, b),
            (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b)
                .then_some(true)
                .or_else(|| self.quick_equal_items(&a.borrow(), &b.borrow())),
            (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b).then_some(true),
            (Value::Bound(a), Value::Bound(b)) => {
                Some(a.function.is(&b.function) && a.receiver.is(&b.receiver))
            }
            (Value::Class(a), Value::Class(b)) => match (a.metaclass(), b.metaclass()) {
                (Some(x), Some(y))
                    if Rc::ptr_eq(&x, &self.classes().type_)
                        && Rc::ptr_eq(&y, &self.classes().type_) =>
                {
                    Some(Rc::ptr_eq(a, b))
                }
                _ => a.is_subclass_of(b).then_some(Rc::ptr_eq(a, b)),
            },
            _ => Some(
                arithmetic::compare_numbers(a, b)
                    .map_or_else(|| a.is(b), |order| order == Some(std::cmp::Ordering::Equal)),
            ),
        }
    }

    /// Identical items are equal; a pair that must be asked leaves the answer open.
    fn quick_equal_items(&self, a: &[Value], b: &[Value]) -> Option<bool> {
        if a.len() != b.len() {
            return Some(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !a.is(b) && !self.quick_equal(a, b)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// `a == b`, where identical objects count as equal, as in lists, tuples and dicts.
    ///
    /// # Errors
    /// What `__eq__` raises.
    pub fn equal(&self, a: &Value, b: &Value) -> Answer<bool> {
        if a.is(b) {
            return ready(Ok(true));
        }
        if let Some(equal) = self.quick_equal(a, b) {
            return ready(Ok(equal));
        }
        let (machine, a, b) = (self.clone(), a.clone(), b.clone());
        Box::pin(async move {
            let value = machine.compare(Comparison::Equal, &a, &b).await?;
            machine.truth(&value).await
        })
    }

    /// `a < b` as sorting asks it.
    ///
    /// # Errors
    /// What `__lt__` raises; TypeError.
    pub fn less(&self, a: &Value, b: &Value) -> Answer<bool> {
        let (machine, a, b) = (self.clone(), a.clone(), b.clone());
        Box::pin(async move {
            let value = machine.compare(Comparison::Less, &a, &b).await?;
            machine.truth(&value).await
        })
    }

    /// `a∘b`: what the special method says, which need not be a `bool`.
    ///
    /// # Errors
    /// TypeError where there is no order, and what is called raises.
    pub fn compare(&self, comparison: Comparison, a: &Value, b: &Value) -> Running {
        let (machine, a, b) = (self.clone(), a.clone(), b.clone());
        match comparison {
            Comparison::Is => return ready(Ok(Value::Bool(a.is(&b)))),
            Comparison::IsNot => return ready(Ok(Value::Bool(!a.is(&b)))),
            Comparison::In | Comparison::NotIn => {
                return Box::pin(async move {
                    let found = machine.contains(&b, &a).await?;
                    Ok(Value::Bool(found == (comparison == Comparison::In)))
                });
            }
            _ => {}
        }
        if let Some(order) = arithmetic::compare_numbers(&a, &b)
            && let Some(answer) = super::run::order(comparison, order)
        {
            return ready(Ok(Value::Bool(answer)));
        }
        Box::pin(async move {
            let (name, reflected, sign) = methods(comparison);
            let (class_a, class_b) = (machine.type_of(&a), machine.type_of(&b));
            let swap = !Rc::ptr_eq(&class_a, &class_b) && class_b.is_subclass_of(&class_a);
            let sides = if swap {
                [(&b, &a, reflected), (&a, &b, name)]
            } else {
                [(&a, &b, name), (&b, &a, reflected)]
            };
            for (own, other, name) in sides {
                if let Some(method) = machine.find_special(own, name)
                    && !method.is_none()
                {
                    let value = machine
                        .call(&method, vec![own.clone(), other.clone()])
                        .await?;
                    if !matches!(value, Value::NotImplemented) {
                        return Ok(value);
                    }
                }
            }
            match comparison {
                Comparison::Equal => Ok(Value::Bool(a.is(&b))),
                Comparison::NotEqual => Ok(Value::Bool(!a.is(&b))),
                _ => {
                    let (a, b) = (class_a.name(), class_b.name());
                    let text = format!(
                        "'{sign}' not supported between instances of '{}' and '{}'",
                        a.as_str(),
                        b.as_str()
                    );
                    Err(machine.type_error(text))
                }
            }
        })
    }

    /// `bool(value)` of values that need not be asked.
    #[must_use]
    pub fn quick_truth(&self, value: &Value) -> Option<bool> {
        Some(match value {
            Value::Unbound | Value::None => false,
            Value::Bool(truth) => *truth,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Str(text) => text.length() != 0,
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::Tuple(items) => !items.is_empty(),
            Value::List(items) => !items.borrow().is_empty(),
            Value::Dict(table) => !table.borrow().is_empty(),
            Value::Object(_) | Value::Class(_) => return None,
            _ => true,
        })
    }

    /// `bool(value)`
    ///
    /// # Errors
    /// What `__bool__` and `__len__` raise.
    pub fn truth(&self, value: &Value) -> Answer<bool> {
        if let Some(truth) = self.quick_truth(value) {
            return ready(Ok(truth));
        }
        let (machine, value) = (self.clone(), value.clone());
        Box::pin(async move {
            if let Some(method) = machine.find_special(&value, "__bool__") {
                return match machine.call(&method, vec![value]).await? {
                    Value::Bool(truth) => Ok(truth),
                    other => {
                        let text = format!(
                            "__bool__ should return bool, returned {}",
                            machine.type_name(&other).as_str()
                        );
                        Err(machine.type_error(text))
                    }
                };
            }
            if machine.find_special(&value, "__len__").is_some() {
                return Ok(machine.length(&value).await? != 0);
            }
            Ok(true)
        })
    }

    /// `hash(value)` of values that need not be asked.
    #[must_use]
    pub fn quick_hash(&self, value: &Value) -> Option<Outcome<u64>> {
        match value {
            Value::Str(text) => Some(Ok(text.hash())),
            Value::List(_) | Value::Dict(_) => Some(Err(self.unhashable(value))),
            Value::Tuple(items) => {
                let mut hashes = Vec::with_capacity(items.len());
                for item in items.iter() {
                    match self.quick_hash(item)? {
                        Ok(hash) => hashes.push(hash),
                        Err(raised) => return Some(Err(raised)),
                    }
                }
                Some(Ok(hash::of_tuple(&hashes)))
            }
            Value::Object(_) | Value::Class(_) => None,
            _ => Some(Ok(hash::of_scalar(value))),
        }
    }

    pub(crate) fn unhashable(&self, value: &Value) -> super::Raised {
        self.type_error(format!(
            "unhashable type: '{}'",
            self.type_name(value).as_str()
        ))
    }

    /// `hash(value)`
    ///
    /// # Errors
    /// TypeError for what has no hash, and what `__hash__` raises.
    pub fn hash(&self, value: &Value) -> Answer<u64> {
        if let Some(outcome) = self.quick_hash(value) {
            return ready(outcome);
        }
        let (machine, value) = (self.clone(), value.clone());
        Box::pin(async move {
            if let Value::Tuple(items) = &value {
                let mut hashes = Vec::with_capacity(items.len());
                for item in items.iter() {
                    hashes.push(machine.hash(item).await?);
                }
                return Ok(hash::of_tuple(&hashes));
            }
            match machine.find_special(&value, "__hash__") {
                Some(Value::None) | None => Err(machine.unhashable(&value)),
                Some(method) => {
                    let found = machine.call(&method, vec![value]).await?;
                    match found {
                        Value::Int(_) | Value::Big(_) | Value::Bool(_) => {
                            Ok(hash::of_scalar(&found))
                        }
                        _ => Err(machine.type_error("__hash__ method should return an integer")),
                    }
                }
            }
        })
    }

    /// Where a key stands in a table.
    ///
    /// # Errors
    /// TypeError for an unhashable key, and what `__hash__` and `__eq__` raise.
    pub async fn table_find(
        &self,
        table: &Rc<RefCell<Table>>,
        key: &Value,
    ) -> Outcome<(u64, Option<usize>)> {
        let hash = match self.quick_hash(key) {
            Some(hash) => hash?,
            None => self.hash(key).await?,
        };
        let probe = table
            .borrow()
            .find(hash, key, |a, b| self.quick_equal(a, b));
        match probe {
            Probe::At(at) => Ok((hash, Some(at))),
            Probe::Absent => Ok((hash, None)),
            Probe::Ask(places) => {
                for at in places {
                    let known = table.borrow().entry(at).map(|entry| entry.key.clone());
                    if let Some(known) = known
                        && self.equal(&known, key).await?
                    {
                        return Ok((hash, Some(at)));
                    }
                }
                Ok((hash, None))
            }
        }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// As [`Machine::table_find`].
    pub async fn table_get(
        &self,
        table: &Rc<RefCell<Table>>,
        key: &Value,
    ) -> Outcome<Option<Value>> {
        let (_, at) = self.table_find(table, key).await?;
        Ok(at.and_then(|at| table.borrow().entry(at).map(|entry| entry.value.clone())))
    }

    /// Sets a key.
    ///
    /// # Errors
    /// As [`Machine::table_find`].
    pub async fn table_set(
        &self,
        table: &Rc<RefCell<Table>>,
        key: Value,
        value: Value,
    ) -> Outcome<()> {
        let (hash, at) = self.table_find(table, &key).await?;
        match at {
            Some(at) => {
                table.borrow_mut().replace(at, value);
            }
            None => {
                table.borrow_mut().append(hash, key, value);
            }
        }
        Ok(())
    }

    /// Takes a key out.
    ///
    /// # Errors
    /// As [`Machine::table_find`].
    pub async fn table_remove(
        &self,
        table: &Rc<RefCell<Table>>,
        key: &Value,
    ) -> Outcome<Option<Value>> {
        let (_, at) = self.table_find(table, key).await?;
        Ok(at
            .and_then(|at| table.borrow_mut().remove(at))
            .map(|entry| entry.value))
    }

    /// `item in container`
    ///
    /// # Errors
    /// TypeError for what contains nothing, and what is called raises.
    pub fn contains(&self, container: &Value, item: &Value) -> Answer<bool> {
        let (machine, container, item) = (self.clone(), container.clone(), item.clone());
        Box::pin(async move {
            match &container {
                Value::Str(text) => match &item {
                    Value::Str(part) => return Ok(text.as_str().contains(part.as_str())),
                    other => {
                        let name = machine.type_name(other);
                        let text = format!(
                            "'in <string>' requires string as left operand, not {}",
                            name.as_str()
                        );
                        return Err(machine.type_error(text));
                    }
                },
                Value::Tuple(items) => return machine.among(items, &item).await,
                Value::List(items) => {
                    let items = items.borrow().clone();
                    return machine.among(&items, &item).await;
                }
                Value::Dict(table) => {
                    return Ok(machine.table_find(table, &item).await?.1.is_some());
                }
                _ => {}
            }
            if let Some(body) = container.payload::<set::SetBody>() {
                return body.contains(&machine, &item).await;
            }
            if let Some(method) = machine.find_special(&container, "__contains__") {
                if method.is_none() {
                    let text = format!(
                        "'{}' object is not a container",
                        machine.type_name(&container).as_str()
                    );
                    return Err(machine.type_error(text));
                }
                let value = machine.call(&method, vec![container, item]).await?;
                return machine.truth(&value).await;
            }
            let iteration = match machine.iterate(&container).await {
                Ok(iteration) => iteration,
                Err(raised) if machine.is_raised(&raised, Kind::TypeError) => {
                    let text = format!(
                        "argument of type '{}' is not iterable",
                        machine.type_name(&container).as_str()
                    );
                    return Err(machine.type_error(text));
                }
                Err(raised) => return Err(raised),
            };
            while let Some(found) = iteration.next(&machine).await? {
                if machine.equal(&found, &item).await? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    async fn among(&self, items: &[Value], item: &Value) -> Outcome<bool> {
        for found in items {
            if self.equal(found, item).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
