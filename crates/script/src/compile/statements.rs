//! Statements that are neither definitions nor `try`, `with` and `match`: assignments, loops, conditions, imports.

use std::rc::Rc;

use ruff_python_ast::{
    Stmt, StmtAnnAssign, StmtAssert, StmtFor, StmtIf, StmtImportFrom, StmtWhile,
};
use ruff_text_size::Ranged;

use super::{Around, Compiler, Loop};
use crate::code::{CodeKind, Import, Op};
use crate::value::Value;

impl Compiler<'_> {
    /// Compiles statements one after the other.
    pub(super) fn statements(&mut self, body: &[Stmt]) {
        for statement in body {
            self.statement(statement);
        }
    }

    /// Compiles one statement: the stack is left as it was.
    fn statement(&mut self, statement: &Stmt) {
        self.at(statement.range());
        match statement {
            Stmt::Expr(one) => {
                self.expression(&one.value);
                self.asm().emit(Op::Pop, -1);
            }
            Stmt::Assign(one) => {
                self.expression(&one.value);
                for (at, target) in one.targets.iter().enumerate() {
                    if at + 1 < one.targets.len() {
                        self.asm().emit(Op::Duplicate, 1);
                    }
                    self.store_target(target);
                }
            }
            Stmt::AugAssign(one) => self.augmented(one),
            Stmt::AnnAssign(one) => self.annotated(one),
            Stmt::Delete(one) => one
                .targets
                .iter()
                .for_each(|target| self.delete_target(target)),
            Stmt::Return(one) => self.return_statement(one),
            Stmt::If(one) => self.if_statement(one),
            Stmt::While(one) => self.while_loop(one),
            Stmt::For(one) => self.for_loop(one),
            Stmt::Break(one) => self.leave_loop(true, one.range),
            Stmt::Continue(one) => self.leave_loop(false, one.range),
            Stmt::Raise(one) => {
                let mut count = 0;
                for part in [&one.exc, &one.cause].into_iter().flatten() {
                    self.expression(part);
                    count += 1;
                }
                self.at(one.range);
                self.asm().emit(Op::Raise(count), -i64::from(count));
            }
            Stmt::Assert(one) => self.assert(one),
            Stmt::Import(one) => {
                for alias in &one.names {
                    let import = Import {
                        module: Rc::from(&*alias.name),
                        names: Vec::new(),
                        level: 0,
                        whole: alias.asname.is_some(),
                    };
                    let at = self.asm().import(import);
                    self.asm().emit(Op::Import(at), 1);
                    let bound = match &alias.asname {
                        Some(name) => name.as_str(),
                        None => alias.name.split('.').next().unwrap_or_default(),
                    };
                    self.store(bound);
                }
            }
            Stmt::ImportFrom(one) => self.import_from(one),
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => self.asm().emit(Op::Nop, 0),
            Stmt::FunctionDef(one) => self.function(one),
            Stmt::ClassDef(one) => self.class(one),
            Stmt::With(one) => self.with(one),
            Stmt::Try(one) => self.try_statement(one),
            Stmt::Match(one) => self.match_statement(one),
            Stmt::TypeAlias(one) => self.fault("invalid syntax", one.range),
            Stmt::IpyEscapeCommand(one) => self.fault("invalid syntax", one.range),
        }
    }

    fn annotated(&mut self, one: &StmtAnnAssign) {
        if let Some(value) = &one.value {
            self.expression(value);
            self.store_target(&one.target);
        }
        // A function's annotations of its locals are not evaluated.
        if self.here().kind == CodeKind::Function {
            return;
        }
        if let (ruff_python_ast::Expr::Name(name), true) = (&*one.target, one.simple) {
            self.annotation(&one.annotation);
            self.at(one.range);
            self.asm().emit(Op::LoadAnnotations, 1);
            let key = self.machine.name(&name.id);
            self.push(Value::Str(key));
            self.asm().emit(Op::StoreItem, -3);
        }
    }

    fn if_statement(&mut self, one: &StmtIf) {
        let end = self.asm().label();
        let mut next = self.asm().label();
        self.condition(&one.test, false, next);
        self.statements(&one.body);
        for clause in &one.elif_else_clauses {
            self.asm().jump(Op::Jump, end, 0);
            self.asm().bind(next);
            next = self.asm().label();
            if let Some(test) = &clause.test {
                self.condition(test, false, next);
            }
            self.statements(&clause.body);
        }
        self.asm().bind(next);
        self.asm().bind(end);
    }

    fn while_loop(&mut self, one: &StmtWhile) {
        let (again, otherwise, end) = (self.asm().label(), self.asm().label(), self.asm().label());
        self.asm().bind(again);
        self.condition(&one.test, false, otherwise);
        self.enter_block(Around::Loop(Loop {
            again,
            end,
            kept: 0,
        }));
        self.statements(&one.body);
        self.leave_block();
        self.at(one.test.range());
        self.asm().jump(Op::JumpBack, again, 0);
        self.asm().bind(otherwise);
        self.statements(&one.orelse);
        self.asm().bind(end);
    }

    fn for_loop(&mut self, one: &StmtFor) {
        if one.is_async {
            self.fault("'async for' outside async function", one.range);
            return;
        }
        let (again, otherwise, end) = (self.asm().label(), self.asm().label(), self.asm().label());
        self.expression(&one.iter);
        self.at(one.iter.range());
        self.asm().emit(Op::GetIterator, 0);
        self.asm().bind(again);
        self.asm().jump(Op::ForEach, otherwise, 1);
        self.store_target(&one.target);
        self.enter_block(Around::Loop(Loop {
            again,
            end,
            kept: 1,
        }));
        self.statements(&one.body);
        self.leave_block();
        self.at(one.iter.range());
        self.asm().jump(Op::JumpBack, again, 0);
        // The machine takes the iterator off at its end.
        self.asm().bind(otherwise);
        let depth = self.asm().depth();
        self.asm().set_depth(depth - 1);
        self.statements(&one.orelse);
        self.asm().bind(end);
    }

    /// `break` and `continue`: what is around the place, up to the loop, is seen to first.
    fn leave_loop(&mut self, to_end: bool, range: ruff_text_size::TextRange) {
        let found = self
            .here()
            .blocks
            .iter()
            .rposition(|block| matches!(block.around, Around::Loop(_) | Around::Group));
        let Some(at) = found else {
            let text = if to_end {
                "'break' outside loop"
            } else {
                "'continue' not properly in loop"
            };
            self.fault(text, range);
            return;
        };
        let depth = self.asm().depth();
        self.leave_blocks(at + 1, false);
        let (target, kept) = match &self.here().blocks[at].around {
            Around::Loop(one) if to_end => (one.end, one.kept),
            Around::Loop(one) => (one.again, 0),
            _ => {
                self.fault(
                    "'break', 'continue' and 'return' cannot appear in an except* block",
                    range,
                );
                return;
            }
        };
        self.at(range);
        for _ in 0..kept {
            self.asm().emit(Op::Pop, -1);
        }
        let shape = if to_end { Op::Jump } else { Op::JumpBack };
        self.asm().jump(shape, target, 0);
        // What follows is never reached, and is compiled as if nothing had been taken off.
        self.asm().set_depth(depth);
    }

    fn assert(&mut self, one: &StmtAssert) {
        let holds = self.asm().label();
        self.condition(&one.test, true, holds);
        if let Some(message) = &one.msg {
            self.expression(message);
        }
        self.at(one.test.range());
        self.asm().emit(
            Op::RaiseAssertion(one.msg.is_some()),
            -i64::from(one.msg.is_some()),
        );
        self.asm().bind(holds);
    }

    fn import_from(&mut self, one: &StmtImportFrom) {
        if one
            .module
            .as_ref()
            .is_some_and(|module| &**module == "__future__")
        {
            return;
        }
        let import = Import {
            module: one
                .module
                .as_ref()
                .map_or_else(|| Rc::from(""), |module| Rc::from(&**module)),
            names: one
                .names
                .iter()
                .map(|alias| Rc::from(&*alias.name))
                .collect(),
            level: one.level,
            whole: true,
        };
        let star = one.names.iter().any(|alias| &*alias.name == "*");
        let at = self.asm().import(import);
        self.asm().emit(Op::Import(at), 1);
        if star {
            if self.here().kind == CodeKind::Function {
                self.fault("import * only allowed at module level", one.range);
            }
            self.asm().emit(Op::ImportStar, -1);
            return;
        }
        for alias in &one.names {
            let name = self.machine.name(&alias.name);
            let at = self.asm().name(&name);
            self.asm().emit(Op::ImportFrom(at), 1);
            self.store(alias.asname.as_ref().unwrap_or(&alias.name));
        }
        self.asm().emit(Op::Pop, -1);
    }
}
