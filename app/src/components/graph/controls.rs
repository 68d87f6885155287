//! Step back, step on, play, from the start.

use crate::model::graph_walk::Walk;
use crate::state::graph_room;
use leptos::leptos_dom::helpers::{IntervalHandle, set_interval_with_handle};
use leptos::prelude::*;
use std::time::Duration;

/// Time between two steps while it plays.
const STEP: Duration = Duration::from_millis(900);

/// See the module.
#[component]
pub fn Controls() -> impl IntoView {
    let room = graph_room();
    let ticking = StoredValue::new(None::<IntervalHandle>);
    let halt = move || {
        if let Some(handle) = ticking.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    Effect::new(move |_| {
        halt();
        if room.playing.get() {
            let tick = move || {
                if room.at_end() {
                    room.playing.set(false);
                } else {
                    room.next();
                }
            };
            ticking.set_value(set_interval_with_handle(tick, STEP).ok());
        }
    });
    on_cleanup(move || {
        halt();
        room.playing.set(false);
    });
    let words = move || {
        room.graph.with(|graph| graph.as_ref().map_or_else(String::new, |(graph, _)| room.walk.get().words(graph)))
    };
    let play = move |_| {
        if room.at_end() {
            room.walk.set(Walk::default());
        }
        room.playing.update(|playing| *playing = !*playing);
    };
    view! {
        <div class="panel-head">
            <h2>"Autograd graph"</h2>
            <span class="panel-note" data-testid="graph-step" aria-live="polite">{words}</span>
            <div class="row" role="group" aria-label="Walk the graph">
                <button data-testid="graph-start" on:click=move |_| room.walk.set(Walk::default())>"Start"</button>
                <button data-testid="graph-back" disabled=move || room.walk.get().step == 0 on:click=move |_| room.back()>"← Back"</button>
                <button class="primary" data-testid="graph-next" disabled=move || room.at_end() on:click=move |_| room.next()>"Next →"</button>
                <button
                    data-testid="graph-play"
                    aria-pressed=move || room.playing.get().to_string()
                    disabled=move || room.graph.with(Option::is_none)
                    on:click=play
                >
                    {move || if room.playing.get() { "Pause" } else { "Play" }}
                </button>
            </div>
        </div>
    }
}
