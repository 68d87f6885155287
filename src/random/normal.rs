//! Normal deviates as PyTorch makes them: Box-Muller, in three forms chosen by length and dtype.
//!
//! Under 16 values: in float64, one at a time, with a spare. From 16 on: blocks of 16 uniforms turned in place;
//! float32 with the Cephes single-precision functions of PyTorch's vector code, every multiply-add fused.

use super::mt19937::Mt19937;
use super::{unit_f32, unit_f64};
use std::f64::consts::TAU;

/// Values in a block.
const BLOCK: usize = 16;
const HALF: usize = BLOCK / 2;

/// One deviate in float64. The second of each pair is kept in `spare` for the next call.
pub(super) fn single(mt: &mut Mt19937, spare: &mut Option<f64>) -> f64 {
    if let Some(kept) = spare.take() {
        return kept;
    }
    let angle = TAU * unit_f64(mt.next_u64());
    let radius = (-2.0 * (-unit_f64(mt.next_u64())).ln_1p()).sqrt();
    *spare = Some(radius * angle.sin());
    radius * angle.cos()
}

/// `count` float32 deviates, 16 or more.
pub(super) fn fill_f32(mt: &mut Mt19937, count: usize, mean: f32, std: f32) -> Vec<f32> {
    let mut values = mt.map_u32(count, unit_f32);
    for block in values.chunks_exact_mut(BLOCK) {
        block_f32(block, mean, std);
    }
    if !count.is_multiple_of(BLOCK) {
        // PyTorch draws the last sixteen anew instead of treating a short block.
        let mut last = mt.map_u32(BLOCK, unit_f32);
        block_f32(&mut last, mean, std);
        values.truncate(count - BLOCK);
        values.extend(last);
    }
    values
}

/// `count` float64 deviates, 16 or more.
pub(super) fn fill_f64(mt: &mut Mt19937, count: usize, mean: f64, std: f64) -> Vec<f64> {
    let mut values = mt.map_u64(count, unit_f64);
    for block in values.chunks_exact_mut(BLOCK) {
        block_f64(block, mean, std);
    }
    if !count.is_multiple_of(BLOCK) {
        let mut last = mt.map_u64(BLOCK, unit_f64);
        block_f64(&mut last, mean, std);
        values.truncate(count - BLOCK);
        values.extend(last);
    }
    values
}

/// Turns 16 uniforms into 16 deviates: the first half gives the radii, the second the angles.
fn block_f32(block: &mut [f32], mean: f32, std: f32) {
    let (first, second) = block.split_at_mut(HALF);
    for (a, b) in first.iter_mut().zip(second) {
        let radius = (-2.0 * log(1.0 - *a)).sqrt();
        let (sine, cosine) = sin_cos(std::f32::consts::TAU * *b);
        *a = fused(radius * cosine, std, mean);
        *b = fused(radius * sine, std, mean);
    }
}

fn block_f64(block: &mut [f64], mean: f64, std: f64) {
    let (first, second) = block.split_at_mut(HALF);
    for (a, b) in first.iter_mut().zip(second) {
        let radius = (-2.0 * (1.0 - *a).ln()).sqrt();
        let (sine, cosine) = (TAU * *b).sin_cos();
        *a = radius * cosine * std + mean;
        *b = radius * sine * std + mean;
    }
}

/// `a * b + c` rounded once, without the machine's own fused multiply-add, which wasm lacks.
///
/// The product of two float32 is exact in float64. The sum is rounded to odd (Boldo and Melquiond, 2008), so
/// that rounding it again to float32 gives the correctly rounded result.
pub(super) fn fused(a: f32, b: f32, c: f32) -> f32 {
    let (product, addend) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + addend;
    let shadow = sum - product;
    let lost = (product - (sum - shadow)) + (addend - shadow);
    let bits = sum.to_bits();
    let odd = if lost == 0.0 || bits & 1 == 1 || !sum.is_finite() {
        bits
    } else if (lost > 0.0) == (sum > 0.0) {
        bits + 1
    } else {
        bits - 1
    };
    f64::from_bits(odd) as f32
}

/// Natural logarithm of `x` in (0, 1], by the Cephes polynomial.
#[allow(clippy::excessive_precision)] // The published digits.
fn log(x: f32) -> f32 {
    const COEFFICIENTS: [f32; 9] = [
        7.037_683_629_2e-2,
        -1.151_461_031_0e-1,
        1.167_699_874_0e-1,
        -1.242_014_084_6e-1,
        1.424_932_278_7e-1,
        -1.666_805_766_5e-1,
        2.000_071_476_5e-1,
        -2.499_999_399_3e-1,
        3.333_333_117_4e-1,
    ];
    // x = mantissa * 2^exponent with the mantissa in [0.5, 1).
    let bits = x.to_bits();
    let mut exponent = (bits >> 23) as f32 - 126.0;
    let mantissa = f32::from_bits((bits & 0x007F_FFFF) | 0x3F00_0000);
    let x = if mantissa < std::f32::consts::FRAC_1_SQRT_2 {
        exponent -= 1.0;
        (mantissa - 1.0) + mantissa
    } else {
        mantissa - 1.0
    };
    let square = x * x;
    let [first, rest @ ..] = COEFFICIENTS;
    let y = rest.iter().fold(first, |y, &c| fused(y, x, c));
    let y = fused(exponent, -2.121_944_40e-4, (y * x) * square);
    let y = fused(-0.5, square, y);
    fused(exponent, 0.693_359_375, x + y)
}

/// Sine and cosine of `x >= 0`, by the Cephes polynomials after reduction by multiples of pi/4 in three steps.
#[allow(clippy::excessive_precision)] // The published digits.
fn sin_cos(x: f32) -> (f32, f32) {
    const PI_QUARTER: [f32; 3] = [
        -0.785_156_25,
        -2.418_756_484_985_351_562_5e-4,
        -3.774_894_977_445_941_08e-8,
    ];
    const SINE: [f32; 3] = [-1.951_529_589_1e-4, 8.332_160_873_6e-3, -1.666_665_461_1e-1];
    const COSINE: [f32; 3] = [
        2.443_315_711_809_948e-5,
        -1.388_731_625_493_765e-3,
        4.166_664_568_298_827e-2,
    ];
    let octant = ((x * 1.273_239_544_735_16) as u32 + 1) & !1;
    let x = PI_QUARTER
        .iter()
        .fold(x, |x, &part| fused(octant as f32, part, x));
    let square = x * x;
    let cosine = fused(fused(COSINE[0], square, COSINE[1]), square, COSINE[2]);
    let cosine = fused(cosine * square, square, -(square * 0.5)) + 1.0;
    let sine = fused(fused(SINE[0], square, SINE[1]), square, SINE[2]);
    let sine = fused(sine * square, x, x);
    let (sine, cosine) = if octant & 2 == 0 {
        (sine, cosine)
    } else {
        (cosine, sine)
    };
    let negative_sine = octant & 4 != 0;
    let negative_cosine = octant.wrapping_sub(2) & 4 == 0;
    (
        if negative_sine { -sine } else { sine },
        if negative_cosine { -cosine } else { cosine },
    )
}

#[cfg(test)]
mod tests {
    use super::{Mt19937, fused};

    #[test]
    fn fused_is_the_machine_s_fused_multiply_add() {
        let mut mt = Mt19937::new(1);
        let mut number = move || {
            // All signs, 60 binary orders of magnitude, full mantissas.
            let bits = mt.next_u32();
            let exponent = 97 + mt.next_u32() % 60;
            f32::from_bits((bits & 0x807F_FFFF) | exponent << 23)
        };
        for _ in 0..200_000 {
            let (a, b, c) = (number(), number(), number());
            assert_eq!(fused(a, b, c).to_bits(), a.mul_add(b, c).to_bits());
        }
        // A case that rounding twice gets wrong: the product lies just above the middle of two float32.
        let (a, b, c) = (1.0 + f32::EPSILON, 1.0 + f32::EPSILON, 2f32.powi(-60));
        assert_eq!(fused(a, b, c).to_bits(), a.mul_add(b, c).to_bits());
        assert_eq!(fused(f32::INFINITY, 1.0, 1.0), f32::INFINITY);
    }
}
