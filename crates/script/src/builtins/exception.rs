//! What exceptions keep, and the class `BaseException`; classes with fields of their own are in `exception_fields`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::tuple_of;
use crate::host::FileError;
use crate::machine::{ClassBuilder, Kind, Machine, Outcome, Raised, Running, TraceLine};
use crate::value::{Object, Payload, Str, Value};

/// What an instance of an exception class keeps.
#[derive(Default)]
pub struct ExceptionBody {
    /// `args`
    pub arguments: RefCell<Vec<Value>>,
    /// The frames it came through, the innermost first.
    pub trace: RefCell<Vec<TraceLine>>,
    /// `__cause__`
    pub cause: RefCell<Option<Value>>,
    /// `__context__`
    pub context: RefCell<Option<Value>>,
    /// `__suppress_context__`
    pub suppress_context: Cell<bool>,
    /// `__notes__`
    pub notes: RefCell<Vec<Value>>,
    /// The name that was not found, and on what; nothing where it was a variable.
    pub about: RefCell<Option<(Rc<Str>, Value)>>,
    /// Names that could have been meant.
    pub names_in_sight: RefCell<Vec<Rc<Str>>>,
    /// It is raised again as it is: its trace grows no line at the place.
    pub keeps_trace: Cell<bool>,
}

impl ExceptionBody {
    /// With these arguments.
    #[must_use]
    pub fn new(arguments: Vec<Value>) -> Self {
        Self {
            arguments: RefCell::new(arguments),
            ..Self::default()
        }
    }
}

/// The body of an exception.
///
/// # Errors
/// TypeError if the value is none.
pub fn body<'a>(m: &Machine, value: &'a Value) -> Outcome<&'a ExceptionBody> {
    match value.payload::<ExceptionBody>() {
        Some(body) => Ok(body),
        None => Err(super::wrong_receiver(m, "BaseException", "args", value)),
    }
}

/// The argument of this position.
#[must_use]
pub fn argument(value: &Value, at: usize) -> Option<Value> {
    let body = value.payload::<ExceptionBody>()?;
    body.arguments.borrow().get(at).cloned()
}

impl Machine {
    /// An OSError of a file.
    #[must_use]
    pub fn os_error(&self, error: FileError, path: &str) -> Raised {
        let kind = match error {
            FileError::Missing => Kind::FileNotFoundError,
            FileError::Exists => Kind::FileExistsError,
            FileError::IsFolder => Kind::IsADirectoryError,
            FileError::NotFolder => Kind::NotADirectoryError,
            FileError::Denied => Kind::PermissionError,
            FileError::NotEmpty => Kind::OSError,
        };
        let arguments = vec![Value::Int(error.number()), Value::from(error.to_string())];
        let raised = self.raise_with(kind, arguments);
        if let Value::Object(object) = &raised.exception {
            object
                .attributes_mut()
                .set(&self.name(".filename"), Value::text(path));
        }
        raised
    }
}

fn new(m: &Machine, a: &[Value]) -> Outcome {
    let base = m.exception_class(Kind::BaseException);
    let class = super::class_asked(m, &a[0], &base)?;
    let object = Object::new(Rc::clone(class));
    let body = ExceptionBody::new(tuple_of(&a[1]));
    object.keep(Payload::Native(Box::new(body)));
    Ok(Value::Object(Rc::new(object)))
}

fn init(m: &Machine, a: &[Value]) -> Outcome {
    if let Value::Dict(table) = &a[2]
        && !table.borrow().is_empty()
    {
        return Err(m.type_error(format!(
            "{}() takes no keyword arguments",
            m.type_name(&a[0]).as_str()
        )));
    }
    *body(m, &a[0])?.arguments.borrow_mut() = tuple_of(&a[1]);
    Ok(Value::None)
}

fn str_of(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let arguments = body(&m, &a[0])?.arguments.borrow().clone();
        match arguments.as_slice() {
            [] => Ok(Value::text("")),
            [one] => m.str(one).await.map(Value::from),
            _ => m.repr(&Value::tuple(arguments)).await.map(Value::from),
        }
    })
}

fn repr_of(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let arguments = body(&m, &a[0])?.arguments.borrow().clone();
        let name = m.type_name(&a[0]);
        let inside = match arguments.as_slice() {
            [] => "()".to_owned(),
            [one] => format!("({})", m.repr(one).await?),
            _ => m.repr(&Value::tuple(arguments)).await?,
        };
        Ok(Value::from(format!("{}{inside}", name.as_str())))
    })
}

fn linked(m: &Machine, new: &Value, what: &str) -> Outcome<Option<Value>> {
    if new.is_none() {
        return Ok(None);
    }
    if m.is_instance(new, &m.exception_class(Kind::BaseException)) {
        return Ok(Some(new.clone()));
    }
    Err(m.type_error(format!(
        "exception {what} must be None or derive from BaseException"
    )))
}

/// Gives the classes their methods.
pub fn fill(m: &Machine) {
    let _ = ClassBuilder::extend(m, &m.exception_class(Kind::BaseException))
        .constructor("BaseException(cls, *args, **kwargs)", new)
        .method("__init__(self, *args, **kwargs)", "", init)
        .async_method("__str__(self, /)", "", str_of)
        .async_method("__repr__(self, /)", "", repr_of)
        .accessor(
            "args",
            "What it was made with.",
            |m, value| Ok(Value::tuple(body(m, value)?.arguments.borrow().clone())),
            |m, value, new| {
                let items = match new.plain() {
                    Value::Tuple(items) => items.to_vec(),
                    Value::List(items) => items.borrow().clone(),
                    other => {
                        return Err(m.type_error(format!(
                            "'{}' object is not iterable",
                            m.type_name(other).as_str()
                        )));
                    }
                };
                *body(m, value)?.arguments.borrow_mut() = items;
                Ok(())
            },
        )
        .accessor(
            "__cause__",
            "What it was raised from.",
            |m, value| {
                Ok(body(m, value)?
                    .cause
                    .borrow()
                    .clone()
                    .unwrap_or(Value::None))
            },
            |m, value, new| {
                let body = body(m, value)?;
                *body.cause.borrow_mut() = linked(m, new, "cause")?;
                body.suppress_context.set(true);
                Ok(())
            },
        )
        .accessor(
            "__context__",
            "What was being handled when it was raised.",
            |m, value| {
                Ok(body(m, value)?
                    .context
                    .borrow()
                    .clone()
                    .unwrap_or(Value::None))
            },
            |m, value, new| {
                *body(m, value)?.context.borrow_mut() = linked(m, new, "context")?;
                Ok(())
            },
        )
        .accessor(
            "__suppress_context__",
            "Whether its context is not shown.",
            |m, value| Ok(Value::Bool(body(m, value)?.suppress_context.get())),
            |m, value, new| {
                let hide = matches!(new, Value::Bool(true));
                body(m, value)?.suppress_context.set(hide);
                Ok(())
            },
        )
        .accessor(
            "__traceback__",
            "Where it was raised.",
            |m, value| {
                body(m, value)?;
                Ok(m.traceback_of(value))
            },
            |m, value, new| {
                let trace = new.payload::<Vec<TraceLine>>().cloned().unwrap_or_default();
                *body(m, value)?.trace.borrow_mut() = trace;
                Ok(())
            },
        )
        .method(
            "with_traceback(self, tb, /)",
            "Sets where it was raised; gives itself.",
            |m, a| {
                let trace = a[1]
                    .payload::<Vec<TraceLine>>()
                    .cloned()
                    .unwrap_or_default();
                *body(m, &a[0])?.trace.borrow_mut() = trace;
                Ok(a[0].clone())
            },
        )
        .method(
            "add_note(self, note, /)",
            "Adds a line that tracebacks show.",
            |m, a| {
                if a[1].as_str().is_none() {
                    return Err(m.type_error(format!(
                        "note must be a str, not '{}'",
                        m.type_name(&a[1]).as_str()
                    )));
                }
                body(m, &a[0])?.notes.borrow_mut().push(a[1].clone());
                Ok(Value::None)
            },
        )
        .accessor(
            "__notes__",
            "Lines that tracebacks show.",
            |m, value| {
                let notes = body(m, value)?.notes.borrow().clone();
                if notes.is_empty() {
                    return Err(m.no_attribute(value, &m.name("__notes__")));
                }
                Ok(Value::list(notes))
            },
            |m, value, new| {
                let notes = new
                    .as_list()
                    .map(|items| items.borrow().clone())
                    .unwrap_or_default();
                *body(m, value)?.notes.borrow_mut() = notes;
                Ok(())
            },
        )
        .method("__reduce__(self, /)", "", |m, a| {
            let arguments = body(m, &a[0])?.arguments.borrow().clone();
            Ok(Value::tuple(vec![
                Value::Class(m.type_of(&a[0])),
                Value::tuple(arguments),
            ]))
        });
    super::exception_fields::fill(m);
    super::exception_group::fill(m);
}
