//! Reading elements back to the host. In a browser a GPU answers later, so every read is awaited.

use super::{Tensor, kernels};
use crate::error::{Error, Result};

impl Tensor {
    /// The elements in row-major order; truth values as 0 and 1.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn to_vec(&self) -> Result<Vec<f64>> {
        let read = Self::read_all(std::slice::from_ref(self)).await?;
        Ok(read.into_iter().next().unwrap_or_default())
    }

    /// float32 elements in row-major order.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn to_vec_f32(&self) -> Result<Vec<f32>> {
        Ok(self.to_vec().await?.into_iter().map(|v| v as f32).collect())
    }

    /// `tensor.item()`
    ///
    /// # Errors
    /// There is more than one element, or the device is gone.
    pub async fn item(&self) -> Result<f64> {
        if self.numel() != 1 {
            return Err(Error::NotScalar {
                numel: self.numel(),
            });
        }
        Ok(self.to_vec().await?[0])
    }

    /// Reads several tensors of one device with one wait.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn read_all(tensors: &[Self]) -> Result<Vec<Vec<f64>>> {
        // Burn hands results back kind by kind in the order of registration, whatever the kinds.
        let Some(first) = tensors.first() else {
            return Ok(vec![]);
        };
        let primitives = tensors.iter().map(|t| (t.primitive(), t.dtype())).collect();
        kernels::read(primitives, first.device()).await
    }
}

impl Tensor {
    /// Whole numbers that lie on the CPU, where reading does not wait; `None` elsewhere.
    pub(crate) fn host_integers(&self) -> Option<Vec<i64>> {
        use futures_util::FutureExt as _;
        if !self.device().is_cpu() {
            return None;
        }
        let values = self.to_vec().now_or_never()?.ok()?;
        Some(values.into_iter().map(|v| v as i64).collect())
    }
}
