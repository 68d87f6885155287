//! A worker's lifeline: a lock of the browser's that the worker holds as long as it lives. A worker that ends says nothing
//! of it, whatever ended it (its own `close`, a browser short of memory), but its locks are let go, and whoever waits
//! for one of them gets it.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

// web-sys has the Web Locks API only behind a flag for the whole build (`web_sys_unstable_apis`).
#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &js_sys::Function,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// A name for the lock of one worker, like no other on this site: locks are shared by all its open pages.
pub fn name(engine: &str) -> String {
    let (one, other) = (js_sys::Math::random(), js_sys::Math::random());
    format!("kindling-{engine}-{one}-{other}")
}

/// Waits for a lock until it is dropped.
pub struct Lifeline {
    abort: web_sys::AbortController,
    _granted: Closure<dyn Fn()>,
}

impl Lifeline {
    /// Calls `ended` when the worker that holds the lock is gone. `None` in a browser without locks, or on a page that is not
    /// secure: there an ended worker is noticed only if it failed with an error.
    pub fn watch(name: &str, ended: impl Fn() + 'static) -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        let locks = js_sys::Reflect::get(&navigator, &"locks".into()).ok()?;
        if locks.is_undefined() {
            return None;
        }
        let abort = web_sys::AbortController::new().ok()?;
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
        let granted = Closure::<dyn Fn()>::new(ended);
        let promise = locks
            .unchecked_ref::<LockManager>()
            .request(name, &options, granted.as_ref().unchecked_ref())
            .ok()?;
        wasm_bindgen_futures::spawn_local(async move {
            // Waiting that is given up is told as an error; nothing follows from it.
            let _ = JsFuture::from(promise).await;
        });
        Some(Self {
            abort,
            _granted: granted,
        })
    }
}

impl Drop for Lifeline {
    fn drop(&mut self) {
        self.abort.abort();
    }
}
