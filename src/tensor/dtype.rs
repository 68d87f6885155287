//! Element types, with PyTorch's names and promotion.

/// An element type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DType {
    /// `torch.bool`
    Bool,
    /// `torch.int64`. On WebGPU it keeps its name and is held in 32 bits.
    Int64,
    /// `torch.float32`
    Float32,
    /// `torch.float64`. Not on WebGPU.
    Float64,
}

impl DType {
    /// `torch.float32`, as PyTorch prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "torch.bool",
            Self::Int64 => "torch.int64",
            Self::Float32 => "torch.float32",
            Self::Float64 => "torch.float64",
        }
    }

    /// The name in error messages: `Float`, `Long`, …
    pub fn scalar_name(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::Int64 => "Long",
            Self::Float32 => "Float",
            Self::Float64 => "Double",
        }
    }

    /// True for float32 and float64.
    pub fn is_floating_point(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64)
    }

    /// `torch.promote_types`.
    pub fn promote(self, other: Self) -> Self {
        if self.rank() >= other.rank() {
            self
        } else {
            other
        }
    }

    // Among these four, promotion is a total order.
    fn rank(self) -> u8 {
        match self {
            Self::Bool => 0,
            Self::Int64 => 1,
            Self::Float32 => 2,
            Self::Float64 => 3,
        }
    }
}
