//! What can be done with the run in focus: pause, resume, stop, reset, go on.

use crate::model::runs::{Phase, Run};
use crate::state::lab;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn RunBar() -> impl IntoView {
    let lab = lab();
    let phase = Memo::new(move |_| lab.runs.with(|runs| runs.focused().map(|run| run.phase.clone())));
    let is = move |wanted: fn(&Phase) -> bool| phase.with(|phase| phase.as_ref().is_some_and(wanted));
    let next_epoch = move || {
        lab.runs.with(|runs| runs.focused().map_or(1, |run: &Run| run.history.len() + 1))
    };
    let reset = move |_| {
        if let Some(id) = lab.runs.with_untracked(|runs| runs.focus.clone()) {
            lab.remove(&id);
        }
    };
    view! {
        <div class="row" role="group" aria-label="Control the run">
            <Show when=move || is(|p| *p == Phase::Interrupted)>
                <button class="primary" data-testid="go-on" on:click=move |_| lab.go_on()>
                    {move || format!("Go on from epoch {}", next_epoch())}
                </button>
            </Show>
            <button data-testid="pause" disabled=move || !is(|p| *p == Phase::Training) on:click=move |_| lab.pause()>
                "Pause"
            </button>
            <button data-testid="resume" disabled=move || !is(|p| *p == Phase::Paused) on:click=move |_| lab.resume()>
                "Resume"
            </button>
            <button
                data-testid="stop"
                disabled=move || !is(|p| matches!(p, Phase::Starting | Phase::Training | Phase::Paused))
                on:click=move |_| lab.stop()
            >
                "Stop"
            </button>
            <button data-testid="reset" disabled=move || phase.with(Option::is_none) on:click=reset>
                "Reset"
            </button>
        </div>
    }
}
