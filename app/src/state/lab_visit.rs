//! What an earlier visit left: the run it was training goes on, another one is shown.

use crate::model::form::Form;
use crate::model::routing::Engine;
use crate::state::lab::Lab;
use crate::state::notices::Tone;
use crate::state::{place, store};
use kindling_protocol::{Command, DeviceChoice, Reply, RunId, StoredRun};
use leptos::prelude::*;

impl Lab {
    /// Brings back what an earlier visit left in the store.
    pub(super) fn restore(self) {
        self.link().ask(
            Engine::Cpu,
            |request| Command::Stored { request },
            move |answer| {
                if let Ok((Reply::Stored { runs }, _)) = answer {
                    self.restore_newest(&runs);
                }
            },
        );
    }

    /// A run was being trained and the store has nothing of it: the address still describes it, or it is gone.
    fn begin_again(self, id: &RunId) {
        let form = self.form.get_untracked();
        match form.config().ok().filter(|config| config.run_id() == *id) {
            Some(config) => self.begin(config, form.device, true),
            None => {
                store::set_training(None);
                self.notices.say(
                    Tone::Warning,
                    format!("Run {id} was being trained when the page was left, but nothing this version can read is stored of it: it cannot be taken up."),
                );
            }
        }
    }

    fn restore_newest(self, stored: &[StoredRun]) {
        let was_training = store::training();
        let wanted = stored
            .iter()
            .find(|run| Some(&run.run) == was_training.as_ref())
            .or_else(|| stored.first());
        let begun = self.runs.with_untracked(|runs| !runs.list.is_empty());
        if begun {
            return;
        }
        let lost = was_training
            .as_ref()
            .filter(|id| stored.iter().all(|run| run.run != **id));
        if let Some(id) = lost {
            return self.begin_again(id);
        }
        let Some(run) = wanted else {
            return;
        };
        self.runs.update(|runs| runs.restore(run));
        if place::query().is_empty() {
            let device = self.form.with_untracked(|form| form.device);
            self.form.set(Form::of(&run.config, device));
        }
        if was_training.as_ref() == Some(&run.run) && !run.complete {
            self.begin(run.config.clone(), DeviceChoice::Auto, true);
            self.notices.say(
                Tone::Note,
                "The page was left while this run trained; it goes on from its last checkpoint.",
            );
        } else {
            store::set_training(None);
        }
    }
}
