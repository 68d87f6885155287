//! The classes `int` and `bool`.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::number_methods;
use crate::machine::{ClassBuilder, Machine, Outcome, Running};
use crate::text::integer::{IntegerFault, MOST_DIGITS, parse};
use crate::text::spec::Spec;
use crate::value::Value;

fn own(m: &Machine, value: &Value, method: &str) -> Outcome<BigInt> {
    match value.plain() {
        Value::Int(value) => Ok(BigInt::from(*value)),
        Value::Bool(value) => Ok(BigInt::from(i64::from(*value))),
        Value::Big(value) => Ok((**value).clone()),
        _ => Err(super::wrong_receiver(m, "int", method, value)),
    }
}

/// The value as an exact `int`.
fn exact(value: &Value) -> Value {
    match value.plain() {
        Value::Bool(value) => Value::Int(i64::from(*value)),
        other => other.clone(),
    }
}

/// `operator.index(value)`: an `int` of any size.
///
/// # Errors
/// TypeError, and what `__index__` raises.
pub async fn index(m: &Machine, value: &Value) -> Outcome {
    match value.plain() {
        Value::Int(_) | Value::Bool(_) | Value::Big(_) => Ok(exact(value)),
        _ => {
            let Some(method) = m.find_special(value, "__index__") else {
                return Err(m.type_error(format!(
                    "'{}' object cannot be interpreted as an integer",
                    m.type_name(value).as_str()
                )));
            };
            let found = m.call(&method, vec![value.clone()]).await?;
            match found.plain() {
                Value::Int(_) | Value::Bool(_) | Value::Big(_) => Ok(exact(&found)),
                _ => Err(m.type_error(format!(
                    "__index__ returned non-int (type {})",
                    m.type_name(&found).as_str()
                ))),
            }
        }
    }
}

/// `int(text, base)`
async fn from_text(m: &Machine, given: &Value, text: &str, base: u32) -> Outcome {
    match parse(text, base) {
        Ok(value) => Ok(Value::integer(value)),
        Err(IntegerFault::TooLong(digits)) => Err(m.value_error(format!(
            "Exceeds the limit ({MOST_DIGITS} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
        ))),
        Err(IntegerFault::Invalid) => {
            let shown = m.repr(given).await?;
            Err(m.value_error(format!(
                "invalid literal for int() with base {base}: {shown}"
            )))
        }
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value.plain() {
        Value::Str(text) => Some(text.as_str().to_owned()),
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

fn new(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let class = Rc::clone(&m.classes().int);
        super::class_asked(&m, &a[0], &class)?;
        let given = a.get(1).filter(|value| !value.is_unbound());
        let base = a.get(2).filter(|value| !value.is_unbound());
        let value = match (given, base) {
            (None, None) => Value::Int(0),
            (None, Some(_)) => return Err(m.type_error("int() missing string argument")),
            (Some(given), Some(base)) => {
                let base = m.index(base).await?;
                let base = match u32::try_from(base) {
                    Ok(base @ (0 | 2..=36)) => base,
                    _ => {
                        return Err(m.value_error("int() base must be >= 2 and <= 36, or 0"));
                    }
                };
                match text_of(given) {
                    Some(text) => from_text(&m, given, &text, base).await?,
                    None => {
                        return Err(
                            m.type_error("int() can't convert non-string with explicit base")
                        );
                    }
                }
            }
            (Some(given), None) => converted(&m, given).await?,
        };
        Ok(super::wrap(&a[0], &class, value))
    })
}

async fn converted(m: &Machine, given: &Value) -> Outcome {
    match given {
        Value::Int(_) | Value::Bool(_) | Value::Big(_) => return Ok(exact(given)),
        Value::Float(value) => return super::float::whole(m, value.trunc()),
        _ => {}
    }
    for name in ["__int__", "__index__", "__trunc__"] {
        if let Some(method) = m.find_special(given, name) {
            let found = m.call(&method, vec![given.clone()]).await?;
            return match found.plain() {
                Value::Int(_) | Value::Bool(_) | Value::Big(_) => Ok(exact(&found)),
                _ => Err(m.type_error(format!(
                    "{name} returned non-int (type {})",
                    m.type_name(&found).as_str()
                ))),
            };
        }
    }
    match text_of(given) {
        Some(text) => from_text(m, given, &text, 10).await,
        None => Err(m.type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            m.type_name(given).as_str()
        ))),
    }
}

/// `pow(base, exponent, modulus)`
///
/// # Errors
/// TypeError unless all are integers, ValueError.
pub fn power_modulo(m: &Machine, base: &Value, exponent: &Value, modulus: &Value) -> Outcome {
    let whole = |value: &Value| {
        matches!(
            value.plain(),
            Value::Int(_) | Value::Bool(_) | Value::Big(_)
        )
    };
    if ![base, exponent, modulus].into_iter().all(whole) {
        return Err(
            m.type_error("pow() 3rd argument not allowed unless all arguments are integers")
        );
    }
    let (mut base, mut exponent, modulus) =
        (m.to_big(base)?, m.to_big(exponent)?, m.to_big(modulus)?);
    if modulus.is_zero() {
        return Err(m.value_error("pow() 3rd argument cannot be 0"));
    }
    if exponent.is_negative() {
        let found = base.extended_gcd(&modulus);
        if !found.gcd.abs().is_one() {
            return Err(m.value_error("base is not invertible for the given modulus"));
        }
        base = (found.x * found.gcd.signum()).mod_floor(&modulus);
        exponent = -exponent;
    }
    Ok(Value::integer(
        base.modpow(&exponent, &modulus).mod_floor(&modulus),
    ))
}

/// `round(value, digits)` of an integer: half to even before the point.
fn rounded(value: &BigInt, digits: i64) -> BigInt {
    if digits >= 0 {
        return value.clone();
    }
    let places = u32::try_from(digits.unsigned_abs()).unwrap_or(u32::MAX);
    if u64::from(places) > value.bits() {
        return BigInt::zero();
    }
    let power = BigInt::from(10).pow(places);
    let (quotient, rest) = value.div_mod_floor(&power);
    let twice: BigInt = rest * 2;
    let up = match twice.cmp(&power) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient.is_odd(),
    };
    (if up { quotient + 1 } else { quotient }) * power
}

fn is_little(m: &Machine, order: &Value) -> Outcome<bool> {
    match order {
        Value::Unbound => Ok(false),
        other => match m.to_text(other)?.as_str() {
            "little" => Ok(true),
            "big" => Ok(false),
            _ => Err(m.value_error("byteorder must be either 'little' or 'big'")),
        },
    }
}

fn to_bytes(m: &Machine, a: &[Value]) -> Outcome {
    let value = own(m, &a[0], "to_bytes")?;
    let length = match &a[1] {
        Value::Unbound => 1,
        given => usize::try_from(m.to_i64(given)?)
            .map_err(|_| m.value_error("length argument must be non-negative"))?,
    };
    let little = is_little(m, &a[2])?;
    let signed = matches!(a.get(3), Some(Value::Bool(true)));
    if value.is_negative() && !signed {
        return Err(m.overflow_error("can't convert negative int to unsigned"));
    }
    let mut bytes = if signed {
        value.to_signed_bytes_le()
    } else {
        value.to_bytes_le().1
    };
    if value.is_zero() {
        bytes.clear();
    }
    if bytes.len() > length {
        return Err(m.overflow_error("int too big to convert"));
    }
    bytes.resize(length, if value.is_negative() { 0xff } else { 0 });
    if !little {
        bytes.reverse();
    }
    Ok(Value::Bytes(bytes.into()))
}

fn from_bytes(m: Machine, a: Vec<Value>) -> Running {
    Box::pin(async move {
        let mut bytes = match a[1].plain() {
            Value::Bytes(bytes) => bytes.to_vec(),
            _ => {
                let mut bytes = Vec::new();
                for item in m.collect(&a[1]).await? {
                    let byte = u8::try_from(m.to_i64(&item)?)
                        .map_err(|_| m.value_error("bytes must be in range(0, 256)"))?;
                    bytes.push(byte);
                }
                bytes
            }
        };
        if !is_little(&m, &a[2])? {
            bytes.reverse();
        }
        let value = if matches!(a.get(3), Some(Value::Bool(true))) {
            BigInt::from_signed_bytes_le(&bytes)
        } else {
            BigInt::from_bytes_le(Sign::Plus, &bytes)
        };
        let value = Value::integer(value);
        match &a[0] {
            Value::Class(class) if !std::rc::Rc::ptr_eq(class, &m.classes().int) => {
                m.call(&a[0], vec![value]).await
            }
            _ => Ok(value),
        }
    })
}

/// Gives both classes their methods.
pub fn fill(m: &Machine) {
    let class = Rc::clone(&m.classes().int);
    number_methods::fill(m, &class);
    number_methods::fill_real(m, &class);
    number_methods::fill_integer(m, &class);
    let _ = ClassBuilder::extend(m, &class)
        .async_constructor("int(cls, x=0, /, base=10)", new)
        .method("bit_length(self, /)", "How many bits it takes, without its sign.", |m, a| {
            let bits = own(m, &a[0], "bit_length")?.bits();
            Ok(Value::integer(bits.into()))
        })
        .method("bit_count(self, /)", "How many bits of its magnitude are set.", |m, a| {
            let value = own(m, &a[0], "bit_count")?;
            let ones: u64 = value.magnitude().iter_u64_digits().map(|part| u64::from(part.count_ones())).sum();
            Ok(Value::integer(ones.into()))
        })
        .method(
            "to_bytes(self, /, length=1, byteorder='big', *, signed=False)",
            "Its bytes.",
            to_bytes,
        )
        .async_class_method(
            "from_bytes(cls, /, bytes, byteorder='big', *, signed=False)",
            "The integer of these bytes.",
            from_bytes,
        )
        .method("as_integer_ratio(self, /)", "Itself and 1.", |_, a| {
            Ok(Value::tuple(vec![exact(&a[0]), Value::Int(1)]))
        })
        .method("conjugate(self, /)", "Itself.", |_, a| Ok(exact(&a[0])))
        .getter("real", "Itself.", |_, value| Ok(exact(value)))
        .getter("imag", "0", |_, _| Ok(Value::Int(0)))
        .getter("numerator", "Itself.", |_, value| Ok(exact(value)))
        .getter("denominator", "1", |_, _| Ok(Value::Int(1)))
        .method("__int__(self, /)", "", |_, a| Ok(exact(&a[0])))
        .method("__index__(self, /)", "", |_, a| Ok(exact(&a[0])))
        .method("__trunc__(self, /)", "", |_, a| Ok(exact(&a[0])))
        .method("__floor__(self, /)", "", |_, a| Ok(exact(&a[0])))
        .method("__ceil__(self, /)", "", |_, a| Ok(exact(&a[0])))
        .method("__abs__(self, /)", "", |m, a| {
            Ok(Value::integer(own(m, &a[0], "__abs__")?.abs()))
        })
        .method("__round__(self, ndigits=None, /)", "", |m, a| {
            let value = own(m, &a[0], "__round__")?;
            Ok(match a.get(1) {
                None | Some(Value::Unbound | Value::None) => exact(&a[0]),
                Some(digits) => Value::integer(rounded(&value, m.to_i64(digits)?)),
            })
        })
        .method("__repr__(self, /)", "", |m, a| {
            let value = own(m, &a[0], "__repr__")?;
            // A decimal digit is more than three bits.
            if value.bits() > 3 * MOST_DIGITS as u64 && value.magnitude() >= BigInt::from(10).pow(u32::try_from(MOST_DIGITS).unwrap_or(0)).magnitude() {
                return Err(m.value_error(format!(
                    "Exceeds the limit ({MOST_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
                )));
            }
            Ok(Value::from(value.to_string()))
        })
        .method("__format__(self, format_spec, /)", "", |m, a| {
            let value = own(m, &a[0], "__format__")?;
            let spec = m.to_text(&a[1])?;
            Spec::parse(&spec, "int")
                .and_then(|spec| spec.of_int(&value))
                .map(Value::from)
                .map_err(|error| error.raised(m))
        })
        .method("__sizeof__(self, /)", "", |m, a| {
            let digits = own(m, &a[0], "__sizeof__")?.bits().div_ceil(30).to_i64().unwrap_or(0);
            Ok(Value::Int(24 + 4 * digits))
        })
        .method("__getnewargs__(self, /)", "", |_, a| Ok(Value::tuple(vec![exact(&a[0])])));
    let _ = ClassBuilder::extend(m, &m.classes().bool)
        .async_constructor("bool(cls, x=False, /)", |m, a| {
            Box::pin(async move {
                match a.get(1) {
                    None | Some(Value::Unbound) => Ok(Value::Bool(false)),
                    Some(value) => m.truth(value).await.map(Value::Bool),
                }
            })
        })
        .method("__repr__(self, /)", "", |_, a| {
            Ok(Value::text(if matches!(a[0], Value::Bool(true)) {
                "True"
            } else {
                "False"
            }))
        })
        .method("__and__(self, value, /)", "", |m, a| {
            logical(m, a, crate::code::Operator::And)
        })
        .method("__or__(self, value, /)", "", |m, a| {
            logical(m, a, crate::code::Operator::Or)
        })
        .method("__xor__(self, value, /)", "", |m, a| {
            logical(m, a, crate::code::Operator::Xor)
        });
}

fn logical(m: &Machine, a: &[Value], operator: crate::code::Operator) -> Outcome {
    super::arithmetic::binary(m, operator, &a[0], &a[1]).unwrap_or(Ok(Value::NotImplemented))
}
