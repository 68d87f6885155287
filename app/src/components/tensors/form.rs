//! Where the tensor's numbers come from.

use crate::model::tensor_form::{Source, TensorForm};
use crate::state::{lab, tensor_room};
use kindling_protocol::DeviceChoice;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn SourceForm() -> impl IntoView {
    let room = tensor_room();
    let lab = lab();
    let source = move || room.form.with(|form| form.source);
    let choose = move |chosen: Source| {
        room.form.update(|form| form.source = chosen);
        room.show();
    };
    view! {
        <h2>"Make a tensor"</h2>
        <div class="segments segments-wrap" role="group" aria-label="Source">
            {Source::ALL
                .map(|choice| {
                    view! {
                        <button
                            data-testid=format!("source-{}", choice.label())
                            aria-pressed=move || (source() == choice).to_string()
                            title=choice.words()
                            on:click=move |_| choose(choice)
                        >
                            {choice.label()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
        <p class="hint">{move || source().words()}</p>
        <div class="fields">
            <Show when=move || source() != Source::Values>
                <TextField label="Shape" testid="tensor-shape" text=|f| &mut f.shape />
            </Show>
            <Show when=move || source().is_random()>
                <TextField label="Seed" testid="tensor-seed" text=|f| &mut f.seed />
            </Show>
        </div>
        <Show when=move || source() == Source::Values>
            <label class="field">
                <span>"Values, as Python writes them"</span>
                <textarea
                    rows="4"
                    spellcheck="false"
                    data-testid="tensor-values"
                    prop:value=move || room.form.with(|form| form.values.clone())
                    on:input=move |event| {
                        let typed = event_target_value(&event);
                        room.form.update(|form| form.values = typed);
                    }
                    on:change=move |_| room.show()
                ></textarea>
            </label>
        </Show>
        <label class="field">
            <span>"Device"</span>
            <select
                data-testid="tensor-device"
                on:change=move |event| {
                    if let Some(device) = DeviceChoice::from_key(&event_target_value(&event)) {
                        room.device.set(device);
                        room.show();
                    }
                }
            >
                <option value="cpu">"CPU"</option>
                <option value="webgpu" disabled=move || lab.engines.with(|e| e.webgpu().is_err())>"WebGPU"</option>
            </select>
        </label>
    }
}

/// A short text of the form; Enter or leaving it shows the tensor.
#[component]
fn TextField(label: &'static str, testid: &'static str, text: fn(&mut TensorForm) -> &mut String) -> impl IntoView {
    let room = tensor_room();
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                data-testid=testid
                prop:value=move || text(&mut room.form.get()).clone()
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    room.form.update(|form| *text(form) = typed);
                }
                on:change=move |_| room.show()
            />
        </label>
    }
}
