//! Operators on values that are not built in: special methods, reflected ones, in-place ones.

use super::{Machine, Outcome, Running};
use crate::builtins::arithmetic;
use crate::code::{Operator, UnaryOperator};
use crate::value::Value;

/// The special methods of an operator: plain, reflected, in place, and its sign.
fn methods(operator: Operator) -> (&'static str, &'static str, &'static str, &'static str) {
    match operator {
        Operator::Add => ("__add__", "__radd__", "__iadd__", "+"),
        Operator::Subtract => ("__sub__", "__rsub__", "__isub__", "-"),
        Operator::Multiply => ("__mul__", "__rmul__", "__imul__", "*"),
        Operator::MatrixMultiply => ("__matmul__", "__rmatmul__", "__imatmul__", "@"),
        Operator::Divide => ("__truediv__", "__rtruediv__", "__itruediv__", "/"),
        Operator::FloorDivide => ("__floordiv__", "__rfloordiv__", "__ifloordiv__", "//"),
        Operator::Modulo => ("__mod__", "__rmod__", "__imod__", "%"),
        Operator::Power => ("__pow__", "__rpow__", "__ipow__", "** or pow()"),
        Operator::LeftShift => ("__lshift__", "__rlshift__", "__ilshift__", "<<"),
        Operator::RightShift => ("__rshift__", "__rrshift__", "__irshift__", ">>"),
        Operator::And => ("__and__", "__rand__", "__iand__", "&"),
        Operator::Or => ("__or__", "__ror__", "__ior__", "|"),
        Operator::Xor => ("__xor__", "__rxor__", "__ixor__", "^"),
    }
}

impl Machine {
    /// `a∘b`
    ///
    /// # Errors
    /// TypeError where neither knows how, and what they raise.
    pub fn binary(&self, operator: Operator, a: &Value, b: &Value) -> Running {
        if let Some(outcome) = arithmetic::binary(self, operator, a, b) {
            return Box::pin(std::future::ready(outcome));
        }
        let (machine, a, b) = (self.clone(), a.clone(), b.clone());
        Box::pin(async move {
            match machine.try_binary(operator, &a, &b).await? {
                Value::NotImplemented => Err(machine.unsupported(methods(operator).3, &a, &b)),
                value => Ok(value),
            }
        })
    }

    /// `a∘=b`
    ///
    /// # Errors
    /// As [`Machine::binary`].
    pub async fn in_place(&self, operator: Operator, a: &Value, b: &Value) -> Outcome {
        let (_, _, name, sign) = methods(operator);
        if let Some(method) = self.find_special(a, name) {
            let value = self.call(&method, vec![a.clone(), b.clone()]).await?;
            if !matches!(value, Value::NotImplemented) {
                return Ok(value);
            }
        }
        if let Some(outcome) = arithmetic::binary(self, operator, a, b) {
            return outcome;
        }
        match self.try_binary(operator, a, b).await? {
            Value::NotImplemented => {
                let sign = if operator == Operator::Power {
                    "**=".to_owned()
                } else {
                    format!("{sign}=")
                };
                Err(self.unsupported(&sign, a, b))
            }
            value => Ok(value),
        }
    }

    /// The value of an operator, or NotImplemented.
    async fn try_binary(&self, operator: Operator, a: &Value, b: &Value) -> Outcome {
        let (plain, reflected, _, _) = methods(operator);
        let (class_a, class_b) = (self.type_of(a), self.type_of(b));
        let left = self.find_in_class(&class_a, &self.name(plain));
        let same = std::rc::Rc::ptr_eq(&class_a, &class_b);
        let right = if same {
            None
        } else {
            self.find_in_class(&class_b, &self.name(reflected))
        };
        // A subclass on the right that has a method of its own goes first.
        let first = !same && class_b.is_subclass_of(&class_a);
        if first
            && let Some(right) = &right
            && !self
                .find_in_class(&class_a, &self.name(reflected))
                .is_some_and(|inherited| inherited.is(right))
        {
            let value = self.call(right, vec![b.clone(), a.clone()]).await?;
            if !matches!(value, Value::NotImplemented) {
                return Ok(value);
            }
            return match left {
                Some(left) => self.call(&left, vec![a.clone(), b.clone()]).await,
                None => Ok(Value::NotImplemented),
            };
        }
        if let Some(left) = left {
            let value = self.call(&left, vec![a.clone(), b.clone()]).await?;
            if !matches!(value, Value::NotImplemented) {
                return Ok(value);
            }
        }
        match right {
            Some(right) => self.call(&right, vec![b.clone(), a.clone()]).await,
            None => Ok(Value::NotImplemented),
        }
    }

    /// "unsupported operand type(s) for +: 'int' and 'str'"
    pub(crate) fn unsupported(&self, sign: &str, a: &Value, b: &Value) -> super::Raised {
        let (a, b) = (self.type_name(a), self.type_name(b));
        self.type_error(format!(
            "unsupported operand type(s) for {sign}: '{}' and '{}'",
            a.as_str(),
            b.as_str()
        ))
    }

    /// `∘a`
    ///
    /// # Errors
    /// TypeError, and what is called raises.
    pub async fn unary(&self, operator: UnaryOperator, value: &Value) -> Outcome {
        let (name, sign) = match operator {
            UnaryOperator::Not => return Ok(Value::Bool(!self.truth(value).await?)),
            UnaryOperator::Negative => ("__neg__", "-"),
            UnaryOperator::Positive => ("__pos__", "+"),
            UnaryOperator::Invert => ("__invert__", "~"),
        };
        if let Some(outcome) = arithmetic::unary(self, operator, value) {
            return outcome;
        }
        match self.find_special(value, name) {
            Some(method) => self.call(&method, vec![value.clone()]).await,
            None => Err(self.type_error(format!(
                "bad operand type for unary {sign}: '{}'",
                self.type_name(value).as_str()
            ))),
        }
    }
}
