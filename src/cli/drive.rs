//! Drives a session on this thread: commands in, events to a handler, until the handler has what it wants.

use super::data_port::NativeData;
use super::sources::Places;
use crate::session::{EventSink, MemoryStore, Session};
use futures_channel::{mpsc, oneshot};
use futures_util::future::select;
use kindling_protocol::{Command, EngineKind, Event};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

/// What to do after an event.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    /// Wait for more events.
    Wait,
    /// Send a command.
    Ask(Box<Command>),
    /// That was all.
    Done,
}

/// Where commands to the session go; can be sent from another thread.
pub(super) type Commands = mpsc::UnboundedSender<Command>;

/// A session that has not begun.
pub(super) struct Drive {
    sender: Commands,
    receiver: mpsc::UnboundedReceiver<Command>,
}

impl Drive {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::unbounded();
        Self { sender, receiver }
    }

    /// Another way in for commands, beside what the handler asks.
    pub(super) fn commands(&self) -> Commands {
        self.sender.clone()
    }

    /// Sends `first`, then hands each event, with its bulk bytes, to `handle`. Returns once that says [`Next::Done`].
    pub(super) fn run(
        self,
        places: Places,
        first: Command,
        mut handle: impl FnMut(Event, Option<Vec<u8>>) -> Next + 'static,
    ) {
        let Self { sender, receiver } = self;
        let (finish, finished) = oneshot::channel();
        // The receiver lives as long as the session, so that sending cannot fail before it ends.
        let _ = sender.unbounded_send(first);
        let asking = sender;
        let mut finish = Some(finish);
        let listener = RefCell::new(move |event, bytes| match handle(event, bytes) {
            Next::Wait => {}
            Next::Ask(command) => {
                let _ = asking.unbounded_send(*command);
            }
            Next::Done => {
                if let Some(finish) = finish.take() {
                    let _ = finish.send(());
                }
            }
        });
        let events: EventSink = Rc::new(move |event, bytes| {
            // The session emits one event at a time, so that the listener is always free.
            if let Ok(mut listener) = listener.try_borrow_mut() {
                listener(event, bytes);
            }
        });
        let data = Rc::new(NativeData { places });
        let store = Rc::new(MemoryStore::default());
        let session = Session::new(EngineKind::Native, events, data, store);
        let served = pin!(session.serve(receiver));
        pollster::block_on(select(served, finished));
    }
}
