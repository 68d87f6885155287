//! How classes and modules of ours are made: names, signatures, one line of documentation, functions.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Machine, Outcome};
use crate::builtins::descriptor::{ClassMethod, Property, StaticMethod};
use crate::value::{
    AsyncNative, Class, ClassFlags, Native, NativeKind, PlainNative, Signature, Table, Value,
};

/// Makes a class of ours.
pub struct ClassBuilder {
    machine: Machine,
    class: Rc<Class>,
}

/// Reads an attribute of an instance of ours.
pub type Getter = fn(&Machine, &Value) -> Outcome;

/// Writes one.
pub type Setter = fn(&Machine, &Value, &Value) -> Outcome<()>;

impl ClassBuilder {
    /// A class of this name and these bases; `object` where there are none.
    #[must_use]
    pub fn new(machine: &Machine, name: &str, bases: &[Rc<Class>]) -> Self {
        let mut ancestors: Vec<Rc<Class>> = Vec::new();
        for base in bases {
            for class in base.order() {
                if !ancestors.iter().any(|known| Rc::ptr_eq(known, &class)) {
                    ancestors.push(class);
                }
            }
        }
        // `object` comes last whatever the bases were.
        if bases.len() > 1
            && let Some(at) = ancestors
                .iter()
                .position(|class| &**class.name() == "object")
        {
            let object = ancestors.remove(at);
            ancestors.push(object);
        }
        let flags = ClassFlags {
            native: true,
            ..ClassFlags::default()
        };
        let class = Class::new(name, bases.to_vec(), ancestors, Table::new(), flags);
        if let Some(metaclass) = bases
            .iter()
            .find_map(|base| base.metaclass())
            .or_else(|| machine.type_class())
        {
            class.set_metaclass(metaclass);
        }
        Self {
            machine: machine.clone(),
            class,
        }
    }

    /// A builder that adds to a class there is.
    #[must_use]
    pub fn extend(machine: &Machine, class: &Rc<Class>) -> Self {
        Self {
            machine: machine.clone(),
            class: Rc::clone(class),
        }
    }

    fn native(
        &self,
        signature: &str,
        doc: &str,
        kind: NativeKind,
        is_method: bool,
    ) -> (Rc<str>, Value) {
        let signature = Signature::new(signature);
        let name = Rc::clone(&signature.name);
        let owner = self.class.name();
        let native = Native {
            signature,
            doc: doc.into(),
            kind,
            owner: owner.as_str().into(),
            is_method,
        };
        (name, Value::Native(Rc::new(native)))
    }

    fn set(self, name: &str, value: Value) -> Self {
        self.class
            .attributes_mut()
            .set(&self.machine.name(name), value);
        self
    }

    /// A method.
    #[must_use]
    pub fn method(self, signature: &str, doc: &str, function: PlainNative) -> Self {
        let (name, value) = self.native(signature, doc, NativeKind::Plain(function), true);
        self.set(&name, value)
    }

    /// A method that may call a script or read from a device.
    #[must_use]
    pub fn async_method(self, signature: &str, doc: &str, function: AsyncNative) -> Self {
        let (name, value) = self.native(signature, doc, NativeKind::Async(function), true);
        self.set(&name, value)
    }

    /// `__new__`; the first slot is the class to instantiate.
    #[must_use]
    pub fn constructor(self, signature: &str, function: PlainNative) -> Self {
        let (_, value) = self.native(signature, "", NativeKind::Plain(function), false);
        self.set("__new__", StaticMethod::wrap_native(value))
    }

    /// `__new__` of a class that may call a script or read from a device.
    #[must_use]
    pub fn async_constructor(self, signature: &str, function: AsyncNative) -> Self {
        let (_, value) = self.native(signature, "", NativeKind::Async(function), false);
        self.set("__new__", StaticMethod::wrap_native(value))
    }

    /// A static method.
    #[must_use]
    pub fn static_method(self, signature: &str, doc: &str, function: PlainNative) -> Self {
        let (name, value) = self.native(signature, doc, NativeKind::Plain(function), false);
        self.set(&name, StaticMethod::wrap_native(value))
    }

    /// A class method.
    #[must_use]
    pub fn class_method(self, signature: &str, doc: &str, function: PlainNative) -> Self {
        let (name, value) = self.native(signature, doc, NativeKind::Plain(function), true);
        let wrapped = ClassMethod::wrap(&self.machine, value);
        self.set(&name, wrapped)
    }

    /// A class method that may call a script or read from a device.
    #[must_use]
    pub fn async_class_method(self, signature: &str, doc: &str, function: AsyncNative) -> Self {
        let (name, value) = self.native(signature, doc, NativeKind::Async(function), true);
        let wrapped = ClassMethod::wrap(&self.machine, value);
        self.set(&name, wrapped)
    }

    /// A read-only attribute.
    #[must_use]
    pub fn getter(self, name: &str, doc: &str, get: Getter) -> Self {
        let property = Property::native(&self.machine, name, doc, get, None);
        self.set(name, property)
    }

    /// An attribute that can be set.
    #[must_use]
    pub fn accessor(self, name: &str, doc: &str, get: Getter, set: Setter) -> Self {
        let property = Property::native(&self.machine, name, doc, get, Some(set));
        self.set(name, property)
    }

    /// A class attribute.
    #[must_use]
    pub fn constant(self, name: &str, value: Value) -> Self {
        self.set(name, value)
    }

    /// Forbids subclasses.
    #[must_use]
    pub fn last(self) -> Self {
        self.class.set_flags(ClassFlags {
            last: true,
            ..self.class.flags()
        });
        self
    }

    /// Gives instances no `__dict__`.
    #[must_use]
    pub fn bare(self) -> Self {
        self.class.set_flags(ClassFlags {
            bare: true,
            ..self.class.flags()
        });
        self
    }

    /// The class.
    #[must_use]
    pub fn finish(self) -> Rc<Class> {
        self.machine.class_changed();
        self.class
    }
}

/// Makes a module of ours.
pub struct ModuleBuilder {
    machine: Machine,
    name: String,
    table: Table,
}

impl ModuleBuilder {
    /// A module of this name.
    #[must_use]
    pub fn new(machine: &Machine, name: &str) -> Self {
        let mut table = Table::new();
        table.set(&machine.name("__name__"), Value::text(name));
        Self {
            machine: machine.clone(),
            name: name.to_owned(),
            table,
        }
    }

    fn native(mut self, signature: &str, doc: &str, kind: NativeKind) -> Self {
        let signature = Signature::new(signature);
        let name = self.machine.name(&signature.name);
        let native = Native {
            signature,
            doc: doc.into(),
            kind,
            owner: self.name.as_str().into(),
            is_method: false,
        };
        self.table.set(&name, Value::Native(Rc::new(native)));
        self
    }

    /// A function.
    #[must_use]
    pub fn function(self, signature: &str, doc: &str, function: PlainNative) -> Self {
        self.native(signature, doc, NativeKind::Plain(function))
    }

    /// A function that may call a script or read from a device.
    #[must_use]
    pub fn async_function(self, signature: &str, doc: &str, function: AsyncNative) -> Self {
        self.native(signature, doc, NativeKind::Async(function))
    }

    /// A value.
    #[must_use]
    pub fn value(mut self, name: &str, value: Value) -> Self {
        self.table.set(&self.machine.name(name), value);
        self
    }

    /// A class, under its own name.
    #[must_use]
    pub fn class(self, class: &Rc<Class>) -> Self {
        class
            .attributes_mut()
            .set(&self.machine.name("__module__"), Value::text(&self.name));
        let name = class.name();
        self.value(name.as_str(), Value::Class(Rc::clone(class)))
    }

    /// The names so far, for what is built into every module.
    #[must_use]
    pub fn into_table(self) -> Table {
        self.table
    }

    /// The module.
    ///
    /// # Errors
    /// None; an outcome, so that a module's maker can end with it.
    pub fn finish(self) -> Outcome {
        Ok(self
            .machine
            .new_module(&self.name, Rc::new(RefCell::new(self.table))))
    }
}
