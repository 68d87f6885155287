//! What a front end and the engine say to each other: commands in, events out, the experiment's
//! configuration and its run id. Plain serde types; nothing here computes.

mod bench;
mod command;
mod config;
mod event;
mod graph;
mod metrics;
mod query;
mod tensor;
mod verdict;

pub use bench::{BenchResult, BenchTask};
pub use command::{Command, DeviceChoice, Inspection, RequestId, TensorCommand};
pub use config::{
    Activation, CONFIG_VERSION, ConfigError, ExperimentConfig, LIMITS, Limits, Preset, RunId,
};
pub use event::{
    DataSource, DataState, DeviceInfo, DeviceKind, EngineKind, ErrorReport, Event, Outcome,
    Picture, Reply,
};
pub use graph::{GraphDirection, GraphExample, GraphNode, GraphNodeKind, GraphView};
pub use metrics::{EpochMetrics, StepPoint, StoredRun};
pub use query::{from_query, to_query};
pub use tensor::{
    OperationInfo, ParameterInfo, TensorExpression, TensorSource, TensorView, ValueKind,
};
pub use verdict::{Remedy, RemedyKind, Verdict, VerdictKind};

/// Version of the messages. Both sides carry it, so that a stale worker says so instead of misreading.
pub const PROTOCOL_VERSION: u32 = 1;

/// Names of the ten Fashion-MNIST classes, in label order (from the data set's own README).
pub const CLASS_NAMES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];
