//! Autograd against values and errors that PyTorch 2.15 printed for the same programs, on the device `KINDLING_DEVICE` names.

mod common;

use kindling::autograd::{BackwardOptions, backward, gradients, no_grad};
use kindling::nn::Reduction;
use kindling::tensor::parse_literal;
use kindling::{Device, Error, Tensor};
use pollster::block_on;

async fn leaf(literal: &str, device: Device) -> Tensor {
    let tensor = parse_literal(literal).unwrap().tensor(device).unwrap();
    tensor.requires_grad_(true).unwrap();
    tensor
}

async fn walk(tensor: &Tensor) -> kindling::Result<()> {
    backward(tensor, None, BackwardOptions::default()).await
}

async fn assert_grad(of: &Tensor, want: &[f64]) {
    let got = of.grad().expect("a gradient").to_vec().await.unwrap();
    assert_eq!(got.len(), want.len());
    for (g, w) in got.iter().zip(want) {
        assert!(
            (g - w).abs() <= 1e-4 * w.abs().max(1.0),
            "{got:?} against {want:?}"
        );
    }
}

#[test]
fn scalars() {
    block_on(async {
        let device = common::device().await;
        let x = leaf("3.0", device).await;
        walk(&x.pow(2.0).unwrap()).await.unwrap();
        assert_grad(&x, &[6.0]).await;
        // y = x^2, z = sin(y), w = exp(z)
        let x = leaf("4.0", device).await;
        let w = x.pow(2.0).unwrap().sin().unwrap().exp().unwrap();
        assert!((w.item().await.unwrap() - 0.7498).abs() < 1e-4);
        walk(&w).await.unwrap();
        assert_grad(&x, &[-5.7447]).await;
        let (a, b) = (leaf("2.0", device).await, leaf("5.0", device).await);
        let c = a
            .mul(&b)
            .unwrap()
            .add(&a.pow(3.0).unwrap())
            .unwrap()
            .sub(&b.div(&a).unwrap())
            .unwrap();
        walk(&c).await.unwrap();
        assert_grad(&a, &[18.25]).await;
        assert_grad(&b, &[1.5]).await;
    });
}

#[test]
fn the_perceptron_of_the_course() {
    block_on(async {
        let device = common::device().await;
        let x = parse_literal("6.7").unwrap().tensor(device).unwrap();
        let y = parse_literal("0.0").unwrap().tensor(device).unwrap();
        let (w, b) = (leaf("1.0", device).await, leaf("0.0", device).await);
        let p = w.mul(&x).unwrap().add(&b).unwrap().sigmoid().unwrap();
        let loss = p.binary_cross_entropy(&y, Reduction::Mean).unwrap();
        assert!((loss.item().await.unwrap() - 6.7012).abs() < 2e-3);
        walk(&loss).await.unwrap();
        let got = w.grad().unwrap().item().await.unwrap();
        assert!((got - 6.6918).abs() < 2e-3, "{got}");
    });
}

#[test]
fn vectors_and_matrices() {
    block_on(async {
        let device = common::device().await;
        let x = leaf("[1.0, 2.0, 3.0]", device).await;
        walk(&x.pow(2.0).unwrap().mean(None, false).unwrap())
            .await
            .unwrap();
        assert_grad(&x, &[0.6667, 1.3333, 2.0]).await;
        let v = leaf("[1.0, 2.0, 3.0]", device).await;
        let given = parse_literal("[1.0, 0.1, 0.01]")
            .unwrap()
            .tensor(device)
            .unwrap();
        backward(
            &v.mul(2_i64).unwrap(),
            Some(given),
            BackwardOptions::default(),
        )
        .await
        .unwrap();
        assert_grad(&v, &[2.0, 0.2, 0.02]).await;
        let m = leaf("[[1.0, 2.0], [3.0, 4.0]]", device).await;
        let k = leaf("[[0.5], [1.5]]", device).await;
        walk(&m.matmul(&k).unwrap().sum(None, false).unwrap())
            .await
            .unwrap();
        assert_grad(&m, &[0.5, 1.5, 0.5, 1.5]).await;
        assert_grad(&k, &[4.0, 6.0]).await;
        let b = leaf("[0.0, 0.0]", device).await;
        walk(
            &m.detach()
                .add(&b)
                .unwrap()
                .pow(2.0)
                .unwrap()
                .sum(None, false)
                .unwrap(),
        )
        .await
        .unwrap();
        assert_grad(&b, &[8.0, 12.0]).await;
        let p = leaf("[[1.0, -2.0, 3.0], [0.5, 5.0, -1.0]]", device).await;
        walk(
            &p.softmax(1)
                .unwrap()
                .select(1, 0)
                .unwrap()
                .sum(None, false)
                .unwrap(),
        )
        .await
        .unwrap();
        assert_grad(
            &p,
            &[
                1.0446e-01,
                -6.9912e-04,
                -1.0376e-01,
                1.0840e-02,
                -1.0813e-02,
                -2.6803e-05,
            ],
        )
        .await;
        let cube = p.pow(3.0).unwrap().sum(None, false).unwrap();
        let g = gradients(&[(cube, None)], &[p.clone()], BackwardOptions::default())
            .await
            .unwrap();
        let g = g[0].as_ref().unwrap().to_vec().await.unwrap();
        for (got, want) in g.iter().zip([3.0, 12.0, 27.0, 0.75, 75.0, 3.0]) {
            assert!((got - want).abs() < 1e-4, "{g:?}");
        }
    });
}

#[test]
fn gradients_accumulate_and_can_be_kept() {
    block_on(async {
        let device = common::device().await;
        let x = leaf("2.0", device).await;
        let mut seen = vec![];
        for _ in 0..3 {
            walk(&x.pow(2.0).unwrap()).await.unwrap();
            seen.push(x.grad().unwrap().item().await.unwrap());
        }
        assert_eq!(seen, [4.0, 8.0, 12.0]);
        x.set_grad(None);
        let y = x.pow(2.0).unwrap();
        let keep = BackwardOptions {
            retain_graph: true,
            ..BackwardOptions::default()
        };
        backward(&y, None, keep).await.unwrap();
        walk(&y).await.unwrap();
        assert_grad(&x, &[8.0]).await;
        let z = leaf("[1.0, 2.0]", device).await;
        let h = z.mul(3_i64).unwrap();
        h.retain_grad();
        walk(&h.sum(None, false).unwrap()).await.unwrap();
        assert_grad(&h, &[1.0, 1.0]).await;
        assert_grad(&z, &[3.0, 3.0]).await;
    });
}

#[test]
fn two_leaves_of_one_sum_own_their_gradients() {
    block_on(async {
        let device = common::device().await;
        let (a, b) = (leaf("[1.0]", device).await, leaf("[2.0]", device).await);
        walk(&a.add(&b).unwrap().sum(None, false).unwrap())
            .await
            .unwrap();
        walk(&a.mul(5_i64).unwrap().sum(None, false).unwrap())
            .await
            .unwrap();
        assert_grad(&a, &[6.0]).await;
        assert_grad(&b, &[1.0]).await;
    });
}

#[test]
fn a_long_chain_is_dropped_without_recursion() {
    let mut x = block_on(leaf("1.0", Device::CPU));
    for _ in 0..100_000 {
        x = x.add(0.0).unwrap();
    }
    drop(x);
}

fn says(result: Result<impl Sized, Error>) -> String {
    result.err().expect("an error").to_string()
}

#[test]
fn errors_are_pytorchs_words() {
    block_on(async {
        let cpu = Device::CPU;
        let ones = |sizes: &[usize]| Tensor::ones(sizes, cpu).unwrap();
        let x = leaf("2.0", cpu).await;
        let y = x.pow(2.0).unwrap();
        walk(&y).await.unwrap();
        assert!(
            says(walk(&y).await).starts_with(
                "Trying to backward through the graph a second time (or directly access"
            )
        );
        let v = leaf("[1.0, 2.0]", cpu).await;
        assert_eq!(
            says(walk(&v.mul(2_i64).unwrap()).await),
            "grad can be implicitly created only for scalar outputs"
        );
        assert_eq!(
            says(walk(&ones(&[]).pow(2.0).unwrap()).await),
            "element 0 of tensors does not require grad and does not have a grad_fn"
        );
        assert_eq!(
            says(ones(&[2, 3]).mm(&ones(&[4, 5]))),
            "mm: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)"
        );
        assert_eq!(
            says(ones(&[4, 20]).linear(&ones(&[10, 784]), Some(&ones(&[10])))),
            "addmm: mat1 and mat2 shapes cannot be multiplied (4x20 and 784x10)"
        );
        let double = ones(&[2, 2]).to_dtype(kindling::DType::Float64).unwrap();
        assert_eq!(
            says(ones(&[2, 2]).mm(&double)),
            "expected m1 and m2 to have the same dtype, but got: float != double"
        );
        assert_eq!(
            says(ones(&[2, 3]).add(&ones(&[2]))),
            "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1"
        );
        assert_eq!(
            says(v.add_(&ones(&[2]), 1.0)),
            "a leaf Variable that requires grad is being used in an in-place operation."
        );
        let ints = Tensor::from_i64(&[1, 2], &[2], cpu).unwrap();
        assert_eq!(
            says(ints.requires_grad_(true)),
            "Only Tensors of floating point and complex dtype can require gradients"
        );
        let twelve = Tensor::from_i64(&(0..12).collect::<Vec<_>>(), &[12], cpu).unwrap();
        assert_eq!(
            says(twelve.reshape(&[5, 3])),
            "shape '[5, 3]' is invalid for input of size 12"
        );
        let six = ones(&[2, 3]).t().unwrap();
        assert_eq!(
            says(six.view(&[6])),
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        );
        let target = Tensor::from_i64(&[0, 5], &[2], cpu).unwrap();
        assert_eq!(
            says(ones(&[2, 3]).cross_entropy(&target, Reduction::Mean)),
            "Target 5 is out of bounds."
        );
        assert_eq!(
            says(v.item().await),
            "a Tensor with 2 elements cannot be converted to Scalar"
        );
        assert_eq!(
            says(ints.mean(None, false)),
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Long"
        );
    });
}

#[test]
fn a_saved_tensor_changed_in_place_is_noticed() {
    block_on(async {
        let w = leaf("[1.0, 2.0]", Device::CPU).await;
        let y = w.pow(3.0).unwrap().sum(None, false).unwrap();
        {
            let _unrecorded = no_grad();
            w.mul_(2.0).unwrap();
        }
        let text = says(walk(&y).await);
        assert!(text.contains("has been modified by an inplace operation: [torch.FloatTensor [2]] is at version 1; expected version 0 instead."), "{text}");
    });
}
