//! `set` and `frozenset`: the methods.

use std::rc::Rc;

use super::iterators::{self, Source};
use super::set::SetBody;
use super::{Showing, class_asked, counted, hash, positional, wrong_receiver};
use crate::code::Comparison;
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::value::{Class, Value};

/// Adds the methods to `set` or `frozenset`.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let builder = questions(operators(ClassBuilder::extend(m, class)));
    let _ = if Rc::ptr_eq(class, &m.classes().set) {
        changes(in_place(builder))
            .constructor("set(cls, *args, **kwargs)", |m, a| {
                let class = class_asked(m, &a[0], &m.classes().set)?;
                Ok(SetBody::default().into_value(class))
            })
            .async_method("__init__(self, *args, **kwargs)", "", init)
            .constant("__hash__", Value::None)
            .finish()
    } else {
        builder
            .async_constructor("frozenset(cls, *args, **kwargs)", new_frozen)
            .method("__hash__(self, /)", "", |m, a| {
                Ok(hash::as_value(own(m, a, "__hash__")?.frozen_hash()))
            })
            .finish()
    };
}

/// What both can be asked.
fn questions(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("__len__(self, /)", "", |m, a| {
            Ok(own(m, a, "__len__")?.len().into())
        })
        .method("__iter__(self, /)", "", |m, a| {
            own(m, a, "__iter__")?;
            Ok(iterators::of(&m.classes().set_iterator, Source::set(&a[0])))
        })
        .async_method("__contains__(self, key, /)", "", |m, a| {
            Box::pin(async move {
                let body = own(&m, &a, "__contains__")?;
                body.contains(&m, &a[1]).await.map(Value::Bool)
            })
        })
        .async_method("__repr__(self, /)", "", |m, a| {
            Box::pin(async move { repr(&m, &a[0]).await.map(Value::from) })
        })
        .async_method(
            "isdisjoint(self, other, /)",
            "Whether no item is in both.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "isdisjoint")?;
                    body.is_disjoint(&m, &a[1]).await.map(Value::Bool)
                })
            },
        )
        .async_method(
            "issubset(self, other, /)",
            "Whether the other has all items.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "issubset")?;
                    let answer = match a[1].payload::<SetBody>() {
                        Some(other) => body.is_subset(&m, other).await?,
                        None => body.intersection(&m, &a[1]).await?.len() == body.len(),
                    };
                    Ok(Value::Bool(answer))
                })
            },
        )
        .async_method(
            "issuperset(self, other, /)",
            "Whether it has all of the other's items.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "issuperset")?;
                    if let Some(other) = a[1].payload::<SetBody>() {
                        return other.is_subset(&m, body).await.map(Value::Bool);
                    }
                    let iteration = m.iterate(&a[1]).await?;
                    while let Some(item) = iteration.next(&m).await? {
                        if !body.contains(&m, &item).await? {
                            return Ok(Value::Bool(false));
                        }
                    }
                    Ok(Value::Bool(true))
                })
            },
        )
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
        .async_class_method(
            "__class_getitem__(cls, item, /)",
            "A type of sets of such items.",
            super::generic::subscript_class,
        )
}

/// What gives a new set.
fn operators(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("copy(self, /)", "A set of the same items.", |m, a| {
            let body = own(m, a, "copy")?;
            if matches!(&a[0], Value::Object(object) if Rc::ptr_eq(&object.class(), &m.classes().frozenset))
            {
                return Ok(a[0].clone());
            }
            Ok(body.copy().into_value(&base(m, &a[0])))
        })
        .async_method("union(self, *others)", "The items that are in any.", |m, a| {
            Box::pin(async move {
                let result = own(&m, &a, "union")?.copy();
                for other in others(&a) {
                    result.update(&m, other).await?;
                }
                Ok(result.into_value(&base(&m, &a[0])))
            })
        })
        .async_method("intersection(self, *others)", "The items that are in all.", |m, a| {
            Box::pin(async move {
                let result = intersection_of_all(&m, own(&m, &a, "intersection")?, &a).await?;
                Ok(result.into_value(&base(&m, &a[0])))
            })
        })
        .async_method("difference(self, *others)", "The items that are in no other.", |m, a| {
            Box::pin(async move {
                let body = own(&m, &a, "difference")?;
                let result = match others(&a) {
                    [] => body.copy(),
                    [first, rest @ ..] => {
                        let result = body.difference(&m, first).await?;
                        for other in rest {
                            result.difference_update(&m, other).await?;
                        }
                        result
                    }
                };
                Ok(result.into_value(&base(&m, &a[0])))
            })
        })
        .async_method(
            "symmetric_difference(self, other, /)",
            "The items that are in only one.",
            |m, a| {
                Box::pin(async move {
                    own(&m, &a, "symmetric_difference")?;
                    exclusive(&m, &a[0], &a[1]).await
                })
            },
        )
        .async_method("__or__(self, value, /)", "", |m, a| union(m, a, false))
        .async_method("__ror__(self, value, /)", "", |m, a| union(m, a, true))
        .async_method("__and__(self, value, /)", "", |m, a| intersection(m, a, false))
        .async_method("__rand__(self, value, /)", "", |m, a| intersection(m, a, true))
        .async_method("__sub__(self, value, /)", "", |m, a| difference(m, a, false))
        .async_method("__rsub__(self, value, /)", "", |m, a| difference(m, a, true))
        .async_method("__xor__(self, value, /)", "", |m, a| symmetric(m, a, false))
        .async_method("__rxor__(self, value, /)", "", |m, a| symmetric(m, a, true))
}

/// What changes a set.
fn changes(builder: ClassBuilder) -> ClassBuilder {
    builder
        .async_method("add(self, object, /)", "Adds an item.", |m, a| {
            Box::pin(async move {
                own(&m, &a, "add")?.add(&m, a[1].clone()).await?;
                Ok(Value::None)
            })
        })
        .method("clear(self, /)", "Takes all items out.", |m, a| {
            own(m, a, "clear")?.clear();
            Ok(Value::None)
        })
        .async_method(
            "discard(self, object, /)",
            "Takes an item out if it is there.",
            |m, a| {
                Box::pin(async move {
                    own(&m, &a, "discard")?.discard(&m, &a[1]).await?;
                    Ok(Value::None)
                })
            },
        )
        .async_method(
            "remove(self, object, /)",
            "Takes an item out; KeyError if it is not there.",
            |m, a| {
                Box::pin(async move {
                    if own(&m, &a, "remove")?.discard(&m, &a[1]).await? {
                        Ok(Value::None)
                    } else {
                        Err(m.key_error(a[1].clone()))
                    }
                })
            },
        )
        .method(
            "pop(self, /)",
            "Takes some item out and gives it; KeyError if there is none.",
            |m, a| {
                own(m, a, "pop")?
                    .pop()
                    .ok_or_else(|| m.key_error(Value::text("pop from an empty set")))
            },
        )
        .async_method(
            "update(self, *others)",
            "Adds the items of iterables.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "update")?;
                    for other in others(&a) {
                        body.update(&m, other).await?;
                    }
                    Ok(Value::None)
                })
            },
        )
        .async_method(
            "intersection_update(self, *others)",
            "Keeps the items that are in all.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "intersection_update")?;
                    let result = intersection_of_all(&m, body, &a).await?;
                    body.become_other(result);
                    Ok(Value::None)
                })
            },
        )
        .async_method(
            "difference_update(self, *others)",
            "Takes the items of iterables out.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "difference_update")?;
                    for other in others(&a) {
                        body.difference_update(&m, other).await?;
                    }
                    Ok(Value::None)
                })
            },
        )
        .async_method(
            "symmetric_difference_update(self, other, /)",
            "Keeps and adds the items that are in only one.",
            |m, a| {
                Box::pin(async move {
                    let body = own(&m, &a, "symmetric_difference_update")?;
                    body.symmetric_difference_update(&m, &a[1]).await?;
                    Ok(Value::None)
                })
            },
        )
}

/// `|=` and the like, which take nothing but sets.
fn in_place(builder: ClassBuilder) -> ClassBuilder {
    builder
        .async_method("__ior__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let body = own(&m, &a, "__ior__")?;
                if a[1].payload::<SetBody>().is_none() {
                    return Ok(Value::NotImplemented);
                }
                body.update(&m, &a[1]).await?;
                Ok(a[0].clone())
            })
        })
        .async_method("__iand__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let body = own(&m, &a, "__iand__")?;
                if a[1].payload::<SetBody>().is_none() {
                    return Ok(Value::NotImplemented);
                }
                let result = body.intersection(&m, &a[1]).await?;
                body.become_other(result);
                Ok(a[0].clone())
            })
        })
        .async_method("__isub__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let body = own(&m, &a, "__isub__")?;
                if a[1].payload::<SetBody>().is_none() {
                    return Ok(Value::NotImplemented);
                }
                body.difference_update(&m, &a[1]).await?;
                Ok(a[0].clone())
            })
        })
        .async_method("__ixor__(self, value, /)", "", |m, a| {
            Box::pin(async move {
                let body = own(&m, &a, "__ixor__")?;
                if a[1].payload::<SetBody>().is_none() {
                    return Ok(Value::NotImplemented);
                }
                body.symmetric_difference_update(&m, &a[1]).await?;
                Ok(a[0].clone())
            })
        })
}

fn own<'a>(m: &Machine, a: &'a [Value], method: &str) -> Outcome<&'a SetBody> {
    a[0].payload::<SetBody>()
        .ok_or_else(|| wrong_receiver(m, "set", method, &a[0]))
}

/// `set` or `frozenset`, whichever the value's class derives from.
fn base(m: &Machine, value: &Value) -> Rc<Class> {
    let classes = m.classes();
    Rc::clone(if m.is_instance(value, &classes.frozenset) {
        &classes.frozenset
    } else {
        &classes.set
    })
}

/// The items of `*others`.
fn others(a: &[Value]) -> &[Value] {
    match a.get(1) {
        Some(Value::Tuple(items)) => items,
        _ => &[],
    }
}

/// The two operands in their order, if both are sets.
fn operands(a: &[Value], reflected: bool) -> Option<(&Value, &SetBody, &Value)> {
    let (left, right) = if reflected {
        (&a[1], &a[0])
    } else {
        (&a[0], &a[1])
    };
    right.payload::<SetBody>()?;
    Some((left, left.payload::<SetBody>()?, right))
}

fn union(m: Machine, a: Vec<Value>, reflected: bool) -> Running {
    Box::pin(async move {
        let Some((left, body, right)) = operands(&a, reflected) else {
            return Ok(Value::NotImplemented);
        };
        let result = body.copy();
        if !left.is(right) {
            result.update(&m, right).await?;
        }
        Ok(result.into_value(&base(&m, left)))
    })
}

fn intersection(m: Machine, a: Vec<Value>, reflected: bool) -> Running {
    Box::pin(async move {
        let Some((left, body, right)) = operands(&a, reflected) else {
            return Ok(Value::NotImplemented);
        };
        let result = body.intersection(&m, right).await?;
        Ok(result.into_value(&base(&m, left)))
    })
}

fn difference(m: Machine, a: Vec<Value>, reflected: bool) -> Running {
    Box::pin(async move {
        let Some((left, body, right)) = operands(&a, reflected) else {
            return Ok(Value::NotImplemented);
        };
        let result = body.difference(&m, right).await?;
        Ok(result.into_value(&base(&m, left)))
    })
}

fn symmetric(m: Machine, a: Vec<Value>, reflected: bool) -> Running {
    Box::pin(async move {
        match operands(&a, reflected) {
            Some((left, _, right)) => exclusive(&m, left, right).await,
            None => Ok(Value::NotImplemented),
        }
    })
}

/// The items that are in only one: the other's copy, from which and to which the own items go.
async fn exclusive(m: &Machine, left: &Value, right: &Value) -> Outcome {
    let result = SetBody::from_iterable(m, right).await?;
    result.symmetric_difference_update(m, left).await?;
    Ok(result.into_value(&base(m, left)))
}

async fn intersection_of_all(m: &Machine, body: &SetBody, a: &[Value]) -> Outcome<SetBody> {
    let [first, rest @ ..] = others(a) else {
        return Ok(body.copy());
    };
    let mut result = body.intersection(m, first).await?;
    for other in rest {
        result = result.intersection(m, other).await?;
    }
    Ok(result)
}

fn compared(m: Machine, a: Vec<Value>, comparison: Comparison) -> Running {
    Box::pin(async move {
        let (Some(x), Some(y)) = (a[0].payload::<SetBody>(), a[1].payload::<SetBody>()) else {
            return Ok(Value::NotImplemented);
        };
        let (shorter, longer) = (x.len() < y.len(), x.len() > y.len());
        let same = !shorter && !longer;
        Ok(Value::Bool(match comparison {
            Comparison::Equal => same && x.is_subset(&m, y).await?,
            Comparison::NotEqual => !(same && x.is_subset(&m, y).await?),
            Comparison::Less => shorter && x.is_subset(&m, y).await?,
            Comparison::LessEqual => x.is_subset(&m, y).await?,
            Comparison::Greater => longer && y.is_subset(&m, x).await?,
            _ => y.is_subset(&m, x).await?,
        }))
    })
}

fn init(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let body = own(&m, &a, "__init__")?;
        let given = positional(&m, "set", &a, 0, 1)?;
        body.clear();
        if let Some(iterable) = given.first() {
            body.update(&m, iterable).await?;
        }
        Ok(Value::None)
    })
}

fn new_frozen(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let exact = &m.classes().frozenset;
        let class = class_asked(&m, &a[0], exact)?;
        let is_exact = Rc::ptr_eq(class, exact);
        let given = if is_exact {
            positional(&m, "frozenset", &a, 0, 1)?
        } else {
            counted(&m, "frozenset", &a, 0, 1)?
        };
        let body = match given.first() {
            None => SetBody::default(),
            Some(same @ Value::Object(object))
                if is_exact && Rc::ptr_eq(&object.class(), exact) =>
            {
                return Ok(same.clone());
            }
            Some(iterable) => SetBody::from_iterable(&m, iterable).await?,
        };
        Ok(body.into_value(class))
    })
}

/// `repr(set)`
async fn repr(m: &Machine, value: &Value) -> Outcome<String> {
    let body = own(m, std::slice::from_ref(value), "__repr__")?;
    let name = m.type_name(value);
    let name = name.as_str();
    let Some(_showing) = Showing::enter(m, value) else {
        return Ok(format!("{name}(...)"));
    };
    let items = body.items();
    if items.is_empty() {
        return Ok(format!("{name}()"));
    }
    let mut parts = Vec::with_capacity(items.len());
    for item in &items {
        parts.push(m.repr(item).await?);
    }
    let text = parts.join(", ");
    Ok(if Rc::ptr_eq(&m.type_of(value), &m.classes().set) {
        format!("{{{text}}}")
    } else {
        format!("{name}({{{text}}})")
    })
}
