//! `cargo xtask screenshots`: photographs the built page for the README.

use crate::project::{self, Project};
use crate::steps::Steps;
use crate::{page, serve, setup};
use anyhow::Result;

/// Builds the page and writes `docs/screenshots/*.png`.
///
/// # Errors
/// The first thing that failed.
pub fn run(project: &Project, steps: &mut Steps) -> Result<()> {
    page::build_for_play(project, steps)?;
    steps.run("browser", || setup::for_browser(project))?;
    steps.run("screenshots", || {
        let running = serve::start(&project.dist(), "/", None)?;
        let mut node = project.command("node");
        node.arg("tests/browser/screenshots.mjs")
            .env("KINDLING_URL", &running.address)
            .env("KINDLING_TOOLS", project.tools())
            .env("KINDLING_CHROMIUM", setup::chromium(project)?);
        project::run(&mut node)
    })
}
