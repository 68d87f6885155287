//! Other sizes, the same elements: views where PyTorch makes views, and the gradients that go back through them.

use super::argument::Arguments;
use super::methods::methods;
use super::{Argument, Computed, Derivative, Gradient, Operation, Parameter, Reads};
use crate::error::{Error, Result, signed};
use crate::tensor::Tensor;
use crate::tensor::layout::wrap_dim;
use kindling_protocol::ValueKind;

const SHAPE: Parameter = Parameter {
    name: "shape",
    kind: ValueKind::IntList,
    default: None,
};
const DIM: Parameter = Parameter {
    name: "dim",
    kind: ValueKind::Int,
    default: None,
};
const BACK: &str = "The gradient is put back into the input's shape.";

pub(super) static RESHAPE: Operation = Operation {
    name: "reshape",
    category: "shape",
    doc: "The same elements in another shape; a view where that needs no copy. One size may be -1.",
    parameters: &[SHAPE],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "reshape",
            list: a,
        };
        Ok(a.tensor(0)?.reshape_raw(a.ints(1)?)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ViewBackward0",
        symbols: "∂L/∂x = g in x's shape",
        words: BACK,
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().reshape(&signed(s.sizes(0)))?)]),
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 6])?, Argument::Ints(vec![3, -1])]]),
};

pub(super) static VIEW: Operation = Operation {
    name: "view",
    category: "shape",
    doc: "The same elements in another shape, never copied.",
    parameters: &[SHAPE],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "view",
            list: a,
        };
        Ok(a.tensor(0)?.view_raw(a.ints(1)?)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ViewBackward0",
        symbols: "∂L/∂x = g in x's shape",
        words: BACK,
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().reshape(&signed(s.sizes(0)))?)]),
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 6])?, Argument::Ints(vec![12])]]),
};

pub(super) static FLATTEN: Operation = Operation {
    name: "flatten",
    category: "shape",
    doc: "Dimensions from start_dim to end_dim become one.",
    parameters: &[
        Parameter {
            name: "start_dim",
            kind: ValueKind::Int,
            default: Some("0"),
        },
        Parameter {
            name: "end_dim",
            kind: ValueKind::Int,
            default: Some("-1"),
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "flatten",
            list: a,
        };
        let x = a.tensor(0)?;
        let start = wrap_dim(a.optional_int(1).unwrap_or(0), x.dim())?;
        let end = wrap_dim(a.optional_int(2).unwrap_or(-1), x.dim())?;
        if start > end {
            return Err(Error::Value(
                "flatten() has invalid args: start_dim cannot come after end_dim".into(),
            ));
        }
        let mut shape = signed(&x.sizes()[..start.min(x.dim())]);
        shape.push(-1);
        shape.extend(signed(x.sizes().get(end + 1..).unwrap_or(&[])));
        Ok(x.reshape(&shape)?.into())
    },
    gradient: Gradient::Composite,
    samples: |s| Ok(vec![vec![s.signed(&[2, 3, 2])?, Argument::Int(1)]]),
};

fn transpose(x: &Tensor, a: i64, b: i64) -> Result<Computed> {
    let (a, b) = (wrap_dim(a, x.dim())?, wrap_dim(b, x.dim())?);
    Ok(x.alias(x.layout().transposed(a, b)).into())
}

pub(super) static TRANSPOSE: Operation = Operation {
    name: "transpose",
    category: "shape",
    doc: "Two dimensions swapped; a view.",
    parameters: &[
        Parameter {
            name: "dim0",
            kind: ValueKind::Int,
            default: None,
        },
        Parameter {
            name: "dim1",
            kind: ValueKind::Int,
            default: None,
        },
    ],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "transpose",
            list: a,
        };
        transpose(a.tensor(0)?, a.int(1)?, a.int(2)?)
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "TransposeBackward0",
        symbols: "∂L/∂x = gᵀ",
        words: "The gradient is swapped back.",
        saves: &[],
        rule: |s| {
            let (a, b) = (
                s.argument(1).int().unwrap_or(0),
                s.argument(2).int().unwrap_or(1),
            );
            Ok(vec![Some(s.grad().transpose(a, b)?)])
        },
    }),
    samples: |s| {
        Ok(vec![vec![
            s.signed(&[2, 3, 4])?,
            Argument::Int(0),
            Argument::Int(-1),
        ]])
    },
};

pub(super) static T: Operation = Operation {
    name: "t",
    category: "shape",
    doc: "A matrix transposed; a view.",
    parameters: &[],
    reads: Reads::Nothing,
    forward: |a| {
        let x = Arguments { op: "t", list: a }.tensor(0)?;
        match x.dim() {
            0 | 1 => Ok(x.detach().into()),
            2 => transpose(x, 0, 1),
            rank => Err(Error::Value(format!(
                "t() expects a tensor with <= 2 dimensions, but self is {rank}D"
            ))),
        }
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "TBackward0",
        symbols: "∂L/∂x = gᵀ",
        words: "The gradient is transposed back.",
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().t()?)]),
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 3])?]]),
};

pub(super) static PERMUTE: Operation = Operation {
    name: "permute",
    category: "shape",
    doc: "Dimensions in the order of dims; a view.",
    parameters: &[Parameter {
        name: "dims",
        kind: ValueKind::IntList,
        default: None,
    }],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "permute",
            list: a,
        };
        let (x, dims) = (a.tensor(0)?, a.ints(1)?);
        if dims.len() != x.dim() {
            return Err(Error::Value(format!(
                "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {} is not equal to len(dims) = {}",
                x.dim(),
                dims.len()
            )));
        }
        let axes = dims
            .iter()
            .map(|&d| wrap_dim(d, x.dim()))
            .collect::<Result<Vec<_>>>()?;
        if (0..x.dim()).any(|d| !axes.contains(&d)) {
            return Err(Error::Value(
                "permute(): duplicate dims are not allowed.".into(),
            ));
        }
        Ok(x.alias(x.layout().permuted(&axes)).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "PermuteBackward0",
        symbols: "∂L/∂x = g, dimensions put back",
        words: "The gradient's dimensions are put back in order.",
        saves: &[],
        rule: |s| {
            let dims = s.argument(1).ints().unwrap_or(&[]);
            let mut back = vec![0; dims.len()];
            for (to, &from) in dims.iter().enumerate() {
                back[wrap_dim(from, dims.len())?] = to as i64;
            }
            Ok(vec![Some(s.grad().permute(&back[..])?)])
        },
    }),
    samples: |s| {
        Ok(vec![vec![
            s.signed(&[2, 3, 4])?,
            Argument::Ints(vec![2, 0, 1]),
        ]])
    },
};

pub(super) static EXPAND: Operation = Operation {
    name: "expand",
    category: "shape",
    doc: "Dimensions of size 1 repeated without a copy; -1 keeps a size.",
    parameters: &[SHAPE],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "expand",
            list: a,
        };
        let x = a.tensor(0)?;
        Ok(x.alias(x.layout().expanded(a.ints(1)?)?).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "ExpandBackward0",
        symbols: "∂L/∂x = Σ g over the repeats",
        words: "An element used many times gets the sum of all its gradients.",
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().sum_to_size(s.sizes(0))?)]),
    }),
    samples: |s| {
        Ok(vec![vec![
            s.signed(&[3, 1])?,
            Argument::Ints(vec![2, -1, 4]),
        ]])
    },
};

pub(super) static UNSQUEEZE: Operation = Operation {
    name: "unsqueeze",
    category: "shape",
    doc: "A new dimension of size 1 at dim; a view.",
    parameters: &[DIM],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "unsqueeze",
            list: a,
        };
        let x = a.tensor(0)?;
        let dim = wrap_dim(a.int(1)?, x.dim() + 1)?;
        Ok(x.alias(x.layout().unsqueezed(dim)).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "UnsqueezeBackward0",
        symbols: "∂L/∂x = g without the new dimension",
        words: BACK,
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().reshape(&signed(s.sizes(0)))?)]),
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[2, 3])?, Argument::Int(1)],
            vec![s.signed(&[2])?, Argument::Int(-1)],
        ])
    },
};

pub(super) static SQUEEZE: Operation = Operation {
    name: "squeeze",
    category: "shape",
    doc: "Without dimensions of size 1, or without dim if it has size 1; a view.",
    parameters: &[Parameter {
        name: "dim",
        kind: ValueKind::Int,
        default: Some("None"),
    }],
    reads: Reads::Nothing,
    forward: |a| {
        let a = Arguments {
            op: "squeeze",
            list: a,
        };
        let x = a.tensor(0)?;
        let mut layout = x.layout().clone();
        let only = a
            .optional_int(1)
            .map(|d| wrap_dim(d, x.dim()))
            .transpose()?;
        for dim in (0..x.dim()).rev() {
            if layout.sizes[dim] == 1 && only.is_none_or(|d| d == dim) {
                layout = layout.squeezed(dim);
            }
        }
        Ok(x.alias(layout).into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |a| {
            if matches!(a.get(1), None | Some(Argument::None)) {
                "SqueezeBackward0"
            } else {
                "SqueezeBackward1"
            }
        },
        symbols: "∂L/∂x = g with the dimensions put back",
        words: BACK,
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().reshape(&signed(s.sizes(0)))?)]),
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[1, 3, 1])?],
            vec![s.signed(&[1, 3, 1])?, Argument::Int(0)],
        ])
    },
};

pub(super) static CLONE: Operation = Operation {
    name: "clone",
    category: "shape",
    doc: "A copy with its own storage.",
    parameters: &[],
    reads: Reads::Nothing,
    forward: |a| {
        Ok(Arguments {
            op: "clone",
            list: a,
        }
        .tensor(0)?
        .copy_raw()
        .into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "CloneBackward0",
        symbols: "∂L/∂x = g",
        words: "A copy hands the gradient on unchanged.",
        saves: &[],
        rule: |s| Ok(vec![Some(s.grad().clone())]),
    }),
    samples: |s| Ok(vec![vec![s.signed(&[2, 3])?]]),
};

methods! {
    /// `tensor.reshape(shape)`
    reshape => RESHAPE(shape: &[i64]);
    /// `tensor.view(shape)`
    view => VIEW(shape: &[i64]);
    /// `torch.flatten(self, start_dim, end_dim)`
    flatten => FLATTEN(start_dim: i64, end_dim: i64);
    /// `torch.transpose(self, dim0, dim1)`
    transpose => TRANSPOSE(dim0: i64, dim1: i64);
    /// `tensor.t()`
    t => T();
    /// `tensor.permute(dims)`
    permute => PERMUTE(dims: &[i64]);
    /// `tensor.expand(sizes)`
    expand => EXPAND(sizes: &[i64]);
    /// `tensor.unsqueeze(dim)`
    unsqueeze => UNSQUEEZE(dim: i64);
    /// `tensor.squeeze(dim)`
    squeeze => SQUEEZE(dim: Option<i64>);
    /// `tensor.clone()`: a copy of the elements, where `Clone::clone` gives another handle.
    copy => CLONE();
}
