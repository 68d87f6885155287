//! Log records and panics to the browser's console. Burn reports a rejected shader nowhere but in the log (pitfall P1), so that
//! the log must be heard before the first tensor is made.

use kindling_protocol::{ErrorReport, Event};
use log::{Level, LevelFilter, Log, Metadata, Record};
use wasm_bindgen::prelude::JsValue;
use web_sys::console;

struct Console;

impl Log for Console {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let text = format!("[{}] {}", record.target(), record.args());
        if text.contains("compilation failed") {
            kindling::device::report_loss(&text);
        }
        let text = JsValue::from_str(&text);
        if record.level() == Level::Error {
            console::error_1(&text)
        } else {
            console::warn_1(&text)
        }
    }

    fn flush(&self) {}
}

static CONSOLE: Console = Console;

/// Installs both.
pub fn install() {
    if log::set_logger(&CONSOLE).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
    std::panic::set_hook(Box::new(|panic| {
        console::error_1(&JsValue::from_str(&format!("the engine stopped: {panic}")));
        // The module cannot go on after this. The page starts a new worker and the run goes on from its checkpoint.
        let error = ErrorReport {
            message: "The engine met an error of its own and is started again.".into(),
            hint: Some(
                "The run goes on from its last checkpoint; what was computed until then is kept."
                    .into(),
            ),
            device_lost: true,
        };
        crate::scope::post(
            &Event::Failed {
                run: None,
                request: None,
                error,
            },
            None,
        );
    }));
}
