//! `slice`: the class, and what a slice means for a sequence of some length.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::{class_asked, positional, wrong_receiver};
use crate::code::Comparison;
use crate::machine::{ClassBuilder, Machine, Outcome, Raised, Running};
use crate::value::{Class, Value};

/// What a `slice` keeps.
#[derive(Clone)]
pub struct Slice {
    /// `None` where it is left out, as the others.
    pub start: Value,
    /// The first index that does not belong to it.
    pub stop: Value,
    /// From one index to the next.
    pub step: Value,
}

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .constructor("slice(cls, *args, **kwargs)", new)
        .getter("start", "", |m, value| {
            Ok(own(m, value, "start")?.start.clone())
        })
        .getter("stop", "", |m, value| {
            Ok(own(m, value, "stop")?.stop.clone())
        })
        .getter("step", "", |m, value| {
            Ok(own(m, value, "step")?.step.clone())
        })
        .async_method(
            "indices(self, len, /)",
            "Start, stop and step for a sequence of this length.",
            indices,
        )
        .async_method("__repr__(self)", "", |m, a| {
            Box::pin(async move {
                let slice = own(&m, &a[0], "__repr__")?;
                Ok(Value::from(format!(
                    "slice({}, {}, {})",
                    m.repr(&slice.start).await?,
                    m.repr(&slice.stop).await?,
                    m.repr(&slice.step).await?
                )))
            })
        })
        .async_method("__eq__(self, other, /)", "", |m, a| {
            compared(m, a, Comparison::Equal)
        })
        .async_method("__ne__(self, other, /)", "", |m, a| {
            compared(m, a, Comparison::NotEqual)
        })
        .async_method("__lt__(self, other, /)", "", |m, a| {
            compared(m, a, Comparison::Less)
        })
        .async_method("__le__(self, other, /)", "", |m, a| {
            compared(m, a, Comparison::LessEqual)
        })
        .async_method("__gt__(self, other, /)", "", |m, a| {
            compared(m, a, Comparison::Greater)
        })
        .async_method("__ge__(self, other, /)", "", |m, a| {
            compared(m, a, Comparison::GreaterEqual)
        })
        .constant("__hash__", Value::None)
        .finish();
}

fn own<'a>(m: &Machine, value: &'a Value, method: &str) -> Outcome<&'a Slice> {
    value
        .payload::<Slice>()
        .ok_or_else(|| wrong_receiver(m, "slice", method, value))
}

fn new(m: &Machine, a: &[Value]) -> Outcome {
    class_asked(m, &a[0], &m.classes().slice)?;
    let given = positional(m, "slice", a, 1, 3)?;
    let at = |at: usize| given.get(at).cloned().unwrap_or(Value::None);
    let (start, stop) = if given.len() == 1 {
        (Value::None, at(0))
    } else {
        (at(0), at(1))
    };
    Ok(m.new_slice(Slice {
        start,
        stop,
        step: at(2),
    }))
}

fn compared(m: Machine, a: Vec<Value>, comparison: Comparison) -> Running {
    Box::pin(async move {
        let (Some(x), Some(y)) = (a[0].payload::<Slice>(), a[1].payload::<Slice>()) else {
            return Ok(Value::NotImplemented);
        };
        let items = |slice: &Slice| {
            Value::tuple(vec![
                slice.start.clone(),
                slice.stop.clone(),
                slice.step.clone(),
            ])
        };
        m.compare(comparison, &items(x), &items(y)).await
    })
}

fn indices(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let slice = settle(&m, own(&m, &a[0], "indices")?).await?;
        let length = match a[1].plain() {
            Value::Big(length) => (**length).clone(),
            _ => m.index(&a[1]).await?.into(),
        };
        if length.is_negative() {
            return Err(m.value_error("length should not be negative"));
        }
        let (start, stop, step) = resolve_big(&m, &slice, &length)?;
        Ok(Value::tuple(vec![
            Value::integer(start),
            Value::integer(stop),
            Value::integer(step),
        ]))
    })
}

fn wrong_index(m: &Machine) -> Raised {
    m.type_error("slice indices must be integers or None or have an __index__ method")
}

/// The slice with plain integers in place of objects that have `__index__`.
///
/// # Errors
/// TypeError for what is no index, and what `__index__` raises.
pub async fn settle(m: &Machine, slice: &Slice) -> Outcome<Slice> {
    Ok(Slice {
        step: settle_one(m, &slice.step).await?,
        start: settle_one(m, &slice.start).await?,
        stop: settle_one(m, &slice.stop).await?,
    })
}

async fn settle_one(m: &Machine, value: &Value) -> Outcome {
    match value.plain() {
        Value::None | Value::Int(_) | Value::Bool(_) | Value::Big(_) => Ok(value.plain().clone()),
        Value::Object(_) if m.find_special(value, "__index__").is_some() => {
            let method = m.find_special(value, "__index__").unwrap_or_default();
            m.call(&method, vec![value.clone()]).await
        }
        _ => Err(wrong_index(m)),
    }
}

/// An index clipped to 64 bits; `None` where it is left out.
fn clipped(m: &Machine, value: &Value) -> Outcome<Option<i64>> {
    match value.plain() {
        Value::None => Ok(None),
        Value::Int(value) => Ok(Some(*value)),
        Value::Bool(value) => Ok(Some(i64::from(*value))),
        Value::Big(value) if value.is_negative() => Ok(Some(i64::MIN)),
        Value::Big(_) => Ok(Some(i64::MAX)),
        _ => Err(wrong_index(m)),
    }
}

/// Start, stop and step of a slice of a sequence of `length` items. Objects with `__index__` must be settled before.
///
/// # Errors
/// TypeError for what is no index, ValueError for a step of zero.
pub fn resolve(slice: &Slice, length: usize, m: &Machine) -> Outcome<(i64, i64, i64)> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let step = clipped(m, &slice.step)?.unwrap_or(1).max(-i64::MAX);
    if step == 0 {
        return Err(m.value_error("slice step cannot be zero"));
    }
    let (low, high) = if step < 0 {
        (-1, length - 1)
    } else {
        (0, length)
    };
    let clip = |index: Option<i64>, default: i64| match index {
        None => default,
        Some(index) if index < 0 => index.saturating_add(length).max(low),
        Some(index) => index.min(high),
    };
    let (first, last) = if step < 0 { (high, low) } else { (low, high) };
    let start = clip(clipped(m, &slice.start)?, first);
    let stop = clip(clipped(m, &slice.stop)?, last);
    Ok((start, stop, step))
}

/// How many items a resolved slice has.
#[must_use]
pub fn count(start: i64, stop: i64, step: i64) -> usize {
    let (low, high) = if step < 0 {
        (stop, start)
    } else {
        (start, stop)
    };
    if low >= high {
        return 0;
    }
    let span = high.abs_diff(low) - 1;
    usize::try_from(span / step.unsigned_abs() + 1).unwrap_or(usize::MAX)
}

/// The positions of a slice of a sequence of `length` items.
///
/// # Errors
/// As [`resolve`].
pub fn positions(
    slice: &Slice,
    length: usize,
    m: &Machine,
) -> Outcome<impl Iterator<Item = usize> + use<>> {
    let (start, stop, step) = resolve(slice, length, m)?;
    let many = count(start, stop, step);
    let mut next = start;
    Ok((0..many).filter_map(move |_| {
        let at = usize::try_from(next).ok();
        next = next.saturating_add(step);
        at
    }))
}

/// The same of a length of any size.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_big(
    m: &Machine,
    slice: &Slice,
    length: &BigInt,
) -> Outcome<(BigInt, BigInt, BigInt)> {
    let read = |value: &Value| match value {
        Value::None => Ok(None),
        value => m.to_big(value).map(Some).map_err(|_| wrong_index(m)),
    };
    let step = read(&slice.step)?.unwrap_or_else(BigInt::one);
    if step.is_zero() {
        return Err(m.value_error("slice step cannot be zero"));
    }
    let (low, high) = if step.is_negative() {
        (BigInt::from(-1), length - 1_i32)
    } else {
        (BigInt::zero(), length.clone())
    };
    let clip = |index: Option<BigInt>, default: &BigInt| match index {
        None => default.clone(),
        Some(index) if index.is_negative() => (index + length).max(low.clone()),
        Some(index) => index.min(high.clone()),
    };
    let (first, last) = if step.is_negative() {
        (&high, &low)
    } else {
        (&low, &high)
    };
    let start = clip(read(&slice.start)?, first);
    let stop = clip(read(&slice.stop)?, last);
    Ok((start, stop, step))
}
