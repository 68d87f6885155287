//! `dict_keys`, `dict_values` and `dict_items`: what a dict has now, also after it changed. Keys and items behave as sets.

use std::rc::Rc;

use super::dict::{self, Dict};
use super::iterators;
use super::mapping_proxy;
use super::set::SetBody;
use super::{Showing, wrong_receiver};
use crate::code::Comparison;
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Entry, Object, Value};

/// What of a dict's entries is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// Pairs of both.
    Items,
}

impl ViewKind {
    /// What is seen of an entry.
    #[must_use]
    pub fn of(self, entry: &Entry) -> Value {
        match self {
            Self::Keys => entry.key.clone(),
            Self::Values => entry.value.clone(),
            Self::Items => Value::tuple(vec![entry.key.clone(), entry.value.clone()]),
        }
    }
}

/// What a view keeps.
pub struct View {
    table: Dict,
    kind: ViewKind,
}

impl View {
    /// A view of a dict.
    #[must_use]
    pub fn over(m: &Machine, table: &Dict, kind: ViewKind) -> Value {
        let classes = m.classes();
        let class = match kind {
            ViewKind::Keys => &classes.dict_keys,
            ViewKind::Values => &classes.dict_values,
            ViewKind::Items => &classes.dict_items,
        };
        let view = Self {
            table: Rc::clone(table),
            kind,
        };
        Value::Object(Rc::new(Object::with(Rc::clone(class), view)))
    }

    fn len(&self) -> usize {
        self.table.borrow().len()
    }

    fn seen(&self) -> Vec<Value> {
        let table = self.table.borrow();
        table.iter().map(|entry| self.kind.of(entry)).collect()
    }

    async fn contains(&self, m: &Machine, item: &Value) -> Outcome<bool> {
        if self.kind == ViewKind::Keys {
            return dict::contains(m, &self.table, item).await;
        }
        let Some([key, value]) = item.as_tuple().map(|pair| &**pair) else {
            return Ok(false);
        };
        match m.table_get(&self.table, key).await? {
            Some(found) => m.equal(&found, value).await,
            None => Ok(false),
        }
    }

    /// A set of what is seen now.
    async fn to_set(&self, m: &Machine) -> Outcome<SetBody> {
        if self.kind == ViewKind::Keys {
            let dict = Value::Dict(Rc::clone(&self.table));
            return SetBody::from_iterable(m, &dict).await;
        }
        SetBody::from_iterable(m, &Value::list(self.seen())).await
    }
}

/// Adds the methods of the three classes.
pub fn fill(m: &Machine) {
    let classes = m.classes();
    for class in [
        &classes.dict_keys,
        &classes.dict_values,
        &classes.dict_items,
    ] {
        let builder = ClassBuilder::extend(m, class)
            .method("__len__(self, /)", "", |m, a| {
                Ok(own(m, &a[0], "__len__")?.len().into())
            })
            .method("__iter__(self, /)", "", |m, a| {
                let view = own(m, &a[0], "__iter__")?;
                Ok(iterators::over_dict(m, &view.table, view.kind, false))
            })
            .method("__reversed__(self, /)", "", |m, a| {
                let view = own(m, &a[0], "__reversed__")?;
                Ok(iterators::over_dict(m, &view.table, view.kind, true))
            })
            .async_method("__repr__(self, /)", "", repr)
            .getter(
                "mapping",
                "The dict it is a view of, not to be changed.",
                |m, value| {
                    let view = own(m, value, "mapping")?;
                    Ok(mapping_proxy::of(m, Rc::clone(&view.table)))
                },
            )
            .last();
        let _ = if Rc::ptr_eq(class, &classes.dict_values) {
            builder.finish()
        } else {
            as_set(builder).finish()
        };
    }
}

/// What keys and items have of sets.
fn as_set(builder: ClassBuilder) -> ClassBuilder {
    builder
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let view = own(&m, &a[0], "__contains__")?;
                view.contains(&m, &a[1]).await.map(Value::Bool)
            })
        })
        .async_method(
            "isdisjoint(self, other, /)",
            "Whether nothing is in both.",
            |m, a| {
                Box::pin(async move {
                    let view = own(&m, &a[0], "isdisjoint")?;
                    let iteration = m.iterate(&a[1]).await?;
                    while let Some(item) = iteration.next(&m).await? {
                        if view.contains(&m, &item).await? {
                            return Ok(Value::Bool(false));
                        }
                    }
                    Ok(Value::Bool(true))
                })
            },
        )
        .async_method("__and__(self, value, /)", "", |m, a| intersection(m, a))
        .async_method("__rand__(self, value, /)", "", |m, a| intersection(m, a))
        .async_method("__or__(self, value, /)", "", |m, a| {
            combine(m, a, false, How::Or)
        })
        .async_method("__ror__(self, value, /)", "", |m, a| {
            combine(m, a, true, How::Or)
        })
        .async_method("__sub__(self, value, /)", "", |m, a| {
            combine(m, a, false, How::Without)
        })
        .async_method("__rsub__(self, value, /)", "", |m, a| {
            combine(m, a, true, How::Without)
        })
        .async_method("__xor__(self, value, /)", "", |m, a| {
            combine(m, a, false, How::Either)
        })
        .async_method("__rxor__(self, value, /)", "", |m, a| {
            combine(m, a, true, How::Either)
        })
        .async_method("__eq__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::Equal)
        })
        .async_method("__ne__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::NotEqual)
        })
        .async_method("__lt__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::Less)
        })
        .async_method("__le__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::LessEqual)
        })
        .async_method("__gt__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::Greater)
        })
        .async_method("__ge__(self, value, /)", "", |m, a| {
            compared(m, a, Comparison::GreaterEqual)
        })
        .constant("__hash__", Value::None)
}

fn own<'a>(m: &Machine, value: &'a Value, method: &str) -> Outcome<&'a View> {
    value
        .payload::<View>()
        .ok_or_else(|| wrong_receiver(m, "dict_keys", method, value))
}

fn repr(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let view = own(&m, &a[0], "__repr__")?;
        let Some(_showing) = Showing::enter(&m, &a[0]) else {
            return Ok(Value::text("..."));
        };
        let name = m.type_name(&a[0]);
        let text = m.repr(&Value::list(view.seen())).await?;
        Ok(Value::from(format!("{}({text})", name.as_str())))
    })
}

/// A set of the items of an operand.
async fn set_of(m: &Machine, value: &Value) -> Outcome<SetBody> {
    match value.payload::<View>() {
        Some(view) => view.to_set(m).await,
        None => SetBody::from_iterable(m, value).await,
    }
}

fn is_set_view(value: &Value) -> Option<&View> {
    value
        .payload::<View>()
        .filter(|view| view.kind != ViewKind::Values)
}

fn set_class(m: &Machine) -> &Rc<Class> {
    &m.classes().set
}

fn intersection(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let view = own(&m, &a[0], "__and__")?;
        if let Some(body) = a[1].payload::<SetBody>()
            && view.len() <= body.len()
        {
            return m
                .call_method(&a[1], "intersection", vec![a[0].clone()])
                .await;
        }
        let (view, other) = match is_set_view(&a[1]) {
            Some(other) if other.len() > view.len() => (other, &a[0]),
            _ => (view, &a[1]),
        };
        let result = SetBody::default();
        let iteration = m.iterate(other).await?;
        while let Some(item) = iteration.next(&m).await? {
            if view.contains(&m, &item).await? {
                result.add(&m, item).await?;
            }
        }
        Ok(result.into_value(set_class(&m)))
    })
}

#[derive(Clone, Copy)]
enum How {
    Or,
    Without,
    Either,
}

fn combine(m: Machine, a: Vec<Value>, reflected: bool, how: How) -> Running {
    Box::pin(async move {
        let (left, right) = if reflected {
            (&a[1], &a[0])
        } else {
            (&a[0], &a[1])
        };
        let result = set_of(&m, left).await?;
        match how {
            How::Or => result.update(&m, right).await?,
            How::Without => result.difference_update(&m, right).await?,
            How::Either => result.symmetric_difference_update(&m, right).await?,
        }
        Ok(result.into_value(set_class(&m)))
    })
}

/// How many items a set or a view of keys or items has; `None` of anything else.
fn size(value: &Value) -> Option<usize> {
    match value.payload::<SetBody>() {
        Some(body) => Some(body.len()),
        None => is_set_view(value).map(View::len),
    }
}

/// Whether all items of `a` are in `b`.
async fn within(m: &Machine, a: &Value, b: &Value) -> Outcome<bool> {
    let iteration = m.iterate(a).await?;
    while let Some(item) = iteration.next(m).await? {
        if !m.contains(b, &item).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compared(m: Machine, a: Vec<Value>, comparison: Comparison) -> Running {
    Box::pin(async move {
        let (Some(x), Some(y)) = (size(&a[0]), size(&a[1])) else {
            return Ok(Value::NotImplemented);
        };
        let (a, b) = (&a[0], &a[1]);
        Ok(Value::Bool(match comparison {
            Comparison::Equal => x == y && within(&m, a, b).await?,
            Comparison::NotEqual => !(x == y && within(&m, a, b).await?),
            Comparison::Less => x < y && within(&m, a, b).await?,
            Comparison::LessEqual => x <= y && within(&m, a, b).await?,
            Comparison::Greater => x > y && within(&m, b, a).await?,
            _ => x >= y && within(&m, b, a).await?,
        }))
    })
}
