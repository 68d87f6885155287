//! The methods of generators.

use std::rc::Rc;

use crate::builtins::exception::ExceptionBody;
use crate::machine::{
    ClassBuilder, Generator, Handed, Kind, Machine, Outcome, Raised, Resumption, Running,
};
use crate::value::Value;

/// Adds the methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().generator);
    let _ = ClassBuilder::extend(m, &class)
        .method("__iter__(self)", "The generator itself.", |_, a| {
            Ok(a[0].clone())
        })
        .async_method("__next__(self)", "The next value.", next)
        .async_method(
            "send(self, value, /)",
            "Resumes with a value, which the yield gives.",
            send,
        )
        .async_method(
            "throw(self, type, value=None, traceback=None, /)",
            "Raises where the generator stands.",
            throw,
        )
        .async_method(
            "close(self)",
            "Raises GeneratorExit where the generator stands.",
            close,
        )
        .getter("__name__", "The function's name.", |_, value| {
            Ok(name(value))
        })
        .getter(
            "__qualname__",
            "The function's qualified name.",
            |_, value| Ok(name(value)),
        )
        .method("__repr__(self)", "", |m, a| {
            let name = name(&a[0]);
            let name = m.to_text(&name)?;
            Ok(Value::from(format!(
                "<generator object {} at 0x{:012x}>",
                name.as_str(),
                a[0].identity()
            )))
        })
        .last()
        .finish();
}

fn name(value: &Value) -> Value {
    value
        .payload::<Rc<Generator>>()
        .map_or(Value::None, |generator| {
            Value::Str(Rc::clone(&generator.code.qualified_name))
        })
}

async fn resume(m: &Machine, value: &Value, with: Resumption) -> Outcome {
    let Some(generator) = value.payload::<Rc<Generator>>() else {
        return Err(m.type_error("expected a generator"));
    };
    match m.resume_generator(generator, with).await? {
        Handed::Yielded(value) => Ok(value),
        Handed::Returned(value) => Err(m.stop_iteration((!value.is_none()).then_some(value))),
    }
}

fn next(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move { resume(&m, &a[0], Resumption::Send(Value::None)).await })
}

fn send(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move { resume(&m, &a[0], Resumption::Send(a[1].clone())).await })
}

fn throw(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let exception = match (&a[1], &a[2]) {
            (Value::Class(_), Value::Unbound | Value::None) => a[1].clone(),
            (Value::Class(_), given) if given.payload::<ExceptionBody>().is_some() => given.clone(),
            (Value::Class(_), given) => m.call(&a[1], vec![given.clone()]).await?,
            _ => a[1].clone(),
        };
        let text = format!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            m.type_name(&exception).as_str()
        );
        let exception = m.exception_instance(&exception, &text).await?;
        resume(&m, &a[0], Resumption::Throw(Raised { exception })).await
    })
}

fn close(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let Some(generator) = a[0].payload::<Rc<Generator>>() else {
            return Err(m.type_error("expected a generator"));
        };
        if generator.never_began() {
            generator.end();
            return Ok(Value::None);
        }
        let exit = m.raise_with(Kind::GeneratorExit, Vec::new());
        match m.resume_generator(generator, Resumption::Throw(exit)).await {
            Ok(Handed::Yielded(_)) => Err(m.runtime_error("generator ignored GeneratorExit")),
            Ok(Handed::Returned(_)) => Ok(Value::None),
            Err(raised)
                if m.is_raised(&raised, Kind::GeneratorExit)
                    || m.is_raised(&raised, Kind::StopIteration) =>
            {
                Ok(Value::None)
            }
            Err(raised) => Err(raised),
        }
    })
}
