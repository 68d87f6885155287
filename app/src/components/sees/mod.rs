//! What the network sees: test pictures, the confusion matrix, the first layer's weights, and a picture of the visitor's.

mod confusion;
mod drawing;
mod gallery;
mod probabilities;
mod upload;
mod weights;

use crate::state::lab;
use confusion::Confusion;
use drawing::DrawingPad;
use gallery::Gallery;
use kindling_protocol::DataSource;
use leptos::prelude::*;
use weights::WeightPictures;

/// See the module.
#[component]
pub fn Sees() -> impl IntoView {
    let asked = lab().insight.open_questions;
    view! {
        <section class="sees" aria-label="What it sees" aria-busy=move || (asked.get() > 0).to_string()>
            <div class="sees-wide"><Gallery /></div>
            <div class="sees-half"><Confusion /></div>
            <div class="sees-half"><DrawingPad /></div>
            <div class="sees-wide"><WeightPictures /></div>
        </section>
    }
    .into_any()
}

/// "stand-in pictures" where they are not the real ones.
#[component]
pub fn StandInLabel() -> impl IntoView {
    let lab = lab();
    let stand_in = move || {
        lab.runs.with(|runs| {
            runs.focused()
                .is_some_and(|run| run.source == Some(DataSource::StandIn))
        })
    };
    view! {
        <Show when=stand_in>
            <strong class="stand-in">"stand-in pictures"</strong>
        </Show>
    }
}

/// What stands where there is nothing to see yet.
#[component]
pub fn NothingYet(
    /// What there will be.
    what: &'static str,
) -> impl IntoView {
    let lab = lab();
    view! {
        <p class="empty">
            {move || lab.insight.reason.get().unwrap_or_else(|| what.to_string())}
        </p>
    }
}
