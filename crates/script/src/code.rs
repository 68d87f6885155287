//! The code that the compiler makes and the machine runs: a stack machine's, eight bytes an instruction.
//!
//! Stack effects are written `before → after`, the top of the stack on the right.

use std::cell::Cell;
use std::rc::Rc;

use crate::value::{Str, Value};

/// The operator of [`Op::Binary`] and [`Op::InPlace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are Python's own names")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    MatrixMultiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    LeftShift,
    RightShift,
    And,
    Or,
    Xor,
}

/// The operator of [`Op::Unary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are Python's own names")]
pub enum UnaryOperator {
    Negative,
    Positive,
    Invert,
    Not,
}

/// The operator of [`Op::Compare`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are Python's own names")]
pub enum Comparison {
    Less,
    LessEqual,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

/// What [`Op::FormatValue`] does to the value before it is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// Nothing.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// A jump's target: the index of an instruction.
pub type Target = u32;

/// One instruction. Names and constants are indices into [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Nothing.
    Nop,
    /// `→ constant`
    Constant(u32),
    /// `a →`
    Pop,
    /// `a → a a`
    Duplicate,
    /// `a b → a b a b`
    DuplicateTwo,
    /// `a b → b a`
    Swap,
    /// `a b c → c a b`: the top goes below the two under it.
    RotateThree,
    /// `a b c d → d a b c`
    RotateFour,
    /// `→ value` of the local in this slot; unbound: UnboundLocalError.
    LoadLocal(u32),
    /// `value →`
    StoreLocal(u32),
    /// Unbinds; unbound: UnboundLocalError.
    DeleteLocal(u32),
    /// Unbinds whether bound or not: the end of `except … as name`.
    ClearLocal(u32),
    /// Puts the local of this slot into a cell, unless it is in one: the start of a frame whose local is shared.
    MakeCell(u32),
    /// `→ value` inside the cell of this slot; empty: NameError (free) or UnboundLocalError (own).
    LoadCell(u32),
    /// `value →`
    StoreCell(u32),
    /// Empties the cell; empty: an error as for [`Op::LoadCell`].
    DeleteCell(u32),
    /// Empties the cell whether it is empty or not.
    ClearCell(u32),
    /// `→ cell` of this slot, for a closure that is being made.
    LoadClosure(u32),
    /// `→ value` of a global or built-in name. The operand counts name sites: `code.sites[i]` holds name and remembered position.
    LoadGlobal(u32),
    /// `value →`, a site as above.
    StoreGlobal(u32),
    /// A site as above.
    DeleteGlobal(u32),
    /// `→ value` of a name of a class body or `exec`: its namespace, then globals, then built-ins. The operand is a name.
    LoadName(u32),
    /// `→ value` of a name of a class body that an outer function also has: its namespace, then the cell (slot 16 low bits, name 16 high bits).
    LoadClassCell(u32),
    /// `value →`
    StoreName(u32),
    /// Takes a name out of the namespace.
    DeleteName(u32),
    /// `object → value`. The operand is a site.
    LoadAttribute(u32),
    /// `value object →`. A site.
    StoreAttribute(u32),
    /// `object →`. A site.
    DeleteAttribute(u32),
    /// `object → callable receiver`, or `callable unbound` where the attribute is no plain method. A site.
    LoadMethod(u32),
    /// `object index → value`
    LoadItem,
    /// `value object index →`
    StoreItem,
    /// `object index →`
    DeleteItem,
    /// `start stop → slice`, or with a step (1) `start stop step → slice`
    BuildSlice(u32),
    /// `a b → a∘b`
    Binary(Operator),
    /// `a b → a∘=b`
    InPlace(Operator),
    /// `a → ∘a`
    Unary(UnaryOperator),
    /// `a b → a∘b`
    Compare(Comparison),
    /// Goes on at the target.
    Jump(Target),
    /// As [`Op::Jump`], backwards: where a loop breathes.
    JumpBack(Target),
    /// `a →`, jumping if it is false.
    JumpIfFalse(Target),
    /// `a →`, jumping if it is true.
    JumpIfTrue(Target),
    /// `a → a` and jump if it is false, else `a →`.
    JumpIfFalseOrPop(Target),
    /// `a → a` and jump if it is true, else `a →`.
    JumpIfTrueOrPop(Target),
    /// `a →`, jumping if it is None.
    JumpIfNone(Target),
    /// `iterable → iterator`
    GetIterator,
    /// `iterator → iterator item`, or at its end `iterator →` and jump.
    ForEach(Target),
    /// `sequence → items…`, the first on top: exactly so many.
    Unpack(u32),
    /// `sequence → items…`, the first on top: so many before the star (16 low bits) and after it (16 high bits); the star's is a list.
    UnpackStar(u32),
    /// `items… → tuple`
    BuildTuple(u32),
    /// `items… → list`
    BuildList(u32),
    /// `items… → set`
    BuildSet(u32),
    /// `key value … → dict`, so many pairs
    BuildDict(u32),
    /// `strings… → string`
    BuildString(u32),
    /// `list → tuple`
    ListToTuple,
    /// `list … item → list …`: appends to the list so deep under the item.
    ListAppend(u32),
    /// `set … item → set …`
    SetAdd(u32),
    /// `dict … key value → dict …`
    DictAdd(u32),
    /// `list iterable → list`. A star in a display (`operand` 0) or a call (1, which words the error).
    ListExtend(u32),
    /// `set iterable → set`
    SetUpdate,
    /// `dict mapping → dict`: `**mapping` in a display.
    DictUpdate,
    /// `callable … dict mapping → callable … dict`: `**mapping` in a call, where a key twice is a TypeError. The callable lies under `args dict`.
    DictMerge,
    /// `value → string`, or with a spec (1) `value spec → string`.
    FormatValue(Conversion, bool),
    /// `callable arguments… → value`: so many positional arguments.
    Call(u32),
    /// `callable receiver arguments… → value` after [`Op::LoadMethod`].
    CallMethod(u32),
    /// `callable positional… keyword… → value`: so many arguments in all; `keyword_names[i]` names the last ones.
    CallKeyword(u16, u16),
    /// `callable receiver positional… keyword… → value` after [`Op::LoadMethod`].
    CallMethodKeyword(u16, u16),
    /// `callable list → value`, or with a dict (1) `callable list dict → value`.
    CallSpread(u32),
    /// `defaults-tuple? keyword-defaults-dict? annotations-dict? cells…? → function`; bits 1, 2, 4 say which are there; the rest (from bit 4 on)
    /// indexes `code.codes`, whose free variables say how many cells lie on top, loaded with [`Op::LoadClosure`].
    MakeFunction(u32),
    /// `function name list-of-bases dict-of-keywords → class`
    BuildClass,
    /// `value →`, leaving the frame with it.
    Return,
    /// `value → sent`: hands a value out of a generator.
    Yield,
    /// `iterator received → value`: hands all of the iterator's values out; goes on with its own value.
    YieldFrom,
    /// `iterable → iterator` for [`Op::YieldFrom`]: a generator is taken as it is.
    GetYieldFromIterator,
    /// `exception →`, or with a cause (2) `exception cause →`; with nothing (0), what is being handled again.
    Raise(u32),
    /// At a handler's start: what was raised lies on the stack and is from here on what is being handled. `exception → exception`
    BeginHandler,
    /// What is being handled is handled.
    EndHandler,
    /// `exception class → exception bool`: whether it is one of the class or the tuple of classes.
    ExceptionMatches,
    /// `exception →`, raising it again as it is, its trace growing no line.
    Reraise,
    /// `rest class → rest' part-or-None`: the part of an exception that an `except*` takes, always a group.
    SplitGroup,
    /// `exception raised-list rest → exception-or-None`: what is left to raise after all `except*`.
    JoinGroups,
    /// `manager → exit value`: calls `__enter__`.
    EnterWith,
    /// `exit → `: calls it with three `None` and drops what it says.
    ExitWith,
    /// `exit exception → exit exception bool`: calls exit with what was raised; whether it says true.
    ExitWithException,
    /// `message? →`, raising AssertionError; the operand says whether there is a message.
    RaiseAssertion(bool),
    /// `→ module`: as `code.imports[i]` asks.
    Import(u32),
    /// `module → module value`: `from module import name`.
    ImportFrom(u32),
    /// `module →`: `from module import *`.
    ImportStar,
    /// `value →`: what an expression statement of a notebook's cell gave.
    PrintExpression,
    /// `subject → subject bool`: is it a sequence that patterns take?
    MatchSequence,
    /// `subject → subject bool`
    MatchMapping,
    /// `subject → subject length`
    GetLength,
    /// `subject keys-tuple → subject values-tuple-or-None`
    MatchKeys,
    /// `subject class names-tuple → attributes-tuple-or-None`: a class pattern with so many positional sub-patterns.
    MatchClass(u32),
    /// `keys-tuple subject → dict` of what is left: `**rest` of a mapping pattern.
    MatchRest,
    /// `→ dict`: the namespace's `__annotations__`, made where it is missing.
    LoadAnnotations,
    /// `→ None`, raising what the compiler found wrong too late: `code.constants[i]` is the message of a SyntaxError.
    Fault(u32),
}

/// A site that names something and remembers where it was last found.
pub struct Site {
    /// The name.
    pub name: Rc<Str>,
    /// Where it stood in the table searched first.
    pub at: Cell<u32>,
    /// Where it stood in the table searched second (built-ins).
    pub second: Cell<u32>,
}

/// What one `import` asks for.
#[derive(Clone, Debug)]
pub struct Import {
    /// The module's dotted name; empty in `from . import x`.
    pub module: Rc<str>,
    /// The names after `import` in `from module import …`; empty in a plain import.
    pub names: Vec<Rc<str>>,
    /// The number of leading dots.
    pub level: u32,
    /// `import a.b as c` binds `a.b`; `import a.b` binds `a`.
    pub whole: bool,
}

/// Where an instruction stands in the source: lines from 1, columns in bytes from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last.
    pub end_column: u32,
}

/// A range of instructions whose exceptions go on at a handler. Inner ranges come first.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    /// First instruction.
    pub start: u32,
    /// Instruction after the last.
    pub end: u32,
    /// Where the handler begins; the exception is pushed there.
    pub target: Target,
    /// How many values of the frame's stack (its slots not counted) stay.
    pub depth: u32,
    /// How many exceptions are being handled in the frame then.
    pub handling: u32,
}

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// A module, a cell, `exec`.
    Module,
    /// One expression: `eval`.
    Expression,
    /// A class body.
    Class,
    /// A function, a lambda, a comprehension.
    Function,
}

/// A compiled piece of source.
pub struct Code {
    /// `<module>`, `<lambda>`, `<listcomp>`, or the function's name.
    pub name: Rc<Str>,
    /// The name with the names around it: `Net.forward`, `f.<locals>.g`.
    pub qualified_name: Rc<Str>,
    /// The file's name as tracebacks print it.
    pub file: Rc<str>,
    /// What it is.
    pub kind: CodeKind,
    /// Whether calling it makes a generator.
    pub is_generator: bool,
    /// The line of its `def`, `class` or `lambda`.
    pub first_line: u32,
    /// The instructions.
    pub ops: Vec<Op>,
    /// Where each stands in the source.
    pub positions: Vec<Position>,
    /// Exception handlers.
    pub handlers: Vec<Handler>,
    /// Constants, code of inner functions apart.
    pub constants: Vec<Value>,
    /// Code of inner functions and classes.
    pub codes: Vec<Rc<Code>>,
    /// Names.
    pub names: Vec<Rc<Str>>,
    /// Name sites with what they remember.
    pub sites: Vec<Site>,
    /// Names of keyword arguments of calls.
    pub keyword_names: Vec<Vec<Rc<Str>>>,
    /// What imports ask for.
    pub imports: Vec<Import>,
    /// Names of all slots: parameters in order (positional-only, either, keyword-only, `*args`, `**kwargs`), other locals, then free variables.
    pub slots: Vec<Rc<Str>>,
    /// How many parameters may be given by position.
    pub positional: u32,
    /// How many of them only so.
    pub positional_only: u32,
    /// How many parameters are keyword-only.
    pub keyword_only: u32,
    /// Whether there is `*args`.
    pub star: bool,
    /// Whether there is `**kwargs`.
    pub double_star: bool,
    /// Slots of parameters and locals that inner functions share, put in cells when a frame starts.
    pub cells: Vec<u32>,
    /// The first slot of a free variable; they go on to the last slot.
    pub free: u32,
    /// `__doc__`
    pub doc: Option<Rc<Str>>,
    /// Whether the frame's locals are names of a namespace (module, class) and not slots.
    pub has_namespace: bool,
}
