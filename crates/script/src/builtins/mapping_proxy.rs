//! `mappingproxy`: a dict that cannot be changed through it, as a class's `__dict__` is.

use std::cell::RefCell;
use std::rc::Rc;

use super::dict::{self, Dict};
use super::iterators;
use super::views::{View, ViewKind};
use super::{counted, wrong_receiver};
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Object, Table, Value};

/// A proxy of a dict.
#[must_use]
pub fn of(m: &Machine, table: Rc<RefCell<Table>>) -> Value {
    Value::Object(Rc::new(Object::with(
        Rc::clone(&m.classes().mapping_proxy),
        table,
    )))
}

/// Adds the methods.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let builder = ClassBuilder::extend(m, class)
        .constructor("mappingproxy(cls, *args, **kwargs)", |m, a| {
            let given = counted(m, "mappingproxy", a, 1, 1)?;
            let known = given[0]
                .as_dict()
                .or_else(|| given[0].payload::<Dict>())
                .cloned();
            match known {
                Some(table) => Ok(of(m, table)),
                None => Err(m.type_error(format!(
                    "mappingproxy() argument must be a mapping, not {}",
                    m.type_name(&given[0]).as_str()
                ))),
            }
        })
        .async_method(
            "get(self, key, default=None, /)",
            "The value of a key, or the default.",
            |m, a| {
                Box::pin(async move {
                    let found = m.table_get(own(&m, &a[0], "get")?, &a[1]).await?;
                    Ok(found.unwrap_or_else(|| match &a[2] {
                        Value::Unbound => Value::None,
                        default => default.clone(),
                    }))
                })
            },
        )
        .method("keys(self, /)", "A view of the keys.", |m, a| {
            Ok(View::over(m, own(m, &a[0], "keys")?, ViewKind::Keys))
        })
        .method("values(self, /)", "A view of the values.", |m, a| {
            Ok(View::over(m, own(m, &a[0], "values")?, ViewKind::Values))
        })
        .method(
            "items(self, /)",
            "A view of the entries as pairs.",
            |m, a| Ok(View::over(m, own(m, &a[0], "items")?, ViewKind::Items)),
        )
        .method("copy(self, /)", "A dict of the same entries.", |m, a| {
            Ok(Value::dict(own(m, &a[0], "copy")?.borrow().clone()))
        });
    special(builder);
}

/// The special methods.
fn special(builder: ClassBuilder) {
    let _ = builder
        .method("__len__(self, /)", "", |m, a| {
            Ok(own(m, &a[0], "__len__")?.borrow().len().into())
        })
        .method("__iter__(self, /)", "", |m, a| {
            let table = own(m, &a[0], "__iter__")?;
            Ok(iterators::over_dict(m, table, ViewKind::Keys, false))
        })
        .method("__reversed__(self, /)", "", |m, a| {
            let table = own(m, &a[0], "__reversed__")?;
            Ok(iterators::over_dict(m, table, ViewKind::Keys, true))
        })
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let table = own(&m, &a[0], "__contains__")?;
                dict::contains(&m, table, &a[1]).await.map(Value::Bool)
            })
        })
        .async_method("__getitem__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let table = own(&m, &a[0], "__getitem__")?;
                let found = m.table_get(table, &a[1]).await?;
                found.ok_or_else(|| m.key_error(a[1].clone()))
            })
        })
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move {
                let dict = Value::Dict(Rc::clone(own(&m, &a[0], "__repr__")?));
                let text = dict::repr(&m, &dict).await?;
                Ok(Value::from(format!("mappingproxy({text})")))
            })
        })
        .async_method("__eq__(self, value, /)", "", |m, a| equal(m, a, true))
        .async_method("__ne__(self, value, /)", "", |m, a| equal(m, a, false))
        .async_method("__or__(self, value, /)", "", |m, a| union(m, a, false))
        .async_method("__ror__(self, value, /)", "", |m, a| union(m, a, true))
        .method("__ior__(self, value, /)", "", |m, a| {
            Err(m.type_error(format!(
                "'|=' is not supported by {}; use '|' instead",
                m.type_name(&a[0]).as_str()
            )))
        })
        .constant("__hash__", Value::None)
        .finish();
}

fn own<'a>(m: &Machine, value: &'a Value, method: &str) -> Outcome<&'a Dict> {
    value
        .payload::<Dict>()
        .ok_or_else(|| wrong_receiver(m, "mappingproxy", method, value))
}

fn equal(m: Machine, a: Vec<Value>, answer: bool) -> Running {
    Box::pin(async move {
        let own = own(&m, &a[0], "__eq__")?;
        match a[1].as_dict().or_else(|| a[1].payload::<Dict>()) {
            Some(other) => Ok(Value::Bool(dict::equal(&m, own, other).await? == answer)),
            None => Ok(Value::NotImplemented),
        }
    })
}

fn union(m: Machine, a: Vec<Value>, reflected: bool) -> Running {
    Box::pin(async move {
        let own = own(&m, &a[0], "__or__")?;
        let Some(other) = a[1].as_dict().or_else(|| a[1].payload::<Dict>()) else {
            return Ok(Value::NotImplemented);
        };
        let (first, second) = if reflected {
            (other, own)
        } else {
            (own, other)
        };
        let joined = Rc::new(RefCell::new(first.borrow().clone()));
        dict::merge(&m, &joined, second).await?;
        Ok(Value::Dict(joined))
    })
}
