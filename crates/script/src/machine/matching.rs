//! The instructions of `match`: what a subject is, its length, its keys, its attributes.

use std::cell::RefCell;
use std::rc::Rc;

use super::run::{Flow, Registers};
use super::{Machine, Outcome};
use crate::code::Op;
use crate::value::{Class, Table, Value};

impl Machine {
    pub(super) fn matching(&self, r: &mut Registers<'_>, op: Op) -> Flow {
        match op {
            Op::MatchSequence => {
                let is = self.is_sequence(r.peek(0));
                r.push(Value::Bool(is));
            }
            Op::MatchMapping => {
                let subject = r.peek(0);
                let is = subject.as_dict().is_some() || self.has_base(subject, "Mapping");
                r.push(Value::Bool(is));
            }
            Op::GetLength => {
                let (machine, subject) = (self.clone(), r.peek(0).clone());
                return self.pushing(
                    r,
                    async move { machine.length(&subject).await.map(Value::from) },
                );
            }
            Op::MatchKeys => {
                let (keys, subject) = (r.pop(), r.peek(0).clone());
                let machine = self.clone();
                return self.pushing(r, async move { machine.match_keys(&subject, &keys).await });
            }
            Op::MatchClass(count) => {
                let (names, class, subject) = (r.pop(), r.pop(), r.pop());
                let machine = self.clone();
                return self.pushing(r, async move {
                    machine
                        .match_class(&subject, &class, &names, count as usize)
                        .await
                });
            }
            Op::MatchRest => {
                let (subject, keys) = (r.pop(), r.pop());
                let machine = self.clone();
                return self.pushing(r, async move {
                    let rest = match subject.as_dict() {
                        Some(table) => Rc::new(RefCell::new(table.borrow().clone())),
                        None => Rc::new(RefCell::new(Table::new())),
                    };
                    for key in keys
                        .as_tuple()
                        .map(|keys| keys.to_vec())
                        .unwrap_or_default()
                    {
                        machine.table_remove(&rest, &key).await?;
                    }
                    Ok(Value::Dict(rest))
                });
            }
            _ => {}
        }
        Flow::Next
    }

    /// Whether sequence patterns take it: lists, tuples, ranges and what derives from `collections.abc.Sequence`.
    fn is_sequence(&self, subject: &Value) -> bool {
        subject.as_list().is_some()
            || subject.as_tuple().is_some()
            || self.is_instance(subject, &self.classes().range)
            || self.has_base(subject, "Sequence")
            || self.has_base(subject, "deque")
    }

    fn has_base(&self, subject: &Value, name: &str) -> bool {
        self.type_of(subject)
            .order()
            .iter()
            .any(|class| class.name().as_str() == name)
    }

    async fn match_keys(&self, subject: &Value, keys: &Value) -> Outcome {
        let mut values = Vec::new();
        for key in keys
            .as_tuple()
            .map(|keys| keys.to_vec())
            .unwrap_or_default()
        {
            let value = match subject.as_dict() {
                Some(table) => self.table_get(table, &key).await?,
                None => {
                    let value = self
                        .call_method(subject, "get", vec![key, Value::Ellipsis])
                        .await?;
                    (!matches!(value, Value::Ellipsis)).then_some(value)
                }
            };
            match value {
                Some(value) => values.push(value),
                None => return Ok(Value::None),
            }
        }
        Ok(Value::tuple(values))
    }

    /// The values of a class pattern's sub-patterns, or None where the subject does not fit.
    async fn match_class(
        &self,
        subject: &Value,
        class: &Value,
        names: &Value,
        count: usize,
    ) -> Outcome {
        let Value::Class(class) = class else {
            return Err(self.type_error("called match pattern must be a class"));
        };
        if !self.is_instance(subject, class) {
            return Ok(Value::None);
        }
        let mut values = Vec::new();
        let mut wanted: Vec<Value> = Vec::new();
        if count > 0 {
            match self.find_in_class(class, &self.name("__match_args__")) {
                Some(names) => {
                    let Some(names) = names.as_tuple().cloned() else {
                        let text = format!(
                            "{}.__match_args__ must be a tuple (got {})",
                            class.name().as_str(),
                            self.type_name(&names).as_str()
                        );
                        return Err(self.type_error(text));
                    };
                    if names.len() < count {
                        return Err(self.too_many_patterns(class, names.len(), count));
                    }
                    wanted.extend(names.iter().take(count).cloned());
                }
                None if self.matches_itself(class) && count == 1 => values.push(subject.clone()),
                None => {
                    let most = usize::from(self.matches_itself(class));
                    return Err(self.too_many_patterns(class, most, count));
                }
            }
        }
        wanted.extend(
            names
                .as_tuple()
                .map(|names| names.to_vec())
                .unwrap_or_default(),
        );
        for name in wanted {
            let name = self.name(self.to_text(&name)?.as_str());
            match self.find_attribute(subject, &name).await? {
                Some(value) => values.push(value),
                None => return Ok(Value::None),
            }
        }
        Ok(Value::tuple(values))
    }

    fn too_many_patterns(&self, class: &Rc<Class>, most: usize, count: usize) -> super::Raised {
        let plural = if most == 1 { "" } else { "s" };
        self.type_error(format!(
            "{}() accepts {most} positional sub-pattern{plural} ({count} given)",
            class.name().as_str()
        ))
    }

    /// Built-in classes whose one positional sub-pattern is the subject itself.
    fn matches_itself(&self, class: &Rc<Class>) -> bool {
        let c = self.classes();
        [
            &c.bool,
            &c.bytearray,
            &c.bytes,
            &c.dict,
            &c.float,
            &c.frozenset,
            &c.int,
            &c.list,
            &c.set,
            &c.str,
            &c.tuple,
        ]
        .iter()
        .any(|known| class.is_subclass_of(known))
    }
}
