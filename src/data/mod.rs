//! The data sets and how they are dealt out.

mod loader;
mod split;

pub use loader::EpochOrder;
pub use split::{SPLIT_SEED, Split, SplitError, TEST_SIZE, permutation, train_test_split};
