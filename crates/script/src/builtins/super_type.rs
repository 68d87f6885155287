//! `super`: attributes of the classes after one in an instance's order of resolution.

use std::rc::Rc;

use crate::builtins::descriptor::{ClassMethod, Property, StaticMethod};
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Bound, Class, Object, Str, Value};

/// What a `super` object keeps.
pub struct Super {
    /// The class after which the search begins.
    pub class: Rc<Class>,
    /// The instance, or the class in a class method.
    pub receiver: Value,
    /// Whose order of resolution is searched.
    pub start: Rc<Class>,
}

/// Adds the methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().super_);
    let _ = ClassBuilder::extend(m, &class)
        .constructor("@super(cls, type=None, object=None, /)", new)
        .async_method("__getattribute__(self, name, /)", "", get)
        .method("__init__(self, type=None, object=None, /)", "", |_, _| {
            Ok(Value::None)
        })
        .method("__repr__(self)", "", |m, a| {
            let text = a[0].payload::<Super>().map_or_else(String::new, |found| {
                let receiver = m.type_name(&found.receiver);
                format!(
                    "<super: <class '{}'>, <{} object>>",
                    found.class.name().as_str(),
                    receiver.as_str()
                )
            });
            Ok(Value::from(text))
        })
        .finish();
}

fn new(m: &Machine, a: &[Value]) -> Outcome {
    let (class, receiver) = if a[1].is_unbound() {
        let no_arguments = || m.runtime_error("super(): no arguments");
        let caller = m.caller_view().ok_or_else(no_arguments)?;
        let locals = caller.locals.borrow();
        let receiver = caller
            .first
            .as_ref()
            .and_then(|name| locals.get(name).cloned())
            .ok_or_else(no_arguments)?;
        match locals.get(&m.name("__class__")) {
            Some(Value::Class(class)) => (Rc::clone(class), receiver),
            _ => return Err(m.runtime_error("super(): __class__ cell not found")),
        }
    } else {
        match &a[1] {
            Value::Class(class) => (Rc::clone(class), a[2].clone()),
            other => {
                let text = format!(
                    "super() argument 1 must be a type, not {}",
                    m.type_name(other).as_str()
                );
                return Err(m.type_error(text));
            }
        }
    };
    let start = match &receiver {
        Value::Class(own) if own.is_subclass_of(&class) => Rc::clone(own),
        other if m.is_instance(other, &class) => m.type_of(other),
        _ => {
            return Err(m.type_error("super(type, obj): obj must be an instance or subtype of type"));
        }
    };
    let own = Rc::clone(&m.classes().super_);
    Ok(Value::Object(Rc::new(Object::with(
        own,
        Super {
            class,
            receiver,
            start,
        },
    ))))
}

fn get(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let name = m.to_text(&a[1])?;
        let name = m.name(name.as_str());
        let Some(found) = a[0].payload::<Super>() else {
            return Err(m.no_attribute(&a[0], &name));
        };
        match find(found, &name) {
            Some(value) => bind(&m, found, &value).await,
            None => {
                let text = format!("'super' object has no attribute '{}'", name.as_str());
                Err(m.attribute_error(text))
            }
        }
    })
}

fn find(found: &Super, name: &Rc<Str>) -> Option<Value> {
    let order = found.start.order();
    let after = order
        .iter()
        .position(|class| Rc::ptr_eq(class, &found.class))?
        + 1;
    order[after..]
        .iter()
        .find_map(|class| class.attributes().get(name).cloned())
}

async fn bind(m: &Machine, found: &Super, value: &Value) -> Outcome {
    let class_method =
        matches!(&found.receiver, Value::Class(own) if Rc::ptr_eq(own, &found.start));
    if let Some(method) = value.payload::<StaticMethod>() {
        return Ok(method.function.clone());
    }
    if let Some(method) = value.payload::<ClassMethod>() {
        let receiver = Value::Class(Rc::clone(&found.start));
        return Ok(Value::Bound(Rc::new(Bound {
            function: method.function.clone(),
            receiver,
        })));
    }
    if class_method
        && (matches!(value, Value::Function(_) | Value::Native(_))
            || value.payload::<Property>().is_some())
    {
        // Seen from a class: a plain function, or, where the class is an instance of its metaclass, its method.
        let is_meta = found.class.is_subclass_of(&m.classes().type_);
        return if is_meta {
            m.bind_to(value, &found.receiver).await
        } else {
            Ok(value.clone())
        };
    }
    m.bind_to(value, &found.receiver).await
}
