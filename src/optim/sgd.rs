//! `torch.optim.SGD`

use crate::autograd::no_grad;
use crate::error::{Error, Result};
use crate::ops::descend;
use crate::tensor::Tensor;

/// The settings of `SGD`, with PyTorch's names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SgdOptions {
    /// Learning rate.
    pub lr: f64,
    /// Share of the previous step's direction that is kept.
    pub momentum: f64,
    /// L2 penalty: this share of the parameter is added to its gradient.
    pub weight_decay: f64,
}

/// Stochastic gradient descent with momentum and weight decay.
///
/// As PyTorch: `g += weight_decay · p`; `buffer = momentum · buffer + g` (the first step takes `g` itself); `p -= lr · buffer`.
#[derive(Debug)]
pub struct Sgd {
    parameters: Vec<Tensor>,
    buffers: Vec<Option<Tensor>>,
    options: SgdOptions,
}

impl Sgd {
    /// An optimizer of these parameters.
    ///
    /// # Errors
    /// Settings out of bounds, in PyTorch's words.
    pub fn new(parameters: Vec<Tensor>, options: SgdOptions) -> Result<Self> {
        let SgdOptions {
            lr,
            momentum,
            weight_decay,
        } = options;
        for (name, value) in [
            ("learning rate", lr),
            ("momentum value", momentum),
            ("weight_decay value", weight_decay),
        ] {
            if value.is_nan() || value < 0.0 {
                return Err(Error::Value(format!("Invalid {name}: {value}")));
            }
        }
        let buffers = vec![None; parameters.len()];
        Ok(Self {
            parameters,
            buffers,
            options,
        })
    }

    /// Forgets all gradients (`set_to_none`, PyTorch's default).
    pub fn zero_grad(&self) {
        for parameter in &self.parameters {
            parameter.set_grad(None);
        }
    }

    /// Changes every parameter that has a gradient.
    ///
    /// # Errors
    /// A gradient on another device than its parameter.
    pub fn step(&mut self) -> Result<()> {
        let _unrecorded = no_grad();
        let SgdOptions {
            lr,
            momentum,
            weight_decay,
        } = self.options;
        if momentum == 0.0 {
            let all: Vec<_> = self
                .parameters
                .iter()
                .filter_map(|parameter| Some((parameter, parameter.grad()?)))
                .collect();
            if descend(&all, lr, weight_decay) {
                return Ok(());
            }
        }
        for (parameter, buffer) in self.parameters.iter().zip(&mut self.buffers) {
            let Some(mut direction) = parameter.grad() else {
                continue;
            };
            if weight_decay != 0.0 {
                direction = direction.add(&parameter.mul(weight_decay)?)?;
            }
            if momentum != 0.0 {
                match buffer {
                    None => *buffer = Some(direction.copy_raw()),
                    Some(buffer) => {
                        buffer.mul_(momentum)?;
                        buffer.add_(&direction, 1.0)?;
                    }
                }
                direction = buffer.clone().unwrap_or(direction);
            }
            parameter.add_(&direction, -lr)?;
        }
        Ok(())
    }

    /// The momentum buffers, in the parameters' order; `None` before the first step.
    pub fn buffers(&self) -> &[Option<Tensor>] {
        &self.buffers
    }

    /// Puts momentum buffers back, as a checkpoint stored them.
    ///
    /// # Errors
    /// A buffer whose shape is not its parameter's.
    pub fn set_buffers(&mut self, buffers: Vec<Option<Tensor>>) -> Result<()> {
        for (at, (parameter, buffer)) in self.parameters.iter().zip(&buffers).enumerate() {
            if let Some(buffer) = buffer
                && buffer.sizes() != parameter.sizes()
            {
                return Err(Error::StateShape {
                    name: format!("momentum_buffer {at}"),
                    expected: crate::error::signed(parameter.sizes()),
                    found: crate::error::signed(buffer.sizes()),
                });
            }
        }
        self.buffers = buffers;
        Ok(())
    }
}
