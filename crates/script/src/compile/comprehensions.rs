//! Comprehensions and generator expressions: a function of one argument, the first iterator.

use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::Ranged;

use super::Compiler;
use super::unit::{Counted, Opening};
use crate::code::{CodeKind, Op};
use crate::value::Value;

/// What is made of the values.
#[derive(Clone, Copy)]
enum Made<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Generator(&'a Expr),
}

impl Compiler<'_> {
    /// Pushes what a comprehension makes.
    pub(super) fn comprehension(&mut self, whole: &Expr) {
        let (name, made, generators) = match whole {
            Expr::ListComp(one) => ("<listcomp>", Made::List(&one.elt), &one.generators),
            Expr::SetComp(one) => ("<setcomp>", Made::Set(&one.elt), &one.generators),
            Expr::DictComp(one) => (
                "<dictcomp>",
                Made::Dict(&one.key, &one.value),
                &one.generators,
            ),
            Expr::Generator(one) => ("<genexpr>", Made::Generator(&one.elt), &one.generators),
            other => return self.fault("invalid syntax", other.range()),
        };
        let Some(first) = generators.first() else {
            return self.fault("invalid syntax", whole.range());
        };
        if let Some(one) = generators.iter().find(|one| one.is_async) {
            return self.fault(
                "asynchronous comprehension outside of an asynchronous function",
                one.range,
            );
        }
        let line = self.position(whole.range()).line;
        let scope = self.inner_scope(whole.range());
        let opening = Opening {
            kind: CodeKind::Function,
            name,
            qualified_name: self.qualified(name),
            class: self.here().class.clone(),
            line,
        };
        self.open(scope, opening);
        match made {
            Made::List(_) => self.asm().emit(Op::BuildList(0), 1),
            Made::Set(_) => self.asm().emit(Op::BuildSet(0), 1),
            Made::Dict(..) => self.asm().emit(Op::BuildDict(0), 1),
            Made::Generator(_) => {}
        }
        self.clauses(generators, 0, made);
        if matches!(made, Made::Generator(_)) {
            self.push(Value::None);
        }
        self.asm().emit(Op::Return, -1);
        let counted = Counted {
            positional: 1,
            positional_only: 1,
            ..Counted::default()
        };
        let code = self.close_unit(name, line, None, counted);
        self.at(whole.range());
        self.make_function(code, 0);
        self.expression(&first.iter);
        self.at(first.iter.range());
        self.asm().emit(Op::GetIterator, 0);
        self.at(whole.range());
        self.asm().emit(Op::Call(1), -1);
    }

    fn clauses(&mut self, generators: &[Comprehension], at: usize, made: Made<'_>) {
        let Some(clause) = generators.get(at) else {
            return self.one_value(at, made);
        };
        let (again, skip, end) = (self.asm().label(), self.asm().label(), self.asm().label());
        self.at(clause.iter.range());
        if at == 0 {
            self.asm().emit(Op::LoadLocal(0), 1);
        } else {
            self.expression(&clause.iter);
            self.at(clause.iter.range());
            self.asm().emit(Op::GetIterator, 0);
        }
        self.asm().bind(again);
        self.asm().jump(Op::ForEach, end, 1);
        self.store_target(&clause.target);
        for condition in &clause.ifs {
            self.condition(condition, false, skip);
        }
        self.clauses(generators, at + 1, made);
        self.asm().bind(skip);
        self.asm().jump(Op::JumpBack, again, 0);
        self.asm().bind(end);
        // The machine takes the iterator off at its end.
        let depth = self.asm().depth();
        self.asm().set_depth(depth - 1);
    }

    /// The innermost place: what lies below are `loops` iterators and, under them, what is being made.
    fn one_value(&mut self, loops: usize, made: Made<'_>) {
        let deep = u32::try_from(loops).unwrap_or(u32::MAX);
        match made {
            Made::List(value) => {
                self.expression(value);
                self.asm().emit(Op::ListAppend(deep), -1);
            }
            Made::Set(value) => {
                self.expression(value);
                self.asm().emit(Op::SetAdd(deep + 1), -1);
            }
            Made::Dict(key, value) => {
                self.expression(key);
                self.expression(value);
                self.asm().emit(Op::DictAdd(deep + 1), -2);
            }
            Made::Generator(value) => {
                self.expression(value);
                self.at(value.range());
                self.asm().emit(Op::Yield, 0);
                self.asm().emit(Op::Pop, -1);
            }
        }
    }
}
