//! What to try after a verdict: whole configurations, ready to run beside the first, the most promising first.

use kindling_protocol::{ExperimentConfig, LIMITS, Remedy, RemedyKind};

/// Remedies offered at most: more is no advice.
const OFFERED: usize = 5;
/// Trainable numbers above which a network on 28x28 pictures counts as large.
const LARGE: usize = 20_000;
/// Test loss over its lowest from which stopping early comes before the milder penalties.
const LARGE_RISE: f64 = 1.3;

/// For a network that learns by heart. `best` is the epoch of the lowest test loss, `rise` how many times its
/// lowest the test loss is now.
pub(super) fn against_overfitting(
    config: &ExperimentConfig,
    best: usize,
    rise: f64,
) -> Vec<Remedy> {
    let mut offer = Offer::to(config);
    offer.more_data("it cannot learn so many pictures by heart, and what it learns from them holds for new ones");
    let stop = |offer: &mut Offer<'_>| {
        if best < config.epochs {
            offer.add(
                RemedyKind::EarlyStopping,
                format!("Try stopping at epoch {best}"),
                "Test loss was lowest there; the epochs after it only taught the training pictures.".into(),
                |c| c.epochs = best,
            );
        }
    };
    if rise >= LARGE_RISE {
        stop(&mut offer);
    }
    offer.dropout();
    offer.weight_decay();
    if rise < LARGE_RISE {
        stop(&mut offer);
    }
    if config.parameters() > LARGE {
        let smaller: Vec<usize> = config.hidden.iter().map(|w| (w / 4).max(8)).collect();
        let parameters = count(with(config, |c| c.hidden.clone_from(&smaller)).parameters());
        offer.add(
            RemedyKind::SmallerModel,
            format!("Try layers {}", dashes(&smaller)),
            format!(
                "With {parameters} weights instead of {} there is less room to store single pictures.",
                count(config.parameters())
            ),
            |c| c.hidden.clone_from(&smaller),
        );
    }
    offer.batch_norm("each batch is scaled by its own mean and spread, a noise that works against learning by heart");
    offer.made
}

/// For a network that has not learned what it was shown.
pub(super) fn against_underfitting(config: &ExperimentConfig) -> Vec<Remedy> {
    let mut offer = Offer::to(config);
    let lr = config.learning_rate;
    if lr > 0.3 {
        offer.learning_rate(
            lr / 10.0,
            "The steps are so long that they jump over the low places of the loss.",
        );
    } else if lr < 0.05 {
        offer.learning_rate(
            (lr * 10.0).min(0.1),
            "The steps are so short that the epochs end before it has got anywhere.",
        );
    }
    if config.weight_decay >= 1e-2 {
        offer.add(
            RemedyKind::WeightDecay,
            "Try weight decay 0".into(),
            "The penalty is so strong that it keeps the weights too small to tell the classes apart.".into(),
            |c| c.weight_decay = 0.0,
        );
    }
    if config.dropout >= 0.5 {
        offer.add(
            RemedyKind::Dropout,
            "Try without dropout".into(),
            "With half of its values or more put out at each step, little gets through to learn from.".into(),
            |c| c.dropout = 0.0,
        );
    }
    offer.batch_norm(
        "it keeps every layer's values at a scale at which gradients neither vanish nor explode",
    );
    offer.larger_model("A larger network can describe what this one cannot.");
    offer.made
}

/// For a run whose loss is no longer a number.
pub(super) fn after_divergence(config: &ExperimentConfig) -> Vec<Remedy> {
    let mut offer = Offer::to(config);
    let lower = if config.learning_rate > 1.0 {
        0.1
    } else {
        config.learning_rate / 10.0
    };
    offer.learning_rate(lower, "Shorter steps cannot overshoot so far.");
    if config.momentum > 0.0 {
        offer.add(
            RemedyKind::LearningRate,
            format!("Try learning rate {lower} without momentum"),
            format!(
                "Momentum {} makes steps in one direction up to {:.0} times as long.",
                config.momentum,
                1.0 / (1.0 - config.momentum)
            ),
            |c| {
                c.learning_rate = lower;
                c.momentum = 0.0;
            },
        );
    }
    offer.batch_norm(
        "it keeps every layer's values at one scale, which lets a network bear longer steps",
    );
    offer.made
}

/// For a run that ended well.
pub(super) fn for_more(config: &ExperimentConfig) -> Vec<Remedy> {
    let mut offer = Offer::to(config);
    offer.more_data("nothing raises the accuracy on new pictures as surely");
    offer.larger_model("With so small a gap there is room for a larger network.");
    offer.made
}

/// Collects remedies: those that change nothing or make no valid configuration are left out.
struct Offer<'a> {
    config: &'a ExperimentConfig,
    made: Vec<Remedy>,
}

impl<'a> Offer<'a> {
    fn to(config: &'a ExperimentConfig) -> Self {
        Self {
            config,
            made: vec![],
        }
    }

    fn add(
        &mut self,
        kind: RemedyKind,
        label: String,
        reason: String,
        change: impl FnOnce(&mut ExperimentConfig),
    ) {
        let config = with(self.config, change);
        if self.made.len() < OFFERED && config != *self.config && config.validate().is_ok() {
            self.made.push(Remedy {
                kind,
                label,
                reason,
                config,
            });
        }
    }

    fn more_data(&mut self, why: &str) {
        let rows = (self.config.rows * 4).min(LIMITS.rows.1);
        let factor = rows as f64 / self.config.rows as f64;
        // 60000 rows of 59000 are no remedy.
        if factor >= 1.1 {
            self.add(
                RemedyKind::MoreData,
                format!("Try {} rows", count(rows)),
                format!("With {} times the data {why}.", plain(factor)),
                |c| c.rows = rows,
            );
        }
    }

    fn dropout(&mut self) {
        let (now, next) = (
            self.config.dropout,
            if self.config.dropout == 0.0 { 0.3 } else { 0.5 },
        );
        if !self.config.hidden.is_empty() && now < next {
            let reason = if now == 0.0 {
                "Putting out 30 % of the hidden values at random, anew for each batch, keeps units from relying on single others.".into()
            } else {
                format!(
                    "Dropout {now} slows learning by heart but does not stop it here; 0.5 is stronger."
                )
            };
            self.add(
                RemedyKind::Dropout,
                format!("Try dropout {next}"),
                reason,
                |c| c.dropout = next,
            );
        }
    }

    fn weight_decay(&mut self) {
        let now = self.config.weight_decay;
        if now < 1e-3 {
            let reason = if now == 0.0 {
                "A penalty on large weights makes the network prefer simple explanations.".into()
            } else {
                format!("Weight decay {now} is hardly felt in so few steps; 0.001 is.")
            };
            self.add(
                RemedyKind::WeightDecay,
                "Try weight decay 0.001".into(),
                reason,
                |c| c.weight_decay = 1e-3,
            );
        }
    }

    fn batch_norm(&mut self, why: &str) {
        if !self.config.batch_norm && !self.config.hidden.is_empty() {
            self.add(
                RemedyKind::BatchNorm,
                "Try batch norm".into(),
                format!("With BatchNorm1d {why}."),
                |c| c.batch_norm = true,
            );
        }
    }

    fn larger_model(&mut self, why: &str) {
        let widest = LIMITS.width.1.min(512);
        let larger: Vec<usize> = if self.config.hidden.is_empty() {
            vec![128, 64]
        } else {
            let wider = |&w: &usize| (w * 4).clamp(32, widest).max(w);
            self.config.hidden.iter().map(wider).collect()
        };
        self.add(
            RemedyKind::LargerModel,
            format!("Try layers {}", dashes(&larger)),
            why.into(),
            |c| c.hidden.clone_from(&larger),
        );
    }

    fn learning_rate(&mut self, rate: f64, why: &str) {
        let rate = tidy(rate);
        self.add(
            RemedyKind::LearningRate,
            format!("Try learning rate {rate}"),
            why.into(),
            |c| c.learning_rate = rate,
        );
    }
}

fn with(config: &ExperimentConfig, change: impl FnOnce(&mut ExperimentConfig)) -> ExperimentConfig {
    let mut changed = config.clone();
    change(&mut changed);
    changed
}

fn dashes(widths: &[usize]) -> String {
    let parts: Vec<String> = widths.iter().map(ToString::to_string).collect();
    parts.join("-")
}

/// A factor without needless digits: `4`, `2.4`.
fn plain(factor: f64) -> String {
    let text = format!("{factor:.1}");
    text.strip_suffix(".0").map_or(text.clone(), Into::into)
}

/// Two digits: 0.1 times 0.3 is not 0.03 in binary, and 0.030000000000000002 is no label.
fn tidy(rate: f64) -> f64 {
    format!("{rate:.1e}").parse().unwrap_or(rate)
}

/// `24000` as `24,000`.
fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_reading() {
        assert_eq!(
            (count(8), count(1_000), count(1_234_567)),
            ("8".into(), "1,000".into(), "1,234,567".into())
        );
        assert_eq!((plain(4.0), plain(2.4)), ("4".into(), "2.4".into()));
        assert_eq!((tidy(0.1 * 0.3), tidy(0.00125)), (0.03, 0.0013));
    }
}
