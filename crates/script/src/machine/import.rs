//! `import`: modules of ours, modules written in Python, and files beside the script.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Kind, Machine, Outcome};
use crate::code::Import;
use crate::compile::Mode;
use crate::value::{Table, Value};

impl Machine {
    /// What an `import` statement pushes.
    pub(super) async fn import(&self, import: &Import, globals: &Rc<RefCell<Table>>) -> Outcome {
        let name = if import.level == 0 {
            import.module.to_string()
        } else {
            let package = globals
                .borrow()
                .get(&self.name("__package__"))
                .and_then(|name| name.as_str().cloned());
            let package = package
                .map(|package| package.as_str().to_owned())
                .unwrap_or_default();
            if package.is_empty() {
                return Err(self.raise(
                    Kind::ImportError,
                    "attempted relative import with no known parent package",
                ));
            }
            let up = import.level as usize - 1;
            let parts: Vec<&str> = package.split('.').collect();
            let base = parts[..parts.len().saturating_sub(up)].join(".");
            if import.module.is_empty() {
                base
            } else {
                format!("{base}.{}", import.module)
            }
        };
        let module = self.import_module(&name).await?;
        if import.names.is_empty()
            && !import.whole
            && let Some((root, _)) = name.split_once('.')
        {
            return self.import_module(root).await;
        }
        // `from package import module` imports the module where the package has no such name.
        for wanted in &import.names {
            let known = self
                .find_attribute(&module, &self.name(wanted))
                .await?
                .is_some();
            if !known && self.knows_module(&format!("{name}.{wanted}")) {
                self.import_module(&format!("{name}.{wanted}")).await?;
            }
        }
        Ok(module)
    }

    fn knows_module(&self, name: &str) -> bool {
        self.state().makers.borrow().contains_key(name)
            || self.state().module_sources.borrow().contains_key(name)
            || self.module_file(name).is_some()
    }

    /// The path and the text of a module among the script's files.
    fn module_file(&self, name: &str) -> Option<(String, String)> {
        let base = name.replace('.', "/");
        [format!("{base}.py"), format!("{base}/__init__.py")]
            .into_iter()
            .find_map(|path| {
                let bytes = self.host().files().read(&path).ok()?;
                Some((path, String::from_utf8(bytes).ok()?))
            })
    }

    /// A module by its whole name, with the packages around it.
    ///
    /// # Errors
    /// ModuleNotFoundError that names what is like it; what the module raises.
    pub fn import_module(&self, name: &str) -> super::Running {
        let (machine, name) = (self.clone(), name.to_owned());
        Box::pin(async move {
            let key = machine.name(&name);
            let known = machine.state().modules.borrow().get(&key).cloned();
            if let Some(known) = known {
                return Ok(known);
            }
            let parent = match name.rsplit_once('.') {
                Some((parent, _)) => Some(machine.import_module(parent).await?),
                None => None,
            };
            // A parent may have made it in passing.
            let known = machine.state().modules.borrow().get(&key).cloned();
            if let Some(known) = known {
                return Ok(known);
            }
            let maker = machine.state().makers.borrow().get(&*name).copied();
            let source = machine.state().module_sources.borrow().get(&*name).copied();
            let module = if let Some(maker) = maker {
                let module = maker(&machine)?;
                machine
                    .state()
                    .modules
                    .borrow_mut()
                    .set(&key, module.clone());
                module
            } else if let Some((file, text)) = source {
                machine.run_module(&name, file, text).await?
            } else if let Some((file, text)) = machine.module_file(&name) {
                machine.run_module(&name, &file, &text).await?
            } else {
                return Err(machine.no_module(&name));
            };
            if let (Some(parent), Some((_, last))) = (parent, name.rsplit_once('.'))
                && let Some(table) = machine.module_table(&parent)
            {
                table.borrow_mut().set(&machine.name(last), module.clone());
            }
            Ok(module)
        })
    }

    async fn run_module(&self, name: &str, file: &str, text: &str) -> Outcome {
        let table = Rc::new(RefCell::new(Table::new()));
        let module = self.new_module(name, Rc::clone(&table));
        {
            let mut table = table.borrow_mut();
            table.set(&self.name("__file__"), Value::text(file));
            let package = if file.ends_with("__init__.py") {
                name
            } else {
                name.rsplit_once('.').map_or("", |(package, _)| package)
            };
            table.set(&self.name("__package__"), Value::text(package));
        }
        let key = self.name(name);
        self.state().modules.borrow_mut().set(&key, module.clone());
        match self.run_source(text, file, &table, Mode::Module).await {
            Ok(_) => Ok(module),
            Err(raised) => {
                self.state().modules.borrow_mut().remove_name(&key);
                Err(raised)
            }
        }
    }

    /// "No module named 'x'"
    fn no_module(&self, name: &str) -> super::Raised {
        self.raise(
            Kind::ModuleNotFoundError,
            format!("No module named '{name}'"),
        )
    }

    /// `from module import name`
    pub(super) async fn import_from(
        &self,
        module: &Value,
        name: &Rc<crate::value::Str>,
    ) -> Outcome {
        match self.find_attribute(module, name).await? {
            Some(value) => Ok(value),
            None => {
                let table = self.module_table(module).unwrap_or_default();
                let text = |name: &str| {
                    table
                        .borrow()
                        .get(&self.name(name))
                        .and_then(|value| value.as_str().cloned())
                };
                let own =
                    text("__name__").map_or_else(String::new, |name| name.as_str().to_owned());
                let place = text("__file__").map_or_else(
                    || "unknown location".to_owned(),
                    |file| file.as_str().to_owned(),
                );
                let text = format!(
                    "cannot import name '{}' from '{own}' ({place})",
                    name.as_str()
                );
                Err(self.raise(Kind::ImportError, text))
            }
        }
    }

    /// `from module import *`
    pub(super) fn import_star(
        &self,
        module: &Value,
        namespace: &Rc<RefCell<Table>>,
    ) -> Outcome<()> {
        let Some(table) = self.module_table(module) else {
            return Ok(());
        };
        let table = table.borrow().clone();
        let all = table.get(&self.name("__all__")).cloned();
        let chosen: Option<Vec<Value>> = all.and_then(|all| {
            all.as_list()
                .map(|items| items.borrow().clone())
                .or_else(|| all.as_tuple().map(|items| items.to_vec()))
        });
        let mut namespace = namespace.borrow_mut();
        match chosen {
            Some(names) => {
                for name in names {
                    let name = self.to_text(&name)?;
                    match table.get(&name) {
                        Some(value) => namespace.set(&self.name(name.as_str()), value.clone()),
                        None => return Err(self.no_attribute(module, &name)),
                    };
                }
            }
            None => {
                for entry in table.iter() {
                    if let Some(name) = entry.key.as_str()
                        && !name.as_str().starts_with('_')
                    {
                        namespace.set(name, entry.value.clone());
                    }
                }
            }
        }
        Ok(())
    }
}
