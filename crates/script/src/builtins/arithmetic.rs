//! Arithmetic of the built-in numbers and joining of texts: what an operator gives where no method need be asked.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};

use super::complex::{self, Complex};
use super::memory_error;
use crate::code::{Operator, UnaryOperator};
use crate::machine::{Kind, Machine, Outcome, Raised};
use crate::value::Value;

/// Bits of a result at most: more would fill memory.
const MOST_BITS: u64 = 1 << 30;

/// A built-in number.
#[derive(Clone, Debug)]
pub enum Number {
    /// `int`, `bool`
    Small(i64),
    /// `int` beyond 64 bits
    Big(Rc<BigInt>),
    /// `float`
    Float(f64),
    /// `complex`
    Complex(f64, f64),
}

impl Number {
    /// The number that a value is, a subclass's as well.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value.plain() {
            Value::Int(value) => Self::Small(*value),
            Value::Bool(value) => Self::Small(i64::from(*value)),
            Value::Big(value) => Self::Big(Rc::clone(value)),
            Value::Float(value) => Self::Float(*value),
            Value::Object(object) => {
                let Complex(real, imaginary) = *object.payload::<Complex>()?;
                Self::Complex(real, imaginary)
            }
            _ => return None,
        })
    }

    /// As an integer of any size.
    #[must_use]
    pub fn big(&self) -> Option<BigInt> {
        match self {
            Self::Small(value) => Some(BigInt::from(*value)),
            Self::Big(value) => Some((**value).clone()),
            _ => None,
        }
    }

    /// As a float, rounded.
    ///
    /// # Errors
    /// OverflowError.
    pub fn float(&self, m: &Machine) -> Outcome<f64> {
        #[expect(clippy::cast_precision_loss, reason = "as float(int) rounds")]
        match self {
            Self::Small(value) => Ok(*value as f64),
            Self::Big(value) => match value.to_f64() {
                Some(value) if value.is_finite() => Ok(value),
                _ => Err(m.overflow_error("int too large to convert to float")),
            },
            Self::Float(value) => Ok(*value),
            Self::Complex(real, _) => Ok(*real),
        }
    }
}

/// `a∘b` of what is built in; `None` where a method must be asked.
pub fn binary(m: &Machine, operator: Operator, a: &Value, b: &Value) -> Option<Outcome> {
    match (a, b) {
        (Value::Str(x), Value::Str(y)) if operator == Operator::Add => {
            let mut text = String::with_capacity(x.as_str().len() + y.as_str().len());
            text.push_str(x);
            text.push_str(y);
            return Some(Ok(Value::from(text)));
        }
        (Value::Bool(x), Value::Bool(y)) => match operator {
            Operator::And => return Some(Ok(Value::Bool(x & y))),
            Operator::Or => return Some(Ok(Value::Bool(x | y))),
            Operator::Xor => return Some(Ok(Value::Bool(x ^ y))),
            _ => {}
        },
        (Value::Object(object), _) | (_, Value::Object(object)) => {
            // A complex number is an object of ours; a subclass of a number has methods that may be a script's.
            object.payload::<Complex>()?;
            if object.base().is_some() {
                return None;
            }
        }
        _ => {}
    }
    if matches!(a, Value::Object(object) if object.base().is_some())
        || matches!(b, Value::Object(object) if object.base().is_some())
    {
        return None;
    }
    numbers(m, operator, &Number::of(a)?, &Number::of(b)?)
}

/// `a∘b` of two numbers; `None` where numbers have no such operator.
pub fn numbers(m: &Machine, operator: Operator, a: &Number, b: &Number) -> Option<Outcome> {
    match (a, b) {
        (Number::Complex(..), _) | (_, Number::Complex(..)) => complexes(m, operator, a, b),
        (Number::Float(x), Number::Float(y)) => floats(m, operator, *x, *y),
        (Number::Float(_), _) | (_, Number::Float(_)) => {
            if !is_real(operator) {
                return None;
            }
            match (a.float(m), b.float(m)) {
                (Ok(x), Ok(y)) => floats(m, operator, x, y),
                (Err(raised), _) | (_, Err(raised)) => Some(Err(raised)),
            }
        }
        (Number::Small(x), Number::Small(y)) => smalls(m, operator, *x, *y),
        _ => bigs(m, operator, &a.big()?, &b.big()?),
    }
}

fn is_real(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::FloorDivide
            | Operator::Modulo
            | Operator::Power
    )
}

fn zero(m: &Machine, text: &str) -> Raised {
    m.raise(Kind::ZeroDivisionError, text)
}

fn smalls(m: &Machine, operator: Operator, a: i64, b: i64) -> Option<Outcome> {
    let quick = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::And => Some(a & b),
        Operator::Or => Some(a | b),
        Operator::Xor => Some(a ^ b),
        Operator::FloorDivide if b != 0 => a.checked_div_euclid(b).map(|_| a.div_floor(&b)),
        Operator::Modulo if b != 0 => a.checked_rem_euclid(b).map(|_| a.mod_floor(&b)),
        Operator::Power => u32::try_from(b).ok().and_then(|power| a.checked_pow(power)),
        Operator::RightShift if b >= 0 => Some(a >> u32::try_from(b).unwrap_or(u32::MAX).min(63)),
        Operator::LeftShift if (0..63).contains(&b) => {
            let shifted = a << b;
            (shifted >> b == a).then_some(shifted)
        }
        Operator::Divide => {
            const EXACT: u64 = 1 << 53;
            #[expect(clippy::cast_precision_loss, reason = "both are exact in a float")]
            if b != 0 && a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
                return Some(Ok(Value::Float(a as f64 / b as f64)));
            }
            None
        }
        _ => None,
    };
    match quick {
        Some(value) => Some(Ok(Value::Int(value))),
        None => bigs(m, operator, &a.into(), &b.into()),
    }
}

fn bigs(m: &Machine, operator: Operator, a: &BigInt, b: &BigInt) -> Option<Outcome> {
    let value = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => {
            if a.bits() + b.bits() > MOST_BITS {
                return Some(Err(memory_error(m)));
            }
            a * b
        }
        Operator::FloorDivide if b.is_zero() => {
            return Some(Err(zero(m, "integer division or modulo by zero")));
        }
        Operator::FloorDivide => a.div_floor(b),
        Operator::Modulo if b.is_zero() => return Some(Err(zero(m, "integer modulo by zero"))),
        Operator::Modulo => a.mod_floor(b),
        Operator::And => a & b,
        Operator::Or => a | b,
        Operator::Xor => a ^ b,
        Operator::Divide => return Some(true_divide(m, a, b).map(Value::Float)),
        Operator::LeftShift | Operator::RightShift if b.is_negative() => {
            return Some(Err(m.value_error("negative shift count")));
        }
        Operator::LeftShift => match b.to_u64() {
            _ if a.is_zero() => BigInt::zero(),
            Some(by) if by + a.bits() <= MOST_BITS => a << by,
            _ => return Some(Err(memory_error(m))),
        },
        Operator::RightShift => match b.to_u64() {
            Some(by) => a >> by,
            None if a.is_negative() => BigInt::from(-1),
            None => BigInt::zero(),
        },
        Operator::Power => return Some(power(m, a, b)),
        Operator::MatrixMultiply => return None,
    };
    Some(Ok(Value::integer(value)))
}

fn power(m: &Machine, a: &BigInt, b: &BigInt) -> Outcome {
    if b.is_negative() {
        let (a, b) = (
            Number::Big(Rc::new(a.clone())).float(m)?,
            Number::Big(Rc::new(b.clone())).float(m)?,
        );
        return match floats(m, Operator::Power, a, b) {
            Some(outcome) => outcome,
            None => Ok(Value::NotImplemented),
        };
    }
    if a.is_zero() || a.magnitude().bits() == 1 {
        let odd = b.is_odd();
        let one = if b.is_zero() || a.is_positive() || !odd {
            i64::from(b.is_zero() || !a.is_zero())
        } else {
            a.to_i64().unwrap_or(0)
        };
        return Ok(Value::Int(one));
    }
    match b.to_u32() {
        Some(power) if (a.bits() - 1).saturating_mul(u64::from(power)) <= MOST_BITS / 8 => {
            Ok(Value::integer(a.pow(power)))
        }
        _ => Err(memory_error(m)),
    }
}

/// `a / b` of integers, correctly rounded.
///
/// # Errors
/// ZeroDivisionError, OverflowError.
pub fn true_divide(m: &Machine, a: &BigInt, b: &BigInt) -> Outcome<f64> {
    if b.is_zero() {
        return Err(zero(m, "division by zero"));
    }
    if a.is_zero() {
        return Ok(0.0);
    }
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    let (x, y) = (a.magnitude(), b.magnitude());
    // A quotient of at least 66 bits, its last one standing for everything below: it rounds as the exact one would.
    let shift = 66 + i64::try_from(y.bits()).unwrap_or(i64::MAX / 4)
        - i64::try_from(x.bits()).unwrap_or(i64::MAX / 4);
    let by = shift.unsigned_abs();
    let (x, y) = if shift > 0 {
        (x << by, y.clone())
    } else {
        (x.clone(), y << by)
    };
    let (quotient, rest) = x.div_rem(&y);
    let quotient = quotient.to_u128().unwrap_or(u128::MAX) | u128::from(!rest.is_zero());
    #[expect(clippy::cast_precision_loss, reason = "this is where it is rounded")]
    let value = scaled(quotient as f64, -shift);
    if value.is_infinite() {
        return Err(m.overflow_error("integer division result too large for a float"));
    }
    Ok(if negative { -value } else { value })
}

/// A float times a power of two.
#[must_use]
pub fn scaled(value: f64, power: i64) -> f64 {
    let mut value = value;
    let mut power = power.clamp(-4000, 4000);
    while power != 0 {
        let step = power.clamp(-1000, 1000);
        value *= 2.0_f64.powi(i32::try_from(step).unwrap_or(0));
        power -= step;
    }
    value
}

/// Floor division and remainder of floats as CPython finds them; `b` is not 0.
#[must_use]
pub fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        0.0_f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    };
    (floor, rest)
}

fn floats(m: &Machine, operator: Operator, a: f64, b: f64) -> Option<Outcome> {
    Some(Ok(Value::Float(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide if b == 0.0 => return Some(Err(zero(m, "float division by zero"))),
        Operator::Divide => a / b,
        Operator::FloorDivide if b == 0.0 => {
            return Some(Err(zero(m, "float floor division by zero")));
        }
        Operator::FloorDivide => float_divmod(a, b).0,
        Operator::Modulo if b == 0.0 => return Some(Err(zero(m, "float modulo"))),
        Operator::Modulo => float_divmod(a, b).1,
        Operator::Power => return Some(float_power(m, a, b)),
        _ => return None,
    })))
}

fn float_power(m: &Machine, a: f64, b: f64) -> Outcome {
    if a == 0.0 && b < 0.0 {
        return Err(zero(m, "0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return match complex::power((a, 0.0), (b, 0.0)) {
            Some((real, imaginary)) => Ok(m.new_complex(real, imaginary)),
            None => Err(zero(m, "0.0 to a negative or complex power")),
        };
    }
    let value = a.powf(b);
    if value.is_infinite() && a.is_finite() && b.is_finite() {
        let arguments = vec![Value::Int(34), Value::text("Numerical result out of range")];
        return Err(m.raise_with(Kind::OverflowError, arguments));
    }
    Ok(Value::Float(value))
}

fn complexes(m: &Machine, operator: Operator, a: &Number, b: &Number) -> Option<Outcome> {
    if !matches!(
        operator,
        Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Power
    ) {
        return None;
    }
    let parts = |number: &Number| match number {
        Number::Complex(real, imaginary) => Ok((*real, *imaginary)),
        other => other.float(m).map(|real| (real, 0.0)),
    };
    let ((a, ai), (b, bi)) = match (parts(a), parts(b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(raised), _) | (_, Err(raised)) => return Some(Err(raised)),
    };
    let (real, imaginary) = match operator {
        Operator::Add => (a + b, ai + bi),
        Operator::Subtract => (a - b, ai - bi),
        Operator::Multiply => (a * b - ai * bi, a * bi + ai * b),
        Operator::Divide => match complex::quotient((a, ai), (b, bi)) {
            Some(quotient) => quotient,
            None => return Some(Err(zero(m, "complex division by zero"))),
        },
        _ => match complex::power((a, ai), (b, bi)) {
            Some(power) => power,
            None => return Some(Err(zero(m, "0.0 to a negative or complex power"))),
        },
    };
    Some(Ok(m.new_complex(real, imaginary)))
}

/// `∘a` of a number; `None` where a method must be asked.
pub fn unary(m: &Machine, operator: UnaryOperator, value: &Value) -> Option<Outcome> {
    if matches!(value, Value::Object(object) if object.base().is_some()) {
        return None;
    }
    unary_number(m, operator, &Number::of(value)?)
}

/// `∘a` of a number; `None` where numbers of its kind have no such operator.
pub fn unary_number(m: &Machine, operator: UnaryOperator, value: &Number) -> Option<Outcome> {
    Some(Ok(match (operator, value) {
        (UnaryOperator::Negative, Number::Small(value)) => match value.checked_neg() {
            Some(value) => Value::Int(value),
            None => Value::integer(-BigInt::from(*value)),
        },
        (UnaryOperator::Positive, Number::Small(value)) => Value::Int(*value),
        (UnaryOperator::Invert, Number::Small(value)) => Value::Int(!value),
        (UnaryOperator::Negative, Number::Big(value)) => Value::integer(-(**value).clone()),
        (UnaryOperator::Positive, Number::Big(value)) => Value::Big(Rc::clone(value)),
        (UnaryOperator::Invert, Number::Big(value)) => Value::integer(!(**value).clone()),
        (UnaryOperator::Negative, Number::Float(value)) => Value::Float(-value),
        (UnaryOperator::Positive, Number::Float(value)) => Value::Float(*value),
        (UnaryOperator::Negative, Number::Complex(a, b)) => m.new_complex(-a, -b),
        (UnaryOperator::Positive, Number::Complex(a, b)) => m.new_complex(*a, *b),
        _ => return None,
    }))
}

/// The order of two numbers; the inner `None` is that of a NaN, the outer one says that they are not both real numbers.
#[must_use]
pub fn compare_numbers(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    if matches!(a, Value::Object(_)) || matches!(b, Value::Object(_)) {
        return None;
    }
    order(&Number::of(a)?, &Number::of(b)?)
}

/// The order of two numbers, as above.
#[must_use]
pub fn order(a: &Number, b: &Number) -> Option<Option<Ordering>> {
    Some(match (a, b) {
        (Number::Complex(..), _) | (_, Number::Complex(..)) => return None,
        (Number::Small(a), Number::Small(b)) => Some(a.cmp(b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(b),
        (Number::Float(a), b) => with_float(&b.big()?, *a).map(Ordering::reverse),
        (a, Number::Float(b)) => with_float(&a.big()?, *b),
        (a, b) => Some(a.big()?.cmp(&b.big()?)),
    })
}

/// The order of an integer and a float, exactly.
fn with_float(a: &BigInt, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    let Some(whole) = BigInt::from_f64(b.trunc()) else {
        return Some(if b > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    };
    Some(
        a.cmp(&whole)
            .then_with(|| 0.0_f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal)),
    )
}
