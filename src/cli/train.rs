//! `kindling train`.

use super::arguments::TrainArguments;
use super::drive::Drive;
use super::outputs::Outputs;
use super::report::Report;
use super::sources::Places;
use super::{DIVERGED, FAILED, Failure, INTERRUPTED, NO_DEVICE, USAGE};
use crate::device::{self, Device};
use kindling_protocol::{Command, DeviceChoice, DeviceKind, Outcome};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Trains, reports, and writes what was asked for.
pub(super) fn train(arguments: &TrainArguments) -> Result<(), Failure> {
    let config = arguments.config();
    config.validate().map_err(|e| Failure::new(USAGE, e))?;
    let device = pollster::block_on(open(arguments.device))?;
    let outputs = arguments.out.as_deref().map(Outputs::at).transpose()?;
    let run = config.run_id();

    let under_way = Arc::new(AtomicBool::new(false));
    let drive = Drive::new();
    stop_on_interrupt(&drive, &under_way, Command::Stop { run: run.clone() })?;
    let report = Report::to_terminal(arguments.json, outputs.is_some(), under_way);
    let report = Rc::new(RefCell::new(report));
    let listener = report.clone();
    let start = Command::Start {
        run,
        config: config.clone(),
        device,
        resume: false,
    };
    let places = Places::of_this_machine(arguments.data.clone());
    drive.run(places, start, move |event, bytes| {
        listener.borrow_mut().handle(event, bytes)
    });

    let mut report = report.borrow_mut();
    let ended = report.end.clone();
    if let Some((_, verdict)) = &ended {
        report.tell(verdict);
    }
    if let (Some(outputs), Some(source)) = (&outputs, report.source) {
        let turned_up = ended.as_ref().and_then(|(_, v)| v.turned_up);
        let written = outputs.write(
            &config,
            source,
            &report.history,
            turned_up,
            report.weights.as_deref(),
        )?;
        report.note(&format!("Written: {written}"));
    }
    if let Some(error) = &report.error {
        let hint = error.hint.as_deref().unwrap_or_default();
        return Err(Failure::new(
            FAILED,
            format!("{} {hint}", error.message).trim_end(),
        ));
    }
    if let Some(error) = report.write_error.take() {
        return closed_output(&error);
    }
    match ended {
        Some((Outcome::Completed, _)) => Ok(()),
        Some((Outcome::Diverged { message, .. }, _)) => Err(Failure::new(DIVERGED, message)),
        Some((Outcome::Stopped, _)) => Err(Failure::new(
            INTERRUPTED,
            format!(
                "Stopped after {} of {} epochs.",
                report.history.len(),
                config.epochs
            ),
        )),
        None => Err(Failure::new(
            FAILED,
            "The engine ended without a result. Please report this with the command you ran.",
        )),
    }
}

/// Opens the device before any work, so that one that is missing is told at once.
async fn open(choice: DeviceChoice) -> Result<DeviceChoice, Failure> {
    let kind = match choice {
        DeviceChoice::Auto => {
            let at_hand = device::survey()
                .await
                .into_iter()
                .filter(|d| d.missing.is_none())
                .count();
            // With the CPU alone there is nothing to measure.
            return Ok(if at_hand > 1 {
                choice
            } else {
                DeviceChoice::Cpu
            });
        }
        DeviceChoice::Cpu => DeviceKind::Cpu,
        DeviceChoice::Webgpu => DeviceKind::Webgpu,
        DeviceChoice::Vulkan => DeviceKind::Vulkan,
        DeviceChoice::Cuda => DeviceKind::Cuda,
    };
    match Device::open(kind).await {
        Ok(_) => Ok(choice),
        Err(error) => Err(Failure::new(NO_DEVICE, error)),
    }
}

/// The first Ctrl-C ends the run at its next step; a second one, or one before training, ends the program.
fn stop_on_interrupt(
    drive: &Drive,
    under_way: &Arc<AtomicBool>,
    stop: Command,
) -> Result<(), Failure> {
    let (commands, under_way) = (drive.commands(), under_way.clone());
    ctrlc::set_handler(move || {
        let in_good_order = under_way.swap(false, Ordering::Relaxed)
            && commands.unbounded_send(stop.clone()).is_ok();
        if !in_good_order {
            std::process::exit(i32::from(INTERRUPTED));
        }
    })
    .map_err(|e| Failure::new(FAILED, format!("Ctrl-C cannot be listened for ({e}).")))
}

/// A reader that has had enough (`| head`) is no error; a full disk is.
fn closed_output(error: &io::Error) -> Result<(), Failure> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Ok(());
    }
    Err(Failure::new(
        FAILED,
        format!(
            "The epochs could not be written to stdout ({error}). Check that the disk has room."
        ),
    ))
}
