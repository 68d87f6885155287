//! `cargo xtask test`, the gate: everything that must hold before a change is taken.

use crate::project::{self, Project};
use crate::steps::{Steps, Tally, run_tests};
use crate::{check, engines, page, serve, setup, tools};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;
use std::{fs, thread};

/// The features of the gate's native build: one build serves the CPU suites and the Vulkan suites.
const NATIVE: [&str; 2] = ["--features", "kindling/vulkan"];
/// What draws up shaders and pages rather than numbers, and is most of what the native build compiles. Optimised a
/// little it takes two thirds of the time, and the tests run as fast: kernels run in the driver, and Burn's CPU
/// kernels (`burn-flex`, `gemm`) keep their full level.
const LIGHTLY_OPTIMISED: [&str; 26] = [
    "burn-cubecl",
    "burn-dispatch",
    "cubecl-core",
    "cubecl-ir",
    "cubecl-opt",
    "cubecl-runtime",
    "cubecl-server",
    "cubecl-std",
    "cubecl-wgpu",
    "cubek-attention",
    "cubek-convolution",
    "cubek-fft",
    "cubek-interpolate",
    "cubek-matmul",
    "cubek-pool",
    "cubek-quant",
    "cubek-random",
    "cubek-reduce",
    "cubek-std",
    "cubek-tile",
    "leptos",
    "naga",
    "tachys",
    "wgpu-core",
    "wgpu-hal",
    "regex-automata",
];
/// The suites that ask `KINDLING_DEVICE` for their device.
const ON_EVERY_DEVICE: [&str; 10] = [
    "autograd",
    "derivatives",
    "edges",
    "element_types",
    "modules",
    "pairs",
    "presets",
    "session",
    "session_rooms",
    "views",
];
/// The page is tested below a path, as on a project's site of a static host.
const SUB_PATH: &str = "/some/where/kindling/";

/// Every test of the gate. Cheap steps first; a failed one does not keep the rest from running. What `cargo xtask check` has
/// besides (types with `cuda`, lints of the GPU engine's wasm) would compile Burn twice more.
///
/// # Errors
/// When something all the rest needs fails.
pub fn run(project: &Project, steps: &mut Steps) -> Result<()> {
    check::text(project, steps);
    steps.run("set-up", || set_up(project))?;

    let mut build = native(project);
    build.arg("--no-run");
    steps.run("native build, with lints", || project::run(&mut build))?;
    steps.attempt_tests("native tests", &mut native(project));
    let mut vulkan = native(project);
    for suite in ON_EVERY_DEVICE {
        vulkan.args(["--test", suite]);
    }
    vulkan.env("KINDLING_DEVICE", "vulkan");
    steps.attempt_tests("native tests on Vulkan", &mut vulkan);
    steps.attempt("headless program", |_| headless(project));

    steps.run("data", || setup::page_data(project))?;
    check::wasm_lints(project, steps, &[]);
    page::build(project, steps)?;
    steps.attempt("engine exports", |tally| exports(project, tally));
    steps.attempt("sizes", |tally| page::check_sizes(project, tally));
    steps.attempt("browser journeys", |tally| journeys(project, tally));
    Ok(())
}

/// What is fetched comes while what is built is built.
fn set_up(project: &Project) -> Result<()> {
    thread::scope(|scope| {
        let fetched = scope.spawn(|| {
            tools::wasm_target(project)?;
            setup::data_package(project);
            setup::for_vulkan(project)?;
            setup::for_browser(project)?;
            tools::wasm_opt(project)
        });
        let built = tools::wasm_bindgen(project).and_then(|()| tools::trunk(project));
        match fetched.join() {
            Ok(fetched) => fetched.and(built),
            Err(_) => bail!("the fetching could not be watched"),
        }
    })
}

/// `cargo test` in the gate's one native build: another choice of packages would unify other features and build Burn again.
/// Link-time optimisation is left out: it would be done again for every test
/// program, and the tests ask for right numbers, not for the last tenth of speed. Programs unwind as tests must: if they
/// aborted, as when they are shipped, everything would be compiled twice.
fn native(project: &Project) -> std::process::Command {
    let mut command = project.cargo(&["test", "--release", "--workspace"]);
    command.args(["--exclude", "kindling-engine"]).args(NATIVE);
    for package in LIGHTLY_OPTIMISED {
        command.arg("--config");
        command.arg(format!("profile.release.package.{package}.opt-level=1"));
    }
    command.env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.env("CARGO_PROFILE_RELEASE_PANIC", "unwind");
    check::with_lints(&mut command);
    command
}

/// The tests leave the program behind; it must start.
fn headless(project: &Project) -> Result<()> {
    let program = project.target.join("release/kindling");
    let said = project::output(project.command(&program).arg("--version"))
        .with_context(|| format!("{} does not start", project.shown(&program)))?;
    println!("   {} is {said}", project.shown(&program));
    Ok(())
}

/// Both engines as cargo made them are free of wrapped exports.
fn exports(project: &Project, tally: &mut Tally) -> Result<()> {
    for engine in engines::ENGINES {
        let module = fs::read(engine.raw(project)).context("the engines are not built")?;
        engines::check_exports(&module).with_context(|| format!("the {} engine", engine.name))?;
        tally.passed += 1;
    }
    Ok(())
}

/// The browser tests against the built page.
///
/// # Errors
/// When one fails.
pub fn journeys(project: &Project, tally: &mut Tally) -> Result<()> {
    let folder = project.root.join("tests/browser");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .context("tests/browser cannot be read")?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("tests/browser has no tests");
    }
    let running = serve::start(&project.dist(), SUB_PATH, None)?;
    let mut node = project.command("node");
    // One file at a time: two browsers on two cores would time each other out.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(&files)
        .env("KINDLING_PROGRAM", project.target.join("release/kindling"))
        .env("KINDLING_URL", &running.address)
        .env("KINDLING_TOOLS", project.tools())
        .env("KINDLING_CHROMIUM", setup::chromium(project)?);
    run_tests(&mut node, tally)
}
