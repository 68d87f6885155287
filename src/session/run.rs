//! The run under way: slices of training between commands, progress, checkpoints, and how it ends.

use super::checkpoints::weights_name;
use super::{Session, Waiting};
use crate::data::DataSet;
use crate::device::DeviceError;
use crate::platform::Instant;
use crate::train::verdict::verdict;
use crate::train::{Losses, TrainError, Trainer};
use kindling_protocol::{DeviceInfo, Event, Outcome, RunId, StepPoint, StoredRun};
use std::rc::Rc;
use std::time::Duration;

/// A slice of training between two looks at the commands.
const SLICE: Duration = Duration::from_millis(25);
/// Between two progress events.
const PROGRESS: Duration = Duration::from_millis(100);
/// Between two checkpoints.
const CHECKPOINT: Duration = Duration::from_secs(2);
/// Steps enqueued on a GPU before their losses are awaited, at most.
const PENDING: usize = 16;
/// A slice on a GPU should take about this long, waiting included: longer and Stop is heard late, shorter and the GPU idles.
const GPU_SLICE: Duration = Duration::from_millis(60);
/// Step losses sent with one progress event at most.
const POINTS: usize = 32;

/// A run under way.
pub(super) struct ActiveRun {
    id: RunId,
    trainer: Trainer,
    device: DeviceInfo,
    paused: bool,
    /// Training time before the slice in hand, without pauses.
    elapsed: Duration,
    points: Vec<StepPoint>,
    images: usize,
    since_progress: Duration,
    /// Images per second, smoothed.
    rate: f64,
    since_checkpoint: Duration,
    /// Steps of the next slice at most, fitted to [`GPU_SLICE`] as the run goes: a GPU returns from enqueuing at once.
    batch_of_steps: usize,
}

impl ActiveRun {
    pub(super) fn id(&self) -> &RunId {
        &self.id
    }

    pub(super) fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    pub(super) fn trainer_mut(&mut self) -> &mut Trainer {
        &mut self.trainer
    }

    /// What is kept beside the weights.
    pub(super) fn notes(&self, saved_at_ms: u64) -> StoredRun {
        StoredRun {
            run: self.id.clone(),
            config: self.trainer.config().clone(),
            device: self.device.kind.key().into(),
            history: self.trainer.history().to_vec(),
            step: self.trainer.step_in_epoch(),
            complete: self.trainer.is_complete(),
            saved_at_ms,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        !self.paused
    }

    pub(super) fn resume(&mut self) {
        self.paused = false;
    }

    /// Chunks of an evaluation that fit a slice: one on the CPU and on a GPU that is slow.
    fn chunks_of_rows(&self) -> usize {
        (self.batch_of_steps / 4).max(1)
    }

    fn images_left(&self) -> f64 {
        let config = self.trainer.config();
        let epochs_left = config.epochs.saturating_sub(self.trainer.history().len()) as f64;
        let done = (self.trainer.step_in_epoch() * config.batch_size) as f64;
        (epochs_left * config.train_rows() as f64 - done).max(0.0)
    }

    fn progress(&mut self) -> Event {
        let seconds = self.since_progress.as_secs_f64().max(1e-6);
        let lately = self.images as f64 / seconds;
        // A few events' memory steadies the time left without hiding a change of pace.
        self.rate = if self.rate == 0.0 {
            lately
        } else {
            0.7 * self.rate + 0.3 * lately
        };
        self.images = 0;
        self.since_progress = Duration::ZERO;
        Event::Progress {
            run: self.id.clone(),
            epoch: (self.trainer.history().len() + 1).min(self.trainer.config().epochs),
            step: self.trainer.step_in_epoch(),
            images_per_second: self.rate,
            seconds_left: if self.rate > 0.0 {
                self.images_left() / self.rate
            } else {
                0.0
            },
            elapsed_seconds: self.elapsed.as_secs_f64(),
            points: thinned(&std::mem::take(&mut self.points)),
        }
    }
}

/// At most [`POINTS`] of them, the largest of each stretch: spikes are what a learner should see.
fn thinned(points: &[StepPoint]) -> Vec<StepPoint> {
    let stretch = points.len().div_ceil(POINTS).max(1);
    points
        .chunks(stretch)
        .filter_map(|c| c.iter().copied().max_by(|a, b| a.loss.total_cmp(&b.loss)))
        .collect()
}

/// What a slice came to.
enum Slice {
    GoesOn,
    Diverged { epoch: usize, step: usize },
    Completed,
}

impl Session {
    pub(super) async fn begin(
        &mut self,
        wanted: Waiting,
        data: Rc<DataSet>,
    ) -> Result<ActiveRun, TrainError> {
        let Waiting {
            run,
            config,
            device,
            resume,
        } = wanted;
        let device = self.resolve(device, config.batch_size).await?;
        self.all_stored().await;
        let stored = match resume {
            true => self.store.get(weights_name(&run)).await,
            false => None,
        };
        let (trainer, note) = match stored {
            None if resume => (
                Trainer::new(config, device, data.clone())?,
                Some(
                    "No checkpoint of this run was found, so that it starts from the beginning."
                        .to_string(),
                ),
            ),
            None => (Trainer::new(config, device, data.clone())?, None),
            Some(bytes) => {
                let trainer = Trainer::restore(&bytes, &config, device, data.clone())?;
                let note = format!(
                    "Goes on from the checkpoint after epoch {}, step {}, on {}.",
                    trainer.history().len(),
                    trainer.step_in_epoch(),
                    device.kind().key()
                );
                (trainer, Some(note))
            }
        };
        let info = device.describe();
        self.emit(Event::Started {
            run: run.clone(),
            config: trainer.config().clone(),
            device: info.clone(),
            source: data.source,
            steps_per_epoch: trainer.config().steps_per_epoch(),
            history: trainer.history().to_vec(),
            note,
        });
        Ok(ActiveRun {
            id: run,
            trainer,
            device: info,
            paused: false,
            elapsed: Duration::ZERO,
            points: vec![],
            images: 0,
            since_progress: Duration::ZERO,
            rate: 0.0,
            since_checkpoint: Duration::ZERO,
            batch_of_steps: 1,
        })
    }

    /// Trains for a slice, and ends the run where that is due.
    pub(super) async fn slice(&mut self) {
        let Some(mut active) = self.active.take() else {
            return;
        };
        match self.train(&mut active).await {
            Ok(Slice::GoesOn) => self.active = Some(active),
            Ok(Slice::Completed) => self.finish(active, Outcome::Completed).await,
            Ok(Slice::Diverged { epoch, step }) => {
                let message = format!(
                    "The loss is no longer a number at step {step} (epoch {epoch}): the updates overshoot. The curves up to there are kept. Lower the learning rate from {} to {} or less.",
                    active.trainer.config().learning_rate,
                    active.trainer.config().learning_rate / 10.0
                );
                self.finish(
                    active,
                    Outcome::Diverged {
                        epoch,
                        step,
                        message,
                    },
                )
                .await;
            }
            Err(error) => {
                let error = lost_device(error, &active);
                let run = active.id.clone();
                // What was computed is kept: the curves are the front end's, the weights stay for inspection.
                self.keep(active.id.clone(), active.trainer);
                self.fail(Some(run), None, error.report());
            }
        }
    }

    async fn train(&mut self, active: &mut ActiveRun) -> Result<Slice, TrainError> {
        let begun = Instant::now();
        while begun.elapsed() < SLICE && !active.trainer.epoch_is_trained() {
            active.trainer.train_step().await?;
            active.images += active.trainer.config().batch_size;
            if !active.trainer.device().is_cpu()
                && active.trainer.pending() >= active.batch_of_steps
            {
                break;
            }
        }
        check_device()?;
        let losses = active.trainer.read_losses().await?;
        if !losses.values.is_empty() {
            active.batch_of_steps = match begun.elapsed() {
                short if short < GPU_SLICE / 2 => (active.batch_of_steps * 2).min(PENDING),
                long if long > GPU_SLICE => (active.batch_of_steps / 2).max(1),
                _ => active.batch_of_steps,
            };
        }
        if let Some(step) = note_losses(active, &losses) {
            return Ok(Slice::Diverged {
                epoch: active.trainer.history().len() + 1,
                step,
            });
        }
        let mut measured = None;
        if active.trainer.epoch_is_trained() {
            measured = active.trainer.measure_some(active.chunks_of_rows()).await?;
            check_device()?;
        }
        let spent = begun.elapsed();
        active.elapsed += spent;
        active.since_progress += spent;
        active.since_checkpoint += spent;
        if active.since_progress >= PROGRESS || measured.is_some() {
            let progress = active.progress();
            self.emit(progress);
        }
        if let Some(metrics) = measured {
            let verdict = verdict(active.trainer.config(), active.trainer.history());
            self.emit(Event::Epoch {
                run: active.id.clone(),
                metrics,
                verdict,
            });
            if !metrics.test_loss.is_finite() || !metrics.train_loss.is_finite() {
                let step = metrics.epoch * active.trainer.config().steps_per_epoch();
                return Ok(Slice::Diverged {
                    epoch: metrics.epoch,
                    step,
                });
            }
        }
        if active.trainer.is_complete() {
            return Ok(Slice::Completed);
        }
        // One that is still being stored is not waited for: Stop must be heard.
        if active.since_checkpoint >= CHECKPOINT && !self.is_storing() {
            active.since_checkpoint = Duration::ZERO;
            self.store_checkpoint(active).await?;
        }
        Ok(Slice::GoesOn)
    }

    pub(super) async fn pause(&mut self, run: &RunId) {
        let Some(mut active) = self.active.take_if(|a| a.id == *run) else {
            return;
        };
        active.paused = true;
        let progress = active.progress();
        self.emit(progress);
        active.since_checkpoint = Duration::ZERO;
        match self.store_checkpoint(&mut active).await {
            Ok(()) => {
                self.all_stored().await;
                self.emit(Event::Paused {
                    run: active.id.clone(),
                });
                self.active = Some(active);
            }
            Err(error) => {
                let error = lost_device(error, &active);
                self.fail(Some(active.id.clone()), None, error.report());
                self.keep(active.id.clone(), active.trainer);
            }
        }
    }

    pub(super) async fn stop_active(&mut self) {
        if let Some(active) = self.active.take() {
            self.finish(active, Outcome::Stopped).await;
        }
    }

    async fn finish(&mut self, mut active: ActiveRun, outcome: Outcome) {
        let stopped = matches!(outcome, Outcome::Stopped);
        // A diverged run has no weights worth going on from.
        if matches!(outcome, Outcome::Completed) {
            self.store_last_checkpoint(&mut active).await;
        }
        let progress = active.progress();
        self.emit(progress);
        let mut verdict = verdict(active.trainer.config(), active.trainer.history());
        if let Outcome::Diverged { epoch, .. } = &outcome {
            verdict = crate::train::verdict::diverged(
                active.trainer.config(),
                active.trainer.history(),
                *epoch,
            );
        }
        self.emit(Event::Finished {
            run: active.id.clone(),
            outcome,
            verdict,
        });
        // Whoever pressed Stop hears of it first: reading the weights from a GPU takes a while.
        if stopped {
            self.store_last_checkpoint(&mut active).await;
        }
        self.keep(active.id, active.trainer);
    }
}

/// Notes losses for the chart; the step whose loss is no number, if there is one.
fn note_losses(active: &mut ActiveRun, losses: &Losses) -> Option<usize> {
    let diverged = losses.diverged();
    let good = diverged.map_or(losses.values.len(), |step| step - losses.first_step);
    active.points.extend(
        losses
            .values
            .iter()
            .take(good)
            .enumerate()
            .map(|(at, &loss)| StepPoint {
                step: losses.first_step + at,
                loss,
            }),
    );
    diverged
}

/// Raises when the platform reported the GPU's loss or an error on it since the last look: its results cannot be trusted.
fn check_device() -> Result<(), TrainError> {
    match crate::device::take_loss() {
        Some(reason) => Err(DeviceError::Lost {
            device: "GPU".into(),
            reason,
        }
        .into()),
        None => Ok(()),
    }
}

/// An error during a run on a GPU whose loss was reported is that loss.
fn lost_device(error: TrainError, active: &ActiveRun) -> TrainError {
    match check_device() {
        Err(lost) if !active.trainer.device().is_cpu() => lost,
        _ => error,
    }
}
