//! A tensor's numbers as a coloured grid: the last two dimensions as rows and columns, the others as a row of grids.

use crate::model::palette::{cell, magnitude};
use crate::model::words;
use crate::state::appearance;
use kindling_protocol::TensorView;
use leptos::prelude::*;

/// Columns up to which cells hold their numbers in writing.
const WRITTEN_COLUMNS: usize = 12;
/// Cells drawn at most; the text beneath tells of the rest.
const MOST_CELLS: usize = 2_048;

/// See the module.
#[component]
pub fn Grid(tensor: TensorView) -> impl IntoView {
    let columns = tensor.shape.last().copied().unwrap_or(1);
    let rows = match tensor.shape.len() {
        0 | 1 => 1,
        rank => tensor.shape[rank - 2],
    };
    let shown = tensor.values.len().min(MOST_CELLS);
    let cut = tensor.numel > shown;
    let values = StoredValue::new(tensor.values);
    let scale = values.with_value(|values| magnitude(values));
    let blocks = if columns * rows == 0 { 0 } else { shown.div_ceil(columns * rows) };
    let block = move |at: usize| {
        let start = at * columns * rows;
        let end = (start + columns * rows).min(shown);
        view! { <Block values=values from=start to=end columns=columns scale=scale /> }
    };
    view! {
        <div
            class="grid-scroll"
            tabindex="0"
            role="img"
            data-testid="tensor-grid"
            aria-label=format!("Grid of {} values; the text below says them", words::count(tensor.numel))
        >
            {(tensor.numel == 0).then(|| view! { <p class="empty">"No elements."</p> })}
            <div class="grids">{(0..blocks).map(block).collect_view()}</div>
        </div>
        {cut.then(|| view! { <p class="hint">{format!("The first {} of {} values.", words::count(shown), words::count(tensor.numel))}</p> })}
    }
}

#[component]
fn Block(values: StoredValue<Vec<f64>>, from: usize, to: usize, columns: usize, scale: f64) -> impl IntoView {
    let appearance = appearance();
    let written = columns <= WRITTEN_COLUMNS;
    let cells = move || {
        let ground = appearance.ground();
        values.with_value(|values| {
            values[from..to]
                .iter()
                .map(|value| {
                    let (colour, light_text) = cell(*value, scale, ground);
                    view! {
                        <span class="cell" data-light=light_text.to_string() style:background=colour>
                            {written.then(|| words::value(*value))}
                        </span>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <div class="grid" data-written=written.to_string() style=("--columns", columns.to_string())>
            {cells}
        </div>
    }
}
