//! Classes: their order of resolution, their attributes, and who may be their base.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::{Rc, Weak};

use super::{Str, Table, Value};

/// What a class is to the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassFlags {
    /// One of ours: its attributes cannot be set by a script.
    pub native: bool,
    /// No script may derive from it (`bool`, `NoneType`, `function`, …).
    pub last: bool,
    /// Instances have no `__dict__` (`__slots__`, `int`, …).
    pub bare: bool,
}

/// A class.
pub struct Class {
    name: RefCell<Rc<Str>>,
    qualified_name: RefCell<Rc<Str>>,
    bases: RefCell<Vec<Rc<Class>>>,
    /// The order of resolution (C3) without the class itself, which comes first.
    ancestors: RefCell<Vec<Rc<Class>>>,
    attributes: RefCell<Table>,
    metaclass: RefCell<Option<Rc<Class>>>,
    subclasses: RefCell<Vec<Weak<Class>>>,
    flags: Cell<ClassFlags>,
}

impl Class {
    /// A class of these bases, `ancestors` being its bases and theirs in the order of resolution, without itself.
    #[must_use]
    pub fn new(
        name: &str,
        bases: Vec<Rc<Self>>,
        ancestors: Vec<Rc<Self>>,
        attributes: Table,
        flags: ClassFlags,
    ) -> Rc<Self> {
        let text = Rc::new(Str::new(name));
        let class = Rc::new(Self {
            name: RefCell::new(Rc::clone(&text)),
            qualified_name: RefCell::new(text),
            bases: RefCell::new(bases),
            ancestors: RefCell::new(ancestors),
            attributes: RefCell::new(attributes),
            metaclass: RefCell::new(None),
            subclasses: RefCell::default(),
            flags: Cell::new(flags),
        });
        for base in class.bases.borrow().iter() {
            base.subclasses.borrow_mut().push(Rc::downgrade(&class));
        }
        class
    }

    /// `__name__`
    #[must_use]
    pub fn name(&self) -> Rc<Str> {
        Rc::clone(&self.name.borrow())
    }

    /// Sets `__name__`.
    pub fn set_name(&self, name: Rc<Str>) {
        *self.name.borrow_mut() = name;
    }

    /// `__qualname__`
    #[must_use]
    pub fn qualified_name(&self) -> Rc<Str> {
        Rc::clone(&self.qualified_name.borrow())
    }

    /// Sets `__qualname__`.
    pub fn set_qualified_name(&self, name: Rc<Str>) {
        *self.qualified_name.borrow_mut() = name;
    }

    /// `__bases__`
    #[must_use]
    pub fn bases(&self) -> Vec<Rc<Self>> {
        self.bases.borrow().clone()
    }

    /// `__mro__`
    #[must_use]
    pub fn order(self: &Rc<Self>) -> Vec<Rc<Self>> {
        std::iter::once(self)
            .chain(self.ancestors.borrow().iter())
            .map(Rc::clone)
            .collect()
    }

    /// The classes after this one in the order of resolution.
    #[must_use]
    pub fn ancestors(&self) -> Ref<'_, Vec<Rc<Self>>> {
        self.ancestors.borrow()
    }

    /// Its own attributes.
    pub fn attributes(&self) -> Ref<'_, Table> {
        self.attributes.borrow()
    }

    /// Its own attributes, to change. The machine's caches must be told: see `Machine::class_changed`.
    pub fn attributes_mut(&self) -> RefMut<'_, Table> {
        self.attributes.borrow_mut()
    }

    /// The class of this class; `None` for `type`.
    #[must_use]
    pub fn metaclass(&self) -> Option<Rc<Self>> {
        self.metaclass.borrow().clone()
    }

    /// Sets the class of this class.
    pub fn set_metaclass(&self, metaclass: Rc<Self>) {
        *self.metaclass.borrow_mut() = Some(metaclass);
    }

    /// `__subclasses__()`
    #[must_use]
    pub fn subclasses(&self) -> Vec<Rc<Self>> {
        self.subclasses
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .collect()
    }

    /// What it is to the machine.
    #[must_use]
    pub fn flags(&self) -> ClassFlags {
        self.flags.get()
    }

    /// Sets what it is to the machine.
    pub fn set_flags(&self, flags: ClassFlags) {
        self.flags.set(flags);
    }

    /// Whether this is `other` or derives from it.
    #[must_use]
    pub fn is_subclass_of(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        Rc::ptr_eq(self, other)
            || self
                .ancestors
                .borrow()
                .iter()
                .any(|ancestor| Rc::ptr_eq(ancestor, other))
    }

    /// An attribute of this class or of the first ancestor that has it, not bound to anything.
    #[must_use]
    pub fn find(&self, name: &Rc<Str>) -> Option<Value> {
        if let Some(value) = self.attributes.borrow().get(name) {
            return Some(value.clone());
        }
        self.ancestors
            .borrow()
            .iter()
            .find_map(|ancestor| ancestor.attributes.borrow().get(name).cloned())
    }
}
