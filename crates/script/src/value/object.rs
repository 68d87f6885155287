//! Instances: their class, their attributes, and what a class of ours keeps inside.

use std::any::Any;
use std::cell::{OnceCell, Ref, RefCell, RefMut};
use std::rc::Rc;

use super::{Class, Table, Value};

/// What an instance holds besides attributes.
pub enum Payload {
    /// The built-in value inside an instance of a script's subclass of `int`, `str`, `list`, …
    Base(Value),
    /// What a class of ours keeps; it changes by interior mutability.
    Native(Box<dyn Any>),
}

/// An instance.
pub struct Object {
    class: RefCell<Rc<Class>>,
    attributes: Rc<RefCell<Table>>,
    payload: OnceCell<Payload>,
}

impl Object {
    /// A bare instance of a class.
    #[must_use]
    pub fn new(class: Rc<Class>) -> Self {
        Self {
            class: RefCell::new(class),
            attributes: Rc::default(),
            payload: OnceCell::new(),
        }
    }

    /// An instance of a class of ours that keeps `content`.
    #[must_use]
    pub fn with<T: 'static>(class: Rc<Class>, content: T) -> Self {
        let object = Self::new(class);
        object.keep(Payload::Native(Box::new(content)));
        object
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> Rc<Class> {
        Rc::clone(&self.class.borrow())
    }

    /// `object.__class__ = class`
    pub fn set_class(&self, class: Rc<Class>) {
        *self.class.borrow_mut() = class;
    }

    /// Its `__dict__`.
    pub fn attributes(&self) -> Ref<'_, Table> {
        self.attributes.borrow()
    }

    /// Its `__dict__`, to change.
    pub fn attributes_mut(&self) -> RefMut<'_, Table> {
        self.attributes.borrow_mut()
    }

    /// Its `__dict__` itself, which a script may hold.
    #[must_use]
    pub fn shared_attributes(&self) -> Rc<RefCell<Table>> {
        Rc::clone(&self.attributes)
    }

    /// Fills the instance; says whether it was empty until now.
    pub fn keep(&self, payload: Payload) -> bool {
        self.payload.set(payload).is_ok()
    }

    /// The built-in value inside.
    #[must_use]
    pub fn base(&self) -> Option<&Value> {
        match self.payload.get() {
            Some(Payload::Base(value)) => Some(value),
            _ => None,
        }
    }

    /// What a class of ours keeps, if it is a `T`.
    #[must_use]
    pub fn payload<T: 'static>(&self) -> Option<&T> {
        match self.payload.get() {
            Some(Payload::Native(content)) => content.downcast_ref(),
            _ => None,
        }
    }
}
