//! `cargo xtask bench`: Kindling beside its peers, in Chromium and natively, in one run; and what `verify bench` makes of it.

mod native;
mod report;

use crate::project::{self, Project};
use crate::steps::{Steps, Tally};
use crate::{page, serve, setup};
use anyhow::{Context as _, Result, bail};
use report::{ratio, table};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// A contestant in the browser: its name, its device, and its address below the served folder, to which the data's is added.
const IN_THE_BROWSER: [(&str, &str, &str); 8] = [
    ("kindling", "cpu", "kindling/bench.html?device=cpu"),
    ("jax-js", "cpu", "peers/jax.html?device=wasm"),
    (
        "tfjs, by hand",
        "cpu",
        "peers/tfjs.html?device=wasm&form=backward",
    ),
    (
        "tfjs, its optimizer",
        "cpu",
        "peers/tfjs.html?device=wasm&form=optimizer",
    ),
    ("kindling", "webgpu", "kindling/bench.html?device=webgpu"),
    ("jax-js", "webgpu", "peers/jax.html?device=webgpu"),
    (
        "tfjs, by hand",
        "webgpu",
        "peers/tfjs.html?device=webgpu&form=backward",
    ),
    (
        "tfjs, its optimizer",
        "webgpu",
        "peers/tfjs.html?device=webgpu&form=optimizer",
    ),
];
/// What is to be at least (or, for a time, at most) so many times the peer's: contestant, device, figure, ratio.
const TARGETS: [(&str, &str, &str, f64); 8] = [
    ("jax-js", "cpu", "train 32", 3.0),
    ("jax-js", "cpu", "train 64", 2.2),
    ("jax-js", "cpu", "train 256", 1.5),
    ("tfjs, by hand", "cpu", "infer 1000", 1.5),
    ("jax-js", "webgpu", "train 32", 1.5),
    ("jax-js", "webgpu", "train 64", 1.5),
    ("jax-js", "webgpu", "train 256", 1.5),
    ("tfjs, by hand", "webgpu", "infer 1000", 1.5),
];

/// Builds what is compared, compares it, prints the table and writes `target/bench.json`.
///
/// # Errors
/// The first thing that failed; contestants that do different work.
pub fn run(project: &Project, steps: &mut Steps, quick: bool) -> Result<()> {
    prepare(project, steps)?;
    steps.run("bench", || {
        let found = measure(project, quick)?;
        fs::write(project.target.join("bench.json"), format!("{found:#}\n"))?;
        println!("{}", table(&found));
        Ok(())
    })
}

/// Measures anew (as [`run`] does, `target/bench.json` included) and holds our ratios to the targets, a test each.
pub fn verify(project: &Project, tally: &mut Tally) -> Result<()> {
    let found = measure(project, false)?;
    fs::write(project.target.join("bench.json"), format!("{found:#}\n"))?;
    println!("{}", table(&found));
    for (peer, device, figure, least) in TARGETS {
        let ratio = ratio(&found, peer, device, figure).unwrap_or(f64::NAN);
        let holds = ratio >= least;
        let word = if holds { "holds" } else { "FAILS" };
        println!("   {word}: {figure} on {device} is {ratio:.2} times {peer}, at least {least}");
        if holds {
            tally.passed += 1;
        } else {
            tally.failed += 1;
        }
    }
    if tally.failed > 0 {
        bail!("{} of the ratios are below their targets", tally.failed);
    }
    Ok(())
}

/// The page, the headless program, the browser and the peers.
///
/// # Errors
/// The first thing that failed.
pub fn prepare(project: &Project, steps: &mut Steps) -> Result<()> {
    page::build_for_play(project, steps)?;
    steps.run("headless program", || {
        let features = ["--features", "vulkan"];
        let mut build = project.cargo(&["build", "--release", "--package", "kindling"]);
        project::run(build.args(features))
    })?;
    steps.run("browser and peers", || {
        setup::for_browser(project)?;
        setup::for_vulkan(project)?;
        peers(project)
    })
}

/// The other libraries, as `bench/package.json` pins them.
fn peers(project: &Project) -> Result<()> {
    let folder = project.root.join("bench");
    if folder.join("node_modules/@jax-js/jax").is_dir() {
        return Ok(());
    }
    let mut npm = project.command("npm");
    npm.current_dir(&folder).args([
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--ignore-scripts",
        "--loglevel=error",
    ]);
    project::run(&mut npm)
}

/// Everything measured, as it is written to `target/bench.json`.
fn measure(project: &Project, quick: bool) -> Result<Value> {
    let site = site(project)?;
    let running = serve::start(&site, "/", None)?;
    let data = format!("{}data/", running.address);
    let contestants: Vec<Value> = IN_THE_BROWSER
        .iter()
        .map(|(name, device, path)| {
            let address = format!("{}{path}", running.address);
            let mut contestant = json!({
                "name": format!("{name} ({device})"),
                "url": format!("{address}&data={data}&weights={}weights.f32", running.address),
            });
            // Ours must take all the steps, however slow the device; a minute of the others shows what they hold.
            if *name == "kindling" && !quick {
                contestant["memory"] = json!({ "steps": 10_000, "seconds": 1_200 });
            }
            contestant
        })
        .collect();
    let mut plan = json!({ "contestants": contestants, "accuracy": 200 });
    if quick {
        plan["slices"] = json!(4);
        plan["startup"] = json!(1);
        plan["memory"] = Value::Null;
        plan["bytes"] = json!(false);
    }
    let plan_file = project.target.join("bench/plan.json");
    fs::write(&plan_file, plan.to_string())?;
    Ok(json!({
        "browser": in_chromium(project, "bench/driver.mjs", &plan_file)?,
        "page": in_chromium(project, "bench/page.mjs", format!("{}kindling/", running.address))?,
        "native": native::measure(project, &site, quick)?,
    }))
}

/// What one of the browsers' scripts prints.
fn in_chromium(project: &Project, script: &str, given: impl AsRef<OsStr>) -> Result<Value> {
    let mut node = project.command("node");
    node.arg(script)
        .arg(given)
        .env("KINDLING_TOOLS", project.tools())
        .env("KINDLING_CHROMIUM", setup::chromium(project)?)
        .stderr(std::process::Stdio::inherit());
    let output = node.output().context("node cannot be started")?;
    if !output.status.success() {
        bail!("{script} failed");
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{script} printed no JSON"))
}

/// A folder with everything that is served: the page, the peers, the data and the starting weights.
fn site(project: &Project) -> Result<PathBuf> {
    let site = project.target.join("bench/site");
    let _ = fs::remove_dir_all(&site);
    fs::create_dir_all(&site)?;
    let bench = project.root.join("bench");
    for (name, path) in [
        ("kindling", project.dist()),
        ("peers", bench.join("peers")),
        ("node_modules", bench.join("node_modules")),
        ("data", project.data()),
    ] {
        link(&path, &site.join(name))?;
    }
    let mut write = project.command(project.target.join("release/kindling"));
    write
        .args(["bench", "--weights"])
        .arg(site.join("weights.f32"));
    project::run(&mut write)?;
    Ok(site)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("{} cannot be made", to.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    bail!("the bench needs symbolic links")
}
