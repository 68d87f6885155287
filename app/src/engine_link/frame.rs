//! The next moment to draw: an animation frame, or a timer where the page is hidden and frames do not come.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How long a hidden page gathers events, in milliseconds.
const HIDDEN_MS: i32 = 250;

/// Runs `then` at the next frame.
pub fn next(then: impl FnOnce() + 'static) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let hidden = window.document().is_some_and(|d| d.hidden());
    let once = Closure::once_into_js(then);
    let function = once.unchecked_ref();
    let asked = if hidden {
        window.set_timeout_with_callback_and_timeout_and_arguments_0(function, HIDDEN_MS)
    } else {
        window.request_animation_frame(function)
    };
    if asked.is_err() {
        log::error!("the browser gave no frame");
    }
}
