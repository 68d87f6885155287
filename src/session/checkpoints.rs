//! Checkpoints on their way to the store and back: a run goes on while its last one is being written.

use super::Session;
use super::run::ActiveRun;
use crate::train::TrainError;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use kindling_protocol::{Event, RunId, StoredRun};

/// A checkpoint that is being written: what is told when it is there, or why it is not.
pub(super) type Storing = LocalBoxFuture<'static, Result<Event, String>>;

impl Session {
    /// Reads the run's weights and begins to write them; [`Session::look_at_storing`] tells when they are stored.
    pub(super) async fn store_checkpoint(
        &mut self,
        active: &mut ActiveRun,
    ) -> Result<(), TrainError> {
        self.all_stored().await;
        let weights = active.trainer_mut().checkpoint().await?;
        let notes =
            serde_json::to_vec(&active.notes(now_ms())).map_err(|e| TrainError::Checkpoint {
                reason: e.to_string(),
            })?;
        let run = active.id().clone();
        let event = Event::Checkpoint {
            run: run.clone(),
            epoch: active.trainer().history().len(),
            step: active.trainer().step_in_epoch(),
        };
        let store = self.store.clone();
        self.storing = Some(Box::pin(async move {
            // Notes without their weights would promise what is not there.
            store.put(weights_name(&run), weights).await?;
            store.put(notes_name(&run), notes).await?;
            Ok(event)
        }));
        self.look_at_storing();
        Ok(())
    }

    /// The checkpoint of a run that is at its end, stored before this returns.
    pub(super) async fn store_last_checkpoint(&mut self, active: &mut ActiveRun) {
        match self.store_checkpoint(active).await {
            Ok(()) => self.all_stored().await,
            Err(error) => log::warn!(
                "the last checkpoint of run {} was not stored: {error}",
                active.id()
            ),
        }
    }

    pub(super) fn is_storing(&self) -> bool {
        self.storing.is_some()
    }

    /// Tells of a checkpoint that is stored by now.
    pub(super) fn look_at_storing(&mut self) {
        if let Some(stored) = self.storing.as_mut().and_then(|one| one.now_or_never()) {
            self.is_stored(stored);
        }
    }

    /// Waits for a checkpoint that is being stored.
    pub(super) async fn all_stored(&mut self) {
        if let Some(storing) = self.storing.as_mut() {
            let stored = storing.await;
            self.is_stored(stored);
        }
    }

    fn is_stored(&mut self, stored: Result<Event, String>) {
        self.storing = None;
        match stored {
            Ok(event) => self.emit(event),
            // A browser may refuse storage (private window, no room): the run goes on without.
            Err(reason) => log::warn!("no checkpoint was stored: {reason}"),
        }
    }

    /// Removes what is stored of a run.
    pub(super) async fn forget_stored(&mut self, run: &RunId) {
        self.all_stored().await;
        self.store.remove(notes_name(run)).await;
        self.store.remove(weights_name(run)).await;
    }

    /// The runs that can be gone on with, the latest first.
    pub(super) async fn stored(&mut self) -> Vec<StoredRun> {
        self.all_stored().await;
        let mut runs: Vec<StoredRun> = vec![];
        for name in self.store.names().await {
            if !name.ends_with(".json") {
                continue;
            }
            let Some(bytes) = self.store.get(name.clone()).await else {
                continue;
            };
            // What cannot be taken up is named and left where it is: a newer page may read it.
            match StoredRun::from_json(&bytes) {
                Ok(stored) => runs.push(stored),
                Err(reason) => {
                    let run = name.trim_end_matches(".json").to_string();
                    self.fail(None, None, TrainError::Stored { run, reason }.report());
                }
            }
        }
        runs.sort_by_key(|r| std::cmp::Reverse(r.saved_at_ms));
        runs
    }
}

fn notes_name(run: &RunId) -> String {
    format!("{run}.json")
}

pub(super) fn weights_name(run: &RunId) -> String {
    format!("{run}.safetensors")
}

fn now_ms() -> u64 {
    let since = web_time::SystemTime::now().duration_since(web_time::SystemTime::UNIX_EPOCH);
    since.map_or(0, |d| d.as_millis() as u64)
}
