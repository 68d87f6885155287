//! What the machine asks of a `dict`: looking up, filling from mappings and pairs, comparing, showing.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Showing, wrong_receiver};
use crate::machine::{Kind, Machine, Outcome};
use crate::value::{Probe, Table, Value};

/// What a `dict` keeps.
pub type Dict = Rc<RefCell<Table>>;

/// The value of a key that can be looked up without asking a script; the outer `None` where it cannot.
pub fn quick_get(m: &Machine, table: &Dict, key: &Value) -> Option<Outcome<Option<Value>>> {
    let hash = match m.quick_hash(key)? {
        Ok(hash) => hash,
        Err(raised) => return Some(Err(raised)),
    };
    let table = table.borrow();
    match table.find(hash, key, |a, b| m.quick_equal(a, b)) {
        Probe::At(at) => Some(Ok(table.entry(at).map(|entry| entry.value.clone()))),
        Probe::Absent => Some(Ok(None)),
        Probe::Ask(_) => None,
    }
}

/// `dict[key]`; a subclass's `__missing__` is asked for what is not there.
///
/// # Errors
/// KeyError, TypeError for what has no hash, and what is called raises.
pub async fn get_item(m: &Machine, dict: &Value, key: &Value) -> Outcome {
    let Some(table) = dict.as_dict() else {
        return Err(wrong_receiver(m, "dict", "__getitem__", dict));
    };
    let found = match quick_get(m, table, key) {
        Some(found) => found?,
        None => m.table_get(table, key).await?,
    };
    if let Some(value) = found {
        return Ok(value);
    }
    if matches!(dict, Value::Object(_))
        && let Some(missing) = m.find_special(dict, "__missing__")
    {
        return m.call(&missing, vec![dict.clone(), key.clone()]).await;
    }
    Err(m.key_error(key.clone()))
}

/// `key in dict`
///
/// # Errors
/// TypeError for what has no hash, and what `__hash__` and `__eq__` raise.
pub async fn contains(m: &Machine, table: &Dict, key: &Value) -> Outcome<bool> {
    Ok(m.table_find(table, key).await?.1.is_some())
}

/// The entries as pairs, for a walk during which the dict may change.
#[must_use]
pub fn pairs(table: &Dict) -> Vec<(Value, Value)> {
    table
        .borrow()
        .iter()
        .map(|entry| (entry.key.clone(), entry.value.clone()))
        .collect()
}

/// Adds the entries of another dict.
///
/// # Errors
/// What `__eq__` raises.
pub async fn merge(m: &Machine, table: &Dict, other: &Dict) -> Outcome<()> {
    if Rc::ptr_eq(table, other) {
        return Ok(());
    }
    if table.borrow().is_empty() {
        let copy = other.borrow().clone();
        *table.borrow_mut() = copy;
        return Ok(());
    }
    for (key, value) in pairs(other) {
        m.table_set(table, key, value).await?;
    }
    Ok(())
}

/// `dict.update(other)`: a dict, anything with `keys`, or an iterable of pairs.
///
/// # Errors
/// TypeError and ValueError for what is none of these, and what is called raises.
pub async fn update(m: &Machine, table: &Dict, other: &Value) -> Outcome<()> {
    if let Value::Dict(other) = other {
        return merge(m, table, other).await;
    }
    if let Some(known) = other.as_dict()
        && matches!(m.find_special(other, "__iter__"), Some(Value::Native(_)))
    {
        return merge(m, table, known).await;
    }
    if let Some(keys) = m.find_attribute(other, &m.name("keys")).await? {
        let keys = m.call(&keys, Vec::new()).await?;
        let iteration = m.iterate(&keys).await?;
        while let Some(key) = iteration.next(m).await? {
            let value = m.get_item(other, &key).await?;
            m.table_set(table, key, value).await?;
        }
        return Ok(());
    }
    let iteration = m.iterate(other).await?;
    let mut at = 0_usize;
    while let Some(pair) = iteration.next(m).await? {
        let items = match m.collect(&pair).await {
            Ok(items) => items,
            Err(raised) if m.is_raised(&raised, Kind::TypeError) => {
                return Err(m.type_error(format!(
                    "cannot convert dictionary update sequence element #{at} to a sequence"
                )));
            }
            Err(raised) => return Err(raised),
        };
        let [key, value] = items.as_slice() else {
            return Err(m.value_error(format!(
                "dictionary update sequence element #{at} has length {}; 2 is required",
                items.len()
            )));
        };
        m.table_set(table, key.clone(), value.clone()).await?;
        at += 1;
    }
    Ok(())
}

/// `a == b`
///
/// # Errors
/// What `__eq__` raises.
pub async fn equal(m: &Machine, a: &Dict, b: &Dict) -> Outcome<bool> {
    if Rc::ptr_eq(a, b) {
        return Ok(true);
    }
    if a.borrow().len() != b.borrow().len() {
        return Ok(false);
    }
    for (key, value) in pairs(a) {
        let other = match quick_get(m, b, &key) {
            Some(found) => found?,
            None => m.table_get(b, &key).await?,
        };
        match other {
            Some(other) if m.equal(&value, &other).await? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// `repr(dict)`
///
/// # Errors
/// What `__repr__` raises.
pub async fn repr(m: &Machine, dict: &Value) -> Outcome<String> {
    let Some(table) = dict.as_dict() else {
        return Err(wrong_receiver(m, "dict", "__repr__", dict));
    };
    let Some(_showing) = Showing::enter(m, dict) else {
        return Ok("{...}".to_owned());
    };
    let mut text = String::from("{");
    for (at, (key, value)) in pairs(table).into_iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(&m.repr(&key).await?);
        text.push_str(": ");
        text.push_str(&m.repr(&value).await?);
    }
    text.push('}');
    Ok(text)
}
