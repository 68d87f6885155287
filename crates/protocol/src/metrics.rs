//! The numbers of a run, named as in PyTorch's recorded runs.

use crate::{ConfigError, ExperimentConfig, RunId};
use serde::{Deserialize, Serialize};

/// What is measured of an epoch. Losses are mean cross entropies (nats), accuracies 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochMetrics {
    /// From 1.
    pub epoch: usize,
    /// Mean of the batch losses during the epoch, in training mode.
    pub step_loss: f64,
    /// Loss of the epoch's first batch, before its update.
    pub first_batch_loss: f64,
    /// Loss over all training rows after the epoch, in evaluation mode.
    pub train_loss: f64,
    /// Loss over all test rows after the epoch.
    pub test_loss: f64,
    /// Share of training rows classified rightly after the epoch.
    pub train_acc: f64,
    /// Share of test rows classified rightly after the epoch.
    pub test_acc: f64,
}

/// Loss of one batch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StepPoint {
    /// Step of the run, from 1.
    pub step: usize,
    /// The batch's loss.
    pub loss: f32,
}

/// A run with a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// Which run.
    pub run: RunId,
    /// Its configuration.
    pub config: ExperimentConfig,
    /// Where it ran: `DeviceKind::key`.
    pub device: String,
    /// The epochs done.
    pub history: Vec<EpochMetrics>,
    /// Steps of the next epoch done.
    pub step: usize,
    /// True when all epochs are done.
    pub complete: bool,
    /// When it was stored, in milliseconds since 1970.
    pub saved_at_ms: u64,
}

impl StoredRun {
    /// Reads what was written of a run, and checks its configuration.
    ///
    /// # Errors
    /// Another version of the configuration, unreadable text, or a field out of bounds.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ConfigError> {
        let unreadable = |e: serde_json::Error| ConfigError::Unreadable {
            reason: e.to_string(),
        };
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        // The version is looked at first: what another one wrote may lack fields.
        ExperimentConfig::from_json(&value["config"].to_string())?;
        serde_json::from_value(value).map_err(unreadable)
    }
}
