//! A session: takes commands, runs them, emits events. Every front end drives this and differs only in where events go.
//!
//! One loop owns everything: it takes what commands are queued, then a slice of the run under way, and so on. Nothing is
//! locked, and a command is heard within a slice.

mod bench;
mod checkpoints;
mod graph_room;
mod measure;
mod ports;
mod run;
mod self_check;
mod tensor_room;

pub use measure::self_checked;
pub use ports::{DataPort, DataProgress, EventSink, MemoryStore, StorePort};

use crate::data::DataSet;
use crate::device::Device;
use crate::platform;
use crate::train::bench::Bench;
use crate::train::{TrainError, Trainer};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _, select};
use kindling_protocol::{
    Command, DeviceChoice, DeviceInfo, DeviceKind, EngineKind, ErrorReport, Event,
    PROTOCOL_VERSION, Reply, RequestId, RunId,
};
use run::ActiveRun;
use std::collections::HashMap;
use std::rc::Rc;

/// Runs whose weights are kept for inspection.
const KEPT_RUNS: usize = 12;

type Loading = LocalBoxFuture<'static, Result<Rc<DataSet>, String>>;

/// A run that waits for its data.
struct Waiting {
    run: RunId,
    config: kindling_protocol::ExperimentConfig,
    device: DeviceChoice,
    resume: bool,
}

/// What a front end drives.
pub struct Session {
    engine: EngineKind,
    events: EventSink,
    data_port: Rc<dyn DataPort>,
    store: Rc<dyn StorePort>,
    data: Option<Rc<DataSet>>,
    /// Rows asked for of the load under way.
    loading_rows: usize,
    loads: FuturesUnordered<Loading>,
    active: Option<ActiveRun>,
    /// A checkpoint on its way to the store.
    storing: Option<checkpoints::Storing>,
    waiting: Option<Waiting>,
    finished: Vec<(RunId, Trainer)>,
    measured: HashMap<(DeviceKind, usize), DeviceInfo>,
    benched: Option<Bench>,
}

impl Session {
    /// A session of `engine`.
    pub fn new(
        engine: EngineKind,
        events: EventSink,
        data_port: Rc<dyn DataPort>,
        store: Rc<dyn StorePort>,
    ) -> Self {
        Self {
            engine,
            events,
            data_port,
            store,
            data: None,
            loading_rows: 0,
            loads: FuturesUnordered::new(),
            active: None,
            storing: None,
            waiting: None,
            finished: vec![],
            measured: HashMap::new(),
            benched: None,
        }
    }

    /// Takes commands until the front end hangs up and no run is left; returns then.
    pub async fn serve(mut self, mut commands: UnboundedReceiver<Command>) {
        self.emit(Event::Ready {
            protocol: PROTOCOL_VERSION,
            engine: self.engine,
            version: env!("CARGO_PKG_VERSION").into(),
        });
        let mut open = true;
        loop {
            // Everything that has come, before the next slice.
            while let Ok(command) = commands.try_recv() {
                self.handle(command).await;
            }
            if let Some(loaded) = self.loads.next().now_or_never().flatten() {
                self.loaded(loaded).await;
            }
            self.look_at_storing();
            if self.active.as_ref().is_some_and(ActiveRun::is_running) {
                self.slice().await;
                platform::yield_now().await;
                continue;
            }
            // Between slices a checkpoint is stored by the way; without them it must be waited for.
            self.all_stored().await;
            if !open && self.loads.is_empty() {
                return;
            }
            if self.loads.is_empty() {
                match commands.next().await {
                    Some(command) => self.handle(command).await,
                    None => open = false,
                }
            } else {
                let command = if open {
                    commands.next().left_future()
                } else {
                    futures_util::future::pending().right_future()
                };
                let mut command = command.fuse();
                select! {
                    command = command => match command {
                        Some(command) => self.handle(command).await,
                        None => open = false,
                    },
                    loaded = self.loads.next() => if let Some(loaded) = loaded { self.loaded(loaded).await },
                }
            }
        }
    }

    fn emit(&self, event: Event) {
        (self.events)(event, None);
    }

    fn reply(&self, request: RequestId, reply: Reply) {
        self.emit(Event::Reply { request, reply });
    }

    fn fail(&self, run: Option<RunId>, request: Option<RequestId>, error: ErrorReport) {
        self.emit(Event::Failed {
            run,
            request,
            error,
        });
    }

    async fn handle(&mut self, command: Command) {
        match command {
            Command::Devices {
                request,
                batch_size,
            } => {
                let devices = self.devices(batch_size).await;
                self.reply(request, Reply::Devices { devices });
            }
            Command::Load { rows } => self.load(rows),
            Command::Start {
                run,
                config,
                device,
                resume,
            } => {
                self.stop_active().await;
                self.start(Waiting {
                    run,
                    config,
                    device,
                    resume,
                })
                .await;
            }
            Command::Pause { run } => self.pause(&run).await,
            Command::Resume { run } => {
                if let Some(active) = self.active.as_mut().filter(|a| *a.id() == run) {
                    active.resume();
                    self.emit(Event::Resumed { run });
                }
            }
            Command::Stop { run } => {
                if self.waiting.as_ref().is_some_and(|w| w.run == run) {
                    self.waiting = None;
                }
                if self.active.as_ref().is_some_and(|a| *a.id() == run) {
                    self.stop_active().await;
                }
            }
            Command::Reset { run } => self.reset(run).await,
            Command::Inspect {
                request,
                run,
                inspection,
            } => {
                let answer = match self.trainer(&run) {
                    Some(trainer) => trainer.inspect(&inspection).await,
                    None => Err(TrainError::NoRun { run: run.0.clone() }),
                };
                self.answer(Some(run), request, answer);
            }
            Command::Tensor { request, ask } => {
                let answer = tensor_room::answer(&ask, self.gpu()).await;
                self.answer(None, request, answer);
            }
            Command::Graph {
                request,
                example,
                device,
            } => {
                let answer =
                    graph_room::answer(&example, device, self.gpu(), self.data.clone()).await;
                self.answer(None, request, answer);
            }
            Command::Stored { request } => {
                let runs = self.stored().await;
                self.reply(request, Reply::Stored { runs });
            }
            Command::Export { request, run } => self.export(request, run).await,
            Command::Bench {
                request,
                device,
                work,
            } => match self.bench(device, work).await {
                Ok((result, bytes)) => {
                    let reply = Reply::Bench { result };
                    (self.events)(Event::Reply { request, reply }, bytes);
                }
                Err(error) => self.fail(None, Some(request), error),
            },
        }
    }

    fn answer(&self, run: Option<RunId>, request: RequestId, answer: Result<Reply, TrainError>) {
        match answer {
            Ok(reply) => self.reply(request, reply),
            Err(error) => self.fail(run, Some(request), error.report()),
        }
    }

    /// The GPU this engine has, by kind; opening it may still fail.
    fn gpu(&self) -> Option<DeviceKind> {
        if cfg!(feature = "webgpu") {
            Some(DeviceKind::Webgpu)
        } else if cfg!(feature = "vulkan") {
            Some(DeviceKind::Vulkan)
        } else if cfg!(feature = "cuda") {
            Some(DeviceKind::Cuda)
        } else {
            None
        }
    }

    fn trainer(&self, run: &RunId) -> Option<&Trainer> {
        let active = self
            .active
            .as_ref()
            .filter(|a| a.id() == run)
            .map(ActiveRun::trainer);
        active.or_else(|| {
            self.finished
                .iter()
                .find(|(id, _)| id == run)
                .map(|(_, t)| t)
        })
    }

    fn load(&mut self, rows: usize) {
        if rows <= self.rows().max(self.loading_rows) {
            return;
        }
        self.loading_rows = rows;
        let events = self.events.clone();
        let progress: DataProgress = Rc::new(move |state| events(Event::Data { state }, None));
        self.loads.push(self.data_port.load(rows, progress));
    }

    async fn loaded(&mut self, loaded: Result<Rc<DataSet>, String>) {
        if self.loads.is_empty() {
            self.loading_rows = 0;
        }
        match loaded {
            Ok(data) => {
                if data.images.rows() >= self.rows() {
                    self.data = Some(data);
                }
            }
            Err(message) => {
                // A run that waited for these rows cannot begin; whatever else is there stays usable.
                let run = self.waiting.take().map(|w| w.run);
                self.fail(
                    run,
                    None,
                    ErrorReport {
                        message,
                        hint: None,
                        device_lost: false,
                    },
                );
            }
        }
        if let Some(waiting) = self.waiting.take() {
            if self.rows() < waiting.config.rows && !self.loads.is_empty() {
                self.waiting = Some(waiting);
            } else {
                self.launch(waiting).await;
            }
        }
    }

    /// Rows of the training file that are there.
    fn rows(&self) -> usize {
        self.data.as_ref().map_or(0, |d| d.images.rows())
    }

    /// Begins a run, or lets it wait for its rows.
    async fn start(&mut self, wanted: Waiting) {
        if let Err(error) = wanted.config.validate() {
            return self.fail(Some(wanted.run), None, TrainError::from(error).report());
        }
        self.load(wanted.config.rows);
        if self.rows() < wanted.config.rows {
            self.waiting = Some(wanted);
        } else {
            self.launch(wanted).await;
        }
    }

    /// Begins a run on the data that is there.
    async fn launch(&mut self, wanted: Waiting) {
        let run = wanted.run.clone();
        let Some(data) = self.data.clone() else {
            let none = TrainError::TooFewRows {
                wanted: wanted.config.rows,
                there: 0,
            };
            return self.fail(Some(run), None, none.report());
        };
        match self.begin(wanted, data).await {
            Ok(active) => self.active = Some(active),
            Err(error) => self.fail(Some(run), None, error.report()),
        }
    }

    /// The device a choice comes to in this engine.
    async fn resolve(
        &mut self,
        choice: DeviceChoice,
        batch_size: usize,
    ) -> Result<Device, TrainError> {
        let kind = match choice {
            DeviceChoice::Cpu => DeviceKind::Cpu,
            DeviceChoice::Webgpu => DeviceKind::Webgpu,
            DeviceChoice::Vulkan => DeviceKind::Vulkan,
            DeviceChoice::Cuda => DeviceKind::Cuda,
            DeviceChoice::Auto => {
                let fastest = self.devices(batch_size).await;
                fastest.first().map_or(DeviceKind::Cpu, |d| d.kind)
            }
        };
        Ok(Device::open(kind).await?)
    }

    fn keep(&mut self, run: RunId, trainer: Trainer) {
        self.finished.retain(|(id, _)| *id != run);
        self.finished.push((run, trainer));
        if self.finished.len() > KEPT_RUNS {
            self.finished.remove(0);
        }
    }

    async fn reset(&mut self, run: RunId) {
        if self.waiting.as_ref().is_some_and(|w| w.run == run) {
            self.waiting = None;
        }
        if self.active.as_ref().is_some_and(|a| *a.id() == run) {
            self.active = None;
        }
        self.finished.retain(|(id, _)| *id != run);
        self.forget_stored(&run).await;
        self.emit(Event::Forgotten { run });
    }

    async fn export(&self, request: RequestId, run: RunId) {
        let written = match self.trainer(&run) {
            Some(trainer) => {
                let tensors = trainer.state_dict();
                crate::nn::state_file::save(&tensors, HashMap::new())
                    .await
                    .map_err(TrainError::from)
            }
            None => Err(TrainError::NoRun { run: run.0.clone() }),
        };
        match written {
            Ok(bytes) => {
                let reply = Reply::File {
                    name: format!("kindling-{run}.safetensors"),
                    bytes: bytes.len(),
                };
                (self.events)(Event::Reply { request, reply }, Some(bytes));
            }
            Err(error) => self.fail(Some(run), Some(request), error.report()),
        }
    }
}
