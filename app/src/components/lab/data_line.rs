//! What of the data set is there, and how far the rest has come.

use crate::model::words;
use crate::state::lab;
use kindling_protocol::{DataSource, DataState};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn DataLine() -> impl IntoView {
    let lab = lab();
    let stand_in = move || {
        lab.data
            .with(|d| d.as_ref().is_some_and(|d| d.source == DataSource::StandIn))
    };
    let coming = move || {
        lab.data.with(|d| {
            d.as_ref()
                .filter(|d| d.received_bytes < d.total_bytes)
                .map(|d| (d.received_bytes as f64 / d.total_bytes.max(1) as f64) * 100.0)
        })
    };
    view! {
        <div class="data-line" data-testid="data-state" data-stand-in=move || stand_in().to_string()>
            <p>
                <Show when=stand_in>
                    <strong class="stand-in">"Stand-in data"</strong>
                    " "
                </Show>
                {move || lab.data.with(|data| data.as_ref().map_or_else(|| "The data is on its way.".into(), data_words))}
            </p>
            {move || {
                lab.data.with(|data| data.as_ref().and_then(|d| d.note.clone())).map(|note| view! { <p class="hint">{note}</p> })
            }}
            <Show when=move || coming().is_some()>
                <div
                    class="progress"
                    data-testid="data-progress"
                    role="progressbar"
                    aria-label="Data received"
                    aria-valuemin="0"
                    aria-valuemax="100"
                    aria-valuenow=move || format!("{:.0}", coming().unwrap_or(100.0))
                >
                    <i style:width=move || format!("{:.1}%", coming().unwrap_or(100.0))></i>
                </div>
            </Show>
        </div>
    }
}

fn data_words(data: &DataState) -> String {
    let name = match data.source {
        DataSource::FashionMnist => "Fashion-MNIST",
        DataSource::StandIn => "Generated pictures in place of Fashion-MNIST",
    };
    let there = format!("{name}: {} rows are here", words::count(data.rows));
    if data.received_bytes < data.total_bytes {
        format!(
            "{there}, {} of {} more received.",
            words::megabytes(data.received_bytes),
            words::megabytes(data.total_bytes)
        )
    } else {
        format!("{there}.")
    }
}
