//! Several tensors sent to a device together: on a GPU each sending interrupts the row of kernels that are handed over at once.

use super::Tensor;
use crate::Device;
use crate::error::Result;

/// A tensor to be: its elements in row-major order and its sizes.
pub(crate) enum Upload {
    /// float32
    Floats(Vec<f32>, Vec<usize>),
    /// int64
    Integers(Vec<i64>, Vec<usize>),
}

/// Makes the tensors, in the order given.
///
/// # Errors
/// The number of elements does not fit the sizes, or an integer the device.
pub(crate) fn upload(parts: Vec<Upload>, device: Device) -> Result<Vec<Tensor>> {
    #[cfg(feature = "gpu")]
    if parts.len() > 1
        && !device.is_cpu()
        && device.narrow_integers()
        && let Some(like) = gpu::any_tensor(device)
    {
        for part in &parts {
            match part {
                Upload::Floats(values, sizes) => super::create::check_count(values.len(), sizes)?,
                Upload::Integers(values, sizes) => {
                    super::create::check_count(values.len(), sizes)?;
                    super::check_integers(values, device)?;
                }
            }
        }
        return Ok(gpu::upload(parts, &like, device));
    }
    parts
        .into_iter()
        .map(|part| match part {
            Upload::Floats(values, sizes) => Tensor::from_f32(values, &sizes, device),
            Upload::Integers(values, sizes) => Tensor::from_i64(&values, &sizes, device),
        })
        .collect()
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::{Device, Tensor, Upload};
    use crate::tensor::{DType, kernels};
    use burn::backend::{BackendTensor, DispatchTensor, DispatchTensorKind};
    use burn::tensor::{DType as Element, Shape};
    use burn_cubecl::cubecl::bytes::Bytes;
    use burn_cubecl::cubecl::server::MemoryLayoutDescriptor;
    use burn_cubecl::tensor::CubeTensor;

    /// A tensor of the device, for what it knows of it; `None` where it is no device of ours to speak to.
    pub(super) fn any_tensor(device: Device) -> Option<DispatchTensor> {
        let like = kernels::unwritten(device);
        matches!(
            &like.kind,
            DispatchTensorKind::Cube(BackendTensor::Float(_))
        )
        .then_some(like)
    }

    /// One allocation, and one interruption, for all.
    pub(super) fn upload(parts: Vec<Upload>, like: &DispatchTensor, device: Device) -> Vec<Tensor> {
        let DispatchTensorKind::Cube(BackendTensor::Float(known)) = &like.kind else {
            return vec![];
        };
        let mut sizes = vec![];
        let mut described = vec![];
        for part in parts {
            let (bytes, shape) = match part {
                Upload::Floats(values, of) => {
                    sizes.push((of.clone(), DType::Float32));
                    (Bytes::from_elems(values), of)
                }
                Upload::Integers(values, of) => {
                    sizes.push((of.clone(), DType::Int64));
                    let narrow: Vec<i32> = values.into_iter().map(|v| v as i32).collect();
                    (Bytes::from_elems(narrow), of)
                }
            };
            described.push((
                MemoryLayoutDescriptor::contiguous(Shape::from(shape), size_of::<f32>()),
                bytes,
            ));
        }
        let made = known.client.create_tensors(described);
        made.into_iter()
            .zip(sizes)
            .map(|(layout, (sizes, dtype))| {
                let shape = Shape::from(sizes.clone());
                let element = match dtype {
                    DType::Int64 => Element::I32,
                    _ => Element::F32,
                };
                let tensor = CubeTensor::new_contiguous(
                    known.client.clone(),
                    known.device.clone(),
                    shape,
                    layout.memory,
                    element,
                );
                let held = match dtype {
                    DType::Int64 => BackendTensor::Int(tensor),
                    _ => BackendTensor::Float(tensor),
                };
                let primitive = DispatchTensor {
                    kind: DispatchTensorKind::Cube(held),
                    autodiff: like.autodiff,
                };
                Tensor::from_primitive(primitive, dtype, device, sizes)
            })
            .collect()
    }
}
