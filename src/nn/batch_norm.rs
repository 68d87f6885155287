//! `nn.BatchNorm1d`

use super::module::{Forward, Module, NamedTensor};
use crate::Device;
use crate::error::Result;
use crate::ops::BatchNorm;
use crate::tensor::Tensor;
use std::cell::Cell;

const MOMENTUM: f64 = 0.1;
const EPS: f64 = 1e-5;

/// Normalises each feature over the batch and keeps running statistics for evaluation.
#[derive(Debug)]
pub struct BatchNorm1d {
    weight: Tensor,
    bias: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    num_batches_tracked: Tensor,
    training: Cell<bool>,
}

impl BatchNorm1d {
    /// Draws nothing: weight and running variance are ones, bias and running mean zeros.
    ///
    /// # Errors
    /// None on a device at hand.
    pub fn new(features: usize, device: Device) -> Result<Self> {
        let weight = Tensor::ones(&[features], device)?;
        let bias = Tensor::zeros(&[features], device)?;
        weight.requires_grad_(true)?;
        bias.requires_grad_(true)?;
        Ok(Self {
            weight,
            bias,
            running_mean: Tensor::zeros(&[features], device)?,
            running_var: Tensor::ones(&[features], device)?,
            // A counter that no kernel reads: it stays on the CPU, where counting costs no dispatch.
            num_batches_tracked: Tensor::from_i64(&[0], &[], Device::CPU)?,
            training: Cell::new(true),
        })
    }
}

impl Module for BatchNorm1d {
    /// # Shapes
    /// - input: `[batch, features]`
    /// - result: `[batch, features]`
    fn forward<'a>(&'a self, input: &'a Tensor) -> Forward<'a> {
        Box::pin(async move {
            let training = self.training.get();
            let result = input.batch_norm(&BatchNorm {
                weight: &self.weight,
                bias: &self.bias,
                running_mean: &self.running_mean,
                running_var: &self.running_var,
                training,
                momentum: MOMENTUM,
                eps: EPS,
            })?;
            if training {
                let next = self.num_batches_tracked.add(1_i64)?.primitive();
                self.num_batches_tracked.replace(|_| next);
            }
            Ok(result)
        })
    }

    fn train(&self, on: bool) {
        self.training.set(on);
    }

    fn state(&self, prefix: &str) -> Vec<NamedTensor> {
        let parameters = [("weight", &self.weight, true), ("bias", &self.bias, true)];
        let buffers = [
            ("running_mean", &self.running_mean, false),
            ("running_var", &self.running_var, false),
            ("num_batches_tracked", &self.num_batches_tracked, false),
        ];
        parameters
            .into_iter()
            .chain(buffers)
            .map(|(name, tensor, is_parameter)| NamedTensor {
                name: format!("{prefix}{name}"),
                tensor: tensor.clone(),
                is_parameter,
            })
            .collect()
    }

    fn describe(&self) -> String {
        format!(
            "BatchNorm1d({}, eps=1e-05, momentum={MOMENTUM}, affine=True, track_running_stats=True)",
            self.weight.numel()
        )
    }
}
