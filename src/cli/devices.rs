//! `kindling devices`.

use super::drive::{Drive, Next};
use super::sources::Places;
use super::{FAILED, Failure};
use kindling_protocol::{Command, DeviceInfo, Event, Reply, RequestId};
use std::cell::RefCell;
use std::io::{self, Write as _};
use std::rc::Rc;

/// Prints a line a device: its speed and name, or why it is missing.
pub(super) fn list(batch_size: usize) -> Result<(), Failure> {
    let answer = Rc::new(RefCell::new(Err("The engine gave no answer.".to_string())));
    let listener = answer.clone();
    let ask = Command::Devices {
        request: RequestId(1),
        batch_size,
    };
    Drive::new().run(Places::of_this_machine(None), ask, move |event, _| {
        match event {
            Event::Reply {
                reply: Reply::Devices { devices },
                ..
            } => *listener.borrow_mut() = Ok(devices),
            Event::Failed { error, .. } => *listener.borrow_mut() = Err(error.message),
            _ => return Next::Wait,
        }
        Next::Done
    });
    let devices = answer
        .borrow_mut()
        .clone()
        .map_err(|e| Failure::new(FAILED, e))?;
    let lines: String = devices.iter().map(|d| line(d, batch_size)).collect();
    match io::stdout().write_all(lines.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(FAILED, error)),
        _ => Ok(()),
    }
}

fn line(device: &DeviceInfo, batch_size: usize) -> String {
    let key = device.kind.key();
    if let Some(reason) = &device.missing {
        return format!("{key:<8}missing: {reason}\n");
    }
    let mut text = format!("{key:<8}{}", device.name);
    if device.software {
        text.push_str(", a software adapter");
    }
    if let Some(steps) = device.steps_per_second {
        text.push_str(&format!(
            ", {steps:.0} steps/s with batches of {batch_size}"
        ));
    }
    if let Some(disagreement) = &device.self_check {
        text.push_str(&format!("\n        not to be trusted: {disagreement}"));
    }
    text.push('\n');
    text
}
