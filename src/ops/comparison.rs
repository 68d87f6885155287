//! Comparisons, element by element; no gradient flows through them.

use super::argument::Arguments;
use super::methods::methods;
use super::operands::{OTHER, common_dtype, dtype_with, pairs, ranked};
use super::{Argument, Computed, Gradient, Operation, Reads};
use crate::error::Result;
use crate::tensor::kernels::{self, Primitive};
use crate::tensor::layout::broadcast_sizes;
use crate::tensor::{DType, Tensor};
use burn::backend::Dispatch;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};

struct Comparison {
    float: fn(Primitive, Primitive, burn::tensor::BoolStore) -> Primitive,
    int: fn(Primitive, Primitive, burn::tensor::BoolStore) -> Primitive,
}

impl Comparison {
    fn compute(&self, op: &'static str, a: &[Argument]) -> Result<Computed> {
        let a = Arguments { op, list: a };
        let x = a.tensor(0)?;
        let number;
        let y = match a.given(1)? {
            Argument::Tensor(y) => y,
            other => {
                let dtype = dtype_with(x, other);
                number = match other {
                    Argument::Int(n) if dtype == DType::Int64 => {
                        Tensor::from_i64(&[*n], &[], x.device())?
                    }
                    _ => Tensor::full(&[], a.scalar(1)?, dtype, x.device())?,
                };
                &number
            }
        };
        let dtype = match common_dtype(x, y) {
            DType::Bool => DType::Int64,
            other => other,
        };
        let sizes = broadcast_sizes(x.sizes(), y.sizes())?;
        // Burn's comparisons want equal shapes on some devices.
        let whole = |t: &Tensor| kernels::expand(ranked(t, dtype, sizes.len()), dtype, &sizes);
        let kernel = if dtype.is_floating_point() {
            self.float
        } else {
            self.int
        };
        let p = kernel(whole(x), whole(y), x.device().bool_dtype());
        Ok(Tensor::from_primitive(p, DType::Bool, x.device(), sizes).into())
    }
}

macro_rules! comparison {
    ($constant:ident, $name:literal, $doc:literal, $float:expr, $int:expr) => {
        pub(super) static $constant: Operation = Operation {
            name: $name,
            category: "comparison",
            doc: $doc,
            parameters: &[OTHER],
            reads: Reads::Nothing,
            forward: |a| {
                Comparison {
                    float: $float,
                    int: $int,
                }
                .compute($name, a)
            },
            gradient: Gradient::Stops,
            samples: pairs,
        };
    };
}

comparison!(
    EQ,
    "eq",
    "True where both are equal.",
    Dispatch::float_equal,
    Dispatch::int_equal
);
comparison!(
    NE,
    "ne",
    "True where they differ.",
    Dispatch::float_not_equal,
    Dispatch::int_not_equal
);
comparison!(
    GT,
    "gt",
    "True where input is greater.",
    Dispatch::float_greater,
    Dispatch::int_greater
);
comparison!(
    GE,
    "ge",
    "True where input is greater or equal.",
    Dispatch::float_greater_equal,
    Dispatch::int_greater_equal
);
comparison!(
    LT,
    "lt",
    "True where input is less.",
    Dispatch::float_lower,
    Dispatch::int_lower
);
comparison!(
    LE,
    "le",
    "True where input is less or equal.",
    Dispatch::float_lower_equal,
    Dispatch::int_lower_equal
);

methods! {
    /// `self == other`, element by element.
    eq => EQ(other: impl Into<Argument>);
    /// `self != other`, element by element.
    ne => NE(other: impl Into<Argument>);
    /// `self > other`
    gt => GT(other: impl Into<Argument>);
    /// `self >= other`
    ge => GE(other: impl Into<Argument>);
    /// `self < other`
    lt => LT(other: impl Into<Argument>);
    /// `self <= other`
    le => LE(other: impl Into<Argument>);
}
