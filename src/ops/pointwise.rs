//! Element by element: arithmetic, functions, comparisons.

use super::argument::Arguments;
use super::{Argument, Computed, Derivative, Gradient, Operation, Parameter, Reads, Samples};
use crate::autograd::{Saved, Saves};
use crate::error::{Error, Result};
use crate::tensor::kernels::{self, Primitive};
use crate::tensor::layout::broadcast_sizes;
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::{ActivationOps, FloatTensorOps, IntTensorOps};
use burn::tensor::Scalar;
use kindling_protocol::ValueKind;

const OTHER: Parameter = Parameter {
    name: "other",
    kind: ValueKind::Tensor,
    default: None,
};
const ALPHA: Parameter = Parameter {
    name: "alpha",
    kind: ValueKind::Scalar,
    default: Some("1"),
};

/// The type two operands compute in. A scalar tensor gives way to one with dimensions of the same category, as in PyTorch.
fn common_dtype(a: &Tensor, b: &Tensor) -> DType {
    let category = |d: DType| match d {
        DType::Bool => 0,
        DType::Int64 => 1,
        DType::Float32 | DType::Float64 => 2,
    };
    let (x, y) = (a.dtype(), b.dtype());
    match (a.dim(), b.dim()) {
        (0, 1..) if category(x) <= category(y) => y,
        (1.., 0) if category(y) <= category(x) => x,
        _ => x.promote(y),
    }
}

/// The type of a tensor with a plain number.
fn dtype_with(tensor: &Tensor, number: &Argument) -> DType {
    match number {
        Argument::Scalar(_) if !tensor.dtype().is_floating_point() => DType::Float32,
        Argument::Int(_) => tensor.dtype().promote(DType::Int64),
        _ => tensor.dtype(),
    }
}

/// A primitive with leading dimensions of 1 up to `rank`, for Burn's broadcasting.
fn ranked(tensor: &Tensor, dtype: DType, rank: usize) -> Primitive {
    let p = kernels::cast(tensor.primitive(), tensor.dtype(), dtype, tensor.device());
    let mut sizes = vec![1; rank - tensor.dim()];
    sizes.extend_from_slice(tensor.sizes());
    kernels::reshape(p, dtype, &sizes)
}

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

fn pairs(s: &mut Samples) -> Result<Vec<Vec<Argument>>> {
    Ok(vec![
        vec![s.signed(&[2, 3])?, s.signed(&[2, 3])?],
        vec![s.signed(&[4, 1, 3])?, s.signed(&[2, 1])?],
        vec![s.signed(&[5])?, Argument::Scalar(-1.5)],
    ])
}

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

pub(super) static CLAMP: Operation = Operation {
    name: "clamp",
    category: "pointwise",
    doc: "Keeps elements between min and max.",
    parameters: &[
        Parameter {
            name: "min",
            kind: ValueKind::Scalar,
            default: Some("None"),
        },
        Parameter {
            name: "max",
            kind: ValueKind::Scalar,
            default: Some("None"),
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "clamp",
            list: a,
        };
        let x = a.tensor(0)?;
        let bound = |at: usize| a.list.get(at).and_then(Argument::scalar);
        let dtype = if x.dtype().is_floating_point() {
            x.dtype()
        } else {
            DType::Float32
        };
        let mut p = kernels::cast(x.primitive(), x.dtype(), dtype, x.device());
        if bound(1).is_none() && bound(2).is_none() {
            let message = "At least one of 'min' or 'max' must not be None".into();
            return Err(Error::Argument {
                op: "clamp",
                message,
            });
        }
        if let Some(min) = bound(1) {
            p = Dispatch::float_clamp_min(p, min.into());
        }
        if let Some(max) = bound(2) {
            p = Dispatch::float_clamp_max(p, max.into());
        }
        let y = Tensor::from_primitive(p, dtype, x.device(), x.sizes().to_vec());
        Ok(y.cast_raw(x.dtype())?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ClampBackward1",
        symbols: "∂L/∂x = g where min ≤ x ≤ max, else 0",
        words: "Elements that were clipped pass no gradient on.",
        saves: &[Saves::Input(0)],
        rule: |s| {
            let x = s.input(0)?.detach();
            let mut grad = s.grad().clone();
            if let Some(min) = s.argument(1).scalar() {
                grad = grad.mul(&x.ge(min)?.to_dtype(x.dtype())?)?;
            }
            if let Some(max) = s.argument(2).scalar() {
                grad = grad.mul(&x.le(max)?.to_dtype(x.dtype())?)?;
            }
            Ok(vec![Some(grad)])
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![
                s.signed(&[3, 4])?,
                Argument::Scalar(-0.05),
                Argument::Scalar(1.0),
            ],
            vec![s.signed(&[5])?, Argument::None, Argument::Scalar(0.05)],
        ])
    },
};

/// A function of one float; whole numbers become float32, as in PyTorch.
fn unary(op: &'static str, a: &[Argument], of: fn(Primitive) -> Primitive) -> Result<Computed> {
    let x = Arguments { op, list: a }.tensor(0)?;
    let dtype = if x.dtype().is_floating_point() {
        x.dtype()
    } else {
        DType::Float32
    };
    let p = of(kernels::cast(x.primitive(), x.dtype(), dtype, x.device()));
    Ok(Tensor::from_primitive(p, dtype, x.device(), x.sizes().to_vec()).into())
}

macro_rules! unary {
    ($constant:ident, $name:literal, $doc:literal, $kernel:expr, $node:literal, $symbols:literal, $words:literal,
     $saves:expr, $sample:ident, $rule:expr) => {
        pub(super) static $constant: Operation = Operation {
            name: $name,
            category: "pointwise",
            doc: $doc,
            parameters: &[],
            reads: Reads::Nothing,
            forward: |a| unary($name, a, $kernel),
            gradient: Gradient::Rule(Derivative {
                node: |_| $node,
                symbols: $symbols,
                words: $words,
                saves: $saves,
                rule: |s| {
                    let rule: fn(&Saved<'_>) -> Result<Tensor> = $rule;
                    Ok(vec![Some(rule(s)?)])
                },
            }),
            samples: |s| Ok(vec![vec![s.$sample(&[2, 3])?], vec![s.$sample(&[7])?]]),
        };
    };
}

const INPUT: &[Saves] = &[Saves::Input(0)];
const OUTPUT: &[Saves] = &[Saves::Output];

unary!(
    NEG,
    "neg",
    "Turns the sign.",
    Dispatch::float_neg,
    "NegBackward0",
    "∂L/∂x = −g",
    "The gradient's sign turns too.",
    &[],
    signed,
    |s| s.grad().neg()
);
unary!(
    EXP,
    "exp",
    "The exponential function.",
    Dispatch::float_exp,
    "ExpBackward0",
    "∂L/∂x = g · y",
    "The exponential is its own derivative: the gradient is scaled by the result.",
    OUTPUT,
    signed,
    |s| s.grad().mul(&s.output()?)
);
unary!(
    LOG,
    "log",
    "The natural logarithm.",
    Dispatch::float_log,
    "LogBackward0",
    "∂L/∂x = g / x",
    "The gradient is divided by the input.",
    INPUT,
    positive,
    |s| s.grad().div(&s.input(0)?)
);
unary!(
    SQRT,
    "sqrt",
    "The square root.",
    Dispatch::float_sqrt,
    "SqrtBackward0",
    "∂L/∂x = g / (2y)",
    "The gradient is divided by twice the result.",
    OUTPUT,
    positive,
    |s| s.grad().div(&s.output()?.mul(2.0)?)
);
unary!(
    SIN,
    "sin",
    "The sine.",
    Dispatch::float_sin,
    "SinBackward0",
    "∂L/∂x = g · cos(x)",
    "The sine's slope is the cosine.",
    INPUT,
    signed,
    |s| s.grad().mul(&s.input(0)?.cos()?)
);
unary!(
    COS,
    "cos",
    "The cosine.",
    Dispatch::float_cos,
    "CosBackward0",
    "∂L/∂x = −g · sin(x)",
    "The cosine's slope is the sine, turned round.",
    INPUT,
    signed,
    |s| s.grad().mul(&s.input(0)?.sin()?.neg()?)
);
unary!(
    TANH,
    "tanh",
    "The hyperbolic tangent.",
    Dispatch::float_tanh,
    "TanhBackward0",
    "∂L/∂x = g · (1 − y²)",
    "Steepest at 0; where the result nears ±1 hardly any gradient passes.",
    OUTPUT,
    signed,
    |s| s.grad().mul(&s.output()?.pow(2.0)?.rsub(1.0)?)
);
unary!(
    SIGMOID,
    "sigmoid",
    "The logistic function, 1 / (1 + e⁻ˣ).",
    Dispatch::sigmoid,
    "SigmoidBackward0",
    "∂L/∂x = g · y · (1 − y)",
    "Steepest at ½; where the result nears 0 or 1 hardly any gradient passes.",
    OUTPUT,
    signed,
    |s| {
        let y = s.output()?;
        s.grad().mul(&y.mul(&y.rsub(1.0)?)?)
    }
);
unary!(
    RELU,
    "relu",
    "Keeps what is positive, else 0.",
    Dispatch::relu,
    "ReluBackward0",
    "∂L/∂x = g where y > 0, else 0",
    "Where the unit was off, no gradient passes.",
    OUTPUT,
    signed,
    |s| s.grad().threshold_backward(&s.output()?)
);
unary!(
    ABS,
    "abs",
    "The magnitude.",
    Dispatch::float_abs,
    "AbsBackward0",
    "∂L/∂x = g · sign(x)",
    "The gradient takes the sign of the input.",
    INPUT,
    signed,
    |s| {
        let x = s.input(0)?.detach();
        let sign = Tensor::from_primitive(
            Dispatch::float_sign(x.primitive()),
            x.dtype(),
            x.device(),
            x.sizes().to_vec(),
        );
        s.grad().mul(&sign)
    }
);

/// The rule of `relu`, itself recorded so that it can be differentiated again.
pub(super) static THRESHOLD_BACKWARD: Operation = Operation {
    name: "threshold_backward",
    category: "derivative",
    doc: "The gradient where the result of relu is positive, else 0.",
    parameters: &[Parameter {
        name: "result",
        kind: ValueKind::Tensor,
        default: None,
    }],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "threshold_backward",
            list: a,
        };
        let (grad, output) = (a.tensor(0)?, a.tensor(1)?);
        let p = Dispatch::relu_backward(output.primitive(), grad.primitive());
        Ok(Tensor::from_primitive(p, grad.dtype(), grad.device(), grad.sizes().to_vec()).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ThresholdBackwardBackward0",
        symbols: "∂L/∂g = h where y > 0, else 0",
        words: "Where the unit was off, no gradient passes.",
        saves: &[Saves::Input(1)],
        rule: |s| {
            Ok(vec![
                Some(s.grad().threshold_backward(&s.input(1)?.detach())?),
                None,
            ])
        },
    }),
    samples: |s| Ok(vec![vec![s.signed(&[3, 4])?, s.positive(&[3, 4])?]]),
};

struct Comparison {
    float: fn(Primitive, Primitive, burn::tensor::BoolStore) -> Primitive,
    int: fn(Primitive, Primitive, burn::tensor::BoolStore) -> Primitive,
}

impl Comparison {
    fn compute(&self, op: &'static str, a: &[Argument]) -> Result<Computed> {
        let a = Arguments { op, list: a };
        let x = a.tensor(0)?;
        let number;
        let y = match &a.list[1] {
            Argument::Tensor(y) => y,
            other => {
                let dtype = dtype_with(x, other);
                number = Tensor::full(&[], a.scalar(1)?, dtype, x.device())?;
                &number
            }
        };
        let dtype = match common_dtype(x, y) {
            DType::Bool => DType::Int64,
            other => other,
        };
        let sizes = broadcast_sizes(x.sizes(), y.sizes())?;
        // Burn's comparisons want equal shapes on some devices.
        let whole = |t: &Tensor| kernels::expand(ranked(t, dtype, sizes.len()), dtype, &sizes);
        let kernel = if dtype.is_floating_point() {
            self.float
        } else {
            self.int
        };
        let p = kernel(whole(x), whole(y), x.device().bool_dtype());
        Ok(Tensor::from_primitive(p, DType::Bool, x.device(), sizes).into())
    }
}

macro_rules! comparison {
    ($constant:ident, $name:literal, $doc:literal, $float:expr, $int:expr) => {
        pub(super) static $constant: Operation = Operation {
            name: $name,
            category: "comparison",
            doc: $doc,
            parameters: &[OTHER],
            reads: Reads::Nothing,
            forward: |a| {
                Comparison {
                    float: $float,
                    int: $int,
                }
                .compute($name, a)
            },
            gradient: Gradient::Stops,
            samples: pairs,
        };
    };
}

comparison!(
    EQ,
    "eq",
    "True where both are equal.",
    Dispatch::float_equal,
    Dispatch::int_equal
);
comparison!(
    NE,
    "ne",
    "True where they differ.",
    Dispatch::float_not_equal,
    Dispatch::int_not_equal
);
comparison!(
    GT,
    "gt",
    "True where input is greater.",
    Dispatch::float_greater,
    Dispatch::int_greater
);
comparison!(
    GE,
    "ge",
    "True where input is greater or equal.",
    Dispatch::float_greater_equal,
    Dispatch::int_greater_equal
);
comparison!(
    LT,
    "lt",
    "True where input is less.",
    Dispatch::float_lower,
    Dispatch::int_lower
);
comparison!(
    LE,
    "le",
    "True where input is less or equal.",
    Dispatch::float_lower_equal,
    Dispatch::int_lower_equal
);

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident => $operation:ident ($($argument:ident: $kind:ty),*);)*) => {
        impl Tensor {
            $($(#[$doc])*
            ///
            /// # Errors
            /// As PyTorch's function of this name.
            pub fn $name(&self, $($argument: $kind),*) -> Result<Tensor> {
                $operation.call(vec![self.into(), $($argument.into()),*])
            })*
        }
    };
}
pub(super) use methods;

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
    /// `torch.clamp`
    clamp => CLAMP(min: Option<f64>, max: Option<f64>);
    /// `-self`
    neg => NEG();
    /// `torch.exp`
    exp => EXP();
    /// `torch.log`
    log => LOG();
    /// `torch.sqrt`
    sqrt => SQRT();
    /// `torch.sin`
    sin => SIN();
    /// `torch.cos`
    cos => COS();
    /// `torch.tanh`
    tanh => TANH();
    /// `torch.sigmoid`
    sigmoid => SIGMOID();
    /// `torch.relu`
    relu => RELU();
    /// `torch.abs`
    abs => ABS();
    /// The gradient where `output` is positive.
    threshold_backward => THRESHOLD_BACKWARD(output: &Tensor);
    /// `self == other`, element by element.
    eq => EQ(other: impl Into<Argument>);
    /// `self != other`, element by element.
    ne => NE(other: impl Into<Argument>);
    /// `self > other`
    gt => GT(other: impl Into<Argument>);
    /// `self >= other`
    ge => GE(other: impl Into<Argument>);
    /// `self < other`
    lt => LT(other: impl Into<Argument>);
    /// `self <= other`
    le => LE(other: impl Into<Argument>);
}
