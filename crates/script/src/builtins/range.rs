//! `range`: small ones of 64-bit integers, large ones of integers of any size, and their methods.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::iterators::{self, Source};
use super::slice::{self, Slice};
use super::{class_asked, hash, positional, wrong_receiver};
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Object, Value};

/// What a `range` keeps.
#[derive(Clone)]
pub enum Range {
    /// All three fit 64 bits.
    Small {
        /// The first value.
        start: i64,
        /// The first value that is not in it any more.
        stop: i64,
        /// From one value to the next, not 0.
        step: i64,
    },
    /// At least one does not.
    Large {
        /// The first value.
        start: BigInt,
        /// The first value that is not in it any more.
        stop: BigInt,
        /// From one value to the next, not 0.
        step: BigInt,
    },
}

impl Range {
    /// From integers of any size; `step` is not 0.
    #[must_use]
    pub fn of(start: BigInt, stop: BigInt, step: BigInt) -> Self {
        match (start.to_i64(), stop.to_i64(), step.to_i64()) {
            (Some(start), Some(stop), Some(step)) => Self::Small { start, stop, step },
            _ => Self::Large { start, stop, step },
        }
    }

    /// Start, stop and step.
    #[must_use]
    pub fn bounds(&self) -> (BigInt, BigInt, BigInt) {
        match self {
            Self::Small { start, stop, step } => ((*start).into(), (*stop).into(), (*step).into()),
            Self::Large { start, stop, step } => (start.clone(), stop.clone(), step.clone()),
        }
    }

    /// How many values it has, if that fits 64 bits.
    #[must_use]
    pub fn small_length(&self) -> Option<u64> {
        let Self::Small { start, stop, step } = self else {
            return self.length().to_u64();
        };
        let (low, high) = if *step < 0 {
            (stop, start)
        } else {
            (start, stop)
        };
        Some(if low >= high {
            0
        } else {
            (high.abs_diff(*low) - 1) / step.unsigned_abs() + 1
        })
    }

    /// How many values it has.
    #[must_use]
    pub fn length(&self) -> BigInt {
        match self {
            Self::Small { .. } => self.small_length().unwrap_or(0).into(),
            Self::Large { start, stop, step } => {
                let span = if step.is_negative() {
                    start - stop
                } else {
                    stop - start
                };
                if span.is_positive() {
                    (span - 1_i32) / step.abs() + 1_i32
                } else {
                    BigInt::zero()
                }
            }
        }
    }

    /// The value at an index that is within.
    fn at(&self, index: &BigInt) -> Value {
        let (start, _, step) = self.bounds();
        Value::integer(start + step * index)
    }

    /// The index of an integer, if it is in the range.
    fn find(&self, wanted: &BigInt) -> Option<BigInt> {
        let (start, _, step) = self.bounds();
        let (index, rest) = (wanted - start).div_mod_floor(&step);
        (rest.is_zero() && !index.is_negative() && index < self.length()).then_some(index)
    }

    /// The iterator over it.
    #[must_use]
    pub fn iterate(&self) -> Source {
        match (self, self.small_length()) {
            (Self::Small { start, step, .. }, Some(length)) => {
                Source::Range(Cell::new(*start), *step, Cell::new(length))
            }
            _ => {
                let (start, _, step) = self.bounds();
                Source::LongRange(RefCell::new(start), step, RefCell::new(self.length()))
            }
        }
    }

    /// The range from its end.
    fn reversed(&self) -> Self {
        let (start, _, step) = self.bounds();
        let last = &start + &step * (self.length() - 1_i32);
        Self::of(last, start - &step, -step)
    }

    fn into_value(self, m: &Machine) -> Value {
        let class = Rc::clone(&m.classes().range);
        Value::Object(Rc::new(Object::with(class, self)))
    }
}

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .async_constructor("range(cls, *args, **kwargs)", new)
        .getter("start", "", |m, value| {
            Ok(Value::integer(own(m, value, "start")?.bounds().0))
        })
        .getter("stop", "", |m, value| {
            Ok(Value::integer(own(m, value, "stop")?.bounds().1))
        })
        .getter("step", "", |m, value| {
            Ok(Value::integer(own(m, value, "step")?.bounds().2))
        })
        .async_method(
            "count(self, value, /)",
            "How many values equal it.",
            |m, a| {
                Box::pin(async move {
                    let range = own(&m, &a[0], "count")?;
                    let count = match whole(&a[1]) {
                        Whole::Is(wanted) => usize::from(range.find(&wanted).is_some()),
                        Whole::IsNot => 0,
                        Whole::Ask => search(&m, range, &a[1], true).await?.1,
                    };
                    Ok(count.into())
                })
            },
        )
        .async_method(
            "index(self, value, /)",
            "The position of a value; ValueError if it is not there.",
            index,
        )
        .method("__len__(self, /)", "", |m, a| {
            let length = own(m, &a[0], "__len__")?.small_length();
            match length.and_then(|length| i64::try_from(length).ok()) {
                Some(length) => Ok(Value::Int(length)),
                None => Err(m.overflow_error("Python int too large to convert to C ssize_t")),
            }
        })
        .method("__bool__(self, /)", "", |m, a| {
            let range = own(m, &a[0], "__bool__")?;
            Ok(Value::Bool(range.small_length() != Some(0)))
        })
        .method("__iter__(self, /)", "", |m, a| {
            let range = own(m, &a[0], "__iter__")?;
            Ok(iterators::of(&m.classes().range_iterator, range.iterate()))
        })
        .method("__reversed__(self, /)", "", |m, a| {
            let range = own(m, &a[0], "__reversed__")?.reversed();
            Ok(iterators::of(&m.classes().range_iterator, range.iterate()))
        })
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let range = own(&m, &a[0], "__contains__")?;
                Ok(Value::Bool(match whole(&a[1]) {
                    Whole::Is(wanted) => range.find(&wanted).is_some(),
                    Whole::IsNot => false,
                    Whole::Ask => search(&m, range, &a[1], false).await?.1 > 0,
                }))
            })
        })
        .async_method("__getitem__(self, key, /)", "", get_item)
        .method("__eq__(self, value, /)", "", |_, a| Ok(equal(a, true)))
        .method("__ne__(self, value, /)", "", |_, a| Ok(equal(a, false)))
        .async_method("__hash__(self, /)", "", |m, a| {
            Box::pin(async move {
                let (length, start, step) = essence(own(&m, &a[0], "__hash__")?);
                let whole = |value: Option<BigInt>| value.map_or(Value::None, Value::integer);
                let parts = vec![Value::integer(length), whole(start), whole(step)];
                m.hash(&Value::tuple(parts)).await.map(hash::as_value)
            })
        })
        .method("__repr__(self, /)", "", |m, a| {
            let (start, stop, step) = own(m, &a[0], "__repr__")?.bounds();
            Ok(Value::from(if step.is_one() {
                format!("range({start}, {stop})")
            } else {
                format!("range({start}, {stop}, {step})")
            }))
        })
        .finish();
}

fn own<'a>(m: &Machine, value: &'a Value, method: &str) -> Outcome<&'a Range> {
    value
        .payload::<Range>()
        .ok_or_else(|| wrong_receiver(m, "range", method, value))
}

/// An argument as an integer; `__index__` is asked.
async fn integer(m: &Machine, value: &Value) -> Outcome<BigInt> {
    match value.plain() {
        Value::Int(_) | Value::Bool(_) | Value::Big(_) => m.to_big(value),
        Value::Object(_) => match m.find_special(value, "__index__") {
            Some(method) => {
                let found = m.call(&method, vec![value.clone()]).await?;
                m.to_big(&found)
            }
            None => m.to_big(value),
        },
        _ => m.to_big(value),
    }
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        class_asked(&m, &a[0], &m.classes().range)?;
        let range = match positional(&m, "range", &a, 1, 3)? {
            [Value::Int(stop)] => Range::Small {
                start: 0,
                stop: *stop,
                step: 1,
            },
            [Value::Int(start), Value::Int(stop)] => Range::Small {
                start: *start,
                stop: *stop,
                step: 1,
            },
            [stop] => Range::of(BigInt::zero(), integer(&m, stop).await?, BigInt::one()),
            [start, stop, step @ ..] => {
                let start = integer(&m, start).await?;
                let stop = integer(&m, stop).await?;
                let step = match step.first() {
                    Some(step) => integer(&m, step).await?,
                    None => BigInt::one(),
                };
                if step.is_zero() {
                    return Err(m.value_error("range() arg 3 must not be zero"));
                }
                Range::of(start, stop, step)
            }
            [] => Range::of(BigInt::zero(), BigInt::zero(), BigInt::one()),
        };
        Ok(range.into_value(&m))
    })
}

/// Whether a value is a whole number, as far as that can be said without asking it.
enum Whole {
    Is(BigInt),
    IsNot,
    Ask,
}

fn whole(value: &Value) -> Whole {
    match value {
        Value::Int(value) => Whole::Is((*value).into()),
        Value::Bool(value) => Whole::Is(u8::from(*value).into()),
        Value::Big(value) => Whole::Is((**value).clone()),
        Value::Float(value) if value.fract() == 0.0 => {
            num_traits::FromPrimitive::from_f64(*value).map_or(Whole::IsNot, Whole::Is)
        }
        Value::Object(_) => Whole::Ask,
        _ => Whole::IsNot,
    }
}

/// Walks the range and asks each value: the first position and the number of equal ones, only the first counted unless `all`.
async fn search(
    m: &Machine,
    range: &Range,
    wanted: &Value,
    all: bool,
) -> Outcome<(Option<usize>, usize)> {
    let source = range.iterate();
    let (mut first, mut count, mut at) = (None, 0, 0);
    while let Some(value) = source.next(m)? {
        if m.equal(&value, wanted).await? {
            first = first.or(Some(at));
            count += 1;
            if !all {
                break;
            }
        }
        at += 1;
    }
    Ok((first, count))
}

fn index(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let range = own(&m, &a[0], "index")?;
        let found = match whole(&a[1]) {
            Whole::Is(wanted) => range.find(&wanted),
            Whole::IsNot => None,
            Whole::Ask => search(&m, range, &a[1], false).await?.0.map(BigInt::from),
        };
        match (found, &a[1]) {
            (Some(at), _) => Ok(Value::integer(at)),
            (None, Value::Int(_) | Value::Bool(_) | Value::Big(_)) => {
                let text = m.repr(&a[1]).await?;
                Err(m.value_error(format!("{text} is not in range")))
            }
            _ => Err(m.value_error("sequence.index(x): x not in sequence")),
        }
    })
}

fn get_item(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let range = own(&m, &a[0], "__getitem__")?;
        if let Some(found) = a[1].payload::<Slice>() {
            let found = slice::settle(&m, found).await?;
            let (from, to, by) = slice::resolve_big(&m, &found, &range.length())?;
            let (start, _, step) = range.bounds();
            let first = &start + &step * from;
            let last = start + &step * to;
            return Ok(Range::of(first, last, step * by).into_value(&m));
        }
        let index = match a[1].plain() {
            Value::Int(_) | Value::Bool(_) | Value::Big(_) => m.to_big(&a[1])?,
            Value::Object(_) if m.find_special(&a[1], "__index__").is_some() => {
                integer(&m, &a[1]).await?
            }
            _ => {
                return Err(m.type_error(format!(
                    "range indices must be integers or slices, not {}",
                    m.type_name(&a[1]).as_str()
                )));
            }
        };
        let length = range.length();
        let index = if index.is_negative() {
            index + &length
        } else {
            index
        };
        if index.is_negative() || index >= length {
            return Err(m.index_error("range object index out of range"));
        }
        Ok(range.at(&index))
    })
}

/// What makes two ranges equal: their length, their first value if there is one, their step if there is a second.
fn essence(range: &Range) -> (BigInt, Option<BigInt>, Option<BigInt>) {
    let (start, _, step) = range.bounds();
    let length = range.length();
    let first = (!length.is_zero()).then_some(start);
    let step = (!length.is_zero() && !length.is_one()).then_some(step);
    (length, first, step)
}

fn equal(a: &[Value], answer: bool) -> Value {
    match (a[0].payload::<Range>(), a[1].payload::<Range>()) {
        (Some(x), Some(y)) => Value::Bool((essence(x) == essence(y)) == answer),
        _ => Value::NotImplemented,
    }
}
