//! Burn's rank-free primitives behind functions that know the element type: the only calls into Burn that `tensor` makes.
//!
//! A scalar is held as a primitive of shape `[1]`, since Burn's kernels want at least one dimension.

use super::dtype::DType;
use crate::Device;
use crate::error::{Error, Result};
use burn::backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps, TransactionPrimitive};
use burn::backend::{Dispatch, DispatchTensor, TensorMetadata as _, TensorPrimitive};
use burn::tensor::{Shape, Slice, TensorData};

/// A tensor of Burn's, on any device, of any rank.
pub(crate) type Primitive = DispatchTensor;

/// The shape a primitive has for these sizes.
pub(crate) fn shape(sizes: &[usize]) -> Shape {
    if sizes.is_empty() {
        Shape::from(vec![1])
    } else {
        Shape::from(sizes.to_vec())
    }
}

macro_rules! by_kind {
    ($dtype:expr, $float:expr, $int:expr, $bool:expr) => {
        match $dtype {
            DType::Float32 | DType::Float64 => $float,
            DType::Int64 => $int,
            DType::Bool => $bool,
        }
    };
}

pub(crate) fn reshape(p: Primitive, dtype: DType, sizes: &[usize]) -> Primitive {
    let to = shape(sizes);
    if p.shape() == to {
        return p;
    }
    by_kind!(
        dtype,
        Dispatch::float_reshape(p, to),
        Dispatch::int_reshape(p, to),
        Dispatch::bool_reshape(p, to)
    )
}

pub(crate) fn permute(p: Primitive, dtype: DType, axes: &[usize]) -> Primitive {
    if axes.is_sorted() {
        return p;
    }
    by_kind!(
        dtype,
        Dispatch::float_permute(p, axes),
        Dispatch::int_permute(p, axes),
        Dispatch::bool_permute(p, axes)
    )
}

pub(crate) fn expand(p: Primitive, dtype: DType, sizes: &[usize]) -> Primitive {
    let to = shape(sizes);
    if p.shape() == to {
        return p;
    }
    by_kind!(
        dtype,
        Dispatch::float_expand(p, to),
        Dispatch::int_expand(p, to),
        Dispatch::bool_expand(p, to)
    )
}

fn slices(ranges: &[(usize, usize)]) -> Vec<Slice> {
    ranges
        .iter()
        .map(|&(start, length)| Slice {
            start: start as isize,
            end: Some((start + length) as isize),
            step: 1,
        })
        .collect()
}

/// Whether the ranges take in everything, so that there is nothing to copy.
fn is_whole(p: &Primitive, ranges: &[(usize, usize)]) -> bool {
    let lengths: Vec<usize> = ranges.iter().map(|r| r.1).collect();
    ranges.iter().all(|r| r.0 == 0) && p.shape() == Shape::from(lengths)
}

/// `ranges`: start and length along each dimension.
pub(crate) fn slice(p: Primitive, dtype: DType, ranges: &[(usize, usize)]) -> Primitive {
    if is_whole(&p, ranges) {
        return p;
    }
    let s = slices(ranges);
    by_kind!(
        dtype,
        Dispatch::float_slice(p, &s),
        Dispatch::int_slice(p, &s),
        Dispatch::bool_slice(p, &s)
    )
}

pub(crate) fn slice_assign(
    p: Primitive,
    dtype: DType,
    ranges: &[(usize, usize)],
    values: Primitive,
) -> Primitive {
    if is_whole(&p, ranges) {
        return values;
    }
    let s = slices(ranges);
    by_kind!(
        dtype,
        Dispatch::float_slice_assign(p, &s, values),
        Dispatch::int_slice_assign(p, &s, values),
        Dispatch::bool_slice_assign(p, &s, values)
    )
}

/// `torch.index_select`.
pub(crate) fn select(p: Primitive, dtype: DType, dim: usize, index: Primitive) -> Primitive {
    by_kind!(
        dtype,
        Dispatch::float_select(p, dim, index),
        Dispatch::int_select(p, dim, index),
        Dispatch::bool_select(p, dim, index)
    )
}

/// A flat primitive with the elements at `index` replaced by `values`. The places must be distinct.
pub(crate) fn put(
    flat: Primitive,
    dtype: DType,
    index: Primitive,
    values: Primitive,
    device: Device,
) -> Primitive {
    use burn::tensor::IndexingUpdateOp::Add;
    match dtype {
        // Burn's scatter adds, so that what is to be replaced is taken away first.
        DType::Float32 | DType::Float64 => {
            let old = Dispatch::float_select(flat.clone(), 0, index.clone());
            Dispatch::float_select_assign(flat, 0, index, Dispatch::float_sub(values, old), Add)
        }
        DType::Int64 => {
            let old = Dispatch::int_select(flat.clone(), 0, index.clone());
            Dispatch::int_select_assign(flat, 0, index, Dispatch::int_sub(values, old), Add)
        }
        DType::Bool => {
            let as_int = |p| Dispatch::bool_into_int(p, device.int_dtype());
            let changed = put(as_int(flat), DType::Int64, index, as_int(values), device);
            Dispatch::int_not_equal_elem(changed, 0.into(), device.bool_dtype())
        }
    }
}

/// Element type conversion.
pub(crate) fn cast(p: Primitive, from: DType, to: DType, device: Device) -> Primitive {
    use DType::{Bool, Float32, Float64, Int64};
    match (from, to) {
        _ if from == to => p,
        (Float32 | Float64, Float32 | Float64) => Dispatch::float_cast(p, device.float_dtype(to)),
        (Float32 | Float64, Int64) => Dispatch::float_into_int(p, device.int_dtype()),
        (Float32 | Float64, Bool) => {
            Dispatch::float_not_equal_elem(p, 0.0.into(), device.bool_dtype())
        }
        (Int64, Float32 | Float64) => Dispatch::int_into_float(p, device.float_dtype(to)),
        (Int64, Bool) => Dispatch::int_not_equal_elem(p, 0.into(), device.bool_dtype()),
        (Bool, Float32 | Float64) => Dispatch::bool_into_float(p, device.float_dtype(to)),
        (Bool, Int64) => Dispatch::bool_into_int(p, device.int_dtype()),
        _ => p,
    }
}

/// Uploads float32 numbers.
pub(crate) fn float_from_host(values: Vec<f32>, sizes: &[usize], device: Device) -> Primitive {
    Dispatch::float_from_data(TensorData::new(values, shape(sizes)), &device.burn())
}

/// Uploads float64 numbers as the given type.
pub(crate) fn double_from_host(values: Vec<f64>, sizes: &[usize], device: Device) -> Primitive {
    Dispatch::float_from_data(TensorData::new(values, shape(sizes)), &device.burn())
}

/// Uploads whole numbers, in 32 bits where the device has no 64. The caller has checked their range.
pub(crate) fn int_from_host(values: &[i64], sizes: &[usize], device: Device) -> Primitive {
    let data = if device.narrow_integers() {
        TensorData::new(
            values.iter().map(|&v| v as i32).collect::<Vec<_>>(),
            shape(sizes),
        )
    } else {
        TensorData::new(values.to_vec(), shape(sizes))
    };
    Dispatch::int_from_data(data, &device.burn())
}

/// Uploads truth values.
pub(crate) fn bool_from_host(values: Vec<bool>, sizes: &[usize], device: Device) -> Primitive {
    let data = TensorData::new(values, shape(sizes));
    let data = data.convert_dtype(burn::tensor::DType::Bool(device.bool_dtype()));
    Dispatch::bool_from_data(data, &device.burn())
}

/// One float whose value is not written yet.
#[cfg(feature = "gpu")]
pub(crate) fn unwritten(device: Device) -> Primitive {
    Dispatch::float_empty(
        Shape::from(vec![1]),
        &device.burn(),
        device.float_dtype(DType::Float32),
    )
}

/// A primitive filled with one number.
pub(crate) fn full(sizes: &[usize], value: f64, dtype: DType, device: Device) -> Primitive {
    let (to, on) = (shape(sizes), device.burn());
    by_kind!(
        dtype,
        Dispatch::float_full(to, value.into(), &on, device.float_dtype(dtype)),
        Dispatch::int_full(to, (value as i64).into(), &on, device.int_dtype()),
        {
            let ints = Dispatch::int_full(to, (value as i64).into(), &on, device.int_dtype());
            Dispatch::int_not_equal_elem(ints, 0.into(), device.bool_dtype())
        }
    )
}

/// Reads primitives together: one wait for all of them. Truth values come as 0 and 1.
pub(crate) async fn read(
    primitives: Vec<(Primitive, DType)>,
    device: Device,
) -> Result<Vec<Vec<f64>>> {
    let mut transaction = TransactionPrimitive::<Dispatch>::default();
    for (primitive, dtype) in primitives {
        by_kind!(
            dtype,
            transaction.register_float(TensorPrimitive::Float(primitive)),
            transaction.register_int(primitive),
            transaction.register_bool(primitive)
        );
    }
    let failed = |reason: String| Error::Read {
        device: device.to_string(),
        reason,
    };
    let data = transaction
        .execute_async()
        .await
        .map_err(|e| failed(e.to_string()))?;
    data.into_iter()
        .map(|one| {
            one.convert::<f64>()
                .try_into_vec::<f64>()
                .map_err(|e| failed(format!("{e:?}")))
        })
        .collect()
}
