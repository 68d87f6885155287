//! Text with what Python asks of it often: its length in characters and its hash, found once.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};

/// An immutable `str`.
pub struct Str {
    text: Box<str>,
    /// Length in characters.
    length: usize,
    /// 0 where not yet found.
    hash: Cell<u64>,
}

impl Str {
    /// Text of this content.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let length = if text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
        Self {
            text: text.into(),
            length,
            hash: Cell::new(0),
        }
    }

    /// The content.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Length in characters.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Whether each character is one byte, so that an index is an offset.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.length == self.text.len()
    }

    /// The hash of the content, never 0.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let known = self.hash.get();
        if known != 0 {
            return known;
        }
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        let found = hasher.finish() | 1;
        self.hash.set(found);
        found
    }

    /// The characters from `start` up to `end`, counted in characters, both within the text.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> &str {
        if start >= end {
            return "";
        }
        if self.is_ascii() {
            return &self.text[start..end];
        }
        let mut offsets = self
            .text
            .char_indices()
            .map(|(offset, _)| offset)
            .chain([self.text.len()]);
        let from = offsets.nth(start).unwrap_or(self.text.len());
        let to = offsets.nth(end - start - 1).unwrap_or(self.text.len());
        &self.text[from..to]
    }

    /// CPython shares one object among equal texts that look like names, so that `is` finds them the same; so do we.
    #[must_use]
    pub fn is_interned_like(&self, other: &Self) -> bool {
        self.text == other.text
            && self
                .text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }
}

impl std::ops::Deref for Str {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}
