//! The verdict on curves that PyTorch recorded (`golden/presets.json`), and on made-up ones at the rule's edges.

use kindling::train::verdict::{diverged, verdict};
use kindling_protocol::{EpochMetrics, ExperimentConfig, Preset, RemedyKind, VerdictKind};
use serde_json::Value;

type Test = Result<(), Box<dyn std::error::Error>>;

/// PyTorch's 100 epochs of a preset with seed 42.
fn recorded(preset: Preset) -> Result<Vec<EpochMetrics>, Box<dyn std::error::Error>> {
    let file: Value = serde_json::from_str(include_str!("golden/presets.json"))?;
    let runs = file["runs"].as_array().ok_or("no runs")?;
    let run = runs
        .iter()
        .find(|r| r["preset"] == preset.key() && r["seed"] == 42)
        .ok_or("no such run")?;
    let epochs = run["history"].as_array().ok_or("no history")?;
    (1..)
        .zip(epochs)
        .map(|(epoch, numbers)| {
            let mut entry = numbers.clone();
            entry["epoch"] = epoch.into();
            Ok(serde_json::from_value(entry)?)
        })
        .collect()
}

/// Epochs of made-up losses and accuracies.
fn made(epochs: usize, numbers: impl Fn(f64) -> (f64, f64, f64, f64)) -> Vec<EpochMetrics> {
    (1..=epochs)
        .map(|epoch| {
            let (train_loss, test_loss, train_acc, test_acc) = numbers(epoch as f64);
            EpochMetrics {
                epoch,
                step_loss: train_loss,
                first_batch_loss: train_loss,
                train_loss,
                test_loss,
                train_acc,
                test_acc,
            }
        })
        .collect()
}

fn kinds(config: &ExperimentConfig, history: &[EpochMetrics]) -> Vec<RemedyKind> {
    verdict(config, history)
        .remedies
        .iter()
        .map(|r| r.kind)
        .collect()
}

#[test]
fn the_baseline_s_story_is_told_as_it_unfolds() -> Test {
    let config = Preset::Baseline.config();
    let history = recorded(Preset::Baseline)?;
    let at = |epoch: usize| verdict(&config, &history[..epoch]);

    assert_eq!(at(1).kind, VerdictKind::TooEarly);
    let early = at(3);
    assert_eq!((early.kind, early.turned_up), (VerdictKind::TooEarly, None));
    assert!(
        early.text.starts_with("3 epochs are done."),
        "{}",
        early.text
    );
    // The gap is the recorded accuracies' own.
    assert!((early.gap_points - 100.0 * (history[2].train_acc - history[2].test_acc)).abs() < 1e-9);

    let ten = at(10);
    assert_eq!((ten.kind, ten.turned_up), (VerdictKind::Learning, None));

    let thirty = at(30);
    assert_eq!(
        (thirty.kind, thirty.turned_up),
        (VerdictKind::Overfitting, Some(22))
    );
    assert_eq!(thirty.title, "Overfitting since epoch 22");

    let hundred = at(100);
    assert_eq!(
        (hundred.kind, hundred.turned_up),
        (VerdictKind::Overfitting, Some(22))
    );
    for fact in [
        "epoch 22 (0.456)",
        "0.003",
        "0.972",
        "2.1 times its best",
        "14.2 points",
    ] {
        assert!(
            hundred.text.contains(fact),
            "no {fact} in: {}",
            hundred.text
        );
    }
    Ok(())
}

#[test]
fn the_improved_network_overfits_later_and_less() -> Test {
    let config = Preset::Improved.config();
    let history = recorded(Preset::Improved)?;
    let at = |epoch: usize| verdict(&config, &history[..epoch]);
    assert_eq!(at(3).kind, VerdictKind::TooEarly);
    assert_eq!(at(10).kind, VerdictKind::Learning);
    assert_eq!(at(20).kind, VerdictKind::Learning);
    let thirty = at(30);
    assert_eq!(
        (thirty.kind, thirty.turned_up),
        (VerdictKind::Overfitting, Some(11))
    );
    // Test loss has only stood still by then, and the text does not claim more.
    assert!(thirty.text.contains("stood still"), "{}", thirty.text);
    let hundred = at(100);
    assert_eq!(hundred.kind, VerdictKind::Overfitting);
    assert!(
        hundred.text.contains("1.5 times its best"),
        "{}",
        hundred.text
    );
    Ok(())
}

#[test]
fn a_spike_is_not_called_overfitting() -> Test {
    let config = Preset::Baseline.config();
    let mut history = recorded(Preset::Baseline)?;
    // Epoch 39 is a recorded spike: both losses jump. Put it behind epoch 12, still on the way down.
    let spike = EpochMetrics {
        epoch: 13,
        ..history[38]
    };
    history.truncate(12);
    history.push(spike);
    assert_eq!(verdict(&config, &history).kind, VerdictKind::Learning);
    Ok(())
}

#[test]
fn remedies_are_whole_configurations_in_order_of_promise() -> Test {
    let config = Preset::Baseline.config();
    let history = recorded(Preset::Baseline)?;
    let found = verdict(&config, &history);
    let first = &found.remedies[0];
    assert_eq!(first.label, "Try 24,000 rows");
    assert_eq!(
        first.config,
        ExperimentConfig {
            rows: 24_000,
            ..config.clone()
        }
    );
    assert_eq!(
        kinds(&config, &history),
        [
            RemedyKind::MoreData,
            RemedyKind::EarlyStopping,
            RemedyKind::Dropout,
            RemedyKind::WeightDecay,
            RemedyKind::SmallerModel,
        ]
    );
    assert_eq!(found.remedies[1].config.epochs, 22);
    for remedy in &found.remedies {
        assert_eq!(remedy.config.validate(), Ok(()));
        assert_ne!(remedy.config, config);
        assert!(remedy.reason.ends_with('.'), "{}", remedy.reason);
    }

    let all_rows = ExperimentConfig {
        rows: 60_000,
        dropout: 0.5,
        weight_decay: 1e-3,
        ..config
    };
    let rest = kinds(&all_rows, &history);
    assert!(
        !rest.contains(&RemedyKind::MoreData) && !rest.contains(&RemedyKind::Dropout),
        "{rest:?}"
    );
    let capped = ExperimentConfig {
        rows: 20_000,
        ..all_rows
    };
    assert_eq!(verdict(&capped, &history).remedies[0].config.rows, 60_000);
    let linear = ExperimentConfig {
        hidden: vec![],
        ..capped
    };
    let rest = kinds(&linear, &history);
    assert!(
        !rest.contains(&RemedyKind::BatchNorm) && !rest.contains(&RemedyKind::SmallerModel),
        "{rest:?}"
    );
    Ok(())
}

#[test]
fn a_network_that_stays_low_underfits() {
    let slow = ExperimentConfig {
        learning_rate: 0.001,
        epochs: 20,
        ..ExperimentConfig::default()
    };
    let curve = |e: f64| (2.2 - 0.01 * e, 2.21 - 0.01 * e, 0.3 + 0.001 * e, 0.29);
    let found = verdict(&slow, &made(20, curve));
    assert_eq!(
        (found.kind, found.turned_up),
        (VerdictKind::Underfitting, None)
    );
    assert!(
        found.text.contains("only 32 % of the pictures"),
        "{}",
        found.text
    );
    assert_eq!(found.remedies[0].label, "Try learning rate 0.01");
    assert!(
        found
            .remedies
            .iter()
            .any(|r| r.kind == RemedyKind::LargerModel)
    );

    // Still falling well before the end: no verdict of underfitting yet.
    let falling = |e: f64| (2.2 - 0.05 * e, 2.2 - 0.05 * e, 0.3, 0.3);
    assert_eq!(
        verdict(&slow, &made(12, falling)).kind,
        VerdictKind::Learning
    );
    // Standing still before the end: there is.
    let still = |_: f64| (2.0, 2.0, 0.3, 0.3);
    assert_eq!(
        verdict(&slow, &made(12, still)).kind,
        VerdictKind::Underfitting
    );

    let jumpy = ExperimentConfig {
        learning_rate: 2.0,
        dropout: 0.6,
        weight_decay: 0.1,
        ..slow
    };
    let labels: Vec<String> = verdict(&jumpy, &made(20, still))
        .remedies
        .into_iter()
        .map(|r| r.label)
        .collect();
    assert_eq!(
        labels[..3],
        [
            "Try learning rate 0.2",
            "Try weight decay 0",
            "Try without dropout"
        ]
    );
}

#[test]
fn a_run_that_ends_with_a_small_gap_is_healthy() {
    let config = ExperimentConfig {
        epochs: 30,
        ..Preset::Improved.config()
    };
    let curve = |e: f64| (0.3 + 1.0 / e, 0.35 + 1.0 / e, 0.88, 0.86);
    let found = verdict(&config, &made(30, curve));
    assert_eq!(found.kind, VerdictKind::Healthy);
    assert!((found.gap_points - 2.0).abs() < 1e-9);
    assert!(
        found.text.contains("86.0 % of the test pictures"),
        "{}",
        found.text
    );
    assert_eq!(found.remedies[0].kind, RemedyKind::MoreData);
    // Not at its end, the same curves are only learning.
    assert_eq!(
        verdict(&config, &made(29, curve)).kind,
        VerdictKind::Learning
    );
}

#[test]
fn a_loss_that_is_no_number_is_divergence() {
    let config = ExperimentConfig {
        learning_rate: 50.0,
        momentum: 0.9,
        ..ExperimentConfig::default()
    };
    let curve = |e: f64| {
        if e < 3.0 {
            (2.0, 2.0, 0.3, 0.3)
        } else {
            (f64::NAN, f64::NAN, 0.1, 0.1)
        }
    };
    let found = verdict(&config, &made(4, curve));
    assert_eq!(
        (found.kind, found.title.as_str()),
        (VerdictKind::Diverged, "Diverged in epoch 3")
    );
    assert!(
        found.text.contains("learning rate of 50 and momentum 0.9"),
        "{}",
        found.text
    );
    assert_eq!(found.remedies[0].label, "Try learning rate 0.1");
    assert_eq!(found.remedies[1].config.momentum, 0.0);
    // A verdict travels as JSON, which has no NaN.
    assert!(found.gap_points.is_finite());
    assert_eq!(diverged(&config, &made(2, curve), 3), found);
    let gentle = ExperimentConfig {
        learning_rate: 0.3,
        ..ExperimentConfig::default()
    };
    assert_eq!(
        diverged(&gentle, &[], 1).remedies[0].label,
        "Try learning rate 0.03"
    );
}
