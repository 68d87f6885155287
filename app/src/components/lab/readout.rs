//! The numbers of the run in focus, large.

use crate::model::runs::{Phase, Run};
use crate::model::words;
use crate::state::lab;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Readout() -> impl IntoView {
    let lab = lab();
    let of = move |read: fn(&Run) -> String| {
        Memo::new(move |_| {
            lab.runs
                .with(|runs| runs.focused().map_or_else(|| "–".to_string(), read))
        })
    };
    let train = of(|run| {
        run.last()
            .map_or("–".into(), |m| words::percent(m.train_acc))
    });
    let test = of(|run| {
        run.last()
            .map_or("–".into(), |m| words::percent(m.test_acc))
    });
    let epoch = of(|run| format!("{} / {}", run.history.len(), run.config.epochs));
    let speed = of(|run| words::rate(run.progress.images_per_second));
    let left = of(time_words);
    let place = of(|run| {
        run.device.as_ref().map_or_else(
            || "images / s".into(),
            |device| {
                format!(
                    "images / s · {}",
                    crate::components::header::device_words(&kindling_protocol::DeviceInfo {
                        steps_per_second: None,
                        ..device.clone()
                    })
                )
            },
        )
    });
    view! {
        <div class="stats">
            <div class="stat stat-train">
                <span data-testid="train-acc">{train}</span>
                <small>"train accuracy"</small>
            </div>
            <div class="stat stat-test">
                <span data-testid="test-acc">{test}</span>
                <small>"test accuracy"</small>
            </div>
            <div class="stat">
                <span data-testid="epoch">{epoch}</span>
                <small data-testid="time-left">{move || if left.get() == "–" { "epochs".into() } else { left.get() }}</small>
            </div>
            <div class="stat">
                <span data-testid="speed">{speed}</span>
                <small data-testid="run-device">{move || if place.get() == "–" { "images / s".into() } else { place.get() }}</small>
            </div>
        </div>
    }
}

fn time_words(run: &Run) -> String {
    match run.phase {
        Phase::Training if run.progress.seconds_left > 0.0 => {
            format!(
                "epochs · {} left",
                words::duration(run.progress.seconds_left)
            )
        }
        _ if run.progress.elapsed_seconds > 0.0 => {
            format!(
                "epochs · {} of training",
                words::duration(run.progress.elapsed_seconds)
            )
        }
        _ => "epochs".into(),
    }
}
