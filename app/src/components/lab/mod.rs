//! The lab: set an experiment up, train it, see it overfit, try a remedy.

mod chart;
mod charts;
mod controls;
mod data_line;
mod device_field;
mod downloads;
mod field;
mod history_table;
mod layers;
mod progress;
mod readout;
mod run_bar;
mod run_list;
mod run_panel;
mod verdict;

use super::sees::Sees;
use controls::Controls;
use leptos::prelude::*;
use run_panel::RunPanel;

/// See the module.
#[component]
pub fn LabRoom() -> impl IntoView {
    view! {
        <section class="intro prose">
            <p class="kicker">"The lab"</p>
            <h1>"A network that learns by heart"</h1>
            <p>
                "Six thousand pictures of clothes are few enough for a small network to remember every one. Press Train and watch the two curves part: one keeps falling, the other turns back."
            </p>
        </section>
        <div class="lab">
            <aside class="lab-side">
                <Controls />
            </aside>
            <div class="lab-main">
                <RunPanel />
            </div>
        </div>
        <Sees />
    }
    .into_any()
}
