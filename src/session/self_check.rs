//! Compares a GPU's kernels with the CPU's before anything is trained on them: a bad shader gives wrong numbers in silence
//! (pitfall P1).

use crate::device::Device;
use crate::error::Result;
use crate::ops::{self, Argument, Samples};
use crate::tensor::{DType, Tensor};

/// The operations a training step and its evaluation use.
const IN_USE: [&str; 14] = [
    "add",
    "sub",
    "mul",
    "relu",
    "tanh",
    "sigmoid",
    "threshold_backward",
    "sum",
    "mean",
    "argmax",
    "log_softmax",
    "addmm",
    "batch_norm",
    "nll_loss",
];
const SEED: u64 = 7;
/// Relative to the larger of 1 and the value: kernels differ in summation order, not more.
const TOLERANCE: f64 = 1e-4;

/// A sentence that names the operations whose results differ from the CPU's; `None` where all agree.
pub(super) async fn disagreement(device: Device) -> Result<Option<String>> {
    let mut wrong = vec![];
    for operation in ops::all().iter().filter(|o| IN_USE.contains(&o.name)) {
        // The same seed draws the same numbers for both.
        let on = |device| (operation.samples)(&mut Samples::new(SEED, DType::Float32, device));
        let (ours, reference) = (on(device)?, on(Device::CPU)?);
        let mut results: (Vec<Tensor>, Vec<Tensor>) = (vec![], vec![]);
        for (mine, theirs) in ours.into_iter().zip(reference) {
            results.0.push(apply(operation, mine)?);
            results.1.push(apply(operation, theirs)?);
        }
        let (mine, theirs) = (
            Tensor::read_all(&results.0).await?,
            Tensor::read_all(&results.1).await?,
        );
        let agrees = mine
            .iter()
            .flatten()
            .zip(theirs.iter().flatten())
            .all(|(a, b)| {
                // Written so that a NaN disagrees.
                (a - b).abs() <= TOLERANCE * b.abs().max(1.0)
            });
        if !agrees || mine.iter().all(Vec::is_empty) {
            wrong.push(operation.name);
        }
    }
    Ok((!wrong.is_empty()).then(|| {
        format!(
            "This GPU's results for {} differ from the CPU's: train on the CPU, and report the adapter's name.",
            wrong.join(", ")
        )
    }))
}

fn apply(operation: &'static ops::Operation, arguments: Vec<Argument>) -> Result<Tensor> {
    operation.call(arguments)
}
