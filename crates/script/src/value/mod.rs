//! What a script's names stand for: small scalars by value, everything else shared and counted.

mod class;
mod function;
mod object;
mod string;
mod table;

use std::cell::RefCell;
use std::rc::Rc;

use num_bigint::BigInt;

pub use class::{Class, ClassFlags};
pub use function::{
    AsyncNative, Bound, Function, Native, NativeKind, PlainNative, Signature, SignatureParameter,
};
pub use object::{Object, Payload};
pub use string::Str;
pub use table::{Entry, Probe, Table};

/// Any Python value. Cloning copies a scalar or counts a reference.
#[derive(Clone, Default)]
pub enum Value {
    /// No value: a local not yet assigned, an argument not given, an empty slot of the stack. Never seen by a script.
    #[default]
    Unbound,
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `NotImplemented`
    NotImplemented,
    /// `True` and `False`
    Bool(bool),
    /// An `int` that fits 64 bits. A larger one is [`Value::Big`]; every operation normalises.
    Int(i64),
    /// An `int` that does not fit 64 bits.
    Big(Rc<BigInt>),
    /// `float`
    Float(f64),
    /// `str`
    Str(Rc<Str>),
    /// `bytes`
    Bytes(Rc<[u8]>),
    /// `tuple`
    Tuple(Rc<[Value]>),
    /// `list`
    List(Rc<RefCell<Vec<Value>>>),
    /// `dict`
    Dict(Rc<RefCell<Table>>),
    /// A function written in the script.
    Function(Rc<Function>),
    /// A function of ours.
    Native(Rc<Native>),
    /// A callable with its first argument.
    Bound(Rc<Bound>),
    /// A class, a script's or ours.
    Class(Rc<Class>),
    /// An instance of any other class.
    Object(Rc<Object>),
    /// A variable that an inner function shares. Only in slots of a frame, never seen by a script.
    Cell(Rc<RefCell<Value>>),
}

impl Value {
    /// A string.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Str(Rc::new(Str::new(text)))
    }

    /// A list of these items.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// A tuple of these items.
    #[must_use]
    pub fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(items.into())
    }

    /// A dict of this table.
    #[must_use]
    pub fn dict(table: Table) -> Self {
        Self::Dict(Rc::new(RefCell::new(table)))
    }

    /// An `int`, small if it fits.
    #[must_use]
    pub fn integer(value: BigInt) -> Self {
        match i64::try_from(&value) {
            Ok(small) => Self::Int(small),
            Err(_) => Self::Big(Rc::new(value)),
        }
    }

    /// Whether this is an absent argument or an unassigned local.
    #[must_use]
    pub fn is_unbound(&self) -> bool {
        matches!(self, Self::Unbound)
    }

    /// Whether this is `None`.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// `is`: the same object. Small scalars are the same when their bits are.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None)
            | (Self::Ellipsis, Self::Ellipsis)
            | (Self::NotImplemented, Self::NotImplemented)
            | (Self::Unbound, Self::Unbound) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Big(a), Self::Big(b)) => Rc::ptr_eq(a, b),
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b)) => Rc::ptr_eq(a, b) || a.is_interned_like(b),
            (Self::Bytes(a), Self::Bytes(b)) => Rc::ptr_eq(a, b),
            (Self::Tuple(a), Self::Tuple(b)) => Rc::ptr_eq(a, b) || (a.is_empty() && b.is_empty()),
            (Self::List(a), Self::List(b)) => Rc::ptr_eq(a, b),
            (Self::Dict(a), Self::Dict(b)) => Rc::ptr_eq(a, b),
            (Self::Function(a), Self::Function(b)) => Rc::ptr_eq(a, b),
            (Self::Native(a), Self::Native(b)) => Rc::ptr_eq(a, b),
            (Self::Bound(a), Self::Bound(b)) => Rc::ptr_eq(a, b),
            (Self::Class(a), Self::Class(b)) => Rc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// A number that stands for the object while it lives: `id()`.
    #[must_use]
    pub fn identity(&self) -> usize {
        fn address<T: ?Sized>(shared: &Rc<T>) -> usize {
            Rc::as_ptr(shared).cast::<u8>() as usize
        }
        match self {
            Self::Unbound => 0,
            Self::None => 16,
            Self::Ellipsis => 32,
            Self::NotImplemented => 48,
            Self::Bool(value) => 64 + 16 * usize::from(*value),
            #[expect(
                clippy::cast_sign_loss,
                clippy::cast_possible_truncation,
                reason = "any distinct number serves"
            )]
            Self::Int(value) => (*value as usize).wrapping_mul(32).wrapping_add(1 << 20),
            #[expect(clippy::cast_possible_truncation, reason = "any number serves")]
            Self::Float(value) => (value.to_bits() as usize) | 8,
            Self::Big(shared) => address(shared),
            Self::Str(shared) => address(shared),
            Self::Bytes(shared) => address(shared),
            Self::Tuple(shared) => address(shared),
            Self::List(shared) => address(shared),
            Self::Dict(shared) => address(shared),
            Self::Function(shared) => address(shared),
            Self::Native(shared) => address(shared),
            Self::Bound(shared) => address(shared),
            Self::Class(shared) => address(shared),
            Self::Object(shared) => address(shared),
            Self::Cell(shared) => address(shared),
        }
    }

    /// The text, if this is a `str` or an instance of a subclass of it.
    #[must_use]
    pub fn as_str(&self) -> Option<&Rc<Str>> {
        match self.plain() {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a `list` or an instance of a subclass of it.
    #[must_use]
    pub fn as_list(&self) -> Option<&Rc<RefCell<Vec<Self>>>> {
        match self.plain() {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if this is a `tuple` or an instance of a subclass of it.
    #[must_use]
    pub fn as_tuple(&self) -> Option<&Rc<[Self]>> {
        match self.plain() {
            Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The table, if this is a `dict` or an instance of a subclass of it.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Rc<RefCell<Table>>> {
        match self.plain() {
            Self::Dict(table) => Some(table),
            _ => None,
        }
    }

    /// The value itself; of an instance of a script's subclass of a built-in type, the built-in value inside it.
    #[must_use]
    pub fn plain(&self) -> &Self {
        match self {
            Self::Object(object) => object.base().unwrap_or(self),
            _ => self,
        }
    }

    /// What our own class keeps in an instance, if this is one that keeps a `T`.
    #[must_use]
    pub fn payload<T: 'static>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.payload::<T>(),
            _ => None,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or_else(|_| Self::integer(value.into()), Self::Int)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}
