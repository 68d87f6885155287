//! The built-in classes, a file each, and what their constructors share.

use std::rc::Rc;

use crate::machine::{Kind, Machine, Outcome, Raised};
use crate::value::{Class, Object, Payload, Value};

pub mod dict;
pub mod dict_methods;
pub mod generic;
pub mod hash;
pub mod iterators;
pub mod lazy;
pub mod list;
pub mod list_slices;
pub mod mapping_proxy;
pub mod range;
pub mod sequence;
pub mod set;
pub mod set_methods;
pub mod set_table;
pub mod slice;
pub mod sort;
pub mod tuple;
pub mod union_type;
pub mod views;

// Below: classes of functions, types and generators, numbers, text, exceptions, and the built-in functions.
pub mod generator_type;
pub mod member;
pub mod super_type;
pub mod type_type;

/// Gives the built-in classes their methods and the built-in names their values.
pub fn fill(m: &Machine) {
    let classes = m.classes();
    list::fill(m, &classes.list);
    tuple::fill(m, &classes.tuple);
    dict_methods::fill(m, &classes.dict);
    views::fill(m);
    set_methods::fill(m, &classes.set);
    set_methods::fill(m, &classes.frozenset);
    range::fill(m, &classes.range);
    slice::fill(m, &classes.slice);
    iterators::fill(m);
    lazy::fill(m);
    mapping_proxy::fill(m, &classes.mapping_proxy);
    generic::fill(m, &classes.generic_alias);
    union_type::fill(m, &classes.union_type);

    // Below: the fillers of the modules that are listed below.
    generator_type::fill(m);
    member::fill(m);
    super_type::fill(m);
    type_type::fill(m);
}

/// A new value as an instance of `class`: the value itself where that is the built-in class, else an instance of the
/// script's subclass with the value inside.
#[must_use]
pub fn wrap(class: &Value, exact: &Rc<Class>, value: Value) -> Value {
    match class {
        Value::Class(class) if !Rc::ptr_eq(class, exact) => {
            let object = Object::new(Rc::clone(class));
            object.keep(Payload::Base(value));
            Value::Object(Rc::new(object))
        }
        _ => value,
    }
}

/// The class that a `__new__` is to make an instance of.
///
/// # Errors
/// TypeError if it is no class or does not derive from `exact`.
pub fn class_asked<'a>(m: &Machine, class: &'a Value, exact: &Rc<Class>) -> Outcome<&'a Rc<Class>> {
    let name = exact.name();
    match class {
        Value::Class(class) if class.is_subclass_of(exact) => Ok(class),
        Value::Class(class) => {
            let other = class.name();
            Err(m.type_error(format!(
                "{0}.__new__({1}): {1} is not a subtype of {0}",
                name.as_str(),
                other.as_str()
            )))
        }
        other => Err(m.type_error(format!(
            "{}.__new__(X): X is not a type object ({})",
            name.as_str(),
            m.type_name(other).as_str()
        ))),
    }
}

/// The positional arguments of a constructor written as `name(cls, *args, **kwargs)` that takes no keywords.
///
/// # Errors
/// TypeError for keywords, and unless there are at least `least` and at most `most` arguments.
pub fn positional<'a>(
    m: &Machine,
    name: &str,
    a: &'a [Value],
    least: usize,
    most: usize,
) -> Outcome<&'a [Value]> {
    if a.get(2)
        .and_then(Value::as_dict)
        .is_some_and(|keywords| !keywords.borrow().is_empty())
    {
        return Err(m.type_error(format!("{name}() takes no keyword arguments")));
    }
    counted(m, name, a, least, most)
}

/// The same where keywords are somebody else's.
///
/// # Errors
/// TypeError unless there are at least `least` and at most `most` arguments.
pub fn counted<'a>(
    m: &Machine,
    name: &str,
    a: &'a [Value],
    least: usize,
    most: usize,
) -> Outcome<&'a [Value]> {
    let given: &[Value] = match a.get(1) {
        Some(Value::Tuple(items)) => items,
        _ => &[],
    };
    let count = given.len();
    if (least..=most).contains(&count) {
        return Ok(given);
    }
    let (word, bound) = if least == most {
        ("", least)
    } else if count < least {
        ("at least ", least)
    } else {
        ("at most ", most)
    };
    let plural = if bound == 1 { "" } else { "s" };
    Err(m.type_error(format!(
        "{name} expected {word}{bound} argument{plural}, got {count}"
    )))
}

/// The items of a tuple; of anything else none.
#[must_use]
pub fn tuple_of(value: &Value) -> Vec<Value> {
    value
        .as_tuple()
        .map(|items| items.to_vec())
        .unwrap_or_default()
}

/// TypeError of a method of `class` that is called with something else.
#[must_use]
pub fn wrong_receiver(m: &Machine, class: &str, method: &str, value: &Value) -> Raised {
    let name = m.type_name(value);
    let name = name.as_str();
    m.type_error(if method.starts_with("__") {
        format!("descriptor '{method}' requires a '{class}' object but received a '{name}'")
    } else {
        format!("descriptor '{method}' for '{class}' objects doesn't apply to a '{name}' object")
    })
}

/// MemoryError, which says nothing.
#[must_use]
pub fn memory_error(m: &Machine) -> Raised {
    m.raise_with(Kind::MemoryError, Vec::new())
}

/// Keeps a value marked as being shown, so that one that contains itself is shown with dots.
pub struct Showing<'a> {
    machine: &'a Machine,
    value: &'a Value,
}

impl<'a> Showing<'a> {
    /// `None` if it is being shown already.
    #[must_use]
    pub fn enter(machine: &'a Machine, value: &'a Value) -> Option<Self> {
        machine
            .enter_repr(value)
            .then_some(Self { machine, value })
    }
}

impl Drop for Showing<'_> {
    fn drop(&mut self) {
        self.machine.leave_repr(self.value);
    }
}
