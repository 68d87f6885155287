//! Other element types, and the gradients that go back through them.

use super::argument::Arguments;
use super::{Derivative, Gradient, Operation, Reads};
use crate::error::{Error, Result};
use crate::tensor::{DType, Tensor};

/// `tensor.to(dtype)`: no entry of its own for learners, since its argument is a type and not a value.
static TO_DTYPE: Operation = Operation {
    name: "to",
    category: "conversion",
    doc: "The same elements in another type.",
    parameters: &[],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "to", list: a };
        let number = a.int(1)?;
        match usize::try_from(number).ok().and_then(|at| DTYPES.get(at)) {
            Some(dtype) => Ok(a.tensor(0)?.cast_raw(*dtype)?.into()),
            None => Err(Error::Value(format!("to(): {number} is no element type"))),
        }
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ToCopyBackward0",
        symbols: "∂L/∂x = g in x's type",
        words: "The gradient is converted back.",
        saves: &[],
        // The walk converts a gradient to the type of what it belongs to.
        rule: |s| Ok(vec![Some(s.grad().clone())]),
    }),
    samples: |_| Ok(vec![]),
};

/// A type as the table passes it: its place in here.
const DTYPES: [DType; 4] = [DType::Bool, DType::Int64, DType::Float32, DType::Float64];

impl Tensor {
    /// `tensor.to(dtype)`; the same tensor where it already has the type.
    ///
    /// # Errors
    /// The device lacks the type.
    pub fn to_dtype(&self, dtype: DType) -> Result<Self> {
        if dtype == self.dtype() {
            return Ok(self.clone());
        }
        let number = DTYPES.iter().position(|&d| d == dtype).unwrap_or(0) as i64;
        TO_DTYPE.call(vec![self.into(), number.into()])
    }
}
