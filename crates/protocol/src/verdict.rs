//! What the curves say, and what to try next.

use crate::ExperimentConfig;
use serde::{Deserialize, Serialize};

/// The finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// Too few epochs to say.
    TooEarly,
    /// Both losses still fall together.
    Learning,
    /// Training accuracy itself stays low.
    Underfitting,
    /// Test loss has turned up while training loss falls.
    Overfitting,
    /// Trained to the end with a small gap.
    Healthy,
    /// The loss is no longer a number.
    Diverged,
}

/// A kind of remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// More rows.
    MoreData,
    /// Fewer units.
    SmallerModel,
    /// More units.
    LargerModel,
    /// Dropout.
    Dropout,
    /// L2 penalty.
    WeightDecay,
    /// BatchNorm1d.
    BatchNorm,
    /// Another learning rate.
    LearningRate,
    /// Stop where test loss was lowest.
    EarlyStopping,
}

/// Something to try, ready to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// What kind.
    pub kind: RemedyKind,
    /// The button: "Try 24,000 rows".
    pub label: String,
    /// Why it should help, in a sentence.
    pub reason: String,
    /// The configuration of the comparison run.
    pub config: ExperimentConfig,
}

/// What the curves say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The finding.
    pub kind: VerdictKind,
    /// A heading: "Overfitting since epoch 6".
    pub title: String,
    /// One or two sentences with the numbers.
    pub text: String,
    /// Train accuracy less test accuracy, in percentage points, of the last epoch.
    pub gap_points: f64,
    /// The epoch of the lowest test loss, once the test loss has turned up.
    pub turned_up: Option<usize>,
    /// What to try, the best first.
    pub remedies: Vec<Remedy>,
}
