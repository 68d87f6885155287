//! Four floats side by side: WebAssembly's vectors, and arrays of four where the tests run natively.

#[cfg(target_family = "wasm")]
pub(super) use wasm::{Lanes, load, madd, splat, sum, to_array};

#[cfg(target_family = "wasm")]
mod wasm {
    use core::arch::wasm32 as simd;

    pub(in super::super) type Lanes = simd::v128;

    /// The float in all four.
    #[inline]
    #[allow(unsafe_code)]
    pub(in super::super) fn splat(value: &f32) -> Lanes {
        // SAFETY: a reference can be read. One instruction, which the compiler does not make of a load and a splat.
        unsafe { simd::v128_load32_splat(std::ptr::from_ref(value).cast()) }
    }

    #[inline]
    #[allow(unsafe_code)]
    pub(in super::super) fn load(four: &[f32; 4]) -> Lanes {
        // SAFETY: a reference can be read, and a vector's load asks for no alignment.
        unsafe { simd::v128_load(std::ptr::from_ref(four).cast()) }
    }

    /// `a · b + c`, rounded once.
    #[cfg(feature = "relaxed-simd")]
    #[inline]
    #[target_feature(enable = "relaxed-simd")]
    pub(in super::super) fn madd(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
        simd::f32x4_relaxed_madd(a, b, c)
    }

    /// `a · b + c`, rounded twice.
    #[cfg(not(feature = "relaxed-simd"))]
    #[inline]
    pub(in super::super) fn madd(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
        simd::f32x4_add(simd::f32x4_mul(a, b), c)
    }

    #[inline]
    pub(in super::super) fn to_array(v: Lanes) -> [f32; 4] {
        [
            simd::f32x4_extract_lane::<0>(v),
            simd::f32x4_extract_lane::<1>(v),
            simd::f32x4_extract_lane::<2>(v),
            simd::f32x4_extract_lane::<3>(v),
        ]
    }

    #[inline]
    pub(in super::super) fn sum(v: Lanes) -> f32 {
        let [a, b, c, d] = to_array(v);
        (a + b) + (c + d)
    }
}

#[cfg(not(target_family = "wasm"))]
pub(super) use arrays::{Lanes, load, madd, splat, sum, to_array};

#[cfg(not(target_family = "wasm"))]
mod arrays {
    pub(in super::super) type Lanes = [f32; 4];

    pub(in super::super) fn splat(value: &f32) -> Lanes {
        [*value; 4]
    }

    pub(in super::super) fn load(four: &[f32; 4]) -> Lanes {
        *four
    }

    pub(in super::super) fn madd(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }

    pub(in super::super) fn to_array(v: Lanes) -> [f32; 4] {
        v
    }

    pub(in super::super) fn sum(v: Lanes) -> f32 {
        (v[0] + v[1]) + (v[2] + v[3])
    }
}
