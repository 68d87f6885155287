//! Arguments of operations, as the table and the script machine pass them.

use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// An argument. Absent optional ones are `None`.
#[derive(Clone, Debug)]
pub enum Argument {
    /// Left out, or Python's `None`.
    None,
    /// A tensor.
    Tensor(Tensor),
    /// A number that may have a fraction.
    Scalar(f64),
    /// A whole number.
    Int(i64),
    /// Whole numbers: sizes, dimensions.
    Ints(Vec<i64>),
    /// `True` or `False`.
    Bool(bool),
    /// Where a tensor was: the graph keeps tensors apart from the other arguments.
    Placeholder,
}

impl Argument {
    /// The tensors in it.
    pub fn tensors(&self) -> impl Iterator<Item = &Tensor> {
        match self {
            Self::Tensor(tensor) => Some(tensor),
            _ => None,
        }
        .into_iter()
    }

    pub(crate) fn without_tensors(self) -> Self {
        match self {
            Self::Tensor(_) => Self::Placeholder,
            other => other,
        }
    }

    pub(crate) fn scalar(&self) -> Option<f64> {
        match self {
            Self::Scalar(value) => Some(*value),
            Self::Int(value) => Some(*value as f64),
            _ => None,
        }
    }

    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn ints(&self) -> Option<&[i64]> {
        match self {
            Self::Ints(values) => Some(values),
            Self::Int(value) => Some(std::slice::from_ref(value)),
            _ => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl From<&Tensor> for Argument {
    fn from(tensor: &Tensor) -> Self {
        Self::Tensor(tensor.clone())
    }
}

impl From<f64> for Argument {
    fn from(value: f64) -> Self {
        Self::Scalar(value)
    }
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Argument {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&[i64]> for Argument {
    fn from(values: &[i64]) -> Self {
        Self::Ints(values.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Argument {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

/// Reads the arguments of one call of `op`.
pub(super) struct Arguments<'a> {
    pub(super) op: &'static str,
    pub(super) list: &'a [Argument],
}

impl<'a> Arguments<'a> {
    fn wrong(&self, at: usize, wanted: &str) -> Error {
        let found = match self.list.get(at) {
            None | Some(Argument::None) => "None",
            Some(Argument::Tensor(_) | Argument::Placeholder) => "Tensor",
            Some(Argument::Scalar(_)) => "float",
            Some(Argument::Int(_)) => "int",
            Some(Argument::Ints(_)) => "tuple",
            Some(Argument::Bool(_)) => "bool",
        };
        Error::Argument {
            op: self.op,
            message: format!(
                "argument (position {}) must be {wanted}, not {found}",
                at + 1
            ),
        }
    }

    pub(super) fn tensor(&self, at: usize) -> Result<&'a Tensor> {
        match self.list.get(at) {
            Some(Argument::Tensor(tensor)) => Ok(tensor),
            _ => Err(self.wrong(at, "Tensor")),
        }
    }

    /// An argument of any kind that must be there.
    pub(super) fn given(&self, at: usize) -> Result<&'a Argument> {
        match self.list.get(at) {
            None | Some(Argument::None) => Err(self.wrong(at, "Tensor or Number")),
            Some(argument) => Ok(argument),
        }
    }

    pub(super) fn optional_tensor(&self, at: usize) -> Option<&'a Tensor> {
        match self.list.get(at) {
            Some(Argument::Tensor(tensor)) => Some(tensor),
            _ => None,
        }
    }

    pub(super) fn scalar(&self, at: usize) -> Result<f64> {
        self.list
            .get(at)
            .and_then(Argument::scalar)
            .ok_or_else(|| self.wrong(at, "Number"))
    }

    pub(super) fn scalar_or(&self, at: usize, default: f64) -> f64 {
        self.list
            .get(at)
            .and_then(Argument::scalar)
            .unwrap_or(default)
    }

    pub(super) fn int(&self, at: usize) -> Result<i64> {
        self.list
            .get(at)
            .and_then(Argument::int)
            .ok_or_else(|| self.wrong(at, "int"))
    }

    pub(super) fn optional_int(&self, at: usize) -> Option<i64> {
        self.list.get(at).and_then(Argument::int)
    }

    pub(super) fn ints(&self, at: usize) -> Result<&'a [i64]> {
        self.list
            .get(at)
            .and_then(Argument::ints)
            .ok_or_else(|| self.wrong(at, "tuple of ints"))
    }

    pub(super) fn optional_ints(&self, at: usize) -> Option<&'a [i64]> {
        self.list.get(at).and_then(Argument::ints)
    }

    pub(super) fn bool_or(&self, at: usize, default: bool) -> bool {
        self.list
            .get(at)
            .and_then(Argument::bool)
            .unwrap_or(default)
    }
}
