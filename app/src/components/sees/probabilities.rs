//! Ten probabilities as bars.

use crate::model::words;
use kindling_protocol::CLASS_NAMES;
use leptos::prelude::*;

/// The class of the largest probability.
pub fn best(probabilities: &[f32]) -> Option<usize> {
    (0..probabilities.len()).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]))
}

/// See the module.
#[component]
pub fn Probabilities(
    /// Ten of them.
    probabilities: Vec<f32>,
    /// The true class, where it is known.
    #[prop(optional_no_strip)]
    truth: Option<usize>,
) -> impl IntoView {
    let predicted = best(&probabilities);
    let line = move |(class, name): (usize, &'static str)| {
        let share = probabilities.get(class).copied().unwrap_or_default();
        let mark = match (predicted == Some(class), truth == Some(class)) {
            (true, false) if truth.is_some() => "wrong",
            (true, _) => "predicted",
            (false, true) => "truth",
            _ => "other",
        };
        view! {
            <li class="bar" data-mark=mark>
                <span class="bar-name">{name}</span>
                <span class="bar-track"><i style:width=format!("{:.1}%", share * 100.0)></i></span>
                <span class="bar-number">{words::percent(f64::from(share))}</span>
            </li>
        }
    };
    view! { <ul class="bars">{CLASS_NAMES.into_iter().enumerate().map(line).collect_view()}</ul> }
}
