//! The product of two float matrices: Burn's kernel, or ours where the bench shows that Burn's loses.

mod host;
#[cfg(feature = "gpu")]
pub(super) mod tiles;

use crate::device::Device;
use crate::tensor::kernels::Primitive;
use burn::backend::flex::FlexTensor;
use burn::backend::ops::{ActivationOps, FloatTensorOps};
use burn::backend::{BackendTensor, Dispatch, DispatchTensorKind};
use burn::tensor::{DType, Shape, TensorData};

/// What is done to each element of a product before it is written.
#[derive(Clone, Copy)]
pub(super) enum After<'a> {
    Nothing,
    /// `relu`
    Relu,
    /// Kept where this result of a `relu` is positive, else 0: the gradient of its input.
    Where(&'a Primitive),
}

/// `bias + a · b` of matrices in whatever strides; `bias` has two sizes that broadcast to the product's.
///
/// - On the CPU the result's memory is made once, with a bias of one row already in it.
/// - Burn's GPU kernels keep tiles in memory that the units of a workgroup share, and wait for each other at barriers, which
///   pays on a GPU; a software adapter has neither the memory nor the width and loses nine tenths of its time with them
///   (docs/measurements.md).
pub(super) fn float_product(
    a: Primitive,
    b: Primitive,
    bias: Option<Primitive>,
    after: After<'_>,
    device: Device,
) -> Primitive {
    if device.is_cpu()
        && let Some(made) = host::product(&a, &b, bias.as_ref(), after)
    {
        return made;
    }
    #[cfg(feature = "gpu")]
    if device.is_software()
        && let Some(made) = tiles::product(&a, &b, bias.as_ref(), after)
    {
        return made;
    }
    finished(Dispatch::float_matmul(a, b), bias, after)
}

/// `a · b` and the sum of each row of `a`, where they are made in one pass.
#[cfg_attr(not(feature = "gpu"), allow(unused_variables))]
pub(super) fn float_product_and_row_sums(
    a: &Primitive,
    b: &Primitive,
    device: Device,
) -> Option<(Primitive, Primitive)> {
    #[cfg(feature = "gpu")]
    if device.is_software() {
        return tiles::product_and_row_sums(a, b);
    }
    None
}

fn finished(product: Primitive, bias: Option<Primitive>, after: After<'_>) -> Primitive {
    let sum = match bias {
        Some(bias) => Dispatch::float_add(product, bias),
        None => product,
    };
    match after {
        After::Nothing => sum,
        After::Relu => Dispatch::relu(sum),
        After::Where(mask) => Dispatch::relu_backward(mask.clone(), sum),
    }
}

/// The tensor in the CPU's memory, if it is one of 32-bit floats.
pub(super) fn on_host(p: &Primitive) -> Option<&FlexTensor> {
    match &p.kind {
        DispatchTensorKind::Flex(BackendTensor::Float(t)) if t.dtype() == DType::F32 => Some(t),
        _ => None,
    }
}

/// These elements in the CPU's memory, in row-major order, in the same graph of Burn's as `like`, which is none.
pub(super) fn in_memory(elements: Vec<f32>, sizes: Vec<usize>, like: &Primitive) -> Primitive {
    let made = FlexTensor::from_data(TensorData::new(elements, Shape::from(sizes)));
    Primitive {
        kind: DispatchTensorKind::Flex(BackendTensor::Float(made)),
        autodiff: like.autodiff,
    }
}
