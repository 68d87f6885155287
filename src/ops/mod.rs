//! The table of operations. Each entry says everything there is to know of one operation (PyTorch's signature, a doc line,
//! how it is computed, its derivative as a rule, in symbols and in words, samples to test it with); bindings, lists,
//! captions and tests are derived from it.

mod argument;
mod arithmetic;
mod comparison;
mod conversion;
mod functions;
mod fused;
mod index;
mod loss;
mod matmul;
mod methods;
mod normalization;
mod operands;
mod power;
mod product;
mod reduction;
mod sample;
mod shape;
mod table;
mod update;

pub use argument::Argument;
pub(crate) use fused::{Pair, PairGradients, descend, pair_of};
pub use loss::Reduction;
pub use normalization::BatchNorm;
pub use sample::Samples;
pub use table::{all, find};

use crate::autograd::{self, Node, Rule, Saves};
use crate::error::{Error, Result};
use crate::tensor::Tensor;
use kindling_protocol::{OperationInfo, ParameterInfo, ValueKind};

/// A parameter after the tensor itself, with PyTorch's name.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// PyTorch's name.
    pub name: &'static str,
    /// What it takes.
    pub kind: ValueKind,
    /// The default as Python writes it; `None` where one must be given.
    pub default: Option<&'static str>,
}

/// What an operation must read to be computed (see the design's rule on asynchrony).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Nothing: it is enqueued and returns at once.
    Nothing,
    /// Its data, to know the shape of its result.
    Shape,
    /// Everything: it is computed on the host.
    Host,
}

/// How gradients flow back through an operation.
pub struct Derivative {
    /// PyTorch's name of the graph's node: `AddBackward0`; some depend on the arguments.
    pub node: fn(&[Argument]) -> &'static str,
    /// `∂L/∂x = g · cos(x)`; `g` is the gradient of the result `y`.
    pub symbols: &'static str,
    /// The same in words.
    pub words: &'static str,
    /// What the rule needs kept.
    pub saves: &'static [Saves],
    /// The rule.
    pub rule: Rule,
}

/// What an operation means to the graph.
pub enum Gradient {
    /// It is recorded as a node with a derivative rule.
    Rule(Derivative),
    /// No gradient flows through it (comparisons, `argmax`).
    Stops,
    /// It is made of other operations, which record themselves.
    Composite,
}

/// A result, and what the forward computed on the way that the rule needs.
pub struct Computed {
    result: Tensor,
    extra: Vec<Tensor>,
}

impl From<Tensor> for Computed {
    fn from(result: Tensor) -> Self {
        Self {
            result,
            extra: vec![],
        }
    }
}

/// An entry of the table.
pub struct Operation {
    /// PyTorch's name.
    pub name: &'static str,
    /// "pointwise", "reduction", "shape", …
    pub category: &'static str,
    /// One line.
    pub doc: &'static str,
    /// After the tensor itself.
    pub parameters: &'static [Parameter],
    /// What it reads.
    pub reads: Reads,
    /// Computes the result, unrecorded; for a composite, through recorded operations.
    pub forward: fn(&[Argument]) -> Result<Computed>,
    /// What it means to the graph.
    pub gradient: Gradient,
    /// Arguments to try it with.
    pub samples: fn(&mut Samples) -> Result<Vec<Vec<Argument>>>,
}

impl Operation {
    /// Its derivative, where it has one of its own.
    pub fn derivative(&self) -> Option<&Derivative> {
        match &self.gradient {
            Gradient::Rule(derivative) => Some(derivative),
            Gradient::Stops | Gradient::Composite => None,
        }
    }

    /// Applies the operation: checks devices, computes, and records the graph's node where a gradient will flow.
    ///
    /// # Errors
    /// What PyTorch raises for the same arguments.
    pub fn call(&'static self, arguments: Vec<Argument>) -> Result<Tensor> {
        same_device(&arguments)?;
        let derivative = self.recorded(&arguments);
        let Computed { result, extra } = (self.forward)(&arguments)?;
        if let Some(derivative) = derivative {
            Node::record(self, derivative, arguments, &result, extra);
        }
        Ok(result)
    }

    /// The derivative, if a call with these arguments is to be recorded.
    fn recorded(&self, arguments: &[Argument]) -> Option<&Derivative> {
        self.derivative().filter(|_| {
            autograd::is_grad_enabled()
                && arguments
                    .iter()
                    .flat_map(Argument::tensors)
                    .any(Tensor::requires_grad)
        })
    }

    /// `torch.sum(input, dim=None, keepdim=False)`
    pub fn signature(&self) -> String {
        let mut parts = vec!["input".to_string()];
        parts.extend(self.parameters.iter().map(|p| match p.default {
            Some(default) => format!("{}={default}", p.name),
            None => p.name.to_string(),
        }));
        format!("torch.{}({})", self.name, parts.join(", "))
    }

    /// The entry as a front end lists it.
    pub fn info(&self) -> OperationInfo {
        OperationInfo {
            name: self.name.into(),
            signature: self.signature(),
            doc: self.doc.into(),
            category: self.category.into(),
            parameters: self
                .parameters
                .iter()
                .map(|p| ParameterInfo {
                    name: p.name.into(),
                    kind: p.kind,
                    default: p.default.map(Into::into),
                })
                .collect(),
            derivative: self.derivative().map(|d| d.symbols.into()),
        }
    }
}

/// Records a node for what was computed elsewhere, where a gradient will flow.
fn record(operation: &'static Operation, arguments: Vec<Argument>, result: &Tensor) {
    if let Some(derivative) = operation.recorded(&arguments) {
        Node::record(operation, derivative, arguments, result, vec![]);
    }
}

fn same_device(arguments: &[Argument]) -> Result<()> {
    let mut first = None;
    // A scalar tensor of the CPU may meet any device in PyTorch; its value would have to be read here, so that it is moved
    // by the caller instead.
    for device in arguments
        .iter()
        .flat_map(Argument::tensors)
        .map(Tensor::device)
    {
        match first {
            None => first = Some(device),
            Some(known) if known == device => {}
            Some(known) => {
                return Err(Error::Devices {
                    first: known.to_string(),
                    second: device.to_string(),
                });
            }
        }
    }
    Ok(())
}
