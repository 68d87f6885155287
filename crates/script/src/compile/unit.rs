//! Pieces of code: a module, a cell, an expression; where the slots of each come from, and how each is finished.

use std::rc::Rc;

use ruff_python_ast::{Expr, Mod, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::assemble::{Assembler, Described};
use super::scope::{Reach, Scope, ScopeKind};
use super::{Compiler, Mode, Unit};
use crate::code::{Code, CodeKind, Op};
use crate::value::{Str, Value};

/// What a new unit is, and what it takes.
pub(super) struct Opening<'a> {
    pub kind: CodeKind,
    pub name: &'a str,
    pub qualified_name: String,
    pub class: Option<String>,
    pub line: u32,
}

/// The parameters of a function, counted.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    pub positional: u32,
    pub positional_only: u32,
    pub keyword_only: u32,
    pub star: bool,
    pub double_star: bool,
}

/// The text of a body's first statement, if it is nothing but a string.
pub(super) fn doc_of(body: &[Stmt]) -> Option<&str> {
    let Some(Stmt::Expr(first)) = body.first() else {
        return None;
    };
    match &*first.value {
        Expr::StringLiteral(text) => Some(text.value.to_str()),
        _ => None,
    }
}

impl Compiler<'_> {
    /// The code of a whole source.
    pub(super) fn module(&mut self, scope: Rc<Scope>, syntax: &Mod, mode: Mode) -> Rc<Code> {
        let kind = if mode == Mode::Expression {
            CodeKind::Expression
        } else {
            CodeKind::Module
        };
        self.open(
            scope,
            Opening {
                kind,
                name: "<module>",
                qualified_name: "<module>".to_owned(),
                class: None,
                line: 1,
            },
        );
        match syntax {
            Mod::Module(module) => self.module_body(&module.body, mode),
            Mod::Expression(one) => {
                self.expression(&one.body);
                self.asm().emit(Op::Return, -1);
            }
        }
        self.close_unit("<module>", 1, None, Counted::default())
    }

    fn module_body(&mut self, body: &[Stmt], mode: Mode) {
        self.text_annotations = body.iter().any(|statement| match statement {
            Stmt::ImportFrom(one) => {
                one.module
                    .as_ref()
                    .is_some_and(|module| &**module == "__future__")
                    && one.names.iter().any(|name| &*name.name == "annotations")
            }
            _ => false,
        });
        if mode == Mode::Module
            && let Some(doc) = doc_of(body)
        {
            self.push(Value::text(doc));
            self.store("__doc__");
        }
        match body.split_last() {
            Some((Stmt::Expr(last), before)) if mode == Mode::Cell => {
                self.statements(before);
                self.expression(&last.value);
                self.asm().emit(Op::PrintExpression, -1);
            }
            _ => self.statements(body),
        }
        self.push(Value::None);
        self.asm().emit(Op::Return, -1);
    }

    /// Begins a piece of code: its slots are its parameters, other locals, what patterns keep, and free variables.
    pub(super) fn open(&mut self, scope: Rc<Scope>, opening: Opening<'_>) {
        let mut slots: Vec<Rc<Str>> = Vec::new();
        for name in &scope.parameters {
            slots.push(self.machine.name(name));
        }
        for name in &scope.bound {
            let own = matches!(scope.reach_of(name), Reach::Local | Reach::Cell);
            if own && !scope.parameters.contains(name) {
                slots.push(self.machine.name(name));
            }
        }
        if scope.needs_class_cell {
            slots.push(self.machine.name("__class__"));
        }
        let kept = slots.len();
        for at in 0..scope.kept_by_patterns {
            slots.push(self.machine.name(&format!(".{}", at + 1)));
        }
        let free = slots.len();
        for name in scope.free() {
            slots.push(self.machine.name(&name));
        }
        let mut asm = Assembler::default();
        asm.position.line = opening.line;
        asm.position.end_line = opening.line;
        self.units.push(Unit {
            asm,
            scope,
            kind: opening.kind,
            qualified_name: opening.qualified_name,
            slots,
            kept,
            free,
            blocks: Vec::new(),
            protected: Vec::new(),
            class: opening.class,
        });
    }

    /// Finishes the piece of code that is being made.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million slots"
    )]
    pub(super) fn close_unit(
        &mut self,
        name: &str,
        first_line: u32,
        doc: Option<&str>,
        counted: Counted,
    ) -> Rc<Code> {
        let last = self.units.len() - 1;
        let unit = self.units.remove(last);
        let is_class = unit.kind == CodeKind::Class;
        let cells = unit
            .slots
            .iter()
            .take(unit.free)
            .enumerate()
            .filter(|(_, slot)| {
                unit.scope.reach.get(slot.as_str()) == Some(&Reach::Cell)
                    || is_class && slot.as_str() == "__class__"
            })
            .map(|(at, _)| at as u32)
            .collect();
        let has_namespace = unit.kind != CodeKind::Function;
        Rc::new(unit.asm.finish(Described {
            name: self.machine.name(name),
            qualified_name: self.machine.name(&unit.qualified_name),
            file: Rc::clone(&self.file),
            kind: unit.kind,
            is_generator: unit.scope.is_generator && unit.kind == CodeKind::Function,
            first_line,
            slots: unit.slots,
            positional: counted.positional,
            positional_only: counted.positional_only,
            keyword_only: counted.keyword_only,
            star: counted.star,
            double_star: counted.double_star,
            cells,
            free: unit.free as u32,
            doc: doc.map(|doc| Rc::new(Str::new(doc))),
            has_namespace,
        }))
    }

    /// The scope of a function, class or comprehension in the piece at hand.
    pub(super) fn inner_scope(&mut self, range: TextRange) -> Rc<Scope> {
        let found = self.here().scope.inner_at(range);
        if let Some(found) = found {
            return found;
        }
        self.fault("this definition was not found again", range);
        Rc::new(Scope::new(ScopeKind::Function, range))
    }

    /// A name with the names around it.
    pub(super) fn qualified(&mut self, name: &str) -> String {
        let here = self.here();
        let is_global = here.scope.is_declared_global(name);
        match here.kind {
            _ if is_global => name.to_owned(),
            CodeKind::Function => format!("{}.<locals>.{name}", here.qualified_name),
            CodeKind::Class => format!("{}.{name}", here.qualified_name),
            _ => name.to_owned(),
        }
    }

    /// Pushes the cells that inner code shares, and makes a function of it. `has`: bits 1, 2, 4 as [`Op::MakeFunction`] says.
    pub(super) fn make_function(&mut self, code: Rc<Code>, has: u32) {
        let names: Vec<Rc<Str>> = code.slots[code.free as usize..].to_vec();
        for name in &names {
            let slot = self.slot(name.as_str());
            self.asm().emit(Op::LoadClosure(slot), 1);
        }
        let at = self.asm().code(code);
        let taken = names.len() as i64 + i64::from(has.count_ones());
        self.asm().emit(Op::MakeFunction(has | at << 4), 1 - taken);
    }

    /// Pushes what an annotation stands for, or its text where the source asks for that.
    pub(super) fn annotation(&mut self, annotation: &Expr) {
        if self.text_annotations {
            let text = self.text(annotation.range()).to_owned();
            self.at(annotation.range());
            self.push(Value::text(&text));
        } else {
            self.expression(annotation);
        }
    }
}
