//! Sentences to the visitor that stay until they are dismissed.

use leptos::prelude::*;

/// How a notice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Note,
    /// Something odd.
    Warning,
    /// Something that could not be done.
    Error,
}

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Numbers it, for the list.
    pub id: u32,
    /// How it looks.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// The notices that stand.
#[derive(Clone, Copy)]
pub struct Notices {
    /// The oldest first.
    pub list: RwSignal<Vec<Notice>>,
    next: StoredValue<u32>,
}

/// Notices that stand at most; the oldest goes.
const MOST: usize = 4;

impl Notices {
    /// None yet.
    pub fn new() -> Self {
        Self {
            list: RwSignal::new(vec![]),
            next: StoredValue::new(0),
        }
    }

    /// Says a sentence, once: the same sentence is not said again while it stands.
    pub fn say(self, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            list.retain(|notice| notice.text != text);
            if list.len() >= MOST {
                list.remove(0);
            }
            list.push(Notice { id, tone, text });
        });
    }

    /// Takes one away.
    pub fn dismiss(self, id: u32) {
        self.list.update(|list| list.retain(|notice| notice.id != id));
    }
}
