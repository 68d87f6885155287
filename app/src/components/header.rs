//! The top of the page: name, rooms, the device in use, the theme.

use crate::model::room::Room;
use crate::model::routing::EngineStatus;
use crate::model::words;
use crate::state::appearance::ThemeChoice;
use crate::state::{appearance, lab};
use kindling_protocol::{DeviceInfo, DeviceKind};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Header(
    /// The room shown.
    room: RwSignal<Room>,
) -> impl IntoView {
    view! {
        <header class="header">
            <a class="header-brand" href="#lab" aria-label="Kindling">
                <i class="header-flame" aria-hidden="true"></i>
                "Kindling"
            </a>
            <nav class="header-rooms" aria-label="Rooms">
                {Room::ALL
                    .map(|to| {
                        view! {
                            <a
                                href=to.hash()
                                data-testid=format!("room-{}", &to.hash()[1..])
                                aria-current=move || (room.get() == to).then_some("page")
                            >
                                {to.label()}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <DeviceChip />
            <ThemeSwitch />
        </header>
    }
}

/// "WebGPU" or "CPU", its name and its measured speed.
pub fn device_words(device: &DeviceInfo) -> String {
    let kind = match device.kind {
        DeviceKind::Cpu => "CPU",
        DeviceKind::Webgpu => "WebGPU",
        DeviceKind::Vulkan => "Vulkan",
        DeviceKind::Cuda => "CUDA",
    };
    let speed = device
        .steps_per_second
        .map(|steps| format!(" · {} steps/s", words::count(steps.round() as usize)))
        .unwrap_or_default();
    format!("{kind}{speed}")
}

#[component]
fn DeviceChip() -> impl IntoView {
    let lab = lab();
    let text = move || {
        lab.engines.with(|engines| match &engines.cpu {
            EngineStatus::Absent | EngineStatus::Loading => "engine loading".to_string(),
            EngineStatus::Missing(_) => "no engine".to_string(),
            EngineStatus::Ready => match engines.fastest_device() {
                Some(device) => device_words(device),
                None => "CPU · measuring".to_string(),
            },
        })
    };
    let state = move || {
        lab.engines.with(|engines| match &engines.cpu {
            EngineStatus::Ready => "ready",
            EngineStatus::Missing(_) => "missing",
            _ => "loading",
        })
    };
    let title = move || {
        lab.engines.with(|engines| {
            engines.fastest_device().map_or_else(String::new, |device| {
                format!("{}{}", device.name, if device.software { " (software adapter)" } else { "" })
            })
        })
    };
    view! {
        <span class="header-chip" data-testid="device-chip" data-state=state title=title>
            {text}
        </span>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let appearance = appearance();
    let next = move || match appearance.choice.get() {
        ThemeChoice::Auto => ThemeChoice::Light,
        ThemeChoice::Light => ThemeChoice::Dark,
        ThemeChoice::Dark => ThemeChoice::Auto,
    };
    let sign = move || match appearance.choice.get() {
        ThemeChoice::Auto => "◐",
        ThemeChoice::Light => "☀",
        ThemeChoice::Dark => "☾",
    };
    view! {
        <button
            class="header-theme"
            data-testid="theme"
            aria-label=move || format!("Theme: {}. Change to {}.", appearance.choice.get().key(), next().key())
            title=move || format!("Theme: {}", appearance.choice.get().key())
            on:click=move |_| appearance.choice.set(next())
        >
            {sign}
        </button>
    }
}
