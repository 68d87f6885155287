//! What the engine tells a front end. Every event of a run names it; every answer names its question.

use crate::{
    BenchResult, EpochMetrics, ExperimentConfig, GraphView, OperationInfo, RequestId, RunId,
    StepPoint, StoredRun, TensorView, Verdict,
};
use serde::{Deserialize, Serialize};

/// Which of the two engine files this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// CPU only.
    Cpu,
    /// CPU and WebGPU.
    Gpu,
    /// The headless program.
    Native,
}

/// A kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// Burn's flex.
    Cpu,
    /// WebGPU.
    Webgpu,
    /// Vulkan.
    Vulkan,
    /// CUDA.
    Cuda,
}

impl DeviceKind {
    /// The name as `--device` takes it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Webgpu => "webgpu",
            Self::Vulkan => "vulkan",
            Self::Cuda => "cuda",
        }
    }
}

/// A device, there or missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// What it is.
    pub kind: DeviceKind,
    /// The adapter's own name ("llvmpipe (LLVM 15.0.6)"), or the CPU's description.
    pub name: String,
    /// True when the adapter is a software one, which a learner should know.
    pub software: bool,
    /// Why it cannot be used; `None` where it can.
    pub missing: Option<String>,
    /// Measured training steps per second at the batch asked for; `None` before it is measured.
    pub steps_per_second: Option<f64>,
    /// The kernels that did not agree with the CPU at the self-check, in a sentence; `None` where all agree.
    pub self_check: Option<String>,
}

/// Where the pictures come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// The real Fashion-MNIST files, checked by SHA-256.
    FashionMnist,
    /// Pictures generated here. Labelled as a stand-in wherever they show.
    StandIn,
}

/// What of the data set is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataState {
    /// Real or stand-in.
    pub source: DataSource,
    /// Rows of the training file that can be used now.
    pub rows: usize,
    /// Bytes received of the part on its way; equal to `total_bytes` when nothing is.
    pub received_bytes: u64,
    /// Bytes of the part on its way.
    pub total_bytes: u64,
    /// A sentence for the visitor where something is odd (a stand-in and why, a file that failed its checksum).
    pub note: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// All epochs done.
    Completed,
    /// The visitor stopped it.
    Stopped,
    /// The loss is no longer a number; the curves are kept.
    Diverged {
        /// Epoch, from 1.
        epoch: usize,
        /// Step of the run, from 1.
        step: usize,
        /// What to do about it.
        message: String,
    },
}

/// An error as a front end shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReport {
    /// What was wrong, where, and what to do.
    pub message: String,
    /// One more sentence on the usual cause, where there is one.
    pub hint: Option<String>,
    /// True when the device is gone and the engine must be started anew.
    pub device_lost: bool,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
// Messages are written as JSON one at a time: a box would save nothing.
#[allow(clippy::large_enum_variant)]
pub enum Reply {
    /// To `Command::Devices`: what this engine has, fastest first among those at hand.
    Devices {
        /// The devices.
        devices: Vec<DeviceInfo>,
    },
    /// To `Inspection::Gallery`.
    Gallery {
        /// The pictures.
        pictures: Vec<Picture>,
        /// Rows of the test part (or wrong ones among them, if only those were asked for).
        total: usize,
    },
    /// To `Inspection::Confusion`: `counts[true][predicted]`.
    Confusion {
        /// Ten rows of ten.
        counts: Vec<Vec<u32>>,
    },
    /// To `Inspection::Weights`: a picture a unit, 784 numbers each.
    Weights {
        /// The first layer's rows, up to 64 of them.
        units: Vec<Vec<f32>>,
        /// The largest magnitude, for the colour scale.
        scale: f32,
    },
    /// To `Inspection::Predict`: softmax of the logits.
    Prediction {
        /// Ten probabilities.
        probabilities: Vec<f32>,
    },
    /// To `TensorCommand::Operations`.
    Operations {
        /// The table's entries.
        operations: Vec<OperationInfo>,
    },
    /// To `TensorCommand::Show`.
    Tensor {
        /// The tensor made.
        before: TensorView,
        /// A second operand, if the operation took one.
        operand: Option<TensorView>,
        /// After the operation, if there was one.
        after: Option<TensorView>,
        /// The same as PyTorch code.
        code: String,
    },
    /// To `Command::Graph`.
    Graph {
        /// The recorded graph with values and gradients.
        graph: GraphView,
    },
    /// To `Command::Stored`.
    Stored {
        /// Runs with a checkpoint, newest first.
        runs: Vec<StoredRun>,
    },
    /// To `Command::Export`; the bytes follow the message as a transferable.
    File {
        /// Suggested file name.
        name: String,
        /// Length of the bytes.
        bytes: usize,
    },
    /// To `Command::Bench`; for `BenchTask::Weights` the bytes follow as a transferable.
    Bench {
        /// What the task came to.
        result: BenchResult,
    },
}

/// A test picture and what the network says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Row of the test part.
    pub row: usize,
    /// 784 bytes, row by row.
    pub pixels: Vec<u8>,
    /// The true class.
    pub label: u8,
    /// Ten probabilities.
    pub probabilities: Vec<f32>,
}

/// Engine to front end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
// Messages are written as JSON one at a time: a box would save nothing.
#[allow(clippy::large_enum_variant)]
pub enum Event {
    /// The engine is up and takes commands. Always the first event.
    Ready {
        /// [`crate::PROTOCOL_VERSION`] of the engine.
        protocol: u32,
        /// Which engine.
        engine: EngineKind,
        /// Its version.
        version: String,
    },
    /// Data came, or something about it changed.
    Data {
        /// How things are.
        state: DataState,
    },
    /// A run began, or was taken up again.
    Started {
        /// Which run.
        run: RunId,
        /// Its configuration.
        config: ExperimentConfig,
        /// Where it runs.
        device: DeviceInfo,
        /// Real data or the stand-in.
        source: DataSource,
        /// Batches in an epoch.
        steps_per_epoch: usize,
        /// The history so far: empty for a fresh run.
        history: Vec<EpochMetrics>,
        /// A sentence when it goes on from a checkpoint or moved to another device.
        note: Option<String>,
    },
    /// How far the run is. At most a few a second.
    Progress {
        /// Which run.
        run: RunId,
        /// Epoch in hand, from 1.
        epoch: usize,
        /// Steps done in this epoch.
        step: usize,
        /// Training images per second, lately.
        images_per_second: f64,
        /// Seconds to the end at this rate.
        seconds_left: f64,
        /// Seconds of training so far, without pauses.
        elapsed_seconds: f64,
        /// Losses of batches since the last progress, thinned to what a chart can show.
        points: Vec<StepPoint>,
    },
    /// An epoch is done and measured.
    Epoch {
        /// Which run.
        run: RunId,
        /// The numbers.
        metrics: EpochMetrics,
        /// What the curves say so far.
        verdict: Verdict,
    },
    /// The run is held.
    Paused {
        /// Which run.
        run: RunId,
    },
    /// The run goes on.
    Resumed {
        /// Which run.
        run: RunId,
    },
    /// A checkpoint is stored; a lost device or a reload goes on from here.
    Checkpoint {
        /// Which run.
        run: RunId,
        /// Epochs done.
        epoch: usize,
        /// Steps of the next epoch done.
        step: usize,
    },
    /// The run is over; its weights stay for inspection.
    Finished {
        /// Which run.
        run: RunId,
        /// How.
        outcome: Outcome,
        /// What the curves say.
        verdict: Verdict,
    },
    /// The run is forgotten.
    Forgotten {
        /// Which run.
        run: RunId,
    },
    /// Something could not be done; what was computed is kept.
    Failed {
        /// The run it concerns.
        run: Option<RunId>,
        /// The question it concerns.
        request: Option<RequestId>,
        /// Why.
        error: ErrorReport,
    },
    /// An answer.
    Reply {
        /// To which question.
        request: RequestId,
        /// The answer.
        reply: Reply,
    },
}
