//! What is computed in one pass against the same computed one operation after the other: results, gradients, and the nodes
//! that are recorded, on the device `KINDLING_DEVICE` names.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use kindling::autograd::{BackwardOptions, Edge, backward};
use kindling::nn::Reduction;
use kindling::random::Generator;
use kindling::{Device, Tensor};
use pollster::block_on;

/// Numbers of both signs, as PyTorch's generator draws them.
fn drawn(generator: &mut Generator, sizes: &[usize], device: Device) -> Tensor {
    let values = generator.randn(sizes.iter().product());
    Tensor::from_f32(values, sizes, device).unwrap()
}

/// A network's parameters, its input and its targets.
struct Network {
    parameters: Vec<Tensor>,
    input: Tensor,
    target: Tensor,
}

/// Layer widths that are no multiples of a kernel's tiles.
const WIDTHS: [usize; 4] = [37, 21, 11, 10];
const ROWS: usize = 13;

fn network(device: Device) -> Network {
    let mut generator = Generator::new(3);
    let mut parameters = vec![];
    for pair in WIDTHS.windows(2) {
        parameters.push(drawn(&mut generator, &[pair[1], pair[0]], device));
        parameters.push(drawn(&mut generator, &[pair[1]], device));
    }
    for parameter in &parameters {
        parameter.requires_grad_(true).unwrap();
    }
    let classes: Vec<i64> = (0..ROWS).map(|row| (row * 7 % 10) as i64).collect();
    Network {
        input: drawn(&mut generator, &[ROWS, WIDTHS[0]], device),
        target: Tensor::from_i64(&classes, &[ROWS], device).unwrap(),
        parameters,
    }
}

/// The names of the nodes behind a tensor, each after those that lead to it.
fn names(tensor: &Tensor) -> Vec<&'static str> {
    let (mut found, mut pending) = (vec![], vec![tensor.grad_fn().unwrap()]);
    while let Some(node) = pending.pop() {
        found.push(node.name());
        for edge in node.edges().into_iter().flatten() {
            if let Edge::Node(next) = edge {
                pending.push(next);
            }
        }
    }
    found
}

async fn all_gradients(network: &Network) -> Vec<Vec<f64>> {
    let mut found = vec![];
    for parameter in &network.parameters {
        found.push(parameter.grad().unwrap().to_vec().await.unwrap());
        parameter.set_grad(None);
    }
    found
}

fn assert_close(found: &[f64], wanted: &[f64], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (f, w) in found.iter().zip(wanted) {
        assert!(
            (f - w).abs() <= 1e-5 * w.abs().max(1.0),
            "{what}: {f} against {w}"
        );
    }
}

#[test]
fn a_network_in_few_passes_is_the_network_in_many() {
    block_on(async {
        let device = common::device().await;
        let net = network(device);
        let p = &net.parameters;

        let mut apart = net.input.clone();
        let mut together = net.input.clone();
        for layer in 0..2 {
            let (weight, bias) = (&p[2 * layer], Some(&p[2 * layer + 1]));
            apart = apart.linear(weight, bias).unwrap().relu().unwrap();
            together = together.linear_relu(weight, bias).unwrap();
        }
        let apart = apart
            .linear(&p[4], Some(&p[5]))
            .unwrap()
            .log_softmax(-1)
            .unwrap();
        let apart = apart.nll_loss(&net.target, Reduction::Mean).unwrap();
        let together = together.linear(&p[4], Some(&p[5])).unwrap();
        let together = together
            .cross_entropy(&net.target, Reduction::Mean)
            .unwrap();

        assert_eq!(names(&together), names(&apart));
        assert_close(
            &together.to_vec().await.unwrap(),
            &apart.to_vec().await.unwrap(),
            "loss",
        );

        // Whoever watches each node makes the walk apply the rules one by one.
        let mut seen = 0;
        let mut watch = |_: &_, _: &Tensor| seen += 1;
        let options = BackwardOptions {
            observer: Some(&mut watch),
            ..BackwardOptions::default()
        };
        backward(&apart, None, options).await.unwrap();
        assert_eq!(seen, names(&apart).len());
        let wanted = all_gradients(&net).await;
        backward(&together, None, BackwardOptions::default())
            .await
            .unwrap();
        for (found, wanted) in all_gradients(&net).await.iter().zip(&wanted) {
            assert_close(found, wanted, "gradient");
        }
    });
}

#[test]
fn a_result_that_is_used_twice_or_whose_gradient_is_kept_is_not_passed_over() {
    block_on(async {
        let device = common::device().await;
        let net = network(device);
        let (weight, bias) = (&net.parameters[0], Some(&net.parameters[1]));
        let next = &net.parameters[2];
        let mut gradients = vec![];
        for kept in [false, true] {
            let hidden = net.input.linear_relu(weight, bias).unwrap();
            if kept {
                hidden.retain_grad();
            }
            let once = hidden
                .mm(&next.t().unwrap())
                .unwrap()
                .sum(None, false)
                .unwrap();
            let twice = hidden.mul(&hidden).unwrap().sum(None, false).unwrap();
            backward(&once.add(&twice).unwrap(), None, BackwardOptions::default())
                .await
                .unwrap();
            gradients.push(weight.grad().unwrap().to_vec().await.unwrap());
            weight.set_grad(None);

            let hidden = net.input.linear_relu(weight, bias).unwrap();
            if kept {
                hidden.retain_grad();
            }
            let once = hidden
                .mm(&next.t().unwrap())
                .unwrap()
                .sum(None, false)
                .unwrap();
            backward(&once, None, BackwardOptions::default())
                .await
                .unwrap();
            gradients.push(weight.grad().unwrap().to_vec().await.unwrap());
            weight.set_grad(None);
            // d/dh of the sum of h · Wᵀ is the sum of W's rows, on or off.
            if kept {
                let rows = next
                    .sum(Some(&[0][..]), false)
                    .unwrap()
                    .to_vec()
                    .await
                    .unwrap();
                let found = hidden.grad().unwrap().to_vec().await.unwrap();
                for line in found.chunks(rows.len()) {
                    assert_close(line, &rows, "the kept gradient");
                }
            }
        }
        assert_close(&gradients[0], &gradients[2], "used twice");
        assert_close(&gradients[1], &gradients[3], "used once");
    });
}

#[test]
fn not_a_number_passes_as_in_pytorch() {
    block_on(async {
        let device = Device::CPU;
        let x = Tensor::from_f32(vec![f32::NAN, 1.0], &[1, 2], device).unwrap();
        let weight = Tensor::from_f32(vec![1.0, 1.0, 0.0, -1.0], &[2, 2], device).unwrap();
        let bias = Tensor::from_f32(vec![0.0, 0.0], &[2], device).unwrap();
        // torch.relu of NaN is NaN, and NaN times 0 is NaN.
        let found = x
            .linear_relu(&weight, Some(&bias))
            .unwrap()
            .to_vec()
            .await
            .unwrap();
        assert!(found.iter().all(|v| v.is_nan()), "{found:?}");
    });
}
