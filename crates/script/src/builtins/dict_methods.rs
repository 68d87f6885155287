//! `dict`: the methods.

use std::rc::Rc;

use super::dict::{self, Dict};
use super::iterators;
use super::views::{View, ViewKind};
use super::{class_asked, counted, wrap, wrong_receiver};
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Table, Value};

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let builder = ClassBuilder::extend(m, class)
        .constructor("dict(cls, *args, **kwargs)", |m, a| {
            let exact = &m.classes().dict;
            class_asked(m, &a[0], exact)?;
            Ok(wrap(&a[0], exact, Value::dict(Table::new())))
        })
        .async_method("__init__(self, *args, **kwargs)", "", |m, a| {
            fill_with(m, a, "__init__", "dict")
        })
        .async_method(
            "update(self, *args, **kwargs)",
            "Adds the entries of a mapping or an iterable of pairs, and keywords.",
            |m, a| fill_with(m, a, "update", "update"),
        )
        .method("clear(self, /)", "Takes all entries out.", |m, a| {
            drop(own(m, a, "clear")?.take());
            Ok(Value::None)
        })
        .method("copy(self, /)", "A dict of the same entries.", |m, a| {
            Ok(Value::dict(own(m, a, "copy")?.borrow().clone()))
        })
        .async_method(
            "get(self, key, default=None, /)",
            "The value of a key, or the default.",
            get,
        )
        .method("keys(self, /)", "A view of the keys.", |m, a| {
            Ok(View::over(m, own(m, a, "keys")?, ViewKind::Keys))
        })
        .method("values(self, /)", "A view of the values.", |m, a| {
            Ok(View::over(m, own(m, a, "values")?, ViewKind::Values))
        })
        .method(
            "items(self, /)",
            "A view of the entries as pairs.",
            |m, a| Ok(View::over(m, own(m, a, "items")?, ViewKind::Items)),
        )
        .async_method(
            "pop(self, key, default=None, /)",
            "Takes a key out and gives its value, or the default; KeyError if there is neither.",
            pop,
        )
        .method(
            "popitem(self, /)",
            "Takes the last entry out and gives it; KeyError if there is none.",
            popitem,
        )
        .async_method(
            "setdefault(self, key, default=None, /)",
            "The value of a key, which is set to the default if it is not there.",
            setdefault,
        )
        .async_class_method(
            "fromkeys(cls, iterable, value=None, /)",
            "A dict of these keys, each with the same value.",
            fromkeys,
        )
        .async_class_method(
            "__class_getitem__(cls, item, /)",
            "A type of dicts of such entries.",
            super::generic::subscript_class,
        );
    special(builder);
}

/// The special methods.
fn special(builder: ClassBuilder) {
    let _ = builder
        .method("__len__(self, /)", "", |m, a| {
            Ok(own(m, a, "__len__")?.borrow().len().into())
        })
        .method("__iter__(self, /)", "", |m, a| {
            let table = own(m, a, "__iter__")?;
            Ok(iterators::over_dict(m, table, ViewKind::Keys, false))
        })
        .method("__reversed__(self, /)", "", |m, a| {
            let table = own(m, a, "__reversed__")?;
            Ok(iterators::over_dict(m, table, ViewKind::Keys, true))
        })
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let table = own(&m, &a, "__contains__")?;
                dict::contains(&m, table, &a[1]).await.map(Value::Bool)
            })
        })
        .async_method("__getitem__(self, key, /)", "", |m, a| {
            Box::pin(async move { dict::get_item(&m, &a[0], &a[1]).await })
        })
        .async_method("__setitem__(self, key, value, /)", "", |m, a| {
            Box::pin(async move {
                let table = own(&m, &a, "__setitem__")?;
                m.table_set(table, a[1].clone(), a[2].clone()).await?;
                Ok(Value::None)
            })
        })
        .async_method("__delitem__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let table = own(&m, &a, "__delitem__")?;
                match m.table_remove(table, &a[1]).await? {
                    Some(_) => Ok(Value::None),
                    None => Err(m.key_error(a[1].clone())),
                }
            })
        })
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move { dict::repr(&m, &a[0]).await.map(Value::from) })
        })
        .async_method("__eq__(self, value, /)", "", |m, a| equal(m, a, true))
        .async_method("__ne__(self, value, /)", "", |m, a| equal(m, a, false))
        .async_method("__or__(self, value, /)", "", |m, a| union(m, a, false))
        .async_method("__ror__(self, value, /)", "", |m, a| union(m, a, true))
        .async_method("__ior__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                dict::update(&m, own(&m, &a, "__ior__")?, &a[1]).await?;
                Ok(a[0].clone())
            })
        })
        .constant("__hash__", Value::None)
        .finish();
}

fn own<'a>(m: &Machine, a: &'a [Value], method: &str) -> Outcome<&'a Dict> {
    a[0].as_dict()
        .ok_or_else(|| wrong_receiver(m, "dict", method, &a[0]))
}

fn ready(outcome: Outcome) -> Running {
    Box::pin(std::future::ready(outcome))
}

/// `dict(…)` and `update(…)`.
fn fill_with(m: Machine, a: Vec<Value>, method: &'static str, name: &'static str) -> Running {
    Box::pin(async move {
        let table = own(&m, &a, method)?;
        if let Some(other) = counted(&m, name, &a, 0, 1)?.first() {
            dict::update(&m, table, other).await?;
        }
        if let Some(Value::Dict(keywords)) = a.get(2) {
            dict::merge(&m, table, keywords).await?;
        }
        Ok(Value::None)
    })
}

fn get(m: Machine, a: Vec<Value>) -> Running {
    let default = |a: &[Value]| match &a[2] {
        Value::Unbound => Value::None,
        value => value.clone(),
    };
    let table = match own(&m, &a, "get") {
        Ok(table) => table,
        Err(raised) => return ready(Err(raised)),
    };
    if let Some(found) = dict::quick_get(&m, table, &a[1]) {
        return ready(found.map(|value| value.unwrap_or_else(|| default(&a))));
    }
    Box::pin(async move {
        let table = own(&m, &a, "get")?;
        let found = m.table_get(table, &a[1]).await?;
        Ok(found.unwrap_or_else(|| default(&a)))
    })
}

fn pop(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        match m.table_remove(own(&m, &a, "pop")?, &a[1]).await? {
            Some(value) => Ok(value),
            None if a[2].is_unbound() => Err(m.key_error(a[1].clone())),
            None => Ok(a[2].clone()),
        }
    })
}

fn popitem(m: &Machine, a: &[Value]) -> Outcome {
    let mut table = own(m, a, "popitem")?.borrow_mut();
    let last = table.previous_from(usize::MAX).map(|(at, _)| at);
    match last.and_then(|at| table.remove(at)) {
        Some(entry) => Ok(Value::tuple(vec![entry.key, entry.value])),
        None => Err(m.key_error(Value::text("popitem(): dictionary is empty"))),
    }
}

fn setdefault(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let table = own(&m, &a, "setdefault")?;
        let (hash, at) = m.table_find(table, &a[1]).await?;
        let known = at.and_then(|at| table.borrow().entry(at).map(|entry| entry.value.clone()));
        if let Some(known) = known {
            return Ok(known);
        }
        let value = if a[2].is_unbound() {
            Value::None
        } else {
            a[2].clone()
        };
        table.borrow_mut().append(hash, a[1].clone(), value.clone());
        Ok(value)
    })
}

fn fromkeys(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let value = if a[2].is_unbound() {
            Value::None
        } else {
            a[2].clone()
        };
        let made = m.call(&a[0], Vec::new()).await?;
        let iteration = m.iterate(&a[1]).await?;
        while let Some(key) = iteration.next(&m).await? {
            m.set_item(&made, key, value.clone()).await?;
        }
        Ok(made)
    })
}

fn equal(m: Machine, a: Vec<Value>, answer: bool) -> Running {
    Box::pin(async move {
        match (a[0].as_dict(), a[1].as_dict()) {
            (Some(x), Some(y)) => Ok(Value::Bool(dict::equal(&m, x, y).await? == answer)),
            _ => Ok(Value::NotImplemented),
        }
    })
}

fn union(m: Machine, a: Vec<Value>, reflected: bool) -> Running {
    Box::pin(async move {
        let (Some(x), Some(y)) = (a[0].as_dict(), a[1].as_dict()) else {
            return Ok(Value::NotImplemented);
        };
        let (x, y) = if reflected { (y, x) } else { (x, y) };
        let joined = Value::dict(x.borrow().clone());
        if let Value::Dict(table) = &joined {
            dict::merge(&m, table, y).await?;
        }
        Ok(joined)
    })
}
