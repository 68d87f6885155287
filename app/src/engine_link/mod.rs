//! The page's line to its engines: commands out, events in. Events are gathered and handed on once a frame, so that
//! a fast engine never makes the page draw more often than the screen shows or the machine can bear.

mod frame;
mod lifeline;
mod worker;

use crate::model::routing::Engine;
use frame::Frames;
use kindling_protocol::{Command, ErrorReport, Event, PROTOCOL_VERSION, Reply, RequestId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use worker::{EngineWorker, Incoming};

/// Why an engine answers no more that said nothing of it itself.
const ENDED: &str = "The engine ended without a word, as when the browser is short of memory: close other pages, then reload this one.";

/// An answer and the bytes that came with it, or why there is none.
pub type Answer = Result<(Reply, Option<Vec<u8>>), ErrorReport>;

/// What the page hears of its engines.
// Heard once and passed on at once: a box would save nothing.
#[allow(clippy::large_enum_variant)]
pub enum Heard {
    /// An event that is no answer to a question.
    Event(Event),
    /// The worker is gone; it answers no more.
    Died(String),
}

type Asker = Box<dyn FnOnce(Answer)>;
type Listener = Rc<dyn Fn(Vec<(Engine, Heard)>)>;

#[derive(Default)]
struct State {
    cpu: Option<EngineWorker>,
    gpu: Option<EngineWorker>,
    questions: HashMap<RequestId, (Engine, Asker)>,
    last_request: u32,
    gathered: Vec<(Engine, Incoming)>,
    frames: Frames,
    frame_asked: bool,
    listener: Option<Listener>,
}

impl State {
    fn worker(&mut self, engine: Engine) -> &mut Option<EngineWorker> {
        match engine {
            Engine::Cpu => &mut self.cpu,
            Engine::Gpu => &mut self.gpu,
        }
    }
}

/// The line to both engines; clones speak over the same line.
#[derive(Clone, Default)]
pub struct EngineLink(Rc<RefCell<State>>);

impl EngineLink {
    /// Who hears the events; set once.
    pub fn listen(&self, listener: impl Fn(Vec<(Engine, Heard)>) + 'static) {
        self.0.borrow_mut().listener = Some(Rc::new(listener));
    }

    /// Starts an engine, in place of one that runs; questions to that one are answered with an error.
    ///
    /// # Errors
    /// A sentence where the worker cannot be started.
    pub fn start(&self, engine: Engine) -> Result<(), String> {
        self.end(engine);
        let link = self.clone();
        let worker = EngineWorker::start(engine, move |incoming| link.gather(engine, incoming))?;
        *self.0.borrow_mut().worker(engine) = Some(worker);
        Ok(())
    }

    /// Ends an engine.
    pub fn end(&self, engine: Engine) {
        let orphans: Vec<Asker> = {
            let mut state = self.0.borrow_mut();
            *state.worker(engine) = None;
            state.gathered.retain(|(of, _)| *of != engine);
            let lost: Vec<RequestId> = state
                .questions
                .iter()
                .filter(|(_, (of, _))| *of == engine)
                .map(|(request, _)| *request)
                .collect();
            lost.iter()
                .filter_map(|request| state.questions.remove(request))
                .map(|(_, asker)| asker)
                .collect()
        };
        for asker in orphans {
            asker(Err(ErrorReport {
                message: "The engine was started anew before it could answer.".into(),
                hint: None,
                device_lost: true,
            }));
        }
    }

    /// Sends a command that wants no answer.
    pub fn send(&self, engine: Engine, command: &Command) {
        if let Some(worker) = self.0.borrow_mut().worker(engine) {
            worker.send(command);
        }
    }

    /// Sends a question and hands on its answer when it comes.
    pub fn ask(
        &self,
        engine: Engine,
        question: impl FnOnce(RequestId) -> Command,
        answered: impl FnOnce(Answer) + 'static,
    ) {
        let mut state = self.0.borrow_mut();
        state.last_request += 1;
        let request = RequestId(state.last_request);
        if let Some(worker) = state.worker(engine) {
            worker.send(&question(request));
            state
                .questions
                .insert(request, (engine, Box::new(answered)));
        }
    }

    fn gather(&self, engine: Engine, incoming: Incoming) {
        let mut state = self.0.borrow_mut();
        state.gathered.push((engine, incoming));
        if !state.frame_asked {
            state.frame_asked = true;
            let link = self.clone();
            let frames = state.frames.clone();
            frames.next(move || link.hand_on());
        }
    }

    /// Hands on what was gathered, as the next frame would.
    pub fn hand_on(&self) {
        let (gathered, listener) = {
            let mut state = self.0.borrow_mut();
            state.frame_asked = false;
            (std::mem::take(&mut state.gathered), state.listener.clone())
        };
        let mut heard = Vec::with_capacity(gathered.len());
        for (engine, incoming) in gathered {
            match incoming {
                Incoming::Died(reason) => heard.push((engine, Heard::Died(reason))),
                Incoming::Message { text, bytes } => match serde_json::from_str::<Event>(&text) {
                    Ok(event) => heard.extend(self.sort(engine, event, bytes).map(|h| (engine, h))),
                    Err(error) => {
                        log::error!("a message of the engine was not understood: {error}");
                    }
                },
            }
        }
        if let Some(listener) = listener {
            listener(heard);
        }
    }

    /// Answers go to who asked; the rest is heard by all.
    fn sort(&self, engine: Engine, event: Event, bytes: Option<Vec<u8>>) -> Option<Heard> {
        match event {
            Event::Ready { protocol, .. } => {
                if protocol != PROTOCOL_VERSION {
                    return Some(Heard::Died(format!(
                        "The engine speaks version {protocol} and the page version {PROTOCOL_VERSION}: reload the page."
                    )));
                }
                let link = self.clone();
                let ended = move || link.gather(engine, Incoming::Died(ENDED.into()));
                if let Some(worker) = self.0.borrow_mut().worker(engine) {
                    worker.set_ready(ended);
                }
                Some(Heard::Event(event))
            }
            Event::Reply { request, reply } => {
                self.answer(request, Ok((reply, bytes)));
                None
            }
            Event::Failed {
                request: Some(request),
                ref error,
                ..
            } => {
                let lost = error.device_lost;
                self.answer(request, Err(error.clone()));
                lost.then_some(Heard::Event(event))
            }
            other => Some(Heard::Event(other)),
        }
    }

    fn answer(&self, request: RequestId, answer: Answer) {
        let asker = self.0.borrow_mut().questions.remove(&request);
        if let Some((_, asker)) = asker {
            asker(answer);
        }
    }
}
