//! Draws one chart on a plotters drawing area.
//!
//! Axes are laid out here, in pixels: plotters' own mesh measures every label on every draw, which in a browser
//! means touching the document dozens of times a second.

use crate::data::{ChartKind, CurvesData, Point, RunCurves, YScale};
use crate::decimate::min_max_per_column;
use crate::frame::{Frame, Scale};
use crate::theme::{Rgb, Theme, rgb};
use crate::ticks;
use plotters::coord::Shift;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon};
use plotters::prelude::{Color, DrawingArea, DrawingBackend, IntoFont, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, TextStyle};

/// A chart that could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// The back end refused.
    #[error("The chart could not be drawn: {0}.")]
    Backend(String),
    /// The picture has no room for a chart.
    #[error(
        "A chart of {width} by {height} pixels has no room for its axes: use {least} by {least} at least."
    )]
    TooSmall {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The least of either.
        least: u32,
    },
    /// The bundled font is not one.
    #[error("The font for the picture's text could not be read.")]
    Font,
    /// The picture could not be encoded.
    #[error("The picture could not be encoded: {0}.")]
    Encode(String),
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartOptions<'a> {
    /// Which chart.
    pub kind: ChartKind,
    /// Device pixels to a CSS pixel; lines and text grow with it.
    pub scale: f64,
    /// How values are spread.
    pub spread: YScale,
    /// The font family of the numbers.
    pub font: &'a str,
}

/// CSS pixels a chart needs at least, either way.
const LEAST: u32 = 80;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 46.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 28.0;
const TEXT: f64 = 11.0;

/// Draws the curves and returns where the axes lie, in CSS pixels.
///
/// # Errors
/// The back end's, or an area without room.
pub fn draw_curves<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    data: &CurvesData,
    theme: &Theme,
    options: &ChartOptions<'_>,
) -> Result<Frame, PlotError> {
    let (width, height) = root.dim_in_pixel();
    let least = (f64::from(LEAST) * options.scale) as u32;
    if width < least || height < least {
        return Err(PlotError::TooSmall {
            width,
            height,
            least,
        });
    }
    if let Some(ground) = theme.ground {
        root.fill(&rgb(ground)).map_err(refused)?;
    }
    let pen = Pen {
        root,
        theme,
        options,
        frame: frame(data, options, f64::from(width), f64::from(height)),
    };
    pen.axes()?;
    if let Some(run) = data.runs.iter().find(|r| r.emphasised) {
        pen.gap(run)?;
    }
    if options.kind == ChartKind::Loss {
        for run in data.runs.iter().filter(|r| r.emphasised) {
            pen.steps(run)?;
        }
    }
    let behind_first = data.runs.iter().filter(|r| !r.emphasised);
    for run in behind_first.chain(data.runs.iter().filter(|r| r.emphasised)) {
        pen.run(run)?;
    }
    for run in data.runs.iter().filter(|r| r.emphasised) {
        pen.marker(run)?;
        pen.end_labels(run)?;
    }
    if let Some(note) = &data.stand_in {
        let x = pen.css(pen.frame.x.last_pixel);
        let at = (x, pen.css(pen.frame.y.first_pixel) - pen.device(8.0));
        pen.text(note, theme.warn, at, HPos::Right, VPos::Bottom)?;
    }
    Ok(pen.frame)
}

fn refused<E: std::fmt::Display>(error: E) -> PlotError {
    PlotError::Backend(error.to_string())
}

/// Lays the axes out, in CSS pixels.
fn frame(data: &CurvesData, options: &ChartOptions<'_>, width: f64, height: f64) -> Frame {
    let (first, last) = data.epoch_span(options.kind);
    let (width, height) = (width / options.scale, height / options.scale);
    let log = options.spread == YScale::Log && options.kind == ChartKind::Loss;
    let (low, high) = match (options.kind, data.value_span(options.kind, log)) {
        (ChartKind::Accuracy, Some((low, _))) => ((low - 0.02).clamp(0.0, 0.95), 1.0),
        (ChartKind::Accuracy, None) => (0.0, 1.0),
        (ChartKind::Loss, Some((low, high))) if log => {
            let high = if high > low * 1.05 { high } else { low * 1.5 };
            (low * 0.9, high * 1.1)
        }
        (ChartKind::Loss, None) if log => (0.01, 2.5),
        // A loss axis starts at 0: half the height is half the loss.
        (ChartKind::Loss, Some((low, high))) => {
            let high = if high > 0.0 { high * 1.06 } else { 1.0 };
            (low.min(0.0), high)
        }
        (ChartKind::Loss, None) => (0.0, 2.5),
    };
    Frame {
        x: Scale {
            from: first,
            to: last,
            first_pixel: LEFT,
            last_pixel: width - RIGHT,
            spread: YScale::Linear,
        },
        y: Scale {
            from: low,
            to: high,
            first_pixel: height - BOTTOM,
            last_pixel: TOP,
            spread: if log { YScale::Log } else { YScale::Linear },
        },
    }
}

struct Pen<'p, 'o, DB: DrawingBackend> {
    root: &'p DrawingArea<DB, Shift>,
    theme: &'p Theme,
    options: &'p ChartOptions<'o>,
    frame: Frame,
}

impl<DB: DrawingBackend> Pen<'_, '_, DB> {
    fn device(&self, css: f64) -> i32 {
        (css * self.options.scale).round() as i32
    }

    fn css(&self, pixel: f64) -> i32 {
        self.device(pixel)
    }

    fn stroke(&self, colour: Rgb, alpha: f64, css_width: f64) -> ShapeStyle {
        let width = (css_width * self.options.scale).round().max(1.0) as u32;
        rgb(colour).mix(alpha).stroke_width(width)
    }

    /// Device pixels of the points that can be drawn.
    fn pixels(&self, points: &[Point]) -> Vec<(i32, i32)> {
        let columns = (self.frame.x.last_pixel - self.frame.x.first_pixel) * self.options.scale;
        let log = self.frame.y.spread == YScale::Log;
        let (top, bottom) = (self.frame.y.last_pixel, self.frame.y.first_pixel);
        min_max_per_column(points, self.frame.x.from, self.frame.x.to, columns as usize)
            .into_iter()
            .filter(|(_, value)| !log || *value > 0.0)
            .map(|(epoch, value)| {
                let y = self.frame.y.pixel(value).clamp(top - TOP, bottom);
                (self.device(self.frame.x.pixel(epoch)), self.device(y))
            })
            .collect()
    }

    fn text(
        &self,
        text: &str,
        colour: Rgb,
        at: (i32, i32),
        across: HPos,
        down: VPos,
    ) -> Result<(), PlotError> {
        let family = FontFamily::from(self.options.font);
        let font = (family, TEXT * self.options.scale).into_font();
        let colour = rgb(colour);
        let style = TextStyle::from(font)
            .color(&colour)
            .pos(Pos::new(across, down));
        self.root.draw_text(text, &style, at).map_err(refused)
    }

    fn path(&self, points: Vec<(i32, i32)>, style: ShapeStyle) -> Result<(), PlotError> {
        if points.len() < 2 {
            return Ok(());
        }
        self.root
            .draw(&PathElement::new(points, style))
            .map_err(refused)
    }

    fn dashes(
        &self,
        points: Vec<(i32, i32)>,
        dash: f64,
        gap: f64,
        style: ShapeStyle,
    ) -> Result<(), PlotError> {
        if points.len() < 2 {
            return Ok(());
        }
        let (dash, gap) = (self.device(dash).max(1), self.device(gap).max(1));
        self.root
            .draw(&DashedPathElement::new(points, dash, gap, style))
            .map_err(refused)
    }

    fn axes(&self) -> Result<(), PlotError> {
        let Frame { x, y } = self.frame;
        let (left, right) = (self.device(x.first_pixel), self.device(x.last_pixel));
        let bottom = self.device(y.first_pixel);
        let values = match (self.options.kind, y.spread) {
            (_, YScale::Log) => ticks::log(y.from, y.to),
            (_, YScale::Linear) => ticks::linear(
                y.from,
                y.to,
                ((y.first_pixel - y.last_pixel) / 44.0).max(2.0) as usize,
            ),
        };
        let step = values
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(f64::INFINITY, f64::min);
        let grid = self.stroke(self.theme.line, 1.0, 1.0);
        for value in values {
            let at = self.device(y.pixel(value));
            if bottom - at > self.device(2.0) {
                self.dashes(vec![(left, at), (right, at)], 2.0, 4.0, grid)?;
            }
            let written = match (self.options.kind, y.spread) {
                (ChartKind::Accuracy, _) => {
                    format!("{} %", ticks::written(value * 100.0, step * 100.0))
                }
                (ChartKind::Loss, YScale::Log) => format!("{value:.3}")
                    .trim_end_matches('0')
                    .trim_end_matches('.')
                    .to_string(),
                (ChartKind::Loss, YScale::Linear) => ticks::written(value, step),
            };
            self.text(
                &written,
                self.theme.faint,
                (left - self.device(7.0), at),
                HPos::Right,
                VPos::Center,
            )?;
        }
        self.path(vec![(left, bottom), (right, bottom)], grid)?;
        let wanted = ((x.last_pixel - x.first_pixel) / 60.0).max(2.0) as usize;
        for epoch in ticks::epochs(x.from, x.to, wanted) {
            let at = self.device(x.pixel(epoch));
            self.path(vec![(at, bottom), (at, bottom + self.device(4.0))], grid)?;
            self.text(
                &ticks::written(epoch, 1.0),
                self.theme.faint,
                (at, bottom + self.device(8.0)),
                HPos::Center,
                VPos::Top,
            )?;
        }
        let corner = (right + self.device(8.0), bottom + self.device(8.0));
        self.text("epoch", self.theme.faint, corner, HPos::Left, VPos::Top)
    }

    /// Shades what lies between the training and the test curve.
    fn gap(&self, run: &RunCurves) -> Result<(), PlotError> {
        let train = self.pixels(run.train(self.options.kind));
        let mut outline = self.pixels(run.test(self.options.kind));
        if train.len() < 2 || outline.len() < 2 {
            return Ok(());
        }
        outline.extend(train.into_iter().rev());
        let fill = rgb(self.theme.run(run.hue).train).mix(0.11).filled();
        self.root
            .draw(&Polygon::new(outline, fill))
            .map_err(refused)
    }

    fn steps(&self, run: &RunCurves) -> Result<(), PlotError> {
        let faint = self.stroke(self.theme.run(run.hue).train, 0.28, 1.0);
        self.path(self.pixels(&run.step_loss), faint)
    }

    fn run(&self, run: &RunCurves) -> Result<(), PlotError> {
        let colours = self.theme.run(run.hue);
        let curves = [
            (run.train(self.options.kind), colours.train),
            (run.test(self.options.kind), colours.test),
        ];
        for (points, colour) in curves {
            let pixels = self.pixels(points);
            if run.emphasised {
                if let [only] = pixels[..] {
                    let dot = Circle::new(only, self.device(3.0), rgb(colour).filled());
                    self.root.draw(&dot).map_err(refused)?;
                }
                self.path(pixels, self.stroke(colour, 1.0, 2.2))?;
            } else {
                self.dashes(pixels, 5.0, 4.0, self.stroke(colour, 0.75, 1.6))?;
            }
        }
        Ok(())
    }

    /// The dashed line where test loss was lowest, once it has turned up.
    fn marker(&self, run: &RunCurves) -> Result<(), PlotError> {
        let Some(epoch) = run.turned_up else {
            return Ok(());
        };
        let Frame { x, y } = self.frame;
        let place = x.pixel(epoch as f64);
        if !(x.first_pixel..=x.last_pixel).contains(&place) {
            return Ok(());
        }
        let (at, top, bottom) = (
            self.device(place),
            self.device(y.last_pixel),
            self.device(y.first_pixel),
        );
        let style = self.stroke(self.theme.warn, 1.0, 1.2);
        self.dashes(vec![(at, top), (at, bottom)], 3.0, 3.0, style)?;
        if self.options.kind == ChartKind::Accuracy {
            return Ok(());
        }
        let text = format!("test loss turned up · epoch {epoch}");
        let (across, aside) = if place > (x.first_pixel + x.last_pixel) / 2.0 {
            (HPos::Right, -6.0)
        } else {
            (HPos::Left, 6.0)
        };
        let beside = (at + self.device(aside), top - self.device(4.0));
        self.text(&text, self.theme.warn, beside, across, VPos::Center)
    }

    /// "train" and "test" where the curves end, moved apart where they would lie on each other.
    fn end_labels(&self, run: &RunCurves) -> Result<(), PlotError> {
        let colours = self.theme.run(run.hue);
        let end = |points: &[Point]| self.pixels(points).last().copied();
        let (Some(train), Some(test)) = (
            end(run.train(self.options.kind)),
            end(run.test(self.options.kind)),
        ) else {
            return Ok(());
        };
        let apart = self.device(TEXT + 2.0);
        let (mut train_y, mut test_y) = (train.1, test.1);
        let missing = apart - (train_y - test_y).abs();
        if missing > 0 {
            let half = (missing + 1) / 2;
            if train_y >= test_y {
                (train_y, test_y) = (train_y + half, test_y - half);
            } else {
                (train_y, test_y) = (train_y - half, test_y + half);
            }
        }
        let aside = self.device(6.0);
        self.text(
            "train",
            colours.train,
            (train.0 + aside, train_y),
            HPos::Left,
            VPos::Center,
        )?;
        self.text(
            "test",
            colours.test,
            (test.0 + aside, test_y),
            HPos::Left,
            VPos::Center,
        )
    }
}
