//! What the lab does with what the engines say.

use crate::engine_link::Heard;
use crate::model::routing::{Engine, EngineStatus};
use crate::model::runs::{Phase, Runs};
use crate::state::lab::Lab;
use crate::state::notices::Tone;
use crate::state::store;
use kindling_protocol::{Command, DeviceChoice, ErrorReport, Event, RunId};
use leptos::prelude::*;

/// Engines that ended this often are not started again.
const MOST_LOSSES: u32 = 3;

impl Lab {
    /// Takes in what was gathered since the last frame; the runs change once.
    pub(super) fn hear(self, heard: Vec<(Engine, Heard)>) {
        let mut runs: Option<Runs> = None;
        let mut look = false;
        // One loss is often told several times: by the run, by each question. What a lost engine said is said no more.
        let mut gone = vec![];
        for (engine, heard) in heard {
            if gone.contains(&engine) {
                continue;
            }
            let event = match heard {
                Heard::Died(reason) => {
                    self.keep(&mut runs);
                    self.lost(engine, &reason);
                    gone.push(engine);
                    continue;
                }
                Heard::Event(event) => event,
            };
            match &event {
                Event::Ready { .. } => self.engine_ready(engine),
                // Both engines load the data; the page shows the fuller state.
                Event::Data { state } => {
                    self.data.update(|shown| {
                        if shown.as_ref().is_none_or(|s| state.rows >= s.rows) {
                            *shown = Some(state.clone());
                        }
                    });
                    // More rows may have been typed while the first part was on its way.
                    self.load_wanted();
                    if engine == Engine::Cpu && state.received_bytes >= state.total_bytes {
                        self.share_data();
                    }
                }
                Event::Failed { error, .. } if error.device_lost => {
                    self.keep(&mut runs);
                    self.lost(engine, &error.message);
                    gone.push(engine);
                    continue;
                }
                Event::Failed { run, error, .. } => {
                    self.notices.say(Tone::Error, sentence(error));
                    // Data that failed on its way is on its way no more.
                    self.data.update(|shown| {
                        if let Some(shown) = shown {
                            shown.received_bytes = shown.total_bytes;
                        }
                    });
                    if run.is_some() {
                        store::set_training(None);
                    }
                }
                Event::Started { note, history, .. } => {
                    look |= !history.is_empty();
                    if let Some(note) = note {
                        self.notices.say(Tone::Note, note.clone());
                    }
                }
                Event::Epoch { .. } => look |= self.insight.is_due(),
                Event::Finished { run, .. } => {
                    look = true;
                    if store::training().as_ref() == Some(run) {
                        store::set_training(None);
                    }
                }
                Event::Paused { .. } => {
                    look = true;
                    store::set_training(None);
                }
                Event::Resumed { run } => store::set_training(Some(run)),
                _ => {}
            }
            runs.get_or_insert_with(|| self.runs.get_untracked())
                .apply(&event);
        }
        self.keep(&mut runs);
        if look {
            self.look();
        }
    }

    fn keep(self, runs: &mut Option<Runs>) {
        if let Some(runs) = runs.take() {
            self.runs.set(runs);
        }
    }

    /// An engine or its device is gone: another is started and the run goes on from its checkpoint.
    fn lost(self, engine: Engine, reason: &str) {
        let was_ready = self.status(engine) == EngineStatus::Ready;
        let losses = match engine {
            Engine::Cpu => self.cpu_losses,
            Engine::Gpu => self.gpu_losses,
        };
        losses.update_value(|count| *count += 1);
        let count = losses.get_value();
        self.link().end(engine);
        let give_up = !was_ready
            || match engine {
                Engine::Cpu => count > MOST_LOSSES,
                Engine::Gpu => count >= 2,
            };
        if give_up {
            let reason = match (engine, was_ready) {
                (Engine::Gpu, true) => {
                    format!("The GPU was lost {count} times, so the CPU is used.")
                }
                _ => reason.to_string(),
            };
            self.set_status(engine, EngineStatus::Missing(reason.clone()));
            if engine == Engine::Cpu {
                self.notices.say(Tone::Error, reason);
            }
        } else {
            self.start_engine(engine);
        }
        self.take_up(engine, give_up);
    }

    /// The engine has not stopped a run in time: something in it takes too long to be waited for. It is ended, and a
    /// new one begins what was asked of it since.
    pub(super) fn overran(self, id: &RunId) {
        // The answer may be here and wait for its frame.
        self.link().hand_on();
        let stopping = self
            .runs
            .with_untracked(|runs| runs.get(id).is_some_and(|run| run.phase == Phase::Stopping));
        if !stopping {
            return;
        }
        let engine = self.home(id).engine;
        self.link().end(engine);
        self.start_engine(engine);
        self.runs.update(|runs| {
            if let Some(run) = runs.get_mut(id) {
                run.phase = Phase::Interrupted;
            }
        });
        if store::training().as_ref() == Some(id) {
            store::set_training(None);
        }
        self.notices.say(
            Tone::Warning,
            "The engine did not stop within a second, so it was ended and a new one started. The curves stay; the weights are those of the run's last checkpoint.",
        );
        let next = self.runs.with_untracked(|runs| {
            runs.active()
                .map(|run| (run.id.clone(), run.config.clone()))
        });
        if let Some((run, config)) = next.filter(|(run, _)| self.home(run).engine == engine) {
            let device = self.home(&run).device;
            let resume = false;
            self.link().send(
                engine,
                &Command::Start {
                    run,
                    config,
                    device,
                    resume,
                },
            );
        }
    }

    fn take_up(self, engine: Engine, given_up: bool) {
        let Some((id, config)) = self
            .runs
            .with_untracked(|runs| {
                runs.active()
                    .map(|run| (run.id.clone(), run.config.clone()))
            })
            .filter(|(id, _)| self.home(id).engine == engine)
        else {
            return;
        };
        let moved = given_up && engine == Engine::Gpu;
        let held = self
            .runs
            .with_untracked(|runs| runs.get(&id).is_some_and(|run| run.phase == Phase::Paused));
        self.runs.update(|runs| {
            if let Some(run) = runs.get_mut(&id) {
                run.phase = Phase::Interrupted;
            }
        });
        if held || (given_up && !moved) {
            return;
        }
        let mut route = self.home(&id);
        if moved {
            route.engine = Engine::Cpu;
            route.device = DeviceChoice::Cpu;
        }
        self.homes.update_value(|homes| {
            homes.insert(id.clone(), route);
        });
        self.runs.update(|runs| {
            runs.ask(config.clone(), true);
        });
        self.notices.say(
            Tone::Warning,
            if moved {
                "The GPU was lost; the run goes on from its last checkpoint on the CPU."
            } else {
                "The device was lost; a new engine was started and the run goes on from its last checkpoint."
            },
        );
        self.link().send(
            route.engine,
            &Command::Start {
                run: id,
                config,
                device: route.device,
                resume: true,
            },
        );
    }
}

/// An error as one or two sentences.
pub fn sentence(error: &ErrorReport) -> String {
    match &error.hint {
        Some(hint) => format!("{} {hint}", error.message),
        None => error.message.clone(),
    }
}
