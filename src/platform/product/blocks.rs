//! Products of matrices for a CPU with vectors of four floats, which is what WebAssembly has. The gemm crate's kernels are made for
//! wider ones; on the shapes of a small network ours are twice as fast in a browser (docs/measurements.md).

use super::Matrix;
use super::lanes::{Lanes, load, madd, splat, sum, to_array};
use std::mem::MaybeUninit;

/// Rows of a tile of results that are sums of rows. Four rows of two vectors are eight sums: as many as keep the adders busy while
/// the sixteen registers of x86-64 still hold the factors.
const ROWS: usize = 4;
/// Vectors in a row of such a tile.
const VECTORS: usize = 2;
/// Floats in a row of such a tile.
const COLUMNS: usize = 4 * VECTORS;
/// Rows and columns of a tile of dot products.
const SIDE: usize = 3;

/// Writes `bias + a · b`, row-major, over all of `out`.
///
/// Shapes: a `[m, k]`, b `[k, n]`, bias `[n]`, out `m · n` long.
pub(crate) fn product(
    a: &Matrix<'_>,
    b: &Matrix<'_>,
    bias: Option<&[f32]>,
    out: &mut [MaybeUninit<f32>],
) {
    if a.strides[1] == 1 && b.strides[0] == 1 && a.sizes[1] >= COLUMNS {
        dots(a, b, bias, out);
    } else {
        sums_of_rows(a, b, bias, out);
    }
}

/// Where the rows of `a` and the columns of `b` lie one float after the other, as in `x · weightᵀ`: each result is the dot
/// product of two of them, read where they are.
#[cfg_attr(
    all(target_family = "wasm", feature = "relaxed-simd"),
    target_feature(enable = "relaxed-simd")
)]
fn dots(a: &Matrix<'_>, b: &Matrix<'_>, bias: Option<&[f32]>, out: &mut [MaybeUninit<f32>]) {
    let ([_, inner], [_, columns]) = (a.sizes, b.sizes);
    // A few rows of `a` stay in the nearest cache while all of `b` goes by.
    for (block, out) in out.chunks_mut(SIDE * columns).enumerate() {
        let down = out.len() / columns;
        // Past the last row or column the first of the tile is read again and what comes of it is not written.
        let lines: [&[f32]; SIDE] = std::array::from_fn(|r| {
            a.run(
                (block * SIDE + if r < down { r } else { 0 }) * a.strides[0],
                inner,
            )
        });
        for first in (0..columns).step_by(SIDE) {
            let across = (columns - first).min(SIDE);
            let others: [&[f32]; SIDE] = std::array::from_fn(|c| {
                b.run(
                    (first + if c < across { c } else { 0 }) * b.strides[1],
                    inner,
                )
            });
            let totals = dot_tile(lines, others);
            for (r, totals) in totals.iter().enumerate().take(down) {
                for (c, total) in totals.iter().enumerate().take(across) {
                    let column = first + c;
                    out[r * columns + column].write(total + bias.map_or(0.0, |bias| bias[column]));
                }
            }
        }
    }
}

/// The dot products of each line with each other one; all are equally long.
#[cfg_attr(
    all(target_family = "wasm", feature = "relaxed-simd"),
    target_feature(enable = "relaxed-simd")
)]
#[inline]
fn dot_tile(lines: [&[f32]; SIDE], others: [&[f32]; SIDE]) -> [[f32; SIDE]; SIDE] {
    let whole = lines[0].len() / 4;
    // So long and no longer: the compiler then need not check each access.
    let l = lines.map(|l| &l.as_chunks::<4>().0[..whole]);
    let o = others.map(|o| &o.as_chunks::<4>().0[..whole]);
    let mut sums = [[splat(&0.0); SIDE]; SIDE];
    for at in 0..whole {
        let o = [load(&o[0][at]), load(&o[1][at]), load(&o[2][at])];
        for r in 0..SIDE {
            let l = load(&l[r][at]);
            for c in 0..SIDE {
                sums[r][c] = madd(l, o[c], sums[r][c]);
            }
        }
    }
    let mut totals = sums.map(|row| row.map(sum));
    for at in whole * 4..lines[0].len() {
        for (totals, l) in totals.iter_mut().zip(lines) {
            for (total, o) in totals.iter_mut().zip(others) {
                *total += l[at] * o[at];
            }
        }
    }
    totals
}

/// Any strides: each row of the result is a sum of rows of `b`. Both factors are first laid out in the order in which the tiles
/// read them, filled up with zeros to whole tiles.
#[cfg_attr(
    all(target_family = "wasm", feature = "relaxed-simd"),
    target_feature(enable = "relaxed-simd")
)]
fn sums_of_rows(
    a: &Matrix<'_>,
    b: &Matrix<'_>,
    bias: Option<&[f32]>,
    out: &mut [MaybeUninit<f32>],
) {
    let ([rows, inner], [_, columns]) = (a.sizes, b.sizes);
    let laid_out = columns_of(a);
    let mut panel = vec![[splat(&0.0); VECTORS]; inner];
    for first in (0..columns).step_by(COLUMNS) {
        let across = (columns - first).min(COLUMNS);
        for (k, vectors) in panel.iter_mut().enumerate() {
            let at = k * b.strides[0] + first * b.strides[1];
            let mut row = [0.0; COLUMNS];
            if b.strides[1] == 1 && across == COLUMNS {
                row.copy_from_slice(b.run(at, COLUMNS));
            } else {
                for (c, value) in row.iter_mut().enumerate().take(across) {
                    *value = b.elements[at + c * b.strides[1]];
                }
            }
            *vectors = in_vectors(&row);
        }
        let mut start = [0.0; COLUMNS];
        if let Some(bias) = bias {
            start[..across].copy_from_slice(&bias[first..first + across]);
        }
        let start = in_vectors(&start);
        for (block, lines) in laid_out.chunks_exact(inner.max(1)).enumerate() {
            let sums = row_tile(lines, &panel, start);
            for (r, sums) in sums.iter().enumerate().take(rows - block * ROWS) {
                let at = (block * ROWS + r) * columns + first;
                let place = &mut out[at..at + across];
                let (whole, rest) = place.as_chunks_mut::<4>();
                for (four, sum) in whole.iter_mut().zip(sums) {
                    *four = to_array(*sum).map(MaybeUninit::new);
                }
                if !rest.is_empty() {
                    for (place, value) in rest.iter_mut().zip(to_array(sums[whole.len()])) {
                        place.write(value);
                    }
                }
            }
        }
    }
}

/// The elements of `a`, column after column within each block of [`ROWS`] rows.
fn columns_of(a: &Matrix<'_>) -> Vec<[f32; ROWS]> {
    let [rows, inner] = a.sizes;
    let mut laid_out = Vec::with_capacity(rows.div_ceil(ROWS) * inner);
    for first in (0..rows).step_by(ROWS) {
        let down = (rows - first).min(ROWS);
        for k in 0..inner {
            let at = first * a.strides[0] + k * a.strides[1];
            let mut column = [0.0; ROWS];
            if a.strides[0] == 1 && down == ROWS {
                column.copy_from_slice(a.run(at, ROWS));
            } else {
                for (r, value) in column.iter_mut().enumerate().take(down) {
                    *value = a.elements[at + r * a.strides[0]];
                }
            }
            laid_out.push(column);
        }
    }
    laid_out
}

fn in_vectors(row: &[f32; COLUMNS]) -> [Lanes; VECTORS] {
    let (fours, _) = row.as_chunks::<4>();
    std::array::from_fn(|v| load(&fours[v]))
}

/// Sums of the panel's rows, each times a factor, onto `start`.
#[cfg_attr(
    all(target_family = "wasm", feature = "relaxed-simd"),
    target_feature(enable = "relaxed-simd")
)]
#[inline]
fn row_tile(
    lines: &[[f32; ROWS]],
    panel: &[[Lanes; VECTORS]],
    start: [Lanes; VECTORS],
) -> [[Lanes; VECTORS]; ROWS] {
    let mut sums = [start; ROWS];
    for (line, vectors) in lines.iter().zip(panel) {
        for r in 0..ROWS {
            let factor = splat(&line[r]);
            for v in 0..VECTORS {
                sums[r][v] = madd(factor, vectors[v], sums[r][v]);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of both signs without a pattern that a mistake could share.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    /// The sum in float64, term by term.
    fn expected(a: &Matrix<'_>, b: &Matrix<'_>, bias: Option<&[f32]>) -> Vec<f64> {
        let element = |m: &Matrix<'_>, i: usize, j: usize| {
            f64::from(m.elements[i * m.strides[0] + j * m.strides[1]])
        };
        let mut sums = vec![];
        for i in 0..a.sizes[0] {
            for j in 0..b.sizes[1] {
                let start = bias.map_or(0.0, |bias| f64::from(bias[j]));
                sums.push(
                    (0..a.sizes[1]).fold(start, |sum, k| sum + element(a, i, k) * element(b, k, j)),
                );
            }
        }
        sums
    }

    #[test]
    fn every_layout_and_size_gives_the_sums_of_products() {
        let shapes = [
            [1, 1, 1],
            [32, 784, 128],
            [32, 64, 10],
            [10, 32, 64],
            [5, 7, 3],
            [4, 8, 8],
            [3, 33, 17],
            [9, 16, 1],
            [1, 50, 9],
        ];
        for [m, k, n] in shapes {
            let (left, right, bias) = (numbers(m * k, 1), numbers(k * n, 2), numbers(n, 3));
            for turned in 0..8 {
                let strides = |rows: usize, columns: usize, turned: bool| {
                    if turned { [1, rows] } else { [columns, 1] }
                };
                let a = Matrix {
                    elements: &left,
                    sizes: [m, k],
                    strides: strides(m, k, turned & 1 != 0),
                };
                let b = Matrix {
                    elements: &right,
                    sizes: [k, n],
                    strides: strides(k, n, turned & 2 != 0),
                };
                let bias = (turned & 4 != 0).then_some(&bias[..]);
                let mut out: Vec<MaybeUninit<f32>> = vec![MaybeUninit::new(f32::NAN); m * n];
                product(&a, &b, bias, &mut out);
                // A sum of k products of numbers up to 1, in any order: k rounding errors of sums up to k.
                let bound = 1e-6 + 6e-8 * (k as f64).powf(1.5);
                for (at, (found, sum)) in out.iter().zip(expected(&a, &b, bias)).enumerate() {
                    // SAFETY: all elements were NaN before.
                    #[allow(unsafe_code)]
                    let found = f64::from(unsafe { found.assume_init() });
                    assert!(
                        (found - sum).abs() < bound,
                        "{m}x{k}x{n}, {turned}, element {at}: {found} for {sum}"
                    );
                }
            }
        }
    }
}
