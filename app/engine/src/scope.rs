//! The worker's global scope, and messages to the page.

use kindling_protocol::Event;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use web_sys::DedicatedWorkerGlobalScope;

/// The scope this module runs in.
pub fn worker() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends an event as JSON text; bulk bytes go beside it and are handed over, not copied.
pub fn post(event: &Event, bytes: Option<Vec<u8>>) {
    let Ok(text) = serde_json::to_string(event) else {
        log::error!("an event could not be written as JSON");
        return;
    };
    let text = JsValue::from_str(&text);
    let sent = match bytes {
        None => worker().post_message(&text),
        Some(bytes) => {
            let buffer = js_sys::Uint8Array::from(bytes.as_slice()).buffer();
            let message = js_sys::Object::new();
            let set =
                |key: &str, value: &JsValue| js_sys::Reflect::set(&message, &key.into(), value);
            let _ = set("message", &text);
            let _ = set("bytes", &buffer);
            worker().post_message_with_transfer(&message, &js_sys::Array::of1(&buffer))
        }
    };
    if let Err(error) = sent {
        log::error!(
            "a message to the page was refused: {}",
            crate::reason(&error)
        );
    }
}
