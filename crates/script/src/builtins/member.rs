//! What `__slots__` puts into a class: a place of its own in each instance, read, set and deleted by name.

use std::rc::Rc;

use crate::machine::{ClassBuilder, Machine, Outcome};
use crate::value::{Class, Object, Str, Value};

/// A slot of instances of a class.
pub struct Member {
    name: Rc<Str>,
    class: Rc<Str>,
}

/// The descriptor of a slot.
pub fn member(m: &Machine, class: &Rc<Class>, name: &Rc<Str>) -> Value {
    let member = Member {
        name: m.name(name.as_str()),
        class: class.name(),
    };
    Value::Object(Rc::new(Object::with(
        Rc::clone(&m.classes().member_descriptor),
        member,
    )))
}

/// Adds the methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().member_descriptor);
    let _ = ClassBuilder::extend(m, &class)
        .method("__get__(self, instance, owner=None, /)", "", get)
        .method("__set__(self, instance, value, /)", "", |m, a| {
            let (member, object) = parts(m, a)?;
            object.attributes_mut().set(&member.name, a[2].clone());
            Ok(Value::None)
        })
        .method("__delete__(self, instance, /)", "", |m, a| {
            let (member, object) = parts(m, a)?;
            match object.attributes_mut().remove_name(&member.name) {
                Some(_) => Ok(Value::None),
                None => Err(m.no_attribute(&a[1], &member.name)),
            }
        })
        .method("__repr__(self)", "", |_, a| {
            let text = a[0].payload::<Member>().map_or_else(String::new, |member| {
                format!(
                    "<member '{}' of '{}' objects>",
                    member.name.as_str(),
                    member.class.as_str()
                )
            });
            Ok(Value::from(text))
        })
        .last()
        .finish();
}

fn parts<'a>(m: &Machine, a: &'a [Value]) -> Outcome<(&'a Member, &'a Rc<Object>)> {
    match (a[0].payload::<Member>(), &a[1]) {
        (Some(member), Value::Object(object)) => Ok((member, object)),
        _ => Err(m.type_error("a slot belongs to an instance")),
    }
}

fn get(m: &Machine, a: &[Value]) -> Outcome {
    if a[1].is_none() {
        return Ok(a[0].clone());
    }
    let (member, object) = parts(m, a)?;
    let found = object.attributes().get(&member.name).cloned();
    found.ok_or_else(|| m.no_attribute(&a[1], &member.name))
}
