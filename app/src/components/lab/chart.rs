//! One chart: the curves on a canvas, and above it, in the document, the cursor and what it reads.

use crate::model::palette::Ground;
use crate::model::words;
use crate::state::appearance;
use kindling_plot::{
    ChartKind, ChartOptions, CurvesData, Frame, RunCurves, Theme, YScale, draw_curves,
};
use leptos::html::Canvas;
use leptos::prelude::*;
use plotters::prelude::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, KeyboardEvent, PointerEvent, ResizeObserver,
};

/// Device pixels to a CSS pixel at least: plotters places curves on whole pixels, and two a pixel make them smooth.
const LEAST_SCALE: f64 = 2.0;

/// See the module.
#[component]
pub fn Chart(
    /// Which numbers.
    kind: ChartKind,
    /// The curves.
    data: Memo<CurvesData>,
    /// How losses are spread.
    spread: RwSignal<YScale>,
    /// The epoch read, shared by both charts.
    cursor: RwSignal<Option<usize>>,
    /// Beside the title.
    children: Children,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let resized = RwSignal::new(0_u32);
    let frame = RwSignal::new(None::<Frame>);
    let appearance = appearance();
    watch_size(canvas, resized);
    Effect::new(move |_| {
        resized.track();
        let theme = match appearance.ground() {
            Ground::Light => Theme::LIGHT.without_ground(),
            Ground::Dark => Theme::DARK.without_ground(),
        };
        let spread = spread.get();
        if let Some(canvas) = canvas.get() {
            data.with(|data| frame.set(draw(&canvas, data, &theme, kind, spread)));
        }
    });
    let last_epoch = move || data.with(longest);
    let on_move = move |event: PointerEvent| {
        if let Some(frame) = frame.get_untracked() {
            let epoch = frame.epoch_at(f64::from(event.offset_x()));
            let last = last_epoch();
            cursor.set((last > 0).then(|| epoch.min(last)));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = last_epoch();
        let now = cursor.get_untracked();
        let moved = match event.key().as_str() {
            "ArrowRight" => Some(now.map_or(1, |e| (e + 1).min(last))),
            "ArrowLeft" => Some(now.map_or(last, |e| e.saturating_sub(1).max(1))),
            "Home" => Some(1),
            "End" => Some(last),
            "Escape" => None,
            _ => return,
        };
        event.prevent_default();
        cursor.set(moved.filter(|_| last > 0));
    };
    let (testid, about) = match kind {
        ChartKind::Loss => ("chart-loss", "loss"),
        ChartKind::Accuracy => ("chart-accuracy", "accuracy"),
    };
    view! {
        <figure class="chart">
            <figcaption class="chart-head">
                <span>{kind.title()}</span>
                {children()}
            </figcaption>
            <div
                class="chart-area"
                tabindex="0"
                role="img"
                data-testid=testid
                aria-label=move || data.with(|data| described(data, kind, about))
                on:pointermove=on_move
                on:pointerdown=on_move
                on:pointerleave=move |_| cursor.set(None)
                on:keydown=on_key
                on:blur=move |_| cursor.set(None)
            >
                <canvas node_ref=canvas></canvas>
                <Cursor kind=kind data=data frame=frame cursor=cursor />
            </div>
        </figure>
    }
}

/// Bumps `resized` whenever the canvas is laid out in another size, for as long as the chart is there.
fn watch_size(canvas: NodeRef<Canvas>, resized: RwSignal<u32>) {
    let observer = StoredValue::new_local(None::<ResizeObserver>);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let changed = Closure::<dyn Fn()>::new(move || {
            // The chart may be gone when the browser tells of its size.
            let _ = resized.try_update(|count| *count = count.wrapping_add(1));
        });
        if let Ok(made) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            made.observe(&canvas);
            observer.set_value(Some(made));
        }
        changed.forget();
    });
    on_cleanup(move || {
        let _ =
            observer.try_with_value(|observer| observer.as_ref().map(ResizeObserver::disconnect));
    });
}

fn draw(
    canvas: &HtmlCanvasElement,
    data: &CurvesData,
    theme: &Theme,
    kind: ChartKind,
    spread: YScale,
) -> Option<Frame> {
    let scale = window().device_pixel_ratio().max(LEAST_SCALE);
    let (width, height) = (canvas.client_width(), canvas.client_height());
    if width < 80 || height < 80 {
        return None;
    }
    clear(
        canvas,
        (f64::from(width) * scale).round() as u32,
        (f64::from(height) * scale).round() as u32,
    )?;
    let root = CanvasBackend::with_canvas_object(canvas.clone())?.into_drawing_area();
    let options = ChartOptions {
        kind,
        scale,
        spread,
        font: "Inter, system-ui, sans-serif",
    };
    draw_curves(&root, data, theme, &options)
        .map_err(|error| log::error!("{error}"))
        .ok()
}

/// An empty canvas of that size. Setting the size would clear it too, but makes the browser take new memory for it at every draw.
fn clear(canvas: &HtmlCanvasElement, width: u32, height: u32) -> Option<()> {
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
        return Some(());
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    Some(())
}

fn longest(data: &CurvesData) -> usize {
    data.runs
        .iter()
        .filter_map(|run| run.train_loss.last())
        .map(|(epoch, _)| *epoch as usize)
        .max()
        .unwrap_or_default()
}

fn at(points: &[(f64, f64)], epoch: usize) -> Option<f64> {
    points
        .iter()
        .find(|(x, _)| *x as usize == epoch)
        .map(|(_, y)| *y)
}

fn written(kind: ChartKind, value: Option<f64>) -> String {
    match (kind, value) {
        (_, None) => "–".into(),
        (ChartKind::Loss, Some(value)) => words::loss(value),
        (ChartKind::Accuracy, Some(value)) => words::percent(value),
    }
}

/// What a screen reader says of the picture; the numbers are in the table below.
fn described(data: &CurvesData, kind: ChartKind, about: &str) -> String {
    let Some(run) = data.runs.iter().find(|run| run.emphasised) else {
        return format!("Chart of {about} by epoch: nothing trained yet.");
    };
    let last = |points: &[(f64, f64)]| written(kind, points.last().map(|p| p.1));
    let turned = match run.turned_up {
        Some(epoch) if kind == ChartKind::Loss => {
            format!(" Test loss turned up after epoch {epoch}.")
        }
        _ => String::new(),
    };
    let stand_in = data
        .stand_in
        .as_ref()
        .map_or_else(String::new, |note| format!(" ({note})"));
    format!(
        "Chart of {about} by epoch{stand_in}, {}: train {}, test {} after {} epochs.{turned} Arrow keys read values.",
        run.label,
        last(run.train(kind)),
        last(run.test(kind)),
        run.train(kind).len(),
    )
}

#[component]
fn Cursor(
    kind: ChartKind,
    data: Memo<CurvesData>,
    frame: RwSignal<Option<Frame>>,
    cursor: RwSignal<Option<usize>>,
) -> impl IntoView {
    move || {
        let (epoch, frame) = (cursor.get()?, frame.get()?);
        let place = frame.x.pixel(epoch as f64);
        let right = place > f64::midpoint(frame.x.first_pixel, frame.x.last_pixel);
        let lines = data.with(|data| {
            let mut runs: Vec<&RunCurves> = data.runs.iter().collect();
            runs.sort_by_key(|run| !run.emphasised);
            runs.into_iter()
                .filter_map(|run| {
                    let train = at(run.train(kind), epoch)?;
                    let test = at(run.test(kind), epoch);
                    Some(view! {
                        <tr>
                            <th scope="row">{run.label.clone()}</th>
                            <td class="chart-train" data-hue=run.hue % 6>{written(kind, Some(train))}</td>
                            <td class="chart-test" data-hue=run.hue % 6>{written(kind, test)}</td>
                        </tr>
                    })
                })
                .collect_view()
        });
        Some(view! {
            <i class="chart-cursor" style:left=format!("{place:.1}px")></i>
            <div
                class="chart-tip"
                data-testid="chart-tip"
                data-side=if right { "left" } else { "right" }
                style:left=format!("{place:.1}px")
            >
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{format!("epoch {epoch}")}</th>
                            <th scope="col">"train"</th>
                            <th scope="col">"test"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        })
    }
}
