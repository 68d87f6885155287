//! The run loop: one instruction after the other until something must be awaited.

use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::fiber::{After, Fiber, Resume, Step};
use super::{Machine, Outcome, Raised, Running};
use crate::builtins::arithmetic;
use crate::code::{Code, Comparison, Op, Operator, UnaryOperator};
use crate::value::Value;

/// How many jumps back and calls pass between two breaths.
const BREATH: u32 = 4096;

/// What an instruction did, where it did not simply go on.
pub(super) enum Flow {
    /// The next instruction.
    Next,
    /// Another frame is on top, or the pc changed: read the registers again.
    Switch,
    /// An exception.
    Raise(Raised),
    /// Await this and go on as said.
    Wait(Running, Resume),
    /// Leave the run loop.
    Leave(Step),
}

/// The registers of the running frame, and the stack.
pub(super) struct Registers<'a> {
    pub fiber: &'a Fiber,
    pub stack: &'a mut Vec<Value>,
    pub code: Rc<Code>,
    pub base: usize,
    pub pc: usize,
}

impl Registers<'_> {
    /// Reads the registers of the frame on top.
    pub fn load(&mut self) {
        if let Some(frame) = self.fiber.frames.borrow().last() {
            self.code = Rc::clone(&frame.code);
            self.base = frame.base;
            self.pc = frame.pc;
        }
    }

    /// Writes the pc into the frame on top, before another frame is put on it.
    pub fn save(&mut self) {
        if let Some(frame) = self.fiber.frames.borrow_mut().last_mut() {
            frame.pc = self.pc;
        }
    }

    pub fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    pub fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    /// The value so deep under the top, 0 being the top.
    pub fn peek(&self, depth: usize) -> &Value {
        &self.stack[self.stack.len() - 1 - depth]
    }

    /// Takes the last values off, in order.
    pub fn take(&mut self, count: usize) -> Vec<Value> {
        let at = self.stack.len().saturating_sub(count);
        self.stack.split_off(at)
    }
}

impl Machine {
    /// Runs the fiber's frames. `input` is what was awaited, and what to do with it.
    pub(super) fn run(
        &self,
        fiber: &Fiber,
        stack: &mut Vec<Value>,
        input: Option<(Outcome, Resume)>,
    ) -> Step {
        let Some(code) = fiber
            .frames
            .borrow()
            .last()
            .map(|frame| Rc::clone(&frame.code))
        else {
            return Step::Returned(Value::None);
        };
        let mut r = Registers {
            fiber,
            stack,
            code,
            base: 0,
            pc: 0,
        };
        r.load();
        let mut flow = match input {
            None => Flow::Next,
            Some((Ok(value), resume)) => self.resume(&mut r, value, resume),
            Some((Err(raised), _)) => Flow::Raise(raised),
        };
        let mut breath = BREATH;
        loop {
            match flow {
                Flow::Next => {}
                Flow::Switch => {
                    r.load();
                    breath = breath.saturating_sub(1);
                }
                Flow::Raise(raised) => match self.unwind(&mut r, raised) {
                    None => r.load(),
                    Some(step) => return step,
                },
                Flow::Wait(mut running, resume) => {
                    let mut context = Context::from_waker(Waker::noop());
                    fiber.pc.set(r.pc);
                    r.save();
                    match running.as_mut().poll(&mut context) {
                        Poll::Ready(Ok(value)) => {
                            flow = self.resume(&mut r, value, resume);
                            continue;
                        }
                        Poll::Ready(Err(raised)) => {
                            flow = Flow::Raise(raised);
                            continue;
                        }
                        Poll::Pending => return Step::Await(running, resume),
                    }
                }
                Flow::Leave(step) => return step,
            }
            flow = self.go(&mut r, &mut breath);
            if breath == 0 {
                breath = BREATH;
                if let Flow::Next | Flow::Switch = flow {
                    if let Flow::Next = flow {
                        r.save();
                    }
                    if let Some(pause) = self.breath(fiber) {
                        return Step::Await(pause, Resume::Drop);
                    }
                }
            }
        }
    }

    /// Runs instructions of the frame on top until the flow is anything but the next instruction.
    fn go(&self, r: &mut Registers<'_>, breath: &mut u32) -> Flow {
        let code = Rc::clone(&r.code);
        let ops = code.ops.as_slice();
        loop {
            let Some(&op) = ops.get(r.pc) else {
                return Flow::Raise(self.runtime_error("the code ended without a return"));
            };
            r.pc += 1;
            let flow = match op {
                Op::Nop => Flow::Next,
                Op::Constant(at) => {
                    r.push(code.constants.get(at as usize).cloned().unwrap_or_default());
                    Flow::Next
                }
                Op::Pop => {
                    r.pop();
                    Flow::Next
                }
                Op::Duplicate => {
                    let top = r.peek(0).clone();
                    r.push(top);
                    Flow::Next
                }
                Op::DuplicateTwo => {
                    let (under, top) = (r.peek(1).clone(), r.peek(0).clone());
                    r.push(under);
                    r.push(top);
                    Flow::Next
                }
                Op::Swap => {
                    let length = r.stack.len();
                    r.stack.swap(length - 1, length - 2);
                    Flow::Next
                }
                Op::RotateThree => {
                    let length = r.stack.len();
                    r.stack[length - 3..].rotate_right(1);
                    Flow::Next
                }
                Op::RotateFour => {
                    let length = r.stack.len();
                    r.stack[length - 4..].rotate_right(1);
                    Flow::Next
                }
                Op::LoadLocal(slot) => match &r.stack[r.base + slot as usize] {
                    Value::Unbound => Flow::Raise(self.unbound_local(&code, slot)),
                    value => {
                        let value = value.clone();
                        r.push(value);
                        Flow::Next
                    }
                },
                Op::StoreLocal(slot) => {
                    let value = r.pop();
                    let at = r.base + slot as usize;
                    r.stack[at] = value;
                    Flow::Next
                }
                Op::JumpBack(target) => {
                    r.pc = target as usize;
                    *breath = breath.saturating_sub(1);
                    if *breath == 0 {
                        return Flow::Next;
                    }
                    Flow::Next
                }
                Op::Jump(target) => {
                    r.pc = target as usize;
                    Flow::Next
                }
                Op::JumpIfFalse(target) => self.jump_if(r, false, target),
                Op::JumpIfTrue(target) => self.jump_if(r, true, target),
                Op::ForEach(target) => self.for_each(r, target),
                Op::Binary(operator) => self.binary_op(r, operator, false),
                Op::InPlace(operator) => self.binary_op(r, operator, true),
                Op::Compare(comparison) => self.compare_op(r, comparison),
                Op::Call(count) => self.call_op(r, count as usize),
                Op::CallMethod(count) => self.call_method_op(r, count as usize),
                Op::LoadGlobal(site) => self.load_global(r, &code, site),
                Op::LoadAttribute(site) => self.load_attribute_op(r, &code, site),
                Op::LoadMethod(site) => self.load_method_op(r, &code, site),
                Op::LoadItem => self.load_item_op(r),
                Op::StoreItem => self.store_item_op(r),
                Op::LoadCell(slot) => self.load_cell(r, &code, slot),
                Op::StoreCell(slot) => {
                    let value = r.pop();
                    if let Value::Cell(cell) = &r.stack[r.base + slot as usize] {
                        *cell.borrow_mut() = value;
                    }
                    Flow::Next
                }
                Op::Return => {
                    let value = r.pop();
                    self.return_op(r, value)
                }
                other => self.seldom(r, &code, other),
            };
            match flow {
                Flow::Next if *breath != 0 => {}
                other => return other,
            }
        }
    }

    fn jump_if(&self, r: &mut Registers<'_>, when: bool, target: u32) -> Flow {
        let value = r.pop();
        let truth = match &value {
            Value::Bool(truth) => *truth,
            other => match self.quick_truth(other) {
                Some(truth) => truth,
                None => {
                    let machine = self.clone();
                    let asked =
                        Box::pin(async move { machine.truth(&value).await.map(Value::Bool) });
                    return Flow::Wait(asked, Resume::Jump(when, target));
                }
            },
        };
        if truth == when {
            r.pc = target as usize;
        }
        Flow::Next
    }

    fn binary_op(&self, r: &mut Registers<'_>, operator: Operator, in_place: bool) -> Flow {
        let length = r.stack.len();
        let quick = match (&r.stack[length - 2], &r.stack[length - 1]) {
            (Value::Int(a), Value::Int(b)) => match operator {
                Operator::Add => a.checked_add(*b).map(Value::Int),
                Operator::Subtract => a.checked_sub(*b).map(Value::Int),
                Operator::Multiply => a.checked_mul(*b).map(Value::Int),
                Operator::And => Some(Value::Int(a & b)),
                Operator::Or => Some(Value::Int(a | b)),
                Operator::Xor => Some(Value::Int(a ^ b)),
                Operator::Modulo if *b > 0 => Some(Value::Int(a.rem_euclid(*b))),
                Operator::FloorDivide if *b > 0 => Some(Value::Int(a.div_euclid(*b))),
                _ => None,
            },
            (Value::Float(a), Value::Float(b)) => match operator {
                Operator::Add => Some(Value::Float(a + b)),
                Operator::Subtract => Some(Value::Float(a - b)),
                Operator::Multiply => Some(Value::Float(a * b)),
                Operator::Divide if *b != 0.0 => Some(Value::Float(a / b)),
                _ => None,
            },
            _ => None,
        };
        if let Some(value) = quick {
            r.stack.truncate(length - 1);
            r.stack[length - 2] = value;
            return Flow::Next;
        }
        let (b, a) = (r.pop(), r.pop());
        if !in_place || !matches!(a, Value::List(_) | Value::Object(_)) {
            match arithmetic::binary(self, operator, &a, &b) {
                Some(Ok(value)) => {
                    r.push(value);
                    return Flow::Next;
                }
                Some(Err(raised)) => return Flow::Raise(raised),
                None => {}
            }
        }
        r.fiber.pc.set(r.pc);
        let machine = self.clone();
        let asked: Running = if in_place {
            Box::pin(async move { machine.in_place(operator, &a, &b).await })
        } else {
            Box::pin(async move { machine.binary(operator, &a, &b).await })
        };
        Flow::Wait(asked, Resume::Push)
    }

    fn compare_op(&self, r: &mut Registers<'_>, comparison: Comparison) -> Flow {
        let length = r.stack.len();
        let quick = match (&r.stack[length - 2], &r.stack[length - 1]) {
            (Value::Int(a), Value::Int(b)) => order(comparison, a.partial_cmp(b)),
            (Value::Float(a), Value::Float(b)) => order(comparison, a.partial_cmp(b)),
            (a, b) => match comparison {
                Comparison::Is => Some(a.is(b)),
                Comparison::IsNot => Some(!a.is(b)),
                Comparison::Equal => self.quick_equal(a, b),
                Comparison::NotEqual => self.quick_equal(a, b).map(|equal| !equal),
                _ => None,
            },
        };
        if let Some(answer) = quick {
            r.stack.truncate(length - 1);
            r.stack[length - 2] = Value::Bool(answer);
            return Flow::Next;
        }
        let (b, a) = (r.pop(), r.pop());
        let machine = self.clone();
        Flow::Wait(
            Box::pin(async move { machine.compare(comparison, &a, &b).await }),
            Resume::Push,
        )
    }

    /// Goes on with what was awaited.
    fn resume(&self, r: &mut Registers<'_>, value: Value, resume: Resume) -> Flow {
        match resume {
            Resume::Push => r.push(value),
            Resume::Drop => {}
            Resume::Each(target) => {
                if value.is_unbound() {
                    r.pop();
                    r.pc = target as usize;
                } else {
                    r.push(value);
                }
            }
            Resume::Jump(when, target) => {
                if matches!(value, Value::Bool(truth) if truth == when) {
                    r.pc = target as usize;
                }
            }
            Resume::JumpOrPop(when, target) => {
                if matches!(value, Value::Bool(truth) if truth == when) {
                    r.pc = target as usize;
                } else {
                    r.pop();
                }
            }
            Resume::Spread => {
                if let Value::Tuple(items) = value {
                    r.stack.extend(items.iter().rev().cloned());
                }
            }
            Resume::Delegate => {
                if let Value::Tuple(pair) = value {
                    let (goes_on, value) = (&pair[0], pair[1].clone());
                    if matches!(goes_on, Value::Bool(true)) {
                        return self.yield_op(r, value, true);
                    }
                    r.pop();
                    r.push(value);
                }
            }
        }
        Flow::Next
    }

    /// Instructions that are not worth a place in the loop itself.
    fn seldom(&self, r: &mut Registers<'_>, code: &Rc<Code>, op: Op) -> Flow {
        match op {
            Op::Unary(operator) => self.unary_op(r, operator),
            Op::JumpIfFalseOrPop(target) => self.jump_or_pop(r, false, target),
            Op::JumpIfTrueOrPop(target) => self.jump_or_pop(r, true, target),
            Op::JumpIfNone(target) => {
                if r.pop().is_none() {
                    r.pc = target as usize;
                }
                Flow::Next
            }
            Op::Yield => {
                let value = r.pop();
                self.yield_op(r, value, false)
            }
            Op::YieldFrom => self.yield_from_op(r),
            Op::BuildTuple(count) => {
                let items = r.take(count as usize);
                r.push(Value::tuple(items));
                Flow::Next
            }
            Op::BuildList(count) => {
                let items = r.take(count as usize);
                r.push(Value::list(items));
                Flow::Next
            }
            Op::ListAppend(depth) => {
                let item = r.pop();
                if let Value::List(items) = r.peek(depth as usize) {
                    items.borrow_mut().push(item);
                }
                Flow::Next
            }
            other => self.more(r, code, other),
        }
    }

    fn unary_op(&self, r: &mut Registers<'_>, operator: UnaryOperator) -> Flow {
        let value = r.pop();
        if operator == UnaryOperator::Not
            && let Some(truth) = self.quick_truth(&value)
        {
            r.push(Value::Bool(!truth));
            return Flow::Next;
        }
        match arithmetic::unary(self, operator, &value) {
            Some(Ok(value)) => {
                r.push(value);
                Flow::Next
            }
            Some(Err(raised)) => Flow::Raise(raised),
            None => {
                let machine = self.clone();
                Flow::Wait(
                    Box::pin(async move { machine.unary(operator, &value).await }),
                    Resume::Push,
                )
            }
        }
    }

    fn jump_or_pop(&self, r: &mut Registers<'_>, when: bool, target: u32) -> Flow {
        if let Some(truth) = self.quick_truth(r.peek(0)) {
            if truth == when {
                r.pc = target as usize;
            } else {
                r.pop();
            }
            return Flow::Next;
        }
        let (machine, value) = (self.clone(), r.peek(0).clone());
        let asked = Box::pin(async move { machine.truth(&value).await.map(Value::Bool) });
        Flow::Wait(asked, Resume::JumpOrPop(when, target))
    }
}

/// What a comparison says of an order; `None` for the comparisons that ask something else.
pub(super) fn order(comparison: Comparison, found: Option<std::cmp::Ordering>) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    Some(match comparison {
        Comparison::Less => found == Some(Less),
        Comparison::LessEqual => matches!(found, Some(Less | Equal)),
        Comparison::Equal => found == Some(Equal),
        Comparison::NotEqual => found != Some(Equal),
        Comparison::Greater => found == Some(Greater),
        Comparison::GreaterEqual => matches!(found, Some(Greater | Equal)),
        _ => return None,
    })
}
