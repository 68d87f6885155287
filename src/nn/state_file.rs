//! State dicts as safetensors files, which PyTorch loads (`safetensors.torch.load_file`) and which checkpoints are made of.

use crate::Device;
use crate::tensor::{DType, Tensor};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::HashMap;

/// A file that cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StateFileError(String);

/// Reads the tensors, all with one wait per device, and writes them with `metadata` into one file.
///
/// # Errors
/// The device is gone.
pub async fn save(
    tensors: &[(String, Tensor)],
    metadata: HashMap<String, String>,
) -> crate::Result<Vec<u8>> {
    let mut elements: Vec<Vec<f64>> = vec![vec![]; tensors.len()];
    let on_cpu = |t: &Tensor| t.device().is_cpu();
    for cpu in [false, true] {
        let places: Vec<usize> = (0..tensors.len())
            .filter(|&i| on_cpu(&tensors[i].1) == cpu)
            .collect();
        let wanted: Vec<Tensor> = places.iter().map(|&i| tensors[i].1.clone()).collect();
        for (place, values) in places.into_iter().zip(Tensor::read_all(&wanted).await?) {
            elements[place] = values;
        }
    }
    let bytes: Vec<(Dtype, Vec<u8>)> = tensors
        .iter()
        .zip(elements)
        .map(|((_, tensor), values)| match tensor.dtype() {
            DType::Float32 => (
                Dtype::F32,
                values
                    .iter()
                    .flat_map(|&v| (v as f32).to_le_bytes())
                    .collect(),
            ),
            DType::Float64 => (
                Dtype::F64,
                values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            ),
            DType::Int64 => (
                Dtype::I64,
                values
                    .iter()
                    .flat_map(|&v| (v as i64).to_le_bytes())
                    .collect(),
            ),
            DType::Bool => (
                Dtype::BOOL,
                values.iter().map(|&v| u8::from(v != 0.0)).collect(),
            ),
        })
        .collect();
    let failed = |e: safetensors::SafeTensorError| {
        crate::Error::Value(format!("The state cannot be written: {e}"))
    };
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|((name, tensor), (dtype, bytes))| {
            Ok((
                name.clone(),
                TensorView::new(*dtype, tensor.sizes().to_vec(), bytes).map_err(failed)?,
            ))
        })
        .collect::<crate::Result<Vec<_>>>()?;
    safetensors::serialize(views, Some(metadata)).map_err(failed)
}

/// A file's tensors and its metadata.
pub struct Loaded {
    /// By name.
    pub tensors: Vec<(String, Tensor)>,
    /// What the writer noted.
    pub metadata: HashMap<String, String>,
}

/// Reads a file back, onto `device`; whole numbers stay on the CPU, as the modules keep them.
///
/// # Errors
/// The bytes are no safetensors file, or hold a type the engine has not.
pub fn load(bytes: &[u8], device: Device) -> Result<Loaded, StateFileError> {
    let unreadable = |e: String| StateFileError(format!("no safetensors file of ours: {e}"));
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| unreadable(e.to_string()))?;
    let file = SafeTensors::deserialize(bytes).map_err(|e| unreadable(e.to_string()))?;
    let mut tensors = vec![];
    for (name, view) in file.tensors() {
        let data = view.data();
        let tensor = match view.dtype() {
            Dtype::F32 => Tensor::from_f32(numbers(data, f32::from_le_bytes), view.shape(), device),
            Dtype::I64 => Tensor::from_i64(
                &numbers(data, i64::from_le_bytes),
                view.shape(),
                Device::CPU,
            ),
            other => return Err(unreadable(format!("{name} holds {other:?}"))),
        };
        tensors.push((name, tensor.map_err(|e| unreadable(e.to_string()))?));
    }
    Ok(Loaded {
        tensors,
        metadata: header.metadata().clone().unwrap_or_default(),
    })
}

fn numbers<T, const N: usize>(data: &[u8], read: fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks::<N>().0.iter().map(|&c| read(c)).collect()
}
