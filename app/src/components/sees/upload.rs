//! A picture from a file: fitted into 28 by 28 grey pixels, turned to white on black where it is dark on light.

use crate::components::pixels::context;
use crate::model::brush::{Drawing, SIDE, grey, looks_inverted};
use crate::state::lab;
use crate::state::lab::Lab;
use crate::state::notices::Tone;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlCanvasElement, HtmlImageElement, HtmlInputElement, Url};

/// See the module.
#[component]
pub fn Upload() -> impl IntoView {
    let lab = lab();
    view! {
        <label class="button">
            "Upload…"
            <input
                class="visually-hidden"
                type="file"
                accept="image/*"
                data-testid="upload"
                on:change=move |event| {
                    let input = event_target::<HtmlInputElement>(&event);
                    if let Some(file) = input.files().and_then(|files| files.get(0)) {
                        leptos::task::spawn_local(take(lab, file));
                    }
                    input.set_value("");
                }
            />
        </label>
    }
}

async fn take(lab: Lab, file: File) {
    let name = file.name();
    let Ok(address) = Url::create_object_url_with_blob(&file) else {
        return;
    };
    let pixels = decode(&address).await;
    // The address is only kept for the picture's sake.
    let _ = Url::revoke_object_url(&address);
    match pixels {
        Some(pixels) => {
            let mut drawing = Drawing::from_bytes(&pixels);
            if looks_inverted(&pixels) {
                drawing.invert();
            }
            lab.insight.drawing.set(drawing);
            lab.insight.predict(&lab.link());
        }
        None => lab.notices.say(
            Tone::Error,
            format!("“{name}” could not be read as a picture: choose a PNG, JPEG, GIF, WebP or SVG file."),
        ),
    }
}

/// The picture at an address, its longer side fitted to 28 pixels, as grey bytes over white.
async fn decode(address: &str) -> Option<Vec<u8>> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await.ok()?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let side = SIDE as u32;
    canvas.set_width(side);
    canvas.set_height(side);
    let context = context(&canvas)?;
    let (width, height) = (f64::from(image.natural_width().max(1)), f64::from(image.natural_height().max(1)));
    let scale = f64::from(side) / width.max(height);
    let (wide, high) = (width * scale, height * scale);
    let (left, top) = ((f64::from(side) - wide) / 2.0, (f64::from(side) - high) / 2.0);
    context
        .draw_image_with_html_image_element_and_dw_and_dh(&image, left, top, wide, high)
        .ok()?;
    let pixels = context.get_image_data(0.0, 0.0, f64::from(side), f64::from(side)).ok()?;
    Some(grey(&pixels.data()))
}
