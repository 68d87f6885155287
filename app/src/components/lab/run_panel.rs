//! The run in focus: its buttons, numbers, charts and verdict.

use super::charts::Charts;
use super::downloads::Downloads;
use super::history_table::HistoryTable;
use super::progress::ProgressBar;
use super::readout::Readout;
use super::run_bar::RunBar;
use super::run_list::RunList;
use super::verdict::VerdictBox;
use crate::state::lab;
use kindling_protocol::DataSource;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn RunPanel() -> impl IntoView {
    let lab = lab();
    let title = move || {
        lab.runs.with(|runs| {
            runs.focused().map_or_else(
                || "No run yet".to_string(),
                |run| {
                    let data = match run.source {
                        Some(DataSource::StandIn) => "Stand-in data",
                        _ => "Fashion-MNIST",
                    };
                    format!("{data} · {}", runs.label(run))
                },
            )
        })
    };
    view! {
        <section class="panel run" aria-label="Run">
            <div class="panel-head">
                <h2 data-testid="run-title">{title}</h2>
                <RunBar />
            </div>
            <Readout />
            <ProgressBar />
            <Charts />
            <RunList />
            <VerdictBox />
            <div class="run-foot">
                <HistoryTable />
                <Downloads />
            </div>
        </section>
    }
    .into_any()
}
