//! Fused operations in the CPU's memory.

use crate::ops::product::{in_memory, on_host};
use crate::tensor::kernels::Primitive;
use burn::backend::flex::FlexTensor;
use burn::backend::{BackendTensor, DispatchTensorKind};

/// Class indices, one a row.
fn classes(target: &Primitive) -> Option<&[i64]> {
    match &target.kind {
        DispatchTensorKind::Flex(BackendTensor::Int(t)) => FlexTensor::as_slice::<i64>(t),
        _ => None,
    }
}

/// Logits and targets of `[rows, classes]` and `[rows]`: `log_softmax` of each row, and minus the mean of the targets' logarithms.
pub(super) fn cross_entropy(
    logits: &Primitive,
    target: &Primitive,
) -> Option<(Primitive, Primitive)> {
    let (t, target) = (on_host(logits)?, classes(target)?);
    let columns = t.layout().shape()[1];
    let values = t.as_slice::<f32>()?;
    if columns == 0 || target.is_empty() {
        return None;
    }
    let mut logs: Vec<f32> = Vec::with_capacity(values.len());
    let mut total = 0.0;
    for (row, &class) in values.chunks_exact(columns).zip(target) {
        // NaN is kept: it comes out of the sum.
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let log = row.iter().map(|v| (v - most).exp()).sum::<f32>().ln();
        logs.extend(row.iter().map(|v| v - most - log));
        total -= logs[logs.len() - columns + usize::try_from(class).ok()?];
    }
    let mean = total / target.len() as f32;
    let sizes = vec![target.len(), columns];
    Some((
        in_memory(logs, sizes, logits),
        in_memory(vec![mean], vec![1], logits),
    ))
}

/// Given the logarithms of [`cross_entropy`] and the gradient of its mean: the logits' gradient.
pub(super) fn cross_entropy_gradient(
    logs: &Primitive,
    target: &Primitive,
    grad: &Primitive,
) -> Option<Primitive> {
    let (t, target) = (on_host(logs)?, classes(target)?);
    let columns = t.layout().shape()[1];
    let values = t.as_slice::<f32>()?;
    let &[grad] = on_host(grad)?.as_slice::<f32>()? else {
        return None;
    };
    // The two rules one after the other, as PyTorch rounds them.
    let picked = -(grad / target.len() as f32);
    let mut made = Vec::with_capacity(values.len());
    for (row, &class) in values.chunks_exact(columns.max(1)).zip(target) {
        let first = made.len();
        made.extend(row.iter().map(|v| -(v.exp() * picked)));
        made[first + usize::try_from(class).ok()?] += picked;
    }
    Some(in_memory(made, vec![target.len(), columns], logs))
}
