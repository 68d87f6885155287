//! The four files of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017) and their first part.
//!
//! The checksums are of the unpacked content, so that a file packed anew is still the same file.

use super::idx::{self, PIXELS};
use super::unpack::Unpacker;
use super::{DataError, Images};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// Rows of the first part: the subset of the course's notebooks.
pub const FIRST_ROWS: usize = 6_000;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// 28x28 pictures.
    Pictures,
    /// Classes.
    Labels,
}

/// A file of the data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataFile {
    /// Its name, packed: ends in `.gz`.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
    /// Rows.
    pub rows: usize,
    /// SHA-256 of the unpacked content, in hexadecimal digits.
    pub sha256: &'static str,
}

impl DataFile {
    /// Bytes of the unpacked content.
    pub const fn unpacked_bytes(&self) -> usize {
        match self.content {
            Content::Pictures => 16 + self.rows * PIXELS,
            Content::Labels => 8 + self.rows,
        }
    }

    /// Its name, unpacked.
    pub fn unpacked_name(&self) -> &'static str {
        self.name.trim_end_matches(".gz")
    }
}

/// Pictures to learn from.
pub const TRAIN_PICTURES: DataFile = DataFile {
    name: "train-images-idx3-ubyte.gz",
    content: Content::Pictures,
    rows: 60_000,
    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
};
/// Their classes.
pub const TRAIN_LABELS: DataFile = DataFile {
    name: "train-labels-idx1-ubyte.gz",
    content: Content::Labels,
    rows: 60_000,
    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
};
/// The data set's own test pictures.
pub const TEST_PICTURES: DataFile = DataFile {
    name: "t10k-images-idx3-ubyte.gz",
    content: Content::Pictures,
    rows: 10_000,
    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
};
/// Their classes.
pub const TEST_LABELS: DataFile = DataFile {
    name: "t10k-labels-idx1-ubyte.gz",
    content: Content::Labels,
    rows: 10_000,
    sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
};
/// The first rows of [`TRAIN_PICTURES`].
pub const FIRST_PICTURES: DataFile = DataFile {
    name: "train-first-6000-images-idx3-ubyte.gz",
    content: Content::Pictures,
    rows: FIRST_ROWS,
    sha256: "6dded81672539b5d148c1a85358069d1808c316dc6f6c0abfd12ba3ced5dd394",
};
/// The first rows of [`TRAIN_LABELS`].
pub const FIRST_LABELS: DataFile = DataFile {
    name: "train-first-6000-labels-idx1-ubyte.gz",
    content: Content::Labels,
    rows: FIRST_ROWS,
    sha256: "d7c464914ae4b919728c5c99c3cdde5a0259febf1e99ddc6927a15768731d7dc",
};

/// The four files as published.
pub const PUBLISHED: [&DataFile; 4] =
    [&TRAIN_PICTURES, &TRAIN_LABELS, &TEST_PICTURES, &TEST_LABELS];
/// All files, with those of the first part.
pub const FILES: [&DataFile; 6] = [
    &TRAIN_PICTURES,
    &TRAIN_LABELS,
    &TEST_PICTURES,
    &TEST_LABELS,
    &FIRST_PICTURES,
    &FIRST_LABELS,
];

/// Unpacks, checks and reads the file called `name`: pixels `[rows, 784]` or labels `[rows]`.
/// `bytes` may be packed or unpacked already, since a server may unpack on the way.
///
/// # Errors
/// When there is no such file, or the bytes are not its content.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Vec<u8>, DataError> {
    let Some(file) = FILES
        .into_iter()
        .find(|f| f.name == name || f.unpacked_name() == name)
    else {
        let known: Vec<&str> = FILES.iter().map(|f| f.name).collect();
        return Err(DataError::UnknownFile {
            name: name.into(),
            known: known.join(", "),
        });
    };
    let mut unpacker = Unpacker::new(*file);
    unpacker.push(bytes)?;
    unpacker.finish()
}

/// Reads the content of a checked file.
pub(super) fn parse(file: &DataFile, content: Vec<u8>) -> Result<Vec<u8>, DataError> {
    match file.content {
        Content::Pictures => idx::parse_pictures(file.name, content),
        Content::Labels => idx::parse_labels(file.name, content),
    }
}

/// The files of the first part, made from the whole training set: name and packed bytes.
///
/// # Errors
/// When there are fewer than 6,000 rows.
pub fn first_part(train: &Images) -> Result<[(&'static str, Vec<u8>); 2], DataError> {
    let first = train.first(FIRST_ROWS)?;
    Ok([
        (
            FIRST_PICTURES.name,
            pack(FIRST_PICTURES.name, &idx::write_pictures(first.pixels()))?,
        ),
        (
            FIRST_LABELS.name,
            pack(FIRST_LABELS.name, &idx::write_labels(first.labels()))?,
        ),
    ])
}

/// Packs a file's content with gzip; without time and name, so that equal content gives equal bytes.
///
/// # Errors
/// Never in practice: packing into memory does not fail.
pub fn pack(file: &str, content: &[u8]) -> Result<Vec<u8>, DataError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .map_err(|e| DataError::Unpack {
            file: file.into(),
            reason: e.to_string(),
        })
}
