//! `raise`, `except` and `with`: instances out of classes, causes, what matches, what is entered.

use std::rc::Rc;

use super::run::{Flow, Registers};
use super::{Kind, Machine, Outcome, Raised};
use crate::builtins::exception::ExceptionBody;
use crate::value::{Class, Object, Value};

impl Machine {
    pub(super) fn raise_op(&self, r: &mut Registers<'_>, count: u32) -> Flow {
        if count == 0 {
            let here = r
                .fiber
                .frames
                .borrow()
                .iter()
                .rev()
                .find_map(|frame| frame.handling.last().cloned());
            return Flow::Raise(match here.or_else(|| self.handled_exception()) {
                Some(exception) => Raised { exception },
                None => self.runtime_error("No active exception to reraise"),
            });
        }
        let cause = if count == 2 { r.pop() } else { Value::Unbound };
        let (exception, machine) = (r.pop(), self.clone());
        self.pushing(r, async move {
            Err(machine.prepare_raise(&exception, &cause).await?)
        })
    }

    /// `raise exception from cause`
    async fn prepare_raise(&self, exception: &Value, cause: &Value) -> Outcome<Raised> {
        let instance = self
            .exception_instance(exception, "exceptions must derive from BaseException")
            .await?;
        if !cause.is_unbound()
            && let Some(body) = instance.payload::<ExceptionBody>()
        {
            body.suppress_context.set(true);
            *body.cause.borrow_mut() = if cause.is_none() {
                None
            } else {
                Some(
                    self.exception_instance(
                        cause,
                        "exception causes must derive from BaseException",
                    )
                    .await?,
                )
            };
        }
        Ok(Raised {
            exception: instance,
        })
    }

    /// An exception's instance out of an instance or a class.
    ///
    /// # Errors
    /// TypeError with `text` for anything else, and what the class raises.
    pub async fn exception_instance(&self, value: &Value, text: &str) -> Outcome {
        let base = self.exception_class(Kind::BaseException);
        match value {
            Value::Class(class) if class.is_subclass_of(&base) => {
                let instance = self.call(value, Vec::new()).await?;
                if self.is_instance(&instance, &base) {
                    Ok(instance)
                } else {
                    Err(self.type_error(text))
                }
            }
            other if self.is_instance(other, &base) => Ok(other.clone()),
            _ => Err(self.type_error(text)),
        }
    }

    pub(super) fn exception_matches(&self, exception: &Value, class: &Value) -> Outcome<bool> {
        let base = self.exception_class(Kind::BaseException);
        match class {
            Value::Class(class) if class.is_subclass_of(&base) => {
                Ok(self.is_instance(exception, class))
            }
            Value::Tuple(classes) => {
                for class in classes.iter() {
                    if self.exception_matches(exception, class)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(self.type_error(
                "catching classes that do not inherit from BaseException is not allowed",
            )),
        }
    }

    /// `__exit__` and what `__enter__` gave, the latter first for [`Resume::Spread`].
    pub(super) async fn enter_with(&self, manager: &Value) -> Outcome {
        let lacks = |what: &str| {
            let name = self.type_name(manager);
            let missed = if what == "__exit__" {
                " (missed __exit__ method)"
            } else {
                ""
            };
            self.type_error(format!(
                "'{}' object does not support the context manager protocol{missed}",
                name.as_str()
            ))
        };
        let enter = self
            .find_special(manager, "__enter__")
            .ok_or_else(|| lacks("__enter__"))?;
        let exit = self
            .find_special(manager, "__exit__")
            .ok_or_else(|| lacks("__exit__"))?;
        let exit = self.bind_to(&exit, manager).await?;
        let enter = self.bind_to(&enter, manager).await?;
        let value = self.call(&enter, Vec::new()).await?;
        Ok(Value::tuple(vec![value, exit]))
    }

    /// The `__traceback__` of an exception: an object that only says where it was raised.
    pub(crate) fn traceback_of(&self, exception: &Value) -> Value {
        match exception.payload::<ExceptionBody>() {
            Some(body) if !body.trace.borrow().is_empty() => {
                let class: Rc<Class> = Rc::clone(&self.classes().traceback);
                Value::Object(Rc::new(Object::with(class, body.trace.borrow().clone())))
            }
            _ => Value::None,
        }
    }
}
