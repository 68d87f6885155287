//! What can go wrong around a run.

use crate::data::{DataError, SplitError};
use crate::device::DeviceError;
use crate::random::StateError;
use kindling_protocol::{ConfigError, ErrorReport};

/// Why a run cannot begin or go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)]
pub enum TrainError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Split(#[from] SplitError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Engine(#[from] crate::Error),
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error(
        "{wanted} rows were asked for and {there} are there: wait until the rest has come, or use fewer rows."
    )]
    TooFewRows { wanted: usize, there: usize },
    #[error(
        "The checkpoint cannot be read ({reason}). Start the run again instead of taking it up."
    )]
    Checkpoint { reason: String },
    #[error("The checkpoint is of run {found}, not of run {wanted}.")]
    OtherRun { found: String, wanted: String },
    #[error("The stored run {run} cannot be taken up, and is left where it is. {reason}")]
    Stored { run: String, reason: ConfigError },
    #[error("There is no run {run} here: start it first.")]
    NoRun { run: String },
}

impl TrainError {
    /// True when the device is gone and the run must go on from its checkpoint elsewhere.
    pub fn is_device_loss(&self) -> bool {
        matches!(
            self,
            Self::Device(DeviceError::Lost { .. })
                | Self::Engine(
                    crate::Error::Device(DeviceError::Lost { .. }) | crate::Error::Read { .. }
                )
        )
    }

    /// The error as a front end shows it.
    pub fn report(&self) -> ErrorReport {
        let hint = self.is_device_loss().then(|| {
            "The run goes on from its last checkpoint; what was computed until then is kept."
                .to_string()
        });
        ErrorReport {
            message: self.to_string(),
            hint,
            device_lost: self.is_device_loss(),
        }
    }
}
