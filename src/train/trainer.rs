//! The training loop: one step at a time, so that whoever drives it can pause, stop and look in between.

use super::ahead::Ahead;
use super::evaluation::Measuring;
use super::{TrainError, network};
use crate::autograd::{self, BackwardOptions};
use crate::data::idx::PIXELS;
use crate::data::{DataSet, EpochOrder, Split};
use crate::device::Device;
use crate::nn::{CrossEntropyLoss, Module, Reduction, Sequential, SharedGenerator, shared};
use crate::optim::{Sgd, SgdOptions};
use crate::random::Generator;
use crate::tensor::Tensor;
use kindling_protocol::{EpochMetrics, ExperimentConfig};
use std::rc::Rc;

/// An experiment under way.
pub struct Trainer {
    pub(super) config: ExperimentConfig,
    pub(super) device: Device,
    pub(super) data: Rc<DataSet>,
    pub(super) split: Split,
    pub(super) model: Sequential,
    pub(super) optimizer: Sgd,
    pub(super) generator: SharedGenerator,
    pub(super) history: Vec<EpochMetrics>,
    /// The order of the epoch under way; `None` between epochs.
    pub(super) order: Option<EpochOrder>,
    /// Steps done in the epoch under way.
    pub(super) step: usize,
    /// Losses of those steps that were read, in order.
    pub(super) losses: Vec<f32>,
    /// Losses that lie on the device still.
    pending: Vec<Tensor>,
    /// Batches of the epoch under way that lie on the device already.
    pub(super) ahead: Ahead,
    /// The evaluation of a trained epoch under way. A checkpoint does without: it is begun again.
    pub(super) measuring: Option<Measuring>,
}

/// What a reading of losses found.
#[derive(Debug, Clone, PartialEq)]
pub struct Losses {
    /// Step of the run of the first one, from 1.
    pub first_step: usize,
    /// The losses.
    pub values: Vec<f32>,
}

impl Losses {
    /// The step of the run, from 1, whose loss is no longer a number.
    pub fn diverged(&self) -> Option<usize> {
        self.values
            .iter()
            .position(|v| !v.is_finite())
            .map(|at| self.first_step + at)
    }
}

impl Trainer {
    /// Checks the configuration against the data and builds the network: `manual_seed`, then the layers in order.
    ///
    /// # Errors
    /// A configuration out of bounds, or more rows than there are.
    pub fn new(
        config: ExperimentConfig,
        device: Device,
        data: Rc<DataSet>,
    ) -> Result<Self, TrainError> {
        config.validate()?;
        if config.rows > data.images.rows() {
            return Err(TrainError::TooFewRows {
                wanted: config.rows,
                there: data.images.rows(),
            });
        }
        let split = Split::of(&config)?;
        let generator = shared(Generator::new(config.seed));
        let model = network(&config, &generator, device)?;
        let options = SgdOptions {
            lr: config.learning_rate,
            momentum: config.momentum,
            weight_decay: config.weight_decay,
        };
        let optimizer = Sgd::new(model.parameters(), options)?;
        Ok(Self {
            config,
            device,
            data,
            split,
            model,
            optimizer,
            generator,
            history: vec![],
            order: None,
            step: 0,
            losses: vec![],
            pending: vec![],
            ahead: Ahead::default(),
            measuring: None,
        })
    }

    /// The configuration.
    pub fn config(&self) -> &ExperimentConfig {
        &self.config
    }

    /// Where it runs.
    pub fn device(&self) -> Device {
        self.device
    }

    /// The data it learns from.
    pub fn data(&self) -> &DataSet {
        &self.data
    }

    /// The network, for looking at.
    pub fn model(&self) -> &Sequential {
        &self.model
    }

    /// Epochs done.
    pub fn history(&self) -> &[EpochMetrics] {
        &self.history
    }

    /// Steps done in the epoch under way.
    pub fn step_in_epoch(&self) -> usize {
        self.step
    }

    /// True when all epochs are done.
    pub fn is_complete(&self) -> bool {
        self.history.len() >= self.config.epochs
    }

    /// Losses not yet read.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// One batch forward, backward, and the update. Enqueued on a GPU, done on return on the CPU; the loss is read later,
    /// by [`Self::read_losses`].
    ///
    /// # Errors
    /// The device is gone.
    pub async fn train_step(&mut self) -> Result<(), TrainError> {
        let rows = self.split.train_rows.len() as u32;
        let order = self
            .order
            .get_or_insert_with(|| EpochOrder::shuffled(&mut self.generator.borrow_mut(), rows));
        self.model.train(true);
        let train_rows = &self.split.train_rows;
        let mut batches = order
            .batches(self.config.batch_size)
            .skip(self.step)
            .map(|batch| batch.iter().map(|&at| train_rows[at as usize]).collect());
        let Some(rows) = batches.next() else {
            return Ok(());
        };
        let images = &self.data.images;
        let (x, target) = self.ahead.batch(images, self.device, rows, batches)?;
        let logits = self.model.forward(&x).await?;
        let loss = CrossEntropyLoss::default().forward(&logits, &target)?;
        self.optimizer.zero_grad();
        autograd::backward(&loss, None, BackwardOptions::default()).await?;
        self.optimizer.step()?;
        self.pending.push(loss.detach());
        self.step += 1;
        Ok(())
    }

    /// True when every batch of the epoch was trained on and it is to be measured.
    pub fn epoch_is_trained(&self) -> bool {
        self.step >= self.config.steps_per_epoch()
    }

    /// Begins the epoch under way again, in the same order: for measuring speed on few rows.
    pub fn restart_epoch(&mut self) {
        self.step = 0;
    }

    /// Reads the losses of the steps since the last reading, all with one wait.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn read_losses(&mut self) -> Result<Losses, TrainError> {
        let first_step = self.history.len() * self.config.steps_per_epoch() + self.losses.len() + 1;
        let pending = std::mem::take(&mut self.pending);
        let read = Tensor::read_all(&pending).await?;
        let values: Vec<f32> = read.into_iter().flatten().map(|v| v as f32).collect();
        self.losses.extend(&values);
        Ok(Losses { first_step, values })
    }

    /// Rows of the data set as a batch: pixels / 255 as float32 `[rows, 784]`, classes as int64 `[rows]`.
    pub(super) fn batch(&self, rows: &[u32]) -> Result<(Tensor, Tensor), TrainError> {
        let pixels = self.data.images.normalise(rows)?;
        let x = Tensor::from_f32(pixels, &[rows.len(), PIXELS], self.device)?;
        let targets = self.data.images.targets(rows)?;
        let target = Tensor::from_i64(&targets, &[rows.len()], self.device)?;
        Ok((x, target))
    }

    /// Logits in evaluation mode, unrecorded. The network is put back into training mode by the next step.
    pub(super) async fn logits(&self, x: &Tensor) -> Result<Tensor, TrainError> {
        self.model.train(false);
        let _unrecorded = autograd::no_grad();
        // The lab's own modules are plain functions behind a future that is ready at once: nothing else of this thread runs
        // while the guard is held.
        Ok(self.model.forward(x).await?)
    }
}

/// The first step of a run, recorded and not walked backward yet.
pub struct RecordedStep {
    /// The batch, `[rows, 784]`.
    pub input: Tensor,
    /// Its classes, `[rows]`.
    pub target: Tensor,
    /// Every layer's result in order, and the logarithms of the probabilities: held, so that all of the graph has values.
    pub results: Vec<Tensor>,
    /// `[rows, 10]`
    pub logits: Tensor,
    /// A scalar.
    pub loss: Tensor,
}

impl Trainer {
    /// Records the forward pass of the next step without an update, for the graph room.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn record_first_step(&mut self) -> Result<RecordedStep, TrainError> {
        let order = EpochOrder::shuffled(
            &mut self.generator.borrow_mut(),
            self.split.train_rows.len() as u32,
        );
        let places = order
            .batches(self.config.batch_size)
            .next()
            .unwrap_or_default();
        let rows: Vec<u32> = places
            .iter()
            .map(|&at| self.split.train_rows[at as usize])
            .collect();
        let (input, target) = self.batch(&rows)?;
        self.model.train(true);
        let mut results = vec![];
        let mut value = input.clone();
        for child in self.model.children() {
            value = child.forward(&value).await?;
            results.push(value.clone());
        }
        // nn.CrossEntropyLoss in its two steps.
        let logarithms = value.log_softmax(-1)?;
        let loss = logarithms.nll_loss(&target, Reduction::Mean)?;
        results.push(logarithms);
        Ok(RecordedStep {
            input,
            target,
            results,
            logits: value,
            loss,
        })
    }

    /// The network's printed form.
    pub fn description(&self) -> String {
        self.model.describe()
    }
}
