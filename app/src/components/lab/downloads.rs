//! The run in files: its weights as a PyTorch state dict, its numbers as CSV.

use crate::model::curves::history_csv;
use crate::state::lab;
use crate::state::lab::Lab;
use crate::state::notices::Tone;
use kindling_protocol::{Command, Reply};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// See the module.
#[component]
pub fn Downloads() -> impl IntoView {
    let lab = lab();
    let measured = move || lab.runs.with(|runs| runs.focused().is_some_and(|run| !run.history.is_empty()));
    let trained_here = move || lab.runs.with(|runs| runs.focused().is_some_and(|run| run.device.is_some()));
    view! {
        <div class="row">
            <button
                data-testid="export-model"
                title="Loads in PyTorch as a state dict"
                disabled=move || !(measured() && trained_here())
                on:click=move |_| export(lab)
            >
                "Model (.safetensors)"
            </button>
            <button data-testid="export-history" disabled=move || !measured() on:click=move |_| history(lab)>
                "History (.csv)"
            </button>
        </div>
    }
}

fn export(lab: Lab) {
    let Some(run) = lab.runs.with_untracked(|runs| runs.focus.clone()) else {
        return;
    };
    let engine = lab.home(&run).engine;
    lab.link().ask(
        engine,
        |request| Command::Export { request, run },
        move |answer| match answer {
            Ok((Reply::File { name, .. }, Some(bytes))) => save(lab, &name, "application/octet-stream", &bytes),
            Ok(_) => lab.notices.say(Tone::Error, "The engine sent no file: try again."),
            Err(error) => lab.notices.say(Tone::Error, error.message),
        },
    );
}

fn history(lab: Lab) {
    let file = lab.runs.with_untracked(|runs| {
        runs.focused().map(|run| (format!("kindling-{}.csv", run.id), history_csv(&run.history)))
    });
    if let Some((name, text)) = file {
        save(lab, &name, "text/csv", text.as_bytes());
    }
}

fn save(lab: Lab, name: &str, kind: &str, bytes: &[u8]) {
    if offer(name, kind, bytes).is_none() {
        lab.notices.say(Tone::Error, "The browser did not take the file: allow downloads for this page.");
    }
}

/// Hands bytes to the browser as a download.
fn offer(name: &str, kind: &str, bytes: &[u8]) -> Option<()> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&JsValue::from(parts), &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address).ok()
}
