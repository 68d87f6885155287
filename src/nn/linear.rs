//! `nn.Linear`

use super::module::{Forward, Module, NamedTensor};
use crate::Device;
use crate::error::Result;
use crate::random::Generator;
use crate::tensor::Tensor;

/// `y = x · weightᵀ + bias`
#[derive(Debug)]
pub struct Linear {
    weight: Tensor,
    bias: Tensor,
}

impl Linear {
    /// Initialised as PyTorch does (kaiming-uniform with a = √5), drawing weight then bias.
    ///
    /// # Errors
    /// None on a device at hand.
    pub fn new(
        inputs: usize,
        outputs: usize,
        generator: &mut Generator,
        device: Device,
    ) -> Result<Self> {
        let init = generator.linear_init(inputs, outputs);
        let weight = Tensor::from_f32(init.weight, &[outputs, inputs], device)?;
        let bias = Tensor::from_f32(init.bias, &[outputs], device)?;
        weight.requires_grad_(true)?;
        bias.requires_grad_(true)?;
        Ok(Self { weight, bias })
    }

    /// `[out_features, in_features]`
    pub fn weight(&self) -> &Tensor {
        &self.weight
    }
}

impl Module for Linear {
    /// # Shapes
    /// - input: `[batch, in_features]`
    /// - result: `[batch, out_features]`
    fn forward<'a>(&'a self, input: &'a Tensor) -> Forward<'a> {
        Box::pin(async move { input.linear(&self.weight, Some(&self.bias)) })
    }

    fn forward_relu(&self, input: &Tensor) -> Option<Result<Tensor>> {
        Some(input.linear_relu(&self.weight, Some(&self.bias)))
    }

    fn state(&self, prefix: &str) -> Vec<NamedTensor> {
        [("weight", &self.weight), ("bias", &self.bias)]
            .map(|(name, tensor)| NamedTensor {
                name: format!("{prefix}{name}"),
                tensor: tensor.clone(),
                is_parameter: true,
            })
            .into()
    }

    fn describe(&self) -> String {
        let sizes = self.weight.sizes();
        format!(
            "Linear(in_features={}, out_features={}, bias=True)",
            sizes[1], sizes[0]
        )
    }
}
