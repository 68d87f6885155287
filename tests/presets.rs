//! The lab's presets against real PyTorch: tests/golden/presets.json holds both as PyTorch 2.15 trained them.
//!
//! `KINDLING_DEVICE` picks the device (`cpu`, `vulkan`, `cuda`), so that one suite holds all of them.

mod common;

use kindling::train::Trainer;
use kindling_protocol::{ExperimentConfig, Preset};
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
    all.runs.into_iter().find(|r| r.preset == preset.key() && r.seed == seed).unwrap().history
}

async fn follows_pytorch(preset: Preset, seed: u64, epochs: usize) {
    let config = ExperimentConfig { seed, epochs, ..preset.config() };
    let device = common::device().await;
    let mut trainer = Trainer::new(config, device, common::fashion_mnist()).unwrap();
    for want in recorded(preset, seed).iter().take(epochs) {
        while !trainer.epoch_is_trained() {
            trainer.train_step().await.unwrap();
            if trainer.pending() >= 16 {
                trainer.read_losses().await.unwrap();
            }
        }
        let got = trainer.finish_epoch().await.unwrap();
        println!("{preset:?} {seed} {got:?}");
        if got.epoch == 1 {
            let off = (got.first_batch_loss - want.first_batch_loss).abs();
            assert!(off <= 1e-5, "first batch: {} against {}", got.first_batch_loss, want.first_batch_loss);
        }
        for (name, got_value, wanted) in [
            ("step_loss", got.step_loss, want.step_loss),
            ("train_loss", got.train_loss, want.train_loss),
            ("test_loss", got.test_loss, want.test_loss),
        ] {
            let off = (got_value - wanted).abs() / wanted;
            assert!(off <= 1e-3, "epoch {} {name}: {got_value} against {wanted}, off by {off:e}", got.epoch);
        }
        // A rounding apart may turn a handful of close calls, no more.
        assert!((got.train_acc - want.train_acc).abs() <= 0.003, "{} {}", got.train_acc, want.train_acc);
        assert!((got.test_acc - want.test_acc).abs() <= 0.003, "{} {}", got.test_acc, want.test_acc);
    }
}

#[test]
fn baseline_follows_pytorch() {
    pollster::block_on(follows_pytorch(Preset::Baseline, 42, 3));
}

#[test]
fn improved_follows_pytorch() {
    pollster::block_on(follows_pytorch(Preset::Improved, 42, 3));
}

#[test]
fn another_seed_follows_pytorch_too() {
    pollster::block_on(follows_pytorch(Preset::Baseline, 7, 3));
    pollster::block_on(follows_pytorch(Preset::Improved, 7, 3));
}
