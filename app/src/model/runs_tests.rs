//! A run's life as the engine's events tell it.

use super::*;
use kindling_protocol::{DeviceKind, Preset, VerdictKind};

fn device() -> DeviceInfo {
    DeviceInfo {
        kind: DeviceKind::Cpu,
        name: "cpu".into(),
        software: false,
        missing: None,
        steps_per_second: None,
        self_check: None,
    }
}

fn verdict() -> Verdict {
    Verdict {
        kind: VerdictKind::Learning,
        title: "Learning".into(),
        text: String::new(),
        gap_points: 0.0,
        turned_up: None,
        remedies: vec![],
    }
}

fn metrics(epoch: usize) -> EpochMetrics {
    EpochMetrics {
        epoch,
        step_loss: 1.0,
        first_batch_loss: 2.3,
        train_loss: 0.9,
        test_loss: 0.95,
        train_acc: 0.7,
        test_acc: 0.68,
    }
}

fn started(run: &RunId, history: Vec<EpochMetrics>) -> Event {
    Event::Started {
        run: run.clone(),
        config: Preset::Baseline.config(),
        device: device(),
        source: DataSource::FashionMnist,
        steps_per_epoch: 150,
        history,
        note: None,
    }
}

fn progress(run: &RunId, epoch: usize, step: usize, points: Vec<StepPoint>) -> Event {
    Event::Progress {
        run: run.clone(),
        epoch,
        step,
        images_per_second: 1_000.0,
        seconds_left: 5.0,
        elapsed_seconds: 1.0,
        points,
    }
}

#[test]
fn a_run_trains_pauses_and_completes() {
    let mut runs = Runs::default();
    let id = runs.ask(Preset::Baseline.config(), false);
    assert!(runs.active().is_some());
    runs.apply(&started(&id, vec![]));
    runs.apply(&progress(
        &id,
        1,
        75,
        vec![StepPoint {
            step: 75,
            loss: 1.5,
        }],
    ));
    let half = runs.focused().unwrap().share_done();
    assert!((half - 0.005).abs() < 1e-9, "half an epoch of 100: {half}");
    runs.apply(&Event::Epoch {
        run: id.clone(),
        metrics: metrics(1),
        verdict: verdict(),
    });
    runs.apply(&Event::Paused { run: id.clone() });
    assert_eq!(runs.focused().unwrap().phase, Phase::Paused);
    runs.apply(&Event::Finished {
        run: id,
        outcome: Outcome::Completed,
        verdict: verdict(),
    });
    let run = runs.focused().unwrap();
    assert_eq!(
        (run.phase.clone(), run.history.len()),
        (Phase::Completed, 1)
    );
    assert!(runs.active().is_none());
    assert_eq!(runs.focused().unwrap().share_done(), 1.0);
}

#[test]
fn a_resumed_run_drops_what_lies_after_its_checkpoint() {
    let mut runs = Runs::default();
    let id = runs.ask(Preset::Baseline.config(), false);
    runs.apply(&started(&id, vec![]));
    let points = [10, 160, 310]
        .map(|step| StepPoint { step, loss: 1.0 })
        .to_vec();
    runs.apply(&progress(&id, 3, 10, points));
    runs.ask(Preset::Baseline.config(), true);
    runs.apply(&started(&id, vec![metrics(1)]));
    let run = runs.focused().unwrap();
    assert_eq!(run.points.iter().map(|p| p.step).collect::<Vec<_>>(), [10]);
    assert_eq!(run.progress.epoch, 2);
}

#[test]
fn comparisons_get_their_own_hue_and_are_named_by_what_differs() {
    let mut runs = Runs::default();
    runs.ask(Preset::Baseline.config(), false);
    let other = ExperimentConfig {
        dropout: 0.3,
        ..Preset::Baseline.config()
    };
    let id = runs.ask(other.clone(), false);
    assert_eq!(runs.list.len(), 2);
    assert_eq!(runs.label(&runs.list[0]), "Baseline");
    assert_eq!(runs.label(runs.get(&id).unwrap()), "dropout 0.3");
    assert_eq!(runs.get(&id).unwrap().hue, 1);
    let mut short = Runs::default();
    short.ask(
        ExperimentConfig {
            epochs: 40,
            ..Preset::Improved.config()
        },
        false,
    );
    assert_eq!(short.label(&short.list[0]), "Improved, epochs 40");
    runs.remove(&id);
    assert_eq!(runs.focused().unwrap().hue, 0);
    runs.ask(other, false);
    assert_eq!(runs.focused().unwrap().hue, 1, "a free hue is used again");
}

#[test]
fn a_long_run_keeps_a_bounded_number_of_points() {
    let mut runs = Runs::default();
    let id = runs.ask(Preset::Baseline.config(), false);
    runs.apply(&started(&id, vec![]));
    for start in (0..50_000).step_by(500) {
        let points = (start + 1..=start + 500)
            .map(|step| StepPoint { step, loss: 1.0 })
            .collect();
        runs.apply(&progress(&id, 1, 1, points));
    }
    let run = runs.focused().unwrap();
    assert!(run.points.len() <= MOST_POINTS && run.points.len() > 500);
}

#[test]
fn a_failure_keeps_the_curves_and_a_lost_device_is_left_to_the_restart() {
    let mut runs = Runs::default();
    let id = runs.ask(Preset::Baseline.config(), false);
    runs.apply(&started(&id, vec![metrics(1)]));
    let failed = |device_lost| Event::Failed {
        run: Some(id.clone()),
        request: None,
        error: kindling_protocol::ErrorReport {
            message: "gone".into(),
            hint: None,
            device_lost,
        },
    };
    runs.apply(&failed(true));
    assert_eq!(runs.focused().unwrap().phase, Phase::Training);
    runs.apply(&failed(false));
    let run = runs.focused().unwrap();
    assert_eq!(
        (run.phase.clone(), run.history.len()),
        (Phase::Failed("gone".into()), 1)
    );
}
