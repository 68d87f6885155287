//! `kindling bench`: the bench's tasks natively, a line of JSON a task, for `cargo xtask bench`.

use super::drive::{Drive, Next};
use super::sources::Places;
use super::{FAILED, Failure};
use clap::Args;
use kindling_protocol::{BenchResult, BenchTask, Command, DeviceChoice, Event, Reply, RequestId};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::rc::Rc;

/// What `kindling bench` takes.
#[derive(Debug, Clone, Args)]
pub(super) struct BenchArguments {
    /// Where: cpu, vulkan or cuda.
    #[arg(long, default_value = "cpu", value_parser = super::arguments::device)]
    device: DeviceChoice,
    /// Rows a batch.
    #[arg(long, default_values_t = [32, 64, 256])]
    batch: Vec<usize>,
    /// Training steps measured at each batch size, after a fifth of them to warm up.
    #[arg(long, default_value_t = 500)]
    steps: usize,
    /// Write the starting weights (float32, little endian, layer by layer) into this file, and do nothing else.
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Folder with the four Fashion-MNIST files.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Trains at each batch size and classifies at 1,000, printing `{"task", "batch", "per_second", ...}` for each.
pub(super) fn run(arguments: &BenchArguments) -> Result<(), Failure> {
    let mut tasks = VecDeque::from([BenchTask::Open]);
    if arguments.weights.is_some() {
        return drive(arguments, VecDeque::from([BenchTask::Weights]));
    }
    for &batch in &arguments.batch {
        let warm = (arguments.steps / 5).max(1);
        tasks.extend([
            BenchTask::Reset,
            BenchTask::Train { batch, steps: warm },
            BenchTask::Train {
                batch,
                steps: arguments.steps.max(1),
            },
        ]);
    }
    let (batch, repetitions) = (1_000, 40);
    tasks.extend([
        BenchTask::Infer {
            batch,
            repetitions: 10,
        },
        BenchTask::Infer { batch, repetitions },
        BenchTask::Accuracy,
    ]);
    drive(arguments, tasks)
}

/// Has a session do the tasks one after the other.
fn drive(arguments: &BenchArguments, mut tasks: VecDeque<BenchTask>) -> Result<(), Failure> {
    let device = arguments.device;
    let weights = arguments.weights.clone();
    let command = move |work| Command::Bench {
        request: RequestId(1),
        device,
        work,
    };
    let failed = Rc::new(RefCell::new(None));
    let failure = failed.clone();
    let mut current = tasks.pop_front().unwrap_or(BenchTask::Open);
    let places = Places::of_this_machine(arguments.data.clone());
    Drive::new().run(places, command(current), move |event, bytes| {
        match event {
            Event::Reply {
                reply: Reply::Bench { result },
                ..
            } => match (&weights, bytes) {
                (Some(file), Some(bytes)) => {
                    if let Err(error) = std::fs::write(file, bytes) {
                        *failure.borrow_mut() =
                            Some(format!("{} cannot be written ({error}).", file.display()));
                    }
                }
                _ => print(current, &result),
            },
            Event::Failed { error, .. } => {
                *failure.borrow_mut() = Some(error.message);
                return Next::Done;
            }
            _ => return Next::Wait,
        }
        match tasks.pop_front() {
            Some(next) => {
                current = next;
                Next::Ask(Box::new(command(next)))
            }
            None => Next::Done,
        }
    });
    match failed.borrow_mut().take() {
        Some(message) => Err(Failure::new(FAILED, message)),
        None => Ok(()),
    }
}

fn print(task: BenchTask, result: &BenchResult) {
    let seconds = (result.ms / 1e3).max(1e-9);
    let per_second = match task {
        BenchTask::Train { steps, .. } => steps as f64 / seconds,
        BenchTask::Infer { .. } => result.images as f64 / seconds,
        BenchTask::Open | BenchTask::Reset | BenchTask::Accuracy | BenchTask::Weights => 0.0,
    };
    let line = serde_json::json!({ "work": task, "per_second": per_second, "result": result });
    // Whoever reads may have gone: then there is nobody to tell.
    let _ = writeln!(io::stdout(), "{line}");
}
