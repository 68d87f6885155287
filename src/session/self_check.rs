//! Compares a GPU's kernels with the CPU's before anything is trained on them: a bad shader gives wrong numbers in silence
//! (pitfall P1).

use crate::device::Device;
use crate::error::Result;
use crate::ops::{self, Argument, Operation, Samples};
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
///
/// # Errors
/// The device is gone.
pub(super) async fn disagreement(device: Device) -> Result<Option<String>> {
    let wrong = wrong_operations(device, Operation::call).await?;
    Ok((!wrong.is_empty()).then(|| {
        format!(
            "This GPU's results for {} differ from the CPU's: train on the CPU, and report the adapter's name.",
            wrong.join(", ")
        )
    }))
}

/// The operations in use whose results by `call` on `device` differ from the CPU's.
async fn wrong_operations(
    device: Device,
    call: impl Fn(&'static Operation, Vec<Argument>) -> Result<Tensor>,
) -> Result<Vec<&'static str>> {
    let mut wrong = vec![];
    for operation in ops::all().iter().filter(|o| IN_USE.contains(&o.name)) {
        // The same seed draws the same numbers for both.
        let on = |device| (operation.samples)(&mut Samples::new(SEED, DType::Float32, device));
        let mine: Result<Vec<Tensor>> = on(device)?
            .into_iter()
            .map(|sample| call(operation, sample))
            .collect();
        let theirs: Result<Vec<Tensor>> = on(Device::CPU)?
            .into_iter()
            .map(|sample| operation.call(sample))
            .collect();
        let mine = Tensor::read_all(&mine?).await?;
        let theirs = Tensor::read_all(&theirs?).await?;
        if !agree(&mine, &theirs) {
            wrong.push(operation.name);
        }
    }
    Ok(wrong)
}

/// Same numbers of elements, at least one, and the same values within [`TOLERANCE`].
fn agree(mine: &[Vec<f64>], theirs: &[Vec<f64>]) -> bool {
    let same_lengths = mine.len() == theirs.len()
        && mine.iter().zip(theirs).all(|(a, b)| a.len() == b.len())
        && mine.iter().any(|a| !a.is_empty());
    let mut pairs = mine.iter().flatten().zip(theirs.iter().flatten());
    // Written so that a NaN disagrees.
    same_lengths && pairs.all(|(a, b)| (a - b).abs() <= TOLERANCE * b.abs().max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the check finds when the result of one operation is spoilt.
    fn found(spoilt: &'static str, spoil: fn(Tensor) -> Result<Tensor>) -> Vec<&'static str> {
        let call = |operation: &'static Operation, arguments| {
            let result = operation.call(arguments)?;
            if operation.name == spoilt {
                spoil(result)
            } else {
                Ok(result)
            }
        };
        pollster::block_on(wrong_operations(Device::CPU, call)).unwrap()
    }

    fn filled_like(result: &Tensor, value: f32) -> Result<Tensor> {
        let sizes = result.sizes().to_vec();
        Tensor::from_f32(vec![value; sizes.iter().product()], &sizes, Device::CPU)
    }

    #[test]
    fn sound_kernels_agree() {
        assert!(found("", Ok).is_empty());
    }

    #[test]
    fn every_operation_in_use_is_there_and_a_wrong_kernel_for_it_is_named() {
        for name in IN_USE {
            assert_eq!(found(name, |r| filled_like(&r, f32::NAN)), [name]);
            // What a skipped dispatch leaves: another tensor's plausible numbers.
            assert_eq!(found(name, |r| filled_like(&r, 0.37)), [name]);
        }
    }

    #[test]
    fn a_result_of_another_size_is_wrong() {
        let empty = |_| Tensor::from_f32(vec![], &[0], Device::CPU);
        assert_eq!(found("addmm", empty), ["addmm"]);
    }
}
