//! Several operations in one pass over memory, where the general way makes one each. What is recorded is what PyTorch records:
//! the forward leaves both nodes, and the walk backward takes two of them in one step where nobody looks in between.

#[cfg(feature = "gpu")]
mod cube;
mod host;
mod pairs;

pub(crate) use pairs::{Pair, PairGradients, pair_of};

use super::loss::{self, Reduction};
use super::product::{After, float_product, float_product_and_row_sums};
use super::{matmul, record};
use crate::error::Result;
use crate::tensor::{DType, Tensor};

/// `log_softmax` over the last dimension and the mean `nll_loss`, recorded as the two; `None` where they are to be computed apart.
pub(super) fn cross_entropy(
    logits: &Tensor,
    target: &Tensor,
    reduction: Reduction,
) -> Result<Option<Tensor>> {
    if reduction != Reduction::Mean || logits.dim() != 2 || logits.dtype() != DType::Float32 {
        return Ok(None);
    }
    loss::check_targets(logits, target)?;
    let (x, classes) = (logits.primitive(), target.primitive());
    let made = if logits.device().is_cpu() {
        host::cross_entropy(&x, &classes)
    } else {
        #[cfg(feature = "gpu")]
        let made = cube::cross_entropy(&x, &classes);
        #[cfg(not(feature = "gpu"))]
        let made = None;
        made
    };
    let Some((logs, mean)) = made else {
        return Ok(None);
    };
    let logs = Tensor::from_primitive(
        logs,
        DType::Float32,
        logits.device(),
        logits.sizes().to_vec(),
    );
    let mean = Tensor::from_primitive(mean, DType::Float32, logits.device(), vec![]);
    record(
        &super::reduction::LOG_SOFTMAX,
        vec![logits.into(), (-1_i64).into()],
        &logs,
    );
    record(
        &loss::NLL_LOSS,
        vec![(&logs).into(), target.into(), reduction.number().into()],
        &mean,
    );
    Ok(Some(mean))
}

/// `relu(bias + x · weight)`, recorded as the two.
pub(super) fn linear_relu(x: &Tensor, weight: &Tensor, bias: &Tensor, sizes: Vec<usize>) -> Tensor {
    let row = bias
        .alias(crate::tensor::layout::Layout::contiguous(vec![1, sizes[1]]))
        .primitive();
    let p = float_product(
        x.primitive(),
        weight.primitive(),
        Some(row),
        After::Relu,
        x.device(),
    );
    // What relu was given is nowhere, and nobody needs it: relu's rule takes its result, addmm's takes the factors.
    let inner = Tensor::from_primitive(p.clone(), x.dtype(), x.device(), sizes.clone());
    record(
        &matmul::ADDMM,
        vec![bias.into(), x.into(), weight.into()],
        &inner,
    );
    let result = Tensor::from_primitive(p, x.dtype(), x.device(), sizes);
    record(&super::functions::RELU, vec![(&inner).into()], &result);
    result
}

/// The gradient of logits through `nll_loss` and `log_softmax`, given the logarithms and the mean's gradient.
fn cross_entropy_gradient(logs: &Tensor, target: &Tensor, grad: &Tensor) -> Option<Tensor> {
    let (l, classes, g) = (logs.primitive(), target.primitive(), grad.primitive());
    let made = if logs.device().is_cpu() {
        host::cross_entropy_gradient(&l, &classes, &g)
    } else {
        #[cfg(feature = "gpu")]
        let made = cube::cross_entropy_gradient(&l, &classes, &g);
        #[cfg(not(feature = "gpu"))]
        let made = None;
        made
    };
    made.map(|p| Tensor::from_primitive(p, DType::Float32, logs.device(), logs.sizes().to_vec()))
}

/// The gradients of `addmm`'s bias and of its second factor, a transposed weight, in one pass; `None` where they are made apart.
pub(super) fn bias_and_weight_gradients(
    x: &Tensor,
    grad: &Tensor,
    weight: &Tensor,
    bias_sizes: &[usize],
) -> Option<(Tensor, Tensor)> {
    if crate::autograd::is_grad_enabled()
        || bias_sizes != &grad.sizes()[1..]
        || !matmul::is_transposed(weight)
    {
        return None;
    }
    let turned = grad.t().ok()?;
    let (product, sums) =
        float_product_and_row_sums(&turned.primitive(), &x.primitive(), x.device())?;
    let (dtype, device) = (grad.dtype(), grad.device());
    let sizes = vec![grad.sizes()[1], x.sizes()[1]];
    let second = Tensor::from_primitive(product, dtype, device, sizes)
        .t()
        .ok()?;
    Some((
        Tensor::from_primitive(sums, dtype, device, bias_sizes.to_vec()),
        second,
    ))
}

/// `p -= lr · (g + weight_decay · p)` for parameters and their gradients, a few in each pass. False, with nothing done, where each
/// is to be changed by itself.
pub(crate) fn descend(parameters: &[(&Tensor, Tensor)], lr: f64, weight_decay: f64) -> bool {
    #[cfg(feature = "gpu")]
    if parameters.iter().all(|(p, g)| cube::can_descend(p, g)) {
        for two in parameters.chunks(2) {
            cube::descend(two, lr as f32, weight_decay as f32);
        }
        return true;
    }
    let _ = (parameters, lr, weight_decay);
    false
}
