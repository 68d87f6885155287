//! The class `float`.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, One};

use super::number_methods;
use crate::machine::{ClassBuilder, Kind, Machine, Outcome, Running};
use crate::text::float::{fixed, float_repr, from_hex, hex, parse_float};
use crate::text::spec::Spec;
use crate::value::Value;

/// The float inside a value of this class or a subclass.
fn own(m: &Machine, value: &Value, method: &str) -> Outcome<f64> {
    match value.plain() {
        Value::Float(value) => Ok(*value),
        _ => Err(super::wrong_receiver(m, "float", method, value)),
    }
}

/// A number as a float, `__float__` and `__index__` asked; `None` if it is none.
///
/// # Errors
/// What they raise.
pub async fn real(m: &Machine, value: &Value) -> Outcome<Option<f64>> {
    match value.plain() {
        Value::Float(_) | Value::Int(_) | Value::Bool(_) | Value::Big(_) => {
            if !matches!(value, Value::Object(_)) {
                return m.to_f64(value).map(Some);
            }
        }
        Value::Object(_) => {}
        _ => return Ok(None),
    }
    if let Some(method) = m.find_special(value, "__float__") {
        let found = m.call(&method, vec![value.clone()]).await?;
        return match found.plain() {
            Value::Float(found) => Ok(Some(*found)),
            _ => Err(m.type_error(format!(
                "{}.__float__ returned non-float (type {})",
                m.type_name(value).as_str(),
                m.type_name(&found).as_str()
            ))),
        };
    }
    if m.find_special(value, "__index__").is_some() {
        let index = super::int::index(m, value).await?;
        return m.to_f64(&index).map(Some);
    }
    Ok(None)
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let exact = Rc::clone(&m.classes().float);
        super::class_asked(&m, &a[0], &exact)?;
        let value = match a.get(1) {
            None | Some(Value::Unbound) => 0.0,
            Some(given) => {
                let bytes = match given.plain() {
                    Value::Str(text) => Some(text.as_str().to_owned()),
                    Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                    _ => None,
                };
                match bytes {
                    Some(text) => match parse_float(&text) {
                        Some(value) => value,
                        None => {
                            let shown = m.repr(given).await?;
                            return Err(m.value_error(format!(
                                "could not convert string to float: {shown}"
                            )));
                        }
                    },
                    None => match real(&m, given).await? {
                        Some(value) => value,
                        None => {
                            return Err(m.type_error(format!(
                                "float() argument must be a string or a real number, not '{}'",
                                m.type_name(given).as_str()
                            )));
                        }
                    },
                }
            }
        };
        Ok(super::wrap(&a[0], &exact, Value::Float(value)))
    })
}

/// A whole float as an `int`.
///
/// # Errors
/// OverflowError for infinities, ValueError for NaN.
pub fn whole(m: &Machine, value: f64) -> Outcome {
    if value.is_nan() {
        return Err(m.value_error("cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(value) {
        Some(value) => Ok(Value::integer(value)),
        None => Err(m.overflow_error("cannot convert float infinity to integer")),
    }
}

/// To the nearest even whole number.
#[must_use]
pub fn half_even(value: f64) -> f64 {
    value.round_ties_even()
}

/// `round(value, digits)` as CPython: the decimal text that is nearest, read back.
#[must_use]
pub fn rounded(value: f64, digits: i64) -> f64 {
    if !value.is_finite() || value == 0.0 || digits > 323 {
        return value;
    }
    if digits >= 0 {
        let text = fixed(value, usize::try_from(digits).unwrap_or(0));
        return text
            .parse::<f64>()
            .map_or(value, |found| found.copysign(value));
    }
    if digits < -308 {
        return 0.0_f64.copysign(value);
    }
    // Before the point: the whole number's digits, rounded half to even with what lies behind them in mind.
    let power = BigInt::from(10).pow(u32::try_from(-digits).unwrap_or(0));
    let whole = value.abs().trunc();
    let fraction = value.abs() - whole;
    let Some(whole) = BigInt::from_f64(whole) else {
        return value;
    };
    let (mut quotient, rest) = (&whole / &power, &whole % &power);
    let twice: BigInt = rest * 2;
    let up = match twice.cmp(&power) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => fraction > 0.0 || quotient.bit(0),
    };
    if up {
        quotient += BigInt::one();
    }
    let text = (quotient * power).to_string();
    text.parse::<f64>()
        .map_or(value, |found| found.copysign(value))
}

fn ratio(m: &Machine, value: f64) -> Outcome {
    if value.is_nan() {
        return Err(m.value_error("cannot convert NaN to integer ratio"));
    }
    if value.is_infinite() {
        return Err(m.overflow_error("cannot convert Infinity to integer ratio"));
    }
    let mut scaled = value;
    let mut power = 0_u32;
    while scaled.fract() != 0.0 {
        scaled *= 2.0;
        power += 1;
    }
    let top = BigInt::from_f64(scaled).unwrap_or_default();
    Ok(Value::tuple(vec![
        Value::integer(top),
        Value::integer(BigInt::one() << power),
    ]))
}

/// Gives the class its methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().float);
    number_methods::fill(m, &class);
    number_methods::fill_real(m, &class);
    let _ = ClassBuilder::extend(m, &class)
        .async_constructor("float(cls, x=0, /)", new)
        .method(
            "is_integer(self, /)",
            "Whether it is a whole number.",
            |m, a| {
                let value = own(m, &a[0], "is_integer")?;
                Ok(Value::Bool(value.is_finite() && value.fract() == 0.0))
            },
        )
        .method(
            "as_integer_ratio(self, /)",
            "The two integers whose quotient it is.",
            |m, a| ratio(m, own(m, &a[0], "as_integer_ratio")?),
        )
        .method("hex(self, /)", "Its bits in hexadecimal.", |m, a| {
            Ok(Value::from(hex(own(m, &a[0], "hex")?)))
        })
        .class_method(
            "fromhex(cls, string, /)",
            "The float of a hexadecimal text.",
            |m, a| {
                let text = m.to_text(&a[1])?;
                match from_hex(&text) {
                    Some(value) => Ok(Value::Float(value)),
                    None => Err(m.value_error("invalid hexadecimal floating-point string")),
                }
            },
        )
        .method("conjugate(self, /)", "Itself.", |m, a| {
            own(m, &a[0], "conjugate").map(Value::Float)
        })
        .getter("real", "Itself.", |m, value| {
            own(m, value, "real").map(Value::Float)
        })
        .getter("imag", "0.0", |_, _| Ok(Value::Float(0.0)))
        .method("__int__(self, /)", "", |m, a| {
            whole(m, own(m, &a[0], "__int__")?.trunc())
        })
        .method("__trunc__(self, /)", "", |m, a| {
            whole(m, own(m, &a[0], "__trunc__")?.trunc())
        })
        .method("__floor__(self, /)", "", |m, a| {
            whole(m, own(m, &a[0], "__floor__")?.floor())
        })
        .method("__ceil__(self, /)", "", |m, a| {
            whole(m, own(m, &a[0], "__ceil__")?.ceil())
        })
        .method("__abs__(self, /)", "", |m, a| {
            Ok(Value::Float(own(m, &a[0], "__abs__")?.abs()))
        })
        .method("__round__(self, ndigits=None, /)", "", |m, a| {
            let value = own(m, &a[0], "__round__")?;
            match a.get(1) {
                None | Some(Value::Unbound | Value::None) => whole(m, half_even(value)),
                Some(digits) => {
                    let found = rounded(value, m.to_i64(digits)?);
                    if found.is_infinite() && value.is_finite() {
                        return Err(
                            m.raise(Kind::OverflowError, "rounded value too large to represent")
                        );
                    }
                    Ok(Value::Float(found))
                }
            }
        })
        .method("__repr__(self, /)", "", |m, a| {
            Ok(Value::from(float_repr(own(m, &a[0], "__repr__")?)))
        })
        .method("__format__(self, format_spec, /)", "", |m, a| {
            let value = own(m, &a[0], "__format__")?;
            let spec = m.to_text(&a[1])?;
            Spec::parse(&spec, "float")
                .and_then(|spec| spec.of_float(value))
                .map(Value::from)
                .map_err(|error| error.raised(m))
        })
        .method("__getnewargs__(self, /)", "", |m, a| {
            Ok(Value::tuple(vec![Value::Float(own(
                m,
                &a[0],
                "__getnewargs__",
            )?)]))
        });
}
