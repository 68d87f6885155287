//! How a `class` statement becomes a class: metaclass, namespace, order of resolution, slots, hooks.

use std::cell::RefCell;
use std::rc::Rc;

use super::call::Arguments;
use super::{Machine, Outcome};
use crate::builtins::descriptor::{ClassMethod, StaticMethod};
use crate::value::{Class, ClassFlags, Function, Str, Table, Value};

impl Machine {
    /// `class name(bases, keywords): body`
    pub(super) async fn build_class(
        &self,
        function: &Value,
        name: &Value,
        bases: &Value,
        keywords: &Value,
    ) -> Outcome {
        let given = self.collect(bases).await?;
        let mut resolved = Vec::new();
        for base in &given {
            // PEP 560: a base that is no class says what stands for it.
            match base {
                Value::Object(_) if self.find_special(base, "__mro_entries__").is_some() => {
                    let entries = self
                        .call_method(base, "__mro_entries__", vec![Value::tuple(given.clone())])
                        .await?;
                    resolved.extend(self.collect(&entries).await?);
                }
                other => resolved.push(other.clone()),
            }
        }
        let mut keyword: Vec<(Rc<Str>, Value)> = match keywords {
            Value::Dict(table) => table
                .borrow()
                .iter()
                .filter_map(|entry| Some((self.name(entry.key.as_str()?), entry.value.clone())))
                .collect(),
            _ => Vec::new(),
        };
        let mut metaclass = Value::Class(Rc::clone(&self.classes().type_));
        if let Some(at) = keyword
            .iter()
            .position(|(name, _)| name.as_str() == "metaclass")
        {
            metaclass = keyword.remove(at).1;
        } else if let Some(Value::Class(first)) = resolved.first() {
            metaclass = Value::Class(
                first
                    .metaclass()
                    .unwrap_or_else(|| Rc::clone(&self.classes().type_)),
            );
        }
        if let Value::Class(class) = &metaclass {
            metaclass = Value::Class(self.winning_metaclass(class, &resolved)?);
        }
        let bases = Value::tuple(resolved);
        let prepare = self
            .find_attribute(&metaclass, &self.name("__prepare__"))
            .await?;
        let namespace = match prepare {
            Some(prepare) => {
                let arguments = Arguments {
                    positional: vec![name.clone(), bases.clone()],
                    keyword: keyword.clone(),
                };
                self.call_with(&prepare, arguments).await?
            }
            None => Value::dict(Table::new()),
        };
        let table = match namespace.as_dict() {
            Some(table) => Rc::clone(table),
            None => return Err(self.type_error("the namespace of a class must be a dict")),
        };
        if let Value::Function(function) = function {
            self.run_class_body(function, &namespace, &table).await?;
        }
        if !given.is_empty() && given.iter().any(|base| matches!(base, Value::Object(_))) {
            table
                .borrow_mut()
                .set(&self.name("__orig_bases__"), Value::tuple(given));
        }
        let cell = table.borrow_mut().remove_name(&self.name("__classcell__"));
        let class = self
            .call_with(
                &metaclass,
                Arguments {
                    positional: vec![name.clone(), bases, namespace],
                    keyword,
                },
            )
            .await?;
        if let Some(Value::Cell(cell)) = cell
            && cell.borrow().is_unbound()
        {
            *cell.borrow_mut() = class.clone();
        }
        Ok(class)
    }

    /// The most derived of a metaclass and the bases' metaclasses.
    fn winning_metaclass(&self, metaclass: &Rc<Class>, bases: &[Value]) -> Outcome<Rc<Class>> {
        let mut winner = Rc::clone(metaclass);
        for base in bases {
            let other = self.type_of(base);
            if winner.is_subclass_of(&other) {
                continue;
            }
            if other.is_subclass_of(&winner) {
                winner = other;
                continue;
            }
            return Err(self.type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        Ok(winner)
    }

    /// Runs a class body with its namespace.
    async fn run_class_body(
        &self,
        function: &Rc<Function>,
        namespace: &Value,
        table: &Rc<RefCell<Table>>,
    ) -> Outcome<()> {
        let mut values = Vec::new();
        values.resize_with(function.code.free as usize, Value::default);
        values.extend(
            function
                .closure
                .iter()
                .map(|cell| Value::Cell(Rc::clone(cell))),
        );
        for &slot in &function.code.cells {
            values[slot as usize] = Value::Cell(Rc::default());
        }
        // An enum's namespace is a subclass of dict that watches what is set: it is told after the body what was.
        let watched = matches!(namespace, Value::Object(_))
            && self
                .find_special(namespace, "__setitem__")
                .is_some_and(|set| matches!(set, Value::Function(_)));
        let own = if watched {
            Rc::new(RefCell::new(table.borrow().clone()))
        } else {
            Rc::clone(table)
        };
        let frame = super::fiber::Frame {
            code: Rc::clone(&function.code),
            globals: Rc::clone(&function.globals),
            namespace: Some(Rc::clone(&own)),
            base: 0,
            pc: 0,
            handling: Vec::new(),
            after: super::fiber::After::Leave,
            generator: None,
        };
        match self.drive(frame, values, None).await {
            super::fiber::Step::Raised(raised) => return Err(raised),
            _ => {}
        }
        if watched {
            let entries: Vec<(Value, Value)> = own
                .borrow()
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.clone()))
                .collect();
            for (key, value) in entries {
                self.set_item(namespace, key, value).await?;
            }
        }
        Ok(())
    }

    /// `type.__new__(metaclass, name, bases, namespace, **keywords)`
    ///
    /// # Errors
    /// TypeError for bases that do not go together; what `__set_name__` and `__init_subclass__` raise.
    pub async fn new_class(
        &self,
        metaclass: &Rc<Class>,
        name: &Rc<Str>,
        bases: &[Value],
        namespace: &Rc<RefCell<Table>>,
        keyword: Vec<(Rc<Str>, Value)>,
    ) -> Outcome {
        let mut classes = Vec::new();
        for base in bases {
            match base {
                Value::Class(class) if class.flags().last => {
                    return Err(self.type_error(format!(
                        "type '{}' is not an acceptable base type",
                        class.name().as_str()
                    )));
                }
                Value::Class(class) => classes.push(Rc::clone(class)),
                _ => return Err(self.type_error("bases must be types")),
            }
        }
        if classes.is_empty() {
            classes.push(Rc::clone(&self.classes().object));
        }
        let ancestors = self.linearize(&classes)?;
        let metaclass = self.winning_metaclass(metaclass, bases)?;
        let mut table = namespace.borrow().clone();
        let slots = table.get(&self.names().slots).cloned();
        let bare = slots.is_some() && classes.iter().all(|base| base.flags().bare);
        for hook in ["__init_subclass__", "__class_getitem__"] {
            let hook = self.name(hook);
            let found = table.get(&hook).cloned();
            if let Some(function @ Value::Function(_)) = found {
                table.set(&hook, ClassMethod::wrap(self, function));
            }
        }
        if let Some(function @ Value::Function(_)) = table.get(&self.names().new).cloned() {
            table.set(&self.names().new, StaticMethod::wrap(self, function));
        }
        // A class that says what is equal and not what its hash is has none.
        if table.position(&self.name("__eq__")).is_some()
            && table.position(&self.name("__hash__")).is_none()
        {
            table.set(&self.name("__hash__"), Value::None);
        }
        let qualified = table.remove_name(&self.names().qualname);
        if table.position(&self.names().module).is_none()
            && let Some(caller) = self.caller_view()
            && let Some(module) = caller.globals.borrow().get(&self.names().name)
        {
            table.set(&self.names().module, module.clone());
        }
        if table.position(&self.names().doc).is_none() {
            table.set(&self.names().doc, Value::None);
        }
        let mut slot_names = Vec::new();
        if let Some(slots) = slots {
            match &slots {
                Value::Str(one) => slot_names.push(Rc::clone(one)),
                other => {
                    for slot in self.collect(other).await? {
                        slot_names.push(self.to_text(&slot)?);
                    }
                }
            }
        }
        let has_dict = slot_names.iter().any(|slot| slot.as_str() == "__dict__");
        let flags = ClassFlags {
            native: false,
            last: false,
            bare: bare && !has_dict,
        };
        let members: Vec<(Value, Value)> = table
            .iter()
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect();
        let class = Class::new(name.as_str(), classes, ancestors, table, flags);
        class.set_metaclass(metaclass);
        if let Some(qualified) = qualified.as_ref().and_then(Value::as_str) {
            class.set_qualified_name(Rc::clone(qualified));
        }
        for slot in &slot_names {
            if slot.as_str() == "__dict__" || slot.as_str() == "__weakref__" {
                continue;
            }
            let member = crate::builtins::member::member(self, &class, slot);
            class
                .attributes_mut()
                .set(&self.name(slot.as_str()), member);
        }
        let value = Value::Class(Rc::clone(&class));
        for (key, member) in members {
            if let Value::Object(_) = &member
                && let Some(method) = self.find_special(&member, "__set_name__")
            {
                self.call(&method, vec![member, value.clone(), key]).await?;
            }
        }
        let hook = class.ancestors().iter().find_map(|class| {
            class
                .attributes()
                .get(&self.name("__init_subclass__"))
                .cloned()
        });
        if let Some(hook) = hook {
            let hook = match hook.payload::<ClassMethod>() {
                Some(method) => method.function.clone(),
                None => hook,
            };
            self.call_with(
                &hook,
                Arguments {
                    positional: vec![value.clone()],
                    keyword,
                },
            )
            .await?;
        }
        Ok(value)
    }

    /// The order of resolution (C3) of a class with these bases, the class itself left out.
    fn linearize(&self, bases: &[Rc<Class>]) -> Outcome<Vec<Rc<Class>>> {
        for (at, base) in bases.iter().enumerate() {
            if bases[..at].iter().any(|known| Rc::ptr_eq(known, base)) {
                return Err(
                    self.type_error(format!("duplicate base class {}", base.name().as_str()))
                );
            }
        }
        let mut lists: Vec<Vec<Rc<Class>>> = bases.iter().map(Class::order).collect();
        lists.push(bases.to_vec());
        let mut order = Vec::new();
        loop {
            lists.retain(|list| !list.is_empty());
            if lists.is_empty() {
                return Ok(order);
            }
            let candidate = lists.iter().map(|list| &list[0]).find(|candidate| {
                !lists
                    .iter()
                    .any(|list| list[1..].iter().any(|later| Rc::ptr_eq(later, candidate)))
            });
            let Some(next) = candidate.cloned() else {
                let mut names: Vec<String> = Vec::new();
                for list in &lists {
                    let name = list[0].name().as_str().to_owned();
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                let text = format!(
                    "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                    names.join(", ")
                );
                return Err(self.type_error(text));
            };
            for list in &mut lists {
                if Rc::ptr_eq(&list[0], &next) {
                    list.remove(0);
                }
            }
            order.push(next);
        }
    }

    /// Whether instances are made by nothing but an empty object and the script's `__init__`.
    pub(super) fn is_plain_class(&self, class: &Rc<Class>) -> bool {
        let type_ = &self.classes().type_;
        if class.flags().native
            || !class
                .metaclass()
                .is_some_and(|metaclass| Rc::ptr_eq(&metaclass, type_))
        {
            return false;
        }
        let object = &self.classes().object;
        let new = self.find_in_class(class, &self.names().new);
        let plain = object.attributes().get(&self.names().new).cloned();
        let abstract_methods = self.find_in_class(class, &self.name("__abstractmethods__"));
        match (new, plain) {
            (Some(new), Some(plain)) => new.is(&plain) && abstract_methods.is_none(),
            _ => false,
        }
    }
}

/// `Class.name = value`
pub(super) fn set_class_attribute(
    m: &Machine,
    class: &Rc<Class>,
    name: &Rc<Str>,
    value: Value,
) -> Outcome<()> {
    match (name.as_str(), value.as_str()) {
        ("__name__", Some(text)) => class.set_name(Rc::clone(text)),
        ("__qualname__", Some(text)) => class.set_qualified_name(Rc::clone(text)),
        ("__name__" | "__qualname__", None) => {
            let text = format!(
                "can only assign string to {}.{}, not '{}'",
                class.name().as_str(),
                name.as_str(),
                m.type_name(&value).as_str()
            );
            return Err(m.type_error(text));
        }
        _ => {
            class.attributes_mut().set(name, value);
        }
    }
    Ok(())
}
