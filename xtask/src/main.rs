//! `cargo xtask`: sets a machine up, builds the page, serves it and runs the tests.
//!
//! Every chore is a list of named steps; each prints its time. What a step needs and the machine
//! lacks is installed by `setup`, which says what and why.

mod bench;
mod check;
mod debian;
mod engines;
mod hygiene;
mod page;
mod profile;
mod project;
mod screenshots;
mod serve;
mod setup;
mod steps;
mod test;
mod tools;
mod verify;

use anyhow::Result;
use clap::{Parser, Subcommand};
use project::Project;
use std::process::ExitCode;
use steps::Steps;

/// Set-up and chores of Kindling.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Builds the release page and serves it on localhost.
    Play {
        /// The port to serve on; without it 8080, or the next free one.
        #[arg(long)]
        port: Option<u16>,
        /// Serve what lies in `dist/` without building.
        #[arg(long)]
        no_build: bool,
    },
    /// Runs every test of the gate and leaves `target/release/kindling`.
    Test,
    /// The quick half of the gate: format, lints, unit tests, house rules.
    Check,
    /// The slow rest: 100 epochs of both presets, real PyTorch as an oracle.
    Verify {
        /// Which part; all of them if none is named.
        part: Option<verify::Part>,
    },
    /// Builds what any static host can serve into `dist/` and prints its sizes.
    Dist,
    /// Compares the engine with other libraries in Chromium and natively; writes `target/bench.json`.
    Bench {
        /// Fewer turns, no memory: a first look.
        #[arg(long)]
        quick: bool,
    },
    /// Says where the time of the page's engine goes, function by function.
    Profile {
        /// `cpu` or `webgpu`.
        #[arg(long, default_value = "cpu")]
        device: String,
        /// Rows a batch.
        #[arg(long, default_value_t = 32)]
        batch: usize,
        /// Training steps to sample.
        #[arg(long, default_value_t = 2000)]
        steps: usize,
    },
    /// Photographs the page into `docs/screenshots/`.
    Screenshots,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut steps = Steps::new();
    let result = Project::find().and_then(|project| run(&arguments.chore, &project, &mut steps));
    if let Err(error) = &result {
        eprintln!("\nerror: {error:#}");
    }
    steps.summary(
        matches!(arguments.chore, Chore::Test | Chore::Check),
        result.is_err(),
    );
    if result.is_ok() && steps.all_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(chore: &Chore, project: &Project, steps: &mut Steps) -> Result<()> {
    match chore {
        Chore::Play { port, no_build } => {
            if !no_build {
                page::build_for_play(project, steps)?;
            }
            steps.summary(false, false);
            serve::play(project, *port)
        }
        Chore::Test => test::run(project, steps),
        Chore::Check => check::run(project, steps),
        Chore::Verify { part } => verify::run(project, steps, *part),
        Chore::Dist => page::build_and_measure(project, steps),
        Chore::Bench { quick } => bench::run(project, steps, *quick),
        Chore::Profile {
            device,
            batch,
            steps: count,
        } => profile::run(project, steps, device, *batch, *count),
        Chore::Screenshots => screenshots::run(project, steps),
    }
}
