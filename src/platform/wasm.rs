//! In a worker, yielding means letting the event loop deliver messages. A message to oneself does that at once;
//! `setTimeout` is clamped to 4 ms and more, and slows down in hidden tabs (pitfall P34).

use std::cell::OnceCell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{MessageChannel, MessagePort};

thread_local! {
    static CHANNEL: OnceCell<Option<(MessagePort, MessagePort)>> = const { OnceCell::new() };
}

/// Lets the worker's event loop take its next message.
pub async fn yield_now() {
    let ports = CHANNEL.with(|cell| {
        cell.get_or_init(|| {
            let channel = MessageChannel::new().ok()?;
            Some((channel.port1(), channel.port2()))
        })
        .clone()
    });
    let Some((receiver, sender)) = ports else {
        return;
    };
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        let heard = Closure::once_into_js(move || {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        receiver.set_onmessage(Some(heard.unchecked_ref()));
        let _ = sender.post_message(&JsValue::NULL);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// The browser's description of its GPU, such as `google swiftshader`: wgpu passes on only `description`, which most browsers
/// leave empty (wgpu#8819).
pub async fn adapter_name() -> Option<String> {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
    let gpu = get(&get(&js_sys::global(), "navigator")?, "gpu")?;
    let request: js_sys::Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: js_sys::Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?;
    let info = get(&adapter, "info")?;
    let part = |name: &str| {
        get(&info, name)?
            .as_string()
            .filter(|text| !text.is_empty())
    };
    let parts: Vec<String> = ["vendor", "architecture", "device", "description"]
        .into_iter()
        .filter_map(part)
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
