//! `list`: what the run loop asks of one, and its methods.

use std::cell::RefCell;
use std::rc::Rc;

use super::iterators::{self, Source};
use super::sequence::{self, place, subscript};
use super::slice::Slice;
use super::{class_asked, counted, list_slices, sort, wrap, wrong_receiver};
use crate::code::Comparison;
use crate::machine::{ClassBuilder, Machine, Outcome, Raised, Running};
use crate::value::{Class, Value};

/// What a `list` keeps.
pub type List = Rc<RefCell<Vec<Value>>>;

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let builder = ClassBuilder::extend(m, class)
        .constructor("list(cls, *args, **kwargs)", |m, a| {
            let exact = &m.classes().list;
            class_asked(m, &a[0], exact)?;
            Ok(wrap(&a[0], exact, Value::list(Vec::new())))
        })
        .async_method("__init__(self, *args, **kwargs)", "", init)
        .method(
            "append(self, object, /)",
            "Adds an item at the end.",
            |m, a| {
                own(m, a, "append")?.borrow_mut().push(a[1].clone());
                Ok(Value::None)
            },
        )
        .method("clear(self, /)", "Takes all items out.", |m, a| {
            drop(own(m, a, "clear")?.take());
            Ok(Value::None)
        })
        .method("copy(self, /)", "A list of the same items.", |m, a| {
            Ok(Value::list(own(m, a, "copy")?.borrow().clone()))
        })
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
            "extend(self, iterable, /)",
            "Adds the items of an iterable at the end.",
            |m, a| {
                Box::pin(async move {
                    extend(&m, own(&m, &a, "extend")?, &a[1]).await?;
                    Ok(Value::None)
                })
            },
        )
        .async_method(
            "index(self, value, start=0, stop=9223372036854775807, /)",
            "The first position of a value; ValueError if it is not there.",
            index,
        )
        .async_method(
            "insert(self, index, object, /)",
            "Adds an item before a position.",
            insert,
        )
        .async_method(
            "pop(self, index=-1, /)",
            "Takes an item out and gives it; IndexError if there is none.",
            pop,
        )
        .async_method(
            "remove(self, value, /)",
            "Takes the first item that equals the value out; ValueError if there is none.",
            remove,
        )
        .method("reverse(self, /)", "Turns the order around.", |m, a| {
            own(m, a, "reverse")?.borrow_mut().reverse();
            Ok(Value::None)
        })
        .async_method(
            "sort(self, /, *args, key=None, reverse=False)",
            "Sorts the items; equal ones keep their order.",
            sorted,
        )
        .async_class_method(
            "__class_getitem__(cls, item, /)",
            "A type of lists of such items.",
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
            let source = Source::list(Rc::clone(own(m, a, "__iter__")?));
            Ok(iterators::of(&m.classes().list_iterator, source))
        })
        .method("__reversed__(self, /)", "", |m, a| {
            let source = Source::list_reversed(Rc::clone(own(m, a, "__reversed__")?));
            Ok(iterators::of(&m.classes().list_reverse_iterator, source))
        })
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                contains(&m, own(&m, &a, "__contains__")?, &a[1])
                    .await
                    .map(Value::Bool)
            })
        })
        .async_method("__getitem__(self, index, /)", "", |m, a| {
            Box::pin(async move { get_item(&m, own(&m, &a, "__getitem__")?, &a[1]).await })
        })
        .async_method("__setitem__(self, key, value, /)", "", |m, a| {
            Box::pin(async move {
                let items = own(&m, &a, "__setitem__")?;
                set_item(&m, items, &a[1], a[2].clone()).await?;
                Ok(Value::None)
            })
        })
        .async_method("__delitem__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                delete_item(&m, own(&m, &a, "__delitem__")?, &a[1]).await?;
                Ok(Value::None)
            })
        })
        .async_method("__add__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let items = own(&m, &a, "__add__")?;
                let Some(other) = a[1].as_list() else {
                    return match sequence::ask_other(&m, &a[0], &a[1], "__radd__").await? {
                        Some(value) => Ok(value),
                        None => Err(only_lists(&m, &a[1])),
                    };
                };
                concat(&m, items, other)
            })
        })
        .async_method("__iadd__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let items = own(&m, &a, "__iadd__")?;
                if let Some(value) = sequence::ask_other(&m, &a[0], &a[1], "__radd__").await? {
                    return Ok(value);
                }
                extend(&m, items, &a[1]).await?;
                Ok(a[0].clone())
            })
        })
        .async_method("__mul__(self, value, /)", "", multiplied)
        .async_method("__rmul__(self, value, /)", "", multiplied)
        .async_method("__imul__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let items = own(&m, &a, "__imul__")?;
                match sequence::times(&m, &a[0], &a[1]).await? {
                    Ok(times) => {
                        let repeated = sequence::repeat(&m, &items.borrow(), times)?;
                        *items.borrow_mut() = repeated;
                        Ok(a[0].clone())
                    }
                    Err(value) => Ok(value),
                }
            })
        })
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move { repr(&m, &a[0]).await.map(Value::from) })
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
        .constant("__hash__", Value::None)
        .finish();
}

fn own<'a>(m: &Machine, a: &'a [Value], method: &str) -> Outcome<&'a List> {
    a[0].as_list()
        .ok_or_else(|| wrong_receiver(m, "list", method, &a[0]))
}

fn only_lists(m: &Machine, other: &Value) -> Raised {
    m.type_error(format!(
        "can only concatenate list (not \"{}\") to list",
        m.type_name(other).as_str()
    ))
}

/// `items[index]`
///
/// # Errors
/// TypeError, IndexError, and what `__index__` raises.
pub async fn get_item(m: &Machine, items: &List, index: &Value) -> Outcome {
    if let Some(slice) = index.payload::<Slice>() {
        return list_slices::get(m, items, slice).await;
    }
    let index = subscript(m, index, "list").await?;
    let items = items.borrow();
    place(index, items.len())
        .and_then(|at| items.get(at).cloned())
        .ok_or_else(|| m.index_error("list index out of range"))
}

/// `items[index] = value`
///
/// # Errors
/// TypeError, IndexError, ValueError for a slice that does not fit, and what is called raises.
pub async fn set_item(m: &Machine, items: &List, index: &Value, value: Value) -> Outcome<()> {
    if let Some(slice) = index.payload::<Slice>() {
        return list_slices::set(m, items, slice, &value).await;
    }
    let index = subscript(m, index, "list").await?;
    let length = items.borrow().len();
    let old = place(index, length).and_then(|at| {
        let mut items = items.borrow_mut();
        Some(std::mem::replace(items.get_mut(at)?, value))
    });
    old.map(drop)
        .ok_or_else(|| m.index_error("list assignment index out of range"))
}

/// `del items[index]`
///
/// # Errors
/// TypeError, IndexError, and what `__index__` raises.
pub async fn delete_item(m: &Machine, items: &List, index: &Value) -> Outcome<()> {
    if let Some(slice) = index.payload::<Slice>() {
        return list_slices::delete(m, items, slice).await;
    }
    let index = subscript(m, index, "list").await?;
    let length = items.borrow().len();
    match place(index, length) {
        Some(at) => {
            let old = items.borrow_mut().remove(at);
            drop(old);
            Ok(())
        }
        None => Err(m.index_error("list assignment index out of range")),
    }
}

/// `item in items`
///
/// # Errors
/// What `__eq__` raises.
pub async fn contains(m: &Machine, items: &List, item: &Value) -> Outcome<bool> {
    Ok(sequence::position(m, items, item, 0, usize::MAX)
        .await?
        .is_some())
}

/// `a + b`
///
/// # Errors
/// MemoryError.
pub fn concat(m: &Machine, a: &List, b: &List) -> Outcome {
    sequence::concat(m, &a.borrow(), &b.borrow()).map(Value::list)
}

/// `items * times`
///
/// # Errors
/// MemoryError.
pub fn repeat(m: &Machine, items: &List, times: i64) -> Outcome {
    sequence::repeat(m, &items.borrow(), times).map(Value::list)
}

/// `repr(list)`
///
/// # Errors
/// What `__repr__` raises.
pub async fn repr(m: &Machine, list: &Value) -> Outcome<String> {
    match list.as_list() {
        Some(items) => sequence::repr(m, list, items, ["[", "]"]).await,
        None => Err(wrong_receiver(m, "list", "__repr__", list)),
    }
}

/// `a == b`
///
/// # Errors
/// What `__eq__` raises.
pub async fn equal(m: &Machine, a: &List, b: &List) -> Outcome<bool> {
    let answer = sequence::compare(m, Comparison::Equal, a, b).await?;
    m.truth(&answer).await
}

/// Adds the items of an iterable at the end.
///
/// # Errors
/// TypeError for what cannot be iterated over, and what is called raises.
pub async fn extend(m: &Machine, items: &List, iterable: &Value) -> Outcome<()> {
    if let Value::List(_) | Value::Tuple(_) = iterable {
        let more = m.collect(iterable).await?;
        items.borrow_mut().extend(more);
        return Ok(());
    }
    // What comes before an exception stays.
    let iteration = m.iterate(iterable).await?;
    let mut count = 0_usize;
    while let Some(item) = iteration.next(m).await? {
        items.borrow_mut().push(item);
        count += 1;
        if count.is_multiple_of(16_384) {
            m.breathe().await;
        }
    }
    Ok(())
}

fn init(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "__init__")?;
        if a[2]
            .as_dict()
            .is_some_and(|given| !given.borrow().is_empty())
        {
            return Err(m.type_error("list() takes no keyword arguments"));
        }
        let given = counted(&m, "list", &a, 0, 1)?;
        drop(items.take());
        if let Some(iterable) = given.first() {
            extend(&m, items, iterable).await?;
        }
        Ok(Value::None)
    })
}

fn index(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "index")?;
        let length = items.borrow().len();
        let from = sequence::bound(&m, &a[2], length, 0).await?;
        let to = sequence::bound(&m, &a[3], length, usize::MAX).await?;
        match sequence::position(&m, items, &a[1], from, to).await? {
            Some(at) => Ok(at.into()),
            None => {
                let text = m.repr(&a[1]).await?;
                Err(m.value_error(format!("{text} is not in list")))
            }
        }
    })
}

fn insert(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "insert")?;
        let index = m.index(&a[1]).await?;
        let mut items = items.borrow_mut();
        let length = items.len();
        let back = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
        let at = if index < 0 {
            length.saturating_sub(back)
        } else {
            back.min(length)
        };
        items.insert(at, a[2].clone());
        Ok(Value::None)
    })
}

fn pop(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "pop")?;
        let index = if a[1].is_unbound() {
            -1
        } else {
            m.index(&a[1]).await?
        };
        let mut items = items.borrow_mut();
        if items.is_empty() {
            return Err(m.index_error("pop from empty list"));
        }
        match place(index, items.len()) {
            Some(at) => Ok(items.remove(at)),
            None => Err(m.index_error("pop index out of range")),
        }
    })
}

fn remove(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "remove")?;
        let found = sequence::position(&m, items, &a[1], 0, usize::MAX).await?;
        let removed = found.and_then(|at| {
            let mut items = items.borrow_mut();
            (at < items.len()).then(|| items.remove(at))
        });
        match removed {
            Some(_) => Ok(Value::None),
            None => Err(m.value_error("list.remove(x): x not in list")),
        }
    })
}

fn sorted(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let items = own(&m, &a, "sort")?;
        if a[1].as_tuple().is_some_and(|given| !given.is_empty()) {
            return Err(m.type_error("sort() takes no positional arguments"));
        }
        let reverse = !a[3].is_unbound() && m.index(&a[3]).await? != 0;
        sort::in_place(&m, items, &a[2], reverse).await?;
        Ok(Value::None)
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
        match (a[0].as_list(), a[1].as_list()) {
            (Some(x), Some(y)) => sequence::compare(&m, comparison, x, y).await,
            _ => Ok(Value::NotImplemented),
        }
    })
}
