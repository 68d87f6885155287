//! What a front end asks of the engine.

use crate::{BenchTask, ExperimentConfig, GraphExample, RunId, TensorExpression};
use serde::{Deserialize, Serialize};

/// Numbers a question, so that its answer can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u32);

/// Which device a run should use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChoice {
    /// The faster of those at hand for the chosen batch, as measured by the engine.
    Auto,
    /// Burn's flex: SIMD, natively and in wasm.
    Cpu,
    /// WebGPU in a browser.
    Webgpu,
    /// Vulkan, natively.
    Vulkan,
    /// CUDA, natively.
    Cuda,
}

impl DeviceChoice {
    /// Every choice.
    pub const ALL: [Self; 5] = [
        Self::Auto,
        Self::Cpu,
        Self::Webgpu,
        Self::Vulkan,
        Self::Cuda,
    ];

    /// The name a URL and the command line use.
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Webgpu => "webgpu",
            Self::Vulkan => "vulkan",
            Self::Cuda => "cuda",
        }
    }

    /// The inverse of [`Self::key`].
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.key() == key)
    }
}

/// A part of a run's state to look at. Answers use the run's newest weights, also while it trains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Inspection {
    /// Test images with prediction and probabilities: `count` rows of the test part from row `start` on.
    Gallery {
        /// First row of the test part.
        start: usize,
        /// How many.
        count: usize,
        /// Wrongly classified ones only.
        mistakes_only: bool,
    },
    /// The confusion matrix over the test part.
    Confusion,
    /// The first layer's weights as 28x28 pictures.
    Weights,
    /// What the network says of a picture: 784 bytes, row by row, 0 black to 255 white, as in the data set.
    Predict {
        /// The pixels.
        pixels: Vec<u8>,
    },
}

/// What the tensor room asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TensorCommand {
    /// The operations that can be applied, from the engine's table.
    Operations,
    /// Makes the expression's tensor and shows it; with an operation, before and after.
    Show {
        /// What to make and what to apply to it.
        expression: TensorExpression,
        /// Where: `Cpu` or this engine's GPU.
        device: DeviceChoice,
    },
}

/// Front end to engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Lists the devices, measuring each (steps/s of the preset's network at the given batch). Answered by `Reply::Devices`.
    Devices {
        /// Names the answer.
        request: RequestId,
        /// Batch size to measure at.
        batch_size: usize,
    },
    /// Loads the data set so that `rows` of it are there (the first part, then the rest). Progress comes as `Event::Data`.
    Load {
        /// Rows of the training file wanted.
        rows: usize,
    },
    /// Starts a run, or takes it up from its last checkpoint.
    Start {
        /// The configuration's run id.
        run: RunId,
        /// What to train.
        config: ExperimentConfig,
        /// Where.
        device: DeviceChoice,
        /// Go on from the newest stored checkpoint of this run if there is one.
        resume: bool,
    },
    /// Holds the run at the next step.
    Pause {
        /// Which run.
        run: RunId,
    },
    /// Goes on with a held run.
    Resume {
        /// Which run.
        run: RunId,
    },
    /// Ends the run, keeping its weights and history.
    Stop {
        /// Which run.
        run: RunId,
    },
    /// Forgets the run: weights, history and checkpoint.
    Reset {
        /// Which run.
        run: RunId,
    },
    /// Looks into the newest run. Answered by a `Reply` of the inspection's kind.
    Inspect {
        /// Names the answer.
        request: RequestId,
        /// Which run.
        run: RunId,
        /// What to look at.
        inspection: Inspection,
    },
    /// The tensor room. Answered by `Reply::Operations` or `Reply::Tensor`.
    Tensor {
        /// Names the answer.
        request: RequestId,
        /// What is asked.
        ask: TensorCommand,
    },
    /// Records an example and walks it backward. Answered by `Reply::Graph`.
    Graph {
        /// Names the answer.
        request: RequestId,
        /// Which.
        example: GraphExample,
        /// Where.
        device: DeviceChoice,
    },
    /// The stored runs that can be taken up again. Answered by `Reply::Stored`.
    Stored {
        /// Names the answer.
        request: RequestId,
    },
    /// The run's weights as a safetensors file, a PyTorch state dict by its names. Answered by `Reply::File`.
    Export {
        /// Names the answer.
        request: RequestId,
        /// Which run.
        run: RunId,
    },
    /// A task of the bench. Answered by `Reply::Bench`.
    Bench {
        /// Names the answer.
        request: RequestId,
        /// Where.
        device: DeviceChoice,
        /// What to do.
        work: BenchTask,
    },
}
