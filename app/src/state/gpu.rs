//! Whether the browser has WebGPU and an adapter to go with it. The device itself is the engine's to open.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Asks for an adapter.
///
/// # Errors
/// One sentence where there is none.
pub async fn find_adapter() -> Result<(), String> {
    let gpu = web_sys::window()
        .and_then(|w| Reflect::get(&w.navigator(), &JsValue::from_str("gpu")).ok())
        .filter(|gpu| !gpu.is_undefined() && !gpu.is_null())
        .ok_or("This browser has no WebGPU, so the CPU is used.")?;
    let none = "This browser's WebGPU has no adapter here, so the CPU is used.";
    let adapter = Reflect::get(&gpu, &JsValue::from_str("requestAdapter"))
        .ok()
        .and_then(|function| function.dyn_into::<Function>().ok())
        .and_then(|function| function.call0(&gpu).ok())
        .and_then(|promise| promise.dyn_into::<Promise>().ok())
        .ok_or(none)?;
    match JsFuture::from(adapter).await {
        Ok(adapter) if !adapter.is_null() && !adapter.is_undefined() => Ok(()),
        _ => Err(none.into()),
    }
}
