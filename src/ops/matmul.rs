//! Matrix products.

use super::argument::Arguments;
use super::fused;
use super::methods::methods;
use super::product::{After, float_product};
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::{Saved, Saves};
use crate::error::{Error, Result, signed};
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::IntTensorOps;
use kindling_protocol::ValueKind;

const MAT2: Parameter = Parameter {
    name: "mat2",
    kind: ValueKind::Tensor,
    default: None,
};

/// The type as C++ names it, which is how PyTorch's matrix products name it in errors.
fn c_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        DType::Int64 => "long int",
        DType::Float32 => "float",
        DType::Float64 => "double",
    }
}

/// Checks that two matrices can be multiplied; the sizes of their product.
fn product_sizes(op: &'static str, a: &Tensor, b: &Tensor) -> Result<Vec<usize>> {
    let (&[m, k], &[k2, n]) = (a.sizes(), b.sizes()) else {
        let (which, found) = if a.dim() == 2 {
            ("mat2", b)
        } else {
            ("self", a)
        };
        return Err(Error::Value(format!(
            "{op}: {which} must be a matrix, got {}-D tensor",
            found.dim()
        )));
    };
    if k != k2 {
        return Err(Error::MatrixShapes {
            op,
            a: [m, k],
            b: [k2, n],
        });
    }
    if a.dtype() != b.dtype() {
        return Err(Error::Value(format!(
            "expected m1 and m2 to have the same dtype, but got: {} != {}",
            c_name(a.dtype()),
            c_name(b.dtype()),
        )));
    }
    if a.dtype() == DType::Bool {
        return Err(Error::DType {
            op: "addmm_impl_cpu_",
            dtype: "Bool",
        });
    }
    Ok(vec![m, n])
}

/// The product of two matrices that were checked, and `bias` added to it, whose two sizes broadcast to the product's.
fn product(a: &Tensor, b: &Tensor, bias: Option<&Tensor>, sizes: Vec<usize>) -> Tensor {
    let bias = bias.map(Tensor::primitive);
    let p = match (a.dtype(), bias) {
        (DType::Int64, None) => Dispatch::int_matmul(a.primitive(), b.primitive()),
        (DType::Int64, Some(bias)) => {
            Dispatch::int_add(Dispatch::int_matmul(a.primitive(), b.primitive()), bias)
        }
        (_, bias) => float_product(
            a.primitive(),
            b.primitive(),
            bias,
            After::Nothing,
            a.device(),
        ),
    };
    Tensor::from_primitive(p, a.dtype(), a.device(), sizes)
}

/// The gradient of the second factor, `aᵀ · g`. Where that factor is a transposed view (a `Linear`'s weight), it is computed
/// as `(gᵀ · a)ᵀ`, so that the weight's own gradient comes out row-major; PyTorch chooses likewise by the strides.
pub(super) fn second_gradient(a: &Tensor, grad: &Tensor, b: &Tensor) -> Result<Tensor> {
    if is_transposed(b) {
        grad.t()?.mm(a)?.t()
    } else {
        a.t()?.mm(grad)
    }
}

pub(super) fn is_transposed(t: &Tensor) -> bool {
    t.strides()[0] == 1 && t.strides()[1] == t.sizes()[0]
}

pub(super) static MM: Operation = Operation {
    name: "mm",
    category: "matrix",
    doc: "The product of two matrices.",
    parameters: &[MAT2],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments { op: "mm", list: a };
        let (x, y) = (a.tensor(0)?, a.tensor(1)?);
        let sizes = product_sizes("mm", x, y)?;
        Ok(product(x, y, None, sizes).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "MmBackward0",
        symbols: "∂L/∂A = g · Bᵀ,  ∂L/∂B = Aᵀ · g",
        words: "Each factor's gradient is the gradient times the other factor, transposed.",
        saves: &[Saves::Input(0), Saves::Input(1)],
        rule: |s| {
            let (a, b) = (s.input(0)?, s.input(1)?);
            let first = s.needs(0).then(|| s.grad().mm(&b.t()?)).transpose()?;
            let second = s
                .needs(1)
                .then(|| second_gradient(&a, s.grad(), &b))
                .transpose()?;
            Ok(vec![first, second])
        },
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 3])?, s.signed(&[3, 4])?]]),
};

/// The gradients of bias, mat1 and mat2; that of mat1 only if it is asked for.
pub(super) fn addmm_gradients(s: &Saved<'_>, with_first: bool) -> Result<Vec<Option<Tensor>>> {
    let (a, b) = (s.input(1)?, s.input(2)?);
    if !with_first
        && s.needs(0)
        && s.needs(2)
        && let Some((bias, second)) = fused::bias_and_weight_gradients(&a, s.grad(), &b, s.sizes(0))
    {
        return Ok(vec![Some(bias), None, Some(second)]);
    }
    let first = with_first.then(|| s.grad().mm(&b.t()?)).transpose()?;
    let second = s
        .needs(2)
        .then(|| second_gradient(&a, s.grad(), &b))
        .transpose()?;
    Ok(vec![Some(s.grad().clone()), first, second])
}

/// `bias + mat1 · mat2`, with PyTorch's argument order.
pub(super) static ADDMM: Operation = Operation {
    name: "addmm",
    category: "matrix",
    doc: "A product of two matrices, and input added to it.",
    parameters: &[
        Parameter {
            name: "mat1",
            kind: ValueKind::Tensor,
            default: None,
        },
        MAT2,
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "addmm",
            list: a,
        };
        let (bias, x, y) = (a.tensor(0)?, a.tensor(1)?, a.tensor(2)?);
        let sizes = product_sizes("addmm", x, y)?;
        bias.layout().expanded(&signed(&sizes))?;
        if bias.dtype() != x.dtype() {
            return Err(Error::Value(format!(
                "self and mat2 must have the same dtype, but got {} and {}",
                bias.dtype().scalar_name(),
                x.dtype().scalar_name()
            )));
        }
        let mut ranked = vec![1; 2 - bias.dim()];
        ranked.extend(bias.sizes().iter().map(|&s| s as i64));
        let bias = bias.reshape_raw(&ranked)?;
        Ok(product(x, y, Some(&bias), sizes).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "AddmmBackward0",
        symbols: "∂L/∂b = Σ g,  ∂L/∂A = g · Bᵀ,  ∂L/∂B = Aᵀ · g",
        words: "The bias gets the gradient's sum over the rows; each factor the gradient times the other, transposed.",
        saves: &[Saves::Input(1), Saves::Input(2)],
        rule: |s| addmm_gradients(s, s.needs(1)),
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[4])?, s.signed(&[2, 3])?, s.signed(&[3, 4])?],
            vec![s.signed(&[2, 4])?, s.signed(&[2, 3])?, s.signed(&[3, 4])?],
        ])
    },
};

pub(super) static MATMUL: Operation = Operation {
    name: "matmul",
    category: "matrix",
    doc: "The product of two vectors or matrices (the operator @).",
    parameters: &[Parameter {
        name: "other",
        kind: ValueKind::Tensor,
        default: None,
    }],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "matmul",
            list: a,
        };
        let (x, y) = (a.tensor(0)?, a.tensor(1)?);
        Ok(match (x.dim(), y.dim()) {
            (2, 2) => x.mm(y)?,
            (1, 1) => {
                if x.numel() != y.numel() {
                    return Err(Error::Value(format!(
                        "inconsistent tensor size, expected tensor [{}] and src [{}] to have the same number of elements, but got {} and {} elements respectively",
                        x.numel(), y.numel(), x.numel(), y.numel()
                    )));
                }
                x.mul(y)?.sum(None, false)?
            }
            (2, 1) => x.mm(&y.unsqueeze(1)?)?.squeeze(Some(1))?,
            (1, 2) => x.unsqueeze(0)?.mm(y)?.squeeze(Some(0))?,
            (rank, other) => {
                return Err(Error::Rank {
                    op: "matmul",
                    expected: "1 or 2",
                    found: if (1..=2).contains(&rank) { other } else { rank },
                    hint: "reshape batches into one matrix first",
                });
            }
        }
        .into())
    },
    gradient: Gradient::Composite,
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?, s.signed(&[3, 4])?],
            vec![s.signed(&[3])?, s.signed(&[3])?],
            vec![s.signed(&[2, 3])?, s.signed(&[3])?],
            vec![s.signed(&[3])?, s.signed(&[3, 2])?],
        ])
    },
};

pub(super) static LINEAR: Operation = Operation {
    name: "linear",
    category: "matrix",
    doc: "input times the weight's transpose, plus bias: what nn.Linear computes.",
    parameters: &[
        Parameter {
            name: "weight",
            kind: ValueKind::Tensor,
            default: None,
        },
        Parameter {
            name: "bias",
            kind: ValueKind::Tensor,
            default: Some("None"),
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "linear",
            list: a,
        };
        let (x, weight) = (a.tensor(0)?, a.tensor(1)?.t()?);
        let single = x.dim() == 1;
        let rows = if single { x.unsqueeze(0)? } else { x.clone() };
        let y = match a.optional_tensor(2) {
            Some(bias) => ADDMM.call(vec![bias.into(), (&rows).into(), (&weight).into()])?,
            None => rows.mm(&weight)?,
        };
        Ok(if single { y.squeeze(Some(0))? } else { y }.into())
    },
    gradient: Gradient::Composite,
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?, s.signed(&[4, 3])?, s.signed(&[4])?],
            vec![s.signed(&[2, 3])?, s.signed(&[4, 3])?, Argument::None],
        ])
    },
};

impl Tensor {
    /// `F.relu(F.linear(self, weight, bias))`, in one pass where that can be.
    ///
    /// # Errors
    /// As PyTorch's functions.
    pub fn linear_relu(&self, weight: &Self, bias: Option<&Self>) -> Result<Self> {
        if let Some(bias) = bias
            && self.dim() == 2
            && bias.dim() == 1
            && bias.is_contiguous()
            && [self, weight, bias].map(Self::dtype) == [DType::Float32; 3]
            && [weight, bias].map(Self::device) == [self.device(); 2]
        {
            let weight = weight.t()?;
            let sizes = product_sizes("addmm", self, &weight)?;
            if bias.numel() == sizes[1] {
                return Ok(fused::linear_relu(self, &weight, bias, sizes));
            }
        }
        self.linear(weight, bias)?.relu()
    }
}

methods! {
    /// `torch.mm(self, mat2)`
    mm => MM(mat2: &Tensor);
    /// `torch.matmul(self, other)` and `self @ other`
    matmul => MATMUL(other: &Tensor);
    /// `torch.addmm(self, mat1, mat2)`
    addmm => ADDMM(mat1: &Tensor, mat2: &Tensor);
    /// `F.linear(self, weight, bias)`. Shapes: self `[batch, in]`, weight `[out, in]`, bias `[out]`, result `[batch, out]`.
    linear => LINEAR(weight: &Tensor, bias: Option<&Tensor>);
}
