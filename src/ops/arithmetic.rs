//! Arithmetic: sums, differences, products and quotients, element by element.

use super::argument::Arguments;
use super::methods::methods;
use super::operands::{OTHER, common_dtype, dtype_with, pairs, ranked, whole};
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

pub(super) struct Binary {
    op: &'static str,
    float: fn(Primitive, Primitive) -> Primitive,
    float_scalar: fn(Primitive, Scalar) -> Primitive,
    /// Kernels for whole numbers; where there are none, whole numbers are computed as floats.
    int: Option<Whole>,
    /// What PyTorch says where truth values have no such arithmetic (of two of them, of one); else they are 0 and 1, and the
    /// result is true where it is not 0.
    no_bool: Option<[&'static str; 2]>,
}

#[derive(Clone, Copy)]
struct Whole {
    both: fn(Primitive, Primitive) -> Primitive,
    scalar: fn(Primitive, Scalar) -> Primitive,
}

impl Binary {
    pub(super) fn compute(&self, a: &Tensor, other: &Argument) -> Result<Tensor> {
        let device = a.device();
        let found = match other {
            Argument::Tensor(b) => common_dtype(a, b),
            _ => dtype_with(a, other),
        };
        self.refuse_bool(a, other)?;
        // The type computed in, and the type of the result.
        let (dtype, result) = match (found, self.int) {
            (DType::Float32 | DType::Float64, _) => (found, found),
            (_, None) => (DType::Float32, DType::Float32),
            (_, Some(_)) => (DType::Int64, found),
        };
        let (p, sizes) = match other {
            Argument::Tensor(b) => {
                let sizes = broadcast_sizes(a.sizes(), b.sizes())?;
                let (x, y) = (ranked(a, dtype, sizes.len()), ranked(b, dtype, sizes.len()));
                let p = match self.int {
                    Some(int) if dtype == DType::Int64 => (int.both)(x, y),
                    _ => (self.float)(x, y),
                };
                (p, sizes)
            }
            number => {
                let x = kernels::cast(a.primitive(), a.dtype(), dtype, device);
                let p = match (number, self.int) {
                    (Argument::Int(n), Some(int)) if dtype == DType::Int64 => {
                        (int.scalar)(x, whole(*n, device)?)
                    }
                    _ => (self.float_scalar)(x, self.number(number)?.into()),
                };
                (p, a.sizes().to_vec())
            }
        };
        let p = kernels::cast(p, dtype, result, device);
        Ok(Tensor::from_primitive(p, result, device, sizes))
    }

    fn number(&self, argument: &Argument) -> Result<f64> {
        argument.scalar().ok_or_else(|| Error::Argument {
            op: self.op,
            message: "argument 'other' (position 2) must be Tensor or Number".into(),
        })
    }

    fn refuse_bool(&self, a: &Tensor, other: &Argument) -> Result<()> {
        let Some([of_two, of_one]) = self.no_bool else {
            return Ok(());
        };
        let first = a.dtype() == DType::Bool;
        let second = matches!(other, Argument::Tensor(b) if b.dtype() == DType::Bool);
        match (first, second) {
            (false, false) => Ok(()),
            (true, true) => Err(Error::Value(of_two.into())),
            _ => Err(Error::Value(of_one.into())),
        }
    }
}

/// `other` times `alpha`, where whole numbers stay whole.
fn with_alpha(a: &Tensor, other: &Argument, alpha: Option<&Argument>) -> Result<Argument> {
    let alpha = match alpha {
        None | Some(Argument::None | Argument::Int(1)) => return Ok(other.clone()),
        Some(alpha) => alpha,
    };
    let dtype = match other {
        Argument::Tensor(b) => common_dtype(a, b),
        number => dtype_with(a, number),
    };
    if matches!(alpha, Argument::Scalar(_)) && !dtype.is_floating_point() {
        return Err(Error::Value(
            "For integral input tensors, argument alpha must not be a floating point number."
                .into(),
        ));
    }
    Ok(match (other, alpha) {
        (_, Argument::Scalar(1.0)) => other.clone(),
        (Argument::Tensor(b), _) => {
            let scaled = b
                .to_dtype(dtype.promote(DType::Int64))?
                .mul(alpha.clone())?;
            Argument::Tensor(scaled.to_dtype(dtype)?)
        }
        (Argument::Int(n), Argument::Int(by)) => Argument::Int(n.wrapping_mul(*by)),
        (number, _) => match (number.scalar(), alpha.scalar()) {
            (Some(number), Some(by)) => Argument::Scalar(number * by),
            _ => Argument::None,
        },
    })
}

const ADDITION: Binary = Binary {
    op: "add",
    float: Dispatch::float_add,
    float_scalar: Dispatch::float_add_scalar,
    int: Some(Whole {
        both: Dispatch::int_add,
        scalar: Dispatch::int_add_scalar,
    }),
    no_bool: None,
};
const SUBTRACTION: Binary = Binary {
    op: "sub",
    float: Dispatch::float_sub,
    float_scalar: Dispatch::float_sub_scalar,
    int: Some(Whole {
        both: Dispatch::int_sub,
        scalar: Dispatch::int_sub_scalar,
    }),
    no_bool: Some([
        "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.",
        "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
    ]),
};
pub(super) const MULTIPLICATION: Binary = Binary {
    op: "mul",
    float: Dispatch::float_mul,
    float_scalar: Dispatch::float_mul_scalar,
    int: Some(Whole {
        both: Dispatch::int_mul,
        scalar: Dispatch::int_mul_scalar,
    }),
    no_bool: None,
};
const DIVISION: Binary = Binary {
    op: "div",
    float: Dispatch::float_div,
    float_scalar: Dispatch::float_div_scalar,
    int: None,
    no_bool: None,
};

pub(super) static ADD: Operation = Operation {
    name: "add",
    category: "pointwise",
    doc: "Adds other, scaled by alpha, to input.",
    parameters: &[OTHER, ALPHA],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "add", list: a };
        let x = a.tensor(0)?;
        let other = with_alpha(x, a.given(1)?, a.list.get(2))?;
        Ok(ADDITION.compute(x, &other)?.into())
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
        let x = a.tensor(0)?;
        let other = with_alpha(x, a.given(1)?, a.list.get(2))?;
        Ok(SUBTRACTION.compute(x, &other)?.into())
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
        let x = a.tensor(0)?;
        SUBTRACTION.refuse_bool(x, a.given(1)?)?;
        let negated = MULTIPLICATION.compute(x, &Argument::Int(-1))?;
        Ok(ADDITION.compute(&negated, a.given(1)?)?.into())
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
        Ok(MULTIPLICATION.compute(a.tensor(0)?, a.given(1)?)?.into())
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
        Ok(DIVISION.compute(a.tensor(0)?, a.given(1)?)?.into())
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
}
