//! Every entry of the table against finite differences (on the CPU in float64), first and second order, and its results and
//! gradients on the device under test against the CPU's.

mod common;

use kindling::autograd::{BackwardOptions, gradients};
use kindling::ops::{self, Argument, Gradient, Operation, Samples};
use kindling::{DType, Device, Tensor};
use pollster::block_on;

const SEED: u64 = 11;

fn samples(operation: &Operation, dtype: DType, device: Device) -> Vec<Vec<Argument>> {
    (operation.samples)(&mut Samples::new(SEED, dtype, device)).unwrap()
}

/// The places of the arguments that a gradient is asked for: float tensors. Running statistics are written, not walked.
fn differentiable(operation: &Operation, arguments: &[Argument]) -> Vec<usize> {
    let most = if operation.name == "batch_norm" {
        3
    } else {
        arguments.len()
    };
    let detached = ["binary_cross_entropy"]
        .contains(&operation.name)
        .then_some(1);
    let constant = (operation.name == "threshold_backward").then_some(1);
    (0..most)
        .filter(|at| Some(*at) != detached && Some(*at) != constant)
        .filter(
            |&at| matches!(&arguments[at], Argument::Tensor(t) if t.dtype().is_floating_point()),
        )
        .collect()
}

fn tensor(argument: &Argument) -> &Tensor {
    match argument {
        Argument::Tensor(tensor) => tensor,
        other => panic!("{other:?} is no tensor"),
    }
}

/// Copies, so that running statistics of one call do not reach the next.
fn copied(arguments: &[Argument]) -> Vec<Argument> {
    arguments
        .iter()
        .map(|a| match a {
            Argument::Tensor(t) => {
                let copy = t.detach().copy().unwrap();
                copy.requires_grad_(t.requires_grad()).unwrap();
                Argument::Tensor(copy)
            }
            other => other.clone(),
        })
        .collect()
}

/// Weights that make a scalar of a result in which no symmetry hides a wrong gradient.
fn weights(like: &Tensor) -> Tensor {
    let values = (0..like.numel())
        .map(|i| 0.3 + (i as f64 * 0.7).sin())
        .collect();
    Tensor::from_f64(values, like.sizes(), like.dtype(), like.device()).unwrap()
}

fn scalar(result: &Tensor) -> Tensor {
    result
        .mul(&weights(result))
        .unwrap()
        .sum(None, false)
        .unwrap()
}

fn call(operation: &'static Operation, arguments: &[Argument]) -> Tensor {
    operation
        .call(arguments.to_vec())
        .unwrap_or_else(|e| panic!("{}: {e}", operation.name))
}

async fn analytic(
    operation: &'static Operation,
    arguments: &[Argument],
    places: &[usize],
    create_graph: bool,
) -> (Vec<Tensor>, Vec<Argument>) {
    let arguments = copied(arguments);
    for &at in places {
        tensor(&arguments[at]).requires_grad_(true).unwrap();
    }
    let inputs: Vec<Tensor> = places
        .iter()
        .map(|&at| tensor(&arguments[at]).clone())
        .collect();
    let loss = scalar(&call(operation, &arguments));
    let options = BackwardOptions {
        create_graph,
        ..BackwardOptions::default()
    };
    let found = gradients(&[(loss, None)], &inputs, options).await.unwrap();
    let grads = found
        .into_iter()
        .zip(&inputs)
        .map(|(g, input)| g.unwrap_or_else(|| input.full_like(0.0).unwrap()))
        .collect();
    (grads, arguments)
}

/// Central differences of `f` in every element of argument `at`.
async fn differences(
    arguments: &[Argument],
    at: usize,
    mut f: impl AsyncFnMut(&[Argument]) -> f64,
) -> Vec<f64> {
    const STEP: f64 = 1e-6;
    let original = tensor(&arguments[at]);
    let (values, sizes) = (original.to_vec().await.unwrap(), original.sizes().to_vec());
    let mut found = vec![];
    for element in 0..values.len() {
        let mut shifted = async |by: f64| {
            let mut values = values.clone();
            values[element] += by;
            let mut arguments = copied(arguments);
            let moved = Tensor::from_f64(values, &sizes, DType::Float64, Device::CPU).unwrap();
            arguments[at] = Argument::Tensor(moved);
            f(&arguments).await
        };
        found.push((shifted(STEP).await - shifted(-STEP).await) / (2.0 * STEP));
    }
    found
}

fn assert_close(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        let off = (g - w).abs();
        assert!(
            off <= tolerance * w.abs().max(1.0),
            "{what}, element {i}: {g} against {w}"
        );
    }
}

fn with_gradient() -> impl Iterator<Item = &'static Operation> {
    ops::all()
        .iter()
        .copied()
        .filter(|o| !matches!(o.gradient, Gradient::Stops))
}

#[test]
fn every_entry_is_whole() {
    let mut names = vec![];
    for operation in ops::all() {
        assert!(
            !samples(operation, DType::Float64, Device::CPU).is_empty(),
            "{} has no samples",
            operation.name
        );
        assert!(
            operation.doc.ends_with('.') || operation.doc.ends_with(')'),
            "{}: {}",
            operation.name,
            operation.doc
        );
        assert!(
            !names.contains(&operation.name),
            "{} stands twice",
            operation.name
        );
        if let Some(derivative) = operation.derivative() {
            assert!(
                !derivative.symbols.is_empty() && derivative.words.ends_with('.'),
                "{}",
                operation.name
            );
        }
        names.push(operation.name);
    }
}

#[test]
fn gradients_agree_with_finite_differences() {
    block_on(async {
        for operation in with_gradient() {
            for arguments in samples(operation, DType::Float64, Device::CPU) {
                let places = differentiable(operation, &arguments);
                let (grads, _) = analytic(operation, &arguments, &places, false).await;
                for (&at, grad) in places.iter().zip(&grads) {
                    let want = differences(&arguments, at, async |a| {
                        scalar(&call(operation, a)).item().await.unwrap()
                    })
                    .await;
                    let what = format!("{} argument {at}", operation.name);
                    assert_close(&what, &grad.to_vec().await.unwrap(), &want, 1e-6);
                }
            }
        }
    });
}

#[test]
fn second_order_gradients_agree_with_finite_differences() {
    block_on(async {
        for operation in with_gradient() {
            for arguments in samples(operation, DType::Float64, Device::CPU) {
                let places = differentiable(operation, &arguments);
                // A scalar of all first-order gradients, whose own gradient is the second order.
                let first_order = async |a: &[Argument], create_graph: bool| {
                    let (grads, arguments) = analytic(operation, a, &places, create_graph).await;
                    let mut total = scalar(&grads[0]);
                    for grad in &grads[1..] {
                        total = total.add(&scalar(grad)).unwrap();
                    }
                    (total, arguments)
                };
                let (total, recorded) = first_order(&arguments, true).await;
                let inputs: Vec<Tensor> = places
                    .iter()
                    .map(|&at| tensor(&recorded[at]).clone())
                    .collect();
                let second = if total.requires_grad() {
                    gradients(&[(total, None)], &inputs, BackwardOptions::default())
                        .await
                        .unwrap()
                } else {
                    vec![None; inputs.len()]
                };
                for ((&at, input), grad) in places.iter().zip(&inputs).zip(second) {
                    let got = grad
                        .unwrap_or_else(|| input.full_like(0.0).unwrap())
                        .to_vec()
                        .await
                        .unwrap();
                    let want = differences(&arguments, at, async |a| {
                        first_order(a, false).await.0.item().await.unwrap()
                    })
                    .await;
                    assert_close(
                        &format!("{} argument {at}, second order", operation.name),
                        &got,
                        &want,
                        1e-5,
                    );
                }
            }
        }
    });
}

#[test]
fn the_device_under_test_agrees_with_the_cpu() {
    block_on(async {
        let device = common::device().await;
        for operation in ops::all().iter().copied() {
            let mine = samples(operation, DType::Float32, device);
            let theirs = samples(operation, DType::Float32, Device::CPU);
            for (mine, theirs) in mine.iter().zip(&theirs) {
                let got = call(operation, &copied(mine)).to_vec().await.unwrap();
                let want = call(operation, &copied(theirs)).to_vec().await.unwrap();
                assert_close(operation.name, &got, &want, 1e-5);
                if matches!(operation.gradient, Gradient::Stops) {
                    continue;
                }
                let places = differentiable(operation, theirs);
                let (got, _) = analytic(operation, mine, &places, false).await;
                let (want, _) = analytic(operation, theirs, &places, false).await;
                for (g, w) in got.iter().zip(&want) {
                    let (g, w) = (g.to_vec().await.unwrap(), w.to_vec().await.unwrap());
                    assert_close(&format!("gradient of {}", operation.name), &g, &w, 1e-4);
                }
            }
        }
    });
}
