//! Optimizers: what changes parameters by their gradients.

mod sgd;

pub use sgd::{Sgd, SgdOptions};
