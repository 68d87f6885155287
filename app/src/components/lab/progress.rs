//! How far the run is: a bar, and a sentence that a screen reader hears when it changes.

use crate::model::runs::{Phase, Run};
use crate::state::lab;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn ProgressBar() -> impl IntoView {
    let lab = lab();
    let share = move || lab.runs.with(|runs| runs.focused().map_or(0.0, Run::share_done)) * 100.0;
    let status = Memo::new(move |_| lab.runs.with(|runs| runs.focused().map_or_else(
        || "Press Train: nothing needs to be chosen.".to_string(),
        status_words,
    )));
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label="Training"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", share())
            data-testid="progress"
        >
            <i style:width=move || format!("{:.2}%", share())></i>
        </div>
        <p class="status" role="status" aria-live="polite" data-testid="status">{status}</p>
    }
}

/// Changes with the phase and not with every epoch, so that a screen reader is not kept talking.
fn status_words(run: &Run) -> String {
    match &run.phase {
        Phase::Starting => "Starting: waiting for the engine and the data.".into(),
        Phase::Training => match &run.note {
            Some(note) => format!("Training. {note}"),
            None => "Training.".into(),
        },
        Phase::Paused => "Paused.".into(),
        Phase::Stopping => "Stopping after the step in hand.".into(),
        Phase::Completed => "All epochs are done.".into(),
        Phase::Stopped => "Stopped; curves and weights are kept.".into(),
        Phase::Diverged(message) => message.clone(),
        Phase::Interrupted => "Interrupted; it can go on from its last checkpoint.".into(),
        Phase::Failed(message) => message.clone(),
    }
}
