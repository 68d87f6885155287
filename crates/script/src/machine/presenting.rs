//! `repr`, `str` and `format` of any value, and numbers out of values.

use std::pin::Pin;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::{Machine, Outcome};
use crate::text;
use crate::value::{Str, Value};

type Text = Pin<Box<dyn Future<Output = Outcome<String>>>>;

fn ready(text: String) -> Text {
    Box::pin(std::future::ready(Ok(text)))
}

/// `repr` of a scalar.
fn scalar_repr(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "None".to_owned(),
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::NotImplemented => "NotImplemented".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Big(value) => value.to_string(),
        Value::Float(value) => text::float::float_repr(*value),
        Value::Str(value) => text::repr::str_repr(value),
        Value::Bytes(value) => text::repr::bytes_repr(value),
        _ => return None,
    })
}

impl Machine {
    /// `repr(value)`
    ///
    /// # Errors
    /// What `__repr__` raises.
    pub fn repr(&self, value: &Value) -> Text {
        if let Some(text) = scalar_repr(value) {
            return ready(text);
        }
        self.special_text(value, "__repr__")
    }

    /// `str(value)`
    ///
    /// # Errors
    /// What `__str__` raises.
    pub fn str(&self, value: &Value) -> Text {
        if let Value::Str(text) = value {
            return ready(text.as_str().to_owned());
        }
        if let Some(text) = scalar_repr(value) {
            return ready(text);
        }
        self.special_text(value, "__str__")
    }

    fn special_text(&self, value: &Value, name: &'static str) -> Text {
        let (machine, value) = (self.clone(), value.clone());
        Box::pin(async move {
            let method = machine.find_special(&value, name).unwrap_or_default();
            let method = machine.bind_to(&method, &value).await?;
            let found = machine.call(&method, Vec::new()).await?;
            match found.as_str() {
                Some(text) => Ok(text.as_str().to_owned()),
                None => {
                    let text = format!(
                        "{name} returned non-string (type {})",
                        machine.type_name(&found).as_str()
                    );
                    Err(machine.type_error(text))
                }
            }
        })
    }

    /// `format(value, spec)`
    ///
    /// # Errors
    /// ValueError for a spec that does not fit, and what `__format__` raises.
    pub fn format(&self, value: &Value, spec: &str) -> Text {
        if spec.is_empty()
            && let Some(text) = match value {
                Value::Str(text) => Some(text.as_str().to_owned()),
                other => scalar_repr(other),
            }
        {
            return ready(text);
        }
        let (machine, value, spec) = (self.clone(), value.clone(), Value::text(spec));
        Box::pin(async move {
            let method = machine
                .find_special(&value, "__format__")
                .unwrap_or_default();
            let found = machine.call(&method, vec![value, spec]).await?;
            match found.as_str() {
                Some(text) => Ok(text.as_str().to_owned()),
                None => {
                    let text = format!(
                        "__format__ must return a str, not {}",
                        machine.type_name(&found).as_str()
                    );
                    Err(machine.type_error(text))
                }
            }
        })
    }

    /// An `int` that fits 64 bits.
    ///
    /// # Errors
    /// TypeError for anything else than `int` and `bool`, OverflowError.
    pub fn to_i64(&self, value: &Value) -> Outcome<i64> {
        match value.plain() {
            Value::Int(value) => Ok(*value),
            Value::Bool(value) => Ok(i64::from(*value)),
            Value::Big(_) => {
                Err(self.overflow_error("Python int too large to convert to C ssize_t"))
            }
            _ => {
                let text = format!(
                    "'{}' object cannot be interpreted as an integer",
                    self.type_name(value).as_str()
                );
                Err(self.type_error(text))
            }
        }
    }

    /// An `int` of any size.
    ///
    /// # Errors
    /// TypeError for anything else than `int` and `bool`.
    pub fn to_big(&self, value: &Value) -> Outcome<BigInt> {
        match value.plain() {
            Value::Big(value) => Ok((**value).clone()),
            _ => self.to_i64(value).map(BigInt::from),
        }
    }

    /// A number as a `float`.
    ///
    /// # Errors
    /// TypeError for what is no number, OverflowError for an int beyond a float.
    pub fn to_f64(&self, value: &Value) -> Outcome<f64> {
        #[expect(clippy::cast_precision_loss, reason = "as float(int) rounds")]
        match value.plain() {
            Value::Float(value) => Ok(*value),
            Value::Int(value) => Ok(*value as f64),
            Value::Bool(value) => Ok(f64::from(u8::from(*value))),
            Value::Big(value) => match value.to_f64() {
                Some(value) if value.is_finite() => Ok(value),
                _ => Err(self.overflow_error("int too large to convert to float")),
            },
            _ => Err(self.type_error(format!(
                "must be real number, not {}",
                self.type_name(value).as_str()
            ))),
        }
    }

    /// A `str`.
    ///
    /// # Errors
    /// TypeError for anything else.
    pub fn to_text(&self, value: &Value) -> Outcome<Rc<Str>> {
        match value.as_str() {
            Some(text) => Ok(Rc::clone(text)),
            None => Err(self.type_error(format!(
                "expected str, got {}",
                self.type_name(value).as_str()
            ))),
        }
    }
}
