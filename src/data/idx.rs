//! The IDX format of the MNIST family: a magic number, big-endian sizes, then bytes.
//!
//! Byte 3 of the magic number says the type of the elements (8: unsigned byte), byte 4 how many sizes follow.

use super::DataError;

/// Pixels in a picture, 28 rows of 28.
pub const PIXELS: usize = SIDE * SIDE;
/// Rows and columns of a picture.
pub const SIDE: usize = 28;
/// Classes; labels are below it.
pub const CLASSES: u8 = 10;

const PICTURES_MAGIC: [u8; 4] = [0, 0, 8, 3];
const LABELS_MAGIC: [u8; 4] = [0, 0, 8, 1];
const PICTURES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;

/// Reads a file of 28x28 pictures. Returns the pixels, `[rows, 784]`.
///
/// # Errors
/// When `bytes` are no such file, or more or fewer than its header says. `file` names it in the sentence.
pub fn parse_pictures(file: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>, DataError> {
    check_magic(file, &bytes, PICTURES_MAGIC)?;
    let rows = size(file, &bytes, 1)?;
    let (height, width) = (size(file, &bytes, 2)?, size(file, &bytes, 3)?);
    if (height as usize, width as usize) != (SIDE, SIDE) {
        return Err(DataError::PictureSize {
            file: file.into(),
            height,
            width,
        });
    }
    check_length(file, bytes.len(), PICTURES_HEADER, rows, PIXELS)?;
    bytes.drain(..PICTURES_HEADER);
    Ok(bytes)
}

/// Reads a file of labels. Returns them, `[rows]`.
///
/// # Errors
/// As [`parse_pictures`], and when a label is not below 10.
pub fn parse_labels(file: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>, DataError> {
    check_magic(file, &bytes, LABELS_MAGIC)?;
    let rows = size(file, &bytes, 1)?;
    check_length(file, bytes.len(), LABELS_HEADER, rows, 1)?;
    bytes.drain(..LABELS_HEADER);
    match bytes.iter().position(|&label| label >= CLASSES) {
        Some(row) => Err(DataError::Label {
            file: file.into(),
            row,
            label: bytes[row],
        }),
        None => Ok(bytes),
    }
}

/// The file that [`parse_pictures`] reads back. `pixels` are `[rows, 784]`.
pub fn write_pictures(pixels: &[u8]) -> Vec<u8> {
    let rows = (pixels.len() / PIXELS) as u32;
    let mut bytes = PICTURES_MAGIC.to_vec();
    for size in [rows, SIDE as u32, SIDE as u32] {
        bytes.extend(size.to_be_bytes());
    }
    bytes.extend(pixels);
    bytes
}

/// The file that [`parse_labels`] reads back.
pub fn write_labels(labels: &[u8]) -> Vec<u8> {
    let mut bytes = LABELS_MAGIC.to_vec();
    bytes.extend((labels.len() as u32).to_be_bytes());
    bytes.extend(labels);
    bytes
}

fn check_magic(file: &str, bytes: &[u8], expected: [u8; 4]) -> Result<(), DataError> {
    let found = bytes.get(..4).ok_or_else(|| DataError::Truncated {
        file: file.into(),
        found: bytes.len(),
        expected: 4,
    })?;
    if found == expected {
        return Ok(());
    }
    let hex = |b: &[u8]| {
        let digits: Vec<String> = b.iter().map(|b| format!("{b:02x}")).collect();
        digits.join(" ")
    };
    Err(DataError::Magic {
        file: file.into(),
        found: hex(found),
        expected: hex(&expected),
    })
}

/// The big-endian size that is word `at` of the header.
fn size(file: &str, bytes: &[u8], at: usize) -> Result<u32, DataError> {
    bytes
        .get(4 * at..4 * at + 4)
        .and_then(|word| word.try_into().ok())
        .map(u32::from_be_bytes)
        .ok_or_else(|| DataError::Truncated {
            file: file.into(),
            found: bytes.len(),
            expected: 4 * at + 4,
        })
}

fn check_length(
    file: &str,
    found: usize,
    header: usize,
    rows: u32,
    row: usize,
) -> Result<(), DataError> {
    let expected = (rows as usize).saturating_mul(row).saturating_add(header);
    let file = file.to_string();
    match found.cmp(&expected) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(DataError::Truncated {
            file,
            found,
            expected,
        }),
        std::cmp::Ordering::Greater => Err(DataError::TooLong { file, expected }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence<T>(result: Result<T, DataError>) -> String {
        result.err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn files_are_laid_out_as_published() {
        // The first bytes of the published train-labels-idx1-ubyte and train-images-idx3-ubyte.
        let labels = [0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 0];
        assert_eq!(write_labels(&[9, 0, 0]), labels);
        assert_eq!(parse_labels("labels", labels.into()), Ok(vec![9, 0, 0]));
        let pixels = vec![7; 2 * PIXELS];
        let pictures = write_pictures(&pixels);
        assert_eq!(
            pictures[..17],
            [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, 7]
        );
        assert_eq!(parse_pictures("pictures", pictures), Ok(pixels));
    }

    #[test]
    fn bad_files_are_refused_with_a_sentence() {
        let pictures = write_pictures(&[0; 2 * PIXELS]);
        let labels = write_labels(&[1, 2, 10]);
        assert_eq!(
            sentence(parse_labels("a", labels)),
            "a holds the label 10 at row 2: the classes are 0 to 9. Give the original Fashion-MNIST file."
        );
        assert_eq!(
            sentence(parse_labels("b", pictures.clone())),
            "b is no IDX file: it begins with the bytes 00 00 08 03 where 00 00 08 01 were expected. Give the original Fashion-MNIST file."
        );
        let cut = pictures[..1_000].to_vec();
        assert!(sentence(parse_pictures("c", cut)).contains("ends after 1000 bytes where 1584"));
        let cut = pictures[..10].to_vec();
        assert!(sentence(parse_pictures("c", cut)).contains("ends after 10 bytes where 12"));
        assert!(sentence(parse_labels("c", vec![])).contains("ends after 0 bytes where 4"));
        let mut long = pictures.clone();
        long.push(0);
        assert!(sentence(parse_pictures("d", long)).contains("more than the expected 1584 bytes"));
        let mut floats = pictures.clone();
        floats[2] = 0x0d;
        assert!(sentence(parse_pictures("e", floats)).contains("00 00 0d 03"));
        let mut wide = pictures.clone();
        wide[15] = 32;
        assert!(sentence(parse_pictures("f", wide)).contains("28 x 32 pixels"));
        let mut huge = pictures;
        huge[4..8].fill(0xff);
        assert!(sentence(parse_pictures("g", huge)).contains("ends after 1584 bytes"));
    }
}
