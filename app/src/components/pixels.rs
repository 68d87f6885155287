//! A small picture on a canvas, pixel by pixel.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// A square picture; `rgba` has four bytes a pixel, row by row.
#[component]
pub fn Pixels(
    /// Pixels along a side.
    side: u32,
    /// The picture's bytes.
    #[prop(into)]
    rgba: Signal<Vec<u8>>,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            rgba.with(|rgba| paint(&canvas, side, rgba));
        }
    });
    view! { <canvas class="pixels" node_ref=canvas width=side height=side aria-hidden="true"></canvas> }
}

/// The canvas' two-dimensional context.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

fn paint(canvas: &HtmlCanvasElement, side: u32, rgba: &[u8]) {
    let painted = context(canvas).and_then(|context| {
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), side, side).ok()?;
        context.put_image_data(&image, 0.0, 0.0).ok()
    });
    if painted.is_none() {
        log::warn!("a picture of {} bytes could not be painted", rgba.len());
    }
}

/// Grey bytes as RGBA.
pub fn grey_rgba(grey: &[u8]) -> Vec<u8> {
    grey.iter().flat_map(|g| [*g, *g, *g, 255]).collect()
}
