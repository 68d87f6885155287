//! All entries, in the order lists show them.

use super::{
    Operation, arithmetic, comparison, functions, index, loss, matmul, normalization, power,
    reduction, shape,
};

static TABLE: &[&Operation] = &[
    &arithmetic::ADD,
    &arithmetic::SUB,
    &arithmetic::RSUB,
    &arithmetic::MUL,
    &arithmetic::DIV,
    &power::POW,
    &functions::NEG,
    &functions::ABS,
    &functions::EXP,
    &functions::LOG,
    &functions::SQRT,
    &functions::SIN,
    &functions::COS,
    &functions::TANH,
    &functions::SIGMOID,
    &functions::RELU,
    &functions::THRESHOLD_BACKWARD,
    &functions::CLAMP,
    &comparison::EQ,
    &comparison::NE,
    &comparison::GT,
    &comparison::GE,
    &comparison::LT,
    &comparison::LE,
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
