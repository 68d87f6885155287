//! `object`: what every instance can do unless its class says otherwise; `NoneType` and the other singletons' classes.

use std::rc::Rc;

use super::hash;
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Object, Value};

/// Whether a class has a special method other than `object`'s.
fn overrides(m: &Machine, class: &Rc<crate::value::Class>, name: &str) -> bool {
    let name = m.name(name);
    let plain = m.classes().object.attributes().get(&name).cloned();
    match (m.find_in_class(class, &name), plain) {
        (Some(found), Some(plain)) => !found.is(&plain),
        (found, _) => found.is_some(),
    }
}

fn has_arguments(a: &[Value]) -> bool {
    a[1].as_tuple().is_some_and(|items| !items.is_empty())
        || a[2]
            .as_dict()
            .is_some_and(|table| !table.borrow().is_empty())
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let object = Rc::clone(&m.classes().object);
        let class = Rc::clone(super::class_asked(&m, &a[0], &object)?);
        if has_arguments(&a) {
            if overrides(&m, &class, "__new__") {
                return Err(m.type_error(
                    "object.__new__() takes exactly one argument (the type to instantiate)",
                ));
            }
            if !overrides(&m, &class, "__init__") {
                return Err(m.type_error(format!("{}() takes no arguments", class.name().as_str())));
            }
        }
        if let Some(names) = m.find_in_class(&class, &m.name("__abstractmethods__")) {
            let mut missing = Vec::new();
            for name in m.collect(&names).await? {
                missing.push(m.str(&name).await?);
            }
            missing.sort();
            if !missing.is_empty() {
                let plural = if missing.len() == 1 { "" } else { "s" };
                return Err(m.type_error(format!(
                    "Can't instantiate abstract class {} with abstract method{plural} {}",
                    class.name().as_str(),
                    missing.join(", ")
                )));
            }
        }
        Ok(Value::Object(Rc::new(Object::new(class))))
    })
}

/// `<__main__.A object at 0x…>`
#[must_use]
pub fn plain_repr(m: &Machine, value: &Value) -> String {
    let class = m.type_of(value);
    let name = class.qualified_name();
    let module = match class.find(&m.name("__module__")) {
        Some(Value::Str(module)) if module.as_str() != "builtins" => {
            format!("{}.", module.as_str())
        }
        _ => String::new(),
    };
    format!(
        "<{module}{} object at 0x{:012x}>",
        name.as_str(),
        value.identity()
    )
}

fn init(m: &Machine, a: &[Value]) -> Outcome {
    if has_arguments(a) {
        let class = m.type_of(&a[0]);
        if overrides(m, &class, "__init__") {
            return Err(m.type_error(
                "object.__init__() takes exactly one argument (the instance to initialize)",
            ));
        }
        if !overrides(m, &class, "__new__") {
            return Err(m.type_error(format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                class.name().as_str()
            )));
        }
    }
    Ok(Value::None)
}

fn dir(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move { Ok(Value::list(names(&m, &a[0]))) })
}

/// The names that a value's `dir()` has, sorted.
#[must_use]
pub fn names(m: &Machine, value: &Value) -> Vec<Value> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |table: &crate::value::Table| {
        found.extend(table.keys().filter_map(|key| {
            let text = key.as_str()?.as_str();
            (!text.starts_with('.')).then(|| text.to_owned())
        }));
    };
    match value {
        Value::Object(object) => add(&object.attributes()),
        Value::Function(function) => add(&function.attributes.borrow()),
        _ => {}
    }
    if let Some(table) = m.module_table(value) {
        add(&table.borrow());
    } else {
        let class = match value {
            Value::Class(class) => Rc::clone(class),
            _ => m.type_of(value),
        };
        for class in class.order() {
            add(&class.attributes());
        }
    }
    found.sort();
    found.dedup();
    found.into_iter().map(Value::from).collect()
}

/// What `copy` and `pickle` make an instance again from: a function, its arguments, and what the instance holds.
fn reduce(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let value = a[0].clone();
        let class = Value::Class(m.type_of(&value));
        let mut arguments = vec![class.clone()];
        if m.find_special(&value, "__getnewargs__").is_some() {
            let more = m.call_method(&value, "__getnewargs__", Vec::new()).await?;
            arguments.extend(m.collect(&more).await?);
        } else if !matches!(value.plain(), Value::Object(_)) {
            match value.plain() {
                Value::List(_) | Value::Dict(_) => {}
                other => arguments.push(other.clone()),
            }
        }
        let state = match m.find_special(&value, "__getstate__") {
            Some(method) => m.call(&method, vec![value.clone()]).await?,
            None => Value::None,
        };
        let copyreg = m.get_attribute(&class, &m.names().new).await?;
        let (mut items, mut pairs) = (Value::None, Value::None);
        match value.plain() {
            Value::List(list) if matches!(value, Value::Object(_)) => {
                items = m.iterate(&Value::List(Rc::clone(list))).await?.into_value();
            }
            Value::Dict(_) if matches!(value, Value::Object(_)) => {
                let found = m.call_method(&value, "items", Vec::new()).await?;
                pairs = m.iterate(&found).await?.into_value();
            }
            _ => {}
        }
        Ok(Value::tuple(vec![
            copyreg,
            Value::tuple(arguments),
            state,
            items,
            pairs,
        ]))
    })
}

/// Gives the classes their methods.
pub fn fill(m: &Machine) {
    let object = Rc::clone(&m.classes().object);
    let _ = ClassBuilder::extend(m, &object)
        .async_constructor("object(cls, *args, **kwargs)", new)
        .method("__init__(self, *args, **kwargs)", "", init)
        .method("__repr__(self, /)", "", |m, a| {
            Ok(Value::from(plain_repr(m, &a[0])))
        })
        .async_method("__str__(self, /)", "", |m, a| {
            Box::pin(async move { m.repr(&a[0]).await.map(Value::from) })
        })
        .method("__eq__(self, value, /)", "", |_, a| {
            Ok(if a[0].is(&a[1]) {
                Value::Bool(true)
            } else {
                Value::NotImplemented
            })
        })
        .async_method("__ne__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let Some(method) = m.find_special(&a[0], "__eq__") else {
                    return Ok(Value::NotImplemented);
                };
                match m.call(&method, a).await? {
                    Value::NotImplemented => Ok(Value::NotImplemented),
                    equal => Ok(Value::Bool(!m.truth(&equal).await?)),
                }
            })
        })
        .method("__lt__(self, value, /)", "", |_, _| {
            Ok(Value::NotImplemented)
        })
        .method("__le__(self, value, /)", "", |_, _| {
            Ok(Value::NotImplemented)
        })
        .method("__gt__(self, value, /)", "", |_, _| {
            Ok(Value::NotImplemented)
        })
        .method("__ge__(self, value, /)", "", |_, _| {
            Ok(Value::NotImplemented)
        })
        .method("__hash__(self, /)", "", |_, a| {
            Ok(hash::as_value(hash::of_identity(&a[0])))
        })
        .async_method("__format__(self, format_spec, /)", "", |m, a| {
            Box::pin(async move {
                if m.to_text(&a[1])?.length() > 0 {
                    return Err(m.type_error(format!(
                        "unsupported format string passed to {}.__format__",
                        m.type_name(&a[0]).as_str()
                    )));
                }
                m.str(&a[0]).await.map(Value::from)
            })
        })
        .async_method("__getattribute__(self, name, /)", "", |m, a| {
            Box::pin(async move {
                let name = m.to_text(&a[1])?;
                m.plain_attribute(&a[0], &m.name(&name)).await
            })
        })
        .async_method("__setattr__(self, name, value, /)", "", |m, a| {
            Box::pin(async move {
                let name = m.to_text(&a[1])?;
                m.plain_set_attribute(&a[0], &m.name(&name), a[2].clone())
                    .await?;
                Ok(Value::None)
            })
        })
        .async_method("__delattr__(self, name, /)", "", |m, a| {
            Box::pin(async move {
                let name = m.to_text(&a[1])?;
                m.plain_delete_attribute(&a[0], &m.name(&name)).await?;
                Ok(Value::None)
            })
        })
        .accessor(
            "__class__",
            "The instance's class.",
            |m, value| Ok(Value::Class(m.type_of(value))),
            |m, value, new| match (value, new) {
                (Value::Object(object), Value::Class(class)) => {
                    object.set_class(Rc::clone(class));
                    Ok(())
                }
                _ => Err(m.type_error(format!(
                    "__class__ must be set to a class, not '{}' object",
                    m.type_name(new).as_str()
                ))),
            },
        )
        .async_method("__dir__(self, /)", "", dir)
        .method("__getstate__(self, /)", "", |_, a| {
            Ok(match &a[0] {
                Value::Object(object) if !object.attributes().is_empty() => {
                    Value::Dict(object.shared_attributes())
                }
                _ => Value::None,
            })
        })
        .async_method("__reduce_ex__(self, protocol, /)", "", |m, a| {
            Box::pin(async move {
                let own = m.find_special(&a[0], "__reduce__");
                let plain = m
                    .classes()
                    .object
                    .attributes()
                    .get(&m.name("__reduce__"))
                    .cloned();
                match (own, plain) {
                    (Some(own), Some(plain)) if !own.is(&plain) => {
                        m.call(&own, vec![a[0].clone()]).await
                    }
                    _ => reduce(m, a).await,
                }
            })
        })
        .async_method("__reduce__(self, /)", "", reduce)
        .method("__sizeof__(self, /)", "", |_, _| Ok(Value::Int(48)))
        .class_method("__init_subclass__(cls, **kwargs)", "", |m, a| {
            if a[1]
                .as_dict()
                .is_some_and(|table| !table.borrow().is_empty())
            {
                let name = match &a[0] {
                    Value::Class(class) => class.name().as_str().to_owned(),
                    _ => String::new(),
                };
                return Err(m.type_error(format!(
                    "{name}.__init_subclass__() takes no keyword arguments"
                )));
            }
            Ok(Value::None)
        })
        .class_method("__subclasshook__(cls, subclass, /)", "", |_, _| {
            Ok(Value::NotImplemented)
        });
    let _ = ClassBuilder::extend(m, &m.classes().none_type)
        .method("__bool__(self, /)", "", |_, _| Ok(Value::Bool(false)))
        .method("__repr__(self, /)", "", |_, _| Ok(Value::text("None")))
        .constructor("NoneType(cls)", |_, _| Ok(Value::None));
    let _ = ClassBuilder::extend(m, &m.classes().ellipsis_type)
        .method("__repr__(self, /)", "", |_, _| Ok(Value::text("Ellipsis")))
        .method("__reduce__(self, /)", "", |_, _| {
            Ok(Value::text("Ellipsis"))
        });
    let _ = ClassBuilder::extend(m, &m.classes().not_implemented_type).method(
        "__repr__(self, /)",
        "",
        |_, _| Ok(Value::text("NotImplemented")),
    );
}
