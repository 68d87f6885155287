//! Names: globals and built-ins by remembered place, cells, namespaces, and what is said of a name that is not there.

use std::rc::Rc;

use super::run::{Flow, Registers};
use super::{Kind, Machine, Raised};
use crate::builtins::exception::ExceptionBody;
use crate::code::Code;
use crate::value::{Str, Value};

impl Machine {
    pub(super) fn load_global(&self, r: &mut Registers<'_>, code: &Rc<Code>, at: u32) -> Flow {
        let site = &code.sites[at as usize];
        let frames = r.fiber.frames.borrow();
        let Some(frame) = frames.last() else {
            return Flow::Next;
        };
        let globals = frame.globals.borrow();
        if let Some(value) = globals.value_if_name(site.at.get() as usize, &site.name) {
            r.stack.push(value.clone());
            return Flow::Next;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a module has fewer than four thousand million names"
        )]
        if let Some(place) = globals.position(&site.name) {
            site.at.set(place as u32);
            let value = globals
                .entry(place)
                .map(|entry| entry.value.clone())
                .unwrap_or_default();
            r.stack.push(value);
            return Flow::Next;
        }
        let builtins = self.state().builtins.borrow();
        if let Some(value) = builtins.value_if_name(site.second.get() as usize, &site.name) {
            r.stack.push(value.clone());
            return Flow::Next;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "there are fewer than four thousand million built-ins"
        )]
        if let Some(place) = builtins.position(&site.name) {
            site.second.set(place as u32);
            let value = builtins
                .entry(place)
                .map(|entry| entry.value.clone())
                .unwrap_or_default();
            r.stack.push(value);
            return Flow::Next;
        }
        Flow::Raise(self.no_name(&site.name))
    }

    /// "name 'x' is not defined"
    pub(super) fn no_name(&self, name: &Rc<Str>) -> Raised {
        let raised = self.raise(
            Kind::NameError,
            format!("name '{}' is not defined", name.as_str()),
        );
        self.about(&raised, name);
        raised
    }

    /// Remembers which name an exception is about, for a suggestion.
    fn about(&self, raised: &Raised, name: &Rc<Str>) {
        if let Some(body) = raised.exception.payload::<ExceptionBody>() {
            *body.about.borrow_mut() = Some((Rc::clone(name), Value::Unbound));
        }
    }

    pub(super) fn unbound_local(&self, code: &Code, slot: u32) -> Raised {
        let name = code
            .slots
            .get(slot as usize)
            .map_or("", |name| name.as_str());
        let text = format!(
            "cannot access local variable '{name}' where it is not associated with a value"
        );
        self.raise(Kind::UnboundLocalError, text)
    }

    pub(super) fn load_cell(&self, r: &mut Registers<'_>, code: &Rc<Code>, slot: u32) -> Flow {
        let value = match &r.stack[r.base + slot as usize] {
            Value::Cell(cell) => cell.borrow().clone(),
            other => other.clone(),
        };
        if value.is_unbound() {
            return Flow::Raise(self.empty_cell(code, slot));
        }
        r.push(value);
        Flow::Next
    }

    pub(super) fn empty_cell(&self, code: &Code, slot: u32) -> Raised {
        if slot < code.free {
            return self.unbound_local(code, slot);
        }
        let name = code
            .slots
            .get(slot as usize)
            .map_or("", |name| name.as_str());
        let text = format!(
            "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
        );
        self.raise(Kind::NameError, text)
    }

    /// `→ value` of a name of a class body: its namespace, then globals, then built-ins.
    pub(super) fn load_name(&self, r: &mut Registers<'_>, name: &Rc<Str>) -> Flow {
        let found = {
            let frames = r.fiber.frames.borrow();
            frames.last().and_then(|frame| {
                let own = frame
                    .namespace
                    .as_ref()
                    .and_then(|namespace| namespace.borrow().get(name).cloned());
                own.or_else(|| frame.globals.borrow().get(name).cloned())
            })
        };
        match found.or_else(|| self.state().builtins.borrow().get(name).cloned()) {
            Some(value) => {
                r.push(value);
                Flow::Next
            }
            None => Flow::Raise(self.no_name(name)),
        }
    }

    pub(super) fn store_global(&self, r: &mut Registers<'_>, code: &Rc<Code>, at: u32) -> Flow {
        let value = r.pop();
        let site = &code.sites[at as usize];
        let frames = r.fiber.frames.borrow();
        if let Some(frame) = frames.last() {
            let mut globals = frame.globals.borrow_mut();
            let place = site.at.get() as usize;
            if globals.value_if_name(place, &site.name).is_some() {
                globals.replace(place, value);
            } else {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a module has fewer than four thousand million names"
                )]
                site.at.set(globals.set(&site.name, value) as u32);
            }
        }
        Flow::Next
    }

    /// ". Did you mean: 'x'?" where a name like the missing one is there.
    #[must_use]
    pub fn suggestion(&self, exception: &Value) -> String {
        let about = exception
            .payload::<ExceptionBody>()
            .and_then(|body| body.about.borrow().clone());
        let Some((name, value)) = about else {
            return String::new();
        };
        let mut names: Vec<Rc<Str>> = Vec::new();
        let mut add = |table: &crate::value::Table| {
            names.extend(table.keys().filter_map(|key| key.as_str().cloned()));
        };
        match &value {
            Value::Unbound => {
                if let Some(caller) = self.state().caller.borrow().as_ref() {
                    add(&caller.locals.borrow());
                    add(&caller.globals.borrow());
                }
                if let Some(body) = exception.payload::<ExceptionBody>() {
                    names.extend(body.names_in_sight.borrow().iter().cloned());
                }
                names.extend(
                    self.state()
                        .builtins
                        .borrow()
                        .keys()
                        .filter_map(|key| key.as_str().cloned()),
                );
            }
            other => {
                if let Value::Object(object) = other {
                    add(&object.attributes());
                }
                if let Some(table) = self.module_table(other) {
                    add(&table.borrow());
                }
                let class = match other {
                    Value::Class(class) => Rc::clone(class),
                    _ => self.type_of(other),
                };
                for class in class.order() {
                    add(&class.attributes());
                }
            }
        }
        names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        match nearest(&name, &names) {
            Some(near) => format!(". Did you mean: '{near}'?"),
            None => String::new(),
        }
    }
}

/// The name least far from `wanted`, if it is near enough: at most a third of both lengths must be changed.
fn nearest<'a>(wanted: &str, names: &'a [Rc<Str>]) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let name = name.as_str();
        if name == wanted {
            continue;
        }
        // CPython counts two for a change of a letter and one for a change of its case.
        let limit = (wanted.chars().count() + name.chars().count() + 3) * 2 / 6;
        let limit = best.map_or(limit, |(least, _)| limit.min(least.saturating_sub(1)));
        let distance = distance(wanted, name);
        if distance <= limit {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The edit distance of Levenshtein, an insertion, removal or exchange being two, an exchange of case one.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).map(|column| column * 2).collect();
    for (line, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = (line + 1) * 2;
        for (column, &y) in b.iter().enumerate() {
            let change = if x == y {
                0
            } else if x.eq_ignore_ascii_case(&y) {
                1
            } else {
                2
            };
            let next = (diagonal + change)
                .min(row[column] + 2)
                .min(row[column + 1] + 2);
            diagonal = row[column + 1];
            row[column + 1] = next;
        }
    }
    row[b.len()]
}
