//! Source text to code: the parser's tree, the scopes of its names, then one pass that assembles.

mod assemble;
pub mod carets;
mod comprehensions;
mod exceptions;
mod expressions;
mod functions;
mod names;
mod patterns;
mod scope;
mod statements;
mod targets;
mod unit;

use std::rc::Rc;

use ruff_python_ast::{Identifier, Mod};
use ruff_python_parser::{ParseOptions, parse};
use ruff_text_size::TextRange;

use crate::code::{Code, CodeKind, Position};
use crate::machine::Machine;
use crate::value::Str;
use assemble::{Assembler, Label, Protected};
use scope::Scope;

/// What is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file.
    Module,
    /// A notebook's cell: the value of its last expression is shown.
    Cell,
    /// One expression: `eval`.
    Expression,
}

/// Which exception a fault becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// SyntaxError
    Syntax,
    /// IndentationError
    Indentation,
    /// TabError
    Tab,
    /// RecursionError: the source is nested too deeply.
    Nesting,
}

/// Source that cannot be compiled: what CPython says, and where, columns in characters from 1.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message} (line {line})")]
pub struct SyntaxFault {
    /// The text.
    pub message: String,
    /// Which exception it becomes.
    pub kind: FaultKind,
    /// First line, from 1.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last.
    pub end_column: u32,
    /// The source line.
    pub text: String,
}

/// A loop that `break` and `continue` may leave.
struct Loop {
    /// Where `continue` goes.
    again: Label,
    /// Where `break` goes.
    end: Label,
    /// Values that the loop keeps on the stack: its iterator.
    kept: i64,
}

/// What is around a place in the code and must be seen to on the way out.
enum Around {
    /// A loop.
    Loop(Loop),
    /// `try … finally`: the body of `finally` runs.
    Finally(Vec<ruff_python_ast::Stmt>),
    /// `with`: the exit on the stack is called.
    With,
    /// A handler: what is being handled is handled, and its name is cleared.
    Handler(Option<String>),
    /// A `finally` that runs because of an exception: it is dropped from the stack, and no longer handled.
    Raised,
    /// A `finally` that runs on the way out with a value: that value is dropped.
    Kept,
    /// An `except*`, which cannot be left.
    Group,
}

/// Something around a place, and how many protected ranges are open outside of it.
struct Block {
    around: Around,
    open: usize,
}

/// A piece of code in the making with what the compiler knows of it.
struct Unit {
    asm: Assembler,
    scope: Rc<Scope>,
    kind: CodeKind,
    qualified_name: String,
    slots: Vec<Rc<Str>>,
    /// The first slot that patterns keep values in.
    kept: usize,
    /// The first slot of a free variable.
    free: usize,
    blocks: Vec<Block>,
    /// Ranges of exception tables that are open, innermost last: broken off where a way out runs code of its own.
    protected: Vec<(Protected, Label)>,
    class: Option<String>,
}

/// Compiles one source.
struct Compiler<'a> {
    machine: &'a Machine,
    source: &'a str,
    file: Rc<str>,
    /// Where each line begins.
    lines: Vec<usize>,
    units: Vec<Unit>,
    /// Whether annotations are kept as text: `from __future__ import annotations`.
    text_annotations: bool,
    fault: Option<SyntaxFault>,
}

/// How deeply brackets may be nested, as in CPython.
const NESTED: usize = 200;

/// Compiles source text.
///
/// # Errors
/// What CPython calls a SyntaxError.
pub fn compile(
    machine: &Machine,
    source: &str,
    file: &str,
    mode: Mode,
) -> Result<Rc<Code>, SyntaxFault> {
    let lines: Vec<usize> = std::iter::once(0)
        .chain(source.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut compiler = Compiler {
        machine,
        source,
        file: file.into(),
        lines,
        units: Vec::new(),
        text_annotations: false,
        fault: None,
    };
    compiler.check_nesting()?;
    let options = ParseOptions::from(match mode {
        Mode::Expression => ruff_python_parser::Mode::Expression,
        _ => ruff_python_parser::Mode::Module,
    });
    let parsed = parse(source, options)
        .map_err(|error| compiler.fault_at(&error.error.to_string(), error.location))?;
    let found = match parsed.syntax() {
        Mod::Module(module) => scope::scopes(&module.body, None),
        Mod::Expression(one) => scope::scopes(&[], Some(&one.body)),
    };
    let scope = Rc::new(found.map_err(|fault| compiler.fault_at(&fault.message, fault.range))?);
    let code = compiler.module(scope, parsed.syntax(), mode);
    match compiler.fault {
        Some(fault) => Err(fault),
        None => Ok(code),
    }
}

impl Compiler<'_> {
    fn here(&mut self) -> &mut Unit {
        let last = self.units.len() - 1;
        &mut self.units[last]
    }

    fn asm(&mut self) -> &mut Assembler {
        &mut self.here().asm
    }

    /// What is compiled next stands here.
    fn at(&mut self, range: TextRange) {
        let position = self.position(range);
        self.asm().position = position;
    }

    /// The source of a range.
    fn text(&self, range: TextRange) -> &str {
        self.source
            .get(range.start().to_usize()..range.end().to_usize())
            .unwrap_or_default()
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the parser takes no source of four thousand million bytes"
    )]
    fn position(&self, range: TextRange) -> Position {
        let place = |offset: usize| {
            let line = self.lines.partition_point(|&start| start <= offset);
            let start = self.lines.get(line - 1).copied().unwrap_or(0);
            (line as u32, (offset - start) as u32)
        };
        let (line, column) = place(range.start().to_usize());
        let (end_line, end_column) = place(range.end().to_usize());
        Position {
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// A name as it is known here: `__x` of a class carries the class's name.
    fn private(&mut self, name: &Identifier) -> Rc<Str> {
        let class = self.here().class.clone();
        self.machine.name(&scope::mangled(class.as_deref(), name))
    }

    /// Remembers the first fault.
    fn fault(&mut self, message: &str, range: TextRange) {
        if self.fault.is_none() {
            self.fault = Some(self.fault_at(message, range));
        }
    }

    fn fault_at(&self, message: &str, range: TextRange) -> SyntaxFault {
        let position = self.position(range);
        let text = self
            .source
            .lines()
            .nth(position.line as usize - 1)
            .unwrap_or_default();
        let characters = |bytes: u32| {
            let before = text.get(..bytes as usize).unwrap_or(text);
            u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX)
        };
        SyntaxFault {
            message: message.to_owned(),
            kind: FaultKind::Syntax,
            line: position.line,
            column: characters(position.column),
            end_line: position.end_line,
            end_column: characters(position.end_column),
            text: text.to_owned(),
        }
    }

    /// Refuses brackets nested so deeply that the parser's own stack would end.
    fn check_nesting(&self) -> Result<(), SyntaxFault> {
        let (mut depth, mut quote) = (0_usize, None);
        for (at, letter) in self.source.char_indices() {
            match (quote, letter) {
                (Some(open), _) if open == letter || letter == '\n' => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(letter),
                (None, '(' | '[' | '{') => {
                    depth += 1;
                    if depth > NESTED {
                        let offset = ruff_text_size::TextSize::try_from(at).unwrap_or_default();
                        return Err(
                            self.fault_at("too many nested parentheses", TextRange::empty(offset))
                        );
                    }
                }
                (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        Ok(())
    }
}
