//! The network of an experiment, built in PyTorch's order so that the same seed draws the same weights.

use super::TrainError;
use crate::Device;
use crate::data::idx::PIXELS;
use crate::nn::{
    BatchNorm1d, Dropout, Linear, Module, ReLU, Sequential, SharedGenerator, Sigmoid, Tanh,
};
use kindling_protocol::{Activation, CLASS_NAMES, ExperimentConfig};

/// `nn.Sequential` of the configuration: `Linear`, `BatchNorm1d`, activation and `Dropout` for each hidden layer, and a `Linear`
/// to the classes.
///
/// # Errors
/// None for a configuration that is valid, on a device at hand.
pub fn network(
    config: &ExperimentConfig,
    generator: &SharedGenerator,
    device: Device,
) -> Result<Sequential, TrainError> {
    let mut children: Vec<Box<dyn Module>> = vec![];
    let mut inputs = PIXELS;
    for &width in &config.hidden {
        children.push(Box::new(Linear::new(
            inputs,
            width,
            &mut generator.borrow_mut(),
            device,
        )?));
        if config.batch_norm {
            children.push(Box::new(BatchNorm1d::new(width, device)?));
        }
        children.push(match config.activation {
            Activation::Relu => Box::new(ReLU),
            Activation::Tanh => Box::new(Tanh),
            Activation::Sigmoid => Box::new(Sigmoid),
        });
        if config.dropout > 0.0 {
            children.push(Box::new(Dropout::new(config.dropout, generator.clone())?));
        }
        inputs = width;
    }
    let classes = CLASS_NAMES.len();
    children.push(Box::new(Linear::new(
        inputs,
        classes,
        &mut generator.borrow_mut(),
        device,
    )?));
    Ok(Sequential::new(children))
}
