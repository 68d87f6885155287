//! What the curves say in words, and what to try next: each a button that starts a comparison.

use crate::model::runs::Runs;
use crate::state::lab;
use kindling_protocol::{Verdict, VerdictKind};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn VerdictBox() -> impl IntoView {
    let lab = lab();
    let verdict = Memo::new(move |_| lab.runs.with(|runs| Runs::focused(runs).and_then(|run| run.verdict.clone())));
    move || verdict.get().map(|verdict| view! { <Said verdict=verdict /> })
}

#[component]
fn Said(verdict: Verdict) -> impl IntoView {
    let lab = lab();
    let tone = match verdict.kind {
        VerdictKind::TooEarly | VerdictKind::Learning => "calm",
        VerdictKind::Healthy => "good",
        VerdictKind::Underfitting | VerdictKind::Overfitting => "warn",
        VerdictKind::Diverged => "bad",
    };
    let remedies = verdict
        .remedies
        .into_iter()
        .enumerate()
        .map(|(at, remedy)| {
            let config = remedy.config;
            view! {
                <li>
                    <button data-testid=format!("remedy-{at}") on:click=move |_| lab.compare(config.clone())>
                        {remedy.label}
                    </button>
                    <span>{remedy.reason}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let any = !remedies.is_empty();
    view! {
        <div class="verdict" data-testid="verdict" data-tone=tone>
            <b>{verdict.title}</b>
            <p>{verdict.text}</p>
            {any.then(|| view! { <ul class="remedies" aria-label="What to try next">{remedies}</ul> })}
        </div>
    }
}
