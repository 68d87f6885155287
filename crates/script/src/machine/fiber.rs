//! Where a script is while it runs: frames one on the other, and what each does with its value when it ends.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Running;
use crate::code::{Code, Target};
use crate::value::{Table, Value};

/// One call in hand.
pub struct Frame {
    /// What it runs.
    pub code: Rc<Code>,
    /// The names of its module.
    pub globals: Rc<RefCell<Table>>,
    /// Of a class body or a module: where its own names live.
    pub namespace: Option<Rc<RefCell<Table>>>,
    /// Where its slots begin on the fiber's stack.
    pub base: usize,
    /// The next instruction, while the frame is not on top.
    pub pc: usize,
    /// The exceptions being handled, the innermost last.
    pub handling: Vec<Value>,
    /// What becomes of its value.
    pub after: After,
    /// The generator it belongs to.
    pub generator: Option<Rc<Generator>>,
}

/// What becomes of a frame's value.
#[derive(Clone)]
pub enum After {
    /// It is pushed on the caller's stack.
    Push,
    /// It must be `None`; the instance is pushed instead: `__init__`.
    Construct(Value),
    /// It leaves the machine.
    Leave,
    /// The frame is a generator's in a `for` loop: a value handed out is pushed, its end jumps.
    Each(Target),
    /// The frame is a generator's under `yield from`: a value handed out is handed on, its own value is pushed.
    Delegate,
}

/// What is done with the value that was awaited.
#[derive(Clone, Copy, Debug)]
pub enum Resume {
    /// It is pushed.
    Push,
    /// It is dropped.
    Drop,
    /// Unbound: the loop's iterator is popped and the jump taken; else it is pushed.
    Each(Target),
    /// A `bool`: jump if it is this, popping nothing.
    Jump(bool, Target),
    /// A `bool` beside the value on the stack: jump and keep the value if it is this, else pop the value.
    JumpOrPop(bool, Target),
    /// A tuple, unpacked with its first item on top.
    Spread,
    /// `YieldFrom`: a pair (whether it goes on, value).
    Delegate,
}

/// A frame that is put away between a generator's values.
pub struct Saved {
    /// The frame; its `base` means nothing until it is resumed.
    pub frame: Frame,
    /// Its part of the stack.
    pub values: Vec<Value>,
}

/// Where a generator is.
pub enum GeneratorState {
    /// Not begun.
    Fresh(Saved),
    /// At a `yield`.
    Suspended(Saved),
    /// On some fiber.
    Running,
    /// At its end.
    Done,
}

/// What an object of class `generator` keeps.
pub struct Generator {
    /// Where it is.
    pub state: RefCell<GeneratorState>,
    /// What it runs.
    pub code: Rc<Code>,
}

/// A run of frames on a stack of their own; natives that call a script begin a new one.
#[derive(Default)]
pub struct Fiber {
    /// The frames, the running one last.
    pub frames: RefCell<Vec<Frame>>,
    /// The instruction the running frame is at, written before anything is called.
    pub pc: Cell<usize>,
}

/// Why the run loop stopped.
pub enum Step {
    /// The last frame returned this.
    Returned(Value),
    /// The last frame, a generator's, handed this out.
    Yielded(Value),
    /// Nobody handled this.
    Raised(super::Raised),
    /// Something must be awaited.
    Await(Running, Resume),
}

impl Generator {
    /// Whether nothing of it has run.
    #[must_use]
    pub fn never_began(&self) -> bool {
        matches!(*self.state.borrow(), GeneratorState::Fresh(_))
    }

    /// Ends it where it stands.
    pub fn end(&self) {
        *self.state.borrow_mut() = GeneratorState::Done;
    }
}
