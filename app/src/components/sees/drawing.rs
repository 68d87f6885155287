//! A picture drawn by the visitor, and what the network says of it, stroke by stroke.

use super::probabilities::{Probabilities, best};
use super::upload::Upload;
use crate::components::pixels::{Pixels, grey_rgba};
use crate::model::brush::{Drawing, SIDE};
use crate::state::lab;
use kindling_protocol::CLASS_NAMES;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::PointerEvent;

/// The brush's radius, in pixels of the picture.
const RADIUS: f32 = 2.0;

/// See the module.
#[component]
pub fn DrawingPad() -> impl IntoView {
    let lab = lab();
    let insight = lab.insight;
    let pad = NodeRef::<Div>::new();
    let last = RwSignal::new(None::<(f32, f32)>);
    let erase = RwSignal::new(false);
    let place = move |event: &PointerEvent| {
        let area = pad.get_untracked()?.get_bounding_client_rect();
        let across = (f64::from(event.client_x()) - area.left()) / area.width();
        let down = (f64::from(event.client_y()) - area.top()) / area.height();
        Some(((across * SIDE as f64) as f32, (down * SIDE as f64) as f32))
    };
    let stroke = move |from: (f32, f32), to: (f32, f32)| {
        insight.drawing.update(|drawing| drawing.stroke(from, to, RADIUS, erase.get_untracked()));
        insight.predict(&lab.link());
    };
    let on_down = move |event: PointerEvent| {
        event.prevent_default();
        if let (Some(at), Some(pad)) = (place(&event), pad.get_untracked()) {
            // Without capture a stroke merely ends at the rim.
            let _ = pad.set_pointer_capture(event.pointer_id());
            last.set(Some(at));
            stroke(at, at);
        }
    };
    let on_move = move |event: PointerEvent| {
        if let (Some(from), Some(to)) = (last.get_untracked(), place(&event)) {
            last.set(Some(to));
            stroke(from, to);
        }
    };
    let change = move |change: fn(&mut Drawing)| {
        insight.drawing.update(change);
        insight.predict(&lab.link());
    };
    let rgba = Signal::derive(move || insight.drawing.with(|drawing| grey_rgba(&drawing.bytes())));
    view! {
        <section class="panel" aria-label="Draw or upload a picture">
            <h2>"Draw or upload"</h2>
            <div class="pad-row">
                <div>
                    <div
                        class="pad"
                        data-testid="draw"
                        role="img"
                        aria-label="Drawing pad: draw a piece of clothing with mouse, finger or pen, or upload a picture"
                        node_ref=pad
                        on:pointerdown=on_down
                        on:pointermove=on_move
                        on:pointerup=move |_| last.set(None)
                        on:pointercancel=move |_| last.set(None)
                    >
                        <Pixels side=28 rgba=rgba />
                        <Show when=move || insight.drawing.with(Drawing::is_blank)>
                            <span class="pad-hint">"Draw a piece of clothing: a boot, a shirt, a bag"</span>
                        </Show>
                    </div>
                    <div class="row pad-tools">
                        <button data-testid="draw-clear" on:click=move |_| change(|d| *d = Drawing::default())>"Clear"</button>
                        <button
                            data-testid="draw-erase"
                            aria-pressed=move || erase.get().to_string()
                            on:click=move |_| erase.update(|erase| *erase = !*erase)
                        >
                            "Eraser"
                        </button>
                        <button data-testid="draw-invert" on:click=move |_| change(Drawing::invert)>"Invert"</button>
                        <Upload />
                    </div>
                </div>
                <div class="pad-says" data-testid="prediction" aria-live="polite">
                    {move || match insight.prediction.get() {
                        Some(probabilities) => {
                            let name = best(&probabilities).and_then(|c| CLASS_NAMES.get(c)).copied().unwrap_or("?");
                            view! {
                                <p class="pad-word">{name}</p>
                                <Probabilities probabilities=probabilities truth=None />
                            }
                                .into_any()
                        }
                        None => view! { <p class="empty">{move || hint(insight.drawing.with(Drawing::is_blank))}</p> }.into_any(),
                    }}
                </div>
            </div>
        </section>
    }
}

fn hint(blank: bool) -> &'static str {
    if blank {
        "The data set has white shapes on black. What the network says of yours appears here."
    } else {
        "Train a network first: then it says what it takes this for."
    }
}
