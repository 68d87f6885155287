//! `complex`: its content, what two of them make, and the class.

use std::rc::Rc;

use super::number_methods;
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::text::float::parse_float;
use crate::text::spec::Spec;
use crate::value::{Object, Payload, Value};

/// Real and imaginary part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex(pub f64, pub f64);

/// `a / b` by Smith's method, as CPython; `None` for a division by zero.
#[must_use]
pub fn quotient((a, ai): (f64, f64), (b, bi): (f64, f64)) -> Option<(f64, f64)> {
    if b.abs() >= bi.abs() {
        if b == 0.0 {
            return None;
        }
        let ratio = bi / b;
        let whole = b + bi * ratio;
        Some(((a + ai * ratio) / whole, (ai - a * ratio) / whole))
    } else if bi.abs() >= b.abs() {
        let ratio = b / bi;
        let whole = b * ratio + bi;
        Some(((a * ratio + ai) / whole, (ai * ratio - a) / whole))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// `a ** b`; `None` for zero to a negative or complex power.
#[must_use]
pub fn power((a, ai): (f64, f64), (b, bi): (f64, f64)) -> Option<(f64, f64)> {
    if b == 0.0 && bi == 0.0 {
        return Some((1.0, 0.0));
    }
    if a == 0.0 && ai == 0.0 {
        return (bi == 0.0 && b > 0.0).then_some((0.0, 0.0));
    }
    if bi == 0.0 && b.fract() == 0.0 && b.abs() <= 100.0 {
        let (real, imaginary) = whole_power((a, ai), b.abs());
        return if b < 0.0 {
            quotient((1.0, 0.0), (real, imaginary))
        } else {
            Some((real, imaginary))
        };
    }
    let size = a.hypot(ai);
    let mut length = size.powf(b);
    let angle = ai.atan2(a);
    let mut phase = angle * b;
    if bi != 0.0 {
        length /= (angle * bi).exp();
        phase += bi * size.ln();
    }
    Some((length * phase.cos(), length * phase.sin()))
}

fn whole_power(base: (f64, f64), times: f64) -> (f64, f64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 100"
    )]
    let times = times as u32;
    let product = |(a, ai): (f64, f64), (b, bi): (f64, f64)| (a * b - ai * bi, a * bi + ai * b);
    let (mut made, mut square, mut mask) = ((1.0, 0.0), base, 1_u32);
    while mask > 0 && times >= mask {
        if times & mask != 0 {
            made = product(made, square);
        }
        mask <<= 1;
        square = product(square, square);
    }
    made
}

impl Machine {
    /// A `complex`.
    #[must_use]
    pub fn new_complex(&self, real: f64, imaginary: f64) -> Value {
        let class = Rc::clone(&self.classes().complex);
        Value::Object(Rc::new(Object::with(class, Complex(real, imaginary))))
    }
}

/// The parts of a value of this class or a subclass.
fn parts(m: &Machine, value: &Value) -> Outcome<Complex> {
    match value.payload::<Complex>() {
        Some(complex) => Ok(*complex),
        None => Err(super::wrong_receiver(m, "complex", "__add__", value)),
    }
}

/// The text of a complex number; `None` if it is none.
fn parse(text: &str) -> Option<Complex> {
    let text = text.trim();
    let text = match text.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')')?.trim(),
        None => text,
    };
    let Some(body) = text.strip_suffix(['j', 'J']) else {
        return parse_float(text)
            .filter(|_| !text.contains(char::is_whitespace))
            .map(|real| Complex(real, 0.0));
    };
    // The sign that begins the imaginary part is the last one that no exponent has.
    let bytes = body.as_bytes();
    let split = (0..bytes.len()).rev().find(|&at| {
        matches!(bytes[at], b'+' | b'-') && (at == 0 || !matches!(bytes[at - 1], b'e' | b'E'))
    });
    let (real, imaginary) = body.split_at(split.unwrap_or(0));
    let imaginary = match imaginary {
        "" | "+" => 1.0,
        "-" => -1.0,
        other => parse_float(other)?,
    };
    let real = if real.is_empty() {
        0.0
    } else {
        parse_float(real)?
    };
    Some(Complex(real, imaginary))
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let complex = m.classes().complex.clone();
        let class = super::class_asked(&m, &a[0], &complex)?;
        let given = |at: usize| a.get(at).filter(|value| !value.is_unbound());
        let value = match (given(1), given(2)) {
            (None, None) => Complex(0.0, 0.0),
            (Some(text), second) if text.as_str().is_some() => {
                if second.is_some() {
                    return Err(
                        m.type_error("complex() can't take second arg if first is a string")
                    );
                }
                let text = m.to_text(text)?;
                parse(&text).ok_or_else(|| m.value_error("complex() arg is a malformed string"))?
            }
            (first, second) => {
                let mut real = Complex(0.0, 0.0);
                if let Some(first) = first {
                    real = part(&m, first, "first").await?;
                }
                let mut imaginary = Complex(0.0, 0.0);
                if let Some(second) = second {
                    if second.as_str().is_some() {
                        return Err(m.type_error("complex() second arg can't be a string"));
                    }
                    imaginary = part(&m, second, "second").await?;
                }
                if second.is_none() {
                    real
                } else {
                    Complex(real.0 - imaginary.1, real.1 + imaginary.0)
                }
            }
        };
        let object = Object::new(Rc::clone(class));
        object.keep(Payload::Native(Box::new(value)));
        Ok(Value::Object(Rc::new(object)))
    })
}

async fn part(m: &Machine, value: &Value, which: &str) -> Outcome<Complex> {
    if let Some(complex) = value.payload::<Complex>() {
        return Ok(*complex);
    }
    if matches!(value, Value::Object(_))
        && let Some(method) = m.find_special(value, "__complex__")
    {
        let found = m.call(&method, vec![value.clone()]).await?;
        return parts(m, &found);
    }
    match super::float::real(m, value).await? {
        Some(real) => Ok(Complex(real, 0.0)),
        None => Err(m.type_error(format!(
            "complex() {which} argument must be a {}number, not '{}'",
            if which == "first" { "string or a " } else { "" },
            m.type_name(value).as_str()
        ))),
    }
}

/// Gives the class its methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().complex);
    number_methods::fill(m, &class);
    let _ = ClassBuilder::extend(m, &class)
        .async_constructor("complex(cls, real=0, imag=0)", new)
        .getter("real", "The real part.", |m, value| {
            Ok(Value::Float(parts(m, value)?.0))
        })
        .getter("imag", "The imaginary part.", |m, value| {
            Ok(Value::Float(parts(m, value)?.1))
        })
        .method(
            "conjugate(self, /)",
            "The number with the sign of its imaginary part turned.",
            |m, a| {
                let Complex(real, imaginary) = parts(m, &a[0])?;
                Ok(m.new_complex(real, -imaginary))
            },
        )
        .method("__abs__(self, /)", "", |m, a| {
            let Complex(real, imaginary) = parts(m, &a[0])?;
            Ok(Value::Float(real.hypot(imaginary)))
        })
        .method("__hash__(self, /)", "", |m, a| {
            let Complex(real, imaginary) = parts(m, &a[0])?;
            let hash = super::hash::of_float(real)
                .wrapping_add(super::hash::of_float(imaginary).wrapping_mul(1_000_003));
            Ok(super::hash::as_value(if hash == u64::MAX {
                u64::MAX - 1
            } else {
                hash
            }))
        })
        .method("__repr__(self, /)", "", |m, a| {
            let Complex(real, imaginary) = parts(m, &a[0])?;
            Spec::parse("", "complex")
                .and_then(|spec| spec.of_complex(real, imaginary))
                .map(Value::from)
                .map_err(|error| error.raised(m))
        })
        .method("__format__(self, format_spec, /)", "", |m, a| {
            let Complex(real, imaginary) = parts(m, &a[0])?;
            let spec = m.to_text(&a[1])?;
            Spec::parse(&spec, "complex")
                .and_then(|spec| spec.of_complex(real, imaginary))
                .map(Value::from)
                .map_err(|error| error.raised(m))
        })
        .method("__complex__(self, /)", "", |_, a| Ok(a[0].clone()))
        .method("__getnewargs__(self, /)", "", |m, a| {
            let Complex(real, imaginary) = parts(m, &a[0])?;
            Ok(Value::tuple(vec![
                Value::Float(real),
                Value::Float(imaginary),
            ]))
        });
}
