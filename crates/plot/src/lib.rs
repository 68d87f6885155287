//! Kindling's charts: what to draw as plain data, and how to draw it with plotters on any of its back ends.
//!
//! The page hands in a canvas, the headless program asks for SVG or PNG; both get the same picture from the same
//! code. Text that belongs to a document (titles, read-outs, the table of the numbers) is the front end's.

mod data;
mod decimate;
mod draw;
#[cfg(any(feature = "svg", feature = "png"))]
mod files;
#[cfg(feature = "png")]
mod font;
mod frame;
mod theme;
mod ticks;

pub use data::{ChartKind, CurvesData, RunCurves, YScale};
pub use decimate::min_max_per_column;
pub use draw::{ChartOptions, PlotError, draw_curves};
#[cfg(feature = "png")]
pub use files::curves_png;
#[cfg(feature = "svg")]
pub use files::curves_svg;
#[cfg(any(feature = "svg", feature = "png"))]
pub use files::{FileOptions, Layout};
pub use frame::{Frame, Scale};
pub use theme::{Rgb, RunColours, Theme};
