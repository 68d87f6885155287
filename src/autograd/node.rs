//! A node of the graph: one recorded operation, where its inputs came from, and what its derivative rule needs.

use crate::error::{Error, Result, signed};
use crate::ops::{Argument, Derivative, Operation, Pair, PairGradients, pair_of};
use crate::tensor::{DType, Tensor, WeakTensor};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Where the gradient of an input goes.
#[derive(Clone)]
pub enum Edge {
    /// Into a leaf's `.grad` (PyTorch's `AccumulateGrad`).
    Leaf(Tensor),
    /// On to the operation that made the input.
    Node(Rc<Node>),
}

/// What a derivative rule wants kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saves {
    /// The n-th tensor argument.
    Input(usize),
    /// The result.
    Output,
}

/// A derivative rule: from the gradient of the result to the gradients of the tensor arguments, in their order. `None`
/// where an argument takes none. A gradient may have the broadcast sizes: it is summed to the argument's own afterwards.
pub type Rule = fn(&Saved<'_>) -> Result<Vec<Option<Tensor>>>;

struct Kept {
    tensor: Tensor,
    version: u64,
}

impl Kept {
    fn new(tensor: Tensor) -> Self {
        let version = tensor.version();
        Self { tensor, version }
    }
}

/// What is let go of after a backward without `retain_graph`.
struct Contents {
    inputs: Vec<Option<Kept>>,
    output: Option<Kept>,
    extra: Vec<Tensor>,
    arguments: Vec<Argument>,
}

/// What the graph remembers of a tensor argument even when its elements are not kept.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) sizes: Vec<usize>,
    pub(crate) dtype: DType,
}

/// A recorded operation.
pub struct Node {
    operation: &'static Operation,
    derivative: &'static Derivative,
    name: &'static str,
    sequence: u64,
    edges: RefCell<Vec<Option<Edge>>>,
    /// How many arguments of later operations this node's result became.
    uses: Cell<usize>,
    described: Vec<Described>,
    /// The tensor this node made, for `retain_grad` and for pictures of the graph.
    result: WeakTensor,
    contents: RefCell<Option<Contents>>,
}

thread_local! {
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

fn edge_of(tensor: &Tensor) -> Option<Edge> {
    let meta = tensor.autograd().borrow();
    match (&meta.grad_fn, meta.requires_grad) {
        (Some(node), _) => {
            node.uses.set(node.uses.get() + 1);
            Some(Edge::Node(node.clone()))
        }
        (None, true) => {
            drop(meta);
            Some(Edge::Leaf(tensor.clone()))
        }
        (None, false) => None,
    }
}

impl Node {
    /// Records `operation` on `arguments`; the node becomes the result's `grad_fn`.
    pub(crate) fn record(
        operation: &'static Operation,
        derivative: &'static Derivative,
        arguments: Vec<Argument>,
        output: &Tensor,
        extra: Vec<Tensor>,
    ) {
        let tensors: Vec<&Tensor> = arguments.iter().flat_map(Argument::tensors).collect();
        let describe = |t: &Tensor| Described {
            sizes: t.sizes().to_vec(),
            dtype: t.dtype(),
        };
        let saves = derivative.saves;
        let name = (derivative.node)(&arguments);
        let edges = tensors.iter().map(|t| edge_of(t)).collect();
        let described = tensors.iter().map(|t| describe(t)).collect();
        let inputs = (0..tensors.len())
            .map(|n| {
                saves
                    .contains(&Saves::Input(n))
                    .then(|| Kept::new(tensors[n].clone()))
            })
            .collect();
        // The result holds this node; what is kept of it must not hold the result in turn.
        let kept_output = saves
            .contains(&Saves::Output)
            .then(|| Kept::new(output.detach()));
        let plain = arguments
            .into_iter()
            .map(Argument::without_tensors)
            .collect();
        let node = Self {
            operation,
            derivative,
            name,
            sequence: NEXT.with(|next| next.replace(next.get() + 1)),
            edges: RefCell::new(edges),
            uses: Cell::new(0),
            described,
            result: output.downgrade(),
            contents: RefCell::new(Some(Contents {
                inputs,
                output: kept_output,
                extra,
                arguments: plain,
            })),
        };
        output.autograd().borrow_mut().grad_fn = Some(Rc::new(node));
    }

    /// PyTorch's name: `AddmmBackward0`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The table's entry.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Nodes are numbered in the order they were recorded.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// `grad_fn.next_functions`: where gradients go, one for each tensor argument.
    pub fn edges(&self) -> Vec<Option<Edge>> {
        self.edges.borrow().clone()
    }

    /// The tensor it made, while somebody holds it.
    pub fn result(&self) -> Option<Tensor> {
        self.result.upgrade()
    }

    pub(crate) fn described(&self) -> &[Described] {
        &self.described
    }

    /// `retain_grad`: hands the gradient to the result if it asked for it.
    pub(crate) fn keep_retained(&self, grad: &Tensor) {
        if let Some(result) = self.result.upgrade()
            && result.autograd().borrow().retains_grad
        {
            result.set_grad(Some(grad.clone()));
        }
    }

    /// Applies the derivative rule to the gradient of the result.
    pub(crate) fn apply(self: &Rc<Self>, grad: &Tensor) -> Result<Vec<Option<Tensor>>> {
        let contents = self.contents.borrow();
        let contents = contents.as_ref().ok_or(Error::SecondBackward)?;
        (self.derivative.rule)(&Saved {
            node: self,
            contents,
            grad,
        })
    }

    /// The one node before this whose rule can be applied together with this one's: nobody else takes its
    /// result or asks for its gradient.
    pub(crate) fn partner(&self) -> Option<(Rc<Self>, &'static Pair)> {
        let edges = self.edges.borrow();
        edges.iter().enumerate().find_map(|(at, edge)| {
            let Some(Edge::Node(inner)) = edge else {
                return None;
            };
            let pair = pair_of(self.operation, at, inner.operation)?;
            let retained = inner
                .result
                .upgrade()
                .is_some_and(|result| result.autograd().borrow().retains_grad);
            (inner.uses.get() == 1 && !retained).then(|| (inner.clone(), pair))
        })
    }

    /// Applies both rules of a pair to the gradient of this node's result.
    pub(crate) fn apply_with(
        self: &Rc<Self>,
        inner: &Rc<Self>,
        pair: &Pair,
        grad: &Tensor,
    ) -> Result<Option<PairGradients>> {
        let (own, others) = (self.contents.borrow(), inner.contents.borrow());
        let (Some(own), Some(others)) = (own.as_ref(), others.as_ref()) else {
            return Err(Error::SecondBackward);
        };
        (pair.rule)(
            &Saved {
                node: self,
                contents: own,
                grad,
            },
            // Its own gradient is what is not made.
            &Saved {
                node: inner,
                contents: others,
                grad,
            },
        )
    }

    /// Lets go of what was kept for the rule.
    pub(crate) fn release(&self) {
        self.contents.borrow_mut().take();
    }
}

impl Drop for Node {
    // A long chain of nodes would otherwise be dropped by recursion, as deep as the chain is long.
    fn drop(&mut self) {
        let mut pending: Vec<Edge> = self.edges.get_mut().drain(..).flatten().collect();
        self.contents.get_mut().take();
        while let Some(edge) = pending.pop() {
            if let Edge::Node(node) = edge
                && let Some(mut last) = Rc::into_inner(node)
            {
                pending.extend(last.edges.get_mut().drain(..).flatten());
            }
        }
    }
}

/// What a derivative rule sees.
pub struct Saved<'a> {
    node: &'a Rc<Node>,
    contents: &'a Contents,
    grad: &'a Tensor,
}

impl Saved<'_> {
    /// The gradient of the result.
    pub fn grad(&self) -> &Tensor {
        self.grad
    }

    /// True when the n-th tensor argument takes a gradient.
    pub fn needs(&self, n: usize) -> bool {
        self.node.edges.borrow().get(n).is_some_and(Option::is_some)
    }

    /// The n-th tensor argument, which the rule asked to be saved.
    ///
    /// # Errors
    /// It was changed in place since.
    pub fn input(&self, n: usize) -> Result<Tensor> {
        let kept = self.contents.inputs.get(n).and_then(Option::as_ref);
        self.checked(kept).cloned()
    }

    /// The result, which the rule asked to be saved; with its history, so that the rule itself can be differentiated.
    ///
    /// # Errors
    /// It was changed in place since.
    pub fn output(&self) -> Result<Tensor> {
        let output = self.checked(self.contents.output.as_ref())?.detach();
        output.autograd().borrow_mut().grad_fn = Some(self.node.clone());
        Ok(output)
    }

    /// The n-th tensor the forward computed beside its result.
    ///
    /// # Errors
    /// The operation made none, which is a defect of its entry.
    pub fn extra(&self, n: usize) -> Result<&Tensor> {
        self.contents.extra.get(n).ok_or_else(|| self.missing())
    }

    /// The n-th argument, if it is no tensor.
    pub fn argument(&self, n: usize) -> &Argument {
        self.contents.arguments.get(n).unwrap_or(&Argument::None)
    }

    /// Sizes of the n-th tensor argument.
    pub fn sizes(&self, n: usize) -> &[usize] {
        self.node.described.get(n).map_or(&[], |d| &d.sizes)
    }

    fn checked<'k>(&self, kept: Option<&'k Kept>) -> Result<&'k Tensor> {
        let kept = kept.ok_or_else(|| self.missing())?;
        let (tensor, found) = (&kept.tensor, kept.tensor.version());
        if found == kept.version {
            return Ok(tensor);
        }
        let kind = if tensor.device().is_cpu() {
            "torch"
        } else {
            "torch.cuda"
        };
        Err(Error::ModifiedInPlace {
            kind: format!("{kind}.{}Tensor", tensor.dtype().scalar_name()),
            sizes: signed(tensor.sizes()),
            // PyTorch names the operation without the word that all nodes end in.
            node: tensor
                .grad_fn()
                .map(|n| n.name().trim_end_matches("Backward0").into()),
            found,
            expected: kept.version,
        })
    }

    fn missing(&self) -> Error {
        Error::Value(format!(
            "{} does not keep what its derivative rule asks for",
            self.node.name()
        ))
    }
}
