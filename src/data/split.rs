//! `sklearn.model_selection.train_test_split` of row numbers, and numpy's legacy permutation under it.

use crate::random::Mt19937;
use kindling_protocol::ExperimentConfig;

/// `random_state` of the lab's split.
pub const SPLIT_SEED: u32 = 42;
/// `test_size` of the lab's split.
pub const TEST_SIZE: f64 = 0.2;

/// A split that would leave a part empty.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "With n_samples={rows} and test_size={test_size}, the resulting train or test set will be empty. Use more rows, or a test_size between 0 and 1."
)]
pub struct SplitError {
    rows: usize,
    test_size: f64,
}

/// Rows of the training file, shared out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to learn from, in scikit-learn's order.
    pub train_rows: Vec<u32>,
    /// Rows to test on, in scikit-learn's order.
    pub test_rows: Vec<u32>,
}

impl Split {
    /// The split of a configuration's first `rows` rows, `test_size=0.2, random_state=42`.
    ///
    /// # Errors
    /// When there are too few rows for both parts.
    pub fn of(config: &ExperimentConfig) -> Result<Self, SplitError> {
        train_test_split(config.rows, TEST_SIZE, SPLIT_SEED)
    }
}

/// `train_test_split(range(rows), test_size=test_size, random_state=seed)`.
///
/// # Errors
/// When `test_size` is not between 0 and 1, or a part would be empty.
pub fn train_test_split(rows: usize, test_size: f64, seed: u32) -> Result<Split, SplitError> {
    let refused = SplitError { rows, test_size };
    if !(test_size > 0.0 && test_size < 1.0) {
        return Err(refused);
    }
    let tests = (test_size * rows as f64).ceil() as usize;
    let Some(rows) = u32::try_from(rows).ok().filter(|_| rows > tests) else {
        return Err(refused);
    };
    // scikit-learn takes the test rows from the front of the permutation.
    let mut test_rows = permutation(rows, seed);
    let train_rows = test_rows.split_off(tests);
    Ok(Split {
        train_rows,
        test_rows,
    })
}

/// `numpy.random.RandomState(seed).permutation(n)`.
pub fn permutation(n: u32, seed: u32) -> Vec<u32> {
    let mut mt = Mt19937::new(seed);
    let mut order: Vec<u32> = (0..n).collect();
    for last in (1..n).rev() {
        // Masked rejection: draws above `last` are thrown away, so that every place is equally likely.
        let mask = u32::MAX >> last.leading_zeros();
        let place = loop {
            let draw = mt.next_u32() & mask;
            if draw <= last {
                break draw;
            }
        };
        order.swap(last as usize, place as usize);
    }
    order
}
