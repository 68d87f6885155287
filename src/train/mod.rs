//! Training: the loop, its checkpoints and what can be seen of a run.

mod error;
mod network;
mod trainer;

pub use error::TrainError;
pub use network::network;
pub use trainer::{Losses, Trainer};
