//! Hashes as CPython finds them: numbers modulo 2⁶¹ − 1 whatever their type, tuples mixed item by item.

use std::hash::{DefaultHasher, Hasher};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::ToPrimitive;

use crate::value::Value;

/// The prime that hashes of numbers are reduced by.
const MODULUS: u64 = (1 << 61) - 1;

/// The bits of a reduced hash.
const BITS: u32 = 61;

/// A hash as a script sees it: −1 means an error inside CPython and is never a hash.
fn signed(magnitude: u64, negative: bool) -> u64 {
    let hash = if negative {
        magnitude.wrapping_neg()
    } else {
        magnitude
    };
    if hash == u64::MAX { u64::MAX - 1 } else { hash }
}

/// The hash of an `int`.
#[must_use]
pub fn of_int(value: i64) -> u64 {
    signed(value.unsigned_abs() % MODULUS, value < 0)
}

/// The hash of an `int` of any size.
#[must_use]
pub fn of_big(value: &BigInt) -> u64 {
    let rest = value.magnitude().mod_floor(&MODULUS.into());
    signed(rest.to_u64().unwrap_or(0), value.sign() == Sign::Minus)
}

/// The hash of a `float`: that of the fraction it is, so that equal numbers of different types hash alike.
#[must_use]
pub fn of_float(value: f64) -> u64 {
    if value.is_nan() {
        // No NaN equals another: CPython hashes the object, we the bits.
        return value.to_bits() >> 4;
    }
    if value.is_infinite() {
        return signed(314_159, value < 0.0);
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, power) = if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | (1 << 52), exponent as i64 - 1075)
    };
    // 2⁶¹ is 1 modulo the prime, so multiplying by a power of two turns the 61 bits around.
    let turn = power.rem_euclid(i64::from(BITS)) as u32;
    let turned = if turn == 0 {
        mantissa
    } else {
        ((mantissa << turn) & MODULUS) | (mantissa >> (BITS - turn))
    };
    signed(turned % MODULUS, value < 0.0)
}

/// The hash of an object that equals only itself.
#[must_use]
pub fn of_identity(value: &Value) -> u64 {
    let address = value.identity() as u64;
    signed(address.rotate_right(4), false)
}

/// The hash of bytes.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    signed(hasher.finish(), false)
}

/// The hash of what is neither a container nor an instance.
#[must_use]
pub fn of_scalar(value: &Value) -> u64 {
    match value {
        Value::Bool(value) => u64::from(*value),
        Value::Int(value) => of_int(*value),
        Value::Big(value) => of_big(value),
        Value::Float(value) => of_float(*value),
        Value::Str(text) => text.hash(),
        Value::Bytes(bytes) => of_bytes(bytes),
        // Equal where function and receiver are the same.
        Value::Bound(bound) => of_identity(&bound.function) ^ of_identity(&bound.receiver),
        other => of_identity(other),
    }
}

/// The hash of a tuple whose items have these hashes (the mixing step of xxHash, as CPython uses it).
#[must_use]
pub fn of_tuple(hashes: &[u64]) -> u64 {
    const FIRST: u64 = 11_400_714_785_074_694_791;
    const SECOND: u64 = 14_029_467_366_897_019_727;
    const FIFTH: u64 = 2_870_177_450_012_600_261;
    let mixed = hashes.iter().fold(FIFTH, |mixed, hash| {
        mixed
            .wrapping_add(hash.wrapping_mul(SECOND))
            .rotate_left(31)
            .wrapping_mul(FIRST)
    });
    let end = mixed.wrapping_add(hashes.len() as u64 ^ (FIFTH ^ 3_527_539));
    if end == u64::MAX { 1_546_275_796 } else { end }
}

/// The hash of a frozenset whose items have these hashes, in whatever order.
#[must_use]
pub fn of_set(hashes: impl Iterator<Item = u64>) -> u64 {
    let (mut mixed, mut count) = (0_u64, 0_u64);
    for hash in hashes {
        mixed ^= ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
        count += 1;
    }
    mixed ^= (count + 1).wrapping_mul(1_927_868_237);
    mixed ^= (mixed >> 11) ^ (mixed >> 25);
    let end = mixed.wrapping_mul(69_069).wrapping_add(907_133_923);
    if end == u64::MAX { 590_923_713 } else { end }
}

/// A hash as the `int` that `hash()` gives.
#[must_use]
pub fn as_value(hash: u64) -> Value {
    Value::Int(hash.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_hash_as_in_cpython() {
        assert_eq!(of_int(-1), (-2_i64).cast_unsigned());
        assert_eq!(of_int((1 << 61) - 1), 0);
        assert_eq!(of_float(0.5), 1_152_921_504_606_846_976);
        assert_eq!(of_float(-3.0), of_int(-3));
        assert_eq!(of_float(1e300).cast_signed(), 1_224_995_262_755_759_164);
        assert_eq!(of_float(0.1).cast_signed(), 230_584_300_921_369_408);
        assert_eq!(of_float(f64::NEG_INFINITY).cast_signed(), -314_159);
        let big = BigInt::from(10).pow(30);
        assert_eq!(of_big(&big).cast_signed(), 465_258_685_558_744_706);
    }

    #[test]
    fn containers_hash_as_in_cpython() {
        let three = [of_int(1), of_int(2), of_int(3)];
        assert_eq!(of_tuple(&[]).cast_signed(), 5_740_354_900_026_072_187);
        assert_eq!(of_tuple(&three).cast_signed(), 529_344_067_295_497_451);
        assert_eq!(
            of_set(three.into_iter()).cast_signed(),
            -272_375_401_224_217_160
        );
    }
}
