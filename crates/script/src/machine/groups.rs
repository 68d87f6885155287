//! The instructions of `except*` (PEP 654): the part of a group that a clause takes, and what is raised after all clauses.

use super::fiber::Resume;
use super::run::{Flow, Registers};
use super::{Kind, Machine, Outcome, Running};
use crate::builtins::exception::ExceptionBody;
use crate::value::Value;

impl Machine {
    /// `rest class → rest' part-or-None`
    pub(super) fn split_group_op(&self, r: &mut Registers<'_>) -> Flow {
        let (class, rest) = (r.pop(), r.pop());
        let machine = self.clone();
        r.fiber.pc.set(r.pc);
        let running: Running = Box::pin(async move {
            let (part, rest) = machine.split_group(&rest, &class).await?;
            Ok(Value::tuple(vec![part, rest]))
        });
        Flow::Wait(running, Resume::Spread)
    }

    /// `exception raised-list rest → exception-or-None`
    pub(super) fn join_groups_op(&self, r: &mut Registers<'_>) -> Flow {
        let (rest, raised, exception) = (r.pop(), r.pop(), r.pop());
        let raised = raised.as_list().map(|list| list.take()).unwrap_or_default();
        let machine = self.clone();
        self.pushing(r, async move {
            machine.join_groups(&exception, raised, rest).await
        })
    }

    fn is_group(&self, exception: &Value) -> bool {
        self.is_instance(exception, &self.exception_class(Kind::BaseExceptionGroup))
    }

    async fn new_group(&self, members: Vec<Value>) -> Outcome {
        let class = Value::Class(self.exception_class(Kind::BaseExceptionGroup));
        let arguments = vec![Value::text(""), Value::list(members)];
        self.call(&class, arguments).await
    }

    async fn split_group(&self, rest: &Value, class: &Value) -> Outcome<(Value, Value)> {
        if rest.is_none() {
            return Ok((Value::None, Value::None));
        }
        let whole = self.exception_class(Kind::BaseExceptionGroup);
        let asked: Vec<Value> = match class.as_tuple() {
            Some(classes) => classes.to_vec(),
            None => vec![class.clone()],
        };
        let takes_groups =
            |one: &Value| matches!(one, Value::Class(one) if one.is_subclass_of(&whole));
        if asked.iter().any(takes_groups) {
            return Err(self.type_error(
                "catching ExceptionGroup with except* is not allowed. Use except instead.",
            ));
        }
        if self.is_group(rest) {
            let parts = self.call_method(rest, "split", vec![class.clone()]).await?;
            let parts = self.collect(&parts).await?;
            let part = |at: usize| parts.get(at).cloned().unwrap_or(Value::None);
            return Ok((part(0), part(1)));
        }
        if self.exception_matches(rest, class)? {
            let group = self.new_group(vec![rest.clone()]).await?;
            return Ok((group, Value::None));
        }
        Ok((Value::None, rest.clone()))
    }

    /// The exceptions in a group that are no groups themselves.
    fn leaves(&self, exception: &Value, found: &mut Vec<Value>) {
        if !self.is_group(exception) {
            found.push(exception.clone());
            return;
        }
        for member in self.members(exception) {
            self.leaves(&member, found);
        }
    }

    fn members(&self, group: &Value) -> Vec<Value> {
        let arguments = group
            .payload::<ExceptionBody>()
            .map(|body| body.arguments.borrow().clone())
            .unwrap_or_default();
        match arguments.get(1).map(Value::plain) {
            Some(Value::List(items)) => items.borrow().clone(),
            Some(Value::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        }
    }

    async fn join_groups(&self, exception: &Value, mut raised: Vec<Value>, rest: Value) -> Outcome {
        if !self.is_group(exception) {
            // One clause at most ran: what it raised, or what none took.
            return Ok(raised.pop().unwrap_or(rest));
        }
        let mut known = Vec::new();
        self.leaves(exception, &mut known);
        let is_old = |one: &Value| {
            let mut leaves = Vec::new();
            self.leaves(one, &mut leaves);
            self.is_group(one)
                && leaves
                    .iter()
                    .all(|leaf| known.iter().any(|other| other.is(leaf)))
        };
        // What was raised again as it was goes back to its places in the group.
        let (mut again, mut new): (Vec<Value>, Vec<Value>) =
            raised.into_iter().partition(|one| is_old(one));
        if !rest.is_none() {
            again.push(rest);
        }
        let left = if again.len() > 1 {
            let mut wanted = Vec::new();
            for one in &again {
                self.leaves(one, &mut wanted);
            }
            self.projected(exception.clone(), wanted).await?
        } else {
            again.pop().unwrap_or(Value::None)
        };
        if new.is_empty() {
            return Ok(left);
        }
        if !left.is_none() {
            new.push(left);
        }
        match new.len() {
            1 => Ok(new.remove(0)),
            _ => self.new_group(new).await,
        }
    }

    /// The part of a group that has these leaves, in its own shape.
    fn projected(&self, group: Value, wanted: Vec<Value>) -> Running {
        let machine = self.clone();
        Box::pin(async move {
            let mut kept = Vec::new();
            for member in machine.members(&group) {
                if machine.is_group(&member) {
                    let part = machine.projected(member, wanted.clone()).await?;
                    if !part.is_none() {
                        kept.push(part);
                    }
                } else if wanted.iter().any(|one| one.is(&member)) {
                    kept.push(member);
                }
            }
            if kept.is_empty() {
                return Ok(Value::None);
            }
            let part = machine
                .call_method(&group, "derive", vec![Value::list(kept)])
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
        })
    }
}
