//! What sets keep, and their algebra. Which set is walked and which is asked is CPython's choice, because it decides the order
//! in which the result is walked.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use super::hash;
use super::set_table::SetTable;
use crate::machine::{Machine, Outcome};
use crate::value::{Class, Object, Probe, Table, Value};

/// What a `set` or `frozenset` keeps.
#[derive(Default)]
pub struct SetBody(RefCell<SetTable>);

/// How many items of an iterable pass between two breaths.
const BREATH: usize = 16_384;

impl SetBody {
    /// A set of these items, as a display makes it.
    ///
    /// # Errors
    /// TypeError for what has no hash, and what `__hash__` and `__eq__` raise.
    pub async fn value_of(m: &Machine, items: Vec<Value>) -> Outcome {
        let body = Self::default();
        for item in items {
            body.add(m, item).await?;
        }
        Ok(body.into_value(&m.classes().set))
    }

    /// A set of an iterable's items.
    ///
    /// # Errors
    /// TypeError for what cannot be iterated over or has no hash, and what is called raises.
    pub async fn from_iterable(m: &Machine, iterable: &Value) -> Outcome<Self> {
        let body = Self::default();
        body.update(m, iterable).await?;
        Ok(body)
    }

    /// An instance of a class of sets.
    #[must_use]
    pub fn into_value(self, class: &Rc<Class>) -> Value {
        Value::Object(Rc::new(Object::with(Rc::clone(class), self)))
    }

    /// The table, to read.
    pub fn table(&self) -> Ref<'_, SetTable> {
        self.0.borrow()
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The items in order.
    #[must_use]
    pub fn items(&self) -> Vec<Value> {
        self.0
            .borrow()
            .iter()
            .map(|(_, item)| item.clone())
            .collect()
    }

    fn entries(&self) -> Vec<(u64, Value)> {
        self.0.borrow().entries()
    }

    /// A set of the same items.
    #[must_use]
    pub fn copy(&self) -> Self {
        let mut table = SetTable::new();
        table.take_over(&self.0.borrow());
        Self(RefCell::new(table))
    }

    /// Takes everything out.
    pub fn clear(&self) {
        drop(self.0.take());
    }

    /// Takes the other's items instead of its own.
    pub fn become_other(&self, other: Self) {
        drop(self.0.replace(other.0.into_inner()));
    }

    /// Takes some item out.
    #[must_use]
    pub fn pop(&self) -> Option<Value> {
        self.0.borrow_mut().pop()
    }

    /// The hash of a frozenset of these items.
    #[must_use]
    pub fn frozen_hash(&self) -> u64 {
        hash::of_set(self.0.borrow().iter().map(|(hash, _)| hash))
    }

    /// The place of an item of this hash.
    async fn find(&self, m: &Machine, hash: u64, item: &Value) -> Outcome<Option<usize>> {
        let probe = self.0.borrow().find(hash, item, |a, b| m.quick_equal(a, b));
        match probe {
            Probe::At(at) => Ok(Some(at)),
            Probe::Absent => Ok(None),
            Probe::Ask(places) => {
                for at in places {
                    let known = self.0.borrow().item(at).cloned();
                    if let Some(known) = known
                        && m.equal(&known, item).await?
                    {
                        return Ok(Some(at));
                    }
                }
                Ok(None)
            }
        }
    }

    async fn add_hashed(&self, m: &Machine, hash: u64, item: Value) -> Outcome<()> {
        if self.find(m, hash, &item).await?.is_none() {
            self.0.borrow_mut().append(hash, item);
        }
        Ok(())
    }

    /// Takes an item out; says whether it was there.
    async fn discard_hashed(&self, m: &Machine, hash: u64, item: &Value) -> Outcome<bool> {
        let Some(at) = self.find(m, hash, item).await? else {
            return Ok(false);
        };
        let old = self.0.borrow_mut().remove(at);
        Ok(old.is_some())
    }

    /// Adds an item.
    ///
    /// # Errors
    /// TypeError for what has no hash, and what `__hash__` and `__eq__` raise.
    pub async fn add(&self, m: &Machine, item: Value) -> Outcome<()> {
        let hash = hash_of(m, &item).await?;
        self.add_hashed(m, hash, item).await
    }

    /// Whether an item is there; a set is looked for as the frozenset of its items.
    ///
    /// # Errors
    /// As [`SetBody::add`].
    pub async fn contains(&self, m: &Machine, item: &Value) -> Outcome<bool> {
        let hash = wanted_hash(m, item).await?;
        Ok(self.find(m, hash, item).await?.is_some())
    }

    /// Takes an item out; says whether it was there.
    ///
    /// # Errors
    /// As [`SetBody::add`].
    pub async fn discard(&self, m: &Machine, item: &Value) -> Outcome<bool> {
        let hash = wanted_hash(m, item).await?;
        self.discard_hashed(m, hash, item).await
    }

    /// Adds the items of an iterable.
    ///
    /// # Errors
    /// TypeError for what cannot be iterated over or has no hash, and what is called raises.
    pub async fn update(&self, m: &Machine, iterable: &Value) -> Outcome<()> {
        if let Some(other) = iterable.payload::<Self>() {
            return self.merge(m, other).await;
        }
        if let Value::Dict(table) = iterable {
            let entries = keys_of(table);
            self.0.borrow_mut().expect(entries.len());
            for (hash, key) in entries {
                self.add_hashed(m, hash, key).await?;
            }
            return Ok(());
        }
        let iteration = m.iterate(iterable).await?;
        let mut count = 0_usize;
        while let Some(item) = iteration.next(m).await? {
            self.add(m, item).await?;
            count += 1;
            if count.is_multiple_of(BREATH) {
                m.breathe().await;
            }
        }
        Ok(())
    }

    async fn merge(&self, m: &Machine, other: &Self) -> Outcome<()> {
        if std::ptr::eq(self, other) || self.0.borrow_mut().take_over(&other.0.borrow()) {
            return Ok(());
        }
        for (hash, item) in other.entries() {
            self.add_hashed(m, hash, item).await?;
        }
        Ok(())
    }

    /// The items that are in both.
    ///
    /// # Errors
    /// As [`SetBody::update`].
    pub async fn intersection(&self, m: &Machine, other: &Value) -> Outcome<Self> {
        let result = Self::default();
        if let Some(body) = other.payload::<Self>() {
            if std::ptr::eq(self, body) {
                return Ok(self.copy());
            }
            let (asked, walked) = if body.len() > self.len() {
                (body, self)
            } else {
                (self, body)
            };
            for (hash, item) in walked.entries() {
                if asked.find(m, hash, &item).await?.is_some() {
                    result.add_hashed(m, hash, item).await?;
                }
            }
            return Ok(result);
        }
        let iteration = m.iterate(other).await?;
        while let Some(item) = iteration.next(m).await? {
            let hash = hash_of(m, &item).await?;
            if self.find(m, hash, &item).await?.is_some() {
                result.add_hashed(m, hash, item).await?;
            }
        }
        Ok(result)
    }

    /// The items that are not in the other.
    ///
    /// # Errors
    /// As [`SetBody::update`].
    pub async fn difference(&self, m: &Machine, other: &Value) -> Outcome<Self> {
        let (body, table) = match other {
            Value::Dict(table) => (None, Some(table)),
            other => (other.payload::<Self>(), None),
        };
        let size = body
            .map(Self::len)
            .or_else(|| table.map(|table| table.borrow().len()));
        if size.is_none_or(|size| self.len() >> 2 > size) {
            let result = self.copy();
            result.difference_update(m, other).await?;
            return Ok(result);
        }
        let result = Self::default();
        for (hash, item) in self.entries() {
            let there = match (body, table) {
                (Some(body), _) => body.find(m, hash, &item).await?.is_some(),
                (_, Some(table)) => m.table_find(table, &item).await?.1.is_some(),
                _ => false,
            };
            if !there {
                result.add_hashed(m, hash, item).await?;
            }
        }
        Ok(result)
    }

    /// Takes the other's items out.
    ///
    /// # Errors
    /// As [`SetBody::update`].
    pub async fn difference_update(&self, m: &Machine, other: &Value) -> Outcome<()> {
        if let Some(body) = other.payload::<Self>() {
            if std::ptr::eq(self, body) {
                self.clear();
                return Ok(());
            }
            for (hash, item) in body.entries() {
                self.discard_hashed(m, hash, &item).await?;
            }
        } else {
            let iteration = m.iterate(other).await?;
            while let Some(item) = iteration.next(m).await? {
                self.discard(m, &item).await?;
            }
        }
        self.0.borrow_mut().tidy();
        Ok(())
    }

    /// Takes the items out that are in both, and the other's that were not there in.
    ///
    /// # Errors
    /// As [`SetBody::update`].
    pub async fn symmetric_difference_update(&self, m: &Machine, other: &Value) -> Outcome<()> {
        let made;
        let entries = if let Value::Dict(table) = other {
            keys_of(table)
        } else {
            let body = match other.payload::<Self>() {
                Some(body) => body,
                None => {
                    made = Self::from_iterable(m, other).await?;
                    &made
                }
            };
            if std::ptr::eq(self, body) {
                self.clear();
                return Ok(());
            }
            body.entries()
        };
        for (hash, item) in entries {
            if !self.discard_hashed(m, hash, &item).await? {
                self.add_hashed(m, hash, item).await?;
            }
        }
        Ok(())
    }

    /// Whether all items are in the other.
    ///
    /// # Errors
    /// What `__eq__` raises.
    pub async fn is_subset(&self, m: &Machine, other: &Self) -> Outcome<bool> {
        if self.len() > other.len() {
            return Ok(false);
        }
        for (hash, item) in self.entries() {
            if other.find(m, hash, &item).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether no item is in both.
    ///
    /// # Errors
    /// As [`SetBody::update`].
    pub async fn is_disjoint(&self, m: &Machine, other: &Value) -> Outcome<bool> {
        if let Some(body) = other.payload::<Self>() {
            let (walked, asked) = if body.len() > self.len() {
                (self, body)
            } else {
                (body, self)
            };
            for (hash, item) in walked.entries() {
                if asked.find(m, hash, &item).await?.is_some() {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let iteration = m.iterate(other).await?;
        while let Some(item) = iteration.next(m).await? {
            let hash = hash_of(m, &item).await?;
            if self.find(m, hash, &item).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn keys_of(table: &Rc<RefCell<Table>>) -> Vec<(u64, Value)> {
    table
        .borrow()
        .iter()
        .map(|entry| (entry.hash, entry.key.clone()))
        .collect()
}

async fn hash_of(m: &Machine, item: &Value) -> Outcome<u64> {
    match m.quick_hash(item) {
        Some(hash) => hash,
        None => m.hash(item).await,
    }
}

/// The hash of what is looked for: a set has none of its own and is looked for as a frozenset.
async fn wanted_hash(m: &Machine, item: &Value) -> Outcome<u64> {
    match item.payload::<SetBody>() {
        Some(body) if m.is_instance(item, &m.classes().set) => Ok(body.frozen_hash()),
        _ => hash_of(m, item).await,
    }
}
