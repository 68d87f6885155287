//! `cargo xtask check`, the quick half of the gate: format, lints natively and for wasm, the
//! `cuda` feature type-checked, unit tests, house rules.

use crate::project::{self, Project};
use crate::steps::Steps;
use crate::{hygiene, tools};
use anyhow::Result;
use std::process::Command;

/// Everything of the quick half, with its set-up.
///
/// # Errors
/// When the set-up fails; what the checks find is counted in `steps`.
pub fn run(project: &Project, steps: &mut Steps) -> Result<()> {
    steps.run("set-up", || tools::wasm_target(project))?;
    text(project, steps);
    // Builds what Burn has for the machine once, with everything on that can be.
    let mut native = project.cargo(&["clippy", "--quiet", "--workspace"]);
    native.args(["--exclude", "kindling-app", "--exclude", "kindling-engine"]);
    native.args(["--all-targets", "--features", "kindling/cuda"]);
    // Burn's `cuda` feature wants LLVM at build time, which its build script downloads. With `DOCS_RS` set, as for its
    // documentation, it does without, and our code can be type-checked.
    native.env("DOCS_RS", "1");
    native.args(["--", "--deny", "warnings"]);
    steps.attempt("lints, native, and types with cuda", |_| {
        project::run(&mut native)
    });
    wasm_lints(project, steps, &["--features", "kindling-engine/webgpu"]);
    let mut unit = project.cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "kindling-engine",
        "--lib",
        "--bins",
    ]);
    steps.attempt_tests("unit tests", &mut unit);
    Ok(())
}

/// What is found without compiling: house rules and format.
pub fn text(project: &Project, steps: &mut Steps) {
    steps.attempt("house rules", |tally| hygiene::run(project, tally));
    let mut format = project.cargo(&["fmt", "--all", "--", "--check", "-l"]);
    steps.attempt("format", |_| project::run(&mut format));
}

/// Lints of the page and its engine, built with `features` in the release profile, whose procedural macros and build
/// scripts serve the builds too.
pub fn wasm_lints(project: &Project, steps: &mut Steps, features: &[&str]) {
    let mut wasm = project.cargo(&["clippy", "--quiet", "--release"]);
    wasm.args(["--target", "wasm32-unknown-unknown"]);
    wasm.args(["--package", "kindling-app", "--package", "kindling-engine"]);
    wasm.args(features);
    // A second configuration forbids what panics in a browser.
    wasm.env("CLIPPY_CONF_DIR", project.root.join(".clippy/wasm"));
    wasm.args(["--", "--deny", "warnings"]);
    steps.attempt("lints, wasm", |_| project::run(&mut wasm));
}

/// Has a build lint the project's own crates as it compiles them, so that nothing is compiled for lints alone. The code
/// it makes lacks an early round of optimisation (clippy looks at code as it was written): good for tests, not for what is shipped.
pub fn with_lints(build: &mut Command) {
    build.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    // How `cargo clippy -- --deny warnings` hands its arguments on.
    let arguments = ["--deny", "warnings", ""].join("__CLIPPY_HACKERY__");
    build.env("CLIPPY_ARGS", arguments);
}
