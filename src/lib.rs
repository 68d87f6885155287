//! PyTorch lessons that run: random numbers and data so far.

pub mod data;
pub mod random;
