//! `cargo xtask check`, the quick half of the gate: format, lints natively and for wasm, the
//! `cuda` feature type-checked, unit tests, house rules.

use crate::project::{self, Project};
use crate::steps::Steps;
use crate::{hygiene, tools};
use anyhow::Result;

/// Everything of the quick half, with its set-up.
///
/// # Errors
/// When the set-up fails; what the checks find is counted in `steps`.
pub fn run(project: &Project, steps: &mut Steps) -> Result<()> {
    steps.run("set-up", || tools::wasm_target(project))?;
    lints(project, steps);
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

/// The part of the quick half that runs no test program.
pub fn lints(project: &Project, steps: &mut Steps) {
    steps.attempt("house rules", |tally| hygiene::run(project, tally));
    let mut format = project.cargo(&["fmt", "--all", "--", "--check", "-l"]);
    steps.attempt("format", |_| project::run(&mut format));
    // Each of the two builds what Burn has for one target once, with everything on that can be: linting the smaller
    // builds too would take as long again, and the gate compiles them anyway.
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

    let mut wasm = project.cargo(&["clippy", "--quiet", "--target", "wasm32-unknown-unknown"]);
    wasm.args(["--package", "kindling-app", "--package", "kindling-engine"]);
    wasm.args(["--features", "kindling-engine/webgpu"]);
    // A second configuration forbids what panics in a browser.
    wasm.env("CLIPPY_CONF_DIR", project.root.join(".clippy/wasm"));
    wasm.args(["--", "--deny", "warnings"]);
    steps.attempt("lints, wasm, page and GPU engine", |_| {
        project::run(&mut wasm)
    });
}
