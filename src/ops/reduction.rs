//! Many elements to few: sums, means, arguments of the maximum, softmax.

use super::argument::Arguments;
use super::methods::methods;
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::{Saved, Saves};
use crate::error::{Error, Result};
use crate::tensor::kernels;
use crate::tensor::layout::wrap_dim;
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::{ActivationOps, FloatTensorOps, IntTensorOps};
use kindling_protocol::ValueKind;

const DIM: Parameter = Parameter {
    name: "dim",
    kind: ValueKind::IntList,
    default: Some("None"),
};
const ONE_DIM: Parameter = Parameter {
    name: "dim",
    kind: ValueKind::Int,
    default: Some("None"),
};
const THE_DIM: Parameter = Parameter {
    name: "dim",
    kind: ValueKind::Int,
    default: None,
};
const KEEPDIM: Parameter = Parameter {
    name: "keepdim",
    kind: ValueKind::Bool,
    default: Some("False"),
};

/// The reduced dimensions, each once, ascending; all of them where none is named.
fn reduced(dims: Option<&[i64]>, rank: usize) -> Result<Vec<usize>> {
    let Some(dims) = dims.filter(|d| !d.is_empty()) else {
        return Ok((0..rank).collect());
    };
    let mut found = dims
        .iter()
        .map(|&d| wrap_dim(d, rank))
        .collect::<Result<Vec<_>>>()?;
    found.sort_unstable();
    if let Some(pair) = found.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::Value(format!(
            "dim {} appears multiple times in the list of dims",
            pair[0]
        )));
    }
    found.retain(|&d| d < rank);
    Ok(found)
}

fn kept(sizes: &[usize], dims: &[usize]) -> Vec<usize> {
    sizes
        .iter()
        .enumerate()
        .map(|(d, &s)| if dims.contains(&d) { 1 } else { s })
        .collect()
}

fn dropped(sizes: &[usize], dims: &[usize]) -> Vec<usize> {
    sizes
        .iter()
        .enumerate()
        .filter(|(d, _)| !dims.contains(d))
        .map(|(_, &s)| s)
        .collect()
}

fn sum(op: &'static str, list: &[Argument]) -> Result<Tensor> {
    let a = Arguments { op, list };
    let x = a.tensor(0)?;
    let dims = reduced(a.optional_ints(1), x.dim())?;
    let keepdim = a.bool_or(2, false);
    let sizes = if keepdim {
        kept(x.sizes(), &dims)
    } else {
        dropped(x.sizes(), &dims)
    };
    let mut p = x.primitive();
    let dtype = match x.dtype() {
        DType::Bool => {
            p = kernels::cast(p, DType::Bool, DType::Int64, x.device());
            DType::Int64
        }
        other => other,
    };
    let float = dtype.is_floating_point();
    if dims.len() == x.dim() {
        p = if float {
            Dispatch::float_sum(p)
        } else {
            Dispatch::int_sum(p)
        };
    } else {
        for &dim in &dims {
            p = if float {
                Dispatch::float_sum_dim(p, dim)
            } else {
                Dispatch::int_sum_dim(p, dim)
            };
        }
    }
    let p = kernels::reshape(p, dtype, &sizes);
    Ok(Tensor::from_primitive(p, dtype, x.device(), sizes))
}

/// Spreads the gradient of a reduction back over the reduced dimensions, as a view.
fn spread(s: &Saved<'_>) -> Result<Tensor> {
    let sizes = s.sizes(0).to_vec();
    let dims = reduced(s.argument(1).ints(), sizes.len())?;
    let narrow: Vec<i64> = kept(&sizes, &dims).iter().map(|&s| s as i64).collect();
    let wide: Vec<i64> = sizes.iter().map(|&s| s as i64).collect();
    s.grad().reshape(&narrow)?.expand(&wide)
}

fn reduced_count(s: &Saved<'_>) -> Result<f64> {
    let sizes = s.sizes(0);
    let dims = reduced(s.argument(1).ints(), sizes.len())?;
    Ok(dims.iter().map(|&d| sizes[d]).product::<usize>() as f64)
}

pub(super) static SUM: Operation = Operation {
    name: "sum",
    category: "reduction",
    doc: "The sum of all elements, or along dim.",
    parameters: &[DIM, KEEPDIM],
    reads: Reads::Nothing,
    forward: |a| Ok(sum("sum", a)?.into()),
    gradient: Gradient::Rule(Derivative {
        node: |a| {
            if matches!(a.get(1), None | Some(Argument::None)) {
                "SumBackward0"
            } else {
                "SumBackward1"
            }
        },
        symbols: "∂L/∂xᵢ = g",
        words: "Every element that was added gets the sum's gradient.",
        saves: &[],
        rule: |s| Ok(vec![Some(spread(s)?)]),
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?],
            vec![s.signed(&[2, 3, 4])?, Argument::Ints(vec![1])],
            vec![
                s.signed(&[2, 3, 4])?,
                Argument::Ints(vec![0, -1]),
                Argument::Bool(true),
            ],
        ])
    },
};

pub(super) static MEAN: Operation = Operation {
    name: "mean",
    category: "reduction",
    doc: "The mean of all elements, or along dim.",
    parameters: &[DIM, KEEPDIM],
    reads: Reads::Nothing,
    forward: |list| {
        let a = Arguments { op: "mean", list };
        let x = a.tensor(0)?;
        if !x.dtype().is_floating_point() {
            return Err(Error::Value(format!(
                "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {}",
                x.dtype().scalar_name()
            )));
        }
        let total = sum("mean", list)?;
        let count = x.numel() as f64 / total.numel().max(1) as f64;
        let p = Dispatch::float_div_scalar(total.primitive(), count.into());
        Ok(Tensor::from_primitive(p, x.dtype(), x.device(), total.sizes().to_vec()).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |a| {
            if matches!(a.get(1), None | Some(Argument::None)) {
                "MeanBackward0"
            } else {
                "MeanBackward1"
            }
        },
        symbols: "∂L/∂xᵢ = g / n",
        words: "Every element gets an equal share of the mean's gradient.",
        saves: &[],
        rule: |s| Ok(vec![Some(spread(s)?.div(reduced_count(s)?)?)]),
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?],
            vec![s.signed(&[2, 3, 4])?, Argument::Ints(vec![1])],
            vec![
                s.signed(&[2, 3])?,
                Argument::Ints(vec![-1]),
                Argument::Bool(true),
            ],
        ])
    },
};

pub(super) static ARGMAX: Operation = Operation {
    name: "argmax",
    category: "reduction",
    doc: "The index of the largest element, of all (flattened) or along dim.",
    parameters: &[ONE_DIM, KEEPDIM],
    reads: Reads::Nothing,
    forward: |list| {
        let a = Arguments { op: "argmax", list };
        let x = a.tensor(0)?;
        if x.dtype() == DType::Bool {
            return Err(Error::Value("argmax(): does not support bool input".into()));
        }
        if x.numel() == 0 && a.optional_int(1).is_none() {
            return Err(Error::Value(
                "argmax(): Expected reduction dim to be specified for input.numel() == 0.".into(),
            ));
        }
        let (flat, dim, sizes) = match a.optional_int(1) {
            None => (x.reshape_raw(&[-1])?, 0, vec![]),
            Some(dim) => {
                let dim = wrap_dim(dim, x.dim())?;
                let keep = a.bool_or(2, false);
                let x = if x.dim() == 0 {
                    x.reshape_raw(&[1])?
                } else {
                    x.detach()
                };
                if x.sizes()[dim] == 0 {
                    return Err(Error::Value(format!(
                        "argmax(): Expected reduction dim {dim} to have non-zero size."
                    )));
                }
                let sizes = if keep {
                    kept(x.sizes(), &[dim])
                } else {
                    dropped(x.sizes(), &[dim])
                };
                if x.numel() == 0 {
                    return Ok(Tensor::from_i64(&[], &sizes, x.device())?.into());
                }
                (x, dim, sizes)
            }
        };
        let ints = flat.device().int_dtype();
        let p = match flat.dtype() {
            DType::Float32 | DType::Float64 => Dispatch::float_argmax(flat.primitive(), dim, ints),
            DType::Int64 | DType::Bool => Dispatch::int_argmax(flat.primitive(), dim),
        };
        let p = kernels::reshape(p, DType::Int64, &sizes);
        Ok(Tensor::from_primitive(p, DType::Int64, x.device(), sizes).into())
    },
    gradient: Gradient::Stops,
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[3, 4])?],
            vec![s.signed(&[3, 4])?, Argument::Int(1)],
        ])
    },
};

/// `kernels`: PyTorch's names of its own, for the last dimension and for the others, which it says in errors.
fn along(
    op: &'static str,
    kernels: [&'static str; 2],
    list: &[Argument],
    of: fn(kernels::Primitive, usize) -> kernels::Primitive,
) -> Result<Tensor> {
    let a = Arguments { op, list };
    let x = a.tensor(0)?;
    let dim = wrap_dim(a.int(1)?, x.dim())?;
    if !x.dtype().is_floating_point() {
        return Err(Error::DType {
            op: kernels[usize::from(dim + 1 < x.dim())],
            dtype: x.dtype().scalar_name(),
        });
    }
    if x.numel() == 0 {
        return Ok(x.copy_raw());
    }
    Ok(Tensor::from_primitive(
        of(x.primitive(), dim),
        x.dtype(),
        x.device(),
        x.sizes().to_vec(),
    ))
}

pub(super) static SOFTMAX: Operation = Operation {
    name: "softmax",
    category: "reduction",
    doc: "Exponentials along dim, scaled to add up to 1.",
    parameters: &[THE_DIM],
    reads: Reads::Nothing,
    forward: |a| {
        Ok(along(
            "softmax",
            ["softmax_lastdim_kernel_impl", "softmax_kernel_impl"],
            a,
            Dispatch::softmax,
        )?
        .into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "SoftmaxBackward0",
        symbols: "∂L/∂x = y · (g − Σ g·y)",
        words: "Each share grows at the others' expense: the weighted mean of the gradient is taken off first.",
        saves: &[Saves::Output],
        rule: |s| {
            let y = s.output()?;
            let dim = s.argument(1).int().unwrap_or(-1);
            let weighted = s.grad().mul(&y)?.sum(Some(&[dim][..]), true)?;
            Ok(vec![Some(y.mul(&s.grad().sub(&weighted)?)?)])
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[3, 4])?, Argument::Int(1)],
            vec![s.signed(&[3, 4])?, Argument::Int(0)],
        ])
    },
};

pub(super) static LOG_SOFTMAX: Operation = Operation {
    name: "log_softmax",
    category: "reduction",
    doc: "The logarithm of softmax, computed without overflow.",
    parameters: &[THE_DIM],
    reads: Reads::Nothing,
    forward: |a| {
        Ok(along(
            "log_softmax",
            ["log_softmax_lastdim_kernel_impl", "log_softmax_kernel_impl"],
            a,
            Dispatch::log_softmax,
        )?
        .into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "LogSoftmaxBackward0",
        symbols: "∂L/∂x = g − softmax(x) · Σ g",
        words: "The gradient, less each class's probability of the gradient's sum.",
        saves: &[Saves::Output],
        rule: |s| {
            let dim = s.argument(1).int().unwrap_or(-1);
            let total = s.grad().sum(Some(&[dim][..]), true)?;
            Ok(vec![Some(s.grad().sub(&s.output()?.exp()?.mul(&total)?)?)])
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[3, 4])?, Argument::Int(1)],
            vec![s.signed(&[4])?, Argument::Int(0)],
        ])
    },
};

methods! {
    /// `torch.sum(self, dim, keepdim)`; all elements where `dim` is `None`.
    sum => SUM(dim: Option<&[i64]>, keepdim: bool);
    /// `torch.mean(self, dim, keepdim)`; all elements where `dim` is `None`.
    mean => MEAN(dim: Option<&[i64]>, keepdim: bool);
    /// `torch.argmax(self, dim, keepdim)`; the flattened index where `dim` is `None`.
    argmax => ARGMAX(dim: Option<i64>, keepdim: bool);
    /// `torch.softmax(self, dim)`
    softmax => SOFTMAX(dim: i64);
    /// `torch.log_softmax(self, dim)`
    log_softmax => LOG_SOFTMAX(dim: i64);
}

impl Tensor {
    /// Sums broadcast dimensions away, to `sizes`.
    ///
    /// # Errors
    /// `sizes` does not broadcast to this tensor's sizes.
    pub fn sum_to_size(&self, sizes: &[usize]) -> Result<Self> {
        let Some(lead) = self.dim().checked_sub(sizes.len()) else {
            return self.reshape(&sizes.iter().map(|&s| s as i64).collect::<Vec<_>>());
        };
        let dims: Vec<i64> = (0..self.dim())
            .filter(|&d| d < lead || sizes[d - lead] == 1 && self.sizes()[d] != 1)
            .map(|d| d as i64)
            .collect();
        let summed = if dims.is_empty() {
            self.clone()
        } else {
            self.sum(Some(&dims[..]), true)?
        };
        summed.reshape(&sizes.iter().map(|&s| s as i64).collect::<Vec<_>>())
    }
}
