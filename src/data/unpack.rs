//! Unpacks and checks a data file piece by piece, as it arrives.

use super::DataError;
use super::fashion_mnist::{DataFile, parse};
use flate2::write::GzDecoder;
use sha2::{Digest as _, Sha256};
use std::io::{self, Write};

/// The two bytes every gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Takes a file's bytes as they come, packed or unpacked, and gives its content when it is whole and right.
pub struct Unpacker {
    file: DataFile,
    stage: Stage,
}

enum Stage {
    /// Fewer than two bytes so far: packed or not is not known.
    Undecided(Vec<u8>),
    Packed(Box<GzDecoder<Checked>>),
    Plain(Box<Checked>),
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unpacker({})", self.file.name)
    }
}

impl Unpacker {
    /// For the content of `file`.
    pub fn new(file: DataFile) -> Self {
        Self {
            file,
            stage: Stage::Undecided(Vec::new()),
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// When they cannot be unpacked, or the content grows longer than the file's.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        let result = match &mut self.stage {
            Stage::Undecided(begun) => {
                begun.extend(bytes);
                let begun = std::mem::take(begun);
                if begun.len() < GZIP.len() {
                    self.stage = Stage::Undecided(begun);
                    return Ok(());
                }
                let sink = Checked::new(self.file.unpacked_bytes());
                self.stage = if begun.starts_with(&GZIP) {
                    Stage::Packed(Box::new(GzDecoder::new(sink)))
                } else {
                    Stage::Plain(Box::new(sink))
                };
                return self.push(&begun);
            }
            Stage::Packed(decoder) => decoder.write_all(bytes),
            Stage::Plain(sink) => sink.write_all(bytes),
        };
        result.map_err(|e| self.refusal(&e))
    }

    /// The content, checked by length and SHA-256 and read: pixels `[rows, 784]` or labels `[rows]`.
    ///
    /// # Errors
    /// When the file is cut short, damaged or another one.
    pub fn finish(self) -> Result<Vec<u8>, DataError> {
        let file = self.file;
        let sink = match self.stage {
            Stage::Undecided(begun) => {
                return Err(DataError::Truncated {
                    file: file.name.into(),
                    found: begun.len(),
                    expected: file.unpacked_bytes(),
                });
            }
            Stage::Packed(decoder) => decoder.finish().map_err(|e| DataError::Unpack {
                file: file.name.into(),
                reason: e.to_string(),
            })?,
            Stage::Plain(sink) => *sink,
        };
        if sink.content.len() < file.unpacked_bytes() {
            return Err(DataError::Truncated {
                file: file.name.into(),
                found: sink.content.len(),
                expected: file.unpacked_bytes(),
            });
        }
        let digest = sink.hash.finalize();
        let found: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        if found != file.sha256 {
            return Err(DataError::Checksum {
                file: file.name.into(),
                found,
                expected: file.sha256.into(),
            });
        }
        parse(&file, sink.content)
    }

    fn refusal(&self, error: &io::Error) -> DataError {
        let file = self.file.name.into();
        if error.kind() == io::ErrorKind::FileTooLarge {
            return DataError::TooLong {
                file,
                expected: self.file.unpacked_bytes(),
            };
        }
        DataError::Unpack {
            file,
            reason: error.to_string(),
        }
    }
}

/// Collects content and its hash, and refuses more than is expected: a small file can unpack to a huge one.
struct Checked {
    content: Vec<u8>,
    hash: Sha256,
    limit: usize,
}

impl Checked {
    fn new(limit: usize) -> Self {
        Self {
            content: Vec::with_capacity(limit),
            hash: Sha256::new(),
            limit,
        }
    }
}

impl Write for Checked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.content.len() + bytes.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.content.extend(bytes);
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
