//! Text as Python writes and reads it: representations, numbers, format specs, templates, codecs.

pub mod codecs;
pub mod float;
pub mod integer;
pub mod percent;
pub mod repr;
pub mod spec;
pub mod template;

/// What is wrong with a format, in Python's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It becomes a ValueError.
    #[error("{0}")]
    Value(String),
    /// It becomes a TypeError.
    #[error("{0}")]
    Type(String),
    /// It becomes an OverflowError.
    #[error("{0}")]
    Overflow(String),
    /// It becomes a KeyError or an IndexError of a template's field.
    #[error("{0}")]
    Index(String),
}

impl FormatError {
    /// A ValueError.
    #[must_use]
    pub fn value(text: impl Into<String>) -> Self {
        Self::Value(text.into())
    }

    /// The exception it becomes.
    #[must_use]
    pub fn raised(self, m: &crate::machine::Machine) -> crate::machine::Raised {
        match self {
            Self::Value(text) => m.value_error(text),
            Self::Type(text) => m.type_error(text),
            Self::Overflow(text) => m.overflow_error(text),
            Self::Index(text) => m.index_error(text),
        }
    }
}
