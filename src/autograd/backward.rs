//! The walk backward: from the gradients of some results to the gradients of the leaves.

use super::node::{Edge, Node};
use super::set_grad_enabled;
use crate::error::{Error, Result};
use crate::ops::PairGradients;
use crate::tensor::{DType, Tensor};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// How to walk.
#[derive(Default)]
pub struct BackwardOptions<'a> {
    /// Keep what the rules need, so that the graph can be walked again. Implied by `create_graph`.
    pub retain_graph: bool,
    /// Record the walk itself, so that gradients can be differentiated.
    pub create_graph: bool,
    /// Called with each node and the gradient of its result, in the order of the walk.
    #[allow(clippy::type_complexity)]
    pub observer: Option<&'a mut dyn FnMut(&Rc<Node>, &Tensor)>,
}

/// `tensor.backward(gradient)`: adds to the `.grad` of every leaf the tensor was computed from.
///
/// Rules of the table are plain functions; it is async because hooks and custom functions call user code.
///
/// # Errors
/// PyTorch's: a tensor without history, a gradient missing for more than one element, a graph walked a second time, a
/// saved tensor changed in place.
pub async fn backward(
    tensor: &Tensor,
    gradient: Option<Tensor>,
    options: BackwardOptions<'_>,
) -> Result<()> {
    walk(&[(tensor.clone(), gradient)], None, options).map(|_| ())
}

/// `torch.autograd.grad(outputs, inputs)`: the gradients of the inputs; no `.grad` is touched.
///
/// # Errors
/// As [`backward`].
pub async fn gradients(
    outputs: &[(Tensor, Option<Tensor>)],
    inputs: &[Tensor],
    options: BackwardOptions<'_>,
) -> Result<Vec<Option<Tensor>>> {
    walk(outputs, Some(inputs), options)
}

/// Where the gradients of chosen inputs gather: leaves by tensor, results by the node that made them.
struct Wanted {
    leaves: HashMap<u64, usize>,
    nodes: HashMap<u64, usize>,
    found: Vec<Option<Tensor>>,
}

impl Wanted {
    fn of(inputs: &[Tensor]) -> Self {
        let mut wanted = Self {
            leaves: HashMap::new(),
            nodes: HashMap::new(),
            found: vec![None; inputs.len()],
        };
        for (at, input) in inputs.iter().enumerate() {
            match input.grad_fn() {
                Some(node) => wanted.nodes.insert(node.sequence(), at),
                None => wanted.leaves.insert(input.id(), at),
            };
        }
        wanted
    }

    fn add(&mut self, at: usize, grad: Tensor) -> Result<()> {
        self.found[at] = Some(sum(self.found[at].take(), grad)?);
        Ok(())
    }
}

fn walk(
    roots: &[(Tensor, Option<Tensor>)],
    inputs: Option<&[Tensor]>,
    options: BackwardOptions<'_>,
) -> Result<Vec<Option<Tensor>>> {
    let BackwardOptions {
        retain_graph,
        create_graph,
        mut observer,
    } = options;
    let keep = retain_graph || create_graph;
    let mut wanted = inputs.map(Wanted::of);
    // Every input of a node was recorded before it, so that taking the youngest node first never meets one whose gradient
    // is still incomplete. PyTorch's engine orders ready nodes the same way.
    let mut ready: BTreeMap<u64, (Rc<Node>, Tensor)> = BTreeMap::new();
    let _mode = set_grad_enabled(create_graph);
    for (index, (root, gradient)) in roots.iter().enumerate() {
        if !root.requires_grad() {
            return Err(Error::NoGradient { index });
        }
        let gradient = match gradient {
            Some(given) if given.sizes() == root.sizes() => given.clone(),
            Some(given) => {
                return Err(Error::Value(format!(
                    "Mismatch in shape: grad_output[{index}] has a shape of torch.Size({:?}) and output[{index}] has a shape of torch.Size({:?}).",
                    given.sizes(),
                    root.sizes()
                )));
            }
            None if root.numel() == 1 => one_like(root)?,
            None => return Err(Error::NonScalarBackward),
        };
        let edge = match root.grad_fn() {
            Some(node) => Edge::Node(node),
            None => Edge::Leaf(root.clone()),
        };
        deliver(edge, gradient, &mut ready, wanted.as_mut(), create_graph)?;
    }
    while let Some((_, (node, grad))) = ready.pop_last() {
        if let Some(observer) = &mut observer {
            observer(&node, &grad);
        }
        node.keep_retained(&grad);
        if let Some(wanted) = &mut wanted
            && let Some(&at) = wanted.nodes.get(&node.sequence())
        {
            wanted.add(at, grad.clone())?;
        }
        // Where somebody looks at each node's gradient, or chose one of them, or the rules are recorded, they are applied one by one.
        let together = if observer.is_none() && wanted.is_none() && !create_graph {
            in_one_step(&node, &grad)?
        } else {
            None
        };
        let steps = match together {
            Some((
                inner,
                PairGradients {
                    outer,
                    inner: grads,
                },
            )) => {
                vec![(node, outer), (inner, grads)]
            }
            None => {
                let grads = node.apply(&grad)?;
                vec![(node, grads)]
            }
        };
        for (node, grads) in steps {
            hand_on(&node, grads, &mut ready, wanted.as_mut(), create_graph)?;
            if !keep {
                node.release();
            }
        }
    }
    Ok(wanted.map(|w| w.found).unwrap_or_default())
}

thread_local! {
    /// The gradient that a walk of a float32 scalar begins with, by device: on a GPU making it is a kernel of its own.
    static ONES: RefCell<Vec<Tensor>> = const { RefCell::new(vec![]) };
}

fn one_like(root: &Tensor) -> Result<Tensor> {
    if root.dtype() != DType::Float32 || root.dim() != 0 || root.device().is_cpu() {
        return root.full_like(1.0);
    }
    ONES.with_borrow_mut(|ones| {
        if let Some(one) = ones.iter().find(|one| one.device() == root.device()) {
            // Another handle to its memory: who writes into it gets memory of its own.
            return Ok(one.copy_raw());
        }
        let one = root.full_like(1.0)?;
        ones.push(one.copy_raw());
        Ok(one)
    })
}

/// The gradients of a node and of the one before it, if a pair's rule gives both.
fn in_one_step(node: &Rc<Node>, grad: &Tensor) -> Result<Option<(Rc<Node>, PairGradients)>> {
    let Some((inner, pair)) = node.partner() else {
        return Ok(None);
    };
    Ok(node
        .apply_with(&inner, pair, grad)?
        .map(|gradients| (inner, gradients)))
}

/// Hands the gradients of a node's arguments on to where they go.
fn hand_on(
    node: &Node,
    grads: Vec<Option<Tensor>>,
    ready: &mut BTreeMap<u64, (Rc<Node>, Tensor)>,
    mut wanted: Option<&mut Wanted>,
    create_graph: bool,
) -> Result<()> {
    for ((edge, grad), described) in node.edges().into_iter().zip(grads).zip(node.described()) {
        let (Some(edge), Some(mut grad)) = (edge, grad) else {
            continue;
        };
        if grad.sizes() != described.sizes {
            grad = grad.sum_to_size(&described.sizes)?;
        }
        if grad.dtype() != described.dtype {
            grad = grad.to_dtype(described.dtype)?;
        }
        deliver(edge, grad, ready, wanted.as_deref_mut(), create_graph)?;
    }
    Ok(())
}

fn sum(old: Option<Tensor>, new: Tensor) -> Result<Tensor> {
    match old {
        None => Ok(new),
        Some(old) => old.add(&new),
    }
}

fn deliver(
    edge: Edge,
    grad: Tensor,
    ready: &mut BTreeMap<u64, (Rc<Node>, Tensor)>,
    wanted: Option<&mut Wanted>,
    create_graph: bool,
) -> Result<()> {
    match (edge, wanted) {
        (Edge::Node(node), _) => {
            let old = ready.remove(&node.sequence()).map(|(_, old)| old);
            ready.insert(node.sequence(), (node, sum(old, grad)?));
        }
        (Edge::Leaf(leaf), Some(wanted)) => {
            if let Some(&at) = wanted.leaves.get(&leaf.id()) {
                wanted.add(at, grad)?;
            }
        }
        (Edge::Leaf(leaf), None) => accumulate(&leaf, grad, create_graph)?,
    }
    Ok(())
}

/// PyTorch's `AccumulateGrad`.
fn accumulate(leaf: &Tensor, grad: Tensor, create_graph: bool) -> Result<()> {
    let accumulated = match leaf.grad() {
        None if create_graph => grad,
        // A copy of the handle: two leaves may be given one gradient, and each must own what it accumulates into.
        None => grad.copy_raw(),
        Some(old) if create_graph => old.add(&grad)?,
        Some(old) => {
            // In place, so that whoever holds `leaf.grad` sees the sum, as in PyTorch.
            old.add_(&grad, 1.0)?;
            return Ok(());
        }
    };
    leaf.set_grad(Some(accumulated));
    Ok(())
}
