//! Which names of a piece of source are its own, shared with inner functions, of an outer function, or global.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::patterns::kept_by;

/// What a piece of source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// A module, a cell, `exec`.
    Module,
    /// A class body.
    Class,
    /// A function or a lambda.
    Function,
    /// A comprehension or a generator expression.
    Comprehension,
}

/// How a name is reached from a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A slot of its own.
    Local,
    /// A slot of its own that inner functions share.
    Cell,
    /// A variable of an outer function.
    Free,
    /// A name of the module, or a built-in.
    Global,
    /// A name of the namespace (module, class body), then global.
    Named,
}

/// A name that is used wrongly: what CPython says, and where.
#[derive(Debug)]
pub struct ScopeFault {
    /// The text of the SyntaxError.
    pub message: String,
    /// Where.
    pub range: TextRange,
}

/// The names of one scope, and the scopes in it in the order of the source.
#[derive(Debug)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// Parameters, in the order of slots.
    pub parameters: Vec<String>,
    /// Names bound here, in the order they are first seen.
    pub bound: Vec<String>,
    used: HashSet<String>,
    globals: HashSet<String>,
    nonlocals: HashMap<String, TextRange>,
    /// Found by [`resolve`].
    pub reach: HashMap<String, Reach>,
    /// Inner scopes by the start of their range in the source, and whether they are the class or function itself.
    pub inner: Vec<Rc<Scope>>,
    /// Whether there is a `yield`.
    pub is_generator: bool,
    /// In a class: whether a method needs the cell of `__class__`.
    pub needs_class_cell: bool,
    /// Slots that the patterns of `match` statements keep values in.
    pub kept_by_patterns: u32,
    /// Of a class: names of its own that inner functions take from an outer function.
    passed_on: HashSet<String>,
    range: TextRange,
}

impl Scope {
    /// An empty scope.
    #[must_use]
    pub fn new(kind: ScopeKind, range: TextRange) -> Self {
        Self {
            kind,
            parameters: Vec::new(),
            bound: Vec::new(),
            used: HashSet::new(),
            globals: HashSet::new(),
            nonlocals: HashMap::new(),
            reach: HashMap::new(),
            inner: Vec::new(),
            is_generator: false,
            needs_class_cell: false,
            kept_by_patterns: 0,
            passed_on: HashSet::new(),
            range,
        }
    }

    fn bind(&mut self, name: &str) {
        if !self.bound.iter().any(|known| known == name) {
            self.bound.push(name.to_owned());
        }
    }

    /// The inner scope that begins at a place of the source.
    #[must_use]
    pub fn inner_at(&self, range: TextRange) -> Option<Rc<Self>> {
        self.inner
            .iter()
            .find(|scope| scope.range == range)
            .cloned()
    }

    /// How a name is reached.
    #[must_use]
    pub fn reach_of(&self, name: &str) -> Reach {
        self.reach.get(name).copied().unwrap_or(match self.kind {
            ScopeKind::Module | ScopeKind::Class => Reach::Named,
            _ => Reach::Global,
        })
    }

    /// Whether `global name` stands here.
    #[must_use]
    pub fn is_declared_global(&self, name: &str) -> bool {
        self.globals.contains(name)
    }

    /// Variables of outer functions that this scope and those in it use, sorted.
    #[must_use]
    pub fn free(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .reach
            .iter()
            .filter(|(_, reach)| **reach == Reach::Free)
            .map(|(name, _)| name.clone())
            .chain(self.passed_on.iter().cloned())
            .collect();
        names.sort();
        names
    }
}

/// `__x` in a class `C` is `_C__x`.
#[must_use]
pub fn mangled(class: Option<&str>, name: &str) -> String {
    match class.map(|class| class.trim_start_matches('_')) {
        Some(class)
            if !class.is_empty()
                && name.starts_with("__")
                && !name.ends_with("__")
                && !name.contains('.') =>
        {
            format!("_{class}{name}")
        }
        _ => name.to_owned(),
    }
}

/// The scopes of a module or an expression.
///
/// # Errors
/// The first name used wrongly.
pub fn scopes(body: &[Stmt], expression: Option<&Expr>) -> Result<Scope, ScopeFault> {
    let mut finder = Finder {
        stack: vec![Scope::new(ScopeKind::Module, TextRange::default())],
        classes: Vec::new(),
        fault: None,
    };
    finder.visit_body(body);
    if let Some(expression) = expression {
        finder.visit_expr(expression);
    }
    if let Some(fault) = finder.fault {
        return Err(fault);
    }
    let mut module = finder
        .stack
        .pop()
        .unwrap_or_else(|| Scope::new(ScopeKind::Module, TextRange::default()));
    resolve(&mut module, &HashSet::new())?;
    Ok(module)
}

struct Finder {
    stack: Vec<Scope>,
    classes: Vec<String>,
    fault: Option<ScopeFault>,
}

impl Finder {
    fn here(&mut self) -> &mut Scope {
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    fn mangle(&self, name: &str) -> String {
        mangled(self.classes.last().map(String::as_str), name)
    }

    fn bind(&mut self, name: &str) {
        let name = self.mangle(name);
        self.here().bind(&name);
    }

    fn inside(&mut self, kind: ScopeKind, range: TextRange, visit: impl FnOnce(&mut Self)) {
        self.stack.push(Scope::new(kind, range));
        visit(self);
        if let Some(scope) = self.stack.pop() {
            self.here().inner.push(Rc::new(scope));
        }
    }

    fn parameters(&mut self, parameters: &Parameters) {
        let plain = parameters
            .iter_non_variadic_params()
            .map(|one| &one.parameter);
        let stars = parameters
            .vararg
            .iter()
            .chain(&parameters.kwarg)
            .map(|one| &**one);
        for parameter in plain.chain(stars) {
            let name = self.mangle(&parameter.name);
            let range = parameter.range();
            let here = self.here();
            if here.parameters.contains(&name) {
                self.fault.get_or_insert(ScopeFault {
                    message: format!("duplicate argument '{name}' in function definition"),
                    range,
                });
                continue;
            }
            here.parameters.push(name.clone());
            here.bind(&name);
        }
    }

    fn outer_parts(&mut self, parameters: &Parameters) {
        for one in parameters.iter_non_variadic_params() {
            if let Some(default) = &one.default {
                self.visit_expr(default);
            }
            if let Some(annotation) = &one.parameter.annotation {
                self.visit_expr(annotation);
            }
        }
        for one in parameters.vararg.iter().chain(&parameters.kwarg) {
            if let Some(annotation) = &one.annotation {
                self.visit_expr(annotation);
            }
        }
    }

    fn comprehension(
        &mut self,
        range: TextRange,
        generators: &[Comprehension],
        is_generator: bool,
        results: &[&Expr],
    ) {
        // The first iterable belongs to the scope around.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.inside(ScopeKind::Comprehension, range, |finder| {
            finder.here().parameters.push(".0".to_owned());
            finder.here().bind(".0");
            finder.here().is_generator = is_generator;
            for (at, generator) in generators.iter().enumerate() {
                if at > 0 {
                    finder.visit_expr(&generator.iter);
                }
                finder.visit_expr(&generator.target);
                for condition in &generator.ifs {
                    finder.visit_expr(condition);
                }
            }
            for result in results {
                finder.visit_expr(result);
            }
        });
    }

    /// A walrus in a comprehension binds in the function around it.
    fn bind_walrus(&mut self, name: &str) {
        let name = self.mangle(name);
        let mut at = self.stack.len() - 1;
        while at > 0 && self.stack[at].kind == ScopeKind::Comprehension {
            self.stack[at].used.insert(name.clone());
            if self.stack[at - 1].kind != ScopeKind::Comprehension {
                // Seen from the comprehension it is a variable of the scope around.
                self.stack[at].nonlocals.entry(name.clone()).or_default();
            }
            at -= 1;
        }
        self.stack[at].bind(&name);
    }
}

impl<'a> Visitor<'a> for Finder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(one) => {
                for decorator in &one.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                self.outer_parts(&one.parameters);
                if let Some(returns) = &one.returns {
                    self.visit_expr(returns);
                }
                self.bind(&one.name);
                self.inside(ScopeKind::Function, one.range, |finder| {
                    finder.parameters(&one.parameters);
                    finder.visit_body(&one.body);
                });
            }
            Stmt::ClassDef(one) => {
                for decorator in &one.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                if let Some(arguments) = &one.arguments {
                    self.visit_arguments(arguments);
                }
                self.bind(&one.name);
                self.classes.push(one.name.to_string());
                self.inside(ScopeKind::Class, one.range, |finder| {
                    finder.visit_body(&one.body)
                });
                self.classes.pop();
            }
            Stmt::Global(one) => {
                for name in &one.names {
                    let name = self.mangle(name);
                    let here = self.here();
                    let message = if here.parameters.contains(&name) {
                        Some(format!("name '{name}' is parameter and global"))
                    } else if here.bound.contains(&name) {
                        Some(format!(
                            "name '{name}' is assigned to before global declaration"
                        ))
                    } else if here.used.contains(&name) {
                        Some(format!("name '{name}' is used prior to global declaration"))
                    } else {
                        None
                    };
                    here.globals.insert(name);
                    if let Some(message) = message {
                        self.fault.get_or_insert(ScopeFault {
                            message,
                            range: one.range,
                        });
                    }
                }
            }
            Stmt::Nonlocal(one) => {
                for name in &one.names {
                    let name = self.mangle(name);
                    let here = self.here();
                    let message = if here.kind == ScopeKind::Module {
                        Some("nonlocal declaration not allowed at module level".to_owned())
                    } else if here.parameters.contains(&name) {
                        Some(format!("name '{name}' is parameter and nonlocal"))
                    } else if here.bound.contains(&name) {
                        Some(format!(
                            "name '{name}' is assigned to before nonlocal declaration"
                        ))
                    } else if here.used.contains(&name) {
                        Some(format!(
                            "name '{name}' is used prior to nonlocal declaration"
                        ))
                    } else {
                        None
                    };
                    here.nonlocals.insert(name, one.range);
                    if let Some(message) = message {
                        self.fault.get_or_insert(ScopeFault {
                            message,
                            range: one.range,
                        });
                    }
                }
            }
            Stmt::Import(one) => {
                for alias in &one.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bind(bound.split('.').next().unwrap_or(bound));
                }
            }
            Stmt::ImportFrom(one) => {
                for alias in one.names.iter().filter(|alias| &*alias.name != "*") {
                    self.bind(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            Stmt::AnnAssign(one) => {
                if let (Expr::Name(name), true) = (&*one.target, one.simple) {
                    self.bind(&name.id);
                } else {
                    self.visit_expr(&one.target);
                }
                // Annotations of a function's locals are not evaluated, and hide nothing.
                self.visit_expr(&one.annotation);
                if let Some(value) = &one.value {
                    self.visit_expr(value);
                }
            }
            Stmt::AugAssign(one) => {
                self.visit_expr(&one.value);
                if let Expr::Name(name) = &*one.target {
                    self.bind(&name.id);
                    let name = self.mangle(&name.id);
                    self.here().used.insert(name);
                } else {
                    self.visit_expr(&one.target);
                }
            }
            Stmt::Match(one) => {
                let most = one.cases.iter().map(|case| kept_by(&case.pattern)).max();
                let here = self.here();
                here.kept_by_patterns = here.kept_by_patterns.max(most.unwrap_or(0) + 1);
                visitor::walk_stmt(self, statement);
            }
            other => visitor::walk_stmt(self, other),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(one) = handler;
        if let Some(name) = &one.name {
            self.bind(name);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(one) => one.name.as_ref(),
            Pattern::MatchStar(one) => one.name.as_ref(),
            Pattern::MatchMapping(one) => one.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name);
        }
        visitor::walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(one) => {
                let name = self.mangle(&one.id);
                match one.ctx {
                    ExprContext::Store | ExprContext::Del => self.here().bind(&name),
                    _ => {
                        self.here().used.insert(name.clone());
                        let in_function = self.here().kind != ScopeKind::Class;
                        if (name == "super" || name == "__class__") && in_function {
                            self.here().used.insert("__class__".to_owned());
                        }
                    }
                }
            }
            Expr::Named(one) => {
                self.visit_expr(&one.value);
                if let Expr::Name(name) = &*one.target {
                    self.bind_walrus(&name.id);
                }
            }
            Expr::Lambda(one) => {
                if let Some(parameters) = &one.parameters {
                    self.outer_parts(parameters);
                }
                self.inside(ScopeKind::Function, one.range, |finder| {
                    if let Some(parameters) = &one.parameters {
                        finder.parameters(parameters);
                    }
                    finder.visit_expr(&one.body);
                });
            }
            Expr::ListComp(one) => {
                self.comprehension(one.range, &one.generators, false, &[&one.elt])
            }
            Expr::SetComp(one) => {
                self.comprehension(one.range, &one.generators, false, &[&one.elt])
            }
            Expr::DictComp(one) => {
                self.comprehension(one.range, &one.generators, false, &[&one.key, &one.value])
            }
            Expr::Generator(one) => {
                self.comprehension(one.range, &one.generators, true, &[&one.elt])
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.here().is_generator = true;
                visitor::walk_expr(self, expression);
            }
            other => visitor::walk_expr(self, other),
        }
    }
}

/// Says of each name how it is reached; `outer` are the names of the functions around.
fn resolve(scope: &mut Scope, outer: &HashSet<String>) -> Result<(), ScopeFault> {
    let is_function = matches!(scope.kind, ScopeKind::Function | ScopeKind::Comprehension);
    for (name, range) in &scope.nonlocals {
        if !outer.contains(name) && scope.kind != ScopeKind::Comprehension {
            return Err(ScopeFault {
                message: format!("no binding for nonlocal '{name}' found"),
                range: *range,
            });
        }
    }
    let own: HashSet<String> = scope
        .bound
        .iter()
        .filter(|name| !scope.globals.contains(*name) && !scope.nonlocals.contains_key(*name))
        .cloned()
        .collect();
    let mut seen = outer.clone();
    if is_function {
        seen.extend(own.iter().cloned());
        for name in &scope.globals {
            seen.remove(name);
        }
    }
    if scope.kind == ScopeKind::Class {
        seen.insert("__class__".to_owned());
    }
    let mut wanted_inside: HashSet<String> = HashSet::new();
    for inner in &mut scope.inner {
        // Nobody else holds it yet.
        if let Some(inner) = Rc::get_mut(inner) {
            resolve(inner, &seen)?;
        }
        wanted_inside.extend(inner.free());
    }
    if scope.kind == ScopeKind::Class {
        scope.needs_class_cell = wanted_inside.remove("__class__");
    }
    let mut names: HashSet<String> = own.clone();
    names.extend(scope.used.iter().cloned());
    names.extend(scope.globals.iter().cloned());
    names.extend(scope.nonlocals.keys().cloned());
    names.extend(wanted_inside.iter().cloned());
    if scope.kind == ScopeKind::Class {
        scope.passed_on = wanted_inside.intersection(&own).cloned().collect();
    }
    for name in names {
        let reach = if scope.globals.contains(&name) {
            Reach::Global
        } else if own.contains(&name) {
            match (is_function, wanted_inside.contains(&name)) {
                (true, true) => Reach::Cell,
                (true, false) => Reach::Local,
                (false, _) => Reach::Named,
            }
        } else if outer.contains(&name)
            && (scope.used.contains(&name)
                || scope.nonlocals.contains_key(&name)
                || wanted_inside.contains(&name))
        {
            Reach::Free
        } else if is_function {
            Reach::Global
        } else {
            Reach::Named
        };
        scope.reach.insert(name, reach);
    }
    Ok(())
}
