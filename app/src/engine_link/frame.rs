//! The next moment to draw: an animation frame, or a timer where the page is hidden and frames do not come.
//!
//! Frames are spaced by what they cost. On a machine with few cores the engine, the browser's compositor and the page share
//! them: a page that drew as often as it could would slow the training it shows, and would not hear a click.

use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Window, js_sys};

/// How long a hidden page gathers events, in milliseconds.
const HIDDEN_MS: f64 = 250.0;
/// After a frame the page rests so many times what the frame took: a quarter of its thread's time goes into drawing at most.
const REST: f64 = 3.0;
/// However dear, a frame comes after so many milliseconds.
const LONGEST_REST_MS: f64 = 400.0;
/// Waits shorter than this are an animation frame's own.
const SHORTEST_WAIT_MS: f64 = 8.0;

/// Spaces frames by what they cost.
#[derive(Clone, Default)]
pub struct Frames {
    /// When the next one may begin, on the clock of `performance.now()`, in milliseconds.
    earliest: Rc<Cell<f64>>,
}

impl Frames {
    /// Runs `then` at the next frame that may be.
    pub fn next(&self, then: impl FnOnce() + 'static) {
        let Some(window) = web_sys::window() else {
            return;
        };
        if window.document().is_some_and(|d| d.hidden()) {
            after(&window, HIDDEN_MS, then);
            return;
        }
        let frames = self.clone();
        let timed = move || {
            let began = now();
            then();
            // A timer's turn comes when the frame has been laid out and painted.
            if let Some(window) = web_sys::window() {
                after(&window, 0.0, move || {
                    let ended = now();
                    let rest = (REST * (ended - began)).min(LONGEST_REST_MS);
                    frames.earliest.set(ended + rest);
                });
            }
        };
        let wait = self.earliest.get() - now();
        if wait < SHORTEST_WAIT_MS {
            in_frame(&window, timed);
        } else {
            after(&window, wait, move || {
                if let Some(window) = web_sys::window() {
                    in_frame(&window, timed);
                }
            });
        }
    }
}

fn now() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |clock| clock.now())
}

fn in_frame(window: &Window, then: impl FnOnce() + 'static) {
    let once = Closure::once_into_js(then);
    if window
        .request_animation_frame(once.unchecked_ref())
        .is_err()
    {
        log::error!("the browser gave no frame");
    }
}

fn after(window: &Window, milliseconds: f64, then: impl FnOnce() + 'static) {
    let once = Closure::once_into_js(then);
    let asked = window.set_timeout_with_callback_and_timeout_and_arguments_0(
        once.unchecked_ref(),
        milliseconds.round() as i32,
    );
    if asked.is_err() {
        log::error!("the browser gave no timer");
    }
}
