//! The hash table of sets. Its layout is CPython's, so that a set of numbers is printed and walked in the same order:
//! open addressing with short linear runs, then jumps that mix the hash's upper bits in; a removed item leaves a mark.

use crate::value::{Probe, Value};

/// How many places after the first are looked at before a jump, where they do not run over the end.
const LINEAR: usize = 9;

/// How many bits of the hash each jump uses up.
const SHIFT: u32 = 5;

/// The smallest table.
const SMALLEST: usize = 8;

/// From so many items on a table grows to twice and not to four times its items.
const LARGE: usize = 50_000;

/// A place in the table.
#[derive(Clone, Default)]
enum Place {
    #[default]
    Empty,
    Removed,
    Item(u64, Value),
}

/// The items of a set with their hashes.
#[derive(Clone)]
pub struct SetTable {
    /// As many as a power of two.
    places: Vec<Place>,
    /// Places that are not empty.
    filled: usize,
    /// Items.
    used: usize,
    /// Where `pop` looks first.
    finger: usize,
}

impl Default for SetTable {
    fn default() -> Self {
        Self {
            places: vec![Place::Empty; SMALLEST],
            filled: 0,
            used: 0,
            finger: 0,
        }
    }
}

/// The places where an item of a hash may be, in the order they are looked at; the first empty one ends the search.
struct Path {
    mask: usize,
    mixed: usize,
    start: usize,
    /// Places left in this run, and the next.
    left: usize,
    next: usize,
}

impl Path {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a table that fits memory uses no more bits"
    )]
    fn new(hash: u64, mask: usize) -> Self {
        let mut path = Self {
            mask,
            mixed: hash as usize,
            start: hash as usize & mask,
            left: 0,
            next: 0,
        };
        path.run();
        path
    }

    fn run(&mut self) {
        self.next = self.start;
        self.left = if self.start + LINEAR <= self.mask {
            LINEAR + 1
        } else {
            1
        };
    }

    fn step(&mut self) -> usize {
        if self.left == 0 {
            self.mixed >>= SHIFT;
            let jump = self.start.wrapping_mul(5).wrapping_add(1);
            self.start = jump.wrapping_add(self.mixed) & self.mask;
            self.run();
        }
        self.left -= 1;
        self.next += 1;
        self.next - 1
    }
}

impl SetTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    fn mask(&self) -> usize {
        self.places.len() - 1
    }

    /// Looks for an item. `equal` says whether two items of the same hash are equal, `None` where only a script can.
    pub fn find(
        &self,
        hash: u64,
        item: &Value,
        mut equal: impl FnMut(&Value, &Value) -> Option<bool>,
    ) -> Probe {
        let mut ask = Vec::new();
        let mut path = Path::new(hash, self.mask());
        loop {
            let at = path.step();
            match &self.places[at] {
                Place::Empty => break,
                Place::Item(known_hash, known) if *known_hash == hash => {
                    if known.is(item) {
                        return Probe::At(at);
                    }
                    match equal(known, item) {
                        Some(true) => return Probe::At(at),
                        Some(false) => {}
                        None => ask.push(at),
                    }
                }
                _ => {}
            }
        }
        if ask.is_empty() {
            Probe::Absent
        } else {
            Probe::Ask(ask)
        }
    }

    /// The item at a place, if there is one.
    #[must_use]
    pub fn item(&self, at: usize) -> Option<&Value> {
        match self.places.get(at)? {
            Place::Item(_, item) => Some(item),
            _ => None,
        }
    }

    /// Adds an item that is known not to be there: where the last removed one on its path was, else at the path's end.
    pub fn append(&mut self, hash: u64, item: Value) {
        self.used += 1;
        let mut path = Path::new(hash, self.mask());
        let mut freed = None;
        loop {
            let at = path.step();
            match self.places[at] {
                Place::Removed => freed = Some(at),
                Place::Item(..) => {}
                Place::Empty => {
                    self.places[freed.unwrap_or(at)] = Place::Item(hash, item);
                    break;
                }
            }
        }
        if freed.is_some() {
            return;
        }
        self.filled += 1;
        if self.filled * 5 >= self.mask() * 3 {
            self.resize(self.roomy());
        }
    }

    /// What a table of so many items grows to.
    fn roomy(&self) -> usize {
        if self.used > LARGE {
            self.used * 2
        } else {
            self.used * 4
        }
    }

    /// Lays an item into a table without marks of removed ones.
    fn place(&mut self, hash: u64, item: Value) {
        let mut path = Path::new(hash, self.mask());
        loop {
            let at = path.step();
            if matches!(self.places[at], Place::Empty) {
                self.places[at] = Place::Item(hash, item);
                return;
            }
        }
    }

    /// Makes the table large enough for `least` items and more, and drops the marks of removed ones.
    fn resize(&mut self, least: usize) {
        let mut size = SMALLEST;
        while size <= least {
            size <<= 1;
        }
        if size == SMALLEST && self.places.len() == SMALLEST && self.filled == self.used {
            return;
        }
        let old = std::mem::replace(&mut self.places, vec![Place::Empty; size]);
        self.filled = self.used;
        for place in old {
            if let Place::Item(hash, item) = place {
                self.place(hash, item);
            }
        }
    }

    /// Makes room at once for so many items that are about to be added from a set or a dict.
    pub fn expect(&mut self, more: usize) {
        if (self.filled + more) * 5 >= self.mask() * 3 {
            self.resize((self.used + more) * 2);
        }
    }

    /// Makes room for the items of another table and, if this one is empty, takes them all over as CPython does it: laid out
    /// anew, or place by place where the sizes fit. Says whether nothing is left to do.
    pub fn take_over(&mut self, other: &Self) -> bool {
        if other.is_empty() {
            return true;
        }
        self.expect(other.used);
        if self.filled != 0 {
            return false;
        }
        if self.places.len() == other.places.len() && other.filled == other.used {
            self.places.clone_from(&other.places);
        } else {
            for (hash, item) in other.iter() {
                self.place(hash, item.clone());
            }
        }
        self.filled = other.used;
        self.used = other.used;
        true
    }

    /// Takes the item at a place out.
    pub fn remove(&mut self, at: usize) -> Option<Value> {
        let place = self.places.get_mut(at)?;
        if !matches!(place, Place::Item(..)) {
            return None;
        }
        match std::mem::replace(place, Place::Removed) {
            Place::Item(_, item) => {
                self.used -= 1;
                Some(item)
            }
            _ => None,
        }
    }

    /// Takes some item out.
    pub fn pop(&mut self) -> Option<Value> {
        if self.used == 0 {
            return None;
        }
        let mask = self.mask();
        let mut at = self.finger & mask;
        while !matches!(self.places[at], Place::Item(..)) {
            at = (at + 1) & mask;
        }
        self.finger = at + 1;
        self.remove(at)
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// After many removals: the marks go, if they are more than a quarter of the table.
    pub fn tidy(&mut self) {
        if self.filled - self.used > self.mask() / 4 {
            self.resize(self.roomy());
        }
    }

    /// The items with their hashes, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &Value)> {
        self.places.iter().filter_map(|place| match place {
            Place::Item(hash, item) => Some((*hash, item)),
            _ => None,
        })
    }

    /// The items with their hashes, for a walk during which the table may change.
    #[must_use]
    pub fn entries(&self) -> Vec<(u64, Value)> {
        self.iter()
            .map(|(hash, item)| (hash, item.clone()))
            .collect()
    }

    /// The first item at or after a place, with its place.
    #[must_use]
    pub fn next_from(&self, at: usize) -> Option<(usize, &Value)> {
        let places = self.places.get(at..)?;
        places
            .iter()
            .enumerate()
            .find_map(|(step, place)| match place {
                Place::Item(_, item) => Some((at + step, item)),
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash;
    use super::*;

    fn add(table: &mut SetTable, number: i64) {
        let (hash, item) = (hash::of_int(number), Value::Int(number));
        if matches!(table.find(hash, &item, |a, b| Some(a.is(b))), Probe::Absent) {
            table.append(hash, item);
        }
    }

    fn remove(table: &mut SetTable, number: i64) {
        let (hash, item) = (hash::of_int(number), Value::Int(number));
        if let Probe::At(at) = table.find(hash, &item, |a, b| Some(a.is(b))) {
            table.remove(at);
        }
    }

    fn order(table: &SetTable) -> Vec<i64> {
        let numbers = table.iter().map(|(_, item)| match item {
            Value::Int(number) => *number,
            _ => 0,
        });
        numbers.collect()
    }

    /// The orders are what CPython 3.11 prints.
    #[test]
    fn numbers_lie_where_cpython_puts_them() {
        let mut table = SetTable::new();
        for number in [100, -1, -2, 8, 16, 3, 1000, 24] {
            add(&mut table, number);
        }
        assert_eq!(order(&table), [3, 100, 8, 1000, 16, -2, 24, -1]);
        for number in [8, 3, 100] {
            remove(&mut table, number);
        }
        for number in [40, 3, 72, 35] {
            add(&mut table, number);
        }
        assert_eq!(order(&table), [35, 3, 40, 1000, 72, 16, -2, 24, -1]);
        let mut copy = SetTable::new();
        assert!(copy.take_over(&table));
        assert_eq!(order(&copy), [35, 3, 40, 1000, 72, 16, -2, 24, -1]);
        assert!(matches!(table.pop(), Some(Value::Int(35))));
    }
}
