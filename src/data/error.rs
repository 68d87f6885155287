//! What can be wrong with a data file, in sentences that name it and say what to do.

/// An IDX file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum DataError {
    #[error("There is no file {name} in this data set: the files are {known}.")]
    UnknownFile { name: String, known: String },
    #[error(
        "{file} cannot be unpacked ({reason}): it is cut short or damaged. Fetch the file again."
    )]
    Unpack { file: String, reason: String },
    #[error(
        "{file} ends after {found} bytes where {expected} were expected: it is cut short. Fetch the file again."
    )]
    Truncated {
        file: String,
        found: usize,
        expected: usize,
    },
    #[error(
        "{file} unpacks to more than the expected {expected} bytes: it is another file. Fetch the file again."
    )]
    TooLong { file: String, expected: usize },
    #[error(
        "{file} fails its checksum: SHA-256 {found} where {expected} was expected. It is damaged or another version. Fetch the file again."
    )]
    Checksum {
        file: String,
        found: String,
        expected: String,
    },
    #[error(
        "{file} is no IDX file: it begins with the bytes {found} where {expected} were expected. Give the original Fashion-MNIST file."
    )]
    Magic {
        file: String,
        found: String,
        expected: String,
    },
    #[error(
        "{file} holds pictures of {height} x {width} pixels where 28 x 28 were expected. Give the original Fashion-MNIST file."
    )]
    PictureSize {
        file: String,
        height: u32,
        width: u32,
    },
    #[error(
        "{file} holds the label {label} at row {row}: the classes are 0 to 9. Give the original Fashion-MNIST file."
    )]
    Label { file: String, row: usize, label: u8 },
    #[error(
        "There are {pictures} pictures but {labels} labels: the two files do not belong together. Fetch both again."
    )]
    RowsDiffer { pictures: usize, labels: usize },
    #[error("Row {row} is wanted of {rows}: use fewer rows, or load more of the data set.")]
    Row { row: usize, rows: usize },
}
