//! The methods of `type`: making classes, and what every class knows of itself.

use std::cell::RefCell;
use std::rc::Rc;

use crate::machine::{Arguments, ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Object, Table, Value};

/// Adds the methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().type_);
    let _ = ClassBuilder::extend(m, &class)
        .async_constructor(
            "@type(cls, name_or_object, bases=None, dict=None, /, **kwds)",
            new,
        )
        .async_method(
            "__call__(self, *args, **kwargs)",
            "Makes an instance.",
            call,
        )
        .method(
            "__init__(self, name_or_object, bases=None, dict=None, /, **kwds)",
            "",
            |_, _| Ok(Value::None),
        )
        .class_method(
            "__prepare__(cls, *args, **kwds)",
            "The namespace of a class body.",
            |_, _| Ok(Value::dict(Table::new())),
        )
        .method("mro(self)", "The order of resolution.", |m, a| {
            Ok(Value::list(
                own(m, &a[0])?
                    .order()
                    .into_iter()
                    .map(Value::Class)
                    .collect(),
            ))
        })
        .method("__subclasses__(self)", "Its direct subclasses.", |m, a| {
            Ok(Value::list(
                own(m, &a[0])?
                    .subclasses()
                    .into_iter()
                    .map(Value::Class)
                    .collect(),
            ))
        })
        .method(
            "__instancecheck__(self, instance, /)",
            "isinstance",
            |m, a| Ok(Value::Bool(m.is_instance(&a[1], own(m, &a[0])?))),
        )
        .method(
            "__subclasscheck__(self, subclass, /)",
            "issubclass",
            |m, a| Ok(Value::Bool(own(m, &a[1])?.is_subclass_of(own(m, &a[0])?))),
        )
        .method("__repr__(self)", "", |m, a| {
            Ok(Value::from(repr(m, own(m, &a[0])?)))
        })
        .async_method("__or__(self, other, /)", "A union of types.", |m, a| {
            Box::pin(async move {
                let typing = m.import_module("types").await?;
                let union = m.find_attribute(&typing, &m.name("_union")).await?;
                match union {
                    Some(union) => m.call(&union, a).await,
                    None => Ok(Value::NotImplemented),
                }
            })
        })
        .getter("__name__", "", |m, value| {
            Ok(Value::Str(own(m, value)?.name()))
        })
        .getter("__qualname__", "", |m, value| {
            Ok(Value::Str(own(m, value)?.qualified_name()))
        })
        .getter("__bases__", "", |m, value| {
            Ok(Value::tuple(
                own(m, value)?
                    .bases()
                    .into_iter()
                    .map(Value::Class)
                    .collect(),
            ))
        })
        .getter("__base__", "", |m, value| {
            Ok(own(m, value)?
                .bases()
                .into_iter()
                .next()
                .map_or(Value::None, Value::Class))
        })
        .getter("__mro__", "", |m, value| {
            Ok(Value::tuple(
                own(m, value)?
                    .order()
                    .into_iter()
                    .map(Value::Class)
                    .collect(),
            ))
        })
        .getter("__dict__", "", |m, value| {
            let table = own(m, value)?.attributes().clone();
            let class = Rc::clone(&m.classes().mapping_proxy);
            Ok(Value::Object(Rc::new(Object::with(
                class,
                Rc::new(RefCell::new(table)),
            ))))
        })
        .finish();
}

fn own<'a>(m: &Machine, value: &'a Value) -> Outcome<&'a Rc<Class>> {
    match value {
        Value::Class(class) => Ok(class),
        _ => Err(m.type_error(format!(
            "expected a class, not '{}'",
            m.type_name(value).as_str()
        ))),
    }
}

/// `<class '__main__.A'>`
pub fn repr(m: &Machine, class: &Rc<Class>) -> String {
    let name = class.qualified_name();
    match class.find(&m.name("__module__")) {
        Some(Value::Str(module))
            if module.as_str() != "builtins"
                && !(class.flags().native
                    && class.attributes().position(&m.name("__module__")).is_none()) =>
        {
            format!("<class '{}.{}'>", module.as_str(), name.as_str())
        }
        _ => format!("<class '{}'>", name.as_str()),
    }
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        if a[2].is_unbound() {
            return Ok(Value::Class(m.type_of(&a[1])));
        }
        let metaclass = Rc::clone(own(&m, &a[0])?);
        let name = m.to_text(&a[1])?;
        let bases = m.collect(&a[2]).await?;
        let Some(namespace) = a[3].as_dict() else {
            let text = format!(
                "type.__new__() argument 3 must be dict, not {}",
                m.type_name(&a[3]).as_str()
            );
            return Err(m.type_error(text));
        };
        let keyword = match &a[4] {
            Value::Dict(table) => {
                let table = table.borrow();
                table
                    .iter()
                    .filter_map(|entry| {
                        Some((m.name(entry.key.as_str()?.as_str()), entry.value.clone()))
                    })
                    .collect()
            }
            _ => Vec::new(),
        };
        m.new_class(&metaclass, &name, &bases, namespace, keyword)
            .await
    })
}

fn call(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = Rc::clone(own(&m, &a[0])?);
        let positional = a[1]
            .as_tuple()
            .map(|items| items.to_vec())
            .unwrap_or_default();
        let keyword = match &a[2] {
            Value::Dict(table) => {
                let table = table.borrow();
                table
                    .iter()
                    .filter_map(|entry| {
                        Some((m.name(entry.key.as_str()?.as_str()), entry.value.clone()))
                    })
                    .collect()
            }
            _ => Vec::new(),
        };
        m.make_instance(
            &class,
            Arguments {
                positional,
                keyword,
            },
        )
        .await
    })
}
