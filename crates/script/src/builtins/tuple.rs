//! `tuple`: what the run loop asks of one, and its methods.

use std::rc::Rc;

use super::iterators::{self, Source};
use super::sequence::{self, place, subscript};
use super::slice::{self, Slice};
use super::{class_asked, counted, hash, list_slices, positional, wrap, wrong_receiver};
use crate::code::Comparison;
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Value};

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .async_constructor("tuple(cls, *args, **kwargs)", new)
        .async_method(
            "count(self, value, /)",
            "How many items equal the value.",
            |m, a| {
                Box::pin(async move {
                    let items = own(&m, &a, "count")?;
                    sequence::count(&m, items, &a[1]).await.map(Value::from)
                })
            },
        )
        .async_method(
            "index(self, value, start=0, stop=9223372036854775807, /)",
            "The first position of a value; ValueError if it is not there.",
            index,
        )
        .async_class_method(
            "__class_getitem__(cls, item, /)",
            "A type of tuples of such items.",
            super::generic::subscript_class,
        )
        .method("__getnewargs__(self, /)", "", |m, a| {
            let items = Rc::clone(own(m, a, "__getnewargs__")?);
            Ok(Value::tuple(vec![Value::Tuple(items)]))
        })
        .method("__len__(self, /)", "", |m, a| {
            Ok(own(m, a, "__len__")?.len().into())
        })
        .method("__iter__(self, /)", "", |m, a| {
            let source = Source::tuple(Rc::clone(own(m, a, "__iter__")?));
            Ok(iterators::of(&m.classes().tuple_iterator, source))
        })
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                contains(&m, own(&m, &a, "__contains__")?, &a[1])
                    .await
                    .map(Value::Bool)
            })
        })
        .async_method("__getitem__(self, key, /)", "", |m, a| {
            Box::pin(async move { get_item(&m, own(&m, &a, "__getitem__")?, &a[1]).await })
        })
        .async_method("__add__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let items = own(&m, &a, "__add__")?;
                if let Some(other) = a[1].as_tuple() {
                    return concat(&m, items, other);
                }
                if let Some(value) = sequence::ask_other(&m, &a[0], &a[1], "__radd__").await? {
                    return Ok(value);
                }
                Err(m.type_error(format!(
                    "can only concatenate tuple (not \"{}\") to tuple",
                    m.type_name(&a[1]).as_str()
                )))
            })
        })
        .async_method("__mul__(self, value, /)", "", multiplied)
        .async_method("__rmul__(self, value, /)", "", multiplied)
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move { repr(&m, &a[0]).await.map(Value::from) })
        })
        .async_method("__hash__(self, /)", "", |m, a| {
            Box::pin(async move {
                let items = Rc::clone(own(&m, &a, "__hash__")?);
                m.hash(&Value::Tuple(items)).await.map(hash::as_value)
            })
        })
        .async_method("__eq__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::Equal)
        })
        .async_method("__ne__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::NotEqual)
        })
        .async_method("__lt__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::Less)
        })
        .async_method("__le__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::LessEqual)
        })
        .async_method("__gt__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::Greater)
        })
        .async_method("__ge__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::GreaterEqual)
        })
        .finish();
}

fn own<'a>(m: &Machine, a: &'a [Value], method: &str) -> Outcome<&'a Rc<[Value]>> {
    a[0].as_tuple()
        .ok_or_else(|| wrong_receiver(m, "tuple", method, &a[0]))
}

/// `items[index]`
///
/// # Errors
/// TypeError, IndexError, and what `__index__` raises.
pub async fn get_item(m: &Machine, items: &Rc<[Value]>, index: &Value) -> Outcome {
    if let Some(slice) = index.payload::<Slice>() {
        let slice = slice::settle(m, slice).await?;
        return list_slices::of(m, items, &slice).map(Value::tuple);
    }
    let index = subscript(m, index, "tuple").await?;
    place(index, items.len())
        .and_then(|at| items.get(at).cloned())
        .ok_or_else(|| m.index_error("tuple index out of range"))
}

/// `item in items`
///
/// # Errors
/// What `__eq__` raises.
pub async fn contains(m: &Machine, items: &Rc<[Value]>, item: &Value) -> Outcome<bool> {
    Ok(sequence::position(m, items, item, 0, usize::MAX)
        .await?
        .is_some())
}

/// `a + b`
///
/// # Errors
/// MemoryError.
pub fn concat(m: &Machine, a: &Rc<[Value]>, b: &Rc<[Value]>) -> Outcome {
    sequence::concat(m, a, b).map(Value::tuple)
}

/// `items * times`
///
/// # Errors
/// MemoryError.
pub fn repeat(m: &Machine, items: &Rc<[Value]>, times: i64) -> Outcome {
    sequence::repeat(m, items, times).map(Value::tuple)
}

/// `repr(tuple)`
///
/// # Errors
/// What `__repr__` raises.
pub async fn repr(m: &Machine, tuple: &Value) -> Outcome<String> {
    match tuple.as_tuple() {
        Some(items) => sequence::repr(m, tuple, items, ["(", ")"]).await,
        None => Err(wrong_receiver(m, "tuple", "__repr__", tuple)),
    }
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let exact = &m.classes().tuple;
        let class = class_asked(&m, &a[0], exact)?;
        let given = if Rc::ptr_eq(class, exact) {
            positional(&m, "tuple", &a, 0, 1)?
        } else {
            counted(&m, "tuple", &a, 0, 1)?
        };
        let items = match given.first() {
            None => Value::tuple(Vec::new()),
            Some(Value::Tuple(items)) => Value::Tuple(Rc::clone(items)),
            Some(iterable) => Value::tuple(m.collect(iterable).await?),
        };
        Ok(wrap(&a[0], exact, items))
    })
}

fn index(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "index")?;
        let from = sequence::bound(&m, &a[2], items.len(), 0).await?;
        let to = sequence::bound(&m, &a[3], items.len(), usize::MAX).await?;
        match sequence::position(&m, items, &a[1], from, to).await? {
            Some(at) => Ok(at.into()),
            None => Err(m.value_error("tuple.index(x): x not in tuple")),
        }
    })
}

fn multiplied(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "__mul__")?;
        match sequence::times(&m, &a[0], &a[1]).await? {
            Ok(times) => repeat(&m, items, times),
            Err(value) => Ok(value),
        }
    })
}

fn compared(m: Machine, a: Vec<Value>, comparison: Comparison) -> Running {
    Box::pin(async move {
        match (a[0].as_tuple(), a[1].as_tuple()) {
            (Some(x), Some(y)) => sequence::compare(&m, comparison, x, y).await,
            _ => Ok(Value::NotImplemented),
        }
    })
}
