//! The runs of this visit: the legend of the charts, and what can be done with each.

use crate::model::words;
use crate::state::lab;
use kindling_protocol::RunId;
use leptos::prelude::*;

/// A line of the list, compared as a whole so that a line changes only when it must.
#[derive(Clone, PartialEq)]
struct Line {
    id: RunId,
    label: String,
    epochs: usize,
    test: Option<f64>,
    hue: usize,
    visible: bool,
    focused: bool,
}

/// See the module; nothing while there is one run or none.
#[component]
pub fn RunList() -> impl IntoView {
    let lab = lab();
    let lines = Memo::new(move |_| {
        lab.runs.with(|runs| {
            runs.list
                .iter()
                .map(|run| Line {
                    id: run.id.clone(),
                    label: runs.label(run),
                    epochs: run.history.len(),
                    test: run.last().map(|m| m.test_acc),
                    hue: run.hue,
                    visible: run.visible,
                    focused: runs.focus.as_ref() == Some(&run.id),
                })
                .collect::<Vec<_>>()
        })
    });
    let many = move || lines.with(|lines| lines.len() > 1);
    view! {
        <Show when=many>
            <ul class="runs" data-testid="run-list" aria-label="Runs">
                {move || lines.get().into_iter().map(line_view).collect_view()}
            </ul>
        </Show>
    }
}

fn line_view(line: Line) -> impl IntoView {
    let lab = lab();
    let [focus_id, toggle_id, remove_id] = [(); 3].map(|()| line.id.clone());
    let numbers = line.test.map_or_else(
        || "no epoch yet".to_string(),
        |test| format!("{} epochs · test {}", line.epochs, words::percent(test)),
    );
    view! {
        <li class="run-line" data-hue=line.hue % 6 data-focused=line.focused.to_string()>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=line.visible
                    aria-label=format!("Show the curves of {}", line.label)
                    on:change=move |_| lab.toggle(&toggle_id)
                />
            </label>
            <i class="run-swatch" aria-hidden="true"></i>
            <button
                class="run-name"
                aria-pressed=line.focused.to_string()
                on:click=move |_| lab.focus(&focus_id)
            >
                {line.label.clone()}
            </button>
            <span class="run-numbers">{numbers}</span>
            <button
                class="quiet"
                aria-label=format!("Remove {}", line.label)
                on:click=move |_| lab.remove(&remove_id)
            >
                "×"
            </button>
        </li>
    }
}
