//! Matrix products.

use super::argument::Arguments;
use super::methods::methods;
use super::product::float_product;
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::Saves;
use crate::error::{Error, Result, signed};
use crate::tensor::kernels::Primitive;
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
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

fn product(op: &'static str, a: &Tensor, b: &Tensor) -> Result<(Primitive, DType, Vec<usize>)> {
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
    let p = match a.dtype() {
        DType::Float32 | DType::Float64 => float_product(a.primitive(), b.primitive(), a.device()),
        DType::Int64 => Dispatch::int_matmul(a.primitive(), b.primitive()),
        DType::Bool => {
            return Err(Error::DType {
                op: "addmm_impl_cpu_",
                dtype: "Bool",
            });
        }
    };
    Ok((p, a.dtype(), vec![m, n]))
}

/// The gradient of the second factor, `aᵀ · g`. Where that factor is a transposed view (a `Linear`'s weight), it is computed
/// as `(gᵀ · a)ᵀ`, so that the weight's own gradient comes out row-major; PyTorch chooses likewise by the strides.
fn second_gradient(a: &Tensor, grad: &Tensor, transposed: bool) -> Result<Tensor> {
    if transposed {
        grad.t()?.mm(a)?.t()
    } else {
        a.t()?.mm(grad)
    }
}

fn is_transposed(t: &Tensor) -> bool {
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
        let x = a.tensor(0)?;
        let (p, dtype, sizes) = product("mm", x, a.tensor(1)?)?;
        Ok(Tensor::from_primitive(p, dtype, x.device(), sizes).into())
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
                .then(|| second_gradient(&a, s.grad(), is_transposed(&b)))
                .transpose()?;
            Ok(vec![first, second])
        },
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 3])?, s.signed(&[3, 4])?]]),
};

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
        let bias = a.tensor(0)?;
        let (p, dtype, sizes) = product("addmm", a.tensor(1)?, a.tensor(2)?)?;
        bias.layout().expanded(&signed(&sizes))?;
        if bias.dtype() != dtype {
            return Err(Error::Value(format!(
                "self and mat2 must have the same dtype, but got {} and {}",
                bias.dtype().scalar_name(),
                dtype.scalar_name()
            )));
        }
        let mut ranked = vec![1; 2 - bias.dim()];
        ranked.extend(bias.sizes().iter().map(|&s| s as i64));
        let bias = bias.reshape_raw(&ranked)?;
        let p = match dtype {
            DType::Int64 => Dispatch::int_add(p, bias.primitive()),
            _ => Dispatch::float_add(p, bias.primitive()),
        };
        Ok(Tensor::from_primitive(p, dtype, bias.device(), sizes).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "AddmmBackward0",
        symbols: "∂L/∂b = Σ g,  ∂L/∂A = g · Bᵀ,  ∂L/∂B = Aᵀ · g",
        words: "The bias gets the gradient's sum over the rows; each factor the gradient times the other, transposed.",
        saves: &[Saves::Input(1), Saves::Input(2)],
        rule: |s| {
            let (a, b) = (s.input(1)?, s.input(2)?);
            let first = s.needs(1).then(|| s.grad().mm(&b.t()?)).transpose()?;
            let second = s
                .needs(2)
                .then(|| second_gradient(&a, s.grad(), is_transposed(&b)))
                .transpose()?;
            Ok(vec![Some(s.grad().clone()), first, second])
        },
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
