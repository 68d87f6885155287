//! The font of the PNG back end, which brings none: Ubuntu Light, bundled by a crate under the Ubuntu font licence.

use crate::PlotError;
use plotters::style::{FontStyle, register_font};
use std::sync::OnceLock;

/// Makes `sans-serif` known to plotters, once.
pub(crate) fn register() -> Result<(), PlotError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        register_font(
            "sans-serif",
            FontStyle::Normal,
            epaint_default_fonts::UBUNTU_LIGHT,
        )
        .is_ok()
    });
    if *done { Ok(()) } else { Err(PlotError::Font) }
}
