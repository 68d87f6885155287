//! Arithmetic: sums, differences, products, quotients and powers, element by element.

use super::argument::Arguments;
use super::methods::methods;
use super::operands::{OTHER, common_dtype, dtype_with, pairs, ranked};
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::{Saved, Saves};
use crate::error::{Error, Result};
use crate::tensor::kernels::{self, Primitive};
use crate::tensor::layout::broadcast_sizes;
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::tensor::Scalar;
use kindling_protocol::ValueKind;

const ALPHA: Parameter = Parameter {
    name: "alpha",
    kind: ValueKind::Scalar,
    default: Some("1"),
};

struct Binary {
    float: fn(Primitive, Primitive) -> Primitive,
    int: fn(Primitive, Primitive) -> Primitive,
    float_scalar: fn(Primitive, Scalar) -> Primitive,
    int_scalar: fn(Primitive, Scalar) -> Primitive,
    /// Whole numbers are divided as floats.
    as_float: bool,
}

impl Binary {
    fn dtype(&self, found: DType, op: &'static str) -> Result<DType> {
        match found {
            DType::Int64 if self.as_float => Ok(DType::Float32),
            DType::Bool if self.as_float => Ok(DType::Float32),
            DType::Bool => Err(Error::DType { op, dtype: "Bool" }),
            other => Ok(other),
        }
    }

    fn compute(&self, op: &'static str, a: &Tensor, other: &Argument) -> Result<Tensor> {
        if let Argument::Tensor(b) = other {
            let dtype = self.dtype(common_dtype(a, b), op)?;
            let sizes = broadcast_sizes(a.sizes(), b.sizes())?;
            let (x, y) = (ranked(a, dtype, sizes.len()), ranked(b, dtype, sizes.len()));
            let p = if dtype.is_floating_point() {
                (self.float)(x, y)
            } else {
                (self.int)(x, y)
            };
            return Ok(Tensor::from_primitive(p, dtype, a.device(), sizes));
        }
        let Some(number) = other.scalar() else {
            let message = "argument 'other' (position 2) must be Tensor or Number".into();
            return Err(Error::Argument { op, message });
        };
        let dtype = self.dtype(dtype_with(a, other), op)?;
        let x = kernels::cast(a.primitive(), a.dtype(), dtype, a.device());
        let p = if dtype.is_floating_point() {
            (self.float_scalar)(x, number.into())
        } else {
            (self.int_scalar)(x, (number as i64).into())
        };
        Ok(Tensor::from_primitive(
            p,
            dtype,
            a.device(),
            a.sizes().to_vec(),
        ))
    }
}

fn with_alpha(other: &Argument, alpha: f64) -> Result<Argument> {
    if alpha == 1.0 {
        return Ok(other.clone());
    }
    Ok(match other {
        Argument::Tensor(t) => Argument::Tensor(t.mul(alpha)?),
        number => Argument::Scalar(number.scalar().unwrap_or(0.0) * alpha),
    })
}

const ADDITION: Binary = Binary {
    float: Dispatch::float_add,
    int: Dispatch::int_add,
    float_scalar: Dispatch::float_add_scalar,
    int_scalar: Dispatch::int_add_scalar,
    as_float: false,
};
const SUBTRACTION: Binary = Binary {
    float: Dispatch::float_sub,
    int: Dispatch::int_sub,
    float_scalar: Dispatch::float_sub_scalar,
    int_scalar: Dispatch::int_sub_scalar,
    as_float: false,
};
const MULTIPLICATION: Binary = Binary {
    float: Dispatch::float_mul,
    int: Dispatch::int_mul,
    float_scalar: Dispatch::float_mul_scalar,
    int_scalar: Dispatch::int_mul_scalar,
    as_float: false,
};
const DIVISION: Binary = Binary {
    float: Dispatch::float_div,
    int: Dispatch::int_div,
    float_scalar: Dispatch::float_div_scalar,
    int_scalar: Dispatch::int_div_scalar,
    as_float: true,
};

pub(super) static ADD: Operation = Operation {
    name: "add",
    category: "pointwise",
    doc: "Adds other, scaled by alpha, to input.",
    parameters: &[OTHER, ALPHA],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "add", list: a };
        let other = with_alpha(&a.list[1], a.scalar_or(2, 1.0))?;
        Ok(ADDITION.compute("add", a.tensor(0)?, &other)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "AddBackward0",
        symbols: "∂L/∂a = g,  ∂L/∂b = alpha · g",
        words: "A sum hands the gradient on unchanged to both.",
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().clone()), scaled(s, 1.0)?]),
    }),
    samples: |s| {
        let mut all = pairs(s)?;
        all.push(vec![
            s.signed(&[3])?,
            s.signed(&[2, 3])?,
            Argument::Scalar(2.5),
        ]);
        Ok(all)
    },
};

fn scaled(s: &Saved<'_>, sign: f64) -> Result<Option<Tensor>> {
    let factor = sign * s.argument(2).scalar().unwrap_or(1.0);
    Ok(match s.needs(1) {
        false => None,
        true if factor == 1.0 => Some(s.grad().clone()),
        true => Some(s.grad().mul(factor)?),
    })
}

pub(super) static SUB: Operation = Operation {
    name: "sub",
    category: "pointwise",
    doc: "Subtracts other, scaled by alpha, from input.",
    parameters: &[OTHER, ALPHA],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "sub", list: a };
        let other = with_alpha(&a.list[1], a.scalar_or(2, 1.0))?;
        Ok(SUBTRACTION.compute("sub", a.tensor(0)?, &other)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "SubBackward0",
        symbols: "∂L/∂a = g,  ∂L/∂b = −alpha · g",
        words: "A difference hands the gradient on unchanged to the first and with its sign turned to the second.",
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().clone()), scaled(s, -1.0)?]),
    }),
    samples: pairs,
};

/// `number - tensor`: PyTorch's node is the same.
pub(super) static RSUB: Operation = Operation {
    name: "rsub",
    category: "pointwise",
    doc: "Subtracts input from other.",
    parameters: &[Parameter {
        name: "other",
        kind: ValueKind::Scalar,
        default: None,
    }],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "rsub",
            list: a,
        };
        let (x, number) = (a.tensor(0)?, a.scalar(1)?);
        let negated = MULTIPLICATION.compute("rsub", x, &Argument::Int(-1))?;
        let number = if number.fract() == 0.0 {
            Argument::Int(number as i64)
        } else {
            Argument::Scalar(number)
        };
        Ok(ADDITION.compute("rsub", &negated, &number)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "RsubBackward1",
        symbols: "∂L/∂x = −g",
        words: "Taking away from a number turns the gradient's sign.",
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().neg()?)]),
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 3])?, Argument::Scalar(1.0)]]),
};

pub(super) static MUL: Operation = Operation {
    name: "mul",
    category: "pointwise",
    doc: "Multiplies input by other.",
    parameters: &[OTHER],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "mul", list: a };
        Ok(MULTIPLICATION
            .compute("mul", a.tensor(0)?, &a.list[1])?
            .into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "MulBackward0",
        symbols: "∂L/∂a = g · b,  ∂L/∂b = g · a",
        words: "Each factor's gradient is the gradient times the other factor.",
        saves: &[Saves::Input(0), Saves::Input(1)],
        rule: |s| {
            if let Some(number) = s.argument(1).scalar() {
                return Ok(vec![Some(s.grad().mul(number)?)]);
            }
            let by = |needed: bool, other: usize| {
                needed
                    .then(|| s.input(other).and_then(|o| s.grad().mul(&o)))
                    .transpose()
            };
            Ok(vec![by(s.needs(0), 1)?, by(s.needs(1), 0)?])
        },
    }),
    samples: pairs,
};

pub(super) static DIV: Operation = Operation {
    name: "div",
    category: "pointwise",
    doc: "Divides input by other; whole numbers become floats.",
    parameters: &[OTHER],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "div", list: a };
        Ok(DIVISION.compute("div", a.tensor(0)?, &a.list[1])?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "DivBackward0",
        symbols: "∂L/∂a = g / b,  ∂L/∂b = −g · a / b²",
        words: "The dividend's gradient is divided likewise; the divisor's shrinks with its square.",
        saves: &[Saves::Input(0), Saves::Input(1)],
        rule: |s| {
            if let Some(number) = s.argument(1).scalar() {
                return Ok(vec![Some(s.grad().div(number)?)]);
            }
            let b = s.input(1)?;
            let first = s.grad().div(&b)?;
            let second = match s.needs(1) {
                true => Some(first.mul(&s.input(0)?.div(&b)?)?.neg()?),
                false => None,
            };
            Ok(vec![Some(first), second])
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?, s.positive(&[2, 3])?],
            vec![s.signed(&[2, 3])?, s.positive(&[3])?],
            vec![s.signed(&[2, 3])?, Argument::Scalar(4.0)],
        ])
    },
};

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
        if exponent == 2.0 {
            // Exact for whole numbers, and what PyTorch does.
            return Ok(MULTIPLICATION
                .compute("pow", x, &Argument::Tensor(x.detach()))?
                .into());
        }
        let dtype = if x.dtype().is_floating_point() {
            x.dtype()
        } else {
            DType::Float32
        };
        let p = kernels::cast(x.primitive(), x.dtype(), dtype, x.device());
        let p = Dispatch::float_powf_scalar(p, exponent.into());
        let y = Tensor::from_primitive(p, dtype, x.device(), x.sizes().to_vec());
        let whole = x.dtype() == DType::Int64 && matches!(a.list[1], Argument::Int(0..));
        Ok(if whole { y.cast_raw(DType::Int64)? } else { y }.into())
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
    /// `self + other`
    add => ADD(other: impl Into<Argument>);
    /// `self - other`
    sub => SUB(other: impl Into<Argument>);
    /// `number - self`
    rsub => RSUB(number: f64);
    /// `self * other`
    mul => MUL(other: impl Into<Argument>);
    /// `self / other`
    div => DIV(other: impl Into<Argument>);
    /// `self ** exponent`
    pow => POW(exponent: f64);
}
