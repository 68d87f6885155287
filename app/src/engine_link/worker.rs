//! One engine's worker: started, spoken to and ended. Commands are kept back until the engine says it is ready, for
//! what is sent before is lost.

use crate::engine_link::lifeline::{self, Lifeline};
use crate::model::routing::Engine;
use kindling_protocol::Command;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from a worker.
pub enum Incoming {
    /// A message's text and, for a file, its bytes.
    Message {
        /// JSON of an `Event`.
        text: String,
        /// The bytes that go with it.
        bytes: Option<Vec<u8>>,
    },
    /// The worker's script failed or the worker is gone; it answers no more.
    Died(String),
}

/// A running worker.
pub struct EngineWorker {
    worker: Worker,
    ready: bool,
    waiting: Vec<String>,
    /// The name of the lock that the worker holds while it lives.
    life: String,
    lifeline: Option<Lifeline>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(ErrorEvent)>,
}

impl EngineWorker {
    /// Starts the engine's worker.
    ///
    /// # Errors
    /// A sentence where the browser refuses module workers.
    pub fn start(
        engine: Engine,
        heard: impl Fn(Incoming) + Clone + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let life = lifeline::name(engine.key());
        let address = format!("engines/worker.js?engine={}&life={life}", engine.key());
        let base = web_sys::window()
            .and_then(|w| w.document())
            .and_then(|d| d.base_uri().ok().flatten())
            .unwrap_or_default();
        let absolute =
            web_sys::Url::new_with_base(&address, &base).map_or(address, |url| url.href());
        let worker = Worker::new_with_options(&absolute, &options).map_err(|_| {
            "This browser cannot start a module worker: use a current version.".to_string()
        })?;
        let hear = heard.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            hear(incoming(&event.data()));
        });
        let on_error = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            heard(Incoming::Died(event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            ready: false,
            waiting: vec![],
            life,
            lifeline: None,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends a command, now or when the engine is ready.
    pub fn send(&mut self, command: &Command) {
        let Ok(text) = serde_json::to_string(command) else {
            log::error!("a command could not be written: {command:?}");
            return;
        };
        if self.ready {
            self.post(&text);
        } else {
            self.waiting.push(text);
        }
    }

    /// The engine is ready: what waited goes out, and from now on its end is heard.
    pub fn set_ready(&mut self, ended: impl Fn() + 'static) {
        self.ready = true;
        self.lifeline = Lifeline::watch(&self.life, ended);
        for text in std::mem::take(&mut self.waiting) {
            self.post(&text);
        }
    }

    fn post(&self, text: &str) {
        if self.worker.post_message(&JsValue::from_str(text)).is_err() {
            log::error!("a command could not be posted");
        }
    }
}

impl Drop for EngineWorker {
    fn drop(&mut self) {
        // First, so that ending it here is not told as its end.
        self.lifeline = None;
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A text, or an object of a message and its bytes.
fn incoming(data: &JsValue) -> Incoming {
    if let Some(text) = data.as_string() {
        return Incoming::Message { text, bytes: None };
    }
    let field =
        |name: &str| js_sys::Reflect::get(data, &JsValue::from_str(name)).unwrap_or_default();
    Incoming::Message {
        text: field("message").as_string().unwrap_or_default(),
        bytes: Some(js_sys::Uint8Array::new(&field("bytes")).to_vec()),
    }
}
