//! Modules, layers and losses with PyTorch's names, parameters and printed form.

mod activation;
mod batch_norm;
mod dropout;
mod linear;
mod module;
mod sequential;
pub mod state_file;

pub use crate::ops::Reduction;
pub use activation::{ReLU, Sigmoid, Tanh};
pub use batch_norm::BatchNorm1d;
pub use dropout::Dropout;
pub use linear::Linear;
pub use module::{Forward, Module, NamedTensor, SharedGenerator, load_state_dict, shared};
pub use sequential::Sequential;

use crate::error::Result;
use crate::tensor::Tensor;

/// `nn.CrossEntropyLoss()`: logits against class indices.
#[derive(Debug, Clone, Copy, Default)]
pub struct CrossEntropyLoss {
    /// What becomes of the batch's losses.
    pub reduction: Reduction,
}

impl CrossEntropyLoss {
    /// # Shapes
    /// - `logits`: `[batch, classes]`
    /// - `target`: `[batch]`, int64
    ///
    /// # Errors
    /// A target that is no class, batches of different sizes.
    pub fn forward(&self, logits: &Tensor, target: &Tensor) -> Result<Tensor> {
        logits.cross_entropy(target, self.reduction)
    }
}
