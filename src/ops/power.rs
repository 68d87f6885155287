//! Powers, element by element: of floats by Burn's kernel, of whole numbers exactly.

use super::argument::Arguments;
use super::arithmetic::MULTIPLICATION;
use super::methods::methods;
use super::operands::computed_in;
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::Saves;
use crate::error::{Error, Result};
use crate::tensor::{DType, Tensor, kernels};
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use kindling_protocol::ValueKind;

/// From here on Burn 0.22 takes a whole exponent for another one (it counts in 32 bits) or panics (beyond 64 bits, and at
/// infinity), so that it is given as a tensor, which takes one more kernel. Can go when `Scalar::try_as_integer` is mended.
const LARGE: f64 = 2_147_483_648.0;

/// A power of whole numbers by squaring: exact, and around the type's end as in PyTorch. Truth values become 0 and 1.
fn whole_power(x: &Tensor, exponent: i64) -> Result<Tensor> {
    let Ok(mut left) = u64::try_from(exponent) else {
        return Err(Error::Value(
            "Integers to negative integer powers are not allowed.".into(),
        ));
    };
    let mut square = x.cast_raw(DType::Int64)?;
    let mut power = square.full_like(1.0)?;
    while left > 0 {
        if left % 2 == 1 {
            power = MULTIPLICATION.compute(&power, &Argument::Tensor(square.clone()))?;
        }
        left /= 2;
        if left > 0 {
            square = MULTIPLICATION.compute(&square, &Argument::Tensor(square.clone()))?;
        }
    }
    Ok(power)
}

pub(super) static POW: Operation = Operation {
    name: "pow",
    category: "pointwise",
    doc: "Raises input to the power of exponent.",
    parameters: &[Parameter {
        name: "exponent",
        kind: ValueKind::Scalar,
        default: None,
    }],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "pow", list: a };
        let (x, exponent) = (a.tensor(0)?, a.scalar(1)?);
        match (a.given(1)?, x.dtype()) {
            (Argument::Int(n), DType::Int64 | DType::Bool) => return Ok(whole_power(x, *n)?.into()),
            // Exact, and what PyTorch does.
            (_, DType::Float32 | DType::Float64) if exponent == 2.0 => {
                let square = MULTIPLICATION.compute(x, &Argument::Tensor(x.detach()))?;
                return Ok(square.into());
            }
            _ => {}
        }
        let dtype = computed_in(x.dtype());
        let p = kernels::cast(x.primitive(), x.dtype(), dtype, x.device());
        let p = if exponent.abs() < LARGE {
            Dispatch::float_powf_scalar(p, exponent.into())
        } else {
            let exponents = kernels::full(x.sizes(), exponent, dtype, x.device());
            Dispatch::float_powf(p, exponents)
        };
        Ok(Tensor::from_primitive(p, dtype, x.device(), x.sizes().to_vec()).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "PowBackward0",
        symbols: "∂L/∂x = g · n · xⁿ⁻¹",
        words: "The power rule: the exponent comes down and one is taken off it.",
        saves: &[Saves::Input(0)],
        rule: |s| {
            let exponent = s.argument(1).scalar().unwrap_or(1.0);
            if exponent == 0.0 {
                return Ok(vec![Some(s.grad().mul(0.0)?)]);
            }
            let x = s.input(0)?;
            let power = if exponent == 2.0 {
                x
            } else {
                x.pow(exponent - 1.0)?
            };
            Ok(vec![Some(s.grad().mul(&power.mul(exponent)?)?)])
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?, Argument::Int(2)],
            vec![s.signed(&[4])?, Argument::Int(3)],
            vec![s.positive(&[4])?, Argument::Scalar(0.5)],
        ])
    },
};

methods! {
    /// `self ** exponent`
    pow => POW(exponent: f64);
}
