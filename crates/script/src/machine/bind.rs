//! How arguments meet parameters, and what CPython says when they do not fit.

use std::cell::RefCell;
use std::rc::Rc;

use super::call::Arguments;
use super::{Machine, Outcome, Raised};
use crate::code::Code;
use crate::value::{Function, Native, Signature, Str, Table, Value};

impl Code {
    /// Whether so many positional arguments fill the parameters exactly.
    pub(super) fn takes_exactly(&self, count: usize) -> bool {
        self.positional as usize == count
            && self.keyword_only == 0
            && !self.star
            && !self.double_star
    }
}

impl Signature {
    /// Whether so many positional arguments fill the slots exactly as they lie.
    pub(super) fn takes_as_they_are(&self, count: usize) -> bool {
        count == self.positional
            && self.parameters.len() == self.positional
            && !self.star
            && !self.double_star
    }
}

/// The slots of a script's function: parameters in the order of its code.
pub(super) fn to_function(
    m: &Machine,
    function: &Rc<Function>,
    arguments: Arguments,
) -> Outcome<Vec<Value>> {
    let code = &function.code;
    let (positional, keyword_only) = (code.positional as usize, code.keyword_only as usize);
    let named = positional + keyword_only;
    let mut given = arguments.positional;
    let count = given.len();
    let rest = if count > positional {
        given.split_off(positional)
    } else {
        Vec::new()
    };
    let surplus = rest.len();
    let mut slots = given;
    slots.resize_with(named, Value::default);
    if code.star {
        slots.push(Value::tuple(rest));
    }
    let mut extra = Table::new();
    for (name, value) in arguments.keyword {
        let found = code.slots[..named]
            .iter()
            .position(|slot| Rc::ptr_eq(slot, &name) || slot.as_str() == name.as_str());
        match found {
            Some(at) if at >= code.positional_only as usize => {
                if !slots[at].is_unbound() {
                    return Err(error(
                        m,
                        function,
                        &format!("got multiple values for argument '{}'", name.as_str()),
                    ));
                }
                slots[at] = value;
            }
            _ if code.double_star => {
                extra.set(&name, value);
            }
            Some(_) => {
                let names: Vec<&str> = code.slots[..code.positional_only as usize]
                    .iter()
                    .map(|slot| slot.as_str())
                    .collect();
                let text = format!(
                    "got some positional-only arguments passed as keyword arguments: '{}'",
                    names.join(", ")
                );
                return Err(error(m, function, &text));
            }
            None => {
                return Err(error(
                    m,
                    function,
                    &format!("got an unexpected keyword argument '{}'", name.as_str()),
                ));
            }
        }
    }
    if surplus > 0 && !code.star {
        return Err(too_many(m, function, count, &slots));
    }
    let defaults = function.defaults.borrow();
    let first_default = positional - defaults.len().min(positional);
    let mut missing: Vec<&Rc<Str>> = Vec::new();
    for at in 0..positional {
        if slots[at].is_unbound() {
            match at
                .checked_sub(first_default)
                .and_then(|at| defaults.get(at))
            {
                Some(value) => slots[at] = value.clone(),
                None => missing.push(&code.slots[at]),
            }
        }
    }
    if !missing.is_empty() {
        return Err(error(m, function, &lacking(&missing, "positional")));
    }
    let defaults = function.keyword_defaults.borrow();
    for at in 0..keyword_only {
        if slots[positional + at].is_unbound() {
            match defaults.get(at) {
                Some(value) if !value.is_unbound() => slots[positional + at] = value.clone(),
                _ => missing.push(&code.slots[positional + at]),
            }
        }
    }
    if !missing.is_empty() {
        return Err(error(m, function, &lacking(&missing, "keyword-only")));
    }
    if code.double_star {
        slots.push(Value::Dict(Rc::new(RefCell::new(extra))));
    }
    Ok(slots)
}

fn error(m: &Machine, function: &Rc<Function>, text: &str) -> Raised {
    m.type_error(format!(
        "{}() {text}",
        function.qualified_name.borrow().as_str()
    ))
}

/// "missing 2 required positional arguments: 'a' and 'b'"
fn lacking(missing: &[&Rc<Str>], kind: &str) -> String {
    let names: Vec<String> = missing
        .iter()
        .map(|name| format!("'{}'", name.as_str()))
        .collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [some @ .., last] => format!("{}, and {last}", some.join(", ")),
        [] => String::new(),
    };
    let plural = if names.len() == 1 { "" } else { "s" };
    format!(
        "missing {} required {kind} argument{plural}: {list}",
        names.len()
    )
}

/// "takes from 1 to 2 positional arguments but 3 were given"
fn too_many(m: &Machine, function: &Rc<Function>, count: usize, slots: &[Value]) -> Raised {
    let code = &function.code;
    let positional = code.positional as usize;
    let defaults = function.defaults.borrow().len();
    let takes = if defaults > 0 {
        format!(
            "from {} to {positional}",
            positional - defaults.min(positional)
        )
    } else {
        positional.to_string()
    };
    let plural = if positional == 1 && defaults == 0 {
        ""
    } else {
        "s"
    };
    let keyword_only = slots[positional..positional + code.keyword_only as usize]
        .iter()
        .filter(|slot| !slot.is_unbound())
        .count();
    if keyword_only > 0 {
        let s = |count: usize| if count == 1 { "" } else { "s" };
        return error(
            m,
            function,
            &format!(
                "takes {takes} positional argument{plural} but {count} positional argument{} (and {keyword_only} keyword-only argument{}) were given",
                s(count),
                s(keyword_only)
            ),
        );
    }
    let were = if count == 1 { "was" } else { "were" };
    error(
        m,
        function,
        &format!("takes {takes} positional argument{plural} but {count} {were} given"),
    )
}

/// The slots of one of our functions.
pub(super) fn to_native(
    m: &Machine,
    native: &Rc<Native>,
    arguments: Arguments,
) -> Outcome<Vec<Value>> {
    let signature = &native.signature;
    let named = signature.parameters.len();
    let count = arguments.positional.len();
    let mut given = arguments.positional;
    let rest = if count > signature.positional {
        given.split_off(signature.positional)
    } else {
        Vec::new()
    };
    if !rest.is_empty() && !signature.star {
        return Err(wrong_count(m, native, count));
    }
    let mut slots = vec![Value::Unbound; named];
    for (slot, value) in slots.iter_mut().zip(given) {
        *slot = value;
    }
    let mut extra = Table::new();
    for (name, value) in arguments.keyword {
        match signature.keyword(&name) {
            Some(at) if slots[at].is_unbound() => slots[at] = value,
            Some(at) => {
                let text = format!(
                    "argument for {}() given by name ('{}') and position ({})",
                    signature.name,
                    name.as_str(),
                    at + 1
                );
                return Err(m.type_error(text));
            }
            None if signature.double_star => {
                extra.set(&name, value);
            }
            None if signature.positional_only == named => {
                return Err(m.type_error(format!(
                    "{}() takes no keyword arguments",
                    full_name(native)
                )));
            }
            None => {
                let text = format!(
                    "'{}' is an invalid keyword argument for {}()",
                    name.as_str(),
                    signature.name
                );
                return Err(m.type_error(text));
            }
        }
    }
    for (at, parameter) in signature.parameters.iter().enumerate() {
        if slots[at].is_unbound() && parameter.default.is_none() {
            if at < signature.positional_only {
                return Err(wrong_count(m, native, count));
            }
            let text = format!(
                "{}() missing required argument '{}' (pos {})",
                signature.name,
                parameter.name,
                at + 1
            );
            return Err(m.type_error(text));
        }
    }
    if signature.star {
        slots.insert(signature.positional, Value::tuple(rest));
    }
    if signature.double_star {
        slots.push(Value::Dict(Rc::new(RefCell::new(extra))));
    }
    Ok(slots)
}

/// `list.append` of a method, the bare name of a function.
fn full_name(native: &Native) -> String {
    if native.is_method {
        format!("{}.{}", native.owner, native.signature.name)
    } else {
        native.signature.name.to_string()
    }
}

/// What CPython's argument clinic says of a wrong number of positional arguments; the receiver does not count.
fn wrong_count(m: &Machine, native: &Rc<Native>, count: usize) -> Raised {
    let signature = &native.signature;
    let own = usize::from(native.is_method);
    let count = count.saturating_sub(own);
    let (least, most) = (
        signature.required.saturating_sub(own),
        signature.positional.saturating_sub(own),
    );
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let name = full_name(native);
    if least == most {
        return m.type_error(match most {
            0 => format!("{name}() takes no arguments ({count} given)"),
            1 => format!("{name}() takes exactly one argument ({count} given)"),
            _ => format!("{} expected {most} arguments, got {count}", signature.name),
        });
    }
    let (word, bound) = if count < least {
        ("at least", least)
    } else {
        ("at most", most)
    };
    m.type_error(format!(
        "{} expected {word} {bound} argument{}, got {count}",
        signature.name,
        s(bound)
    ))
}
