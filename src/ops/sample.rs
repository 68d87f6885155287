//! Arguments to try operations with: what the entries' `samples` are made of.

use super::Argument;
use crate::Device;
use crate::error::Result;
use crate::random::Generator;
use crate::tensor::{DType, Tensor};

/// Makes sample tensors: the same numbers for a seed on every device.
pub struct Samples {
    generator: Generator,
    /// float64 for derivative checks, float32 for comparing devices.
    pub dtype: DType,
    /// Where.
    pub device: Device,
}

impl Samples {
    /// Samples from `seed`.
    pub fn new(seed: u64, dtype: DType, device: Device) -> Self {
        Self {
            generator: Generator::new(seed),
            dtype,
            device,
        }
    }

    fn make(&mut self, sizes: &[usize], of: impl Fn(f64) -> f64) -> Result<Argument> {
        let count = sizes.iter().product();
        let values = self.generator.rand_f64(count).into_iter().map(of).collect();
        Ok(Argument::Tensor(Tensor::from_f64(
            values,
            sizes,
            self.dtype,
            self.device,
        )?))
    }

    /// Numbers in ±2, none closer than 0.1 to 0 (where `abs` and `relu` have no derivative).
    pub fn signed(&mut self, sizes: &[usize]) -> Result<Argument> {
        self.make(sizes, |u| {
            if u < 0.5 {
                -0.1 - 3.8 * u
            } else {
                0.1 + 3.8 * (u - 0.5)
            }
        })
    }

    /// Numbers in 0.2 to 2.
    pub fn positive(&mut self, sizes: &[usize]) -> Result<Argument> {
        self.make(sizes, |u| 0.2 + 1.8 * u)
    }

    /// Numbers in 0.05 to 0.95.
    pub fn probability(&mut self, sizes: &[usize]) -> Result<Argument> {
        self.make(sizes, |u| 0.05 + 0.9 * u)
    }

    /// Whole numbers below `bound`.
    pub fn indices(&mut self, sizes: &[usize], bound: i64) -> Result<Argument> {
        let count = sizes.iter().product();
        let values = self.generator.randint(0, bound, count)?;
        Ok(Argument::Tensor(Tensor::from_i64(
            &values,
            sizes,
            self.device,
        )?))
    }
}
