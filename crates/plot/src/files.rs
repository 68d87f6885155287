//! Both charts as one picture, for files: titles, a legend, then loss and accuracy.

use crate::data::{ChartKind, CurvesData, YScale};
use crate::draw::{ChartOptions, PlotError, draw_curves};
use crate::theme::{Rgb, Theme, rgb};
use plotters::coord::Shift;
use plotters::element::{DashedPathElement, PathElement};
use plotters::prelude::{Color, DrawingArea, DrawingBackend, IntoDrawingArea, IntoFont};
use plotters::style::TextStyle;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// How the two charts share the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Loss left, accuracy right.
    #[default]
    SideBySide,
    /// Loss above accuracy.
    Stacked,
}

/// What a file looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FileOptions {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pixels to a point of text or line: 2 for screens of high density.
    pub scale: f64,
    /// Where the charts lie.
    pub layout: Layout,
    /// How losses are spread.
    pub spread: YScale,
    /// The colours.
    pub theme: Theme,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self {
            width: 1_800,
            height: 760,
            scale: 2.0,
            layout: Layout::SideBySide,
            spread: YScale::Linear,
            theme: Theme::LIGHT,
        }
    }
}

const TITLE: f64 = 34.0;
const LEGEND_ROW: f64 = 18.0;

/// Both charts as an SVG document.
///
/// # Errors
/// A picture too small for the charts.
#[cfg(feature = "svg")]
pub fn curves_svg(
    data: &CurvesData,
    title: &str,
    options: &FileOptions,
) -> Result<String, PlotError> {
    let mut text = String::new();
    {
        let size = (options.width, options.height);
        let root = plotters::prelude::SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw_file(&root, data, title, options)?;
        root.present()
            .map_err(|e| PlotError::Backend(e.to_string()))?;
    }
    Ok(text)
}

/// Both charts as a PNG file's bytes.
///
/// # Errors
/// A picture too small for the charts, or one that cannot be encoded.
#[cfg(feature = "png")]
pub fn curves_png(
    data: &CurvesData,
    title: &str,
    options: &FileOptions,
) -> Result<Vec<u8>, PlotError> {
    use image::ImageEncoder as _;
    crate::font::register()?;
    let size = (options.width, options.height);
    let mut pixels = vec![255_u8; options.width as usize * options.height as usize * 3];
    {
        let root =
            plotters::prelude::BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
        draw_file(&root, data, title, options)?;
        root.present()
            .map_err(|e| PlotError::Backend(e.to_string()))?;
    }
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(
            &pixels,
            options.width,
            options.height,
            image::ExtendedColorType::Rgb8,
        )
        .map_err(|e| PlotError::Encode(e.to_string()))?;
    Ok(bytes)
}

fn draw_file<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    data: &CurvesData,
    title: &str,
    options: &FileOptions,
) -> Result<(), PlotError> {
    let theme = &options.theme;
    let device = |points: f64| (points * options.scale).round() as i32;
    if let Some(ground) = theme.ground {
        root.fill(&rgb(ground)).map_err(refused)?;
    }
    let text = |text: &str, size: f64, colour: Rgb, at: (i32, i32)| {
        let colour = rgb(colour);
        let style = TextStyle::from(("sans-serif", size * options.scale).into_font())
            .color(&colour)
            .pos(Pos::new(HPos::Left, VPos::Center));
        root.draw_text(text, &style, at).map_err(refused)
    };
    text(title, 15.0, theme.ink, (device(16.0), device(20.0)))?;
    let mut head = TITLE;
    if data.runs.len() > 1 {
        for run in &data.runs {
            let y = device(head + 4.0);
            let colours = theme.run(run.hue);
            for (start, colour) in [(16.0, colours.train), (36.0, colours.test)] {
                let line = vec![(device(start), y), (device(start + 16.0), y)];
                let style = rgb(colour).stroke_width(device(2.0).max(1) as u32);
                if run.emphasised {
                    root.draw(&PathElement::new(line, style)).map_err(refused)?;
                } else {
                    let dashed = DashedPathElement::new(line, device(4.0), device(3.0), style);
                    root.draw(&dashed).map_err(refused)?;
                }
            }
            text(&run.label, 11.0, theme.ink, (device(60.0), y))?;
            head += LEGEND_ROW;
        }
    }
    let (_, below) = root.split_vertically(device(head));
    let charts = match options.layout {
        Layout::SideBySide => below.split_evenly((1, 2)),
        Layout::Stacked => below.split_evenly((2, 1)),
    };
    for (area, kind) in charts.iter().zip([ChartKind::Loss, ChartKind::Accuracy]) {
        let (caption, chart) = area.split_vertically(device(22.0));
        let faint = rgb(theme.faint);
        let style = TextStyle::from(("sans-serif", 12.0 * options.scale).into_font())
            .color(&faint)
            .pos(Pos::new(HPos::Left, VPos::Center));
        caption
            .draw_text(kind.title(), &style, (device(16.0), device(12.0)))
            .map_err(refused)?;
        let chart_options = ChartOptions {
            kind,
            scale: options.scale,
            spread: options.spread,
            font: "sans-serif",
        };
        draw_curves(&chart, data, theme, &chart_options)?;
    }
    Ok(())
}

fn refused<E: std::fmt::Display>(error: E) -> PlotError {
    PlotError::Backend(error.to_string())
}
