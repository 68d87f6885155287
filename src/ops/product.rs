//! The product of two float matrices: Burn's kernel, or our own where the device is a GPU that software plays.

use crate::device::Device;
use crate::tensor::kernels::Primitive;
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;

/// `a · b` of matrices in whatever strides. Burn's kernels keep tiles in memory that the units of a workgroup share, and
/// wait for each other at barriers, which pays on a GPU; a software adapter has neither the memory nor the width and loses
/// nine tenths of its time with them (docs/measurements.md).
#[cfg_attr(not(feature = "gpu"), allow(unused_variables))]
pub(super) fn float_product(a: Primitive, b: Primitive, device: Device) -> Primitive {
    #[cfg(feature = "gpu")]
    if device.is_software() {
        return tiles::product(a, b);
    }
    Dispatch::float_matmul(a, b)
}

#[cfg(feature = "gpu")]
mod tiles {
    //! Each unit makes a tile of four by four results in registers, alone.

    // What the macro writes.
    #![allow(missing_docs)]

    use crate::tensor::kernels::Primitive;
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::{BackendTensor, Dispatch, DispatchTensorKind};
    use burn_cubecl::cubecl::{self, prelude::*};
    use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
    use burn_cubecl::tensor::CubeTensor;

    /// Rows and columns of a tile.
    const SIDE: usize = 4;
    /// Units of a workgroup: few, so that the small products of a batch keep every core busy.
    const UNITS: u32 = 32;

    pub(super) fn product(a: Primitive, b: Primitive) -> Primitive {
        let autodiff = a.autodiff;
        match (a.kind, b.kind) {
            (
                DispatchTensorKind::Cube(BackendTensor::Float(a)),
                DispatchTensorKind::Cube(BackendTensor::Float(b)),
            ) if a.dtype == burn::tensor::DType::F32 => Primitive {
                kind: DispatchTensorKind::Cube(BackendTensor::Float(launch(a, b))),
                autodiff,
            },
            (a, b) => Dispatch::float_matmul(
                Primitive { kind: a, autodiff },
                Primitive { kind: b, autodiff },
            ),
        }
    }

    #[allow(unsafe_code)]
    fn launch(a: CubeTensor, b: CubeTensor) -> CubeTensor {
        let (rows, columns) = (a.meta.shape()[0], b.meta.shape()[1]);
        let out = empty_device_contiguous_dtype(
            a.client.clone(),
            a.device.clone(),
            burn::tensor::Shape::from(vec![rows, columns]),
            a.dtype,
        );
        let tiles = rows.div_ceil(SIDE) * columns.div_ceil(SIDE);
        let groups = tiles.div_ceil(UNITS as usize) as u32;
        // A dimension of the grid holds 65,535 workgroups.
        let across = groups.clamp(1, 65_535);
        let count = CubeCount::Static(across, groups.div_ceil(across), 1);
        let client = out.client.clone();
        // SAFETY: the kernel reads rows and columns below the shapes it is given and writes below those of `out`.
        unsafe {
            tiles_kernel::launch_unchecked(
                &client,
                count,
                CubeDim::new_1d(UNITS),
                a.into_tensor_arg(),
                b.into_tensor_arg(),
                out.clone().into_tensor_arg(),
            );
        }
        out
    }

    /// A tile that reaches over the edge reads the last row or column again, and writes what is inside.
    #[cube(launch_unchecked)]
    fn tiles_kernel(a: &Tensor<f32>, b: &Tensor<f32>, out: &mut Tensor<f32>) {
        let rows = out.shape(0);
        let columns = out.shape(1);
        let across = columns.div_ceil(4);
        if ABSOLUTE_POS >= across * rows.div_ceil(4) {
            terminate!();
        }
        let row = ABSOLUTE_POS / across * 4;
        let column = ABSOLUTE_POS % across * 4;

        let row_1 = select(row + 1 < rows, row + 1, row);
        let row_2 = select(row + 2 < rows, row + 2, row);
        let row_3 = select(row + 3 < rows, row + 3, row);
        let column_1 = select(column + 1 < columns, column + 1, column);
        let column_2 = select(column + 2 < columns, column + 2, column);
        let column_3 = select(column + 3 < columns, column + 3, column);

        let down = a.stride(0);
        let at_0 = row * down;
        let at_1 = row_1 * down;
        let at_2 = row_2 * down;
        let at_3 = row_3 * down;
        let along = b.stride(1);
        let to_0 = column * along;
        let to_1 = column_1 * along;
        let to_2 = column_2 * along;
        let to_3 = column_3 * along;

        let mut sum_00 = 0.0f32;
        let mut sum_01 = 0.0f32;
        let mut sum_02 = 0.0f32;
        let mut sum_03 = 0.0f32;
        let mut sum_10 = 0.0f32;
        let mut sum_11 = 0.0f32;
        let mut sum_12 = 0.0f32;
        let mut sum_13 = 0.0f32;
        let mut sum_20 = 0.0f32;
        let mut sum_21 = 0.0f32;
        let mut sum_22 = 0.0f32;
        let mut sum_23 = 0.0f32;
        let mut sum_30 = 0.0f32;
        let mut sum_31 = 0.0f32;
        let mut sum_32 = 0.0f32;
        let mut sum_33 = 0.0f32;
        for inner in 0..a.shape(1) {
            let in_a = inner * a.stride(1);
            let in_b = inner * b.stride(0);
            let a_0 = a[at_0 + in_a];
            let a_1 = a[at_1 + in_a];
            let a_2 = a[at_2 + in_a];
            let a_3 = a[at_3 + in_a];
            let b_0 = b[to_0 + in_b];
            let b_1 = b[to_1 + in_b];
            let b_2 = b[to_2 + in_b];
            let b_3 = b[to_3 + in_b];
            sum_00 += a_0 * b_0;
            sum_01 += a_0 * b_1;
            sum_02 += a_0 * b_2;
            sum_03 += a_0 * b_3;
            sum_10 += a_1 * b_0;
            sum_11 += a_1 * b_1;
            sum_12 += a_1 * b_2;
            sum_13 += a_1 * b_3;
            sum_20 += a_2 * b_0;
            sum_21 += a_2 * b_1;
            sum_22 += a_2 * b_2;
            sum_23 += a_2 * b_3;
            sum_30 += a_3 * b_0;
            sum_31 += a_3 * b_1;
            sum_32 += a_3 * b_2;
            sum_33 += a_3 * b_3;
        }
        write_row(out, row, column, sum_00, sum_01, sum_02, sum_03);
        write_row(out, row + 1, column, sum_10, sum_11, sum_12, sum_13);
        write_row(out, row + 2, column, sum_20, sum_21, sum_22, sum_23);
        write_row(out, row + 3, column, sum_30, sum_31, sum_32, sum_33);
    }

    #[cube]
    fn write_row(
        out: &mut Tensor<f32>,
        row: usize,
        column: usize,
        first: f32,
        second: f32,
        third: f32,
        fourth: f32,
    ) {
        if row < out.shape(0) {
            let columns = out.shape(1);
            let at = row * columns + column;
            out[at] = first;
            if column + 1 < columns {
                out[at + 1] = second;
            }
            if column + 2 < columns {
                out[at + 2] = third;
            }
            if column + 3 < columns {
                out[at + 3] = fourth;
            }
        }
    }
}
