//! Functions of one tensor, element by element: exponentials, activations, clipping.

use super::argument::Arguments;
use super::methods::methods;
use super::operands::{computed_in, dtype_with, whole};
use super::{Argument, Computed, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::{Saved, Saves};
use crate::error::{Error, Result};
use crate::tensor::kernels::{self, Primitive};
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::{ActivationOps, FloatTensorOps, IntTensorOps};
use burn::tensor::Scalar;
use kindling_protocol::ValueKind;

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
        let bounds = [1, 2].map(|at| a.list.get(at).filter(|b| !matches!(b, Argument::None)));
        if bounds.iter().all(Option::is_none) {
            return Err(Error::Value(
                "torch.clamp: At least one of 'min' or 'max' must not be None".into(),
            ));
        }
        // A bound with a fraction makes floats of whole numbers; truth values become numbers.
        let dtype = bounds
            .iter()
            .flatten()
            .map(|bound| dtype_with(x, bound))
            .fold(DType::Int64, DType::promote);
        let kernels: [fn(Primitive, Scalar) -> Primitive; 2] = if dtype.is_floating_point() {
            [Dispatch::float_clamp_min, Dispatch::float_clamp_max]
        } else {
            [Dispatch::int_clamp_min, Dispatch::int_clamp_max]
        };
        let mut p = kernels::cast(x.primitive(), x.dtype(), dtype, x.device());
        for (at, (bound, kernel)) in bounds.into_iter().zip(kernels).enumerate() {
            p = match bound {
                None => p,
                Some(Argument::Int(n)) if dtype == DType::Int64 => {
                    kernel(p, whole(*n, x.device())?)
                }
                Some(_) => kernel(p, a.scalar(at + 1)?.into()),
            };
        }
        Ok(Tensor::from_primitive(p, dtype, x.device(), x.sizes().to_vec()).into())
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

/// What a function does with whole numbers and truth values.
enum Other {
    /// They become float32, as in PyTorch.
    Float,
    /// Whole numbers stay whole; truth values are refused with this sentence.
    Whole(fn(Primitive) -> Primitive, &'static str),
}

fn unary(
    op: &'static str,
    a: &[Argument],
    float: fn(Primitive) -> Primitive,
    other: &Other,
) -> Result<Computed> {
    let x = Arguments { op, list: a }.tensor(0)?;
    let (dtype, of) = match (x.dtype(), other) {
        (DType::Int64, Other::Whole(of, _)) => (DType::Int64, *of),
        (DType::Bool, Other::Whole(_, sentence)) => {
            return Err(Error::Value((*sentence).into()));
        }
        (dtype, _) => (computed_in(dtype), float),
    };
    let p = of(kernels::cast(x.primitive(), x.dtype(), dtype, x.device()));
    Ok(Tensor::from_primitive(p, dtype, x.device(), x.sizes().to_vec()).into())
}

macro_rules! unary {
    ($constant:ident, $name:literal, $doc:literal, $kernel:expr, $other:expr, $node:literal, $symbols:literal,
     $words:literal, $saves:expr, $sample:ident, $rule:expr) => {
        pub(super) static $constant: Operation = Operation {
            name: $name,
            category: "pointwise",
            doc: $doc,
            parameters: &[],
            reads: Reads::Nothing,
            forward: |a| unary($name, a, $kernel, &$other),
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
    Other::Whole(
        Dispatch::int_neg,
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
    ),
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
    Other::Float,
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
    Other::Float,
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
    Other::Float,
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
    Other::Float,
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
    Other::Float,
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
    Other::Float,
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
    Other::Float,
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
    Other::Whole(
        |p| Dispatch::int_clamp_min(p, 0.into()),
        "Boolean inputs not supported for relu"
    ),
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
    Other::Whole(Dispatch::int_abs, "\"abs_cpu\" not implemented for 'Bool'"),
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
        if grad.dtype() != output.dtype() || !grad.dtype().is_floating_point() {
            return Err(Error::DType {
                op: a.op,
                dtype: output.dtype().scalar_name(),
            });
        }
        if grad.sizes() != output.sizes() {
            return Err(Error::Value(format!(
                "threshold_backward(): the gradient of shape {:?} is not that of the result, {:?}",
                grad.sizes(),
                output.sizes()
            )));
        }
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

methods! {
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
}
