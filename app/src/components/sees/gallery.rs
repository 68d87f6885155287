//! Test pictures with what the network takes them for; the wrong ones are outlined. A click shows all ten probabilities.

use super::probabilities::{Probabilities, best};
use super::{NothingYet, StandInLabel};
use crate::components::pixels::{Pixels, grey_rgba};
use crate::model::words;
use crate::state::insight::PICTURES;
use crate::state::lab;
use kindling_protocol::{CLASS_NAMES, Picture};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Gallery() -> impl IntoView {
    let lab = lab();
    let insight = lab.insight;
    let total = move || insight.gallery.with(|g| g.as_ref().map_or(0, |(_, total)| *total));
    let turn = move |start: usize| {
        insight.start.set(start);
        insight.look_at_pictures(&lab.link());
    };
    let counted = move || match (total(), insight.mistakes_only.get()) {
        (0, _) => String::new(),
        (all, true) => format!("{} wrong", words::count(all)),
        (all, false) => insight.gallery.with(|g| {
            let pictures = g.as_ref().map_or(&[][..], |(pictures, _)| pictures);
            let wrong = pictures.iter().filter(|p| is_wrong(p)).count();
            format!("{wrong} of these {} wrong · {} test pictures", pictures.len(), words::count(all))
        }),
    };
    view! {
        <section class="panel" data-testid="gallery" aria-label="Test pictures">
            <div class="panel-head">
                <h2>"What it sees " <StandInLabel /></h2>
                <span class="panel-note">{counted}</span>
                <label class="check">
                    <input
                        type="checkbox"
                        data-testid="mistakes-only"
                        prop:checked=move || insight.mistakes_only.get()
                        on:change=move |event| {
                            insight.mistakes_only.set(event_target_checked(&event));
                            turn(0);
                        }
                    />
                    <span>"mistakes only"</span>
                </label>
                <div class="row">
                    <button
                        aria-label="Earlier pictures"
                        data-testid="gallery-back"
                        disabled=move || insight.start.get() == 0
                        on:click=move |_| turn(insight.start.get_untracked().saturating_sub(PICTURES))
                    >
                        "‹"
                    </button>
                    <button
                        aria-label="Later pictures"
                        data-testid="gallery-next"
                        disabled=move || { insight.start.get() + PICTURES >= total() }
                        on:click=move |_| turn(insight.start.get_untracked() + PICTURES)
                    >
                        "›"
                    </button>
                </div>
            </div>
            {move || match insight.gallery.get() {
                None => view! { <NothingYet what="Train, and the test pictures appear here with what the network takes them for." /> }.into_any(),
                Some((pictures, _)) => view! { <Tiles pictures=pictures /> }.into_any(),
            }}
        </section>
    }
}

fn is_wrong(picture: &Picture) -> bool {
    best(&picture.probabilities) != Some(usize::from(picture.label))
}

fn name(class: Option<usize>) -> &'static str {
    class.and_then(|class| CLASS_NAMES.get(class)).copied().unwrap_or("?")
}

#[component]
fn Tiles(pictures: Vec<Picture>) -> impl IntoView {
    let insight = lab().insight;
    let first = pictures.first().map(|p| p.row);
    let shown = {
        let pictures = pictures.clone();
        move || {
            let row = insight.chosen.get().or(first);
            pictures.iter().find(|p| Some(p.row) == row).or(pictures.first()).cloned()
        }
    };
    let tiles = pictures
        .into_iter()
        .map(|picture| {
            let (wrong, row) = (is_wrong(&picture), picture.row);
            let predicted = best(&picture.probabilities);
            let sure = predicted.and_then(|c| picture.probabilities.get(c)).copied().unwrap_or_default();
            let truth = name(Some(usize::from(picture.label)));
            let says = format!("{truth}, taken for {} with {}", name(predicted), words::percent(f64::from(sure)));
            view! {
                <button
                    class="tile"
                    data-wrong=wrong.to_string()
                    aria-pressed=move || (insight.chosen.get() == Some(row)).to_string()
                    aria-label=says
                    on:click=move |_| insight.chosen.set(Some(row))
                >
                    <Pixels side=28 rgba=grey_rgba(&picture.pixels) />
                    <span>{name(predicted)}</span>
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="gallery">
            <div class="tiles">{tiles}</div>
            <div class="closer" data-testid="picture" aria-live="polite">
                {move || shown().map(|picture| view! { <Closer picture=picture /> })}
            </div>
        </div>
    }
}

#[component]
fn Closer(picture: Picture) -> impl IntoView {
    let truth = usize::from(picture.label);
    let wrong = is_wrong(&picture);
    let words = if wrong {
        format!("{}, taken for {}", name(Some(truth)), name(best(&picture.probabilities)))
    } else {
        name(Some(truth)).to_string()
    };
    view! {
        <div class="closer-head" data-wrong=wrong.to_string()>
            <Pixels side=28 rgba=grey_rgba(&picture.pixels) />
            <div>
                <b>{words}</b>
                <small>{format!("test picture {}", picture.row)}</small>
            </div>
        </div>
        <Probabilities probabilities=picture.probabilities truth=Some(truth) />
    }
}
