//! Where to train: automatic, the CPU, or WebGPU, each with what is known of it.

use crate::components::header::device_words;
use crate::model::routing::{EngineStatus, Engines};
use crate::state::lab;
use kindling_protocol::{DeviceChoice, DeviceKind};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn DeviceField() -> impl IntoView {
    let lab = lab();
    let option = move |choice: DeviceChoice| {
        view! {
            <option
                value=choice.key()
                disabled=move || choice == DeviceChoice::Webgpu && lab.engines.with(|e| e.webgpu().is_err())
            >
                {move || lab.engines.with(|engines| option_words(choice, engines))}
            </option>
        }
    };
    view! {
        <label class="field device-field">
            <span>"Device"</span>
            <select
                data-testid="device"
                prop:value=move || lab.form.with(|form| form.device.key())
                on:change=move |event| {
                    if let Some(device) = DeviceChoice::from_key(&event_target_value(&event)) {
                        lab.form.update(|form| form.device = device);
                    }
                }
            >
                {[DeviceChoice::Auto, DeviceChoice::Cpu, DeviceChoice::Webgpu].map(option).collect_view()}
            </select>
        </label>
        <p class="hint" data-testid="device-note">
            {move || lab.engines.with(note)}
        </p>
    }
}

fn option_words(choice: DeviceChoice, engines: &Engines) -> String {
    match choice {
        DeviceChoice::Auto => match engines.fastest() {
            DeviceKind::Webgpu => "Automatic: WebGPU".into(),
            _ => "Automatic: CPU".into(),
        },
        DeviceChoice::Cpu => engines.cpu_device().map_or_else(|| "CPU".into(), device_words),
        _ => engines.gpu_device().map_or_else(|| "WebGPU".into(), device_words),
    }
}

/// One line on the GPU: its name, or why there is none.
fn note(engines: &Engines) -> String {
    if let Some(gpu) = engines.gpu_device() {
        let software = if gpu.software { " (software adapter)" } else { "" };
        let check = gpu.self_check.as_deref().map(|c| format!(" {c}")).unwrap_or_default();
        return format!("{}{software}.{check}", gpu.name);
    }
    match (&engines.gpu, engines.webgpu()) {
        (EngineStatus::Absent, _) => String::new(),
        (EngineStatus::Loading, _) => "The WebGPU engine is on its way.".into(),
        (EngineStatus::Ready, Ok(())) => "The GPU is being measured.".into(),
        (_, Err(reason)) => reason,
        (EngineStatus::Missing(reason), Ok(())) => reason.clone(),
    }
}
