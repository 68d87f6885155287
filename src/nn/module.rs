//! What a module is: it computes, has parameters and buffers, and is in training or in evaluation mode.

use crate::error::{Error, Result, signed};
use crate::random::Generator;
use crate::tensor::Tensor;
use futures_util::future::LocalBoxFuture;
use std::cell::RefCell;
use std::rc::Rc;

/// A forward pass under way. It is a future because a module may be a learner's own class, which runs in the script machine.
pub type Forward<'a> = LocalBoxFuture<'a, Result<Tensor>>;

/// A tensor of the state with its PyTorch name, such as `0.weight`.
#[derive(Debug, Clone)]
pub struct NamedTensor {
    /// Dotted path.
    pub name: String,
    /// The tensor itself, not a copy.
    pub tensor: Tensor,
    /// Trained by an optimizer; false for buffers such as running statistics.
    pub is_parameter: bool,
}

/// A generator that several modules draw from in turn.
pub type SharedGenerator = Rc<RefCell<Generator>>;

/// Wraps a generator for sharing.
pub fn shared(generator: Generator) -> SharedGenerator {
    Rc::new(RefCell::new(generator))
}

/// `nn.Module`
pub trait Module {
    /// Computes the result.
    fn forward<'a>(&'a self, input: &'a Tensor) -> Forward<'a>;

    /// Computes `relu` of the result in one pass with it; `None` for a module that cannot.
    fn forward_relu(&self, _input: &Tensor) -> Option<Result<Tensor>> {
        None
    }

    /// Whether this is `nn.ReLU`.
    fn is_relu(&self) -> bool {
        false
    }

    /// `train(on)`: sets training or evaluation mode.
    fn train(&self, _on: bool) {}

    /// Parameters and buffers in PyTorch's order, names prefixed by `prefix`.
    fn state(&self, _prefix: &str) -> Vec<NamedTensor> {
        vec![]
    }

    /// The printed form, as `repr(module)`.
    fn describe(&self) -> String;

    /// `parameters()`
    fn parameters(&self) -> Vec<Tensor> {
        self.state("")
            .into_iter()
            .filter(|n| n.is_parameter)
            .map(|n| n.tensor)
            .collect()
    }
}

/// `module.load_state_dict(state)`, strict: copies elements into the module's own tensors.
///
/// # Errors
/// A name that is missing, or a shape or an element type that differs.
pub fn load_state_dict(module: &dyn Module, state: &[(String, Tensor)]) -> Result<()> {
    for own in module.state("") {
        let found = state.iter().find(|(name, _)| *name == own.name);
        let Some((_, value)) = found else {
            return Err(Error::StateMissing { name: own.name });
        };
        if value.sizes() != own.tensor.sizes() {
            return Err(Error::StateShape {
                name: own.name,
                expected: signed(own.tensor.sizes()),
                found: signed(value.sizes()),
            });
        }
        if value.dtype() != own.tensor.dtype() {
            return Err(Error::Value(format!(
                "{}: expected {}, but the state has {}",
                own.name,
                own.tensor.dtype().name(),
                value.dtype().name()
            )));
        }
        let _unrecorded = crate::autograd::no_grad();
        if own.tensor.dtype().is_floating_point() {
            own.tensor.copy_(value)?;
        } else {
            let elements = value.primitive();
            own.tensor.replace(|_| elements);
        }
    }
    Ok(())
}
