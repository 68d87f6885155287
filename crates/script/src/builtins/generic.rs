//! `list[int]` and the like: the class `types.GenericAlias`, which stands for its origin and remembers the arguments.

use std::rc::Rc;

use super::{counted, hash, union_type, wrong_receiver};
use crate::machine::{Arguments, ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Object, Value};

/// What an alias keeps.
pub struct Alias {
    origin: Value,
    arguments: Rc<[Value]>,
}

/// `__class_getitem__` of a built-in class.
pub fn subscript_class(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move { Ok(of(&m, &a[0], &a[1])) })
}

/// An alias of an origin; a tuple gives more than one argument.
#[must_use]
pub fn of(m: &Machine, origin: &Value, item: &Value) -> Value {
    let arguments = match item {
        Value::Tuple(items) => Rc::clone(items),
        one => Rc::from([one.clone()]),
    };
    let alias = Alias {
        origin: origin.clone(),
        arguments,
    };
    Value::Object(Rc::new(Object::with(
        Rc::clone(&m.classes().generic_alias),
        alias,
    )))
}

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .constructor("GenericAlias(cls, *args, **kwargs)", |m, a| {
            let given = counted(m, "GenericAlias", a, 2, 2)?;
            Ok(of(m, &given[0], &given[1]))
        })
        .getter("__origin__", "", |m, value| {
            Ok(own(m, value, "__origin__")?.origin.clone())
        })
        .getter("__args__", "", |m, value| {
            let alias = own(m, value, "__args__")?;
            Ok(Value::Tuple(Rc::clone(&alias.arguments)))
        })
        .getter("__parameters__", "", |m, value| {
            let alias = own(m, value, "__parameters__")?;
            Ok(Value::tuple(parameters(m, &alias.arguments)))
        })
        .async_method("__getattr__(self, name, /)", "", |m, a| {
            Box::pin(async move {
                let name = m.to_text(&a[1])?;
                let alias = own(&m, &a[0], "__getattr__")?;
                m.get_attribute(&alias.origin, &m.name(name.as_str())).await
            })
        })
        .async_method("__call__(self, *args, **kwargs)", "", call)
        .async_method("__getitem__(self, item, /)", "", get_item)
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move { repr(&m, &a[0]).await.map(Value::from) })
        })
        .async_method("__eq__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let (Some(x), Some(y)) = (a[0].payload::<Alias>(), a[1].payload::<Alias>()) else {
                    return Ok(Value::NotImplemented);
                };
                let items = |alias: &Alias| Value::Tuple(Rc::clone(&alias.arguments));
                let equal =
                    m.equal(&x.origin, &y.origin).await? && m.equal(&items(x), &items(y)).await?;
                Ok(Value::Bool(equal))
            })
        })
        .async_method("__hash__(self, /)", "", |m, a| {
            Box::pin(async move {
                let alias = own(&m, &a[0], "__hash__")?;
                let arguments = Value::Tuple(Rc::clone(&alias.arguments));
                let both = m.hash(&alias.origin).await? ^ m.hash(&arguments).await?;
                Ok(hash::as_value(both))
            })
        })
        .method("__mro_entries__(self, bases, /)", "", |m, a| {
            let alias = own(m, &a[0], "__mro_entries__")?;
            Ok(Value::tuple(vec![alias.origin.clone()]))
        })
        .method("__instancecheck__(self, instance, /)", "", |m, _| {
            Err(m.type_error("isinstance() argument 2 cannot be a parameterized generic"))
        })
        .method("__subclasscheck__(self, subclass, /)", "", |m, _| {
            Err(m.type_error("issubclass() argument 2 cannot be a parameterized generic"))
        })
        .async_method("__or__(self, value, /)", "", |m, a| {
            Box::pin(async move { union_type::join(&m, &a[0], &a[1]).await })
        })
        .async_method("__ror__(self, value, /)", "", |m, a| {
            Box::pin(async move { union_type::join(&m, &a[1], &a[0]).await })
        })
        .finish();
}

fn own<'a>(m: &Machine, value: &'a Value, method: &str) -> Outcome<&'a Alias> {
    value
        .payload::<Alias>()
        .ok_or_else(|| wrong_receiver(m, "types.GenericAlias", method, value))
}

/// Whether this is a variable of types that can be filled in.
fn is_variable(m: &Machine, value: &Value) -> bool {
    matches!(value, Value::Object(_))
        && matches!(
            m.type_name(value).as_str(),
            "TypeVar" | "ParamSpec" | "TypeVarTuple"
        )
}

/// The variables among arguments, each once.
fn parameters(m: &Machine, arguments: &[Value]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for argument in arguments {
        let inner = if is_variable(m, argument) {
            vec![argument.clone()]
        } else if let Some(alias) = argument.payload::<Alias>() {
            parameters(m, &alias.arguments)
        } else {
            Vec::new()
        };
        for variable in inner {
            if !found.iter().any(|known| known.is(&variable)) {
                found.push(variable);
            }
        }
    }
    found
}

fn call(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let alias = own(&m, &a[0], "__call__")?;
        let keyword = match &a[2] {
            Value::Dict(table) => table
                .borrow()
                .iter()
                .filter_map(|entry| {
                    Some((m.name(entry.key.as_str()?.as_str()), entry.value.clone()))
                })
                .collect(),
            _ => Vec::new(),
        };
        let arguments = Arguments {
            positional: m.collect(&a[1]).await?,
            keyword,
        };
        let made = m.call_with(&alias.origin, arguments).await?;
        if let Value::Object(object) = &made
            && !object.class().flags().native
        {
            // Where there is no place for it, nobody misses it.
            let _ = m
                .set_attribute(&made, &m.name("__orig_class__"), a[0].clone())
                .await;
        }
        Ok(made)
    })
}

/// `list[T][int]`
fn get_item(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let alias = own(&m, &a[0], "__getitem__")?;
        let variables = parameters(&m, &alias.arguments);
        let given = match &a[1] {
            Value::Tuple(items) => items.to_vec(),
            one => vec![one.clone()],
        };
        let text = repr(&m, &a[0]).await?;
        if variables.is_empty() {
            return Err(m.type_error(format!("{text} is not a generic class")));
        }
        if variables.len() != given.len() {
            let how = if given.len() > variables.len() {
                "many"
            } else {
                "few"
            };
            return Err(m.type_error(format!(
                "Too {how} arguments for {text}; actual {}, expected {}",
                given.len(),
                variables.len()
            )));
        }
        Ok(replace(&m, alias, &variables, &given))
    })
}

/// The alias with variables replaced by what is given for them.
fn replace(m: &Machine, alias: &Alias, variables: &[Value], given: &[Value]) -> Value {
    let arguments = alias
        .arguments
        .iter()
        .map(|argument| {
            if let Some(inner) = argument.payload::<Alias>() {
                return replace(m, inner, variables, given);
            }
            variables
                .iter()
                .zip(given)
                .find_map(|(variable, value)| variable.is(argument).then(|| value.clone()))
                .unwrap_or_else(|| argument.clone())
        })
        .collect();
    of(m, &alias.origin, &Value::tuple(arguments))
}

async fn repr(m: &Machine, value: &Value) -> Outcome<String> {
    let alias = own(m, value, "__repr__")?;
    let mut parts = Vec::with_capacity(alias.arguments.len());
    for argument in alias.arguments.iter() {
        parts.push(type_text(m, argument).await?);
    }
    let origin = type_text(m, &alias.origin).await?;
    Ok(if parts.is_empty() {
        format!("{origin}[()]")
    } else {
        format!("{origin}[{}]", parts.join(", "))
    })
}

/// A type as it is written inside brackets.
///
/// # Errors
/// What `__repr__` raises.
pub async fn type_text(m: &Machine, value: &Value) -> Outcome<String> {
    match value {
        Value::Ellipsis => Ok("...".to_owned()),
        Value::Class(class) => {
            let name = class.qualified_name();
            let module = class.find(&m.name("__module__"));
            Ok(match module.as_ref().and_then(Value::as_str) {
                Some(module) if module.as_str() != "builtins" => {
                    format!("{}.{}", module.as_str(), name.as_str())
                }
                _ => name.as_str().to_owned(),
            })
        }
        Value::List(items) => {
            let items = items.borrow().clone();
            let mut parts = Vec::with_capacity(items.len());
            for item in &items {
                let text: std::pin::Pin<Box<dyn Future<Output = Outcome<String>> + '_>> =
                    Box::pin(type_text(m, item));
                parts.push(text.await?);
            }
            Ok(format!("[{}]", parts.join(", ")))
        }
        other => m.repr(other).await,
    }
}
