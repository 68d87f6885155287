//! What the curves say, in words.
//!
//! # The rule
//! A single epoch proves nothing: with a learning rate of 0.1 the losses jump by a fifth from one epoch to the next.
//! So every curve is first smoothed by the median of its last [`WINDOW`] epochs, and the smoothed ones are judged:
//!
//! 1. **Diverged**: a loss is no longer a number.
//! 2. **Too early**: fewer than [`WINDOW`] epochs.
//! 3. **Overfitting**: since the lowest smoothed test loss the training loss has fallen on, and either the test loss is
//!    [`RISE`] of that lowest or more, or the gap between the accuracies is [`GAP_POINTS`] points or more and the
//!    test loss has had no new low for [`WINDOW`] epochs.
//! 4. **Underfitting**: training accuracy is below [`LOW_ACCURACY`], and training is over or, after
//!    [`PATIENCE`] epochs, the training loss has fallen by less than [`STANDSTILL`] of itself in [`WINDOW`] epochs.
//! 5. **Healthy**: training is over and the gap is below [`GAP_POINTS`].
//! 6. **Learning**: anything else.
//!
//! The numbers that are told are the run's own: the epoch of the lowest test loss and the last epoch's gap are not
//! smoothed, so that they can be found in the curves and in the table.

use super::remedy;
use kindling_protocol::{EpochMetrics, ExperimentConfig, Verdict, VerdictKind};

/// Epochs a median is taken over.
pub const WINDOW: usize = 5;
/// Test loss over its lowest from which it counts as turned up.
pub const RISE: f64 = 1.10;
/// Train less test accuracy, in percentage points, that counts as a gap.
pub const GAP_POINTS: f64 = 8.0;
/// Training accuracy below which a network has not learned the pictures it was shown.
pub const LOW_ACCURACY: f64 = 0.80;
/// Epochs before standing still counts.
pub const PATIENCE: usize = 10;
/// Share of the training loss that must fall in a window to count as progress.
pub const STANDSTILL: f64 = 0.02;

/// What a run's history says so far, and what to try next.
pub fn verdict(config: &ExperimentConfig, history: &[EpochMetrics]) -> Verdict {
    let Some(last) = history.last() else {
        return too_early(0);
    };
    let finite = |m: &EpochMetrics| {
        m.step_loss.is_finite() && m.train_loss.is_finite() && m.test_loss.is_finite()
    };
    if let Some(broken) = history.iter().find(|m| !finite(m)) {
        return diverged(config, history, broken.epoch);
    }
    let Some(curves) = Smoothed::of(history) else {
        return Verdict {
            gap_points: gap(last),
            ..too_early(history.len())
        };
    };
    let done = history.len() >= config.epochs;
    if curves.overfits() {
        overfitting(config, history, last, &curves)
    } else if curves.underfits(done, history.len()) {
        underfitting(config, last, &curves)
    } else if done && curves.gap.now < GAP_POINTS {
        healthy(config, history, last)
    } else {
        learning(last, &curves, done)
    }
}

/// The verdict on a run whose loss stopped being a number in `epoch` (from 1), also before the epoch was measured.
/// The gap told is that of the last epoch before it.
pub fn diverged(config: &ExperimentConfig, history: &[EpochMetrics], epoch: usize) -> Verdict {
    let before = history.iter().rev().find(|m| m.epoch < epoch);
    Verdict {
        kind: VerdictKind::Diverged,
        title: format!("Diverged in epoch {epoch}"),
        text: format!(
            "The loss is no longer a number: the steps grew until the weights overflowed. With a learning rate of {}{} each step overshoots further than the one before.",
            config.learning_rate,
            if config.momentum > 0.0 {
                format!(" and momentum {}", config.momentum)
            } else {
                String::new()
            }
        ),
        gap_points: before.map_or(0.0, gap),
        turned_up: None,
        remedies: remedy::after_divergence(config),
    }
}

fn too_early(epochs: usize) -> Verdict {
    let done = match epochs {
        0 => "No epoch is done yet".to_string(),
        1 => "One epoch is done".to_string(),
        n => format!("{n} epochs are done"),
    };
    Verdict {
        kind: VerdictKind::TooEarly,
        title: "Too early to say".into(),
        text: format!(
            "{done}. The losses jump from epoch to epoch, so a finding needs {WINDOW} of them."
        ),
        gap_points: 0.0,
        turned_up: None,
        remedies: vec![],
    }
}

fn overfitting(
    config: &ExperimentConfig,
    history: &[EpochMetrics],
    last: &EpochMetrics,
    curves: &Smoothed,
) -> Verdict {
    let lowest = lowest_test_loss(history, last);
    let rise = curves.test.now / curves.test.lowest;
    let turn = if rise >= RISE {
        format!(
            "Since then training loss has fallen on to {:.3}, while test loss is back at {:.3} (median of the last {WINDOW} epochs), {rise:.1} times its best.",
            curves.train.now, curves.test.now
        )
    } else {
        format!(
            "Since then it has stood still, while training loss has fallen on to {:.3} (medians of {WINDOW} epochs).",
            curves.train.now
        )
    };
    Verdict {
        kind: VerdictKind::Overfitting,
        title: format!("Overfitting since epoch {}", lowest.epoch),
        text: format!(
            "Test loss was lowest at epoch {} ({:.3}). {turn} Train accuracy is {} above test accuracy: the network is learning its training pictures by heart.",
            lowest.epoch,
            lowest.test_loss,
            points(gap(last)),
        ),
        gap_points: gap(last),
        turned_up: Some(lowest.epoch),
        remedies: remedy::against_overfitting(config, lowest.epoch, rise),
    }
}

fn underfitting(config: &ExperimentConfig, last: &EpochMetrics, curves: &Smoothed) -> Verdict {
    Verdict {
        kind: VerdictKind::Underfitting,
        title: "Underfitting".into(),
        text: format!(
            "The network gets only {:.0} % of the pictures right that it is trained on, and training loss has come to {:.3}. It is not a matter of new pictures: the gap to the test pictures is {}.",
            100.0 * curves.accuracy,
            curves.train.now,
            points(gap(last)),
        ),
        gap_points: gap(last),
        turned_up: None,
        remedies: remedy::against_underfitting(config),
    }
}

fn healthy(config: &ExperimentConfig, history: &[EpochMetrics], last: &EpochMetrics) -> Verdict {
    let lowest = lowest_test_loss(history, last);
    Verdict {
        kind: VerdictKind::Healthy,
        title: "Healthy".into(),
        text: format!(
            "Training is over with {:.1} % of the test pictures right. Train accuracy is {} from it, and test loss ({:.3}; lowest {:.3} at epoch {}) has not turned up.",
            100.0 * last.test_acc,
            points(gap(last)),
            last.test_loss,
            lowest.test_loss,
            lowest.epoch,
        ),
        gap_points: gap(last),
        turned_up: None,
        remedies: remedy::for_more(config),
    }
}

fn learning(last: &EpochMetrics, curves: &Smoothed, done: bool) -> Verdict {
    let (title, more) = if done {
        ("Not at its end yet", " More epochs may lower it further.")
    } else {
        ("Learning", "")
    };
    let test = if curves.test.since_lowest == 0 {
        "is at its lowest so far"
    } else {
        "has not clearly turned up"
    };
    Verdict {
        kind: VerdictKind::Learning,
        title: title.into(),
        text: format!(
            "Training loss has come to {:.3} and test loss to {:.3} (medians of {WINDOW} epochs); test loss {test}.{more} Train accuracy is {} from test accuracy.",
            curves.train.now,
            curves.test.now,
            points(gap(last)),
        ),
        gap_points: gap(last),
        turned_up: None,
        remedies: vec![],
    }
}

/// Train less test accuracy in percentage points.
fn gap(metrics: &EpochMetrics) -> f64 {
    100.0 * (metrics.train_acc - metrics.test_acc)
}

fn points(gap: f64) -> String {
    let size = format!("{:.1}", gap.abs());
    let unit = if size == "1.0" { "point" } else { "points" };
    format!("{size} {unit}")
}

fn lowest_test_loss<'a>(history: &'a [EpochMetrics], last: &'a EpochMetrics) -> &'a EpochMetrics {
    history
        .iter()
        .min_by(|a, b| a.test_loss.total_cmp(&b.test_loss))
        .unwrap_or(last)
}

/// A smoothed curve where it is now, and where the test loss was lowest.
struct Track {
    now: f64,
    lowest: f64,
    /// Epochs since the lowest.
    since_lowest: usize,
}

/// The curves as medians.
struct Smoothed {
    test: Track,
    train: Track,
    /// Train loss where the smoothed test loss was lowest.
    train_then: f64,
    gap: Track,
    accuracy: f64,
    /// Train loss one window ago.
    train_before: Option<f64>,
}

impl Smoothed {
    /// `None` while there are fewer epochs than the window.
    fn of(history: &[EpochMetrics]) -> Option<Self> {
        let smooth = |what: fn(&EpochMetrics) -> f64| -> Vec<f64> {
            history
                .windows(WINDOW)
                .map(|w| {
                    let mut values: Vec<f64> = w.iter().map(what).collect();
                    values.sort_by(f64::total_cmp);
                    values[WINDOW / 2]
                })
                .collect()
        };
        let track = |curve: &[f64]| -> Option<Track> {
            let now = *curve.last()?;
            let (at, &lowest) = curve.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
            Some(Track {
                now,
                lowest,
                since_lowest: curve.len() - 1 - at,
            })
        };
        let test = track(&smooth(|m| m.test_loss))?;
        let train_curve = smooth(|m| m.train_loss);
        let ago = |epochs: usize| {
            train_curve
                .len()
                .checked_sub(epochs + 1)
                .map(|at| train_curve[at])
        };
        Some(Self {
            train_then: ago(test.since_lowest)?,
            train_before: ago(WINDOW),
            train: track(&train_curve)?,
            gap: track(&smooth(gap))?,
            accuracy: smooth(|m| m.train_acc).last().copied()?,
            test,
        })
    }

    fn overfits(&self) -> bool {
        // While the training loss itself is up, the rise is a spike of both and not overfitting.
        let train_fell_on = self.train.now < self.train_then;
        let risen = self.test.now >= RISE * self.test.lowest;
        let apart = self.gap.now >= GAP_POINTS && self.test.since_lowest >= WINDOW;
        train_fell_on && (risen || apart)
    }

    fn underfits(&self, done: bool, epochs: usize) -> bool {
        let stands_still = self
            .train_before
            .is_some_and(|before| self.train.now > before * (1.0 - STANDSTILL));
        self.accuracy < LOW_ACCURACY && (done || (epochs >= PATIENCE && stands_still))
    }
}
