//! Sorting, stable and in as few comparisons as CPython's on short lists: values that need no script to be compared go to the
//! standard library's sort at once; others are sorted in runs that are merged, each comparison awaited.

use std::cmp::Ordering;

use super::arithmetic;
use super::list::List;
use crate::machine::{Machine, Outcome};
use crate::value::Value;

/// Shorter lists are one run, sorted by binary insertion.
const SHORT: usize = 64;

/// How many comparisons pass between two breaths.
const BREATH: u32 = 16_384;

/// `list.sort`: the list is empty while it is sorted.
///
/// # Errors
/// What `key` and comparing raise, ValueError if the list was changed meanwhile.
pub async fn in_place(m: &Machine, list: &List, key: &Value, reverse: bool) -> Outcome<()> {
    let mut held = Held {
        list,
        values: list.take(),
    };
    let order = order_of(m, &held.values, key, reverse).await?;
    held.values = order
        .iter()
        .map(|&at| std::mem::take(&mut held.values[at]))
        .collect();
    let modified = !list.borrow().is_empty();
    drop(held);
    if modified {
        return Err(m.value_error("list modified during sort"));
    }
    Ok(())
}

/// `sorted`
///
/// # Errors
/// What `key` and comparing raise.
pub async fn sorted(
    m: &Machine,
    values: Vec<Value>,
    key: &Value,
    reverse: bool,
) -> Outcome<Vec<Value>> {
    let order = order_of(m, &values, key, reverse).await?;
    let mut values = values;
    Ok(order
        .iter()
        .map(|&at| std::mem::take(&mut values[at]))
        .collect())
}

/// Puts the values back into the list also when the sort ends early.
struct Held<'a> {
    list: &'a List,
    values: Vec<Value>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let old = self.list.replace(std::mem::take(&mut self.values));
        drop(old);
    }
}

/// The positions of the values in their new order.
async fn order_of(
    m: &Machine,
    values: &[Value],
    key: &Value,
    reverse: bool,
) -> Outcome<Vec<usize>> {
    let made;
    let keys = if key.is_unbound() || key.is_none() {
        values
    } else {
        let mut keys = Vec::with_capacity(values.len());
        for value in values {
            keys.push(m.call(key, vec![value.clone()]).await?);
        }
        made = keys;
        &made
    };
    let mut order: Vec<usize> = (0..keys.len()).collect();
    if is_plain(&keys.iter().collect::<Vec<_>>()) {
        if reverse {
            order.sort_by(|&a, &b| plain_order(&keys[b], &keys[a]));
        } else {
            order.sort_by(|&a, &b| plain_order(&keys[a], &keys[b]));
        }
        return Ok(order);
    }
    // Turned around before and after, so that equal values keep their order.
    if reverse {
        order.reverse();
    }
    let sorter = Sorter {
        m,
        keys,
        asked: std::cell::Cell::new(0),
    };
    sorter.sort(&mut order).await?;
    if reverse {
        order.reverse();
    }
    Ok(order)
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Int(_) | Value::Bool(_) | Value::Big(_) => true,
        Value::Float(value) => !value.is_nan(),
        _ => false,
    }
}

/// Whether the values have an order that is total and asks no script: numbers, texts, bytes, or tuples of such, column by column.
fn is_plain(values: &[&Value]) -> bool {
    match values.first() {
        None => true,
        Some(first) if is_number(first) => values.iter().all(|value| is_number(value)),
        Some(Value::Str(_)) => values.iter().all(|value| matches!(value, Value::Str(_))),
        Some(Value::Bytes(_)) => values.iter().all(|value| matches!(value, Value::Bytes(_))),
        Some(Value::Tuple(_)) => {
            let mut rows = Vec::with_capacity(values.len());
            for value in values {
                match value {
                    Value::Tuple(items) => rows.push(items),
                    _ => return false,
                }
            }
            let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
            (0..width).all(|column| {
                let column: Vec<&Value> = rows.iter().filter_map(|row| row.get(column)).collect();
                is_plain(&column)
            })
        }
        _ => false,
    }
}

/// The order of two values that [`is_plain`] found comparable.
fn plain_order(a: &Value, b: &Value) -> Ordering {
    quick_order(a, b).unwrap_or(Ordering::Equal)
}

/// The order of two values that need no script to be compared; `None` where they do, or have no order.
fn quick_order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Str(a), Value::Str(b)) => Some(a.as_str().cmp(b.as_str())),
        (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
        (Value::Tuple(a), Value::Tuple(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                match quick_order(a, b)? {
                    Ordering::Equal => {}
                    unequal => return Some(unequal),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        _ => arithmetic::compare_numbers(a, b)?,
    }
}

struct Sorter<'a> {
    m: &'a Machine,
    keys: &'a [Value],
    asked: std::cell::Cell<u32>,
}

impl Sorter<'_> {
    async fn less(&self, a: usize, b: usize) -> Outcome<bool> {
        let (a, b) = (&self.keys[a], &self.keys[b]);
        let asked = self.asked.get() + 1;
        self.asked.set(asked);
        if asked.is_multiple_of(BREATH) {
            self.m.breathe().await;
        }
        match quick_order(a, b) {
            Some(order) => Ok(order == Ordering::Less),
            None => match (a, b) {
                (Value::Float(_), Value::Float(_)) => Ok(false),
                _ => self.m.less(a, b).await,
            },
        }
    }

    /// Runs that are there are taken as they are, short ones made longer; neighbours are merged while the lengths say so.
    async fn sort(&self, order: &mut [usize]) -> Outcome<()> {
        let least = least_run(order.len());
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut start = 0;
        while start < order.len() {
            let rest = &mut order[start..];
            let found = self.run(rest).await?;
            let length = found.max(least.min(rest.len()));
            self.insert(&mut rest[..length], found).await?;
            runs.push((start, length));
            start += length;
            while let Some(at) = must_merge(&runs, false) {
                self.merge_at(order, &mut runs, at).await?;
            }
        }
        while let Some(at) = must_merge(&runs, true) {
            self.merge_at(order, &mut runs, at).await?;
        }
        Ok(())
    }

    /// The length of the run at the start; one that falls is turned around.
    async fn run(&self, order: &mut [usize]) -> Outcome<usize> {
        if order.len() < 2 {
            return Ok(order.len());
        }
        let falls = self.less(order[1], order[0]).await?;
        let mut length = 2;
        while length < order.len() && self.less(order[length], order[length - 1]).await? == falls {
            length += 1;
        }
        if falls {
            order[..length].reverse();
        }
        Ok(length)
    }

    /// Sorts all, the first `sorted` being so already.
    async fn insert(&self, order: &mut [usize], sorted: usize) -> Outcome<()> {
        for next in sorted.max(1)..order.len() {
            let (mut low, mut high) = (0, next);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.less(order[next], order[middle]).await? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            order[low..=next].rotate_right(1);
        }
        Ok(())
    }

    /// Merges the run at `at` with the one after it.
    async fn merge_at(
        &self,
        order: &mut [usize],
        runs: &mut Vec<(usize, usize)>,
        at: usize,
    ) -> Outcome<()> {
        let (start, length) = runs[at];
        let (_, more) = runs.remove(at + 1);
        runs[at].1 = length + more;
        let both = &mut order[start..start + length + more];
        let left = both[..length].to_vec();
        let (mut from_left, mut from_right, mut to) = (0, length, 0);
        while from_left < left.len() && from_right < both.len() {
            // Of equals the left one goes first.
            if self.less(both[from_right], left[from_left]).await? {
                both[to] = both[from_right];
                from_right += 1;
            } else {
                both[to] = left[from_left];
                from_left += 1;
            }
            to += 1;
        }
        let rest = &left[from_left..];
        both[to..to + rest.len()].copy_from_slice(rest);
        Ok(())
    }
}

/// The least length of a run, so that their number is a power of two or little less.
fn least_run(length: usize) -> usize {
    let (mut length, mut odd) = (length, 0);
    while length >= SHORT {
        odd |= length & 1;
        length >>= 1;
    }
    length + odd
}

/// Which run is to be merged with the next: lengths grow towards the bottom faster than the sum of the two above. At the end all are.
fn must_merge(runs: &[(usize, usize)], end: bool) -> Option<usize> {
    let count = runs.len();
    if count < 2 {
        return None;
    }
    let length = |back: usize| count.checked_sub(back).map_or(usize::MAX, |at| runs[at].1);
    let (a, b, c, d) = (length(1), length(2), length(3), length(4));
    let out_of_step =
        (count > 2 && c <= a.saturating_add(b)) || (count > 3 && d <= b.saturating_add(c));
    if count > 2 && (out_of_step || end) && c < a {
        return Some(count - 3);
    }
    (out_of_step || end || b <= a).then_some(count - 2)
}
