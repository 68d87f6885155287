//! The first layer's weights as pictures: where a unit looks for ink (orange) and where against it (blue).

use super::NothingYet;
use crate::components::diverging_grid::DivergingPicture;
use crate::state::insight::Weights;
use crate::state::lab;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn WeightPictures() -> impl IntoView {
    let insight = lab().insight;
    view! {
        <section class="panel" data-testid="weights" aria-label="First layer's weights">
            <div class="panel-head">
                <h2>"What its first layer looks for"</h2>
                <span class="panel-note">
                    <i class="key key-neg" aria-hidden="true"></i>
                    "against ink "
                    <i class="key key-pos" aria-hidden="true"></i>
                    "for ink"
                </span>
            </div>
            {move || match insight.weights.get() {
                None => view! { <NothingYet what="After the first epoch: a picture a unit of the first layer, the weights of its 784 inputs." /> }.into_any(),
                Some(weights) => view! { <Units weights=weights /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Units(weights: Weights) -> impl IntoView {
    let scale = weights.scale;
    let shown = weights.units.len();
    let all = lab().runs.with_untracked(|runs| {
        runs.focused()
            .and_then(|run| run.config.hidden.first().copied())
            .unwrap_or(shown)
    });
    let cut = (shown < all).then(|| format!("The first {shown} of {all} units. "));
    let units = weights
        .units
        .into_iter()
        .map(|values| view! { <DivergingPicture values=values scale=scale /> })
        .collect_view();
    view! {
        <div class="units">{units}</div>
        <p class="hint">{cut}{format!("Full colour is a weight of ±{scale:.2}.")}</p>
    }
}
