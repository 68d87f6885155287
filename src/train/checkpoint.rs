//! Checkpoints: everything a run needs to go on as if it had never stopped, down to the next random draw.
//!
//! A checkpoint is a safetensors file: the network's state dict by PyTorch's names, the momentum buffers, and in the metadata
//! the configuration, the history and the generator's state.

use super::{TrainError, Trainer};
use crate::Device;
use crate::data::{DataSet, EpochOrder};
use crate::nn::{Module as _, load_state_dict, state_file};
use crate::random::{Generator, GeneratorState};
use crate::tensor::Tensor;
use kindling_protocol::{EpochMetrics, ExperimentConfig};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::rc::Rc;

const KEY: &str = "kindling";
const MOMENTUM: &str = "momentum_buffer.";
const VERSION: u32 = 1;

/// What a checkpoint notes beside the tensors.
#[derive(Serialize, Deserialize)]
struct Notes {
    version: u32,
    config: ExperimentConfig,
    device: String,
    history: Vec<EpochMetrics>,
    step: usize,
    losses: Vec<f32>,
    sampler_seed: Option<u64>,
    generator: GeneratorState,
}

fn unreadable(reason: impl ToString) -> TrainError {
    TrainError::Checkpoint {
        reason: reason.to_string(),
    }
}

impl Trainer {
    /// The run as it stands, losses read.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn checkpoint(&mut self) -> Result<Vec<u8>, TrainError> {
        self.read_losses().await?;
        let notes = Notes {
            version: VERSION,
            config: self.config.clone(),
            device: self.device.kind().key().into(),
            history: self.history.clone(),
            step: self.step,
            losses: self.losses.clone(),
            sampler_seed: self.order.as_ref().and_then(EpochOrder::sampler_seed),
            generator: self.generator.borrow().get_state(),
        };
        let mut tensors = self.state_dict();
        for (at, buffer) in self.optimizer.buffers().iter().enumerate() {
            if let Some(buffer) = buffer {
                tensors.push((format!("{MOMENTUM}{at}"), buffer.clone()));
            }
        }
        let text = serde_json::to_string(&notes).map_err(unreadable)?;
        Ok(state_file::save(&tensors, HashMap::from([(KEY.to_string(), text)])).await?)
    }

    /// A run taken up from its checkpoint, on any device.
    ///
    /// # Errors
    /// The checkpoint is damaged, of another run, or needs more rows than there are.
    pub fn restore(
        bytes: &[u8],
        config: &ExperimentConfig,
        device: Device,
        data: Rc<DataSet>,
    ) -> Result<Self, TrainError> {
        let loaded = state_file::load(bytes, device).map_err(unreadable)?;
        let text = loaded
            .metadata
            .get(KEY)
            .ok_or_else(|| unreadable("it has no notes"))?;
        let notes: Notes = serde_json::from_str(text).map_err(unreadable)?;
        if notes.version != VERSION {
            return Err(unreadable(format!(
                "its version is {}, not {VERSION}",
                notes.version
            )));
        }
        let (found, wanted) = (notes.config.run_id(), config.run_id());
        if found != wanted {
            return Err(TrainError::OtherRun {
                found: found.0,
                wanted: wanted.0,
            });
        }
        let mut trainer = Self::new(notes.config, device, data)?;
        load_state_dict(&trainer.model, &loaded.tensors)?;
        let buffer = |at: usize| {
            let name = format!("{MOMENTUM}{at}");
            loaded
                .tensors
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, t)| t.clone())
        };
        let buffers = (0..trainer.model.parameters().len()).map(buffer).collect();
        trainer.optimizer.set_buffers(buffers)?;
        *trainer.generator.borrow_mut() = Generator::from_state(&notes.generator)?;
        trainer.order = notes
            .sampler_seed
            .map(|seed| EpochOrder::from_seed(seed, trainer.split.train_rows.len() as u32));
        trainer.step = notes.step;
        trainer.losses = notes.losses;
        trainer.history = notes.history;
        Ok(trainer)
    }

    /// The network's state dict: parameters and buffers by PyTorch's names.
    pub fn state_dict(&self) -> Vec<(String, Tensor)> {
        self.model
            .state("")
            .into_iter()
            .map(|n| (n.name, n.tensor))
            .collect()
    }
}
