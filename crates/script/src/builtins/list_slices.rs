//! Slices of lists: read, replaced, deleted.

use super::list::List;
use super::slice::{self, Slice};
use crate::machine::{Kind, Machine, Outcome};
use crate::value::Value;

/// `items[slice]`
///
/// # Errors
/// TypeError, ValueError, and what `__index__` raises.
pub async fn get(m: &Machine, items: &List, slice: &Slice) -> Outcome {
    let slice = slice::settle(m, slice).await?;
    let items = items.borrow();
    of(m, &items, &slice).map(Value::list)
}

/// The items of a slice whose bounds are plain.
///
/// # Errors
/// TypeError, ValueError.
pub fn of(m: &Machine, items: &[Value], slice: &Slice) -> Outcome<Vec<Value>> {
    Ok(slice::positions(slice, items.len(), m)?
        .filter_map(|at| items.get(at).cloned())
        .collect())
}

/// `items[slice] = value`
///
/// # Errors
/// TypeError, ValueError for a number of items that does not fit, and what is called raises.
pub async fn set(m: &Machine, items: &List, slice: &Slice, value: &Value) -> Outcome<()> {
    let slice = slice::settle(m, slice).await?;
    let (_, _, step) = slice::resolve(&slice, items.borrow().len(), m)?;
    let text = if step == 1 {
        "can only assign an iterable"
    } else {
        "must assign iterable to extended slice"
    };
    let mut new = match value {
        Value::List(_) | Value::Tuple(_) => m.collect(value).await?,
        other => match m.iterate(other).await {
            Ok(iteration) => m.collect(&iteration.into_value()).await?,
            Err(raised) if m.is_raised(&raised, Kind::TypeError) => {
                return Err(m.type_error(text));
            }
            Err(raised) => return Err(raised),
        },
    };
    // Iterating may have changed the list.
    let length = items.borrow().len();
    let (start, stop, step) = slice::resolve(&slice, length, m)?;
    if step == 1 {
        let start = usize::try_from(start).unwrap_or(0);
        let stop = usize::try_from(stop).unwrap_or(0).max(start);
        let old: Vec<Value> = items.borrow_mut().splice(start..stop, new).collect();
        drop(old);
        return Ok(());
    }
    let count = slice::count(start, stop, step);
    if count != new.len() {
        return Err(m.value_error(format!(
            "attempt to assign sequence of size {} to extended slice of size {count}",
            new.len()
        )));
    }
    let places = slice::positions(&slice, length, m)?;
    let mut items = items.borrow_mut();
    for (at, item) in places.zip(&mut new) {
        if let Some(old) = items.get_mut(at) {
            std::mem::swap(old, item);
        }
    }
    Ok(())
}

/// `del items[slice]`
///
/// # Errors
/// TypeError, ValueError, and what `__index__` raises.
pub async fn delete(m: &Machine, items: &List, slice: &Slice) -> Outcome<()> {
    let slice = slice::settle(m, slice).await?;
    let length = items.borrow().len();
    let mut keep = vec![true; length];
    for at in slice::positions(&slice, length, m)? {
        keep[at] = false;
    }
    let mut keep = keep.into_iter();
    let mut old = Vec::new();
    items.borrow_mut().retain_mut(|item| {
        let stays = keep.next().unwrap_or(true);
        if !stays {
            old.push(std::mem::take(item));
        }
        stays
    });
    Ok(())
}
