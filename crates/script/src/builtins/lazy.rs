//! `enumerate`, `zip`, `map`, `filter` and `reversed`: iterators over iterators. Those that only walk built-in containers are
//! stepped without a call.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::Zero;

use super::iterators::{self, AsyncSource, Next, Source};
use super::{class_asked, counted, positional};
use crate::machine::{ClassBuilder, Kind, Machine, Outcome, Running};
use crate::value::{Class, Object, Value};

/// Adds the methods.
pub fn fill(m: &Machine) {
    let classes = m.classes();
    let makers = [
        (
            &classes.enumerate,
            "enumerate(cls, *args, **kwargs)",
            enumerate as Maker,
        ),
        (&classes.zip, "zip(cls, *args, **kwargs)", zip),
        (&classes.map, "map(cls, *args, **kwargs)", map),
        (&classes.filter, "filter(cls, *args, **kwargs)", filter),
        (
            &classes.reversed,
            "reversed(cls, *args, **kwargs)",
            reversed,
        ),
    ];
    for (class, signature, maker) in makers {
        let _ = ClassBuilder::extend(m, class)
            .async_constructor(signature, maker)
            .method("__iter__(self, /)", "The iterator itself.", |_, a| {
                Ok(a[0].clone())
            })
            .async_method("__next__(self, /)", "The next value.", iterators::next)
            .finish();
    }
    let _ = ClassBuilder::extend(m, &classes.enumerate)
        .async_class_method(
            "__class_getitem__(cls, item, /)",
            "A type of enumerations of such items.",
            super::generic::subscript_class,
        )
        .finish();
    let _ = ClassBuilder::extend(m, &classes.reversed)
        .method("__length_hint__(self, /)", "", |_, a| {
            let left = a[0].payload::<Source>().and_then(Source::left);
            Ok(left.map_or(Value::NotImplemented, Value::from))
        })
        .finish();
}

type Maker = fn(Machine, Vec<Value>) -> Running;

fn instance<T: 'static>(class: &Rc<Class>, content: T) -> Value {
    Value::Object(Rc::new(Object::with(Rc::clone(class), content)))
}

fn waiting(class: &Rc<Class>, source: Rc<dyn AsyncSource>) -> Value {
    instance(class, source)
}

async fn iterator(m: &Machine, value: &Value) -> Outcome {
    Ok(m.iterate(value).await?.into_value())
}

/// The keyword arguments of a constructor, as pairs.
fn keywords(a: &[Value]) -> Vec<(Value, Value)> {
    match a.get(2) {
        Some(Value::Dict(table)) => table
            .borrow()
            .iter()
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

fn enumerate(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = class_asked(&m, &a[0], &m.classes().enumerate)?;
        let given = a[1].as_tuple().map_or(&[] as &[Value], |items| items);
        let mut slots = [given.first().cloned(), given.get(1).cloned()];
        let named = keywords(&a);
        let count = given.len() + named.len();
        if count > 2 {
            return Err(m.type_error(format!(
                "enumerate() takes at most 2 arguments ({count} given)"
            )));
        }
        for (name, value) in named {
            let name = m.to_text(&name)?;
            let slot = match name.as_str() {
                "iterable" => &mut slots[0],
                "start" => &mut slots[1],
                other => {
                    return Err(m.type_error(format!(
                        "'{other}' is an invalid keyword argument for enumerate()"
                    )));
                }
            };
            *slot = Some(value);
        }
        let [iterable, start] = slots;
        let Some(iterable) = iterable else {
            return Err(m.type_error("enumerate() missing required argument 'iterable'"));
        };
        let start = match start {
            None => BigInt::zero(),
            Some(start) => match start.plain() {
                Value::Big(start) => (**start).clone(),
                _ => m.index(&start).await?.into(),
            },
        };
        let inner = iterator(&m, &iterable).await?;
        if let (Some(_), Ok(start)) = (inner.payload::<Source>(), i64::try_from(&start))
            && start < i64::MAX >> 1
            && class.flags().native
        {
            return Ok(instance(class, Source::Enumerate(inner, Cell::new(start))));
        }
        Ok(waiting(
            class,
            Rc::new(Enumerate {
                inner,
                at: RefCell::new(start),
            }),
        ))
    })
}

struct Enumerate {
    inner: Value,
    at: RefCell<BigInt>,
}

impl AsyncSource for Enumerate {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            let Some(item) = m.next_of(&self.inner).await? else {
                return Ok(None);
            };
            let at = self.at.borrow().clone();
            *self.at.borrow_mut() += 1_i32;
            Ok(Some(Value::tuple(vec![Value::integer(at), item])))
        })
    }
}

fn zip(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = class_asked(&m, &a[0], &m.classes().zip)?;
        let mut strict = false;
        let named = keywords(&a);
        if named.len() > 1 {
            return Err(m.type_error(format!(
                "zip() takes at most 1 keyword argument ({} given)",
                named.len()
            )));
        }
        for (name, value) in named {
            let name = m.to_text(&name)?;
            if name.as_str() != "strict" {
                return Err(m.type_error(format!(
                    "'{}' is an invalid keyword argument for zip()",
                    name.as_str()
                )));
            }
            strict = m.truth(&value).await?;
        }
        let mut inners = Vec::new();
        for iterable in counted(&m, "zip", &a, 0, usize::MAX)? {
            inners.push(iterator(&m, iterable).await?);
        }
        if !strict
            && class.flags().native
            && inners
                .iter()
                .all(|inner| inner.payload::<Source>().is_some())
        {
            return Ok(instance(class, Source::Zip(inners)));
        }
        Ok(waiting(class, Rc::new(Zip { inners, strict })))
    })
}

struct Zip {
    inners: Vec<Value>,
    strict: bool,
}

impl AsyncSource for Zip {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            let mut items = Vec::with_capacity(self.inners.len());
            for (at, inner) in self.inners.iter().enumerate() {
                match m.next_of(inner).await? {
                    Some(item) => items.push(item),
                    None if self.strict && at > 0 => {
                        return Err(uneven(&m, at, "shorter"));
                    }
                    None if self.strict => {
                        for (at, inner) in self.inners.iter().enumerate().skip(1) {
                            if m.next_of(inner).await?.is_some() {
                                return Err(uneven(&m, at, "longer"));
                            }
                        }
                        return Ok(None);
                    }
                    None => return Ok(None),
                }
            }
            Ok((!items.is_empty()).then(|| Value::tuple(items)))
        })
    }
}

fn uneven(m: &Machine, at: usize, how: &str) -> crate::machine::Raised {
    let others = if at == 1 {
        "argument 1".to_owned()
    } else {
        format!("arguments 1-{at}")
    };
    m.value_error(format!("zip() argument {} is {how} than {others}", at + 1))
}

fn map(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = class_asked(&m, &a[0], &m.classes().map)?;
        let given = positional(&m, "map", &a, 0, usize::MAX)?;
        let [function, iterables @ ..] = given else {
            return Err(m.type_error("map() must have at least two arguments."));
        };
        if iterables.is_empty() {
            return Err(m.type_error("map() must have at least two arguments."));
        }
        let mut inners = Vec::with_capacity(iterables.len());
        for iterable in iterables {
            inners.push(iterator(&m, iterable).await?);
        }
        Ok(waiting(
            class,
            Rc::new(Map {
                function: function.clone(),
                inners,
            }),
        ))
    })
}

struct Map {
    function: Value,
    inners: Vec<Value>,
}

impl AsyncSource for Map {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            let mut arguments = Vec::with_capacity(self.inners.len());
            for inner in &self.inners {
                match m.next_of(inner).await? {
                    Some(item) => arguments.push(item),
                    None => return Ok(None),
                }
            }
            m.call(&self.function, arguments).await.map(Some)
        })
    }
}

fn filter(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = class_asked(&m, &a[0], &m.classes().filter)?;
        let given = positional(&m, "filter", &a, 2, 2)?;
        let inner = iterator(&m, &given[1]).await?;
        Ok(waiting(
            class,
            Rc::new(Filter {
                function: given[0].clone(),
                inner,
            }),
        ))
    })
}

struct Filter {
    function: Value,
    inner: Value,
}

impl AsyncSource for Filter {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            // `None` and `bool` ask the item itself.
            let itself = match &self.function {
                Value::None => true,
                Value::Class(class) => Rc::ptr_eq(class, &m.classes().bool),
                _ => false,
            };
            while let Some(item) = m.next_of(&self.inner).await? {
                let said = if itself {
                    item.clone()
                } else {
                    m.call(&self.function, vec![item.clone()]).await?
                };
                if m.truth(&said).await? {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        })
    }
}

fn reversed(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = class_asked(&m, &a[0], &m.classes().reversed)?;
        let given = positional(&m, "reversed", &a, 1, 1)?;
        let value = &given[0];
        let not_reversible = || {
            m.type_error(format!(
                "'{}' object is not reversible",
                m.type_name(value).as_str()
            ))
        };
        match m.find_special(value, "__reversed__") {
            Some(Value::None) => return Err(not_reversible()),
            Some(method) => return m.call(&method, vec![value.clone()]).await,
            None => {}
        }
        match value {
            Value::Tuple(items) => {
                let source = Source::list_reversed(Rc::new(RefCell::new(items.to_vec())));
                return Ok(instance(class, source));
            }
            Value::Str(text) => {
                let letters = text
                    .chars()
                    .map(|letter| Value::text(letter.encode_utf8(&mut [0; 4])))
                    .collect();
                let source = Source::list_reversed(Rc::new(RefCell::new(letters)));
                return Ok(instance(class, source));
            }
            _ => {}
        }
        let is_sequence = m.find_special(value, "__getitem__").is_some()
            && m.find_special(value, "__len__").is_some()
            && value.as_dict().is_none();
        if !is_sequence {
            return Err(not_reversible());
        }
        let length = m.length(value).await?;
        Ok(waiting(
            class,
            Rc::new(Reversed {
                sequence: value.clone(),
                left: Cell::new(length),
            }),
        ))
    })
}

struct Reversed {
    sequence: Value,
    left: Cell<usize>,
}

impl AsyncSource for Reversed {
    fn next(self: Rc<Self>, m: Machine) -> Next {
        Box::pin(async move {
            let Some(at) = self.left.get().checked_sub(1) else {
                return Ok(None);
            };
            self.left.set(at);
            match m.get_item(&self.sequence, &Value::from(at)).await {
                Ok(item) => Ok(Some(item)),
                Err(raised)
                    if m.is_raised(&raised, Kind::IndexError)
                        || m.is_raised(&raised, Kind::StopIteration) =>
                {
                    self.left.set(0);
                    Ok(None)
                }
                Err(raised) => Err(raised),
            }
        })
    }
}
