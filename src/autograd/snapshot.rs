//! The graph as a picture of data: the nodes of one recorded expression with values, gradients and the order of both walks.

use super::{BackwardOptions, Edge, Node, backward};
use crate::error::Result;
use crate::tensor::Tensor;
use kindling_protocol::{GraphNode, GraphNodeKind, GraphView};
use std::collections::HashMap;
use std::rc::Rc;

/// What a tensor of an example is called, and how the line that made it reads.
#[derive(Debug, Clone)]
pub struct Named {
    /// The tensor.
    pub tensor: Tensor,
    /// `x`, `0.weight`, `loss`.
    pub label: String,
    /// `x ** 2`; empty for leaves.
    pub code: String,
}

impl Named {
    /// A name for a tensor.
    pub fn new(tensor: &Tensor, label: &str, code: &str) -> Self {
        Self {
            tensor: tensor.clone(),
            label: label.into(),
            code: code.into(),
        }
    }
}

struct Found {
    kind: GraphNodeKind,
    name: String,
    tensor: Option<Tensor>,
    inputs: Vec<usize>,
    node: Option<Rc<Node>>,
}

/// Collects nodes so that inputs come before what is computed from them.
struct Collector {
    found: Vec<Found>,
    leaves: HashMap<u64, usize>,
    nodes: HashMap<u64, usize>,
}

impl Collector {
    fn leaf(&mut self, tensor: &Tensor, kind: GraphNodeKind) -> usize {
        if let Some(&at) = self.leaves.get(&tensor.id()) {
            return at;
        }
        let name = if kind == GraphNodeKind::Leaf {
            "AccumulateGrad"
        } else {
            ""
        };
        self.found.push(Found {
            kind,
            name: name.into(),
            tensor: Some(tensor.clone()),
            inputs: vec![],
            node: None,
        });
        self.leaves.insert(tensor.id(), self.found.len() - 1);
        self.found.len() - 1
    }

    fn graph(&mut self, root: &Rc<Node>, constants: &HashMap<u64, Vec<Tensor>>) {
        let mut nodes: HashMap<u64, Rc<Node>> = HashMap::new();
        let mut pending = vec![root.clone()];
        while let Some(node) = pending.pop() {
            if nodes.contains_key(&node.sequence()) {
                continue;
            }
            for edge in node.edges().into_iter().flatten() {
                if let Edge::Node(next) = edge {
                    pending.push(next);
                }
            }
            nodes.insert(node.sequence(), node);
        }
        let mut order: Vec<Rc<Node>> = nodes.into_values().collect();
        order.sort_by_key(|n| n.sequence());
        for node in order {
            let mut inputs = vec![];
            for edge in node.edges() {
                match edge {
                    Some(Edge::Leaf(tensor)) => {
                        inputs.push(self.leaf(&tensor, GraphNodeKind::Leaf))
                    }
                    Some(Edge::Node(next)) => inputs.extend(self.nodes.get(&next.sequence())),
                    None => {}
                }
            }
            for constant in constants.get(&node.sequence()).into_iter().flatten() {
                inputs.push(self.leaf(constant, GraphNodeKind::Constant));
            }
            self.found.push(Found {
                kind: GraphNodeKind::Operation,
                name: node.name().into(),
                tensor: node.result(),
                inputs,
                node: Some(node.clone()),
            });
            self.nodes.insert(node.sequence(), self.found.len() - 1);
        }
    }
}

/// Walks `root` backward and shows the graph behind it: every value forward, every gradient backward, in the order the
/// engine took them. `names` label tensors; those among them that take no gradient are drawn where they were used, as
/// `constants` says: for each, the tensor whose operation took it.
///
/// # Errors
/// As [`backward`], or the device is gone.
pub async fn snapshot(
    root: &Tensor,
    names: &[Named],
    constants: &[(Tensor, Tensor)],
    code: String,
) -> Result<GraphView> {
    let Some(root_node) = root.grad_fn() else {
        return Err(crate::Error::NoGradient { index: 0 });
    };
    let mut used: HashMap<u64, Vec<Tensor>> = HashMap::new();
    for (constant, by) in constants {
        if let Some(node) = by.grad_fn() {
            used.entry(node.sequence())
                .or_default()
                .push(constant.clone());
        }
    }
    let mut collector = Collector {
        found: vec![],
        leaves: HashMap::new(),
        nodes: HashMap::new(),
    };
    collector.graph(&root_node, &used);

    let mut order = vec![];
    let mut gradients: HashMap<usize, Tensor> = HashMap::new();
    let places = &collector.nodes;
    let mut observer = |node: &Rc<Node>, grad: &Tensor| {
        if let Some(&at) = places.get(&node.sequence()) {
            order.push(at);
            gradients.insert(at, grad.clone());
        }
    };
    let options = BackwardOptions {
        observer: Some(&mut observer),
        ..BackwardOptions::default()
    };
    backward(root, None, options).await?;

    // Leaves are done when the last operation that feeds them is.
    let mut walk = vec![];
    for (n, &at) in order.iter().enumerate() {
        walk.push(at);
        for &input in &collector.found[at].inputs {
            let later = order[n + 1..]
                .iter()
                .any(|&o| collector.found[o].inputs.contains(&input));
            if collector.found[input].kind == GraphNodeKind::Leaf
                && !later
                && !walk.contains(&input)
            {
                walk.push(input);
            }
        }
    }
    let mut nodes = vec![];
    for (id, found) in collector.found.iter().enumerate() {
        let gradient = match found.kind {
            GraphNodeKind::Operation => gradients.get(&id).cloned(),
            GraphNodeKind::Leaf => found.tensor.as_ref().and_then(Tensor::grad),
            GraphNodeKind::Constant => None,
        };
        nodes.push(view(id, found, gradient, names).await?);
    }
    Ok(GraphView {
        forward: (0..nodes.len()).collect(),
        nodes,
        backward: walk,
        code,
    })
}

async fn view(
    id: usize,
    found: &Found,
    gradient: Option<Tensor>,
    names: &[Named],
) -> Result<GraphNode> {
    let named = found
        .tensor
        .as_ref()
        .and_then(|tensor| names.iter().find(|n| n.tensor.is(tensor)));
    let (value, value_norm) = shown(found.tensor.as_ref()).await?;
    let (gradient, gradient_norm) = shown(gradient.as_ref()).await?;
    let derivative = found.node.as_ref().and_then(|n| n.operation().derivative());
    let (rule, words) = match (derivative, found.kind) {
        (Some(d), _) => (d.symbols.to_string(), d.words.to_string()),
        (None, GraphNodeKind::Leaf) => (
            ".grad += ∂L/∂x".to_string(),
            "What arrives here is added to the leaf's .grad.".to_string(),
        ),
        _ => (
            String::new(),
            "No gradient flows here: it is data.".to_string(),
        ),
    };
    let operation = found.node.as_ref().map_or("", |n| n.operation().name);
    Ok(GraphNode {
        id,
        kind: found.kind,
        name: found.name.clone(),
        label: named.map(|n| n.label.clone()).unwrap_or_default(),
        code: match named {
            Some(named) if !named.code.is_empty() => named.code.clone(),
            Some(named) => named.label.clone(),
            None => operation.to_string(),
        },
        inputs: found.inputs.clone(),
        shape: found
            .tensor
            .as_ref()
            .map(|t| t.sizes().to_vec())
            .unwrap_or_default(),
        value,
        gradient,
        value_norm,
        gradient_norm,
        rule,
        words,
    })
}

/// The first elements, and the Euclidean norm of all.
async fn shown(tensor: Option<&Tensor>) -> Result<(Vec<f64>, f64)> {
    let Some(tensor) = tensor else {
        return Ok((vec![], 0.0));
    };
    let mut values = tensor.to_vec().await?;
    let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
    values.truncate(GraphNode::SHOWN);
    Ok((values, norm))
}
