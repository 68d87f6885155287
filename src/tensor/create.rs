//! Making tensors from numbers on the host.

use super::layout::count;
use super::{DType, Tensor, kernels};
use crate::Device;
use crate::error::{Error, Result};

impl Tensor {
    /// float32 elements in row-major order; `values` must hold as many as the sizes multiply to.
    ///
    /// # Errors
    /// The number of elements does not fit the sizes.
    pub fn from_f32(values: Vec<f32>, sizes: &[usize], device: Device) -> Result<Self> {
        check_count(values.len(), sizes)?;
        let p = kernels::float_from_host(values, sizes, device);
        Ok(Self::from_primitive(
            p,
            DType::Float32,
            device,
            sizes.to_vec(),
        ))
    }

    /// int64 elements in row-major order.
    ///
    /// # Errors
    /// The number of elements does not fit the sizes, or the device holds integers in 32 bits and a value does not fit.
    pub fn from_i64(values: &[i64], sizes: &[usize], device: Device) -> Result<Self> {
        check_count(values.len(), sizes)?;
        check_integers(values, device)?;
        let p = kernels::int_from_host(values, sizes, device);
        Ok(Self::from_primitive(
            p,
            DType::Int64,
            device,
            sizes.to_vec(),
        ))
    }

    /// Truth values in row-major order.
    ///
    /// # Errors
    /// The number of elements does not fit the sizes.
    pub fn from_bool(values: Vec<bool>, sizes: &[usize], device: Device) -> Result<Self> {
        check_count(values.len(), sizes)?;
        let p = kernels::bool_from_host(values, sizes, device);
        Ok(Self::from_primitive(p, DType::Bool, device, sizes.to_vec()))
    }

    /// float64 numbers converted to `dtype`, in row-major order.
    ///
    /// # Errors
    /// The number of elements does not fit the sizes, or the device lacks the type.
    pub fn from_f64(
        values: Vec<f64>,
        sizes: &[usize],
        dtype: DType,
        device: Device,
    ) -> Result<Self> {
        check_count(values.len(), sizes)?;
        check_dtype(dtype, device)?;
        match dtype {
            DType::Float32 => {
                Self::from_f32(values.iter().map(|&v| v as f32).collect(), sizes, device)
            }
            DType::Int64 => {
                let ints: Vec<i64> = values.iter().map(|&v| v as i64).collect();
                Self::from_i64(&ints, sizes, device)
            }
            DType::Bool => {
                Self::from_bool(values.iter().map(|&v| v != 0.0).collect(), sizes, device)
            }
            DType::Float64 => {
                let p = kernels::double_from_host(values, sizes, device);
                Ok(Self::from_primitive(p, dtype, device, sizes.to_vec()))
            }
        }
    }

    /// `torch.full(sizes, value, dtype=dtype)`
    ///
    /// # Errors
    /// The device lacks the type, or holds integers in 32 bits and the value does not fit.
    pub fn full(sizes: &[usize], value: f64, dtype: DType, device: Device) -> Result<Self> {
        check_dtype(dtype, device)?;
        if dtype == DType::Int64 {
            check_integers(&[value as i64], device)?;
        }
        let p = kernels::full(sizes, value, dtype, device);
        Ok(Self::from_primitive(p, dtype, device, sizes.to_vec()))
    }

    /// `torch.zeros(sizes)`, float32.
    ///
    /// # Errors
    /// None on a device at hand.
    pub fn zeros(sizes: &[usize], device: Device) -> Result<Self> {
        Self::full(sizes, 0.0, DType::Float32, device)
    }

    /// `torch.ones(sizes)`, float32.
    ///
    /// # Errors
    /// None on a device at hand.
    pub fn ones(sizes: &[usize], device: Device) -> Result<Self> {
        Self::full(sizes, 1.0, DType::Float32, device)
    }

    /// `torch.full_like(self, value)`
    ///
    /// # Errors
    /// None on a device at hand.
    pub fn full_like(&self, value: f64) -> Result<Self> {
        Self::full(self.sizes(), value, self.dtype(), self.device())
    }

    /// `torch.tensor(value)`: a scalar.
    ///
    /// # Errors
    /// The device lacks the type.
    pub fn scalar(value: f64, dtype: DType, device: Device) -> Result<Self> {
        Self::full(&[], value, dtype, device)
    }
}

/// Refuses whole numbers beyond 32 bits on a device that holds no more.
pub(crate) fn check_integers(values: &[i64], device: Device) -> Result<()> {
    let beyond = values.iter().find(|v| i32::try_from(**v).is_err());
    match beyond {
        Some(&value) if device.narrow_integers() => Err(Error::IntegerRange {
            value,
            device: device.to_string(),
        }),
        _ => Ok(()),
    }
}

pub(super) fn check_count(values: usize, sizes: &[usize]) -> Result<()> {
    if count(sizes) == Some(values) {
        return Ok(());
    }
    let shape = sizes.iter().map(|&s| s as i64).collect();
    Err(Error::InvalidShape {
        shape,
        numel: values,
    })
}

pub(super) fn check_dtype(dtype: DType, device: Device) -> Result<()> {
    if dtype == DType::Float64 && device.lacks_double() {
        return Err(Error::DTypeOnDevice {
            dtype: dtype.name(),
            device: device.to_string(),
            cure: "use float32, or the CPU",
        });
    }
    Ok(())
}
