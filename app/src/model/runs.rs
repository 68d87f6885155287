//! The runs of this visit: what each was asked, how far it is, and what was measured. Changed by the engine's events
//! alone, save for what the visitor shows and hides.

use kindling_protocol::{
    DataSource, DeviceInfo, EpochMetrics, Event, ExperimentConfig, Outcome, Preset, RunId,
    StepPoint, StoredRun, Verdict,
};

/// Where a run is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Asked for; the engine has not begun.
    Starting,
    /// Steps are being made.
    Training,
    /// Held.
    Paused,
    /// A stop was asked for.
    Stopping,
    /// All epochs done.
    Completed,
    /// Ended by the visitor.
    Stopped,
    /// The loss is no longer a number; the sentence says what to do.
    Diverged(String),
    /// Found in the store with epochs still to do, or its engine was lost.
    Interrupted,
    /// It could not be done; the sentence says why.
    Failed(String),
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Epoch in hand, from 1; 0 before the first.
    pub epoch: usize,
    /// Steps done in it.
    pub step: usize,
    /// Training images per second, lately.
    pub images_per_second: f64,
    /// Seconds to the end.
    pub seconds_left: f64,
    /// Seconds of training so far.
    pub elapsed_seconds: f64,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its identity.
    pub id: RunId,
    /// What it trains.
    pub config: ExperimentConfig,
    /// Where, once begun.
    pub device: Option<DeviceInfo>,
    /// On what, once begun.
    pub source: Option<DataSource>,
    /// Batches in an epoch.
    pub steps_per_epoch: usize,
    /// The epochs measured.
    pub history: Vec<EpochMetrics>,
    /// Losses of batches, thinned.
    pub points: Vec<StepPoint>,
    /// What the curves say.
    pub verdict: Option<Verdict>,
    /// Where it is in its life.
    pub phase: Phase,
    /// How far it is.
    pub progress: Progress,
    /// A sentence about where it went on from.
    pub note: Option<String>,
    /// Whether its curves are drawn.
    pub visible: bool,
    /// Which of the charts' hues it has.
    pub hue: usize,
}

/// Batch losses kept of a run before they are thinned.
const MOST_POINTS: usize = 8_000;

impl Run {
    fn new(id: RunId, config: ExperimentConfig, hue: usize) -> Self {
        Self {
            steps_per_epoch: config.steps_per_epoch(),
            id,
            config,
            device: None,
            source: None,
            history: vec![],
            points: vec![],
            verdict: None,
            phase: Phase::Starting,
            progress: Progress::default(),
            note: None,
            visible: true,
            hue,
        }
    }

    /// The newest measured epoch.
    pub fn last(&self) -> Option<&EpochMetrics> {
        self.history.last()
    }

    /// The share of the whole run that is done, 0 to 1.
    pub fn share_done(&self) -> f64 {
        if self.phase == Phase::Completed {
            return 1.0;
        }
        let steps = self.steps_per_epoch.max(1) as f64;
        let within = match self.progress.epoch {
            epoch if epoch > self.history.len() => (self.progress.step as f64 / steps).min(1.0),
            _ => 0.0,
        };
        ((self.history.len() as f64 + within) / self.config.epochs.max(1) as f64).clamp(0.0, 1.0)
    }

    /// True while the engine works on it or holds it.
    pub fn is_active(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting | Phase::Training | Phase::Paused | Phase::Stopping
        )
    }

    /// A stop was asked for; the phase that comes of it. A run that waits for its engine or its data has nothing to end: the
    /// engine drops it without a word.
    pub fn stop(&mut self) -> Phase {
        self.phase = match self.phase {
            Phase::Starting if self.history.is_empty() => Phase::Stopped,
            Phase::Starting => Phase::Interrupted,
            _ => Phase::Stopping,
        };
        self.phase.clone()
    }

    fn add_points(&mut self, points: &[StepPoint]) {
        self.points.extend_from_slice(points);
        if self.points.len() > MOST_POINTS {
            let curve: Vec<(f64, f64)> = self
                .points
                .iter()
                .map(|p| (p.step as f64, f64::from(p.loss)))
                .collect();
            let last = curve.last().map_or(1.0, |p| p.0);
            self.points = kindling_plot::min_max_per_column(&curve, 0.0, last, MOST_POINTS / 4)
                .into_iter()
                .map(|(step, loss)| StepPoint {
                    step: step as usize,
                    loss: loss as f32,
                })
                .collect();
        }
    }
}

/// All runs, in the order they began.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Runs {
    /// The runs.
    pub list: Vec<Run>,
    /// The run whose numbers are shown.
    pub focus: Option<RunId>,
    /// The run the engine began last: the one it can look into.
    pub newest: Option<RunId>,
}

impl Runs {
    /// A run by its id.
    pub fn get(&self, id: &RunId) -> Option<&Run> {
        self.list.iter().find(|run| run.id == *id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: &RunId) -> Option<&mut Run> {
        self.list.iter_mut().find(|run| run.id == *id)
    }

    /// The run whose numbers are shown.
    pub fn focused(&self) -> Option<&Run> {
        self.focus.as_ref().and_then(|id| self.get(id))
    }

    /// The run the engine is busy with.
    pub fn active(&self) -> Option<&Run> {
        self.list.iter().find(|run| run.is_active())
    }

    /// The run that comparisons are named against: the first.
    pub fn base(&self) -> Option<&Run> {
        self.list.first()
    }

    /// What the legend calls a run: the preset it equals; else the first by what differs from its preset, the others
    /// by what differs from the first.
    pub fn label(&self, run: &Run) -> String {
        if let Some(preset) = run.config.preset() {
            return preset.label().into();
        }
        match self.base() {
            Some(base) if base.id != run.id => run.config.differences(&base.config),
            _ => {
                let preset = if run.config.batch_norm {
                    Preset::Improved
                } else {
                    Preset::Baseline
                };
                format!(
                    "{}, {}",
                    preset.label(),
                    run.config.differences(&preset.config())
                )
            }
        }
    }

    /// Notes that a run was asked for, and shows it. A run of the same configuration begins anew in its place.
    pub fn ask(&mut self, config: ExperimentConfig, resume: bool) -> RunId {
        let id = config.run_id();
        let hue = self.get(&id).map_or_else(|| self.free_hue(), |run| run.hue);
        if let (Some(run), true) = (self.get_mut(&id), resume) {
            run.phase = Phase::Starting;
        } else {
            let fresh = Run::new(id.clone(), config, hue);
            match self.get_mut(&id) {
                Some(run) => *run = fresh,
                None => self.list.push(fresh),
            }
        }
        self.focus = Some(id.clone());
        id
    }

    /// Shows a run found in the store.
    pub fn restore(&mut self, stored: &StoredRun) {
        let hue = self.free_hue();
        let mut run = Run::new(stored.run.clone(), stored.config.clone(), hue);
        run.history.clone_from(&stored.history);
        run.progress.epoch = stored.history.len() + usize::from(!stored.complete);
        run.progress.step = stored.step;
        run.phase = if stored.complete {
            Phase::Completed
        } else {
            Phase::Interrupted
        };
        if self.get(&stored.run).is_none() {
            self.focus = Some(stored.run.clone());
            self.list.push(run);
        }
    }

    /// Takes a run off the page.
    pub fn remove(&mut self, id: &RunId) {
        self.list.retain(|run| run.id != *id);
        if self.focus.as_ref() == Some(id) {
            self.focus = self.list.last().map(|run| run.id.clone());
        }
        if self.newest.as_ref() == Some(id) {
            self.newest = None;
        }
    }

    fn free_hue(&self) -> usize {
        (0..)
            .find(|hue| self.list.iter().all(|run| run.hue != *hue))
            .unwrap_or_default()
    }

    /// Takes in what the engine says of a run; events of runs that were removed are passed over.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Started {
                run,
                config,
                device,
                source,
                steps_per_epoch,
                history,
                note,
            } => {
                if self.get(run).is_none() {
                    let hue = self.free_hue();
                    self.list.push(Run::new(run.clone(), config.clone(), hue));
                    self.focus = Some(run.clone());
                }
                self.newest = Some(run.clone());
                if let Some(run) = self.get_mut(run) {
                    let done = history.len() * steps_per_epoch;
                    run.points.retain(|point| point.step <= done);
                    run.device = Some(device.clone());
                    run.source = Some(*source);
                    run.steps_per_epoch = *steps_per_epoch;
                    run.history.clone_from(history);
                    run.note.clone_from(note);
                    run.phase = Phase::Training;
                    run.progress = Progress {
                        epoch: history.len() + 1,
                        ..Progress::default()
                    };
                }
            }
            Event::Progress {
                run,
                epoch,
                step,
                images_per_second,
                seconds_left,
                elapsed_seconds,
                points,
            } => {
                if let Some(run) = self.get_mut(run) {
                    run.progress = Progress {
                        epoch: *epoch,
                        step: *step,
                        images_per_second: *images_per_second,
                        seconds_left: *seconds_left,
                        elapsed_seconds: *elapsed_seconds,
                    };
                    run.add_points(points);
                }
            }
            Event::Epoch {
                run,
                metrics,
                verdict,
            } => {
                if let Some(run) = self.get_mut(run) {
                    run.history.retain(|earlier| earlier.epoch < metrics.epoch);
                    run.history.push(*metrics);
                    run.verdict = Some(verdict.clone());
                }
            }
            Event::Paused { run } => self.set_phase(run, Phase::Paused),
            Event::Resumed { run } => self.set_phase(run, Phase::Training),
            Event::Finished {
                run,
                outcome,
                verdict,
            } => {
                let phase = match outcome {
                    Outcome::Completed => Phase::Completed,
                    Outcome::Stopped => Phase::Stopped,
                    Outcome::Diverged { message, .. } => Phase::Diverged(message.clone()),
                };
                if let Some(run) = self.get_mut(run) {
                    run.verdict = Some(verdict.clone());
                    run.progress.seconds_left = 0.0;
                }
                self.set_phase(run, phase);
            }
            Event::Failed {
                run: Some(run),
                request: None,
                error,
            } if !error.device_lost => {
                self.set_phase(run, Phase::Failed(error.message.clone()));
            }
            _ => {}
        }
    }

    fn set_phase(&mut self, id: &RunId, phase: Phase) {
        if let Some(run) = self.get_mut(id) {
            run.phase = phase;
        }
    }
}

#[cfg(test)]
#[path = "runs_tests.rs"]
mod tests;
