//! Iterators over built-in containers. One enum holds where each stands, so that a `for` loop steps it without a call.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::Zero;

use super::range::Range;
use super::set::SetBody;
use super::views::ViewKind;
use super::wrong_receiver;
use crate::machine::{ClassBuilder, Kind, Machine, Outcome, Running};
use crate::value::{Class, Object, Str, Table, Value};

/// What an async iterator of ours gives next.
pub type Next = Pin<Box<dyn Future<Output = Outcome<Option<Value>>>>>;

/// An iterator of ours that may call a script or read from a device.
pub trait AsyncSource {
    /// The next value; `None` at the end.
    fn next(self: Rc<Self>, m: Machine) -> Next;
}

type Closure = Box<dyn FnMut(&Machine) -> Outcome<Option<Value>>>;

/// Where an iterator stands. Positions are [`usize::MAX`] at the end, where they stay even if the container grows.
pub enum Source {
    /// Over a list.
    List(Rc<RefCell<Vec<Value>>>, Cell<usize>),
    /// Over a list from its end; the position is one after the next.
    ListReversed(Rc<RefCell<Vec<Value>>>, Cell<usize>),
    /// Over a tuple.
    Tuple(Rc<[Value]>, Cell<usize>),
    /// Over the characters of a text; the position is counted in bytes.
    Text(Rc<Str>, Cell<usize>),
    /// Over bytes.
    Bytes(Rc<[u8]>, Cell<usize>),
    /// Over a range: the next value, the step, and how many are left.
    Range(Cell<i64>, i64, Cell<u64>),
    /// Over a range of large integers.
    LongRange(RefCell<BigInt>, BigInt, RefCell<BigInt>),
    /// Over a dict.
    Dict(DictWalk),
    /// Over a set: the set, the next place, and how many items it had.
    Set(Value, Cell<usize>, Cell<usize>),
    /// `enumerate` of an iterator that is one of these: the iterator and the next number.
    Enumerate(Value, Cell<i64>),
    /// `zip` of iterators that are all of these.
    Zip(Vec<Value>),
    /// Anything else that needs no script.
    Closure(RefCell<Closure>),
}

/// A walk over a dict's keys, values or items.
pub struct DictWalk {
    table: Rc<RefCell<Table>>,
    kind: ViewKind,
    reverse: bool,
    /// The next position, one after it in reverse.
    at: Cell<usize>,
    /// How many keys there were; [`usize::MAX`] once it was found changed.
    used: Cell<usize>,
    /// How many are still to come.
    left: Cell<usize>,
}

impl DictWalk {
    /// A walk that has not begun.
    #[must_use]
    pub fn new(table: &Rc<RefCell<Table>>, kind: ViewKind, reverse: bool) -> Self {
        let (used, end) = {
            let table = table.borrow();
            (table.len(), table.end())
        };
        Self {
            table: Rc::clone(table),
            kind,
            reverse,
            at: Cell::new(if reverse { end } else { 0 }),
            used: Cell::new(used),
            left: Cell::new(used),
        }
    }

    fn next(&self, m: &Machine) -> Outcome<Option<Value>> {
        let at = self.at.get();
        if at == usize::MAX {
            return Ok(None);
        }
        let table = self.table.borrow();
        if table.len() != self.used.get() {
            self.used.set(usize::MAX);
            return Err(m.runtime_error("dictionary changed size during iteration"));
        }
        let found = if self.reverse {
            table.previous_from(at)
        } else {
            table.next_from(at)
        };
        let Some((at, entry)) = found else {
            self.at.set(usize::MAX);
            return Ok(None);
        };
        let Some(left) = self.left.get().checked_sub(1) else {
            self.at.set(usize::MAX);
            return Err(m.runtime_error("dictionary keys changed during iteration"));
        };
        self.left.set(left);
        self.at.set(if self.reverse { at } else { at + 1 });
        Ok(Some(self.kind.of(entry)))
    }
}

impl Source {
    /// Over a list.
    #[must_use]
    pub fn list(items: Rc<RefCell<Vec<Value>>>) -> Self {
        Self::List(items, Cell::new(0))
    }

    /// Over a list from its end.
    #[must_use]
    pub fn list_reversed(items: Rc<RefCell<Vec<Value>>>) -> Self {
        let end = items.borrow().len();
        Self::ListReversed(items, Cell::new(end))
    }

    /// Over a tuple.
    #[must_use]
    pub fn tuple(items: Rc<[Value]>) -> Self {
        Self::Tuple(items, Cell::new(0))
    }

    /// Over a text's characters.
    #[must_use]
    pub fn text(text: Rc<Str>) -> Self {
        Self::Text(text, Cell::new(0))
    }

    /// Over bytes.
    #[must_use]
    pub fn bytes(bytes: Rc<[u8]>) -> Self {
        Self::Bytes(bytes, Cell::new(0))
    }

    /// Over a set.
    #[must_use]
    pub fn set(set: &Value) -> Self {
        let count = set.payload::<SetBody>().map_or(0, SetBody::len);
        Self::Set(set.clone(), Cell::new(0), Cell::new(count))
    }

    /// The next value; `None` at the end.
    ///
    /// # Errors
    /// RuntimeError for a dict or set that changed its size.
    pub fn next(&self, m: &Machine) -> Outcome<Option<Value>> {
        Ok(match self {
            Self::List(items, at) => step(at, items.borrow().get(at.get()).cloned()),
            Self::Tuple(items, at) => step(at, items.get(at.get()).cloned()),
            Self::Bytes(bytes, at) => step(
                at,
                bytes.get(at.get()).map(|byte| Value::Int((*byte).into())),
            ),
            Self::ListReversed(items, at) => {
                let before = at.get().wrapping_sub(1);
                let item = items.borrow().get(before).cloned();
                // The end is 0 here: the position before it is past any list.
                at.set(if item.is_some() { before } else { 0 });
                item
            }
            Self::Text(text, at) => {
                let letter = text.get(at.get()..).and_then(|rest| rest.chars().next());
                letter.map(|letter| {
                    at.set(at.get() + letter.len_utf8());
                    Value::text(letter.encode_utf8(&mut [0; 4]))
                })
            }
            Self::Range(next, step, left) => {
                let Some(rest) = left.get().checked_sub(1) else {
                    return Ok(None);
                };
                left.set(rest);
                let value = next.get();
                next.set(value.wrapping_add(*step));
                Some(Value::Int(value))
            }
            Self::LongRange(next, step, left) => {
                let mut left = left.borrow_mut();
                if left.is_zero() {
                    return Ok(None);
                }
                *left -= 1_i32;
                let mut next = next.borrow_mut();
                let value = next.clone();
                *next += step;
                Some(Value::integer(value))
            }
            Self::Dict(walk) => return walk.next(m),
            Self::Set(set, at, count) => return set_next(m, set, at, count),
            Self::Enumerate(inner, number) => match inner_next(m, inner)? {
                Some(item) => {
                    let at = number.get();
                    number.set(at.saturating_add(1));
                    Some(Value::tuple(vec![Value::Int(at), item]))
                }
                None => None,
            },
            Self::Zip(inners) => {
                let mut items = Vec::with_capacity(inners.len());
                for inner in inners {
                    match inner_next(m, inner)? {
                        Some(item) => items.push(item),
                        None => return Ok(None),
                    }
                }
                (!items.is_empty()).then(|| Value::tuple(items))
            }
            Self::Closure(closure) => match closure.try_borrow_mut() {
                Ok(mut closure) => return closure(m),
                Err(_) => return Err(m.value_error("iterator already executing")),
            },
        })
    }

    /// How many values are left, where that is known.
    #[must_use]
    pub fn left(&self) -> Option<usize> {
        Some(match self {
            Self::List(items, at) => items.borrow().len().saturating_sub(at.get()),
            Self::ListReversed(items, at) => at.get().min(items.borrow().len()),
            Self::Tuple(items, at) => items.len().saturating_sub(at.get()),
            Self::Text(text, at) => text.get(at.get()..).map_or(0, |rest| rest.chars().count()),
            Self::Bytes(bytes, at) => bytes.len().saturating_sub(at.get()),
            Self::Range(_, _, left) => usize::try_from(left.get()).ok()?,
            Self::LongRange(_, _, left) => usize::try_from(&*left.borrow()).ok()?,
            Self::Dict(walk) if walk.table.borrow().len() == walk.used.get() => walk.left.get(),
            Self::Dict(_) => 0,
            _ => return None,
        })
    }
}

/// Moves a position on past an item, or to the end for good.
fn step(at: &Cell<usize>, item: Option<Value>) -> Option<Value> {
    at.set(if item.is_some() {
        at.get() + 1
    } else {
        usize::MAX
    });
    item
}

fn inner_next(m: &Machine, inner: &Value) -> Outcome<Option<Value>> {
    inner
        .payload::<Source>()
        .map_or(Ok(None), |source| source.next(m))
}

fn set_next(
    m: &Machine,
    set: &Value,
    at: &Cell<usize>,
    count: &Cell<usize>,
) -> Outcome<Option<Value>> {
    let Some(body) = set.payload::<SetBody>() else {
        return Ok(None);
    };
    if at.get() == usize::MAX {
        return Ok(None);
    }
    let table = body.table();
    if table.len() != count.get() {
        count.set(usize::MAX);
        return Err(m.runtime_error("Set changed size during iteration"));
    }
    let found = table.next_from(at.get());
    at.set(found.map_or(usize::MAX, |(at, _)| at + 1));
    Ok(found.map(|(_, item)| item.clone()))
}

/// An iterator of a class.
#[must_use]
pub fn of(class: &Rc<Class>, source: Source) -> Value {
    Value::Object(Rc::new(Object::with(Rc::clone(class), source)))
}

/// The iterator over a container that needs no call to make one; `None` where it does, or is no such container.
#[must_use]
pub fn quick(m: &Machine, value: &Value) -> Option<Value> {
    let classes = m.classes();
    let (class, source) = match value {
        Value::List(items) => (&classes.list_iterator, Source::list(Rc::clone(items))),
        Value::Tuple(items) => (&classes.tuple_iterator, Source::tuple(Rc::clone(items))),
        Value::Str(text) => (&classes.str_iterator, Source::text(Rc::clone(text))),
        Value::Bytes(bytes) => (&classes.bytes_iterator, Source::bytes(Rc::clone(bytes))),
        Value::Dict(table) => (
            &classes.dict_key_iterator,
            Source::Dict(DictWalk::new(table, ViewKind::Keys, false)),
        ),
        Value::Object(object) => {
            if let Some(range) = object.payload::<Range>() {
                (&classes.range_iterator, range.iterate())
            } else if object.payload::<SetBody>().is_some() && object.class().flags().native {
                (&classes.set_iterator, Source::set(value))
            } else {
                return None;
            }
        }
        _ => return None,
    };
    Some(of(class, source))
}

/// The iterator over what has only `__getitem__`: 0, 1, 2, … until IndexError.
#[must_use]
pub fn by_index(m: &Machine, value: &Value) -> Value {
    m.async_iterator(Rc::new(ByIndex {
        value: RefCell::new(Some(value.clone())),
        at: Cell::new(0),
    }))
}

struct ByIndex {
    value: RefCell<Option<Value>>,
    at: Cell<i64>,
}

impl AsyncSource for ByIndex {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            let Some(value) = self.value.borrow().clone() else {
                return Ok(None);
            };
            let at = self.at.get();
            self.at.set(at + 1);
            match m.get_item(&value, &Value::Int(at)).await {
                Ok(item) => Ok(Some(item)),
                Err(raised)
                    if m.is_raised(&raised, Kind::IndexError)
                        || m.is_raised(&raised, Kind::StopIteration) =>
                {
                    self.value.take();
                    Ok(None)
                }
                Err(raised) => Err(raised),
            }
        })
    }
}

/// `iter(callable, sentinel)`
#[must_use]
pub fn until(m: &Machine, callable: &Value, sentinel: &Value) -> Value {
    let source: Rc<dyn AsyncSource> = Rc::new(Until {
        callable: RefCell::new(Some(callable.clone())),
        sentinel: sentinel.clone(),
    });
    Value::Object(Rc::new(Object::with(
        Rc::clone(&m.classes().callable_iterator),
        source,
    )))
}

struct Until {
    callable: RefCell<Option<Value>>,
    sentinel: Value,
}

impl AsyncSource for Until {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            let Some(callable) = self.callable.borrow().clone() else {
                return Ok(None);
            };
            match m.call(&callable, Vec::new()).await {
                Ok(value) if m.equal(&self.sentinel, &value).await? => {}
                Ok(value) => return Ok(Some(value)),
                Err(raised) if m.is_raised(&raised, Kind::StopIteration) => {}
                Err(raised) => return Err(raised),
            }
            self.callable.take();
            Ok(None)
        })
    }
}

impl Machine {
    /// An iterator that a plain function of ours steps.
    #[must_use]
    pub fn native_iterator(
        &self,
        next: impl FnMut(&Self) -> Outcome<Option<Value>> + 'static,
    ) -> Value {
        let source = Source::Closure(RefCell::new(Box::new(next)));
        of(&self.classes().iterator, source)
    }

    /// An iterator of ours that may call a script or read from a device.
    #[must_use]
    pub fn async_iterator(&self, source: Rc<dyn AsyncSource>) -> Value {
        Value::Object(Rc::new(Object::with(
            Rc::clone(&self.classes().iterator),
            source,
        )))
    }
}

/// Adds the methods of all iterator classes that are not made by scripts.
pub fn fill(m: &Machine) {
    let classes = m.classes();
    let reversed = m.extension(|| DictReversed::new(m));
    for class in [
        &classes.iterator,
        &classes.list_iterator,
        &classes.list_reverse_iterator,
        &classes.tuple_iterator,
        &classes.str_iterator,
        &classes.bytes_iterator,
        &classes.range_iterator,
        &classes.set_iterator,
        &classes.dict_key_iterator,
        &classes.dict_value_iterator,
        &classes.dict_item_iterator,
        &classes.callable_iterator,
        &reversed.keys,
        &reversed.values,
        &reversed.items,
    ] {
        let _ = ClassBuilder::extend(m, class)
            .method("__iter__(self, /)", "The iterator itself.", |_, a| {
                Ok(a[0].clone())
            })
            .async_method("__next__(self, /)", "The next value.", next)
            .method("__length_hint__(self, /)", "", |_, a| {
                let left = a[0].payload::<Source>().and_then(Source::left);
                Ok(left.map_or(Value::NotImplemented, Value::from))
            })
            .last()
            .finish();
    }
}

/// `__next__` of the iterators here.
pub(super) fn next(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let item = if let Some(source) = a[0].payload::<Source>() {
            source.next(&m)?
        } else if let Some(source) = a[0].payload::<Rc<dyn AsyncSource>>() {
            Rc::clone(source).next(m.clone()).await?
        } else {
            return Err(wrong_receiver(&m, "iterator", "__next__", &a[0]));
        };
        item.ok_or_else(|| m.stop_iteration(None))
    })
}

/// The classes of `reversed(dict)` and of its views.
pub struct DictReversed {
    keys: Rc<Class>,
    values: Rc<Class>,
    items: Rc<Class>,
}

impl DictReversed {
    fn new(m: &Machine) -> Self {
        let class =
            |name: &str| ClassBuilder::new(m, name, &[Rc::clone(&m.classes().object)]).finish();
        Self {
            keys: class("dict_reversekeyiterator"),
            values: class("dict_reversevalueiterator"),
            items: class("dict_reverseitemiterator"),
        }
    }
}

/// An iterator over a dict's keys, values or items.
#[must_use]
pub fn over_dict(m: &Machine, table: &Rc<RefCell<Table>>, kind: ViewKind, reverse: bool) -> Value {
    let source = Source::Dict(DictWalk::new(table, kind, reverse));
    if reverse {
        let classes = m.extension(|| DictReversed::new(m));
        return match kind {
            ViewKind::Keys => of(&classes.keys, source),
            ViewKind::Values => of(&classes.values, source),
            ViewKind::Items => of(&classes.items, source),
        };
    }
    let classes = m.classes();
    match kind {
        ViewKind::Keys => of(&classes.dict_key_iterator, source),
        ViewKind::Values => of(&classes.dict_value_iterator, source),
        ViewKind::Items => of(&classes.dict_item_iterator, source),
    }
}
