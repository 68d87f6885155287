//! A hash table that keeps the order of insertion: dicts, attributes, the names of a module.

use std::rc::Rc;

use hashbrown::HashTable;

use super::{Str, Value};

/// One key with its value.
#[derive(Clone)]
pub struct Entry {
    /// What `hash(key)` gave.
    pub hash: u64,
    /// The key.
    pub key: Value,
    /// The value.
    pub value: Value,
}

/// What a search found.
pub enum Probe {
    /// The key's position.
    At(usize),
    /// There is no such key.
    Absent,
    /// Positions whose hashes fit and whose keys only a script's `__eq__` can compare, in the order to ask.
    Ask(Vec<usize>),
}

/// An insertion-ordered map of values to values. Positions are stable until the next removal is compacted away.
#[derive(Clone, Default)]
pub struct Table {
    /// `None` where an entry was removed.
    entries: Vec<Option<Entry>>,
    index: HashTable<usize>,
    /// Grows with every insertion and removal of a key, so that a loop over the table notices.
    version: u64,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Grows with every insertion and removal of a key.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Looks for a key. `equal` says whether two keys of the same hash are equal, `None` where only a script can.
    pub fn find(
        &self,
        hash: u64,
        key: &Value,
        mut equal: impl FnMut(&Value, &Value) -> Option<bool>,
    ) -> Probe {
        let mut ask = Vec::new();
        let found = self.index.find(hash, |&at| {
            let Some(Some(entry)) = self.entries.get(at) else {
                return false;
            };
            if entry.hash != hash {
                return false;
            }
            if entry.key.is(key) {
                return true;
            }
            match equal(&entry.key, key) {
                Some(answer) => answer,
                None => {
                    ask.push(at);
                    false
                }
            }
        });
        match found {
            Some(&at) => Probe::At(at),
            None if ask.is_empty() => Probe::Absent,
            None => Probe::Ask(ask),
        }
    }

    /// The position of a name.
    #[must_use]
    pub fn position(&self, name: &Rc<Str>) -> Option<usize> {
        let hash = name.hash();
        self.index
            .find(hash, |&at| match self.entries.get(at) {
                Some(Some(Entry {
                    key: Value::Str(key),
                    ..
                })) => Rc::ptr_eq(key, name) || key.as_str() == name.as_str(),
                _ => false,
            })
            .copied()
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &Rc<Str>) -> Option<&Value> {
        self.entry(self.position(name)?).map(|entry| &entry.value)
    }

    /// The value of a name given as plain text.
    #[must_use]
    pub fn get_text(&self, name: &str) -> Option<&Value> {
        self.get(&Rc::new(Str::new(name)))
    }

    /// The entry at a position, if one is there.
    #[must_use]
    pub fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(at)?.as_ref()
    }

    /// The value at a position, if the key there is this very name: what a remembered position is worth.
    #[must_use]
    pub fn value_if_name(&self, at: usize, name: &Rc<Str>) -> Option<&Value> {
        match self.entries.get(at) {
            Some(Some(Entry {
                key: Value::Str(key),
                value,
                ..
            })) if Rc::ptr_eq(key, name) => Some(value),
            _ => None,
        }
    }

    /// Replaces the value at a position and gives the old one back.
    pub fn replace(&mut self, at: usize, value: Value) -> Option<Value> {
        let entry = self.entries.get_mut(at)?.as_mut()?;
        Some(std::mem::replace(&mut entry.value, value))
    }

    /// Adds a key that is known not to be there.
    pub fn append(&mut self, hash: u64, key: Value, value: Value) -> usize {
        let at = self.entries.len();
        self.entries.push(Some(Entry { hash, key, value }));
        let entries = &self.entries;
        self.index.insert_unique(hash, at, |&other| {
            entries
                .get(other)
                .and_then(Option::as_ref)
                .map_or(0, |entry| entry.hash)
        });
        self.version += 1;
        at
    }

    /// Sets a name and says where it stands.
    pub fn set(&mut self, name: &Rc<Str>, value: Value) -> usize {
        match self.position(name) {
            Some(at) => {
                self.replace(at, value);
                at
            }
            None => self.append(name.hash(), Value::Str(Rc::clone(name)), value),
        }
    }

    /// Sets a name given as plain text.
    pub fn set_text(&mut self, name: &str, value: Value) {
        self.set(&Rc::new(Str::new(name)), value);
    }

    /// Takes the entry at a position out.
    pub fn remove(&mut self, at: usize) -> Option<Entry> {
        let entry = self.entries.get_mut(at)?.take()?;
        if let Ok(found) = self.index.find_entry(entry.hash, |&other| other == at) {
            found.remove();
        }
        self.version += 1;
        while matches!(self.entries.last(), Some(None)) {
            self.entries.pop();
        }
        if self.entries.len() > 16 && self.entries.len() > 2 * self.index.len() {
            self.compact();
        }
        Some(entry)
    }

    /// Takes a name out.
    pub fn remove_name(&mut self, name: &Rc<Str>) -> Option<Value> {
        let at = self.position(name)?;
        self.remove(at).map(|entry| entry.value)
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.index.clear();
        self.version += 1;
    }

    /// The entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.iter().map(|entry| &entry.key)
    }

    /// The values in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.iter().map(|entry| &entry.value)
    }

    /// The first entry at or after a position, with its position: how a loop walks a table that may change.
    #[must_use]
    pub fn next_from(&self, at: usize) -> Option<(usize, &Entry)> {
        self.entries
            .get(at..)?
            .iter()
            .enumerate()
            .find_map(|(step, entry)| Some((at + step, entry.as_ref()?)))
    }

    /// The last entry before a position, with its position.
    #[must_use]
    pub fn previous_from(&self, at: usize) -> Option<(usize, &Entry)> {
        let end = at.min(self.entries.len());
        self.entries
            .get(..end)?
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, entry)| Some((at, entry.as_ref()?)))
    }

    /// The position after the last.
    #[must_use]
    pub fn end(&self) -> usize {
        self.entries.len()
    }

    fn compact(&mut self) {
        self.entries.retain(Option::is_some);
        self.index.clear();
        let entries = &self.entries;
        for (at, entry) in entries.iter().enumerate() {
            let hash = entry.as_ref().map_or(0, |entry| entry.hash);
            self.index.insert_unique(hash, at, |&other| {
                entries
                    .get(other)
                    .and_then(Option::as_ref)
                    .map_or(0, |entry| entry.hash)
            });
        }
    }
}
