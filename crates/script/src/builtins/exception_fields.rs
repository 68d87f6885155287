//! Exceptions with fields of their own: OSError, SyntaxError, ImportError, UnicodeError and others.

use std::rc::Rc;

use super::exception::{argument, body};
use super::tuple_of;
use crate::machine::{ClassBuilder, Kind, Machine, Outcome, Running};
use crate::value::{Class, Value};

/// What was set by a keyword or an assignment, kept beside the arguments under a name that no script can write.
fn kept(m: &Machine, value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Object(object) => object
            .attributes()
            .get(&m.name(&format!(".{name}")))
            .cloned(),
        _ => None,
    }
}

fn keep(m: &Machine, value: &Value, name: &str, new: &Value) {
    if let Value::Object(object) = value {
        object
            .attributes_mut()
            .set(&m.name(&format!(".{name}")), new.clone());
    }
}

fn keyword(m: &Machine, keywords: &Value, name: &str) -> Option<Value> {
    keywords
        .as_dict()
        .and_then(|table| table.borrow().get(&m.name(name)).cloned())
}

macro_rules! field {
    ($builder:expr, $name:literal, $doc:literal, $found:expr) => {
        $builder.accessor(
            $name,
            $doc,
            |m, value| {
                if let Some(kept) = kept(m, value, $name) {
                    return Ok(kept);
                }
                let found: fn(&Machine, &Value) -> Option<Value> = $found;
                Ok(found(m, value).unwrap_or(Value::None))
            },
            |m, value, new| {
                keep(m, value, $name, new);
                Ok(())
            },
        )
    };
}

/// The subclass of OSError for a number.
fn of_number(number: i64) -> Option<Kind> {
    Some(match number {
        1 | 13 => Kind::PermissionError,
        2 => Kind::FileNotFoundError,
        3 => Kind::ProcessLookupError,
        4 => Kind::InterruptedError,
        10 => Kind::ChildProcessError,
        11 => Kind::BlockingIOError,
        17 => Kind::FileExistsError,
        20 => Kind::NotADirectoryError,
        21 => Kind::IsADirectoryError,
        32 => Kind::BrokenPipeError,
        103 => Kind::ConnectionAbortedError,
        104 => Kind::ConnectionResetError,
        110 => Kind::TimeoutError,
        111 => Kind::ConnectionRefusedError,
        _ => return None,
    })
}

fn new_os_error(m: &Machine, a: &[Value]) -> Outcome {
    let base = m.exception_class(Kind::OSError);
    let mut class: Rc<Class> = Rc::clone(super::class_asked(m, &a[0], &base)?);
    let mut arguments = tuple_of(&a[1]);
    if Rc::ptr_eq(&class, &base)
        && arguments.len() >= 2
        && let Some(Value::Int(number)) = arguments.first()
        && let Some(kind) = of_number(*number)
    {
        class = m.exception_class(kind);
    }
    let filename = arguments.get(2).cloned();
    let second = arguments.get(4).cloned();
    if (3..=5).contains(&arguments.len()) {
        arguments.truncate(2);
    }
    let object = crate::value::Object::with(class, super::exception::ExceptionBody::new(arguments));
    let value = Value::Object(Rc::new(object));
    for (name, given) in [("filename", filename), ("filename2", second)] {
        if let Some(given) = given {
            keep(m, &value, name, &given);
        }
    }
    Ok(value)
}

fn os_error_text(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let arguments = body(&m, &a[0])?.arguments.borrow().clone();
        let [number, text] = arguments.as_slice() else {
            return match arguments.as_slice() {
                [] => Ok(Value::text("")),
                [one] => m.str(one).await.map(Value::from),
                _ => m.repr(&Value::tuple(arguments)).await.map(Value::from),
            };
        };
        let mut said = format!("[Errno {}] {}", m.str(number).await?, m.str(text).await?);
        if let Some(path) = kept(&m, &a[0], "filename")
            && !path.is_none()
        {
            said += &format!(": {}", m.repr(&path).await?);
            if let Some(second) = kept(&m, &a[0], "filename2")
                && !second.is_none()
            {
                said += &format!(" -> {}", m.repr(&second).await?);
            }
        }
        Ok(Value::from(said))
    })
}

/// `__init__` of a class that takes these keywords besides its arguments.
fn init_with(m: &Machine, a: &[Value], names: &[&str]) -> Outcome {
    if let Value::Dict(table) = &a[2] {
        for key in table.borrow().keys() {
            if let Some(key) = key.as_str()
                && !names.contains(&key.as_str())
            {
                return Err(m.type_error(format!(
                    "'{}' is an invalid keyword argument for {}()",
                    key.as_str(),
                    m.type_name(&a[0]).as_str()
                )));
            }
        }
    }
    *body(m, &a[0])?.arguments.borrow_mut() = tuple_of(&a[1]);
    for name in names {
        if let Some(given) = keyword(m, &a[2], name) {
            keep(m, &a[0], name, &given);
        }
    }
    Ok(Value::None)
}

/// The file, line and other parts of a SyntaxError's second argument.
fn place(value: &Value, at: usize) -> Option<Value> {
    let place = argument(value, 1)?;
    place.as_tuple()?.get(at).cloned()
}

/// `'utf-8' codec can't decode byte 0xff in position 0: invalid start byte`
fn unicode_text(m: &Machine, a: &[Value]) -> Outcome {
    let arguments = body(m, &a[0])?.arguments.borrow().clone();
    let [encoding, object, start, end, reason] = arguments.as_slice() else {
        return Ok(Value::text(""));
    };
    let (encoding, reason) = (m.to_text(encoding)?, m.to_text(reason)?);
    let (start, end) = (m.to_i64(start)?, m.to_i64(end)?);
    let (encoding, reason) = (encoding.as_str(), reason.as_str());
    let first = usize::try_from(start).unwrap_or(0);
    let text = match object.plain() {
        Value::Bytes(bytes) if end == start + 1 => format!(
            "'{encoding}' codec can't decode byte 0x{:02x} in position {start}: {reason}",
            bytes.get(first).copied().unwrap_or(0)
        ),
        Value::Str(text) if end == start + 1 => {
            let letter = text.chars().nth(first).unwrap_or(' ');
            let shown = crate::text::repr::ascii_of(&letter.to_string());
            format!(
                "'{encoding}' codec can't encode character '{shown}' in position {start}: {reason}"
            )
        }
        Value::Bytes(_) => format!(
            "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
            end - 1
        ),
        _ => format!(
            "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
            end - 1
        ),
    };
    Ok(Value::from(text))
}

fn extend(m: &Machine, kind: Kind) -> ClassBuilder {
    ClassBuilder::extend(m, &m.exception_class(kind))
}

/// Gives the classes their fields.
pub fn fill(m: &Machine) {
    let _ = extend(m, Kind::KeyError).async_method("__str__(self, /)", "", |m, a| {
        Box::pin(async move {
            let arguments = body(&m, &a[0])?.arguments.borrow().clone();
            match arguments.as_slice() {
                [] => Ok(Value::text("")),
                [one] => m.repr(one).await.map(Value::from),
                _ => m.repr(&Value::tuple(arguments)).await.map(Value::from),
            }
        })
    });
    let _ = field!(
        extend(m, Kind::StopIteration),
        "value",
        "What a generator returned.",
        |_, value| argument(value, 0)
    );
    let _ = field!(
        extend(m, Kind::SystemExit),
        "code",
        "What the program exits with.",
        |_, value| argument(value, 0)
    );
    let builder = extend(m, Kind::OSError)
        .constructor("OSError(cls, *args, **kwargs)", new_os_error)
        .method("__init__(self, *args, **kwargs)", "", |_, _| {
            Ok(Value::None)
        })
        .async_method("__str__(self, /)", "", os_error_text);
    let builder = field!(builder, "errno", "The number.", |_, value| {
        argument(value, 1)?;
        argument(value, 0)
    });
    let builder = field!(builder, "strerror", "The text.", |_, value| argument(
        value, 1
    ));
    let builder = field!(builder, "filename", "The file.", |_, _| None);
    let _ = field!(builder, "filename2", "The other file.", |_, _| None);
    let builder =
        extend(m, Kind::ImportError).method("__init__(self, *args, **kwargs)", "", |m, a| {
            init_with(m, a, &["name", "path"])
        });
    let builder = field!(builder, "msg", "The text.", |_, value| argument(value, 0));
    let builder = field!(builder, "name", "The module.", |_, _| None);
    let _ = field!(builder, "path", "Where it was looked for.", |_, _| None);
    for kind in [Kind::AttributeError, Kind::NameError] {
        let builder = extend(m, kind).method("__init__(self, *args, **kwargs)", "", |m, a| {
            init_with(m, a, &["name", "obj"])
        });
        let builder = field!(
            builder,
            "name",
            "The name that was not found.",
            |m, value| {
                let about = body(m, value).ok()?.about.borrow().clone()?;
                Some(Value::Str(about.0))
            }
        );
        if kind == Kind::AttributeError {
            let _ = field!(builder, "obj", "Where it was looked for.", |m, value| {
                let about = body(m, value).ok()?.about.borrow().clone()?;
                Some(about.1)
            });
        }
    }
    let builder = extend(m, Kind::SyntaxError).async_method("__str__(self, /)", "", |m, a| {
        Box::pin(async move {
            let Some(text) = argument(&a[0], 0) else {
                return Ok(Value::text("None"));
            };
            let text = m.str(&text).await?;
            let (file, line) = (place(&a[0], 0), place(&a[0], 1));
            Ok(Value::from(
                match (file.as_ref().and_then(Value::as_str), line) {
                    (Some(file), Some(line)) => {
                        let name = file.as_str().rsplit('/').next().unwrap_or_default();
                        format!("{text} ({name}, line {})", m.str(&line).await?)
                    }
                    (None, Some(line)) => format!("{text} (line {})", m.str(&line).await?),
                    _ => text,
                },
            ))
        })
    });
    let builder = field!(builder, "msg", "The text.", |_, value| argument(value, 0));
    let builder = field!(builder, "filename", "The file.", |_, value| place(value, 0));
    let builder = field!(builder, "lineno", "The line, from 1.", |_, value| place(
        value, 1
    ));
    let builder = field!(builder, "offset", "The column, from 1.", |_, value| place(
        value, 2
    ));
    let builder = field!(builder, "text", "The line's text.", |_, value| place(
        value, 3
    ));
    let builder = field!(builder, "end_lineno", "The last line.", |_, value| place(
        value, 4
    ));
    let _ = field!(
        builder,
        "end_offset",
        "The column after the last.",
        |_, value| place(value, 5)
    );
    for kind in [Kind::UnicodeDecodeError, Kind::UnicodeEncodeError] {
        let builder = extend(m, kind).method("__str__(self, /)", "", unicode_text);
        let builder = field!(builder, "encoding", "", |_, value| argument(value, 0));
        let builder = field!(builder, "object", "", |_, value| argument(value, 1));
        let builder = field!(builder, "start", "", |_, value| argument(value, 2));
        let builder = field!(builder, "end", "", |_, value| argument(value, 3));
        let _ = field!(builder, "reason", "", |_, value| argument(value, 4));
    }
}

/// The lines of a SyntaxError's place: file, source, and the marks under it; `None` for other exceptions.
#[must_use]
pub fn syntax_error_lines(m: &Machine, exception: &Value) -> Option<String> {
    if !m.is_instance(exception, &m.exception_class(Kind::SyntaxError)) {
        return None;
    }
    let file = place(exception, 0)?;
    let line = place(exception, 1)?;
    let Value::Int(line) = line else { return None };
    let file = file
        .as_str()
        .map_or_else(|| "<string>".to_owned(), |file| file.as_str().to_owned());
    let mut lines = format!("  File \"{file}\", line {line}\n");
    let Some(text) = place(exception, 3).and_then(|text| text.as_str().cloned()) else {
        return Some(lines);
    };
    let full = text.as_str().trim_end_matches('\n').trim_end();
    let shown = full.trim_start_matches([' ', '\t', '\u{c}', '\n']);
    let spaces = full.chars().count() - shown.chars().count();
    if shown.is_empty() {
        return Some(lines);
    }
    lines += &format!("    {shown}\n");
    let number = |at: usize| match place(exception, at) {
        Some(Value::Int(value)) => usize::try_from(value).ok(),
        _ => None,
    };
    let offset = number(2)?;
    let mut end = number(5).filter(|&end| end != 0).unwrap_or(offset);
    if number(4).is_some_and(|last| i64::try_from(last).is_ok_and(|last| last > line)) {
        end = full.chars().count() + 1;
    }
    if end <= offset {
        end = offset + 1;
    }
    let Some(column) = offset.checked_sub(1 + spaces) else {
        return Some(lines);
    };
    let blank: String = shown
        .chars()
        .take(column)
        .map(|letter| if letter.is_whitespace() { letter } else { ' ' })
        .collect();
    let blank = format!("{blank}{}", " ".repeat(column - blank.chars().count()));
    let marks = "^".repeat((end - 1).saturating_sub(spaces + column).max(1));
    lines += &format!("    {blank}{marks}\n");
    Some(lines)
}

/// The text of a SyntaxError without its place.
#[must_use]
pub fn syntax_error_message(exception: &Value) -> String {
    match argument(exception, 0).and_then(|text| text.as_str().cloned()) {
        Some(text) => text.as_str().to_owned(),
        None => "<no detail available>".to_owned(),
    }
}
