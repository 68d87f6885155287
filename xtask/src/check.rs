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
    for lint in [
        Lint::native(
            "default",
            &[
                "--workspace",
                "--exclude",
                "kindling-app",
                "--exclude",
                "kindling-engine",
                "--all-targets",
            ],
        ),
        // The GPU's code is linted once, in the form the page has it; `vulkan` is built and run by the gate.
        Lint::wasm("page", &["--package", "kindling-app"]),
        Lint::wasm("CPU engine", &["--package", "kindling-engine"]),
        Lint::wasm(
            "GPU engine",
            &["--package", "kindling-engine", "--features", "webgpu"],
        ),
    ] {
        let mut command = lint.command(project);
        steps.attempt(&lint.name, |_| project::run(&mut command));
    }
    steps.attempt("types with cuda", |_| project::run(&mut cuda(project)));
}

/// A run of clippy with warnings denied.
struct Lint {
    name: String,
    arguments: &'static [&'static str],
    wasm: bool,
}

impl Lint {
    fn native(name: &str, arguments: &'static [&'static str]) -> Self {
        Self {
            name: format!("lints, native, {name}"),
            arguments,
            wasm: false,
        }
    }

    fn wasm(name: &str, arguments: &'static [&'static str]) -> Self {
        Self {
            name: format!("lints, wasm, {name}"),
            arguments,
            wasm: true,
        }
    }

    fn command(&self, project: &Project) -> Command {
        let mut command = project.cargo(&["clippy", "--quiet"]);
        command.args(self.arguments);
        if self.wasm {
            command.args(["--target", "wasm32-unknown-unknown"]);
            // A second configuration forbids what panics in a browser.
            command.env("CLIPPY_CONF_DIR", project.root.join(".clippy/wasm"));
        }
        command.args(["--", "--deny", "warnings"]);
        command
    }
}

/// Burn's `cuda` feature wants LLVM at build time, which its build script downloads. With
/// `DOCS_RS` set, as for its documentation, it does without, and our code can be type-checked.
fn cuda(project: &Project) -> Command {
    let mut command = project.cargo(&[
        "check",
        "--quiet",
        "--package",
        "kindling",
        "--features",
        "cuda",
    ]);
    command.env("DOCS_RS", "1");
    command
}
