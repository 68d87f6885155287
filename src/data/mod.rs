//! The data sets and how they are dealt out.

mod error;
pub mod fashion_mnist;
pub mod idx;
mod images;
mod loader;
mod split;
pub mod stand_in;
mod unpack;

pub use error::DataError;
pub use images::{DataSet, Images};
pub use loader::EpochOrder;
pub use split::{SPLIT_SEED, Split, SplitError, TEST_SIZE, permutation, train_test_split};
pub use unpack::Unpacker;
