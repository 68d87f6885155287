//! What can go wrong in the engine, in PyTorch's words where PyTorch has some.

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error as a learner reads it. Where PyTorch raises for the same reason, the text is PyTorch's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Error {
    #[error("{op}: mat1 and mat2 shapes cannot be multiplied ({}x{} and {}x{})", .a[0], .a[1], .b[0], .b[1])]
    MatrixShapes {
        op: &'static str,
        a: [usize; 2],
        b: [usize; 2],
    },
    #[error(
        "The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension {dim}"
    )]
    Broadcast { a: usize, b: usize, dim: usize },
    #[error("shape '{}' is invalid for input of size {numel}", python_list(.shape))]
    InvalidShape { shape: Vec<i64>, numel: usize },
    #[error(
        "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead."
    )]
    NotViewable,
    #[error("Dimension out of range (expected to be in range of [{min}, {max}], but got {dim})")]
    Dimension { dim: i64, min: i64, max: i64 },
    #[error("index {index} is out of bounds for dimension {dim} with size {size}")]
    Index { index: i64, dim: usize, size: usize },
    #[error("{op}(): expected a tensor with {expected} dimensions, but got {found} ({hint})")]
    Rank {
        op: &'static str,
        expected: &'static str,
        found: usize,
        hint: &'static str,
    },
    #[error("The expanded size of the tensor ({expanded}) must match the existing size ({existing}) at non-singleton dimension {dim}.  Target sizes: {}.  Tensor sizes: {}", python_list(.target), python_list(.sizes))]
    Expand {
        expanded: i64,
        existing: usize,
        dim: usize,
        target: Vec<i64>,
        sizes: Vec<i64>,
    },
    #[error(
        "Expected all tensors to be on the same device, but found at least two devices, {first} and {second}!"
    )]
    Devices { first: String, second: String },
    #[error("{op}(): {message}")]
    Argument { op: &'static str, message: String },
    #[error("Target {target} is out of bounds.")]
    Target { target: i64 },
    #[error("\"{op}\" not implemented for '{dtype}'")]
    DType {
        op: &'static str,
        dtype: &'static str,
    },
    #[error("Only Tensors of floating point and complex dtype can require gradients")]
    GradOfInteger,
    #[error("{dtype} is not there on {device}: {cure}")]
    DTypeOnDevice {
        dtype: &'static str,
        device: String,
        cure: &'static str,
    },
    #[error(
        "value {value} cannot be held as a 64-bit integer on {device}, which keeps integers in 32 bits: keep it within ±2147483647 or use the CPU"
    )]
    IntegerRange { value: i64, device: String },
    #[error("Expected more than 1 value per channel when training, got input size torch.Size({})", python_list(.sizes))]
    BatchNormOfOne { sizes: Vec<i64> },
    #[error("element {index} of tensors does not require grad and does not have a grad_fn")]
    NoGradient { index: usize },
    #[error("grad can be implicitly created only for scalar outputs")]
    NonScalarBackward,
    #[error(
        "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward."
    )]
    SecondBackward,
    #[error("one of the variables needed for gradient computation has been modified by an inplace operation: [{kind} {}]{} is at version {found}; expected version {expected} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).", python_list(.sizes), output_of(.node))]
    ModifiedInPlace {
        kind: String,
        sizes: Vec<i64>,
        node: Option<String>,
        found: u64,
        expected: u64,
    },
    #[error("a leaf Variable that requires grad is being used in an in-place operation.")]
    LeafInPlace,
    #[error(
        "one of the variables that require grad is being changed in place while its history is recorded; wrap the update in torch.no_grad()"
    )]
    HistoryInPlace,
    #[error("a Tensor with {numel} elements cannot be converted to Scalar")]
    NotScalar { numel: usize },
    #[error("{0}")]
    Device(#[from] crate::device::DeviceError),
    #[error("Reading from {device} failed: {reason}")]
    Read { device: String, reason: String },
    #[error("{name}: expected shape {}, but the state has {}", python_list(.expected), python_list(.found))]
    StateShape {
        name: String,
        expected: Vec<i64>,
        found: Vec<i64>,
    },
    #[error("Error(s) in loading state_dict: missing key \"{name}\"")]
    StateMissing { name: String },
    #[error("{0}")]
    Random(#[from] crate::random::RandomError),
    #[error("{0}")]
    Value(String),
}

/// `, which is output 0 of Exp,`; nothing for a leaf.
fn output_of(node: &Option<String>) -> String {
    node.as_ref()
        .map_or(String::new(), |n| format!(", which is output 0 of {n},"))
}

/// Sizes as Python prints a list of them.
pub(crate) fn python_list(sizes: &[i64]) -> String {
    let parts: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    format!("[{}]", parts.join(", "))
}

/// Sizes for an error's fields.
pub(crate) fn signed(sizes: &[usize]) -> Vec<i64> {
    sizes.iter().map(|&s| s as i64).collect()
}
