//! The gradients of a training step against Burn's own autodiff, on the same weights and the same batch.

use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device as BurnDevice, Int, Tensor as BurnTensor, TensorData};
use kindling::autograd::{BackwardOptions, backward};
use kindling::nn::Reduction;
use kindling::random::Generator;
use kindling::{Device, Tensor};
use pollster::block_on;

const BATCH: usize = 16;
const SIZES: [usize; 4] = [20, 12, 8, 5];

struct Case {
    x: Vec<f32>,
    target: Vec<i64>,
    layers: Vec<(Vec<f32>, Vec<f32>)>,
}

fn case() -> Case {
    let mut generator = Generator::new(5);
    let x = generator.randn(BATCH * SIZES[0]);
    let target = generator.randint(0, SIZES[3] as i64, BATCH).unwrap();
    let layers = SIZES
        .windows(2)
        .map(|pair| {
            let init = generator.linear_init(pair[0], pair[1]);
            (init.weight, init.bias)
        })
        .collect();
    Case { x, target, layers }
}

fn ours(case: &Case) -> Vec<Vec<f64>> {
    let cpu = Device::CPU;
    let leaf = |values: &[f32], sizes: &[usize]| {
        let tensor = Tensor::from_f32(values.to_vec(), sizes, cpu).unwrap();
        tensor.requires_grad_(true).unwrap();
        tensor
    };
    let mut value = Tensor::from_f32(case.x.clone(), &[BATCH, SIZES[0]], cpu).unwrap();
    let mut parameters = vec![];
    for (at, (weight, bias)) in case.layers.iter().enumerate() {
        let weight = leaf(weight, &[SIZES[at + 1], SIZES[at]]);
        let bias = leaf(bias, &[SIZES[at + 1]]);
        value = value.linear(&weight, Some(&bias)).unwrap();
        if at + 1 < case.layers.len() {
            value = value.relu().unwrap();
        }
        parameters.extend([weight, bias]);
    }
    let target = Tensor::from_i64(&case.target, &[BATCH], cpu).unwrap();
    let loss = value.cross_entropy(&target, Reduction::Mean).unwrap();
    block_on(async {
        backward(&loss, None, BackwardOptions::default())
            .await
            .unwrap();
        let mut grads = vec![];
        for parameter in parameters {
            grads.push(parameter.grad().unwrap().to_vec().await.unwrap());
        }
        grads
    })
}

fn burns(case: &Case) -> Vec<Vec<f64>> {
    let device = BurnDevice::flex().autodiff();
    let matrix = |values: &[f32], rows: usize, columns: usize| {
        BurnTensor::<2>::from_data(TensorData::new(values.to_vec(), [rows, columns]), &device)
    };
    let mut value = matrix(&case.x, BATCH, SIZES[0]);
    let mut parameters = vec![];
    for (at, (weight, bias)) in case.layers.iter().enumerate() {
        let weight = matrix(weight, SIZES[at + 1], SIZES[at]).require_grad();
        let bias = matrix(bias, 1, SIZES[at + 1]).require_grad();
        value = value.matmul(weight.clone().transpose()) + bias.clone();
        if at + 1 < case.layers.len() {
            value = relu(value);
        }
        parameters.extend([weight, bias]);
    }
    let target =
        BurnTensor::<1, Int>::from_data(TensorData::new(case.target.clone(), [BATCH]), &device);
    let picked = log_softmax(value, 1).gather(1, target.reshape([BATCH as i32, 1]));
    let grads = picked.mean().neg().backward();
    parameters
        .iter()
        .map(|p| {
            let data = p.grad(&grads).unwrap().into_data().convert::<f64>();
            data.try_into_vec::<f64>().unwrap()
        })
        .collect()
}

#[test]
fn a_step_has_burns_gradients() {
    let case = case();
    let (ours, burns) = (ours(&case), burns(&case));
    assert_eq!(ours.len(), burns.len());
    for (parameter, (mine, theirs)) in ours.iter().zip(&burns).enumerate() {
        assert_eq!(mine.len(), theirs.len());
        assert!(
            theirs.iter().any(|g| g.abs() > 1e-4),
            "parameter {parameter} has no gradient to compare"
        );
        for (a, b) in mine.iter().zip(theirs) {
            assert!(
                (a - b).abs() <= 1e-6 + 1e-5 * b.abs(),
                "parameter {parameter}: {a} against {b}"
            );
        }
    }
}
