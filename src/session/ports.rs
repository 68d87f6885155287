//! What a session needs of its surroundings: where events go, where data comes from, where checkpoints are kept.

use crate::data::{DataSet, Images};
use futures_util::future::LocalBoxFuture;
use kindling_protocol::{DataState, Event};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Takes events; bulk bytes travel beside the message.
pub type EventSink = Rc<dyn Fn(Event, Option<Vec<u8>>)>;

/// Tells how loading goes.
pub type DataProgress = Rc<dyn Fn(DataState)>;

/// Where the training file comes from.
pub trait DataPort {
    /// At least `rows` rows, or as many as there are; a stand-in, labelled as such, where no real data is to be had. `Err` is a
    /// sentence on a file that is there but cannot be used.
    fn load(
        &self,
        rows: usize,
        progress: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>>;

    /// The 10,000 test pictures, which the bench measures accuracy on; the lab tests on a part of the training file.
    fn load_test(&self) -> LocalBoxFuture<'static, Result<Images, String>> {
        Box::pin(async { Err("There are no test pictures here.".to_string()) })
    }
}

/// Where checkpoints are kept: small named files that survive a reload.
pub trait StorePort {
    /// Writes a file, replacing one of the same name.
    fn put(&self, name: String, bytes: Vec<u8>) -> LocalBoxFuture<'static, Result<(), String>>;
    /// Reads a file.
    fn get(&self, name: String) -> LocalBoxFuture<'static, Option<Vec<u8>>>;
    /// All names.
    fn names(&self) -> LocalBoxFuture<'static, Vec<String>>;
    /// Removes a file.
    fn remove(&self, name: String) -> LocalBoxFuture<'static, ()>;
}

/// A store in memory: for programs that keep nothing, and for tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    files: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
}

impl StorePort for MemoryStore {
    fn put(&self, name: String, bytes: Vec<u8>) -> LocalBoxFuture<'static, Result<(), String>> {
        self.files.borrow_mut().insert(name, bytes);
        Box::pin(async { Ok(()) })
    }

    fn get(&self, name: String) -> LocalBoxFuture<'static, Option<Vec<u8>>> {
        let found = self.files.borrow().get(&name).cloned();
        Box::pin(async { found })
    }

    fn names(&self) -> LocalBoxFuture<'static, Vec<String>> {
        let names = self.files.borrow().keys().cloned().collect();
        Box::pin(async { names })
    }

    fn remove(&self, name: String) -> LocalBoxFuture<'static, ()> {
        self.files.borrow_mut().remove(&name);
        Box::pin(async {})
    }
}
