//! The lab's presets against real PyTorch: tests/golden/presets.json holds both as PyTorch 2.15 trained them.
//!
//! `KINDLING_DEVICE` picks the device (`cpu`, `vulkan`, `cuda`), so that one suite holds all of them.

mod common;

use kindling::Tensor;
use kindling::autograd::no_grad;
use kindling::train::Trainer;
use kindling_protocol::{EpochMetrics, ExperimentConfig, Preset};
use serde::Deserialize;

#[derive(Deserialize)]
struct Recorded {
    runs: Vec<RecordedRun>,
}

#[derive(Deserialize)]
struct RecordedRun {
    preset: String,
    seed: u64,
    history: Vec<RecordedEpoch>,
}

#[derive(Deserialize)]
struct RecordedEpoch {
    step_loss: f64,
    first_batch_loss: f64,
    train_loss: f64,
    test_loss: f64,
    train_acc: f64,
    test_acc: f64,
}

fn recorded(preset: Preset, seed: u64) -> Vec<RecordedEpoch> {
    let text = include_str!("golden/presets.json");
    let all: Recorded = serde_json::from_str(text).unwrap();
    all.runs
        .into_iter()
        .find(|r| r.preset == preset.key() && r.seed == seed)
        .unwrap()
        .history
}

/// What is compared: the bounds.
fn differs(got: &EpochMetrics, want: &RecordedEpoch) -> Option<String> {
    let epoch = got.epoch;
    let off = (got.first_batch_loss - want.first_batch_loss).abs();
    if epoch == 1 && off > 1e-5 {
        return Some(format!(
            "first batch: {} against {}",
            got.first_batch_loss, want.first_batch_loss
        ));
    }
    for (name, got, want) in [
        ("step_loss", got.step_loss, want.step_loss),
        ("train_loss", got.train_loss, want.train_loss),
        ("test_loss", got.test_loss, want.test_loss),
    ] {
        let off = (got - want).abs() / want;
        // Written so that a NaN differs.
        if !(off <= 1e-3) {
            return Some(format!(
                "epoch {epoch} {name}: {got} against {want}, off by {off:e}"
            ));
        }
    }
    // A rounding apart may turn a handful of close calls, no more.
    for (name, got, want) in [
        ("train_acc", got.train_acc, want.train_acc),
        ("test_acc", got.test_acc, want.test_acc),
    ] {
        if !((got - want).abs() <= 0.003) {
            return Some(format!("epoch {epoch} {name}: {got} against {want}"));
        }
    }
    None
}

/// Trains three epochs; the first difference from PyTorch's record, if there is one. `nudge` raises one weight of the first
/// layer by its last bit before the first step.
async fn first_difference(preset: Preset, seed: u64, nudge: Option<usize>) -> Option<String> {
    let config = ExperimentConfig {
        seed,
        epochs: 3,
        ..preset.config()
    };
    let device = common::device().await;
    let mut trainer = Trainer::new(config, device, common::fashion_mnist()).unwrap();
    if let Some(at) = nudge {
        let (_, weight) = trainer.state_dict().swap_remove(0);
        let mut values = weight.to_vec_f32().await.unwrap();
        values[at] = f32::from_bits(values[at].to_bits() + 1);
        let _unrecorded = no_grad();
        weight
            .copy_(&Tensor::from_f32(values, weight.sizes(), device).unwrap())
            .unwrap();
    }
    for want in recorded(preset, seed).iter().take(3) {
        while !trainer.epoch_is_trained() {
            trainer.train_step().await.unwrap();
            if trainer.pending() >= 16 {
                trainer.read_losses().await.unwrap();
            }
        }
        let got = trainer.finish_epoch().await.unwrap();
        if let Some(difference) = differs(&got, want) {
            return Some(difference);
        }
    }
    None
}

#[test]
fn baseline_follows_pytorch() {
    assert_eq!(
        pollster::block_on(first_difference(Preset::Baseline, 42, None)),
        None
    );
}

#[test]
fn improved_follows_pytorch() {
    assert_eq!(
        pollster::block_on(first_difference(Preset::Improved, 42, None)),
        None
    );
    assert_eq!(
        pollster::block_on(first_difference(Preset::Improved, 7, None)),
        None
    );
}

/// With seed 7 the baseline comes to a fork in its second epoch: a ReLU unit so near to 0 that the last bit of one of 100,352
/// weights decides whether it is on, and the losses after it are one of two (train loss 0.6184 or 0.6217). PyTorch took one
/// side; the summation order of another processor or device may take the other. So among runs that start a single last bit
/// apart, one must be PyTorch's to the same bounds as above.
#[test]
fn a_seed_at_a_fork_follows_pytorch_down_its_side() {
    let mut found = vec![];
    for nudge in [None, Some(14), Some(28), Some(42), Some(7), Some(21)] {
        match pollster::block_on(first_difference(Preset::Baseline, 7, nudge)) {
            None => return,
            Some(difference) => found.push(difference),
        }
    }
    panic!("none of these runs is PyTorch's: {found:#?}");
}
