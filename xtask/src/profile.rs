//! `cargo xtask profile`: samples the engine's worker in Chromium, with the names of functions kept. Natively `perf record
//! target/release/kindling bench` does the same.

use crate::project::{self, Project};
use crate::steps::Steps;
use crate::{engines, page, serve, setup};
use anyhow::{Result, bail};

/// Builds the page, samples `count` training steps on `device` and prints each function's share.
///
/// # Errors
/// The first thing that failed.
pub fn run(
    project: &Project,
    steps: &mut Steps,
    device: &str,
    batch: usize,
    count: usize,
) -> Result<()> {
    if !matches!(device, "cpu" | "webgpu") {
        bail!("--device is cpu or webgpu");
    }
    page::build_for_play(project, steps)?;
    steps.run("browser", || setup::for_browser(project))?;
    // The page's own engines have no names: these are what wasm-bindgen made, before wasm-opt.
    let site = project.target.join("profile");
    steps.run("engines with names", || {
        let mut copy = project.command("cp");
        copy.arg("-rT").arg(project.dist()).arg(&site);
        project::run(&mut copy)?;
        engines::with_names(project, &site.join("engines"))
    })?;
    steps.run("profile", || {
        let running = serve::start(&site, "/", None)?;
        let mut node = project.command("node");
        node.arg("bench/profile.mjs")
            .arg(format!("{}bench.html?device={device}", running.address))
            .args(["train", &batch.to_string(), &count.to_string()])
            .env("KINDLING_TOOLS", project.tools())
            .env("KINDLING_CHROMIUM", setup::chromium(project)?);
        project::run(&mut node)
    })
}
