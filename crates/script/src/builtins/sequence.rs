//! What lists and tuples share: indices, searching, comparing, repeating, showing.

use std::cell::RefCell;
use std::rc::Rc;

use num_traits::Signed;

use super::{Showing, memory_error};
use crate::code::Comparison;
use crate::machine::{Machine, Outcome};
use crate::value::Value;

/// No list or tuple that is made by repeating or joining has more items.
const MOST: usize = 1 << 31;

/// Items that can be asked for one by one while a script may change them.
pub trait Items {
    /// How many there are now.
    fn count(&self) -> usize;

    /// One of them, if it is still there.
    fn at(&self, index: usize) -> Option<Value>;

    /// The first index from `from` up to `to` whose item `stop` says something about, with what it says.
    fn scan<T>(
        &self,
        from: usize,
        to: usize,
        stop: impl FnMut(&Value) -> Option<T>,
    ) -> Option<(usize, T)>;
}

fn scan_slice<T>(
    items: &[Value],
    from: usize,
    to: usize,
    mut stop: impl FnMut(&Value) -> Option<T>,
) -> Option<(usize, T)> {
    let to = to.min(items.len());
    let part = items.get(from..to)?;
    part.iter()
        .enumerate()
        .find_map(|(step, item)| Some((from + step, stop(item)?)))
}

impl Items for Rc<RefCell<Vec<Value>>> {
    fn count(&self) -> usize {
        self.borrow().len()
    }

    fn at(&self, index: usize) -> Option<Value> {
        self.borrow().get(index).cloned()
    }

    fn scan<T>(
        &self,
        from: usize,
        to: usize,
        stop: impl FnMut(&Value) -> Option<T>,
    ) -> Option<(usize, T)> {
        scan_slice(&self.borrow(), from, to, stop)
    }
}

impl Items for Rc<[Value]> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, index: usize) -> Option<Value> {
        self.get(index).cloned()
    }

    fn scan<T>(
        &self,
        from: usize,
        to: usize,
        stop: impl FnMut(&Value) -> Option<T>,
    ) -> Option<(usize, T)> {
        scan_slice(self, from, to, stop)
    }
}

/// The first position from `from` up to `to` whose item equals `wanted`.
///
/// # Errors
/// What `__eq__` raises.
pub async fn position(
    m: &Machine,
    items: &impl Items,
    wanted: &Value,
    from: usize,
    to: usize,
) -> Outcome<Option<usize>> {
    let mut from = from;
    loop {
        // The value is the item where only a script can say whether it is equal.
        let found = items.scan(from, to, |item| {
            if item.is(wanted) {
                return Some(None);
            }
            match m.quick_equal(item, wanted) {
                Some(true) => Some(None),
                Some(false) => None,
                None => Some(Some(item.clone())),
            }
        });
        match found {
            None => return Ok(None),
            Some((at, None)) => return Ok(Some(at)),
            Some((at, Some(item))) => {
                if m.equal(&item, wanted).await? {
                    return Ok(Some(at));
                }
                from = at + 1;
            }
        }
    }
}

/// How many items equal `wanted`.
///
/// # Errors
/// What `__eq__` raises.
pub async fn count(m: &Machine, items: &impl Items, wanted: &Value) -> Outcome<usize> {
    let (mut from, mut count) = (0, 0);
    while let Some(at) = position(m, items, wanted, from, usize::MAX).await? {
        count += 1;
        from = at + 1;
    }
    Ok(count)
}

/// `a∘b` of two sequences of the same type: what the first items that differ say, else their lengths.
///
/// # Errors
/// What comparing two items raises.
pub async fn compare(
    m: &Machine,
    comparison: Comparison,
    a: &impl Items,
    b: &impl Items,
) -> Outcome {
    let asks_equal = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if asks_equal && a.count() != b.count() {
        return Ok(Value::Bool(comparison == Comparison::NotEqual));
    }
    let mut at = 0;
    while let (Some(x), Some(y)) = (a.at(at), b.at(at)) {
        let equal = x.is(&y)
            || match m.quick_equal(&x, &y) {
                Some(equal) => equal,
                None => m.equal(&x, &y).await?,
            };
        if !equal {
            return if asks_equal {
                Ok(Value::Bool(comparison == Comparison::NotEqual))
            } else {
                m.compare(comparison, &x, &y).await
            };
        }
        at += 1;
    }
    let (a, b) = (a.count(), b.count());
    Ok(Value::Bool(match comparison {
        Comparison::Less => a < b,
        Comparison::LessEqual => a <= b,
        Comparison::Greater => a > b,
        Comparison::GreaterEqual => a >= b,
        Comparison::NotEqual => a != b,
        _ => a == b,
    }))
}

/// The items one after the other, `count` times; MemoryError if they are too many.
///
/// # Errors
/// MemoryError.
pub fn repeat(m: &Machine, items: &[Value], count: i64) -> Outcome<Vec<Value>> {
    let count = usize::try_from(count.max(0)).map_err(|_| memory_error(m))?;
    let total = items.len().checked_mul(count);
    let mut repeated = room(m, total)?;
    if let [one] = items {
        repeated.resize(count, one.clone());
    } else {
        for _ in 0..if items.is_empty() { 0 } else { count } {
            repeated.extend_from_slice(items);
        }
    }
    Ok(repeated)
}

/// The items of both.
///
/// # Errors
/// MemoryError.
pub fn concat(m: &Machine, a: &[Value], b: &[Value]) -> Outcome<Vec<Value>> {
    let mut joined = room(m, a.len().checked_add(b.len()))?;
    joined.extend_from_slice(a);
    joined.extend_from_slice(b);
    Ok(joined)
}

fn room(m: &Machine, total: Option<usize>) -> Outcome<Vec<Value>> {
    let total = total
        .filter(|&total| total <= MOST)
        .ok_or_else(|| memory_error(m))?;
    let mut items = Vec::new();
    items
        .try_reserve_exact(total)
        .map_err(|_| memory_error(m))?;
    Ok(items)
}

/// What the right operand's own `reflected` method says before a sequence says that it cannot; `None` where it has nothing to say.
///
/// # Errors
/// What the method raises.
pub async fn ask_other(
    m: &Machine,
    own: &Value,
    other: &Value,
    reflected: &str,
) -> Outcome<Option<Value>> {
    if !matches!(other, Value::Object(_)) || !matches!(other.plain(), Value::Object(_)) {
        return Ok(None);
    }
    let Some(method) = m.find_special(other, reflected) else {
        return Ok(None);
    };
    let value = m.call(&method, vec![other.clone(), own.clone()]).await?;
    Ok((!matches!(value, Value::NotImplemented)).then_some(value))
}

/// How often `sequence * other` repeats; `Err` of the inner result is what the other operand answered itself.
///
/// # Errors
/// TypeError if `other` is no integer, OverflowError if it is too large.
pub async fn times(m: &Machine, own: &Value, other: &Value) -> Outcome<Result<i64, Value>> {
    match other.plain() {
        Value::Int(count) => Ok(Ok(*count)),
        Value::Bool(count) => Ok(Ok(i64::from(*count))),
        Value::Big(_) => Err(m.overflow_error("cannot fit 'int' into an index-sized integer")),
        _ => {
            if let Some(value) = ask_other(m, own, other, "__rmul__").await? {
                return Ok(Err(value));
            }
            if matches!(other, Value::Object(_)) && m.find_special(other, "__index__").is_some() {
                return m.index(other).await.map(Ok);
            }
            Err(m.type_error(format!(
                "can't multiply sequence by non-int of type '{}'",
                m.type_name(other).as_str()
            )))
        }
    }
}

/// A subscript that is no slice.
///
/// # Errors
/// TypeError if it is no integer, IndexError if it is too large.
pub async fn subscript(m: &Machine, index: &Value, what: &str) -> Outcome<i64> {
    match index.plain() {
        Value::Int(index) => Ok(*index),
        Value::Bool(index) => Ok(i64::from(*index)),
        Value::Big(_) => Err(m.index_error("cannot fit 'int' into an index-sized integer")),
        Value::Object(_) if m.find_special(index, "__index__").is_some() => m.index(index).await,
        _ => Err(m.type_error(format!(
            "{what} indices must be integers or slices, not {}",
            m.type_name(index).as_str()
        ))),
    }
}

/// The position that an index, negative from the end, stands for among `length` items.
#[must_use]
pub fn place(index: i64, length: usize) -> Option<usize> {
    let index = if index < 0 {
        usize::try_from(index.unsigned_abs())
            .ok()
            .and_then(|back| length.checked_sub(back))?
    } else {
        usize::try_from(index).ok()?
    };
    (index < length).then_some(index)
}

/// `start` or `stop` of `index(value, start, stop)` among `length` items.
///
/// # Errors
/// TypeError if it is no integer.
pub async fn bound(m: &Machine, value: &Value, length: usize, default: usize) -> Outcome<usize> {
    let index = match value.plain() {
        Value::Unbound => return Ok(default),
        Value::Int(index) => *index,
        Value::Bool(index) => i64::from(*index),
        Value::Big(index) if index.is_negative() => return Ok(0),
        Value::Big(_) => return Ok(usize::MAX),
        Value::Object(_) if m.find_special(value, "__index__").is_some() => m.index(value).await?,
        _ => {
            return Err(m.type_error("slice indices must be integers or have an __index__ method"));
        }
    };
    let back = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    Ok(if index < 0 {
        length.saturating_sub(back)
    } else {
        back
    })
}

/// `repr` of a sequence between two brackets; `dots` where it contains itself.
///
/// # Errors
/// What `__repr__` raises.
pub async fn repr(
    m: &Machine,
    value: &Value,
    items: &impl Items,
    [open, close]: [&str; 2],
) -> Outcome<String> {
    let Some(_showing) = Showing::enter(m, value) else {
        return Ok(format!("{open}...{close}"));
    };
    let mut text = open.to_owned();
    let mut at = 0;
    while let Some(item) = items.at(at) {
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(&m.repr(&item).await?);
        at += 1;
    }
    if at == 1 && open == "(" {
        text.push(',');
    }
    text.push_str(close);
    Ok(text)
}
