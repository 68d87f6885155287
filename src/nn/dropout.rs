//! `nn.Dropout`

use super::module::{Forward, Module, SharedGenerator};
use crate::error::{Error, Result};
use crate::tensor::Tensor;
use std::cell::Cell;

/// Zeroes each element with probability `p` in training, and scales the others by `1 / (1 - p)`.
#[derive(Debug)]
pub struct Dropout {
    p: f64,
    training: Cell<bool>,
    generator: SharedGenerator,
}

impl Dropout {
    /// Draws its masks from `generator`, as the batches go.
    ///
    /// # Errors
    /// A probability outside 0 to 1.
    pub fn new(p: f64, generator: SharedGenerator) -> Result<Self> {
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::Value(format!(
                "dropout probability has to be between 0 and 1, but got {p}"
            )));
        }
        Ok(Self {
            p,
            training: Cell::new(true),
            generator,
        })
    }
}

impl Module for Dropout {
    fn forward<'a>(&'a self, input: &'a Tensor) -> Forward<'a> {
        Box::pin(async move {
            if !self.training.get() || self.p == 0.0 {
                return Ok(input.clone());
            }
            let factors = self
                .generator
                .borrow_mut()
                .dropout_factors(self.p, input.numel())?;
            let mask = Tensor::from_f32(factors, input.sizes(), input.device())?;
            input.mul(&mask)
        })
    }

    fn train(&self, on: bool) {
        self.training.set(on);
    }

    fn describe(&self) -> String {
        format!("Dropout(p={}, inplace=False)", self.p)
    }
}
