//! Tensors as they are shown, and how the tensor room asks for them.

use serde::{Deserialize, Serialize};

/// Where a tensor's numbers come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum TensorSource {
    /// `torch.zeros`
    Zeros,
    /// `torch.ones`
    Ones,
    /// `torch.arange(numel).reshape(shape)`
    Arange,
    /// `torch.rand` after `torch.manual_seed(seed)`
    Rand {
        /// The seed.
        seed: u64,
    },
    /// `torch.randn` after `torch.manual_seed(seed)`
    Randn {
        /// The seed.
        seed: u64,
    },
    /// `torch.tensor(text)`: nested lists as Python writes them, such as `[[1, 2], [3, 4]]`.
    Values {
        /// What the visitor typed.
        text: String,
    },
}

/// A tensor to make and, if wanted, an operation to apply to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TensorExpression {
    /// Where the numbers come from.
    pub source: TensorSource,
    /// Sizes; ignored for typed values, which bring their own.
    pub shape: Vec<usize>,
    /// Name of an operation of the table.
    pub operation: Option<String>,
    /// Its arguments as text, in the order of [`OperationInfo::parameters`]; an empty text means the default.
    /// A tensor argument is typed as nested lists.
    pub arguments: Vec<String>,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// A tensor.
    Tensor,
    /// A number.
    Scalar,
    /// A whole number.
    Int,
    /// A list of whole numbers.
    IntList,
    /// `True` or `False`.
    Bool,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParameterInfo {
    /// PyTorch's name.
    pub name: String,
    /// What it takes.
    pub kind: ValueKind,
    /// The default as Python writes it; `None` where one must be given.
    pub default: Option<String>,
}

/// An operation of the table, for lists and forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationInfo {
    /// PyTorch's name.
    pub name: String,
    /// `torch.sum(input, dim=None, keepdim=False)`
    pub signature: String,
    /// One line.
    pub doc: String,
    /// "pointwise", "reduction", "shape", …
    pub category: String,
    /// After the tensor itself.
    pub parameters: Vec<ParameterInfo>,
    /// Its derivative in symbols, where it has one.
    pub derivative: Option<String>,
}

/// A tensor as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TensorView {
    /// Sizes.
    pub shape: Vec<usize>,
    /// Strides, in elements.
    pub strides: Vec<usize>,
    /// Offset into the storage, in elements.
    pub offset: usize,
    /// PyTorch's name: `torch.float32`.
    pub dtype: String,
    /// `cpu`, `webgpu:0`, …
    pub device: String,
    /// Elements in all.
    pub numel: usize,
    /// True when elements lie in row-major order without gaps.
    pub contiguous: bool,
    /// True when it shares storage with the tensor before the operation.
    pub shares_storage: bool,
    /// `AddBackward0`, or `None` for a leaf.
    pub grad_fn: Option<String>,
    /// Whether gradients flow into it.
    pub requires_grad: bool,
    /// Elements in row-major order; no more than the first [`TensorView::SHOWN`].
    pub values: Vec<f64>,
    /// `print(t)` to the letter.
    pub text: String,
}

impl TensorView {
    /// Elements sent at most.
    pub const SHOWN: usize = 4_096;
}
