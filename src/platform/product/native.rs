//! The product of two matrices natively: the gemm crate's kernels, as flex uses them, a large product on all cores.

use super::Matrix;
use std::mem::MaybeUninit;

/// Multiplications from which on a product is shared among the cores: below, waking them costs what it saves.
const SHARED_FROM: usize = 1 << 22;

/// Writes `row + a · b`, row-major, over all of `out`.
#[allow(unsafe_code)]
pub(crate) fn multiply(
    a: &Matrix<'_>,
    b: &Matrix<'_>,
    row: Option<&[f32]>,
    out: &mut [MaybeUninit<f32>],
) {
    let ([rows, inner], [_, columns]) = (a.sizes, b.sizes);
    let parallelism = if rows * inner * columns >= SHARED_FROM {
        gemm::Parallelism::Rayon(0)
    } else {
        gemm::Parallelism::None
    };
    if let Some(row) = row {
        for line in out.chunks_exact_mut(columns) {
            for (place, &value) in line.iter_mut().zip(row) {
                place.write(value);
            }
        }
    }
    // SAFETY: `matrix` has checked that all elements of both factors lie in their memory; `out` has a place for each result, and
    // is read before it is written only where a row was put into it. The kernel writes all of it.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr().cast::<f32>(),
            1,
            columns as isize,
            row.is_some(),
            a.elements.as_ptr(),
            a.strides[1] as isize,
            a.strides[0] as isize,
            b.elements.as_ptr(),
            b.strides[1] as isize,
            b.strides[0] as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}
