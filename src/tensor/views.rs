//! Views: other layouts on the same storage, without history. The recorded operations in `ops` are made of these.

use super::{Tensor, kernels};
use crate::Device;
use crate::error::{Error, Result};
use crate::tensor::DType;
use crate::tensor::layout::infer_shape;

impl Tensor {
    pub(crate) fn view_raw(&self, shape: &[i64]) -> Result<Self> {
        let sizes = infer_shape(shape, self.numel())?;
        match self.layout().viewed(&sizes) {
            Some(layout) => Ok(self.alias(layout)),
            None => Err(Error::NotViewable),
        }
    }

    /// A view where that is possible, else a copy.
    pub(crate) fn reshape_raw(&self, shape: &[i64]) -> Result<Self> {
        let sizes = infer_shape(shape, self.numel())?;
        if let Some(layout) = self.layout().viewed(&sizes) {
            return Ok(self.alias(layout));
        }
        let p = kernels::reshape(self.primitive(), self.dtype(), &sizes);
        Ok(Self::from_primitive(p, self.dtype(), self.device(), sizes))
    }

    /// A row-major copy on its own storage.
    pub(crate) fn copy_raw(&self) -> Self {
        // Burn's primitives are copied when written while shared, so that a clone of the handle is a copy of the elements.
        Self::from_primitive(
            self.primitive(),
            self.dtype(),
            self.device(),
            self.sizes().to_vec(),
        )
    }

    pub(crate) fn cast_raw(&self, dtype: DType) -> Result<Self> {
        super::create::check_dtype(dtype, self.device())?;
        if dtype == self.dtype() {
            return Ok(self.detach());
        }
        let p = kernels::cast(self.primitive(), self.dtype(), dtype, self.device());
        Ok(Self::from_primitive(
            p,
            dtype,
            self.device(),
            self.sizes().to_vec(),
        ))
    }

    /// The same elements on another device; the same tensor where it already is.
    ///
    /// # Errors
    /// The device lacks the type, or the elements could not be read.
    pub async fn to_device(&self, device: Device) -> Result<Self> {
        if device == self.device() {
            return Ok(self.clone());
        }
        super::create::check_dtype(self.dtype(), device)?;
        // Through the host: a browser cannot copy between two devices, and ints differ in width.
        let values = self.to_vec().await?;
        Self::from_f64(values, self.sizes(), self.dtype(), device)
    }
}
