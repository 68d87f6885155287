//! All entries, in the order lists show them.

use super::{Operation, index, loss, matmul, normalization, pointwise, reduction, shape};

static TABLE: &[&Operation] = &[
    &pointwise::ADD,
    &pointwise::SUB,
    &pointwise::RSUB,
    &pointwise::MUL,
    &pointwise::DIV,
    &pointwise::POW,
    &pointwise::NEG,
    &pointwise::ABS,
    &pointwise::EXP,
    &pointwise::LOG,
    &pointwise::SQRT,
    &pointwise::SIN,
    &pointwise::COS,
    &pointwise::TANH,
    &pointwise::SIGMOID,
    &pointwise::RELU,
    &pointwise::THRESHOLD_BACKWARD,
    &pointwise::CLAMP,
    &pointwise::EQ,
    &pointwise::NE,
    &pointwise::GT,
    &pointwise::GE,
    &pointwise::LT,
    &pointwise::LE,
    &reduction::SUM,
    &reduction::MEAN,
    &reduction::ARGMAX,
    &reduction::SOFTMAX,
    &reduction::LOG_SOFTMAX,
    &shape::RESHAPE,
    &shape::VIEW,
    &shape::FLATTEN,
    &shape::TRANSPOSE,
    &shape::T,
    &shape::PERMUTE,
    &shape::EXPAND,
    &shape::UNSQUEEZE,
    &shape::SQUEEZE,
    &shape::CLONE,
    &matmul::MM,
    &matmul::ADDMM,
    &matmul::MATMUL,
    &matmul::LINEAR,
    &index::SELECT,
    &index::NARROW,
    &index::GATHER,
    &index::SCATTER_ADD,
    &normalization::BATCH_NORM,
    &loss::NLL_LOSS,
    &loss::CROSS_ENTROPY,
    &loss::BINARY_CROSS_ENTROPY,
];

/// Every entry of the table.
pub fn all() -> &'static [&'static Operation] {
    TABLE
}

/// The entry of this name.
pub fn find(name: &str) -> Option<&'static Operation> {
    TABLE.iter().copied().find(|o| o.name == name)
}
