//! The autograd graph as it is shown: leaves, operations, values, gradients and the order of both walks.

use serde::{Deserialize, Serialize};

/// What to record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "example", rename_all = "snake_case")]
pub enum GraphExample {
    /// `y = x ** 2`
    Square {
        /// The leaf.
        x: f64,
    },
    /// `y = exp(sin(x ** 2))`
    Chain {
        /// The leaf.
        x: f64,
    },
    /// `loss = binary_cross_entropy(sigmoid(w * x + b), y)`
    Perceptron {
        /// Input.
        x: f64,
        /// Target, 0 or 1.
        y: f64,
        /// Weight.
        w: f64,
        /// Bias.
        b: f64,
    },
    /// One training step of a configuration's network on its first batch.
    Network {
        /// The experiment.
        config: Box<crate::ExperimentConfig>,
    },
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraphNodeKind {
    /// A tensor that takes no gradient (data, targets).
    Constant,
    /// A leaf that requires grad; its gradient accumulates.
    Leaf,
    /// The result of an operation.
    Operation,
}

/// Forward or backward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraphDirection {
    /// Values.
    Forward,
    /// Gradients.
    Backward,
}

/// A node of the recorded graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphNode {
    /// Place in [`GraphView::nodes`].
    pub id: usize,
    /// What it is.
    pub kind: GraphNodeKind,
    /// PyTorch's name: `PowBackward0` for an operation, `AccumulateGrad` for a leaf.
    pub name: String,
    /// What the tensor is called: `x`, `w`, `0.weight`, `loss`; empty for unnamed intermediates.
    pub label: String,
    /// The operation as code: `x ** 2`.
    pub code: String,
    /// Nodes whose values it takes, in argument order.
    pub inputs: Vec<usize>,
    /// Sizes of its value.
    pub shape: Vec<usize>,
    /// Its value in row-major order, up to [`GraphNode::SHOWN`] elements.
    pub value: Vec<f64>,
    /// Its gradient, as many; empty where no gradient reaches it.
    pub gradient: Vec<f64>,
    /// Euclidean norm of the whole value.
    pub value_norm: f64,
    /// Euclidean norm of the whole gradient.
    pub gradient_norm: f64,
    /// The derivative rule in symbols: `∂y/∂x = 2x`.
    pub rule: String,
    /// The rule in words.
    pub words: String,
}

impl GraphNode {
    /// Elements sent at most.
    pub const SHOWN: usize = 64;
}

/// A recorded graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphView {
    /// All nodes, in the order they were recorded.
    pub nodes: Vec<GraphNode>,
    /// Steps of the forward walk: a node each.
    pub forward: Vec<usize>,
    /// Steps of the backward walk, in the order the engine took them: a node each.
    pub backward: Vec<usize>,
    /// The example as a PyTorch script.
    pub code: String,
}
