//! Measuring a trained epoch: loss and accuracy over all training and test rows, a chunk at a time, so that a run on a slow
//! device can be stopped between two chunks.

use super::{TrainError, Trainer};
use crate::DType;
use crate::autograd;
use crate::nn::Reduction;
use crate::tensor::Tensor;
use kindling_protocol::EpochMetrics;

/// Rows of a chunk on the CPU.
const CPU_ROWS: usize = 1_000;
/// Rows of a chunk on a GPU. Software WebGPU takes about half a second for it, and Stop is to be heard within one.
const GPU_ROWS: usize = 400;

/// An evaluation under way: in it the epoch is trained and its metrics are not known yet.
#[derive(Default)]
pub(super) struct Measuring {
    /// Chunks enqueued, counted over the training rows and then the test rows.
    chunks: usize,
    /// Sums that lie on the device still: loss and hits of each chunk, with the set it belongs to.
    pending: Vec<(Set, [Tensor; 2])>,
    train: Sums,
    test: Sums,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Train,
    Test,
}

#[derive(Default, Clone, Copy)]
struct Sums {
    loss: f64,
    hits: f64,
}

impl Trainer {
    /// Evaluates at most `chunks` chunks of the rows, in evaluation mode, and waits for their sums once. With the last of
    /// them the epoch's metrics are known, and the next epoch begins.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn measure_some(
        &mut self,
        chunks: usize,
    ) -> Result<Option<EpochMetrics>, TrainError> {
        let rows_a_chunk = if self.device.is_cpu() {
            CPU_ROWS
        } else {
            GPU_ROWS
        };
        let mut measuring = self.measuring.take().unwrap_or_default();
        let (train, test) = (&self.split.train_rows, &self.split.test_rows);
        let train_chunks = train.len().div_ceil(rows_a_chunk);
        let all_chunks = train_chunks + test.len().div_ceil(rows_a_chunk);
        for _ in 0..chunks.max(1) {
            let (set, chunk) = match measuring.chunks {
                at if at < train_chunks => (Set::Train, train.chunks(rows_a_chunk).nth(at)),
                at => (Set::Test, test.chunks(rows_a_chunk).nth(at - train_chunks)),
            };
            let Some(chunk) = chunk else { break };
            measuring.pending.push((set, self.sums(chunk).await?));
            measuring.chunks += 1;
        }
        measuring.read().await?;
        if measuring.chunks < all_chunks {
            self.measuring = Some(measuring);
            return Ok(None);
        }
        Ok(Some(self.close_epoch(&measuring)))
    }

    /// Measures the whole epoch at once.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn finish_epoch(&mut self) -> Result<EpochMetrics, TrainError> {
        self.read_losses().await?;
        loop {
            if let Some(metrics) = self.measure_some(1).await? {
                return Ok(metrics);
            }
        }
    }

    fn close_epoch(&mut self, measured: &Measuring) -> EpochMetrics {
        let mean = |sum: f64, count: usize| sum / count.max(1) as f64;
        let (train, test) = (self.split.train_rows.len(), self.split.test_rows.len());
        let steps: f64 = self.losses.iter().map(|&l| f64::from(l)).sum();
        let metrics = EpochMetrics {
            epoch: self.history.len() + 1,
            step_loss: mean(steps, self.losses.len()),
            first_batch_loss: self.losses.first().map_or(f64::NAN, |&l| f64::from(l)),
            train_loss: mean(measured.train.loss, train),
            test_loss: mean(measured.test.loss, test),
            train_acc: mean(measured.train.hits, train),
            test_acc: mean(measured.test.hits, test),
        };
        self.history.push(metrics);
        self.order = None;
        self.step = 0;
        self.losses.clear();
        metrics
    }

    /// Summed loss and number of hits over rows of the data set: two scalars on the device.
    async fn sums(&self, rows: &[u32]) -> Result<[Tensor; 2], TrainError> {
        let (x, target) = self.batch(rows)?;
        let logits = self.logits(&x).await?;
        let _unrecorded = autograd::no_grad();
        let loss = logits.cross_entropy(&target, Reduction::Sum)?;
        let hits = logits.argmax(Some(1), false)?.eq(&target)?;
        Ok([loss, hits.to_dtype(DType::Float32)?.sum(None, false)?])
    }
}

impl Measuring {
    async fn read(&mut self) -> Result<(), TrainError> {
        let (sets, sums): (Vec<Set>, Vec<[Tensor; 2]>) =
            std::mem::take(&mut self.pending).into_iter().unzip();
        let read = Tensor::read_all(sums.as_flattened()).await?;
        let read: Vec<f64> = read.into_iter().flatten().collect();
        for (set, pair) in sets.into_iter().zip(read.chunks_exact(2)) {
            let into = match set {
                Set::Train => &mut self.train,
                Set::Test => &mut self.test,
            };
            into.loss += pair[0];
            into.hits += pair[1];
        }
        Ok(())
    }
}
