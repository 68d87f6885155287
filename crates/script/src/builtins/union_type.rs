//! `int | str`: the class `types.UnionType`.

use std::rc::Rc;

use super::generic::{Alias, type_text};
use super::{hash, wrong_receiver};
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Object, Value};

/// What a union keeps: its members, none of them a union.
pub struct Union(Rc<[Value]>);

/// `a | b` of types, None and unions; NotImplemented where one is none of these.
///
/// # Errors
/// What `__eq__` raises.
pub async fn join(m: &Machine, a: &Value, b: &Value) -> Outcome {
    let mut members: Vec<Value> = Vec::new();
    for side in [a, b] {
        let more = match side {
            Value::None => vec![Value::Class(Rc::clone(&m.classes().none_type))],
            Value::Class(_) => vec![side.clone()],
            other if other.payload::<Alias>().is_some() => vec![other.clone()],
            other => match other.payload::<Union>() {
                Some(union) => union.0.to_vec(),
                None => return Ok(Value::NotImplemented),
            },
        };
        for member in more {
            if !among(m, &members, &member).await? {
                members.push(member);
            }
        }
    }
    if members.len() == 1 {
        return Ok(members.swap_remove(0));
    }
    Ok(Value::Object(Rc::new(Object::with(
        Rc::clone(&m.classes().union_type),
        Union(members.into()),
    ))))
}

async fn among(m: &Machine, members: &[Value], wanted: &Value) -> Outcome<bool> {
    for member in members {
        if m.equal(member, wanted).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The members of a union.
#[must_use]
pub fn members(value: &Value) -> Option<&Rc<[Value]>> {
    value.payload::<Union>().map(|union| &union.0)
}

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .getter("__args__", "", |m, value| {
            Ok(Value::Tuple(Rc::clone(own(m, value, "__args__")?)))
        })
        .getter("__parameters__", "", |_, _| Ok(Value::tuple(Vec::new())))
        .async_method("__or__(self, value, /)", "", |m, a| {
            Box::pin(async move { join(&m, &a[0], &a[1]).await })
        })
        .async_method("__ror__(self, value, /)", "", |m, a| {
            Box::pin(async move { join(&m, &a[1], &a[0]).await })
        })
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move {
                let mut parts = Vec::new();
                for member in own(&m, &a[0], "__repr__")?.iter() {
                    parts.push(match member {
                        Value::Class(class) if Rc::ptr_eq(class, &m.classes().none_type) => {
                            "None".to_owned()
                        }
                        other => type_text(&m, other).await?,
                    });
                }
                Ok(Value::from(parts.join(" | ")))
            })
        })
        .async_method("__eq__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let (Some(x), Some(y)) = (members(&a[0]), members(&a[1])) else {
                    return Ok(Value::NotImplemented);
                };
                if x.len() != y.len() {
                    return Ok(Value::Bool(false));
                }
                for member in x.iter() {
                    if !among(&m, y, member).await? {
                        return Ok(Value::Bool(false));
                    }
                }
                Ok(Value::Bool(true))
            })
        })
        .async_method("__hash__(self, /)", "", |m, a| {
            Box::pin(async move {
                let mut hashes = Vec::new();
                for member in own(&m, &a[0], "__hash__")?.iter() {
                    hashes.push(m.hash(member).await?);
                }
                Ok(hash::as_value(hash::of_set(hashes.into_iter())))
            })
        })
        .async_method("__instancecheck__(self, instance, /)", "", |m, a| {
            asked_of_members(m, a, "isinstance", "__instancecheck__")
        })
        .async_method("__subclasscheck__(self, subclass, /)", "", |m, a| {
            asked_of_members(m, a, "issubclass", "__subclasscheck__")
        })
        .finish();
}

fn own<'a>(m: &Machine, value: &'a Value, method: &str) -> Outcome<&'a Rc<[Value]>> {
    members(value).ok_or_else(|| wrong_receiver(m, "types.UnionType", method, value))
}

/// Whether any member says yes.
fn asked_of_members(
    m: Machine,
    a: Vec<Value>,
    function: &'static str,
    method: &'static str,
) -> Running {
    Box::pin(async move {
        let members = own(&m, &a[0], method)?;
        if members
            .iter()
            .any(|member| member.payload::<Alias>().is_some())
        {
            return Err(m.type_error(format!(
                "{function}() argument 2 cannot be a parameterized generic"
            )));
        }
        for member in members.iter() {
            let said = m.call_method_of_class(member, method, &a[1]).await?;
            if m.truth(&said).await? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    })
}

impl Machine {
    /// Calls a special method of a class's metaclass with one argument.
    async fn call_method_of_class(&self, class: &Value, method: &str, argument: &Value) -> Outcome {
        match self.find_special(class, method) {
            Some(found) => {
                self.call(&found, vec![class.clone(), argument.clone()])
                    .await
            }
            None => Ok(Value::Bool(false)),
        }
    }
}
