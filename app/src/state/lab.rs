//! The lab: the form, the runs, the engines and the data, and what the visitor can do with them.

use crate::engine_link::EngineLink;
use crate::model::form::{Form, Problem};
use crate::model::routing::{Engine, EngineStatus, Engines, Route};
use crate::model::runs::{Phase, Runs};
use crate::state::insight::Insight;
use crate::state::notices::{Notices, Tone};
use crate::state::{gpu, place, store};
use kindling_protocol::{
    Command, DataState, DeviceChoice, ExperimentConfig, LIMITS, Preset, Reply, RunId, from_query,
};
use leptos::prelude::*;
use std::collections::HashMap;
use std::time::Duration;

/// Rows of the first part of the data, there within a second.
const FIRST_ROWS: usize = 6_000;

/// How long an engine has to stop before it is ended.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// The lab's state; a copy is a handle on the same signals.
#[derive(Clone, Copy)]
pub struct Lab {
    /// Every run of this visit.
    pub runs: RwSignal<Runs>,
    /// The form as typed.
    pub form: RwSignal<Form>,
    /// What is wrong with the form, if anything.
    pub problem: Memo<Option<Problem>>,
    /// The engines and their devices.
    pub engines: RwSignal<Engines>,
    /// The data, once its first part has come.
    pub data: RwSignal<Option<DataState>>,
    /// Sentences to the visitor.
    pub notices: Notices,
    /// What the focused run's network sees.
    pub insight: Insight,
    pub(super) link: StoredValue<EngineLink, LocalStorage>,
    /// Where each run is trained.
    pub(super) homes: StoredValue<HashMap<RunId, Route>>,
    /// How often the GPU was lost in this visit.
    pub(super) gpu_losses: StoredValue<u32>,
    /// How often the CPU engine ended in this visit.
    pub(super) cpu_losses: StoredValue<u32>,
    measured_batch: StoredValue<usize>,
    /// True once the CPU engine was ready for the first time.
    opened: StoredValue<bool>,
}

impl Lab {
    /// The lab as the address describes it; nothing runs yet.
    pub fn new() -> Self {
        let (config, device, problems) = from_query(&place::query());
        let form = RwSignal::new(Form::of(&config, device));
        let lab = Self {
            runs: RwSignal::default(),
            form,
            problem: Memo::new(move |_| form.with(|form| form.config().err())),
            engines: RwSignal::default(),
            data: RwSignal::default(),
            notices: Notices::new(),
            insight: Insight::new(),
            link: StoredValue::new_local(EngineLink::default()),
            homes: StoredValue::default(),
            gpu_losses: StoredValue::new(0),
            cpu_losses: StoredValue::new(0),
            measured_batch: StoredValue::new(0),
            opened: StoredValue::new(false),
        };
        for problem in problems {
            lab.notices.say(Tone::Warning, problem.to_string());
        }
        lab
    }

    /// Starts the engines and follows the form.
    pub fn open(self) {
        self.link().listen(move |heard| self.hear(heard));
        self.start_engine(Engine::Cpu);
        Effect::new(move |_| {
            let form = self.form.get();
            if let Ok(config) = form.config() {
                place::write(&config, form.device);
                self.load_wanted();
                self.measure(config.batch_size);
            }
        });
    }

    /// The line to the engines.
    pub fn link(self) -> EngineLink {
        self.link.get_value()
    }

    pub(super) fn start_engine(self, engine: Engine) {
        let status = match self.link().start(engine) {
            Ok(()) => EngineStatus::Loading,
            Err(reason) => EngineStatus::Missing(reason),
        };
        self.set_status(engine, status);
    }

    pub(super) fn set_status(self, engine: Engine, status: EngineStatus) {
        self.engines.update(|engines| {
            let (of, devices) = match engine {
                Engine::Cpu => (&mut engines.cpu, &mut engines.cpu_devices),
                Engine::Gpu => (&mut engines.gpu, &mut engines.gpu_devices),
            };
            if matches!(status, EngineStatus::Missing(_)) {
                devices.clear();
            }
            *of = status;
        });
    }

    /// What follows when an engine says it is ready.
    pub(super) fn engine_ready(self, engine: Engine) {
        self.set_status(engine, EngineStatus::Ready);
        match engine {
            Engine::Cpu => {
                let rows = self
                    .form
                    .with_untracked(Form::config)
                    .map_or(FIRST_ROWS, |config| config.rows.max(FIRST_ROWS));
                self.load(rows.min(LIMITS.rows.1));
            }
            Engine::Gpu => self.share_data(),
        }
        self.measured_batch.set_value(0);
        if let Ok(config) = self.form.with_untracked(Form::config) {
            self.measure(config.batch_size);
        }
        if engine == Engine::Cpu && !self.opened.get_value() {
            self.opened.set_value(true);
            self.restore();
            leptos::task::spawn_local(async move {
                match gpu::find_adapter().await {
                    Ok(()) => self.start_engine(Engine::Gpu),
                    Err(reason) => self.set_status(Engine::Gpu, EngineStatus::Missing(reason)),
                }
            });
        }
    }

    /// Has the devices measured at a batch size, unless a run would be disturbed.
    fn measure(self, batch_size: usize) {
        let busy = self.runs.with_untracked(|runs| runs.active().is_some());
        if busy || self.measured_batch.get_value() == batch_size {
            return;
        }
        self.measured_batch.set_value(batch_size);
        for engine in [Engine::Cpu, Engine::Gpu] {
            if self.status(engine) != EngineStatus::Ready {
                continue;
            }
            self.link().ask(
                engine,
                |request| Command::Devices {
                    request,
                    batch_size,
                },
                move |answer| {
                    if let Ok((Reply::Devices { devices }, _)) = answer {
                        self.engines.update(|engines| match engine {
                            Engine::Cpu => engines.cpu_devices = devices,
                            Engine::Gpu => engines.gpu_devices = devices,
                        });
                    }
                },
            );
        }
    }

    pub(super) fn status(self, engine: Engine) -> EngineStatus {
        self.engines.with_untracked(|engines| match engine {
            Engine::Cpu => engines.cpu.clone(),
            Engine::Gpu => engines.gpu.clone(),
        })
    }

    /// Asks for the rows the form wants, once the first part is there and nothing is on its way.
    pub(super) fn load_wanted(self) {
        let Ok(wanted) = self.form.with_untracked(Form::config).map(|c| c.rows) else {
            return;
        };
        let settled = |data: &DataState| {
            data.rows > 0 && data.received_bytes >= data.total_bytes && data.rows < wanted
        };
        let short = self
            .data
            .with_untracked(|data| data.as_ref().is_some_and(settled));
        if short {
            self.load(wanted);
        }
    }

    /// The GPU engine takes what the CPU engine has, from the browser's cache: the site is asked once.
    pub(super) fn share_data(self) {
        let rows = self
            .data
            .with_untracked(|data| data.as_ref().map_or(0, |data| data.rows));
        if rows > 0 && self.status(Engine::Gpu) == EngineStatus::Ready {
            self.link().send(Engine::Gpu, &Command::Load { rows });
        }
    }

    fn load(self, rows: usize) {
        self.link().send(Engine::Cpu, &Command::Load { rows });
    }

    /// Fills the form from a preset, keeping the device.
    pub fn choose(self, preset: Preset) {
        self.form
            .update(|form| *form = Form::of(&preset.config(), form.device));
    }

    /// Trains what the form says.
    pub fn train(self) {
        let form = self.form.get_untracked();
        if let Ok(config) = form.config() {
            self.begin(config, form.device, false);
        }
    }

    /// Trains a configuration beside the runs that are there; the form shows it then.
    pub fn compare(self, config: ExperimentConfig) {
        let device = self.form.with_untracked(|form| form.device);
        self.form.set(Form::of(&config, device));
        self.begin(config, device, false);
    }

    /// Begins a run, or takes it up again. A run in progress is stopped first; its curves and weights stay.
    pub fn begin(self, config: ExperimentConfig, device: DeviceChoice, resume: bool) {
        let route = match self.engines.with_untracked(|engines| engines.route(device)) {
            Ok(route) => route,
            Err(reason) => return self.notices.say(Tone::Error, reason),
        };
        let id = config.run_id();
        let active = self
            .runs
            .with_untracked(|runs| runs.active().map(|run| run.id.clone()));
        if let Some(active) = active.filter(|active| *active != id) {
            self.stop_run(&active);
        }
        self.runs.update(|runs| {
            runs.ask(config.clone(), resume);
        });
        self.homes.update_value(|homes| {
            homes.insert(id.clone(), route);
        });
        self.insight.forget();
        store::set_training(Some(&id));
        self.link().send(
            route.engine,
            &Command::Start {
                run: id,
                config,
                device: route.device,
                resume,
            },
        );
    }

    /// Goes on with an interrupted run from its last checkpoint.
    pub fn go_on(self) {
        let interrupted = self
            .runs
            .with_untracked(|runs| runs.focused().map(|run| run.config.clone()));
        if let Some(config) = interrupted {
            let device = self.form.with_untracked(|form| form.device);
            self.begin(config, device, true);
        }
    }

    fn tell_focused(self, command: impl FnOnce(RunId) -> Command) {
        let Some(id) = self.runs.with_untracked(|runs| runs.focus.clone()) else {
            return;
        };
        let engine = self.home(&id).engine;
        self.link().send(engine, &command(id));
    }

    /// Where a run is trained; the CPU engine for a run of an earlier visit.
    pub fn home(self, id: &RunId) -> Route {
        self.homes
            .with_value(|homes| homes.get(id).copied())
            .unwrap_or(Route {
                engine: Engine::Cpu,
                device: DeviceChoice::Cpu,
            })
    }

    /// Holds the run.
    pub fn pause(self) {
        self.tell_focused(|run| Command::Pause { run });
    }

    /// Goes on with a held run.
    pub fn resume(self) {
        self.tell_focused(|run| Command::Resume { run });
    }

    /// Ends the run; curves and weights stay.
    pub fn stop(self) {
        if let Some(id) = self.runs.with_untracked(|runs| runs.focus.clone()) {
            self.stop_run(&id);
        }
    }

    fn stop_run(self, id: &RunId) {
        let stopping = self
            .runs
            .try_update(|runs| runs.get_mut(id).map(|run| run.stop()))
            .flatten();
        self.link()
            .send(self.home(id).engine, &Command::Stop { run: id.clone() });
        if stopping == Some(Phase::Stopping) {
            let id = id.clone();
            set_timeout(move || self.overran(&id), STOP_WITHIN);
        } else if store::training().as_ref() == Some(id) {
            store::set_training(None);
        }
    }

    /// Forgets a run: its curves here, its weights and checkpoint in the engine.
    pub fn remove(self, id: &RunId) {
        self.link()
            .send(self.home(id).engine, &Command::Reset { run: id.clone() });
        if store::training().as_ref() == Some(id) {
            store::set_training(None);
        }
        self.runs.update(|runs| runs.remove(id));
        self.insight.forget();
        self.look();
    }

    /// Shows another run's numbers.
    pub fn focus(self, id: &RunId) {
        self.runs.update(|runs| runs.focus = Some(id.clone()));
        self.insight.forget();
        self.look();
    }

    /// Draws a run's curves, or leaves them out.
    pub fn toggle(self, id: &RunId) {
        self.runs.update(|runs| {
            if let Some(run) = runs.get_mut(id) {
                run.visible = !run.visible;
            }
        });
    }

    /// Looks into the focused run again: pictures, matrix, weights.
    pub fn look(self) {
        let focus = self.runs.with_untracked(|runs| {
            runs.focused()
                .filter(|run| run.device.is_some())
                .map(|run| run.id.clone())
        });
        if let Some(id) = focus {
            let engine = self.home(&id).engine;
            self.insight.look(&self.link(), engine, &id);
        }
    }
}
