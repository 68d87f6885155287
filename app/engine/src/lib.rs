//! The worker: a thin package around `kindling`, built twice (CPU; CPU and WebGPU). It hands messages to a session and the
//! session's events to the page, fetches data, and keeps checkpoints in the browser's cache. It computes nothing.

#![cfg(target_family = "wasm")]
#![recursion_limit = "512"]

mod cache;
mod console;
mod fetch;
mod files;
mod scope;

use futures_channel::mpsc::{UnboundedSender, unbounded};
use kindling::session::{EventSink, Session};
use kindling_protocol::{Command, EngineKind, ErrorReport, Event};
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::MessageEvent;

/// Runs constructors once. Unless the module itself refers to this function the linker takes it for a command and runs all of
/// them at every call into it, thousands of registrations each time (pitfall P44).
#[allow(unsafe_code)]
fn run_constructors_once() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: the linker defines the symbol in every module; it takes nothing, returns nothing, and is called once, first.
    unsafe { __wasm_call_ctors() }
}

/// Starts the session. Called by the worker script when the module is ready.
#[wasm_bindgen(start)]
pub fn start() {
    run_constructors_once();
    console::install();
    let (sender, receiver) = unbounded();
    listen(sender);
    let engine = if cfg!(feature = "webgpu") {
        EngineKind::Gpu
    } else {
        EngineKind::Cpu
    };
    let events: EventSink = Rc::new(|event, bytes| scope::post(&event, bytes));
    let session = Session::new(
        engine,
        events,
        Rc::new(files::Files::default()),
        Rc::new(cache::CacheStore),
    );
    wasm_bindgen_futures::spawn_local(session.serve(receiver));
}

fn listen(sender: UnboundedSender<Command>) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let text = message.data().as_string().unwrap_or_default();
        match serde_json::from_str(&text) {
            // The session lives as long as the worker.
            Ok(command) => drop(sender.unbounded_send(command)),
            Err(reason) => scope::post(&not_understood(&reason), None),
        }
    });
    scope::worker().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
}

fn not_understood(reason: &serde_json::Error) -> Event {
    Event::Failed {
        run: None,
        request: None,
        error: ErrorReport {
            message: format!(
                "The engine did not understand the page ({reason}): reload, so that both are of one version."
            ),
            hint: None,
            device_lost: false,
        },
    }
}

/// What a rejected promise says.
fn reason(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error
            .as_string()
            .unwrap_or_else(|| "no reason was given".into()),
    }
}
