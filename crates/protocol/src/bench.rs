//! What the bench asks of an engine and what it is told: the same tasks that the peers in `bench/` do.

use crate::StepPoint;
use serde::{Deserialize, Serialize};

/// A task on the network of the course (784-128-64-10, ReLU, SGD at 0.1), over consecutive batches of the training file in its
/// own order, begun again at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum BenchTask {
    /// Opens the device and waits for the first rows.
    Open,
    /// Starting weights and first batch again.
    Reset,
    /// Forward, backward, update; the loss is read at every fiftieth step and at the last.
    Train {
        /// Rows a batch.
        batch: usize,
        /// How many steps.
        steps: usize,
    },
    /// Forward alone.
    Infer {
        /// Rows a batch.
        batch: usize,
        /// How many batches.
        repetitions: usize,
    },
    /// Over the 10,000 test pictures.
    Accuracy,
    /// The starting weights, as bytes beside the message: float32, little endian, weight and bias of each layer in
    /// PyTorch's layout.
    Weights,
}

/// What a task came to; what it has no word on is left at zero.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BenchResult {
    /// The device's name, and its adapter's.
    pub adapter: String,
    /// Milliseconds from the first step to the end of the last update.
    pub ms: f64,
    /// The losses read, with the step since the last reset, from 1.
    pub losses: Vec<StepPoint>,
    /// Pictures classified.
    pub images: usize,
    /// Share of test pictures classified rightly.
    pub accuracy: f64,
}
