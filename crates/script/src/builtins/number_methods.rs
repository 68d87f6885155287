//! The special methods that all numbers have: operators and comparisons as methods, which subclasses inherit and call.

use std::rc::Rc;

use super::arithmetic::{Number, numbers, order, unary_number};
use crate::code::{Comparison, Operator, UnaryOperator};
use crate::machine::{ClassBuilder, Machine, Outcome};
use crate::value::{Class, Value};

/// Of which type the other operand may be: an `int` knows no `float`.
fn rank(number: &Number) -> u8 {
    match number {
        Number::Small(_) | Number::Big(_) => 0,
        Number::Float(_) => 1,
        Number::Complex(..) => 2,
    }
}

fn operands(a: &[Value]) -> Option<(Number, Number)> {
    let (own, other) = (Number::of(&a[0])?, Number::of(&a[1])?);
    (rank(&other) <= rank(&own)).then_some((own, other))
}

fn plain(m: &Machine, a: &[Value], operator: Operator) -> Outcome {
    let Some((own, other)) = operands(a) else {
        return Ok(Value::NotImplemented);
    };
    numbers(m, operator, &own, &other).unwrap_or(Ok(Value::NotImplemented))
}

fn reflected(m: &Machine, a: &[Value], operator: Operator) -> Outcome {
    let Some((own, other)) = operands(a) else {
        return Ok(Value::NotImplemented);
    };
    numbers(m, operator, &other, &own).unwrap_or(Ok(Value::NotImplemented))
}

fn unary(m: &Machine, a: &[Value], operator: UnaryOperator) -> Outcome {
    match Number::of(&a[0]).and_then(|number| unary_number(m, operator, &number)) {
        Some(outcome) => outcome,
        None => Ok(Value::NotImplemented),
    }
}

fn compared(a: &[Value], comparison: Comparison) -> Outcome {
    let Some((own, other)) = operands(a) else {
        return Ok(Value::NotImplemented);
    };
    if let (Number::Complex(x, y), other) = (&own, &other) {
        let (u, v) = match other {
            Number::Complex(u, v) => (*u, *v),
            Number::Float(u) => (*u, 0.0),
            whole => {
                let equal = *y == 0.0
                    && order(whole, &Number::Float(*x)) == Some(Some(std::cmp::Ordering::Equal));
                return Ok(match comparison {
                    Comparison::Equal => Value::Bool(equal),
                    Comparison::NotEqual => Value::Bool(!equal),
                    _ => Value::NotImplemented,
                });
            }
        };
        let equal = *x == u && *y == v;
        return Ok(match comparison {
            Comparison::Equal => Value::Bool(equal),
            Comparison::NotEqual => Value::Bool(!equal),
            _ => Value::NotImplemented,
        });
    }
    let answer = order(&own, &other).and_then(|found| crate::machine::order(comparison, found));
    Ok(answer.map_or(Value::NotImplemented, Value::Bool))
}

/// Adds the operators of all numbers.
pub fn fill(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .method("__add__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Add)
        })
        .method("__radd__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Add)
        })
        .method("__sub__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Subtract)
        })
        .method("__rsub__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Subtract)
        })
        .method("__mul__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Multiply)
        })
        .method("__rmul__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Multiply)
        })
        .method("__truediv__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Divide)
        })
        .method("__rtruediv__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Divide)
        })
        .method("__pow__(self, value, mod=None, /)", "", |m, a| {
            match a.get(2) {
                Some(modulus) if !modulus.is_unbound() && !modulus.is_none() => {
                    super::int::power_modulo(m, &a[0], &a[1], modulus)
                }
                _ => plain(m, a, Operator::Power),
            }
        })
        .method("__rpow__(self, value, mod=None, /)", "", |m, a| {
            reflected(m, a, Operator::Power)
        })
        .method("__neg__(self, /)", "", |m, a| {
            unary(m, a, UnaryOperator::Negative)
        })
        .method("__pos__(self, /)", "", |m, a| {
            unary(m, a, UnaryOperator::Positive)
        })
        .method("__eq__(self, value, /)", "", |_, a| {
            compared(a, Comparison::Equal)
        })
        .method("__ne__(self, value, /)", "", |_, a| {
            compared(a, Comparison::NotEqual)
        })
        .method("__lt__(self, value, /)", "", |_, a| {
            compared(a, Comparison::Less)
        })
        .method("__le__(self, value, /)", "", |_, a| {
            compared(a, Comparison::LessEqual)
        })
        .method("__gt__(self, value, /)", "", |_, a| {
            compared(a, Comparison::Greater)
        })
        .method("__ge__(self, value, /)", "", |_, a| {
            compared(a, Comparison::GreaterEqual)
        })
        .method("__hash__(self, /)", "", |_, a| {
            Ok(super::hash::as_value(super::hash::of_scalar(a[0].plain())))
        })
        .method("__bool__(self, /)", "", |_, a| {
            Ok(Value::Bool(match Number::of(&a[0]) {
                Some(Number::Small(value)) => value != 0,
                Some(Number::Float(value)) => value != 0.0,
                Some(Number::Complex(x, y)) => x != 0.0 || y != 0.0,
                _ => true,
            }))
        });
}

/// Adds the operators of real numbers.
pub fn fill_real(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .method("__floordiv__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::FloorDivide)
        })
        .method("__rfloordiv__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::FloorDivide)
        })
        .method("__mod__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Modulo)
        })
        .method("__rmod__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Modulo)
        })
        .method("__divmod__(self, value, /)", "", |m, a| {
            let Some((own, other)) = operands(a) else {
                return Ok(Value::NotImplemented);
            };
            divmod(m, &own, &other)
        })
        .method("__rdivmod__(self, value, /)", "", |m, a| {
            let Some((own, other)) = operands(a) else {
                return Ok(Value::NotImplemented);
            };
            divmod(m, &other, &own)
        })
        .method("__float__(self, /)", "", |m, a| {
            m.to_f64(&a[0]).map(Value::Float)
        });
}

/// `divmod(a, b)`
///
/// # Errors
/// ZeroDivisionError, OverflowError.
pub fn divmod(m: &Machine, a: &Number, b: &Number) -> Outcome {
    if matches!((a, b), (Number::Complex(..), _) | (_, Number::Complex(..))) {
        return Ok(Value::NotImplemented);
    }
    if matches!((a, b), (Number::Float(_), _) | (_, Number::Float(_))) {
        let (a, b) = (a.float(m)?, b.float(m)?);
        if b == 0.0 {
            return Err(m.raise(crate::machine::Kind::ZeroDivisionError, "float divmod()"));
        }
        let (quotient, rest) = super::arithmetic::float_divmod(a, b);
        return Ok(Value::tuple(vec![
            Value::Float(quotient),
            Value::Float(rest),
        ]));
    }
    let part = |operator| numbers(m, operator, a, b).unwrap_or(Ok(Value::NotImplemented));
    let quotient = part(Operator::FloorDivide)?;
    Ok(Value::tuple(vec![quotient, part(Operator::Modulo)?]))
}

/// Adds the operators of integers.
pub fn fill_integer(m: &Machine, class: &Rc<Class>) {
    let _ = ClassBuilder::extend(m, class)
        .method("__and__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::And)
        })
        .method("__rand__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::And)
        })
        .method("__or__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Or)
        })
        .method("__ror__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Or)
        })
        .method("__xor__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::Xor)
        })
        .method("__rxor__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::Xor)
        })
        .method("__lshift__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::LeftShift)
        })
        .method("__rlshift__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::LeftShift)
        })
        .method("__rshift__(self, value, /)", "", |m, a| {
            plain(m, a, Operator::RightShift)
        })
        .method("__rrshift__(self, value, /)", "", |m, a| {
            reflected(m, a, Operator::RightShift)
        })
        .method("__invert__(self, /)", "", |m, a| {
            unary(m, a, UnaryOperator::Invert)
        });
}
