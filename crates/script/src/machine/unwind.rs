//! Exceptions on their way: to the handler of the frame on top, or of a frame under it, or out.

use super::fiber::{After, GeneratorState, Step};
use super::run::Registers;
use super::trace::TraceLine;
use super::{Kind, Machine, Raised};
use crate::builtins::exception::ExceptionBody;
use crate::code::{Code, Handler};
use crate::value::Value;

impl Code {
    /// The innermost handler of an instruction.
    fn handler(&self, pc: usize) -> Option<&Handler> {
        self.handlers
            .iter()
            .find(|handler| (handler.start as usize..handler.end as usize).contains(&pc))
    }
}

impl Machine {
    /// Takes frames off until one handles the exception; what leaves the fiber if none does.
    pub(super) fn unwind(&self, r: &mut Registers<'_>, raised: Raised) -> Option<Step> {
        let mut raised = raised;
        // The pc is already past the instruction that raised.
        let mut pc = r.pc;
        self.set_context(r, &raised);
        loop {
            let at = pc.saturating_sub(1);
            let mut frames = r.fiber.frames.borrow_mut();
            let Some(frame) = frames.last_mut() else {
                return Some(Step::Raised(raised));
            };
            if let Some(body) = raised.exception.payload::<ExceptionBody>() {
                if body.keeps_trace.replace(false) {
                    // `raise` without anything adds no line.
                } else {
                    body.trace.borrow_mut().push(TraceLine {
                        file: std::rc::Rc::clone(&frame.code.file),
                        name: std::rc::Rc::clone(&frame.code.name),
                        position: frame.code.positions.get(at).copied().unwrap_or_default(),
                    });
                }
            }
            if let Some(handler) = frame.code.handler(at) {
                let depth = frame.base + frame.code.slots.len() + handler.depth as usize;
                frame.handling.truncate(handler.handling as usize);
                frame.pc = handler.target as usize;
                drop(frames);
                r.stack.truncate(depth);
                r.push(raised.exception);
                return None;
            }
            let frame = frames.pop();
            drop(frames);
            let frame = frame?;
            self.shallower();
            r.stack.truncate(frame.base);
            if let Some(generator) = &frame.generator {
                *generator.state.borrow_mut() = GeneratorState::Done;
                // PEP 479: a StopIteration that leaves a generator's body is a fault of that body.
                if self.is_stop(&raised) {
                    raised = self.chain(
                        Kind::RuntimeError,
                        "generator raised StopIteration",
                        &raised,
                    );
                }
            }
            if matches!(frame.after, After::Leave) {
                return Some(Step::Raised(raised));
            }
            r.load();
            pc = r.pc;
        }
    }

    /// `__context__`: what was being handled when this was raised.
    fn set_context(&self, r: &Registers<'_>, raised: &Raised) {
        let here = r
            .fiber
            .frames
            .borrow()
            .iter()
            .rev()
            .find_map(|frame| frame.handling.last().cloned());
        let handled = here.or_else(|| self.handled_exception());
        let (Some(handled), Some(body)) = (handled, raised.exception.payload::<ExceptionBody>())
        else {
            return;
        };
        if handled.is(&raised.exception) || body.context.borrow().is_some() {
            return;
        }
        // A chain must not bite its own tail: it is cut where the new exception already stands in it.
        let mut link = handled.clone();
        loop {
            let Some(next) = link
                .payload::<ExceptionBody>()
                .and_then(|body| body.context.borrow().clone())
            else {
                break;
            };
            if next.is(&raised.exception) {
                if let Some(body) = link.payload::<ExceptionBody>() {
                    *body.context.borrow_mut() = None;
                }
                break;
            }
            link = next;
        }
        *body.context.borrow_mut() = Some(handled);
    }

    /// What is being handled now, in any frame of any fiber, the innermost.
    #[must_use]
    pub fn handled_exception(&self) -> Option<Value> {
        let fibers = self.state().fibers.borrow();
        fibers.iter().rev().find_map(|fiber| {
            let frames = fiber.frames.try_borrow().ok()?;
            frames
                .iter()
                .rev()
                .find_map(|frame| frame.handling.last().cloned())
        })
    }

    /// A new exception whose cause and context is another.
    pub(super) fn chain(&self, kind: Kind, text: &str, cause: &Raised) -> Raised {
        let raised = self.raise(kind, text);
        if let Some(body) = raised.exception.payload::<ExceptionBody>() {
            *body.cause.borrow_mut() = Some(cause.exception.clone());
            *body.context.borrow_mut() = Some(cause.exception.clone());
            body.suppress_context.set(true);
        }
        raised
    }
}
