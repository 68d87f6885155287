//! Functions, lambdas and classes: what is evaluated where they are defined, and the code of their bodies.

use ruff_python_ast::{
    Decorator, ExprLambda, ParameterWithDefault, Parameters, StmtClassDef, StmtFunctionDef,
};
use ruff_text_size::Ranged;

use super::Compiler;
use super::unit::{Counted, Opening, doc_of};
use crate::code::{CodeKind, Op};
use crate::value::Value;

#[expect(
    clippy::cast_possible_truncation,
    reason = "a function has fewer than four thousand million parameters"
)]
fn counted(parameters: &Parameters) -> Counted {
    Counted {
        positional: (parameters.posonlyargs.len() + parameters.args.len()) as u32,
        positional_only: parameters.posonlyargs.len() as u32,
        keyword_only: parameters.kwonlyargs.len() as u32,
        star: parameters.vararg.is_some(),
        double_star: parameters.kwarg.is_some(),
    }
}

impl Compiler<'_> {
    /// `def name(parameters): body`
    pub(super) fn function(&mut self, one: &StmtFunctionDef) {
        if one.is_async {
            self.fault("async functions are not supported here", one.range);
            return;
        }
        if let Some(parameters) = &one.type_params {
            self.fault("invalid syntax", parameters.range);
            return;
        }
        self.decorators(&one.decorator_list);
        self.at(one.range);
        let mut has = self.defaults(&one.parameters);
        has |= self.annotations(one);
        let line = self.line_of(one);
        let scope = self.inner_scope(one.range);
        let opening = Opening {
            kind: CodeKind::Function,
            name: &one.name,
            qualified_name: self.qualified(&one.name),
            class: self.here().class.clone(),
            line,
        };
        self.open(scope, opening);
        self.statements(&one.body);
        self.push(Value::None);
        self.asm().emit(Op::Return, -1);
        let code = self.close_unit(&one.name, line, doc_of(&one.body), counted(&one.parameters));
        self.at(one.name.range());
        self.make_function(code, has);
        self.decorate(&one.decorator_list);
        self.at(one.name.range());
        self.store(&one.name);
    }

    /// The line of `def`, or of the first decorator.
    fn line_of(&self, one: &StmtFunctionDef) -> u32 {
        self.position(one.range).line
    }

    fn decorators(&mut self, decorators: &[Decorator]) {
        for decorator in decorators {
            self.expression(&decorator.expression);
        }
    }

    /// Calls the decorators with what is on the stack, the nearest first.
    fn decorate(&mut self, decorators: &[Decorator]) {
        for decorator in decorators.iter().rev() {
            self.at(decorator.expression.range());
            self.asm().emit(Op::Call(1), -1);
        }
    }

    /// Pushes the defaults of parameters; says which there are, as [`Op::MakeFunction`] wants it.
    fn defaults(&mut self, parameters: &Parameters) -> u32 {
        let mut has = 0;
        let given: Vec<&ParameterWithDefault> = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .filter(|one| one.default.is_some())
            .collect();
        if !given.is_empty() {
            for default in given.iter().filter_map(|one| one.default.as_ref()) {
                self.expression(default);
            }
            let count = u32::try_from(given.len()).unwrap_or(u32::MAX);
            self.asm().emit(Op::BuildTuple(count), 1 - i64::from(count));
            has |= 1;
        }
        let named = parameters
            .kwonlyargs
            .iter()
            .filter_map(|one| Some((&one.parameter.name, one.default.as_ref()?)));
        let mut count = 0;
        for (name, default) in named {
            let name = self.private(name);
            self.push(Value::Str(name));
            self.expression(default);
            count += 1;
        }
        if count > 0 {
            self.asm()
                .emit(Op::BuildDict(count), 1 - 2 * i64::from(count));
            has |= 2;
        }
        has
    }

    /// Pushes a dict of the annotations, if there are any.
    fn annotations(&mut self, one: &StmtFunctionDef) -> u32 {
        let parameters = &one.parameters;
        let plain = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .map(|one| &one.parameter);
        let named = parameters.kwonlyargs.iter().map(|one| &one.parameter);
        let star = parameters.vararg.as_deref().into_iter();
        let double_star = parameters.kwarg.as_deref().into_iter();
        let mut count = 0;
        for parameter in plain.chain(star).chain(named).chain(double_star) {
            if let Some(annotation) = &parameter.annotation {
                let name = self.private(&parameter.name);
                self.push(Value::Str(name));
                self.annotation(annotation);
                count += 1;
            }
        }
        if let Some(returns) = &one.returns {
            let name = self.machine.name("return");
            self.push(Value::Str(name));
            self.annotation(returns);
            count += 1;
        }
        if count == 0 {
            return 0;
        }
        self.asm()
            .emit(Op::BuildDict(count), 1 - 2 * i64::from(count));
        4
    }

    /// `lambda parameters: body`
    pub(super) fn lambda(&mut self, one: &ExprLambda) {
        let has = match &one.parameters {
            Some(parameters) => self.defaults(parameters),
            None => 0,
        };
        let line = self.position(one.range).line;
        let scope = self.inner_scope(one.range);
        let opening = Opening {
            kind: CodeKind::Function,
            name: "<lambda>",
            qualified_name: self.qualified("<lambda>"),
            class: self.here().class.clone(),
            line,
        };
        self.open(scope, opening);
        self.expression(&one.body);
        self.asm().emit(Op::Return, -1);
        let parameters = one.parameters.as_deref().map(counted).unwrap_or_default();
        let code = self.close_unit("<lambda>", line, None, parameters);
        self.at(one.range);
        self.make_function(code, has);
    }

    /// `class name(bases, keywords): body`
    pub(super) fn class(&mut self, one: &StmtClassDef) {
        if let Some(parameters) = &one.type_params {
            self.fault("invalid syntax", parameters.range);
            return;
        }
        self.decorators(&one.decorator_list);
        self.at(one.range);
        let line = self.position(one.range).line;
        let scope = self.inner_scope(one.range);
        let needs_cell = scope.needs_class_cell;
        let qualified_name = self.qualified(&one.name);
        let opening = Opening {
            kind: CodeKind::Class,
            name: &one.name,
            qualified_name: qualified_name.clone(),
            class: Some(one.name.to_string()),
            line,
        };
        self.open(scope, opening);
        self.load("__name__");
        self.store("__module__");
        self.push(Value::text(&qualified_name));
        self.store("__qualname__");
        if let Some(doc) = doc_of(&one.body) {
            self.push(Value::text(doc));
            self.store("__doc__");
        }
        self.statements(&one.body);
        if needs_cell {
            let slot = self.slot("__class__");
            self.asm().emit(Op::LoadClosure(slot), 1);
            self.store("__classcell__");
        }
        self.push(Value::None);
        self.asm().emit(Op::Return, -1);
        let code = self.close_unit(&one.name, line, None, Counted::default());
        self.at(one.name.range());
        self.make_function(code, 0);
        self.push(Value::text(&one.name));
        match &one.arguments {
            Some(arguments) => {
                self.spread_arguments(arguments);
                if arguments.keywords.is_empty() {
                    self.asm().emit(Op::BuildDict(0), 1);
                }
            }
            None => {
                self.asm().emit(Op::BuildList(0), 1);
                self.asm().emit(Op::BuildDict(0), 1);
            }
        }
        self.at(one.range);
        self.asm().emit(Op::BuildClass, -3);
        self.decorate(&one.decorator_list);
        self.at(one.name.range());
        self.store(&one.name);
    }
}
