//! Code in the making: instructions with labels, the depth of the stack, handlers, pools of constants and names.

use std::cell::Cell;
use std::rc::Rc;

use crate::code::{Code, CodeKind, Handler, Op, Position, Site};
use crate::value::{Str, Value};

/// A place in the code that is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(usize);

/// A range that is being protected.
#[derive(Clone, Copy, Debug)]
pub struct Protected {
    start: usize,
    depth: u32,
    handling: u32,
}

/// A piece of code in the making.
pub struct Assembler {
    ops: Vec<Op>,
    positions: Vec<Position>,
    handlers: Vec<(usize, usize, Label, u32, u32)>,
    labels: Vec<Option<usize>>,
    constants: Vec<Value>,
    codes: Vec<Rc<Code>>,
    names: Vec<Rc<Str>>,
    sites: Vec<Rc<Str>>,
    keyword_names: Vec<Vec<Rc<Str>>>,
    imports: Vec<crate::code::Import>,
    /// Where what is compiled stands in the source.
    pub position: Position,
    depth: i64,
    /// How many exceptions are being handled at this place.
    pub handling: u32,
}

impl Default for Assembler {
    fn default() -> Self {
        Self {
            ops: Vec::new(),
            positions: Vec::new(),
            handlers: Vec::new(),
            labels: Vec::new(),
            constants: Vec::new(),
            codes: Vec::new(),
            names: Vec::new(),
            sites: Vec::new(),
            keyword_names: Vec::new(),
            imports: Vec::new(),
            position: Position {
                line: 1,
                column: 0,
                end_line: 1,
                end_column: 0,
            },
            depth: 0,
            handling: 0,
        }
    }
}

impl Assembler {
    /// Adds an instruction; `change` is what it does to the number of values on the stack.
    pub fn emit(&mut self, op: Op, change: i64) {
        self.ops.push(op);
        self.positions.push(self.position);
        self.depth += change;
    }

    /// Values on the stack at this place.
    #[must_use]
    pub fn depth(&self) -> i64 {
        self.depth
    }

    /// Says how many values are on the stack where code is reached by a jump alone.
    pub fn set_depth(&mut self, depth: i64) {
        self.depth = depth;
    }

    /// A place to jump to, bound later.
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// The place is here.
    pub fn bind(&mut self, label: Label) {
        self.labels[label.0] = Some(self.ops.len());
    }

    /// A jump of this shape to a label: its operand is the label's number until [`Assembler::finish`].
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million labels"
    )]
    pub fn jump(&mut self, shape: fn(u32) -> Op, label: Label, change: i64) {
        self.emit(shape(label.0 as u32), change);
    }

    /// The index of a constant; equal scalars of the same type share one.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million constants"
    )]
    pub fn constant(&mut self, value: Value) -> u32 {
        let known = self
            .constants
            .iter()
            .position(|known| match (known, &value) {
                (Value::Str(a), Value::Str(b)) => a.as_str() == b.as_str(),
                (Value::Tuple(_), _) => false,
                (a, b) => a.is(b),
            });
        known.unwrap_or_else(|| {
            self.constants.push(value);
            self.constants.len() - 1
        }) as u32
    }

    /// The index of a name.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million names"
    )]
    pub fn name(&mut self, name: &Rc<Str>) -> u32 {
        let known = self.names.iter().position(|known| Rc::ptr_eq(known, name));
        known.unwrap_or_else(|| {
            self.names.push(Rc::clone(name));
            self.names.len() - 1
        }) as u32
    }

    /// A new name site.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million sites"
    )]
    pub fn site(&mut self, name: &Rc<Str>) -> u32 {
        self.sites.push(Rc::clone(name));
        (self.sites.len() - 1) as u32
    }

    /// The index of inner code.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million inner functions"
    )]
    pub fn code(&mut self, code: Rc<Code>) -> u32 {
        self.codes.push(code);
        (self.codes.len() - 1) as u32
    }

    /// The index of the names of a call's keyword arguments.
    pub fn keywords(&mut self, names: Vec<Rc<Str>>) -> u16 {
        self.keyword_names.push(names);
        u16::try_from(self.keyword_names.len() - 1).unwrap_or(u16::MAX)
    }

    /// The index of what an import asks for.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million imports"
    )]
    pub fn import(&mut self, import: crate::code::Import) -> u32 {
        self.imports.push(import);
        (self.imports.len() - 1) as u32
    }

    /// From here on exceptions go to a handler.
    #[must_use]
    pub fn protect(&self) -> Protected {
        Protected {
            start: self.ops.len(),
            depth: u32::try_from(self.depth).unwrap_or(0),
            handling: self.handling,
        }
    }

    /// A range that was broken off goes on here.
    #[must_use]
    pub fn again(&self, range: Protected) -> Protected {
        Protected {
            start: self.ops.len(),
            ..range
        }
    }

    /// Up to here they did. Inner ranges end first, so they come first.
    pub fn protected(&mut self, range: Protected, handler: Label) {
        if range.start < self.ops.len() {
            self.handlers.push((
                range.start,
                self.ops.len(),
                handler,
                range.depth,
                range.handling,
            ));
        }
    }

    /// The finished code: `described` has everything but what is assembled.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million instructions"
    )]
    pub fn finish(self, described: Described) -> Code {
        let place = |label: u32| {
            self.labels
                .get(label as usize)
                .copied()
                .flatten()
                .unwrap_or(0) as u32
        };
        let ops = self
            .ops
            .iter()
            .map(|op| match *op {
                Op::Jump(to) => Op::Jump(place(to)),
                Op::JumpBack(to) => Op::JumpBack(place(to)),
                Op::JumpIfFalse(to) => Op::JumpIfFalse(place(to)),
                Op::JumpIfTrue(to) => Op::JumpIfTrue(place(to)),
                Op::JumpIfFalseOrPop(to) => Op::JumpIfFalseOrPop(place(to)),
                Op::JumpIfTrueOrPop(to) => Op::JumpIfTrueOrPop(place(to)),
                Op::JumpIfNone(to) => Op::JumpIfNone(place(to)),
                Op::ForEach(to) => Op::ForEach(place(to)),
                other => other,
            })
            .collect();
        let handlers = self
            .handlers
            .iter()
            .map(|&(start, end, label, depth, handling)| Handler {
                start: start as u32,
                end: end as u32,
                target: place(label.0 as u32),
                depth,
                handling,
            })
            .collect();
        let sites = self
            .sites
            .into_iter()
            .map(|name| Site {
                name,
                at: Cell::new(u32::MAX),
                second: Cell::new(u32::MAX),
            })
            .collect();
        Code {
            name: described.name,
            qualified_name: described.qualified_name,
            file: described.file,
            kind: described.kind,
            is_generator: described.is_generator,
            first_line: described.first_line,
            ops,
            positions: self.positions,
            handlers,
            constants: self.constants,
            codes: self.codes,
            names: self.names,
            sites,
            keyword_names: self.keyword_names,
            imports: self.imports,
            slots: described.slots,
            positional: described.positional,
            positional_only: described.positional_only,
            keyword_only: described.keyword_only,
            star: described.star,
            double_star: described.double_star,
            cells: described.cells,
            free: described.free,
            doc: described.doc,
            has_namespace: described.has_namespace,
        }
    }
}

/// Everything of a piece of code that is not assembled.
#[expect(missing_docs, reason = "they are the fields of `Code`")]
pub struct Described {
    pub name: Rc<Str>,
    pub qualified_name: Rc<Str>,
    pub file: Rc<str>,
    pub kind: CodeKind,
    pub is_generator: bool,
    pub first_line: u32,
    pub slots: Vec<Rc<Str>>,
    pub positional: u32,
    pub positional_only: u32,
    pub keyword_only: u32,
    pub star: bool,
    pub double_star: bool,
    pub cells: Vec<u32>,
    pub free: u32,
    pub doc: Option<Rc<Str>>,
    pub has_namespace: bool,
}
