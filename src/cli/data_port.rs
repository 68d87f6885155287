//! The session's data on this machine.

use super::sources::{Download, Places};
use crate::data::{DataSet, Images};
use crate::session::{DataPort, DataProgress};
use futures_util::future::LocalBoxFuture;
use kindling_protocol::{DataSource, DataState};
use std::rc::Rc;

/// Loads from the machine's [`Places`].
#[derive(Debug, Clone)]
pub(super) struct NativeData {
    pub(super) places: Places,
}

impl DataPort for NativeData {
    fn load(
        &self,
        rows: usize,
        progress: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>> {
        let places = self.places.clone();
        // Natively nobody else waits on this thread, so the future does its work at one go.
        Box::pin(async move {
            let mut arriving = |download: &Download| {
                progress(DataState {
                    source: DataSource::FashionMnist,
                    rows: 0,
                    received_bytes: download.received,
                    total_bytes: download.total.unwrap_or(download.received),
                    note: None,
                });
            };
            let data = places
                .load(rows, &mut arriving)
                .map_err(|e| e.to_string())?;
            progress(DataState {
                source: data.source,
                rows: data.images.rows(),
                received_bytes: 0,
                total_bytes: 0,
                note: data.note.clone(),
            });
            Ok(Rc::new(data))
        })
    }

    fn load_test(&self) -> LocalBoxFuture<'static, Result<Images, String>> {
        let places = self.places.clone();
        Box::pin(async move { places.load_test(&mut |_| {}).map_err(|e| e.to_string()) })
    }
}
