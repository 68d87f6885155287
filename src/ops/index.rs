//! Picking elements out and putting gradients back where they came from.

use super::argument::Arguments;
use super::methods::methods;
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::Saves;
use crate::error::{Error, Result, python_list, signed};
use crate::tensor::layout::wrap_dim;
use crate::tensor::{DType, Tensor, kernels};
use burn::backend::Dispatch;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::tensor::IndexingUpdateOp;
use kindling_protocol::ValueKind;

const DIM: Parameter = Parameter {
    name: "dim",
    kind: ValueKind::Int,
    default: None,
};
const INDEX: Parameter = Parameter {
    name: "index",
    kind: ValueKind::Tensor,
    default: None,
};

pub(super) static SELECT: Operation = Operation {
    name: "select",
    category: "index",
    doc: "One index of a dimension, which goes; a view (x[i]).",
    parameters: &[
        DIM,
        Parameter {
            name: "index",
            kind: ValueKind::Int,
            default: None,
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "select",
            list: a,
        };
        let x = a.tensor(0)?;
        if x.dim() == 0 {
            return Err(Error::Value(
                "select() cannot be applied to a 0-dim tensor.".into(),
            ));
        }
        let (dim, index) = (wrap_dim(a.int(1)?, x.dim())?, a.int(2)?);
        let size = x.sizes()[dim];
        let place = if index < 0 {
            index + size as i64
        } else {
            index
        };
        if !(0..size as i64).contains(&place) {
            return Err(Error::Value(format!(
                "select(): index {index} out of range for tensor of size {} at dimension {dim}",
                python_list(&signed(x.sizes()))
            )));
        }
        Ok(x.alias(x.layout().selected(dim, place as usize)).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "SelectBackward0",
        symbols: "∂L/∂x = g at the index, else 0",
        words: "Only what was picked gets a gradient.",
        saves: &[],
        rule: |s| {
            let rank = s.sizes(0).len();
            let dim = wrap_dim(s.argument(1).int().unwrap_or(0), rank)?;
            let size = s.sizes(0)[dim] as i64;
            let at = s.argument(2).int().unwrap_or(0).rem_euclid(size);
            placed(&s.grad().unsqueeze(dim as i64)?, dim, at, s.sizes(0))
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[3, 4])?, Argument::Int(0), Argument::Int(1)],
            vec![s.signed(&[3, 4])?, Argument::Int(1), Argument::Int(-1)],
        ])
    },
};

pub(super) static NARROW: Operation = Operation {
    name: "narrow",
    category: "index",
    doc: "length indices of a dimension from start; a view (x[start:end]).",
    parameters: &[
        DIM,
        Parameter {
            name: "start",
            kind: ValueKind::Int,
            default: None,
        },
        Parameter {
            name: "length",
            kind: ValueKind::Int,
            default: None,
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "narrow",
            list: a,
        };
        let x = a.tensor(0)?;
        if x.dim() == 0 {
            return Err(Error::Value(
                "narrow() cannot be applied to a 0-dim tensor.".into(),
            ));
        }
        let (dim, start, length) = (wrap_dim(a.int(1)?, x.dim())?, a.int(2)?, a.int(3)?);
        let size = x.sizes()[dim] as i64;
        if length < 0 {
            return Err(Error::Value(
                "narrow(): length must be non-negative.".into(),
            ));
        }
        if !(-size..=size).contains(&start) {
            return Err(Error::Value(format!(
                "start out of range (expected to be in range of [-{size}, {size}], but got {start})"
            )));
        }
        let from = if start < 0 { start + size } else { start };
        if length > size - from {
            return Err(Error::Value(format!(
                "start ({from}) + length ({length}) exceeds dimension size ({size})."
            )));
        }
        Ok(
            x.alias(x.layout().narrowed(dim, from as usize, length as usize))
                .into(),
        )
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "SliceBackward0",
        symbols: "∂L/∂x = g in the slice, else 0",
        words: "Only what was picked gets a gradient.",
        saves: &[],
        rule: |s| {
            let dim = wrap_dim(s.argument(1).int().unwrap_or(0), s.sizes(0).len())?;
            let start = s.argument(2).int().unwrap_or(0);
            let at = if start < 0 {
                start + s.sizes(0)[dim] as i64
            } else {
                start
            };
            placed(s.grad(), dim, at, s.sizes(0))
        },
    }),
    samples: |s| {
        Ok(vec![vec![
            s.signed(&[3, 5])?,
            Argument::Int(1),
            Argument::Int(1),
            Argument::Int(3),
        ]])
    },
};

/// Zeros of `sizes` with `grad` from index `at` of `dim` on, through a recorded operation.
fn placed(grad: &Tensor, dim: usize, at: i64, sizes: &[usize]) -> Result<Vec<Option<Tensor>>> {
    let length = grad.sizes()[dim];
    let places: Vec<i64> = (at..at + length as i64).collect();
    let mut shape = vec![1; sizes.len()];
    shape[dim] = length as i64;
    let wide: Vec<i64> = grad.sizes().iter().map(|&s| s as i64).collect();
    let index = Tensor::from_i64(&places, &[length], grad.device())?
        .reshape(&shape)?
        .expand(&wide)?;
    let zeros = Tensor::full(sizes, 0.0, grad.dtype(), grad.device())?;
    Ok(vec![Some(zeros.scatter_add(dim as i64, &index, grad)?)])
}

pub(super) static GATHER: Operation = Operation {
    name: "gather",
    category: "index",
    doc: "Elements along dim at the places that index names.",
    parameters: &[DIM, INDEX],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "gather",
            list: a,
        };
        let (x, index) = (a.tensor(0)?, a.tensor(2)?);
        let dim = wrap_dim(a.int(1)?, x.dim())?;
        check_index_type("gather", index)?;
        let (own, wanted) = (ranked_sizes(x), ranked_sizes(index));
        if index.numel() == 0 {
            return Ok(Tensor::full(index.sizes(), 0.0, x.dtype(), x.device())?.into());
        }
        if own.len() != wanted.len() {
            return Err(Error::Value(
                "Index tensor must have the same number of dimensions as input tensor".into(),
            ));
        }
        if let Some(d) = (0..own.len()).find(|&d| d != dim && wanted[d] > own[d]) {
            return Err(Error::Value(format!(
                "Size does not match at dimension {d} expected index {} to be no larger than self {} apart from dimension {dim}",
                python_list(&signed(index.sizes())),
                python_list(&signed(x.sizes()))
            )));
        }
        check_bounds(index, dim, own[dim])?;
        // Burn wants the other dimensions equal; PyTorch lets the index be smaller.
        let dtype = x.dtype().promote(DType::Int64);
        let p = kernels::cast(x.primitive(), x.dtype(), dtype, x.device());
        let p = kernels::slice(p, dtype, &window(&own, &wanted, dim));
        let p = if dtype.is_floating_point() {
            Dispatch::float_gather(dim, p, index.primitive())
        } else {
            Dispatch::int_gather(dim, p, index.primitive())
        };
        let p = kernels::cast(p, dtype, x.dtype(), x.device());
        Ok(Tensor::from_primitive(p, x.dtype(), x.device(), index.sizes().to_vec()).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "GatherBackward0",
        symbols: "∂L/∂x[index] += g",
        words: "Each gradient goes back to the place it was picked from.",
        saves: &[Saves::Input(1)],
        rule: |s| {
            let zeros = Tensor::full(s.sizes(0), 0.0, s.grad().dtype(), s.grad().device())?;
            let dim = s.argument(1).int().unwrap_or(0);
            Ok(vec![
                Some(zeros.scatter_add(dim, &s.input(1)?, s.grad())?),
                None,
            ])
        },
    }),
    samples: |s| {
        Ok(vec![vec![
            s.signed(&[3, 4])?,
            Argument::Int(1),
            s.indices(&[3, 2], 4)?,
        ]])
    },
};

pub(super) static SCATTER_ADD: Operation = Operation {
    name: "scatter_add",
    category: "index",
    doc: "Adds src along dim at the places that index names.",
    parameters: &[
        DIM,
        INDEX,
        Parameter {
            name: "src",
            kind: ValueKind::Tensor,
            default: None,
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "scatter_add",
            list: a,
        };
        let (x, index, src) = (a.tensor(0)?, a.tensor(2)?, a.tensor(3)?);
        let dim = wrap_dim(a.int(1)?, x.dim())?;
        check_index_type("scatter", index)?;
        if x.dtype() != src.dtype() {
            return Err(Error::Value(
                "scatter(): Expected self.dtype to be equal to src.dtype".into(),
            ));
        }
        if index.numel() == 0 {
            return Ok(x.copy_raw().into());
        }
        check_scatter(x, dim, index, src)?;
        // Burn wants the other dimensions and the two operands' sizes equal; PyTorch lets the index be smaller.
        let (own, wanted) = (ranked_sizes(x), ranked_sizes(index));
        let dtype = x.dtype().promote(DType::Int64);
        let cast = |t: &Tensor| kernels::cast(t.primitive(), t.dtype(), dtype, t.device());
        let ranges = window(&own, &wanted, dim);
        let all: Vec<(usize, usize)> = wanted.iter().map(|&size| (0, size)).collect();
        let (whole, added) = (cast(x), kernels::slice(cast(src), dtype, &all));
        let scatter = if dtype.is_floating_point() {
            Dispatch::float_scatter
        } else {
            Dispatch::int_scatter
        };
        let part = kernels::slice(whole.clone(), dtype, &ranges);
        let part = scatter(dim, part, index.primitive(), added, IndexingUpdateOp::Add);
        let p = kernels::slice_assign(whole, dtype, &ranges, part);
        let p = kernels::cast(p, dtype, x.dtype(), x.device());
        Ok(Tensor::from_primitive(p, x.dtype(), x.device(), x.sizes().to_vec()).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ScatterAddBackward0",
        symbols: "∂L/∂x = g,  ∂L/∂src = g[index]",
        words: "What was added gets the gradient of the place it went to.",
        saves: &[Saves::Input(1)],
        rule: |s| {
            let dim = s.argument(1).int().unwrap_or(0);
            let picked = s
                .needs(2)
                .then(|| s.grad().gather(dim, &s.input(1)?))
                .transpose()?;
            Ok(vec![Some(s.grad().clone()), None, picked])
        },
    }),
    samples: |s| {
        Ok(vec![vec![
            s.signed(&[3, 4])?,
            Argument::Int(1),
            s.indices(&[3, 2], 4)?,
            s.signed(&[3, 2])?,
        ]])
    },
};

fn check_index_type(op: &str, index: &Tensor) -> Result<()> {
    if index.dtype() == DType::Int64 {
        return Ok(());
    }
    Err(Error::Value(format!(
        "{op}(): Expected dtype int32/int64 for index"
    )))
}

/// Sizes with a scalar as `[1]`, which is how indexing sees it.
fn ranked_sizes(t: &Tensor) -> Vec<usize> {
    if t.dim() == 0 {
        vec![1]
    } else {
        t.sizes().to_vec()
    }
}

/// The part that an index of sizes `wanted` can reach: all of `dim`, and as much of the other dimensions as it has.
fn window(own: &[usize], wanted: &[usize], dim: usize) -> Vec<(usize, usize)> {
    (0..own.len())
        .map(|d| (0, if d == dim { own[d] } else { wanted[d] }))
        .collect()
}

fn check_scatter(x: &Tensor, dim: usize, index: &Tensor, src: &Tensor) -> Result<()> {
    let (own, wanted, given) = (ranked_sizes(x), ranked_sizes(index), ranked_sizes(src));
    for (name, rank) in [("self", own.len()), ("src", given.len())] {
        if rank != wanted.len() {
            return Err(Error::Value(format!(
                "Index tensor must have the same number of dimensions as {name} tensor"
            )));
        }
    }
    if (0..own.len()).any(|d| d != dim && wanted[d] > own[d] || wanted[d] > given[d]) {
        return Err(Error::Value(format!(
            "Expected index {} to be no larger than self {} apart from dimension {dim} and to be no larger size than src {}",
            python_list(&signed(index.sizes())),
            python_list(&signed(x.sizes())),
            python_list(&signed(src.sizes()))
        )));
    }
    check_bounds(index, dim, own[dim])
}

/// On the CPU a wrong index raises at once. On a GPU the check would need a read; Burn's kernels stay in bounds there.
pub(super) fn check_bounds(index: &Tensor, dim: usize, size: usize) -> Result<()> {
    for &found in index.host_integers().iter().flatten() {
        if !(0..size as i64).contains(&found) {
            return Err(Error::Index {
                index: found,
                dim,
                size,
            });
        }
    }
    Ok(())
}

methods! {
    /// `torch.select(self, dim, index)`
    select => SELECT(dim: i64, index: i64);
    /// `torch.narrow(self, dim, start, length)`
    narrow => NARROW(dim: i64, start: i64, length: i64);
    /// `torch.gather(self, dim, index)`
    gather => GATHER(dim: i64, index: &Tensor);
    /// `torch.scatter_add(self, dim, index, src)`
    scatter_add => SCATTER_ADD(dim: i64, index: &Tensor, src: &Tensor);
}
