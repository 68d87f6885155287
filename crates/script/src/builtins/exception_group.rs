//! `BaseExceptionGroup` and `ExceptionGroup` (PEP 654): making, splitting, deriving.

use std::rc::Rc;

use super::exception::{ExceptionBody, argument, body};
use super::tuple_of;
use crate::machine::{ClassBuilder, Kind, Machine, Outcome, Running};
use crate::value::{Class, Object, Payload, Value};

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let base = m.exception_class(Kind::BaseExceptionGroup);
        let group = m.exception_class(Kind::ExceptionGroup);
        let mut class: Rc<Class> = Rc::clone(super::class_asked(&m, &a[0], &base)?);
        let arguments = tuple_of(&a[1]);
        let [message, members] = arguments.as_slice() else {
            return Err(m.type_error(format!(
                "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
                arguments.len()
            )));
        };
        if message.as_str().is_none() {
            return Err(m.type_error(format!(
                "argument 1 must be str, not {}",
                m.type_name(message).as_str()
            )));
        }
        if members.as_list().is_none() && members.as_tuple().is_none() {
            return Err(m.type_error("second argument (exceptions) must be a sequence"));
        }
        let members = m.collect(members).await?;
        if members.is_empty() {
            return Err(m.value_error("second argument (exceptions) must be a non-empty sequence"));
        }
        let (any, plain) = (
            m.exception_class(Kind::BaseException),
            m.exception_class(Kind::Exception),
        );
        let mut all_plain = true;
        for (at, member) in members.iter().enumerate() {
            if !m.is_instance(member, &any) {
                return Err(m.value_error(format!(
                    "Item {at} of second argument (exceptions) is not an exception"
                )));
            }
            all_plain &= m.is_instance(member, &plain);
        }
        if Rc::ptr_eq(&class, &base) && all_plain {
            class = group;
        } else if class.is_subclass_of(&group) && !all_plain {
            return Err(m.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        let object = Object::new(class);
        let members = Value::tuple(members);
        object.keep(Payload::Native(Box::new(ExceptionBody::new(vec![
            message.clone(),
            members,
        ]))));
        Ok(Value::Object(Rc::new(object)))
    })
}

fn members(value: &Value) -> Vec<Value> {
    argument(value, 1)
        .as_ref()
        .map(tuple_of)
        .unwrap_or_default()
}

/// Whether an exception is wanted: a class, a tuple of classes, or a function says so.
async fn wanted(m: &Machine, exception: &Value, condition: &Value) -> Outcome<bool> {
    let classes = match condition {
        Value::Class(_) => vec![condition.clone()],
        Value::Tuple(classes) => classes.to_vec(),
        _ => {
            let said = m.call(condition, vec![exception.clone()]).await?;
            return m.truth(&said).await;
        }
    };
    Ok(classes
        .iter()
        .any(|class| matches!(class, Value::Class(class) if m.is_instance(exception, class))))
}

/// A group of these members with everything else as `group` has it; None where there are none.
async fn like(m: &Machine, group: &Value, members: Vec<Value>) -> Outcome {
    if members.is_empty() {
        return Ok(Value::None);
    }
    let part = m
        .call_method(group, "derive", vec![Value::list(members)])
        .await?;
    if let (Some(from), Some(to)) = (
        group.payload::<ExceptionBody>(),
        part.payload::<ExceptionBody>(),
    ) {
        *to.trace.borrow_mut() = from.trace.borrow().clone();
        *to.cause.borrow_mut() = from.cause.borrow().clone();
        *to.context.borrow_mut() = from.context.borrow().clone();
        *to.notes.borrow_mut() = from.notes.borrow().clone();
    }
    Ok(part)
}

type Parts = std::pin::Pin<Box<dyn Future<Output = Outcome<(Value, Value)>>>>;

fn split(m: &Machine, exception: &Value, condition: &Value) -> Parts {
    let (m, exception, condition) = (m.clone(), exception.clone(), condition.clone());
    Box::pin(async move {
        if wanted(&m, &exception, &condition).await? {
            return Ok((exception, Value::None));
        }
        if !m.is_instance(&exception, &m.exception_class(Kind::BaseExceptionGroup)) {
            return Ok((Value::None, exception));
        }
        let (mut fits, mut rest) = (Vec::new(), Vec::new());
        for member in members(&exception) {
            let (a, b) = split(&m, &member, &condition).await?;
            if !a.is_none() {
                fits.push(a);
            }
            if !b.is_none() {
                rest.push(b);
            }
        }
        if rest.is_empty() {
            return Ok((exception, Value::None));
        }
        let fits = like(&m, &exception, fits).await?;
        Ok((fits, like(&m, &exception, rest).await?))
    })
}

/// Gives the classes their methods.
pub fn fill(m: &Machine) {
    let _ = ClassBuilder::extend(m, &m.exception_class(Kind::BaseExceptionGroup))
        .async_constructor("BaseExceptionGroup(cls, *args, **kwargs)", new)
        .method("__init__(self, *args, **kwargs)", "", |_, _| {
            Ok(Value::None)
        })
        .getter("message", "The text.", |_, value| {
            Ok(argument(value, 0).unwrap_or(Value::None))
        })
        .getter("exceptions", "The members.", |_, value| {
            Ok(Value::tuple(members(value)))
        })
        .async_method(
            "derive(self, excs, /)",
            "A group of other members.",
            |m, a| {
                Box::pin(async move {
                    body(&m, &a[0])?;
                    let class = Value::Class(m.exception_class(Kind::BaseExceptionGroup));
                    let message = argument(&a[0], 0).unwrap_or(Value::None);
                    m.call(&class, vec![message, a[1].clone()]).await
                })
            },
        )
        .async_method(
            "split(self, condition, /)",
            "What fits, and the rest.",
            |m, a| {
                Box::pin(async move {
                    let (fits, rest) = split(&m, &a[0], &a[1]).await?;
                    Ok(Value::tuple(vec![fits, rest]))
                })
            },
        )
        .async_method("subgroup(self, condition, /)", "What fits.", |m, a| {
            Box::pin(async move { Ok(split(&m, &a[0], &a[1]).await?.0) })
        })
        .async_method("__str__(self, /)", "", |m, a| {
            Box::pin(async move {
                let count = members(&a[0]).len();
                let message = argument(&a[0], 0).unwrap_or(Value::None);
                let plural = if count == 1 { "" } else { "s" };
                Ok(Value::from(format!(
                    "{} ({count} sub-exception{plural})",
                    m.str(&message).await?
                )))
            })
        });
}
