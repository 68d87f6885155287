//! Generators and loops: a generator's frame is put on the stack of whoever asks it for a value, and off again at a `yield`.

use std::rc::Rc;

use super::fiber::{After, Fiber, Frame, Generator, GeneratorState, Resume, Saved, Step};
use super::run::{Flow, Registers};
use super::{Kind, Machine, Outcome, Raised, Running};
use crate::builtins::iterators::Source;
use crate::code::Op;
use crate::value::Value;

/// What a generator is resumed with.
pub enum Resumption {
    /// `send(value)`; `next` sends `None`.
    Send(Value),
    /// `throw(exception)`
    Throw(Raised),
}

/// What a resumed generator did.
pub enum Handed {
    /// `yield value`
    Yielded(Value),
    /// `return value`
    Returned(Value),
}

impl Machine {
    /// `iterator → iterator item`, or the loop's end.
    pub(super) fn for_each(&self, r: &mut Registers<'_>, target: u32) -> Flow {
        let iterator = r.peek(0);
        if let Some(source) = iterator.payload::<Source>() {
            return match source.next(self) {
                Ok(Some(item)) => {
                    r.push(item);
                    Flow::Next
                }
                Ok(None) => {
                    r.pop();
                    r.pc = target as usize;
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            };
        }
        if let Some(generator) = iterator.payload::<Rc<Generator>>() {
            let generator = Rc::clone(generator);
            return match self.resume_here(r, &generator, Value::None, After::Each(target)) {
                Some(flow) => flow,
                None => {
                    r.pop();
                    r.pc = target as usize;
                    Flow::Next
                }
            };
        }
        let (machine, iterator) = (self.clone(), iterator.clone());
        let asked: Running =
            Box::pin(async move { Ok(machine.next_of(&iterator).await?.unwrap_or_default()) });
        Flow::Wait(asked, Resume::Each(target))
    }

    /// Puts a generator's frame on this fiber; `None` if it has ended.
    fn resume_here(
        &self,
        r: &mut Registers<'_>,
        generator: &Rc<Generator>,
        sent: Value,
        after: After,
    ) -> Option<Flow> {
        let (saved, fresh) = match self.take_saved(generator) {
            Ok(Some(saved)) => saved,
            Ok(None) => return None,
            Err(raised) => return Some(Flow::Raise(raised)),
        };
        if let Err(raised) = self.deeper() {
            *generator.state.borrow_mut() = GeneratorState::Suspended(saved);
            return Some(Flow::Raise(raised));
        }
        r.save();
        let base = r.stack.len();
        r.stack.extend(saved.values);
        if !fresh {
            r.push(sent);
        }
        let frame = Frame {
            base,
            after,
            generator: Some(Rc::clone(generator)),
            ..saved.frame
        };
        r.fiber.frames.borrow_mut().push(frame);
        Some(Flow::Switch)
    }

    /// Takes a generator's frame out to run it, and whether it has not begun; `None` if it has ended.
    fn take_saved(&self, generator: &Generator) -> Outcome<Option<(Saved, bool)>> {
        let mut state = generator.state.borrow_mut();
        match std::mem::replace(&mut *state, GeneratorState::Running) {
            GeneratorState::Fresh(saved) => Ok(Some((saved, true))),
            GeneratorState::Suspended(saved) => Ok(Some((saved, false))),
            GeneratorState::Running => {
                Err(self.raise(Kind::ValueError, "generator already executing"))
            }
            GeneratorState::Done => {
                *state = GeneratorState::Done;
                Ok(None)
            }
        }
    }

    /// The generator on top hands a value out. `again`: it stays at its `yield from`.
    pub(super) fn yield_op(&self, r: &mut Registers<'_>, value: Value, again: bool) -> Flow {
        let Some(mut frame) = r.fiber.frames.borrow_mut().pop() else {
            return Flow::Leave(Step::Yielded(value));
        };
        frame.pc = if again { r.pc - 1 } else { r.pc };
        let values = r.stack.split_off(frame.base);
        let after = std::mem::replace(&mut frame.after, After::Push);
        if let Some(generator) = frame.generator.take() {
            *generator.state.borrow_mut() = GeneratorState::Suspended(Saved { frame, values });
        }
        self.shallower();
        match after {
            After::Leave => Flow::Leave(Step::Yielded(value)),
            After::Delegate => {
                // The value goes through the generator that delegates, which stays at its `yield from`.
                r.load();
                self.yield_op(r, value, true)
            }
            _ => {
                r.push(value);
                Flow::Switch
            }
        }
    }

    /// `iterator received → value`
    pub(super) fn yield_from_op(&self, r: &mut Registers<'_>) -> Flow {
        let received = r.pop();
        let iterator = r.peek(0).clone();
        if let Some(generator) = iterator.payload::<Rc<Generator>>() {
            return match self.resume_here(r, generator, received, After::Delegate) {
                Some(flow) => flow,
                None => {
                    r.pop();
                    r.push(Value::None);
                    Flow::Next
                }
            };
        }
        let machine = self.clone();
        let asked: Running = Box::pin(async move {
            let next = if received.is_none() {
                machine.advance(&iterator).await
            } else {
                machine
                    .call_method(&iterator, "send", vec![received])
                    .await
                    .map(Handed::Yielded)
            };
            let (goes_on, value) = match next {
                Ok(Handed::Yielded(value)) => (true, value),
                Ok(Handed::Returned(value)) => (false, value),
                Err(raised) if machine.is_stop(&raised) => (false, machine.stop_value(&raised)),
                Err(raised) => return Err(raised),
            };
            Ok(Value::tuple(vec![Value::Bool(goes_on), value]))
        });
        Flow::Wait(asked, Resume::Delegate)
    }

    /// The next value of an iterator that is no generator, or what it ended with.
    async fn advance(&self, iterator: &Value) -> Outcome<Handed> {
        match self.next_of(iterator).await? {
            Some(value) => Ok(Handed::Yielded(value)),
            None => Ok(Handed::Returned(Value::None)),
        }
    }

    /// Resumes a generator from one of ours.
    ///
    /// # Errors
    /// What it raises; ValueError if it is running.
    pub async fn resume_generator(
        &self,
        generator: &Rc<Generator>,
        with: Resumption,
    ) -> Outcome<Handed> {
        let Some((mut saved, fresh)) = self.take_saved(generator)? else {
            return match with {
                Resumption::Send(_) => Ok(Handed::Returned(Value::None)),
                Resumption::Throw(raised) => Err(raised),
            };
        };
        if fresh
            && let Resumption::Send(value) = &with
            && !value.is_none()
        {
            *generator.state.borrow_mut() = GeneratorState::Fresh(saved);
            return Err(self.type_error("can't send non-None value to a just-started generator"));
        }
        let input = match with {
            Resumption::Send(_) if fresh => None,
            Resumption::Send(value) => Some(Ok(value)),
            Resumption::Throw(raised) => {
                match self.throw_into_delegate(&saved, fresh, raised).await {
                    Delegated::Here(raised) => Some(Err(raised)),
                    Delegated::Yielded(value) => {
                        *generator.state.borrow_mut() = GeneratorState::Suspended(saved);
                        return Ok(Handed::Yielded(value));
                    }
                    Delegated::Ended(value) => {
                        // The delegate is through: the generator goes on after its `yield from` with the delegate's value.
                        saved.values.pop();
                        saved.frame.pc += 1;
                        Some(Ok(value))
                    }
                }
            }
        };
        let frame = Frame {
            base: 0,
            after: After::Leave,
            generator: Some(Rc::clone(generator)),
            ..saved.frame
        };
        match self.drive(frame, saved.values, input).await {
            Step::Yielded(value) => Ok(Handed::Yielded(value)),
            Step::Returned(value) => Ok(Handed::Returned(value)),
            Step::Raised(raised) => Err(raised),
            Step::Await(..) => Err(self.runtime_error("a generator was left while it waited")),
        }
    }

    /// An exception thrown into a generator goes first to what it delegates to.
    async fn throw_into_delegate(&self, saved: &Saved, fresh: bool, raised: Raised) -> Delegated {
        if fresh
            || !matches!(
                saved.frame.code.ops.get(saved.frame.pc),
                Some(Op::YieldFrom)
            )
        {
            return Delegated::Here(raised);
        }
        let Some(inner) = saved.values.last().cloned() else {
            return Delegated::Here(raised);
        };
        if let Some(generator) = inner.payload::<Rc<Generator>>() {
            let outcome: std::pin::Pin<Box<dyn Future<Output = Outcome<Handed>> + '_>> =
                Box::pin(self.resume_generator(generator, Resumption::Throw(raised)));
            return match outcome.await {
                Ok(Handed::Yielded(value)) => Delegated::Yielded(value),
                Ok(Handed::Returned(value)) => Delegated::Ended(value),
                Err(raised) => Delegated::Here(raised),
            };
        }
        if self.find_special(&inner, "throw").is_none() {
            return Delegated::Here(raised);
        }
        match self
            .call_method(&inner, "throw", vec![raised.exception.clone()])
            .await
        {
            Ok(value) => Delegated::Yielded(value),
            Err(raised) if self.is_stop(&raised) => Delegated::Ended(self.stop_value(&raised)),
            Err(raised) => Delegated::Here(raised),
        }
    }

    /// Runs one frame on a fiber of its own to its end, its next value, or what it raises.
    pub(super) async fn drive(
        &self,
        frame: Frame,
        values: Vec<Value>,
        input: Option<Outcome>,
    ) -> Step {
        if let Err(raised) = self.enter_nested() {
            if let Some(generator) = &frame.generator {
                *generator.state.borrow_mut() = GeneratorState::Done;
            }
            return Step::Raised(raised);
        }
        let depth = self.state().depth.get();
        self.state().depth.set(depth + 1);
        let fiber = Rc::new(Fiber::default());
        fiber.frames.borrow_mut().push(frame);
        self.state().fibers.borrow_mut().push(Rc::clone(&fiber));
        let _leaving = Leaving {
            machine: self,
            depth,
        };
        let mut stack = values;
        let mut input = input.map(|outcome| (outcome, Resume::Push));
        loop {
            match self.run(&fiber, &mut stack, input) {
                Step::Await(running, resume) => input = Some((running.await, resume)),
                step => return step,
            }
        }
    }
}

/// What became of an exception that was thrown into a delegate.
enum Delegated {
    /// It goes on in the generator that delegates.
    Here(Raised),
    /// The delegate handed a value out.
    Yielded(Value),
    /// The delegate returned.
    Ended(Value),
}

/// Takes a fiber off the machine's list, also when its future is dropped: that is how Stop ends a script.
struct Leaving<'a> {
    machine: &'a Machine,
    depth: usize,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let state = self.machine.state();
        state.fibers.borrow_mut().pop();
        state.depth.set(self.depth);
        self.machine.leave_nested();
    }
}
