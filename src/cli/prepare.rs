//! `kindling prepare-data`: the files the page is served.

use super::sources::{Download, Places};
use super::{FAILED, Failure};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes the data set's four files and the two of its first part into `out`.
pub(super) fn prepare(out: &Path, data: Option<PathBuf>) -> Result<(), Failure> {
    let bar = ProgressBar::no_length();
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut arriving = |download: &Download| {
        if let Some(total) = download.total {
            bar.set_length(total);
        }
        bar.set_position(download.received);
        bar.set_message(download.file);
    };
    let names = Places::of_this_machine(data)
        .prepare(out, &mut arriving)
        .map_err(|e| Failure::new(FAILED, e))?;
    bar.finish_and_clear();
    let text = format!("{}: {}", out.display(), names.join(", "));
    // When stderr is closed there is nobody to tell; the files are there.
    let _ = writeln!(io::stderr(), "{text}");
    Ok(())
}
