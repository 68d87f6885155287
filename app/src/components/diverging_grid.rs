//! Numbers with a sign as a picture: blue below zero, orange above.

use super::pixels::Pixels;
use crate::model::palette::diverging;
use crate::state::appearance;
use leptos::prelude::*;

/// A square picture of 784 numbers.
#[component]
pub fn DivergingPicture(
    /// The numbers, row by row.
    values: Vec<f32>,
    /// The magnitude with the full colour.
    scale: f32,
) -> impl IntoView {
    let appearance = appearance();
    let rgba = Signal::derive(move || {
        let ground = appearance.ground();
        values
            .iter()
            .flat_map(|value| {
                let (r, g, b) = diverging(f64::from(*value), f64::from(scale), ground);
                [r, g, b, 255]
            })
            .collect::<Vec<u8>>()
    });
    view! { <Pixels side=28 rgba=rgba /> }
}
