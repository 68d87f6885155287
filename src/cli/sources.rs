//! Where a native program finds Fashion-MNIST: a folder it is told, its cache, Debian's package, or a download.

mod download;

use crate::data::fashion_mnist::{
    DataFile, PUBLISHED, TEST_LABELS, TEST_PICTURES, TRAIN_LABELS, TRAIN_PICTURES, first_part,
};
use crate::data::{DataError, DataSet, Images, Unpacker, stand_in};
use kindling_protocol::DataSource;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

pub use download::Download;

/// The word that takes a folder's place to ask for the generated pictures.
pub const STAND_IN: &str = "stand-in";
/// Where the data set's authors publish it (plain HTTP: the checksums guard the content).
const ADDRESS: &str = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";
/// Where Debian's package `dataset-fashion-mnist` puts it.
const DEBIAN: &str = "/usr/share/datasets/fashion-mnist";

/// A data set that cannot be had, in a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum SourceError {
    #[error(
        "There is no {file} in {folder}. Give a folder with the four Fashion-MNIST files, or leave --data and KINDLING_DATA out."
    )]
    Missing { file: &'static str, folder: String },
    #[error("{path} cannot be read ({error}). Check that the file is yours to read.")]
    Unreadable { path: String, error: io::Error },
    #[error("In {folder}: {error} {cure}")]
    Damaged {
        folder: String,
        error: Box<DataError>,
        cure: String,
    },
    #[error(
        "{path} cannot be written ({error}). Check that the folder is yours and the disk has room."
    )]
    Unwritable { path: String, error: io::Error },
    #[error("The site needs the real data, and it is not to be had: {why}")]
    NoRealData { why: String },
    #[error(transparent)]
    Data(#[from] DataError),
}

/// The places to look, in order.
#[derive(Debug, Clone)]
pub struct Places {
    /// `--data`, or the environment variable `KINDLING_DATA`: this folder and no other. [`STAND_IN`] asks for the stand-in.
    pub told: Option<PathBuf>,
    /// Filled by downloads.
    pub cache: Option<PathBuf>,
    /// Filled by the system's package.
    pub system: PathBuf,
    /// Where to download from, ending in `/`.
    pub address: String,
}

/// Where a folder's files came from, which decides how to mend them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Told,
    Cache,
    System,
}

/// What was found.
enum Found {
    Folder(PathBuf, Origin),
    Nothing { why: String },
}

impl Places {
    /// This machine's places. `told` is what the user gave as `--data`.
    pub fn of_this_machine(told: Option<PathBuf>) -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
        let base = variable("XDG_CACHE_HOME")
            .or_else(|| variable("LOCALAPPDATA"))
            .map(PathBuf::from)
            .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".cache")));
        Self {
            told: told.or_else(|| variable("KINDLING_DATA").map(PathBuf::from)),
            cache: base.map(|b| b.join("kindling").join("fashion-mnist")),
            system: PathBuf::from(DEBIAN),
            address: ADDRESS.into(),
        }
    }

    /// The first `rows` rows of the training file, or the stand-in with a note on why.
    /// `progress` hears of a download, if there is one.
    ///
    /// # Errors
    /// When a folder the user named lacks a file, or a file is there and damaged.
    pub fn load(
        &self,
        rows: usize,
        progress: &mut dyn FnMut(&Download),
    ) -> Result<DataSet, SourceError> {
        match self.find(&[&TRAIN_PICTURES, &TRAIN_LABELS], progress)? {
            Found::Folder(folder, origin) => {
                let images = Images::new(
                    read(&folder, origin, &TRAIN_PICTURES)?,
                    read(&folder, origin, &TRAIN_LABELS)?,
                )?;
                Ok(DataSet {
                    images: images.first(rows)?,
                    source: DataSource::FashionMnist,
                    note: None,
                })
            }
            Found::Nothing { why } => Ok(stand_in::data_set(rows, &why)?),
        }
    }

    /// The test file's pictures.
    ///
    /// # Errors
    /// As [`Self::load`]; and when there is no real data.
    pub fn load_test(&self, progress: &mut dyn FnMut(&Download)) -> Result<Images, SourceError> {
        match self.find(&[&TEST_PICTURES, &TEST_LABELS], progress)? {
            Found::Folder(folder, origin) => Ok(Images::new(
                read(&folder, origin, &TEST_PICTURES)?,
                read(&folder, origin, &TEST_LABELS)?,
            )?),
            Found::Nothing { why } => Err(SourceError::NoRealData { why }),
        }
    }

    /// Writes into `out` what the page is served: the four files and the two of the first part. Returns their names.
    ///
    /// # Errors
    /// When there is no real data, a file is damaged, or `out` cannot be written.
    pub fn prepare(
        &self,
        out: &Path,
        progress: &mut dyn FnMut(&Download),
    ) -> Result<Vec<&'static str>, SourceError> {
        let (folder, origin) = match self.find(&PUBLISHED, progress)? {
            Found::Folder(folder, origin) => (folder, origin),
            Found::Nothing { why } => return Err(SourceError::NoRealData { why }),
        };
        std::fs::create_dir_all(out).map_err(|e| unwritable(out, e))?;
        let mut names = Vec::new();
        for file in PUBLISHED {
            // Read, and so checked, before it is passed on.
            let content = read(&folder, origin, file)?;
            let path = file_in(&folder, file);
            let packed = if path.ends_with(file.name) {
                std::fs::read(&path).map_err(|error| unreadable(&path, error))?
            } else {
                let whole = std::fs::read(&path).map_err(|error| unreadable(&path, error))?;
                crate::data::fashion_mnist::pack(file.name, &whole)?
            };
            write(&out.join(file.name), &packed)?;
            names.push(file.name);
            if *file == TRAIN_PICTURES {
                let labels = read(&folder, origin, &TRAIN_LABELS)?;
                for (name, packed) in first_part(&Images::new(content, labels)?)? {
                    write(&out.join(name), &packed)?;
                    names.push(name);
                }
            }
        }
        Ok(names)
    }

    fn find(
        &self,
        wanted: &[&DataFile],
        progress: &mut dyn FnMut(&Download),
    ) -> Result<Found, SourceError> {
        if let Some(folder) = &self.told {
            if folder == Path::new(STAND_IN) {
                return Ok(Found::Nothing {
                    why: "they were asked for.".into(),
                });
            }
            return match wanted.iter().find(|f| !is_in(folder, f)) {
                Some(file) => Err(SourceError::Missing {
                    file: file.name,
                    folder: folder.display().to_string(),
                }),
                None => Ok(Found::Folder(folder.clone(), Origin::Told)),
            };
        }
        let whole = |folder: &Path| wanted.iter().all(|f| is_in(folder, f));
        if let Some(cache) = self.cache.as_deref().filter(|c| whole(c)) {
            return Ok(Found::Folder(cache.into(), Origin::Cache));
        }
        if whole(&self.system) {
            return Ok(Found::Folder(self.system.clone(), Origin::System));
        }
        let Some(cache) = &self.cache else {
            return Ok(Found::Nothing {
                why: "no real files were found, and there is no folder to download them to (HOME is not set).".into(),
            });
        };
        for file in wanted.iter().filter(|f| !is_in(cache, f)) {
            if let Err(reason) = download::fetch(&self.address, file, cache, progress) {
                return Ok(Found::Nothing {
                    why: format!(
                        "no real files were found here, and the download of {} from {} failed ({reason}). Install Debian's package dataset-fashion-mnist, or put the four files into a folder and name it with --data.",
                        file.name, self.address
                    ),
                });
            }
        }
        Ok(Found::Folder(cache.clone(), Origin::Cache))
    }
}

/// The packed file, or the unpacked one where only that is there.
fn file_in(folder: &Path, file: &DataFile) -> PathBuf {
    let packed = folder.join(file.name);
    let unpacked = folder.join(file.unpacked_name());
    if !packed.is_file() && unpacked.is_file() {
        unpacked
    } else {
        packed
    }
}

fn is_in(folder: &Path, file: &DataFile) -> bool {
    file_in(folder, file).is_file()
}

fn read(folder: &Path, origin: Origin, file: &DataFile) -> Result<Vec<u8>, SourceError> {
    let path = file_in(folder, file);
    let damaged = |error| SourceError::Damaged {
        folder: folder.display().to_string(),
        error: Box::new(error),
        cure: match origin {
            Origin::Told => format!("To do so, replace it by the original from {ADDRESS}"),
            Origin::Cache => "To do so, delete it and start again.".into(),
            Origin::System => "To do so, reinstall the package dataset-fashion-mnist.".into(),
        },
    };
    let mut opened = File::open(&path).map_err(|error| unreadable(&path, error))?;
    let mut unpacker = Unpacker::new(*file);
    let mut piece = vec![0; 1 << 18];
    loop {
        match opened.read(&mut piece) {
            Ok(0) => return unpacker.finish().map_err(damaged),
            Ok(length) => unpacker.push(&piece[..length]).map_err(damaged)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(&path, error)),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), SourceError> {
    std::fs::write(path, bytes).map_err(|error| unwritable(path, error))
}

fn unreadable(path: &Path, error: io::Error) -> SourceError {
    SourceError::Unreadable {
        path: path.display().to_string(),
        error,
    }
}

fn unwritable(path: &Path, error: io::Error) -> SourceError {
    SourceError::Unwritable {
        path: path.display().to_string(),
        error,
    }
}
