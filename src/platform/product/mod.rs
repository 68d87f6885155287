//! The product of two matrices of floats in the CPU's memory, by the vector instructions that are there.

// Natively the gemm crate's kernels win: with eight lanes of AVX2 ours took 1.2 to 1.4 times as long (docs/measurements.md).
#[cfg(any(test, target_family = "wasm"))]
mod blocks;
#[cfg(any(test, target_family = "wasm"))]
mod lanes;
#[cfg(not(target_family = "wasm"))]
mod native;

#[cfg(target_family = "wasm")]
pub(crate) use blocks::product as multiply;
#[cfg(not(target_family = "wasm"))]
pub(crate) use native::multiply;

/// A matrix in memory: its first element, its sizes, and the steps from row to row and from column to column.
pub(crate) struct Matrix<'a> {
    pub(crate) elements: &'a [f32],
    pub(crate) sizes: [usize; 2],
    pub(crate) strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// `length` floats one after the other, from place `at` on.
    #[cfg(any(test, target_family = "wasm"))]
    fn run(&self, at: usize, length: usize) -> &'a [f32] {
        &self.elements[at..at + length]
    }
}
