//! Kindling's engine: PyTorch's tensors, autograd, modules and training over Burn's kernels.
//!
//! No DOM and no JavaScript in here: the same code runs in the page's worker and in the terminal. The arrows point one way:
//! session → train → nn, optim, data → autograd → ops → tensor → device.

// Burn's generic types are deep (see its book, "recursion limit").
#![recursion_limit = "512"]

pub mod autograd;
#[cfg(not(target_family = "wasm"))]
pub mod cli;
pub mod data;
pub mod device;
mod error;
pub mod nn;
pub mod ops;
pub mod optim;
pub mod platform;
pub mod random;
pub mod session;
pub mod tensor;
pub mod train;

pub use device::Device;
pub use error::{Error, Result};
pub use tensor::{DType, Tensor};
