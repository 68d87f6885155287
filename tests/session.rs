//! Runs as a front end drives them: commands in, events out. On the device `KINDLING_DEVICE` names.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::session::{StandIn, device, drive, ends, epochs, small, start, to_the_end};
use futures_util::future::LocalBoxFuture;
use kindling::data::DataSet;
use kindling::session::{DataPort, DataProgress, MemoryStore, StorePort as _};
use kindling_protocol::{
    Command, DeviceChoice, EngineKind, Event, ExperimentConfig, Inspection, Outcome, RequestId,
    VerdictKind,
};
use pollster::block_on;
use std::rc::Rc;

struct Broken;

impl DataPort for Broken {
    fn load(
        &self,
        _: usize,
        _: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>> {
        Box::pin(async { Err("train-images-idx3-ubyte.gz fails its checksum".to_string()) })
    }
}

fn failure(events: &[Event]) -> String {
    let found = events.iter().find_map(|e| {
        if let Event::Failed { error, .. } = e {
            Some(error.message.clone())
        } else {
            None
        }
    });
    found.unwrap_or_else(|| panic!("no failure in {events:#?}"))
}

#[test]
fn a_run_begins_reports_and_ends() {
    let events = to_the_end(MemoryStore::default(), &small(), false);
    assert!(matches!(
        events[0],
        Event::Ready {
            protocol: 1,
            engine: EngineKind::Native,
            ..
        }
    ));
    assert_eq!(
        epochs(&events).iter().map(|m| m.epoch).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(matches!(
        events.last(),
        Some(Event::Finished {
            outcome: Outcome::Completed,
            ..
        })
    ));
    let losses = epochs(&events);
    assert!(
        losses[2].train_loss < losses[0].train_loss,
        "it learns: {losses:?}"
    );
}

#[test]
fn stopped_and_taken_up_again_it_is_the_run_that_was_never_stopped() {
    // Momentum, dropout and batch norm: everything a checkpoint must hold.
    let config = ExperimentConfig {
        momentum: 0.5,
        epochs: 4,
        ..small()
    };
    let whole = epochs(&to_the_end(MemoryStore::default(), &config, false));
    let store = MemoryStore::default();
    let run = config.run_id();
    let part = drive(
        Rc::new(StandIn),
        store.clone(),
        vec![start(&config, false)],
        move |event, sender| {
            if matches!(event, Event::Epoch { metrics, .. } if metrics.epoch == 2) {
                sender
                    .unbounded_send(Command::Stop { run: run.clone() })
                    .unwrap();
            }
            ends(event)
        },
    );
    // The end is told at once; what the run goes on from is stored behind it.
    let [
        ..,
        Event::Finished { outcome, .. },
        Event::Checkpoint { .. },
    ] = &part[..]
    else {
        panic!("{part:?}");
    };
    assert!(matches!(outcome, Outcome::Stopped));
    let rest = to_the_end(store, &config, true);
    let Some(Event::Started {
        history,
        note: Some(note),
        ..
    }) = rest.iter().find(|e| matches!(e, Event::Started { .. }))
    else {
        panic!("{rest:?}");
    };
    assert!(
        note.contains("Goes on from the checkpoint after epoch"),
        "{note}"
    );
    let mut joined = history.clone();
    joined.extend(epochs(&rest));
    assert_eq!(joined.len(), whole.len());
    for (a, b) in joined.iter().zip(&whole) {
        // The same bits on the CPU; a GPU may add up in another order, but does not here.
        assert_eq!(a, b);
    }
}

#[test]
fn pause_holds_and_resume_goes_on() {
    let config = ExperimentConfig {
        epochs: 3,
        ..small()
    };
    let run = config.run_id();
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        vec![start(&config, false)],
        move |event, sender| {
            match event {
                Event::Epoch { metrics, .. } if metrics.epoch == 1 => {
                    sender
                        .unbounded_send(Command::Pause { run: run.clone() })
                        .unwrap();
                }
                Event::Paused { run } => sender
                    .unbounded_send(Command::Resume { run: run.clone() })
                    .unwrap(),
                _ => {}
            }
            ends(event)
        },
    );
    let place = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
    let paused = place(|e| matches!(e, Event::Paused { .. }));
    let resumed = place(|e| matches!(e, Event::Resumed { .. }));
    assert!(paused < resumed);
    assert!(
        !events[paused..resumed]
            .iter()
            .any(|e| matches!(e, Event::Epoch { .. }))
    );
    assert_eq!(epochs(&events).len(), 3);
}

#[test]
fn reset_forgets_weights_and_checkpoint() {
    let (config, store) = (small(), MemoryStore::default());
    let run = config.run_id();
    let asked = run.clone();
    let events = drive(
        Rc::new(StandIn),
        store.clone(),
        vec![start(&config, false)],
        move |event, sender| {
            match event {
                Event::Finished { run, .. } => sender
                    .unbounded_send(Command::Reset { run: run.clone() })
                    .unwrap(),
                Event::Forgotten { .. } => {
                    let inspection = Inspection::Confusion;
                    let question = Command::Inspect {
                        request: RequestId(9),
                        run: asked.clone(),
                        inspection,
                    };
                    sender.unbounded_send(question).unwrap();
                }
                _ => {}
            }
            matches!(event, Event::Failed { .. })
        },
    );
    assert!(failure(&events).contains(&format!("There is no run {run} here")));
    assert!(block_on(store.names()).is_empty());
}

#[test]
fn a_diverging_run_stops_with_a_sentence_and_keeps_its_curves() {
    // Each step takes weights times 1 - 100 · 10: they outgrow float32 in a dozen steps.
    let config = ExperimentConfig {
        learning_rate: 100.0,
        weight_decay: 10.0,
        batch_norm: false,
        epochs: 50,
        ..small()
    };
    let events = to_the_end(MemoryStore::default(), &config, false);
    let Some(Event::Finished {
        outcome: Outcome::Diverged { message, .. },
        verdict,
        ..
    }) = events.last()
    else {
        panic!("{:?}", events.last());
    };
    assert!(
        message.contains("no longer a number")
            && message.contains("Lower the learning rate from 100 to 10"),
        "{message}"
    );
    assert_eq!(verdict.kind, VerdictKind::Diverged);
    assert!(!events.iter().any(|e| matches!(e, Event::Progress { points, .. } if points.iter().any(|p| !p.loss.is_finite()))));
}

#[test]
fn bad_wishes_are_refused_with_sentences() {
    let refused =
        |config: ExperimentConfig| failure(&to_the_end(MemoryStore::default(), &config, false));
    assert!(refused(ExperimentConfig { rows: 0, ..small() }).contains("0 rows of data"));
    assert!(
        refused(ExperimentConfig {
            batch_size: 90,
            ..small()
        })
        .contains("larger than the 80 training rows")
    );
    assert!(
        refused(ExperimentConfig {
            batch_size: 79,
            ..small()
        })
        .contains("more than 1 value per channel")
    );
    let absent = if device() == DeviceChoice::Cuda {
        DeviceChoice::Webgpu
    } else {
        DeviceChoice::Cuda
    };
    let config = small();
    let command = Command::Start {
        run: config.run_id(),
        config,
        device: absent,
        resume: false,
    };
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        vec![command],
        |event, _| ends(event),
    );
    assert!(
        failure(&events).contains(absent.key()),
        "{}",
        failure(&events)
    );
    let events = drive(
        Rc::new(Broken),
        MemoryStore::default(),
        vec![start(&small(), false)],
        |event, _| ends(event),
    );
    assert!(failure(&events).contains("fails its checksum"));
}

#[test]
fn a_damaged_or_foreign_checkpoint_is_refused_with_a_sentence() {
    let (config, store) = (small(), MemoryStore::default());
    to_the_end(store.clone(), &config, false);
    let name = format!("{}.safetensors", config.run_id());
    let good = block_on(store.get(name.clone())).unwrap();
    let cut = good[..good.len() / 2].to_vec();
    block_on(store.put(name, cut)).unwrap();
    let said = failure(&to_the_end(store.clone(), &config, true));
    assert!(
        said.contains("The checkpoint cannot be read") && said.contains("Start the run again"),
        "{said}"
    );
    let other = ExperimentConfig { seed: 1, ..small() };
    block_on(store.put(format!("{}.safetensors", other.run_id()), good)).unwrap();
    let said = failure(&to_the_end(store, &other, true));
    assert!(said.contains("The checkpoint is of run"), "{said}");
}
