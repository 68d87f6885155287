//! The bench's work: bare training steps and inference on the network of the course, without an epoch's bookkeeping, so that it
//! can be held against other libraries that do the same.

use super::ahead::Ahead;
use super::{TrainError, network};
use crate::autograd::{self, BackwardOptions};
use crate::data::idx::PIXELS;
use crate::data::{DataSet, Images};
use crate::device::Device;
use crate::nn::{CrossEntropyLoss, Module, Sequential, shared};
use crate::optim::{Sgd, SgdOptions};
use crate::platform::Instant;
use crate::random::Generator;
use crate::tensor::Tensor;
use kindling_protocol::{BenchResult, ExperimentConfig, StepPoint};
use std::rc::Rc;

/// The loss is read at every so many steps, as the peers read it.
const STEPS_A_READING: usize = 50;
/// Rows of a batch when accuracy is measured.
const ROWS_AT_ONCE: usize = 1_000;

/// A network being benched.
pub struct Bench {
    device: Device,
    data: Rc<DataSet>,
    model: Sequential,
    optimizer: Sgd,
    ahead: Ahead,
    /// The next batch begins at this row.
    row: usize,
    /// Steps since the last reset.
    step: usize,
}

impl Bench {
    /// The network with the starting weights of the *Baseline* preset.
    ///
    /// # Errors
    /// The device is gone.
    pub fn new(device: Device, data: Rc<DataSet>) -> Result<Self, TrainError> {
        let config = ExperimentConfig::default();
        let model = network(&config, &shared(Generator::new(config.seed)), device)?;
        let options = SgdOptions {
            lr: config.learning_rate,
            momentum: 0.0,
            weight_decay: 0.0,
        };
        let optimizer = Sgd::new(model.parameters(), options)?;
        Ok(Self {
            device,
            data,
            model,
            optimizer,
            ahead: Ahead::default(),
            row: 0,
            step: 0,
        })
    }

    /// Where it runs.
    pub fn device(&self) -> Device {
        self.device
    }

    /// Rows before the next batch.
    pub fn rows_taken(&self) -> usize {
        self.row
    }

    /// Gives it more rows to draw from; the next batch is where it was.
    pub fn set_data(&mut self, data: Rc<DataSet>) {
        self.data = data;
    }

    /// Forward, backward and update on consecutive batches. Returns when the last update is done.
    ///
    /// # Errors
    /// A batch of no rows or of more than there are; the device is gone.
    pub async fn train(&mut self, batch: usize, steps: usize) -> Result<BenchResult, TrainError> {
        self.check(batch)?;
        let begun = Instant::now();
        let mut losses = vec![];
        self.model.train(true);
        for done in 1..=steps {
            let (x, target) = self.next_batch(batch)?;
            let logits = self.model.forward(&x).await?;
            let loss = CrossEntropyLoss::default().forward(&logits, &target)?;
            self.optimizer.zero_grad();
            autograd::backward(&loss, None, BackwardOptions::default()).await?;
            self.optimizer.step()?;
            self.step += 1;
            if done % STEPS_A_READING == 0 || done == steps {
                losses.push(StepPoint {
                    step: self.step,
                    loss: loss.detach().item().await? as f32,
                });
            }
        }
        // The loss was there before the update was.
        if let Some(last) = self.model.parameters().last() {
            last.detach().to_vec().await?;
        }
        Ok(BenchResult {
            ms: milliseconds(begun),
            losses,
            ..self.described()
        })
    }

    /// Logits of consecutive batches. Returns when the last are there.
    ///
    /// # Errors
    /// As [`Self::train`].
    pub async fn infer(
        &mut self,
        batch: usize,
        repetitions: usize,
    ) -> Result<BenchResult, TrainError> {
        self.check(batch)?;
        let begun = Instant::now();
        self.model.train(false);
        for done in 1..=repetitions {
            let (x, _) = self.next_batch(batch)?;
            let logits = {
                let _unrecorded = autograd::no_grad();
                self.model.forward(&x).await?
            };
            if done == repetitions {
                logits.to_vec().await?;
            }
        }
        Ok(BenchResult {
            ms: milliseconds(begun),
            images: batch * repetitions,
            ..self.described()
        })
    }

    /// The share of pictures classified rightly.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn accuracy(&mut self, test: &Images) -> Result<BenchResult, TrainError> {
        let begun = Instant::now();
        self.model.train(false);
        let rows: Vec<u32> = (0..test.rows() as u32).collect();
        let mut hits = 0.0;
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            let (x, target) = uploaded(test, chunk, self.device)?;
            let found = {
                let _unrecorded = autograd::no_grad();
                let logits = self.model.forward(&x).await?;
                logits.argmax(Some(1), false)?.eq(&target)?
            };
            hits += found.to_vec().await?.iter().sum::<f64>();
        }
        Ok(BenchResult {
            ms: milliseconds(begun),
            images: rows.len(),
            accuracy: hits / rows.len().max(1) as f64,
            ..self.described()
        })
    }

    /// The weights as they are: float32, little endian, layer by layer.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn weights(&self) -> Result<Vec<u8>, TrainError> {
        let mut bytes = vec![];
        for values in Tensor::read_all(&self.model.parameters()).await? {
            bytes.extend(values.iter().flat_map(|&v| (v as f32).to_le_bytes()));
        }
        Ok(bytes)
    }

    /// A result that says only where it was had.
    pub fn described(&self) -> BenchResult {
        BenchResult {
            adapter: self.device.describe().name,
            ..BenchResult::default()
        }
    }

    fn check(&self, batch: usize) -> Result<(), TrainError> {
        let there = self.data.images.rows();
        if batch == 0 || batch > there {
            return Err(TrainError::TooFewRows {
                wanted: batch,
                there,
            });
        }
        Ok(())
    }

    /// The next batch; one that would reach over the end is taken from the beginning.
    fn next_batch(&mut self, batch: usize) -> Result<(Tensor, Tensor), TrainError> {
        let there = self.data.images.rows();
        let begins = move |row: usize| if row + batch > there { 0 } else { row };
        let rows = move |from: usize| (from..from + batch).map(|row| row as u32).collect();
        let first = begins(self.row);
        let following = std::iter::successors(Some(begins(first + batch)), move |&row| {
            Some(begins(row + batch))
        });
        self.row = first + batch;
        let images = &self.data.images;
        self.ahead
            .batch(images, self.device, rows(first), following.map(rows))
    }
}

fn uploaded(images: &Images, rows: &[u32], device: Device) -> Result<(Tensor, Tensor), TrainError> {
    let x = Tensor::from_f32(images.normalise(rows)?, &[rows.len(), PIXELS], device)?;
    let target = Tensor::from_i64(&images.targets(rows)?, &[rows.len()], device)?;
    Ok((x, target))
}

fn milliseconds(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}
