//! The graph room: an example recorded by the engine, walked forward and backward a step at a time.

mod controls;
mod drawing;
mod examples;
mod step;

use crate::state::graph_room;
use controls::Controls;
use drawing::GraphDrawing;
use examples::Examples;
use leptos::ev;
use leptos::prelude::*;
use step::StepPanel;
use wasm_bindgen::JsCast;

/// See the module.
#[component]
pub fn GraphRoomView() -> impl IntoView {
    let room = graph_room();
    if room.graph.with_untracked(Option::is_none) {
        room.record();
    }
    // The arrow keys walk, unless they are wanted where the focus is.
    let keys = window_event_listener(ev::keydown, move |event| {
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
        if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowRight" => room.next(),
            "ArrowLeft" => room.back(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
    view! {
        <section class="intro prose">
            <p class="kicker">"Autograd"</p>
            <h1>"The graph that backward walks"</h1>
            <p>
                "Every operation on a tensor that requires grad leaves a node. Step forward to see the values arise, then backward to see each gradient come from the ones after it."
            </p>
        </section>
        <Examples />
        <section class="panel graph-panel" aria-label="Autograd graph">
            <Controls />
            <GraphDrawing />
        </section>
        <StepPanel />
    }
    .into_any()
}
