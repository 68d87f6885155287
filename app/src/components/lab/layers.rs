//! The hidden layers: their widths, one more, one less.

use crate::model::form::Field;
use crate::state::lab;
use kindling_protocol::LIMITS;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Layers() -> impl IntoView {
    let lab = lab();
    let count = Memo::new(move |_| lab.form.with(|form| form.hidden.len()));
    let invalid = move || {
        lab.problem.with(|p| p.as_ref().is_some_and(|p| p.field == Some(Field::Hidden))).then_some("true")
    };
    let layer = move |at: usize| {
        let width = move || lab.form.with(|form| form.hidden.get(at).cloned().unwrap_or_default());
        view! {
            <span class="layer">
                <input
                    type="number"
                    inputmode="numeric"
                    min=LIMITS.width.0
                    max=LIMITS.width.1
                    data-testid=format!("layer-{at}")
                    aria-label=format!("Units in hidden layer {}", at + 1)
                    aria-invalid=invalid
                    prop:value=width
                    on:input=move |event| {
                        let typed = event_target_value(&event);
                        lab.form
                            .update(|form| {
                                if let Some(width) = form.hidden.get_mut(at) {
                                    *width = typed;
                                }
                            });
                    }
                />
                <button
                    class="quiet"
                    data-testid=format!("remove-layer-{at}")
                    aria-label=format!("Remove hidden layer {}", at + 1)
                    on:click=move |_| {
                        lab.form
                            .update(|form| {
                                if at < form.hidden.len() {
                                    form.hidden.remove(at);
                                }
                            });
                    }
                >
                    "×"
                </button>
            </span>
        }
    };
    view! {
        <div class="layers" role="group" aria-label="Hidden layers">
            <span class="layers-label">"Hidden layers"</span>
            <For each=move || 0..count.get() key=|at| *at children=layer />
            <button
                class="quiet"
                data-testid="add-layer"
                disabled=move || count.get() >= LIMITS.hidden_layers
                on:click=move |_| lab.form.update(|form| form.add_layer())
            >
                "+ layer"
            </button>
        </div>
    }
}
