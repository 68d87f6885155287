//! Modules and SGD against what PyTorch 2.15 printed for the same seeds and steps, on the device `KINDLING_DEVICE` names.

mod common;

use kindling::Tensor;
use kindling::autograd::{BackwardOptions, backward};
use kindling::nn::{BatchNorm1d, Dropout, Linear, Module, ReLU, Sequential, shared};
use kindling::optim::{Sgd, SgdOptions};
use kindling::random::Generator;
use kindling::tensor::parse_literal;
use pollster::block_on;

async fn assert_values(tensor: &Tensor, want: &[f64]) {
    let got = tensor.to_vec().await.unwrap();
    assert_eq!(got.len(), want.len());
    for (g, w) in got.iter().zip(want) {
        // PyTorch printed four digits.
        assert!((g - w).abs() <= 6e-5, "{got:?} against {want:?}");
    }
}

#[test]
fn linear_and_batch_norm_after_a_seed() {
    block_on(async {
        let device = common::device().await;
        let mut generator = Generator::new(3);
        let x = Tensor::from_f32(generator.randn(12), &[4, 3], device).unwrap();
        let linear = Linear::new(3, 2, &mut generator, device).unwrap();
        let y = linear.forward(&x).await.unwrap();
        assert_values(
            &y,
            &[
                -0.6565, 0.3288, 0.2608, 0.8701, -0.4216, 0.5874, -1.1208, -0.3140,
            ],
        )
        .await;
        assert_eq!(y.grad_fn().unwrap().name(), "AddmmBackward0");
        let norm = BatchNorm1d::new(3, device).unwrap();
        let trained = norm.forward(&x).await.unwrap();
        let want = [
            0.6917, -0.7058, 0.4128, -1.6029, -1.0502, -0.9002, -0.0625, 1.5325, -0.9605, 0.9737,
            0.2235, 1.4480,
        ];
        assert_values(&trained, &want).await;
        assert_eq!(
            trained.grad_fn().unwrap().name(),
            "NativeBatchNormBackward0"
        );
        let state = norm.state("");
        assert_values(&state[2].tensor, &[0.0376, 0.0439, -0.0369]).await;
        assert_values(&state[3].tensor, &[0.9508, 0.9186, 1.0642]).await;
        assert_values(&state[4].tensor, &[1.0]).await;
        norm.train(false);
        let evaluated = norm.forward(&x).await.unwrap().to_vec().await.unwrap();
        for (g, w) in evaluated
            .iter()
            .zip([0.7852, 0.1367, 0.1220, -0.6680, 0.0024, -1.2905])
        {
            assert!((g - w).abs() <= 6e-5, "{evaluated:?}");
        }
        norm.train(true);
        let one = Tensor::zeros(&[1, 3], device).unwrap();
        assert_eq!(
            norm.forward(&one).await.unwrap_err().to_string(),
            "Expected more than 1 value per channel when training, got input size torch.Size([1, 3])"
        );
    });
}

#[test]
fn sgd_follows_pytorchs_steps() {
    block_on(async {
        let device = common::device().await;
        let plain = SgdOptions {
            lr: 0.1,
            momentum: 0.0,
            weight_decay: 0.0,
        };
        for (options, loss_wanted, wanted) in [
            (plain, 1.703936, [0.7048, -0.524]),
            (
                SgdOptions {
                    momentum: 0.9,
                    ..plain
                },
                0.024986,
                [0.3457, 1.2715],
            ),
            (
                SgdOptions {
                    weight_decay: 0.1,
                    ..plain
                },
                1.604165,
                [0.68021, -0.48829],
            ),
        ] {
            let w = parse_literal("[1.0, -2.0]")
                .unwrap()
                .tensor(device)
                .unwrap();
            w.requires_grad_(true).unwrap();
            let half = parse_literal("[0.5, 0.5]").unwrap().tensor(device).unwrap();
            let mut optimizer = Sgd::new(vec![w.clone()], options).unwrap();
            let mut last = f64::NAN;
            for _ in 0..4 {
                optimizer.zero_grad();
                let loss = w
                    .sub(&half)
                    .unwrap()
                    .pow(2.0)
                    .unwrap()
                    .sum(None, false)
                    .unwrap();
                backward(&loss, None, BackwardOptions::default())
                    .await
                    .unwrap();
                optimizer.step().unwrap();
                last = loss.item().await.unwrap();
            }
            assert!((last - loss_wanted).abs() < 2e-6, "{options:?}: {last}");
            for (got, want) in w.to_vec().await.unwrap().iter().zip(wanted) {
                assert!(
                    (got - want).abs() < 6e-6,
                    "{options:?}: {got} against {want}"
                );
            }
        }
        assert_eq!(
            Sgd::new(vec![], SgdOptions { lr: -1.0, ..plain })
                .unwrap_err()
                .to_string(),
            "Invalid learning rate: -1"
        );
    });
}

#[test]
fn a_sequential_prints_and_names_its_state_as_pytorch_does() {
    let generator = shared(Generator::new(0));
    let cpu = kindling::Device::CPU;
    let linear = |i, o| Box::new(Linear::new(i, o, &mut generator.borrow_mut(), cpu).unwrap());
    let model = Sequential::new(vec![
        linear(4, 3),
        Box::new(BatchNorm1d::new(3, cpu).unwrap()),
        Box::new(ReLU),
        Box::new(Dropout::new(0.3, generator.clone()).unwrap()),
        linear(3, 2),
    ]);
    assert_eq!(
        model.describe(),
        "Sequential(\n  (0): Linear(in_features=4, out_features=3, bias=True)\n  (1): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n  (2): ReLU()\n  (3): Dropout(p=0.3, inplace=False)\n  (4): Linear(in_features=3, out_features=2, bias=True)\n)"
    );
    let names: Vec<String> = model.state("").into_iter().map(|n| n.name).collect();
    assert_eq!(
        names,
        [
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked",
            "4.weight",
            "4.bias"
        ]
    );
}
