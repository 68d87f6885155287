//! The headless program: `kindling train`, `kindling devices`. It drives the same session as the page and prints its events.

mod arguments;
mod bench;
mod data_port;
mod devices;
mod drive;
mod outputs;
mod prepare;
mod report;
pub mod sources;
mod train;

use clap::{Parser, Subcommand};
use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// Something failed on the way: data, device or disk.
const FAILED: u8 = 1;
/// The command line or the configuration cannot be used (clap's own code, too).
const USAGE: u8 = 2;
/// The device asked for is not there.
const NO_DEVICE: u8 = 3;
/// The loss is no longer a number.
const DIVERGED: u8 = 4;
/// Ended by Ctrl-C, as shells count it.
const INTERRUPTED: u8 = 130;

const EXIT_CODES: &str = "Exit codes: 0 done; 1 data, device or disk failed on the way; 2 the command line or the configuration cannot be \
used; 3 the device asked for is not there; 4 the training diverged (curves are kept); 130 ended by Ctrl-C (what was done is kept).";

/// Trains Fashion-MNIST classifiers as the Kindling page does: same engine, same numbers.
#[derive(Debug, Parser)]
#[command(name = "kindling", version, about, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Trains a network and prints a line an epoch, then what the curves say.
    #[command(after_help = EXIT_CODES)]
    Train(Box<arguments::TrainArguments>),
    /// Lists the devices of this build and machine, measured, and why others are missing.
    Devices {
        /// Rows a batch to measure with.
        #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=60_000))]
        batch_size: u32,
    },
    /// Trains and classifies as fast as it can on consecutive batches, and prints a line of JSON a task.
    #[command(hide = true)]
    Bench(bench::BenchArguments),
    /// Writes the data files that the page is served into a folder.
    #[command(hide = true)]
    PrepareData {
        /// The folder to write to; made if need be.
        #[arg(long)]
        out: std::path::PathBuf,
        /// Where the four files are; searched for otherwise.
        #[arg(long)]
        data: Option<std::path::PathBuf>,
    },
}

/// Why the program ends early: a sentence for stderr and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    fn new(code: u8, message: impl Display) -> Self {
        Self {
            code,
            message: message.to_string(),
        }
    }
}

/// Runs the program on this process's arguments.
pub fn main() -> ExitCode {
    let ended = match Cli::parse().task {
        Task::Train(arguments) => train::train(&arguments),
        Task::Devices { batch_size } => devices::list(batch_size as usize),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::PrepareData { out, data } => prepare::prepare(&out, data),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // When even stderr is closed there is nobody to tell; the exit code remains.
            let _ = writeln!(io::stderr(), "{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}
