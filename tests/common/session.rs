//! A session driven as a front end drives it, with the generated stand-in as data, so that it runs anywhere.

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::future::LocalBoxFuture;
use kindling::data::{DataSet, stand_in};
use kindling::session::{DataPort, DataProgress, EventSink, MemoryStore, Session};
use kindling_protocol::{
    Command, DeviceChoice, EngineKind, EpochMetrics, Event, ExperimentConfig, Preset,
};
use pollster::block_on;
use std::cell::RefCell;
use std::rc::Rc;

/// The generated pictures as data.
pub struct StandIn;

impl DataPort for StandIn {
    fn load(
        &self,
        rows: usize,
        _: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>> {
        Box::pin(async move { Ok(Rc::new(stand_in::data_set(rows, "A test.").unwrap())) })
    }
}

/// The device that `KINDLING_DEVICE` names.
pub fn device() -> DeviceChoice {
    let name = std::env::var("KINDLING_DEVICE").unwrap_or_else(|_| "cpu".into());
    DeviceChoice::from_key(&name).unwrap()
}

/// A run of a second or so.
pub fn small() -> ExperimentConfig {
    ExperimentConfig {
        hidden: vec![16],
        rows: 100,
        epochs: 3,
        batch_size: 16,
        ..Preset::Improved.config()
    }
}

pub fn start(config: &ExperimentConfig, resume: bool) -> Command {
    Command::Start {
        run: config.run_id(),
        config: config.clone(),
        device: device(),
        resume,
    }
}

/// Sends `first`; `answer` hears each event and may send more. Ends when the sender is dropped by `answer` returning true.
pub fn drive(
    data: Rc<dyn DataPort>,
    store: MemoryStore,
    first: Vec<Command>,
    mut answer: impl FnMut(&Event, &UnboundedSender<Command>) -> bool + 'static,
) -> Vec<Event> {
    let (sender, receiver) = unbounded();
    for command in first {
        sender.unbounded_send(command).unwrap();
    }
    let seen = Rc::new(RefCell::new(vec![]));
    let heard = seen.clone();
    let sender = RefCell::new(Some(sender));
    let answer =
        RefCell::new(move |event: &Event, sender: &UnboundedSender<Command>| answer(event, sender));
    let events: EventSink = Rc::new(move |event, _| {
        let mut sender = sender.borrow_mut();
        let done = sender
            .as_ref()
            .is_some_and(|s| (answer.borrow_mut())(&event, s));
        if done {
            sender.take();
        }
        heard.borrow_mut().push(event);
    });
    block_on(Session::new(EngineKind::Native, events, data, Rc::new(store)).serve(receiver));
    seen.take()
}

pub fn ends(event: &Event) -> bool {
    matches!(event, Event::Finished { .. } | Event::Failed { .. })
}

/// A run from its start, or from its checkpoint, to its end.
pub fn to_the_end(store: MemoryStore, config: &ExperimentConfig, resume: bool) -> Vec<Event> {
    drive(
        Rc::new(StandIn),
        store,
        vec![start(config, resume)],
        |event, _| ends(event),
    )
}

pub fn epochs(events: &[Event]) -> Vec<EpochMetrics> {
    events
        .iter()
        .filter_map(|e| {
            if let Event::Epoch { metrics, .. } = e {
                Some(*metrics)
            } else {
                None
            }
        })
        .collect()
}
