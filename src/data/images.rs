//! Labelled 28x28 pictures, kept as the bytes they come in and normalised a batch at a time.

use super::DataError;
use super::idx::PIXELS;
use kindling_protocol::DataSource;

/// Pictures and their classes.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Images({} rows)", self.rows())
    }
}

/// Training pictures and where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSet {
    /// The rows of the training file that are there.
    pub images: Images,
    /// Real or generated.
    pub source: DataSource,
    /// A sentence for the user where something is odd: a stand-in, and why.
    pub note: Option<String>,
}

impl Images {
    /// Puts pixels, `[rows, 784]`, and labels, `[rows]`, together.
    ///
    /// # Errors
    /// When there are not 784 pixels for every label.
    pub fn new(pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self, DataError> {
        if pixels.len() == labels.len() * PIXELS {
            Ok(Self { pixels, labels })
        } else {
            Err(DataError::RowsDiffer {
                pictures: pixels.len() / PIXELS,
                labels: labels.len(),
            })
        }
    }

    /// How many pictures there are.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// All pixels, `[rows, 784]`, 0 black to 255 white.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All classes, `[rows]`, 0 to 9.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The 784 pixels of one row.
    ///
    /// # Errors
    /// When there is no such row.
    pub fn picture(&self, row: usize) -> Result<&[u8], DataError> {
        row.checked_mul(PIXELS)
            .and_then(|at| self.pixels.get(at..at + PIXELS))
            .ok_or(DataError::Row {
                row,
                rows: self.rows(),
            })
    }

    /// `torch.tensor(pixels[rows], dtype=torch.float32) / 255`, `[batch, 784]` in row-major order. Divided, not looked up in a
    /// table: the compiler divides several at once.
    ///
    /// # Errors
    /// When a row is not there.
    pub fn normalise(&self, rows: &[u32]) -> Result<Vec<f32>, DataError> {
        let mut values = Vec::with_capacity(rows.len() * PIXELS);
        for &row in rows {
            let picture = self.picture(row as usize)?;
            values.extend(picture.iter().map(|&p| f32::from(p) / 255.0));
        }
        Ok(values)
    }

    /// The classes of some rows, `[batch]`, as `torch.int64` holds them.
    ///
    /// # Errors
    /// When a row is not there.
    pub fn targets(&self, rows: &[u32]) -> Result<Vec<i64>, DataError> {
        rows.iter()
            .map(|&row| {
                let label = self.labels.get(row as usize);
                label.map(|&l| i64::from(l)).ok_or(DataError::Row {
                    row: row as usize,
                    rows: self.rows(),
                })
            })
            .collect()
    }

    /// The first `rows` rows.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn first(&self, rows: usize) -> Result<Self, DataError> {
        if rows > self.rows() {
            return Err(DataError::Row {
                row: rows.saturating_sub(1),
                rows: self.rows(),
            });
        }
        Ok(Self {
            pixels: self.pixels[..rows * PIXELS].to_vec(),
            labels: self.labels[..rows].to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_normalised_row_by_row() -> Result<(), DataError> {
        let mut pixels = vec![0; 3 * PIXELS];
        pixels[0] = 255;
        pixels[2 * PIXELS + 1] = 51;
        let images = Images::new(pixels, vec![4, 5, 6])?;
        let batch = images.normalise(&[2, 0])?;
        assert_eq!(batch.len(), 2 * PIXELS);
        // 51 / 255 is 0.2 in float32, as numpy gives it.
        assert_eq!((batch[0], batch[1], batch[PIXELS]), (0.0, 0.2, 1.0));
        assert_eq!(images.targets(&[2, 0])?, [6, 4]);
        assert_eq!(images.first(1)?.labels(), [4]);
        Ok(())
    }

    #[test]
    fn rows_that_are_not_there_are_refused() -> Result<(), DataError> {
        let images = Images::new(vec![0; PIXELS], vec![0])?;
        let wanted = DataError::Row { row: 1, rows: 1 };
        assert_eq!(images.normalise(&[0, 1]), Err(wanted.clone()));
        assert_eq!(images.targets(&[1]), Err(wanted.clone()));
        assert_eq!(images.first(2), Err(wanted));
        assert_eq!(
            Images::new(vec![0; PIXELS], vec![0, 1]),
            Err(DataError::RowsDiffer {
                pictures: 1,
                labels: 2
            })
        );
        Ok(())
    }
}
