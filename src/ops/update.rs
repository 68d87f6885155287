//! Changing elements in place: what optimizers and running statistics do. Outside `no_grad` PyTorch's rules for leaves hold.

use super::product::on_host;
use crate::autograd;
use crate::error::{Error, Result};
use crate::tensor::Tensor;
use crate::tensor::kernels::Primitive;
use burn::backend::flex::Layout;
use burn::backend::ops::FloatTensorOps;
use burn::backend::{BackendTensor, Dispatch, DispatchTensorKind};

/// Adds `alpha · by` to `old` in one pass through its own memory. False, with nothing done, where that cannot be: on another
/// device, for another element type, or while somebody else holds the memory.
fn add_on_host(old: &mut Primitive, by: &Primitive, alpha: f32) -> bool {
    let whole =
        |layout: &Layout, elements: usize| layout.contiguous_offsets() == Some((0, elements));
    if let (DispatchTensorKind::Flex(BackendTensor::Float(sum)), Some(by)) =
        (&mut old.kind, on_host(by))
        && sum.dtype() == burn::tensor::DType::F32
        && let Some(by) = by.as_slice::<f32>()
        && whole(sum.layout(), by.len())
        && let Some(sum) = sum.try_storage_mut::<f32>()
        && sum.len() == by.len()
    {
        for (sum, by) in sum.iter_mut().zip(by) {
            *sum += alpha * by;
        }
        return true;
    }
    false
}

impl Tensor {
    fn may_change_in_place(&self) -> Result<()> {
        if !autograd::is_grad_enabled() || !self.requires_grad() {
            return Ok(());
        }
        Err(if self.is_leaf() {
            Error::LeafInPlace
        } else {
            Error::HistoryInPlace
        })
    }

    fn changing_with(&self, op: &'static str, other: &Self) -> Result<Primitive> {
        self.may_change_in_place()?;
        if self.device() != other.device() {
            return Err(Error::Devices {
                first: self.device().to_string(),
                second: other.device().to_string(),
            });
        }
        if self.dtype() != other.dtype() || !self.dtype().is_floating_point() {
            return Err(Error::DType {
                op,
                dtype: other.dtype().scalar_name(),
            });
        }
        let target: Vec<i64> = self.sizes().iter().map(|&s| s as i64).collect();
        let layout = other.layout().expanded(&target)?;
        Ok(if layout == *other.layout() {
            other.primitive()
        } else {
            other.alias(layout).primitive()
        })
    }

    /// `self.add_(other, alpha=alpha)`
    ///
    /// # Errors
    /// A leaf that requires grad outside `no_grad`, or sizes that do not broadcast to this tensor's.
    pub fn add_(&self, other: &Self, alpha: f64) -> Result<()> {
        let by = self.changing_with("add_", other)?;
        self.replace(|mut old| {
            if add_on_host(&mut old, &by, alpha as f32) {
                old
            } else if alpha == 1.0 {
                Dispatch::float_add(old, by)
            } else {
                Dispatch::float_add(old, Dispatch::float_mul_scalar(by, alpha.into()))
            }
        });
        Ok(())
    }

    /// `self.mul_(factor)`
    ///
    /// # Errors
    /// A leaf that requires grad outside `no_grad`, or a type that is no float.
    pub fn mul_(&self, factor: f64) -> Result<()> {
        self.may_change_in_place()?;
        if !self.dtype().is_floating_point() {
            return Err(Error::DType {
                op: "mul_",
                dtype: self.dtype().scalar_name(),
            });
        }
        self.replace(|old| Dispatch::float_mul_scalar(old, factor.into()));
        Ok(())
    }

    /// `self.copy_(other)`
    ///
    /// # Errors
    /// A leaf that requires grad outside `no_grad`, or sizes that do not broadcast to this tensor's.
    pub fn copy_(&self, other: &Self) -> Result<()> {
        let by = self.changing_with("copy_", other)?;
        self.replace(|_| by);
        Ok(())
    }
}
