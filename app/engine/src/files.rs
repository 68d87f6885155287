//! The data set in the browser: a small first part, so that training can start at once, then the rest, streamed.

use crate::fetch::{self, FetchError};
use futures_util::future::LocalBoxFuture;
use kindling::data::fashion_mnist::{
    DataFile, FIRST_LABELS, FIRST_PICTURES, FIRST_ROWS, TEST_LABELS, TEST_PICTURES, TRAIN_LABELS,
    TRAIN_PICTURES,
};
use kindling::data::{DataError, DataSet, Images, Unpacker, stand_in};
use kindling::session::{DataPort, DataProgress};
use kindling_protocol::{DataSource, DataState};
use std::cell::Cell;
use std::rc::Rc;

/// Rows of a stand-in at least: what the presets need.
const STAND_IN_ROWS: usize = 6_000;
/// Bytes between two progress events.
const NEWS_BYTES: u64 = 1 << 18;

/// Loads the data set by parts.
#[derive(Default)]
pub struct Files {
    rows_there: Rc<Cell<usize>>,
}

enum Trouble {
    Fetch(FetchError),
    Data(DataError),
}

impl DataPort for Files {
    fn load(
        &self,
        rows: usize,
        progress: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>> {
        let there = self.rows_there.clone();
        Box::pin(async move {
            let data = match part(rows, &there, &progress).await {
                Ok(images) => DataSet {
                    images,
                    source: DataSource::FashionMnist,
                    note: None,
                },
                Err(Trouble::Data(error)) => return Err(error.to_string()),
                Err(Trouble::Fetch(FetchError::Broken(reason))) if there.get() > 0 => {
                    return Err(format!(
                        "The rest of the data did not come ({reason}). The {} rows that are there can be used; ask for more rows to try again.",
                        there.get()
                    ));
                }
                Err(Trouble::Fetch(FetchError::Missing(reason) | FetchError::Broken(reason))) => {
                    let why = format!("Fashion-MNIST could not be had from this site ({reason}).");
                    stand_in::data_set(rows.max(STAND_IN_ROWS), &why).map_err(|e| e.to_string())?
                }
            };
            there.set(data.images.rows());
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
        let there = self.rows_there.clone();
        Box::pin(async move {
            let silent: DataProgress = Rc::new(|_| {});
            let both = pair(TEST_PICTURES, TEST_LABELS, &there, &silent);
            both.await.map_err(|trouble| match trouble {
                Trouble::Data(error) => error.to_string(),
                Trouble::Fetch(FetchError::Missing(reason) | FetchError::Broken(reason)) => {
                    format!("The test pictures could not be had from this site ({reason}).")
                }
            })
        })
    }
}

async fn part(
    rows: usize,
    there: &Cell<usize>,
    progress: &DataProgress,
) -> Result<Images, Trouble> {
    if rows <= FIRST_ROWS {
        match pair(FIRST_PICTURES, FIRST_LABELS, there, progress).await {
            // A folder with the published files alone will do.
            Err(Trouble::Fetch(FetchError::Missing(_))) => {}
            had => return had,
        }
    }
    pair(TRAIN_PICTURES, TRAIN_LABELS, there, progress).await
}

async fn pair(
    pictures: DataFile,
    labels: DataFile,
    there: &Cell<usize>,
    progress: &DataProgress,
) -> Result<Images, Trouble> {
    let labels = file(labels, there, progress).await?;
    let pixels = file(pictures, there, progress).await?;
    Images::new(pixels, labels).map_err(Trouble::Data)
}

async fn file(
    file: DataFile,
    there: &Cell<usize>,
    progress: &DataProgress,
) -> Result<Vec<u8>, Trouble> {
    // The first part is this project's own: no other folder has it.
    let local = [FIRST_PICTURES, FIRST_LABELS].contains(&file);
    let arriving = match fetch::open(file.name, local).await {
        // Some folders hold the files unpacked.
        Err(FetchError::Missing(_)) if !local => fetch::open(file.unpacked_name(), local).await,
        arriving => arriving,
    };
    let mut arriving = arriving.map_err(Trouble::Fetch)?;
    let mut unpacker = Unpacker::new(file);
    let (mut received, mut told) = (0_u64, 0_u64);
    loop {
        let chunk = match arriving.next().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) => {
                arriving.discard().await;
                return Err(Trouble::Fetch(error));
            }
        };
        received += chunk.len() as u64;
        if let Err(error) = unpacker.push(&chunk) {
            arriving.discard().await;
            return Err(Trouble::Data(error));
        }
        // With the last piece comes the end, which is said when the content is found right.
        if received - told >= NEWS_BYTES && received < arriving.total_bytes {
            told = received;
            progress(DataState {
                source: DataSource::FashionMnist,
                rows: there.get(),
                received_bytes: received,
                total_bytes: arriving.total_bytes,
                note: None,
            });
        }
    }
    match unpacker.finish() {
        Ok(content) => {
            arriving.kept().await;
            Ok(content)
        }
        Err(error) => {
            arriving.discard().await;
            Err(Trouble::Data(error))
        }
    }
}
