//! Training: the loop, its checkpoints and what can be seen of a run.

mod ahead;
pub mod bench;
mod checkpoint;
mod error;
mod evaluation;
mod inspect;
mod network;
mod remedy;
mod trainer;

pub use error::TrainError;
pub use network::network;
pub use trainer::{Losses, RecordedStep, Trainer};
pub mod verdict;
