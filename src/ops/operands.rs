//! How the operands of a pointwise operation meet: the element type they share, their ranks, samples of them.

use super::{Argument, Parameter, Samples};
use crate::Device;
use crate::error::Result;
use crate::tensor::kernels::{self, Primitive};
use crate::tensor::{DType, Tensor, check_integers};
use burn::tensor::Scalar;
use kindling_protocol::ValueKind;

pub(super) const OTHER: Parameter = Parameter {
    name: "other",
    kind: ValueKind::Tensor,
    default: None,
};

/// The type two operands compute in. A scalar tensor gives way to one with dimensions of the same category, as in PyTorch.
pub(super) fn common_dtype(a: &Tensor, b: &Tensor) -> DType {
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
pub(super) fn dtype_with(tensor: &Tensor, number: &Argument) -> DType {
    match number {
        Argument::Scalar(_) if !tensor.dtype().is_floating_point() => DType::Float32,
        Argument::Int(_) => tensor.dtype().promote(DType::Int64),
        _ => tensor.dtype(),
    }
}

/// The type a function of floats computes in: whole numbers and truth values become float32, as in PyTorch.
pub(super) fn computed_in(dtype: DType) -> DType {
    if dtype.is_floating_point() {
        dtype
    } else {
        DType::Float32
    }
}

/// A whole number as an operand on `device`.
///
/// # Errors
/// The device holds whole numbers in 32 bits and this one does not fit.
pub(super) fn whole(value: i64, device: Device) -> Result<Scalar> {
    check_integers(&[value], device)?;
    Ok(value.into())
}

/// A primitive with leading dimensions of 1 up to `rank`, for Burn's broadcasting.
pub(super) fn ranked(tensor: &Tensor, dtype: DType, rank: usize) -> Primitive {
    let p = kernels::cast(tensor.primitive(), tensor.dtype(), dtype, tensor.device());
    let mut sizes = vec![1; rank - tensor.dim()];
    sizes.extend_from_slice(tensor.sizes());
    kernels::reshape(p, dtype, &sizes)
}

/// Two tensors of one shape, two that broadcast, a tensor and a number.
pub(super) fn pairs(s: &mut Samples) -> Result<Vec<Vec<Argument>>> {
    Ok(vec![
        vec![s.signed(&[2, 3])?, s.signed(&[2, 3])?],
        vec![s.signed(&[4, 1, 3])?, s.signed(&[2, 1])?],
        vec![s.signed(&[5])?, Argument::Scalar(-1.5)],
    ])
}
