//! The confusion matrix: what each class is taken for.

use super::NothingYet;
use crate::state::lab;
use kindling_protocol::CLASS_NAMES;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Confusion() -> impl IntoView {
    let insight = lab().insight;
    view! {
        <section class="panel" data-testid="confusion" aria-label="Confusion matrix">
            <h2>"What it takes for what"</h2>
            {move || match insight.confusion.get() {
                None => view! { <NothingYet what="After the first epoch: how often each class is taken for another." /> }.into_any(),
                Some(counts) => view! { <Matrix counts=counts /> }.into_any(),
            }}
        </section>
    }
}

/// The most frequent mistake, in words.
fn worst(counts: &[Vec<u32>]) -> Option<String> {
    let mistakes = counts.iter().enumerate().flat_map(|(truth, row)| {
        row.iter().enumerate().filter(move |(p, _)| *p != truth).map(move |(p, n)| (*n, truth, p))
    });
    let (count, truth, predicted) = mistakes.max()?;
    let name = |class: usize| CLASS_NAMES.get(class).copied().unwrap_or("?");
    (count > 0).then(|| {
        format!("Most often mistaken: {} for {}, {count} times.", name(truth), name(predicted))
    })
}

#[component]
fn Matrix(counts: Vec<Vec<u32>>) -> impl IntoView {
    let summary = worst(&counts);
    let row = |(truth, row): (usize, Vec<u32>)| {
        let all = row.iter().sum::<u32>().max(1);
        let cells = row
            .into_iter()
            .enumerate()
            .map(|(predicted, count)| {
                let share = f64::from(count) / f64::from(all);
                // The square root lets rare mistakes be seen beside the many right answers.
                let heat = format!("{:.0}%", share.sqrt() * 88.0);
                view! {
                    <td
                        class="heat"
                        data-right=(truth == predicted).to_string()
                        data-strong=(share > 0.35).to_string()
                        style=("--heat", heat)
                        title=format!("{} taken for {}: {count}", CLASS_NAMES.get(truth).unwrap_or(&"?"), CLASS_NAMES.get(predicted).unwrap_or(&"?"))
                    >
                        {(count > 0).then_some(count)}
                    </td>
                }
            })
            .collect_view();
        view! {
            <tr>
                <th scope="row">{CLASS_NAMES.get(truth).copied().unwrap_or("?")}</th>
                {cells}
            </tr>
        }
    };
    view! {
        <div class="matrix-scroll" tabindex="0" role="region" aria-label="Confusion matrix: true classes down, predicted across">
            <table class="matrix">
                <thead>
                    <tr>
                        <th class="matrix-corner">"true ↓  predicted →"</th>
                        {CLASS_NAMES.map(|name| view! { <th scope="col"><span>{name}</span></th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{counts.into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="hint">{summary}</p>
    }
}
