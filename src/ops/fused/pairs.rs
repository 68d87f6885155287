//! Pairs of nodes that the walk backward takes in one step.

use super::cross_entropy_gradient;
use crate::autograd::Saved;
use crate::error::Result;
use crate::ops::matmul::{self, second_gradient};
use crate::ops::product::{After, float_product};
use crate::ops::{Argument, Operation, functions, loss, reduction};
use crate::tensor::{DType, Tensor};

/// The gradients of both nodes' arguments.
pub(crate) struct PairGradients {
    /// Of the node that was recorded later; the one that leads to the other node is left out.
    pub(crate) outer: Vec<Option<Tensor>>,
    /// Of the node it leads to.
    pub(crate) inner: Vec<Option<Tensor>>,
}

/// A node and the one that made its argument, whose rules can be applied together.
pub(crate) struct Pair {
    /// The later operation.
    outer: fn() -> &'static Operation,
    /// Its argument.
    pub(crate) argument: usize,
    /// The operation that made it.
    inner: fn() -> &'static Operation,
    /// Both rules: what the later node saved, with its gradient, and what the earlier one saved. `None` where they are to be
    /// applied one after the other.
    pub(crate) rule: fn(&Saved<'_>, &Saved<'_>) -> Result<Option<PairGradients>>,
}

/// The pair that these two operations are, if they are one; `inner` made the argument `argument` of `outer`.
pub(crate) fn pair_of(
    outer: &'static Operation,
    argument: usize,
    inner: &'static Operation,
) -> Option<&'static Pair> {
    [&AFTER_NLL_LOSS, &AFTER_ADDMM, &AFTER_MM]
        .into_iter()
        .find(|pair| {
            pair.argument == argument
                && std::ptr::eq((pair.outer)(), outer)
                && std::ptr::eq((pair.inner)(), inner)
        })
}

/// `nll_loss` of a `log_softmax`.
static AFTER_NLL_LOSS: Pair = Pair {
    outer: || &loss::NLL_LOSS,
    argument: 0,
    inner: || &reduction::LOG_SOFTMAX,
    rule: |loss, softmax| {
        let logs = softmax.output()?;
        let whole_rows = matches!(softmax.argument(1), Argument::Int(-1 | 1));
        let is_mean = !matches!(loss.argument(2), Argument::Int(0 | 2));
        if !whole_rows || !is_mean || logs.dtype() != DType::Float32 || logs.dim() != 2 {
            return Ok(None);
        }
        let made = cross_entropy_gradient(&logs, &loss.input(1)?, loss.grad());
        Ok(made.map(|gradient| PairGradients {
            outer: vec![None, None],
            inner: vec![Some(gradient)],
        }))
    },
};

/// `addmm` of a `relu`.
static AFTER_ADDMM: Pair = Pair {
    outer: || &matmul::ADDMM,
    argument: 1,
    inner: || &functions::RELU,
    rule: |product, relu| {
        let Some(masked) = masked(product, relu, 2)? else {
            return Ok(None);
        };
        let mut outer = matmul::addmm_gradients(product, false)?;
        outer[1] = None;
        Ok(Some(PairGradients {
            outer,
            inner: vec![Some(masked)],
        }))
    },
};

/// `mm` of a `relu`.
static AFTER_MM: Pair = Pair {
    outer: || &matmul::MM,
    argument: 0,
    inner: || &functions::RELU,
    rule: |product, relu| {
        let Some(masked) = masked(product, relu, 1)? else {
            return Ok(None);
        };
        let (a, b) = (product.input(0)?, product.input(1)?);
        let second = product
            .needs(1)
            .then(|| second_gradient(&a, product.grad(), &b))
            .transpose()?;
        Ok(Some(PairGradients {
            outer: vec![None, second],
            inner: vec![Some(masked)],
        }))
    },
};

/// `g · Bᵀ` where the relu let anything pass, else 0.
fn masked(product: &Saved<'_>, relu: &Saved<'_>, second: usize) -> Result<Option<Tensor>> {
    let (mask, b) = (relu.output()?, product.input(second)?.t()?);
    let grad = product.grad();
    if mask.dtype() != DType::Float32 {
        return Ok(None);
    }
    let after = mask.primitive();
    let p = float_product(
        grad.primitive(),
        b.primitive(),
        None,
        After::Where(&after),
        grad.device(),
    );
    Ok(Some(Tensor::from_primitive(
        p,
        grad.dtype(),
        grad.device(),
        mask.sizes().to_vec(),
    )))
}
