//! Which example is recorded, and with which values.

use crate::state::graph_room;
use crate::state::graph_room::Example;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Examples() -> impl IntoView {
    let room = graph_room();
    let choose = move |example: Example| {
        room.example.set(example);
        room.record();
    };
    view! {
        <section class="panel" aria-label="Example">
            <div class="graph-examples">
                <div class="segments segments-wrap" role="group" aria-label="Examples">
                    {Example::ALL
                        .map(|example| {
                            view! {
                                <button
                                    data-testid=format!("example-{}", example.key())
                                    aria-pressed=move || (room.example.get() == example).to_string()
                                    on:click=move |_| choose(example)
                                >
                                    {example.label()}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                <div class="graph-values">
                    {move || fields(room.example.get()).iter().map(|(at, name)| view! { <Value at=*at name=name /> }).collect_view()}
                </div>
            </div>
            <p class="hint">{move || room.example.get().words()}</p>
            <p class="problem" role="alert" data-testid="graph-problem">{move || room.problem.get()}</p>
        </section>
    }
}

fn fields(example: Example) -> &'static [(usize, &'static str)] {
    match example {
        Example::Square | Example::Chain => &[(0, "x")],
        Example::Perceptron => &[(0, "x"), (2, "w"), (3, "b"), (1, "y")],
        Example::Network => &[],
    }
}

#[component]
fn Value(at: usize, name: &'static str) -> impl IntoView {
    let room = graph_room();
    view! {
        <label class="graph-value">
            <span>{name}</span>
            <input
                type="number"
                step="0.1"
                data-testid=format!("graph-{name}")
                prop:value=move || room.values.with(|values| values[at].clone())
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    room.values.update(|values| values[at] = typed);
                    room.record();
                }
            />
        </label>
    }
}
